"""Candidates by terms: a row a term with its newest entries, and a sketch of every signature."""

from datetime import UTC, datetime
from textwrap import dedent

from alembic import op

from watcher.model import Entry
from watcher.storage.sketches import add_sketches
from watcher.storage.tokens import add_postings
from watcher.stories.computed import sketch
from watcher.stories.signature import Signature, sign

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Entries that are read at a time: a million need not be in memory at once.
BATCH = 500

STATEMENTS = (
    "DROP TABLE posting",
    "DROP TABLE token_count",
    "DELETE FROM meta WHERE key = 'prune_cursor'",
    """
    CREATE TABLE posting (
        term INTEGER NOT NULL,
        newest BLOB NOT NULL,
        PRIMARY KEY (term)
    ) STRICT
    """,
    """
    CREATE TABLE sketch (
        entry INTEGER NOT NULL,
        title TEXT NOT NULL,
        headline TEXT NOT NULL,
        headline_norm REAL NOT NULL,
        text TEXT NOT NULL,
        text_norm REAL NOT NULL,
        PRIMARY KEY (entry)
    ) STRICT
    """,
)


def upgrade() -> None:
    """Make the tables, and fill them for the entries that could be candidates before."""
    first = op.get_bind().exec_driver_sql("SELECT min(entry) FROM posting").scalar()
    for statement in STATEMENTS:
        op.execute(dedent(statement).strip())
    if first is not None:
        _fill(first)


def _fill(first: int) -> None:
    connection = op.get_bind()
    while True:
        rows = connection.exec_driver_sql(
            "SELECT id, title, summary, outlet FROM entry WHERE id >= ? ORDER BY id LIMIT ?",
            (first, BATCH),
        ).all()
        if not rows:
            return
        signed = {number: _sign(*words) for number, *words in rows}
        add_postings(connection, {number: one.headline.terms for number, one in signed.items()})
        add_sketches(connection, {number: sketch(one) for number, one in signed.items()})
        first = rows[-1][0] + 1


def _sign(title: str, summary: str, outlet: str) -> Signature:
    seen = datetime(1970, 1, 1, tzinfo=UTC)  # of no matter to a sketch
    return sign(Entry("", title, seen, summary, outlet=outlet), None)
