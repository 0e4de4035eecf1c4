"""The tables, in the words of the domain.

`migrations/` says the same in plain SQL; a test holds the two equal. Every table is STRICT, so
that a wrong type fails where it is written. Entries, stories and alerts never reuse a number.
"""

from sqlalchemy import (
    REAL,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from watcher.storage.types import Flag, Json, Moment, Number, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

feed = Table(
    "feed",
    metadata,
    Column("id", Number, primary_key=True),
    Column("url", Words, nullable=False, unique=True),
    Column("name", Words),
    Column("language", Text),
    Column("active", Flag, nullable=False),
    Column("added", Moment, nullable=False),
    Column("next_due", Moment),
    Column("last_success", Moment),
    Column("failures", Number, nullable=False, server_default=text("0")),
    Column("last_error", Words),
    Column("state", Json),  # all of the poll state: it grows without a migration
    sqlite_strict=True,
)

story = Table(
    "story",
    metadata,
    Column("id", Number, primary_key=True),
    Column("opened", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("entries", Number, nullable=False),
    # Where its entries are since a correction; its own number is found for ever.
    Column("merged_into", Number, ForeignKey("story.id", ondelete="CASCADE")),
    # The story that its event comes after; an alert, its preview.
    Column("follows", Number, ForeignKey("story.id", ondelete="SET NULL")),
    Index(None, "last_seen"),
    Index(None, "merged_into", sqlite_where=text("merged_into IS NOT NULL")),
    Index(None, "follows", sqlite_where=text("follows IS NOT NULL")),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

entry = Table(
    "entry",
    metadata,
    Column("id", Number, primary_key=True),
    Column("feed", Number, ForeignKey("feed.id"), nullable=False),
    Column("guid", Words, nullable=False),  # what the feed calls it
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("author", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("outlet", Words, nullable=False),
    Column("declared_language", Words),
    Column("language", Text),  # the one that word lists were chosen by
    Column("published", Moment),
    Column("seen", Moment, nullable=False),
    Column("story", Number, ForeignKey("story.id"), nullable=False),
    Column("relation", Text, nullable=False),
    Column("copy_of", Number, ForeignKey("entry.id", ondelete="SET NULL")),
    Column("score", REAL, nullable=False),
    Column("reason", Words, nullable=False),
    Column("mentions", Json),  # every list found, also of topics that did not match
    Column("url_key", Number),  # hash of the canonical URL: one page, one key
    UniqueConstraint("feed", "guid"),
    Index(None, "story"),  # ends in the entry's number: founder and newest members are its ends
    Index(None, "url_key", sqlite_where=text("url_key IS NOT NULL")),
    Index(None, "seen"),
    Index(None, "copy_of", sqlite_where=text("copy_of IS NOT NULL")),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

sighting = Table(
    "sighting",  # an entry met again: in another feed, or under another id
    metadata,
    Column("feed", Number, ForeignKey("feed.id"), nullable=False),
    Column("guid", Words, nullable=False),
    Column("entry", Number, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False),
    Column("seen", Moment, nullable=False),
    PrimaryKeyConstraint("feed", "guid"),
    Index(None, "entry"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

wording = Table(
    "wording",  # how an edited entry read before; the present words stand in the entry
    metadata,
    Column("entry", Number, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False),
    Column("text_key", Number, nullable=False),
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("until", Moment, nullable=False),
    PrimaryKeyConstraint("entry", "text_key"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

forgotten = Table(
    "forgotten",  # entries that retention deleted while their feed may still list them as news
    metadata,
    Column("feed", Number, nullable=False),
    Column("guid_hash", Number, nullable=False),  # with its words; earlier releases': of it alone
    PrimaryKeyConstraint("feed", "guid_hash"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

posting = Table(
    "posting",
    metadata,
    Column("term", Number, primary_key=True, autoincrement=False),
    Column("newest", LargeBinary, nullable=False),  # numbers of entries, pruned with the window
    sqlite_strict=True,
)

sketch = Table(
    "sketch",  # of a signature, what every comparison asks for; kept as long as the postings
    metadata,
    Column("entry", Number, primary_key=True, autoincrement=False),  # no foreign key: pruned apart
    Column("title", Words, nullable=False),
    Column("headline", Words, nullable=False),
    Column("headline_norm", REAL, nullable=False),
    Column("text", Words, nullable=False),
    Column("text_norm", REAL, nullable=False),
    sqlite_strict=True,
)

template = Table(
    "template",  # when an outlet has used a title but for its figures and names
    metadata,
    Column("day", Number, nullable=False),  # first, so that old days leave in one piece
    Column("mask", Number, nullable=False),  # of outlet and mask
    Column("times", Number, nullable=False),  # of day, in the title
    PrimaryKeyConstraint("day", "mask", "times"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

vector = Table(
    "vector",  # of those entries that an encoder was asked about, while the window lasts
    metadata,
    Column(
        "entry",
        Number,
        ForeignKey("entry.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("codes", LargeBinary, nullable=False),
    sqlite_strict=True,
)

match = Table(
    "match",
    metadata,
    Column("topic", Text, nullable=False),
    Column("entry", Number, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False),
    Column("evidence", Json, nullable=False),
    Column("sentence", Json, nullable=False),  # [field, start, end]
    PrimaryKeyConstraint("topic", "entry"),
    Index(None, "entry"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

alert = Table(
    "alert",  # one ring: a new message or a reply in its thread
    metadata,
    Column("id", Number, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("story", Number, ForeignKey("story.id"), nullable=False),
    Column("action", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("lead", Number, ForeignKey("entry.id"), nullable=False),
    Index(None, "story", "topic"),
    Index(None, "created"),
    Index(None, "lead"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

alert_entry = Table(
    "alert_entry",
    metadata,
    Column("alert", Number, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("entry", Number, ForeignKey("entry.id"), nullable=False),
    PrimaryKeyConstraint("alert", "entry"),
    Index(None, "entry"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

shared_ring = Table(
    "shared_ring",  # a ring also told of the entries that a correction moved to this story
    metadata,
    Column("story", Number, ForeignKey("story.id", ondelete="CASCADE"), nullable=False),
    Column("alert", Number, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("story", "alert"),
    Index(None, "alert"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

decision = Table(
    "decision",  # for every alert made or not made
    metadata,
    Column("entry", Number, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False),
    Column("topic", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("alert", Number, ForeignKey("alert.id", ondelete="SET NULL")),
    Column("time", Moment, nullable=False),
    Column("news", Json),  # what the entry adds to its story: [[kind, detail], ...]
    PrimaryKeyConstraint("entry", "topic"),
    Index(None, "alert", sqlite_where=text("alert IS NOT NULL")),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Number, primary_key=True),
    Column("alert", Number, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),  # stable: Message-ID, idempotency
    Column("state", Text, nullable=False),
    Column("attempts", Number, nullable=False, server_default=text("0")),
    Column("created", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("maybe_sent", Flag, nullable=False, server_default=text("0")),
    Column("message_id", Text),
    Column("hold", Text),
    Column("bundle", Text),
    Column("last_error", Words),
    Column("sent_at", Moment),
    Column("kind", Text, nullable=False, server_default=text("'message'")),  # or edit, of it
    UniqueConstraint("alert", "channel", "kind"),
    Index(None, "state", "due"),
    Index(None, "channel", "sent_at"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Number, primary_key=True),
    Column("delivery", Number, ForeignKey("delivery.id", ondelete="CASCADE"), nullable=False),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Column("outcome", Text),
    Column("error", Words),
    Index(None, "delivery"),
    sqlite_strict=True,
)

mute = Table(
    "mute",
    metadata,
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("until", Moment, nullable=False),
    Column("created", Moment, nullable=False),
    Column("made_by", Words),  # a person's name, "the command line"
    PrimaryKeyConstraint("kind", "subject"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

feedback = Table(
    "feedback",  # what people said of alerts by a button; outlives them
    metadata,
    Column("id", Number, primary_key=True),
    Column("alert", Number, nullable=False),
    Column("topic", Text, nullable=False),
    Column("story", Number, nullable=False),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("person", Number, nullable=False),  # the service's number of them
    Column("name", Words, nullable=False),
    Column("made", Moment, nullable=False),
    UniqueConstraint("alert", "kind", "person"),
    Index(None, "topic", "made"),
    sqlite_strict=True,
)

bot = Table(
    "bot",
    metadata,
    Column("key", Text, primary_key=True),  # a sender's limit key: a digest of its token
    Column("next_update", Number),  # what was taken in before it is never asked for again
    Column("rest_until", Moment),  # the service asked the whole bot to wait
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

moved_chat = Table(
    "moved_chat",  # a group that became a supergroup has another number
    metadata,
    Column("chat", Text, primary_key=True),
    Column("moved_to", Text, nullable=False),
    Column("moved", Moment, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

channel_chat = Table(
    "channel_chat",  # where a channel's messages stand
    metadata,
    Column("channel", Text, primary_key=True),
    Column("chat", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

topic_seen = Table(
    "topic_seen",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("since", Moment, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

correction = Table(
    "correction",  # what a user said of two entries; outlives them as labelled data
    metadata,
    Column("a", Number, nullable=False),
    Column("b", Number, nullable=False),
    Column("label", Text, nullable=False),  # same | different
    Column("made", Moment, nullable=False),
    PrimaryKeyConstraint("a", "b"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

corrected = Table(
    "corrected",  # the entries of corrections, as items
    metadata,
    Column("entry", Number, primary_key=True, autoincrement=False),
    Column("item", Json, nullable=False),
    sqlite_strict=True,
)

notice = Table(
    "notice",
    metadata,
    Column("key", Text, primary_key=True),
    Column("told", Moment, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

alembic_version = Table(  # Alembic's own, so that a new database needs no Alembic
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
