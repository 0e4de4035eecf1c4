"""Deliveries of two kinds: a message, and the edits that keep it up to date."""

from textwrap import dedent

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: SQLite cannot change a constraint: the table is made anew, its numbers go on where they were.
STATEMENTS = (
    """
    CREATE TABLE delivery_new (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        alert INTEGER NOT NULL,
        channel TEXT NOT NULL,
        "key" TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER DEFAULT 0 NOT NULL,
        created INTEGER NOT NULL,
        due INTEGER NOT NULL,
        lease_until INTEGER,
        maybe_sent INTEGER DEFAULT 0 NOT NULL,
        message_id TEXT,
        hold TEXT,
        bundle TEXT,
        last_error TEXT,
        sent_at INTEGER,
        kind TEXT DEFAULT 'message' NOT NULL,
        CONSTRAINT uq_delivery_alert_channel_kind UNIQUE (alert, channel, kind),
        FOREIGN KEY(alert) REFERENCES alert (id) ON DELETE CASCADE,
        CONSTRAINT uq_delivery_key UNIQUE ("key")
    ) STRICT
    """,
    """
    INSERT INTO delivery_new (
        id, alert, channel, "key", state, attempts, created, due, lease_until, maybe_sent,
        message_id, hold, bundle, last_error, sent_at
    ) SELECT
        id, alert, channel, "key", state, attempts, created, due, lease_until, maybe_sent,
        message_id, hold, bundle, last_error, sent_at
    FROM delivery
    """,
    """
    INSERT INTO sqlite_sequence (name, seq)
    SELECT 'delivery_new', seq FROM sqlite_sequence
    WHERE name = 'delivery'
    AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'delivery_new')
    """,
    "DROP TABLE delivery",
    "ALTER TABLE delivery_new RENAME TO delivery",
    "CREATE INDEX ix_delivery_channel_sent_at ON delivery (channel, sent_at)",
    "CREATE INDEX ix_delivery_state_due ON delivery (state, due)",
)


def upgrade() -> None:
    """Make the table anew with a kind; all that is there are messages."""
    for statement in STATEMENTS:
        op.execute(dedent(statement).strip())
