"""Where an optional encoder sees the headlines of the window."""

from textwrap import dedent

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE vector (
        entry INTEGER NOT NULL,
        codes BLOB NOT NULL,
        PRIMARY KEY (entry),
        FOREIGN KEY(entry) REFERENCES entry (id) ON DELETE CASCADE
    ) STRICT
    """,
)


def upgrade() -> None:
    """Make the table; it stays empty unless an encoder is configured."""
    for statement in STATEMENTS:
        op.execute(dedent(statement))
