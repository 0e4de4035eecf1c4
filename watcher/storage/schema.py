"""The tables, in the words of the domain.

`migrations/` says the same in plain SQL; a test holds the two equal. Entries, stories and alerts
never reuse a number.
"""

from typing import Any

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
from sqlalchemy.schema import SchemaItem

from watcher.storage.types import Flag, Json, Moment, Number, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def _table(name: str, *parts: SchemaItem, **options: Any) -> Table:
    """Return a table that is STRICT, so that a wrong type fails where it is written."""
    return Table(name, metadata, *parts, sqlite_strict=True, **options)


feed = _table(
    "feed",
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
)

story = _table(
    "story",
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
    sqlite_autoincrement=True,
)

entry = _table(
    "entry",
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
    sqlite_autoincrement=True,
)

sighting = _table(
    "sighting",  # an entry met again: in another feed, or under another id
    Column("feed", Number, ForeignKey("feed.id"), nullable=False),
    Column("guid", Words, nullable=False),
    Column("entry", Number, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False),
    Column("seen", Moment, nullable=False),
    PrimaryKeyConstraint("feed", "guid"),
    Index(None, "entry"),
    sqlite_with_rowid=False,
)

wording = _table(
    "wording",  # how an edited entry read before; the present words stand in the entry
    Column("entry", Number, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False),
    Column("text_key", Number, nullable=False),
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("until", Moment, nullable=False),
    PrimaryKeyConstraint("entry", "text_key"),
    sqlite_with_rowid=False,
)

forgotten = _table(
    "forgotten",  # entries that retention deleted while their feed may still list them as news
    Column("feed", Number, nullable=False),
    Column("guid_hash", Number, nullable=False),  # of its id and words
    PrimaryKeyConstraint("feed", "guid_hash"),
    sqlite_with_rowid=False,
)

posting = _table(
    "posting",
    Column("term", Number, primary_key=True, autoincrement=False),
    Column("newest", LargeBinary, nullable=False),  # numbers of entries, pruned with the window
)

sketch = _table(
    "sketch",  # of a signature, what every comparison asks for; kept as long as the postings
    Column("entry", Number, primary_key=True, autoincrement=False),  # no foreign key: pruned apart
    Column("title", Words, nullable=False),
    Column("headline", Words, nullable=False),
    Column("headline_norm", REAL, nullable=False),
    Column("text", Words, nullable=False),
    Column("text_norm", REAL, nullable=False),
)

template = _table(
    "template",  # when an outlet has used a title but for its figures and names
    Column("day", Number, nullable=False),  # first, so that old days leave in one piece
    Column("mask", Number, nullable=False),  # of outlet and mask
    Column("times", Number, nullable=False),  # of day, in the title
    PrimaryKeyConstraint("day", "mask", "times"),
    sqlite_with_rowid=False,
)

vector = _table(
    "vector",  # of those entries that an encoder was asked about, while the window lasts
    Column(
        "entry",
        Number,
        ForeignKey("entry.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("codes", LargeBinary, nullable=False),
)

match = _table(
    "match",
    Column("topic", Text, nullable=False),
    Column("entry", Number, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False),
    Column("evidence", Json, nullable=False),
    Column("sentence", Json, nullable=False),  # [field, start, end]
    PrimaryKeyConstraint("topic", "entry"),
    Index(None, "entry"),
    sqlite_with_rowid=False,
)

alert = _table(
    "alert",  # one ring: a new message or a reply in its thread
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
    sqlite_autoincrement=True,
)

alert_entry = _table(
    "alert_entry",
    Column("alert", Number, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("entry", Number, ForeignKey("entry.id"), nullable=False),
    PrimaryKeyConstraint("alert", "entry"),
    Index(None, "entry"),
    sqlite_with_rowid=False,
)

shared_ring = _table(
    "shared_ring",  # a ring also told of the entries that a correction moved to this story
    Column("story", Number, ForeignKey("story.id", ondelete="CASCADE"), nullable=False),
    Column("alert", Number, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("story", "alert"),
    Index(None, "alert"),
    sqlite_with_rowid=False,
)

decision = _table(
    "decision",  # for every alert made or not made
    Column("entry", Number, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False),
    Column("topic", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("alert", Number, ForeignKey("alert.id", ondelete="SET NULL")),
    Column("time", Moment, nullable=False),
    Column("news", Json),  # what the entry adds to its story: [[kind, detail], ...]
    PrimaryKeyConstraint("entry", "topic"),
    Index(None, "alert", sqlite_where=text("alert IS NOT NULL")),
    sqlite_with_rowid=False,
)

delivery = _table(
    "delivery",
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
    sqlite_autoincrement=True,
)

attempt = _table(
    "attempt",
    Column("id", Number, primary_key=True),
    Column("delivery", Number, ForeignKey("delivery.id", ondelete="CASCADE"), nullable=False),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Column("outcome", Text),
    Column("error", Words),
    Index(None, "delivery"),
)

mute = _table(
    "mute",
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("until", Moment, nullable=False),
    Column("created", Moment, nullable=False),
    Column("made_by", Words),  # a person's name, "the command line"
    PrimaryKeyConstraint("kind", "subject"),
    sqlite_with_rowid=False,
)

feedback = _table(
    "feedback",  # what people said of alerts by a button; outlives them
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
)

bot = _table(
    "bot",
    Column("key", Text, primary_key=True),  # a sender's limit key: a digest of its token
    Column("next_update", Number),  # what was taken in before it is never asked for again
    Column("rest_until", Moment),  # the service asked the whole bot to wait
    sqlite_with_rowid=False,
)

moved_chat = _table(
    "moved_chat",  # a group that became a supergroup has another number
    Column("chat", Text, primary_key=True),
    Column("moved_to", Text, nullable=False),
    Column("moved", Moment, nullable=False),
    sqlite_with_rowid=False,
)

channel_chat = _table(
    "channel_chat",  # where a channel's messages stand
    Column("channel", Text, primary_key=True),
    Column("chat", Text, nullable=False),
    sqlite_with_rowid=False,
)

topic_seen = _table(
    "topic_seen",
    Column("topic", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("since", Moment, nullable=False),
    sqlite_with_rowid=False,
)

correction = _table(
    "correction",  # what a user said of two entries; outlives them as labelled data
    Column("a", Number, nullable=False),
    Column("b", Number, nullable=False),
    Column("label", Text, nullable=False),  # same | different
    Column("made", Moment, nullable=False),
    PrimaryKeyConstraint("a", "b"),
    sqlite_with_rowid=False,
)

corrected = _table(
    "corrected",  # the entries of corrections, as items
    Column("entry", Number, primary_key=True, autoincrement=False),
    Column("item", Json, nullable=False),
)

notice = _table(
    "notice",
    Column("key", Text, primary_key=True),
    Column("told", Moment, nullable=False),
    sqlite_with_rowid=False,
)

meta = _table(
    "meta",
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

alembic_version = Table(  # Alembic's own, so that a new database needs no Alembic
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
