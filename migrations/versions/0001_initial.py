"""The first schema.

Plain SQL, frozen: what a release has shipped is never edited, the next revision changes it.
"""

from textwrap import dedent

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE feed (
        id INTEGER NOT NULL,
        url TEXT NOT NULL,
        name TEXT,
        language TEXT,
        active INTEGER NOT NULL,
        added INTEGER NOT NULL,
        next_due INTEGER,
        last_success INTEGER,
        failures INTEGER DEFAULT 0 NOT NULL,
        last_error TEXT,
        state TEXT,
        PRIMARY KEY (id),
        CONSTRAINT uq_feed_url UNIQUE (url)
    ) STRICT
    """,
    """
    CREATE TABLE story (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        opened INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        entries INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE INDEX ix_story_last_seen ON story (last_seen)
    """,
    """
    CREATE TABLE forgotten (
        feed INTEGER NOT NULL,
        guid_hash INTEGER NOT NULL,
        PRIMARY KEY (feed, guid_hash)
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE posting (
        token INTEGER NOT NULL,
        entry INTEGER NOT NULL,
        PRIMARY KEY (token, entry)
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE token_count (
        token INTEGER NOT NULL,
        entries INTEGER NOT NULL,
        PRIMARY KEY (token)
    ) STRICT
    """,
    """
    CREATE TABLE mute (
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        until INTEGER NOT NULL,
        created INTEGER NOT NULL,
        PRIMARY KEY (kind, subject)
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE topic_seen (
        topic TEXT NOT NULL,
        digest TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (topic)
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE notice (
        "key" TEXT NOT NULL,
        told INTEGER NOT NULL,
        PRIMARY KEY ("key")
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE meta (
        "key" TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY ("key")
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE entry (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        feed INTEGER NOT NULL,
        guid TEXT NOT NULL,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        author TEXT NOT NULL,
        url TEXT NOT NULL,
        outlet TEXT NOT NULL,
        declared_language TEXT,
        language TEXT,
        published INTEGER,
        seen INTEGER NOT NULL,
        story INTEGER NOT NULL,
        relation TEXT NOT NULL,
        copy_of INTEGER,
        score REAL NOT NULL,
        reason TEXT NOT NULL,
        mentions TEXT,
        CONSTRAINT uq_entry_feed_guid UNIQUE (feed, guid),
        FOREIGN KEY(feed) REFERENCES feed (id),
        FOREIGN KEY(story) REFERENCES story (id),
        FOREIGN KEY(copy_of) REFERENCES entry (id) ON DELETE SET NULL
    ) STRICT
    """,
    """
    CREATE INDEX ix_entry_seen ON entry (seen)
    """,
    """
    CREATE INDEX ix_entry_story ON entry (story)
    """,
    """
    CREATE INDEX ix_entry_copy_of ON entry (copy_of) WHERE copy_of IS NOT NULL
    """,
    """
    CREATE INDEX ix_entry_url ON entry (url)
    """,
    """
    CREATE TABLE "match" (
        topic TEXT NOT NULL,
        entry INTEGER NOT NULL,
        evidence TEXT NOT NULL,
        sentence TEXT NOT NULL,
        PRIMARY KEY (topic, entry),
        FOREIGN KEY(entry) REFERENCES entry (id) ON DELETE CASCADE
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE INDEX ix_match_entry ON "match" (entry)
    """,
    """
    CREATE TABLE alert (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        topic TEXT NOT NULL,
        story INTEGER NOT NULL,
        action TEXT NOT NULL,
        priority TEXT NOT NULL,
        created INTEGER NOT NULL,
        due INTEGER NOT NULL,
        lead INTEGER NOT NULL,
        FOREIGN KEY(story) REFERENCES story (id),
        FOREIGN KEY(lead) REFERENCES entry (id)
    ) STRICT
    """,
    """
    CREATE INDEX ix_alert_story_topic ON alert (story, topic)
    """,
    """
    CREATE INDEX ix_alert_lead ON alert (lead)
    """,
    """
    CREATE INDEX ix_alert_created ON alert (created)
    """,
    """
    CREATE TABLE alert_entry (
        alert INTEGER NOT NULL,
        entry INTEGER NOT NULL,
        PRIMARY KEY (alert, entry),
        FOREIGN KEY(alert) REFERENCES alert (id) ON DELETE CASCADE,
        FOREIGN KEY(entry) REFERENCES entry (id)
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE INDEX ix_alert_entry_entry ON alert_entry (entry)
    """,
    """
    CREATE TABLE decision (
        entry INTEGER NOT NULL,
        topic TEXT NOT NULL,
        action TEXT NOT NULL,
        reason TEXT NOT NULL,
        alert INTEGER,
        time INTEGER NOT NULL,
        PRIMARY KEY (entry, topic),
        FOREIGN KEY(entry) REFERENCES entry (id) ON DELETE CASCADE,
        FOREIGN KEY(alert) REFERENCES alert (id) ON DELETE SET NULL
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE INDEX ix_decision_alert ON decision (alert) WHERE alert IS NOT NULL
    """,
    """
    CREATE TABLE delivery (
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
        CONSTRAINT uq_delivery_alert_channel UNIQUE (alert, channel),
        FOREIGN KEY(alert) REFERENCES alert (id) ON DELETE CASCADE,
        CONSTRAINT uq_delivery_key UNIQUE ("key")
    ) STRICT
    """,
    """
    CREATE INDEX ix_delivery_channel_sent_at ON delivery (channel, sent_at)
    """,
    """
    CREATE INDEX ix_delivery_state_due ON delivery (state, due)
    """,
    """
    CREATE TABLE attempt (
        id INTEGER NOT NULL,
        delivery INTEGER NOT NULL,
        started INTEGER NOT NULL,
        ended INTEGER,
        outcome TEXT,
        error TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY(delivery) REFERENCES delivery (id) ON DELETE CASCADE
    ) STRICT
    """,
    """
    CREATE INDEX ix_attempt_delivery ON attempt (delivery)
    """,
)


def upgrade() -> None:
    """Create every table."""
    for statement in STATEMENTS:
        op.execute(dedent(statement).strip())
