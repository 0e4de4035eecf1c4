"""One entry, one story: a key for each page, entries met again, and corrections by users."""

from textwrap import dedent

from alembic import op

from watcher.feeds.urls import canonical_url
from watcher.storage.tokens import stable_hash

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Entries that get their key at a time.
BATCH = 5_000

STATEMENTS = (
    """
    ALTER TABLE story ADD COLUMN merged_into INTEGER REFERENCES story (id) ON DELETE CASCADE
    """,
    """
    CREATE INDEX ix_story_merged_into ON story (merged_into) WHERE merged_into IS NOT NULL
    """,
    """
    ALTER TABLE entry ADD COLUMN url_key INTEGER
    """,
    """
    DROP INDEX ix_entry_url
    """,
    """
    CREATE TABLE sighting (
        feed INTEGER NOT NULL,
        guid TEXT NOT NULL,
        entry INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        PRIMARY KEY (feed, guid),
        FOREIGN KEY(feed) REFERENCES feed (id),
        FOREIGN KEY(entry) REFERENCES entry (id) ON DELETE CASCADE
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE INDEX ix_sighting_entry ON sighting (entry)
    """,
    """
    CREATE TABLE wording (
        entry INTEGER NOT NULL,
        text_key INTEGER NOT NULL,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        until INTEGER NOT NULL,
        PRIMARY KEY (entry, text_key),
        FOREIGN KEY(entry) REFERENCES entry (id) ON DELETE CASCADE
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE shared_ring (
        story INTEGER NOT NULL,
        alert INTEGER NOT NULL,
        PRIMARY KEY (story, alert),
        FOREIGN KEY(story) REFERENCES story (id) ON DELETE CASCADE,
        FOREIGN KEY(alert) REFERENCES alert (id) ON DELETE CASCADE
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE INDEX ix_shared_ring_alert ON shared_ring (alert)
    """,
    """
    CREATE TABLE correction (
        a INTEGER NOT NULL,
        b INTEGER NOT NULL,
        label TEXT NOT NULL,
        made INTEGER NOT NULL,
        PRIMARY KEY (a, b)
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE corrected (
        entry INTEGER NOT NULL,
        item TEXT NOT NULL,
        PRIMARY KEY (entry)
    ) STRICT
    """,
)


def upgrade() -> None:
    """Add what corrections and sightings need, and give every stored entry its key."""
    for statement in STATEMENTS:
        op.execute(dedent(statement).strip())
    _fill_keys()
    op.execute("CREATE INDEX ix_entry_url_key ON entry (url_key) WHERE url_key IS NOT NULL")


def _fill_keys() -> None:
    """Write the keys batch by batch: a million entries need not be in memory at once."""
    connection = op.get_bind()
    last = 0
    while True:
        rows = connection.exec_driver_sql(
            "SELECT id, url FROM entry WHERE id > ? ORDER BY id LIMIT ?", (last, BATCH)
        ).all()
        if not rows:
            return
        keys = [(stable_hash(canonical_url(url)), number) for number, url in rows if url]
        if keys:
            connection.exec_driver_sql("UPDATE entry SET url_key = ? WHERE id = ?", keys)
        last = rows[-1][0]
