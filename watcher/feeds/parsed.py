"""What a feed document says, as values: first as found (raw), then made fit for use."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from watcher.errors import FeedError

#: Bytes of a key: with a hundred entries two keys are alike in one feed of a million, and then
#: no more happens than that a document is parsed whole.
KEY_BYTES = 4

#: Entries of one document. The longest of 319 real feeds has 1,046.
MAX_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One item as its document spells it: markup, relative links and dates in any form.

    `content` is the whole article where the feed carries it; it stands in for a summary that is
    missing, or only a picture or a link.
    """

    id: str = ""
    title: str = ""
    link: str = ""
    summary: str = ""
    content: str = ""
    published: str = ""
    updated: str = ""
    author: str = ""
    language: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A document as found; `ttl` is already a duration because its unit differs by format."""

    title: str = ""
    link: str = ""
    language: str = ""
    ttl: timedelta | None = None
    entries: tuple[RawEntry, ...] = ()
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    next_page: str = ""


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One entry of a feed in plain text.

    Attributes:
        id: unique within its document and steady from poll to poll.
        link: absolute http(s) address; "" when the feed gives none.
        published: aware UTC, never later than the moment of parsing; None if missing or absurd.
        updated: the same for the date of the last change.
        language: BCP 47 tag of the entry, else of its feed; None if neither declares one.
        lone_id: the id that it has where no other entry of a document shares what it is made of.
        shared_id: the one that it has where others do; `id` is one of the two.
        source: the name of the feed that an aggregator has it from; "" if none is named.
    """

    id: str
    title: str
    link: str
    summary: str
    published: datetime | None
    updated: datetime | None
    author: str
    language: str | None
    lone_id: str = ""
    shared_id: str = ""
    source: str = ""

    @property
    def time(self) -> datetime | None:
        """The best date the feed gives: many Atom and RDF feeds know only `updated`."""
        return self.published or self.updated


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document that could be read.

    Attributes:
        entries: all of them, or those that are new or changed (see `known`).
        problems: one sentence each about what was wrong with it and yet got over.
        ttl: how long the publisher asks readers to wait between polls, if it says so.
        known: the keys of the entries that are as they were at the poll before, left out.
        memory: what lets the next poll leave out the entries of this one (see feeds.delta).
        skip_hours: hours of the day in which it asks not to be polled, GMT.
        skip_days: days of the week likewise, Monday 0.
        next_page: where older entries are (RFC 5005), if the document is one page of several.
        cut_off: it ends in the middle: more was to come.
    """

    title: str
    link: str
    language: str | None
    entries: tuple[ParsedEntry, ...]
    problems: tuple[str, ...]
    ttl: timedelta | None = None
    known: tuple[bytes, ...] = ()
    memory: bytes = field(default=b"", repr=False)
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    next_page: str = ""
    cut_off: bool = False

    @property
    def keys(self) -> frozenset[bytes]:
        """One key for the id of each entry of the document, those left out included."""
        return frozenset((*self.known, *(entry_key(entry.id) for entry in self.entries)))


def broken_off(feed: ParsedFeed, error: FeedError) -> ParsedFeed:
    """Return what could be read of an answer that broke off; its end may have come all the same.

    Raises:
        FeedError: nothing could; `error` itself.
    """
    if feed.cut_off and not feed.entries and not feed.known:
        raise error
    return replace(feed, problems=(*feed.problems, str(error)))


def entry_key(id_: str) -> bytes:
    """Return a short stand-in for an entry's id within its feed."""
    return blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()
