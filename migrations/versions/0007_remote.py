"""The remote control: who muted what, feedback from chats, and what bots have to remember."""

from textwrap import dedent

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE mute ADD COLUMN made_by TEXT",
    """
    CREATE TABLE feedback (
        id INTEGER NOT NULL,
        alert INTEGER NOT NULL,
        topic TEXT NOT NULL,
        story INTEGER NOT NULL,
        kind TEXT NOT NULL,
        channel TEXT NOT NULL,
        person INTEGER NOT NULL,
        name TEXT NOT NULL,
        made INTEGER NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (alert, kind, person)
    ) STRICT
    """,
    "CREATE INDEX ix_feedback_topic_made ON feedback (topic, made)",
    """
    CREATE TABLE bot (
        "key" TEXT NOT NULL,
        next_update INTEGER,
        rest_until INTEGER,
        PRIMARY KEY ("key")
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE moved_chat (
        chat TEXT NOT NULL,
        moved_to TEXT NOT NULL,
        moved INTEGER NOT NULL,
        PRIMARY KEY (chat)
    ) STRICT, WITHOUT ROWID
    """,
)


def upgrade() -> None:
    """Make the tables; what was muted before was muted by nobody we know."""
    for statement in STATEMENTS:
        op.execute(dedent(statement).strip())
