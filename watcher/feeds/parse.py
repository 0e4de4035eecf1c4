"""From the bytes of a feed to entries in plain text. Pure, and meant for a worker process.

feedparser reads every format of XML feeds; around it stand our own decoding, repair, dates,
ids and plain text, because in these it errs on real feeds (measured on 319 of them).
"""

import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from watcher.errors import FeedError
from watcher.feeds.compression import MAX_BODY_BYTES, inflate
from watcher.feeds.dates import orders_of, parse_date
from watcher.feeds.decode import decode
from watcher.feeds.delta import (
    cut,
    hides_prefix,
    may_stand_alone,
    names_of,
    remember,
    share_an_address,
)
from watcher.feeds.ids import entry_ids, lone_id, shared_id
from watcher.feeds.json_feed import is_json, read_json_feed
from watcher.feeds.lead import lead
from watcher.feeds.links import absolute, language_tag
from watcher.feeds.mend import escape_stray, trim
from watcher.feeds.parsed import MAX_ENTRIES, ParsedEntry, ParsedFeed, RawEntry, RawFeed
from watcher.feeds.problems import (
    entry_problems,
    is_bridge_error,
    is_cut_off,
    refuse_what_is_no_feed,
    without_bridge_errors,
    without_half_entry,
)
from watcher.feeds.survey import Survey, survey
from watcher.feeds.text import one_line
from watcher.feeds.wishes import skipped
from watcher.lean import without

with without("chardet", "cchardet"):  # it gets texts whose encoding we have told already
    import feedparser
    import feedparser.api
    import feedparser.namespaces.mediarss

#: Characters of an author's name; more is a byline with its biography.
MAX_AUTHOR = 200

#: Sensible bounds of a publisher's wish; outside of them a number is a mistake.
SHORTEST_TTL = timedelta(minutes=1)
LONGEST_TTL = timedelta(days=7)

#: Digits of a number that are read: a million minutes are two years.
MANY_DIGITS = 7

#: sy:updatePeriod (RSS 1.0 syndication module); "hourly" with frequency 2 is half an hour.
PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}

#: What feedparser must know so that it guesses neither encoding nor type.
XML_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
HEADERS = {"content-type": "application/xml; charset=utf-8"}

# The readers that feedparser looks for before Python's own, by the names of their modules.
feedparser.api.PREFERRED_XML_PARSERS.insert(0, "watcher.feeds.expat_reader")


def _begin_caption(reader: Any, _attributes: Mapping[str, str]) -> None:
    """Read media:description, the caption of a photo, as what it is.

    feedparser takes it for the entry's own: it stood for the lead in 3 of 319 real feeds.
    """
    reader.push("media_description", 1)


def _end_caption(reader: Any) -> None:
    reader.pop("media_description")


_Media = feedparser.namespaces.mediarss.Namespace
_Media._start_media_description = _begin_caption  # noqa: SLF001 - it looks for these names
_Media._end_media_description = _end_caption  # noqa: SLF001

#: How an id begins that can be the address of an entry without a link; `abc123` is none.
PERMALINKS = ("http://", "https://", "/")

TEXT_TYPES = frozenset({"text/plain", "text/html", "application/xhtml+xml"})


def parse_feed(
    body: bytes,
    *,
    content_type: str | None,
    url: str,
    now: datetime,
    memory: bytes = b"",
    max_body: int = MAX_BODY_BYTES,
) -> ParsedFeed:
    """Return what a feed document says.

    Args:
        body: as received, after HTTP's own decompression; other gzip layers are taken off.
        content_type: the HTTP header, for its charset.
        url: where the body came from in the end; relative links hang on it.
        now: the clock, against which dates are checked.
        memory: that of the poll before; the entries that did not change since are left out.
        max_body: bytes that it may have, inflated.

    Raises:
        FeedError: the body is no feed, or is built to break its reader.
    """
    text = decode(inflate(body, max_body), content_type)
    if is_json(text):
        feed = _finish(read_json_feed(text), url, now, [])
        return replace(feed, memory=names_of(feed.entries))
    document = _prepared(text)
    return _rest(document, url, now, memory) or _whole(document, url, now)


@dataclass(frozen=True, slots=True)
class _Document:
    """A document in XML, ready to be read: `text` and its survey, and what was wrong with it."""

    text: str
    survey: Survey
    problems: tuple[str, ...]


def _prepared(text: str) -> _Document:
    refuse_what_is_no_feed(text)
    trimmed = trim(text)
    text, look = trimmed.text, survey(trimmed.text)
    if not look.well_formed:
        text = escape_stray(text, trimmed.entities)
        look = survey(text)
    return _Document(text, look, trimmed.problems)


def _whole(document: _Document, url: str, now: datetime) -> ParsedFeed:
    """Read every entry."""
    look, problems = document.survey, list(document.problems)
    found = _feedparser(look.data)
    if not found["entries"] and not (found["version"] and look.well_formed):
        what = "the body is XML, but no feed" if look.well_formed else "the XML is damaged"
        raise FeedError(f"{what}: it holds no entry")
    if not look.well_formed:
        problems.append("the XML is not well-formed")
    raw = _raw_feed(found, document.text)
    cut_off = not look.well_formed and is_cut_off(document.text)
    if cut_off:
        problems.append("the document is cut off")
        raw = without_half_entry(raw, document.text)
    feed = replace(_finish(raw, url, now, problems), cut_off=cut_off)
    return replace(feed, memory=remember(look, raw.entries, feed.entries))


def _rest(document: _Document, url: str, now: datetime, memory: bytes) -> ParsedFeed | None:
    """Read what a document does not repeat; None where only the whole of it tells all."""
    look = document.survey
    delta = cut(look, memory) if memory else None
    if delta is None:
        return None
    found = _feedparser(delta.data)
    if found["bozo"] and hides_prefix(look, delta):  # read by feedparser's lenient reader
        return None
    raw = _raw_feed(found, document.text)
    if not may_stand_alone(raw.entries, delta) or any(map(is_bridge_error, raw.entries)):
        return None
    feed = _finish(raw, url, now, document.problems)
    if share_an_address(feed.entries, delta):
        return None
    return replace(
        feed,
        known=tuple(known.id for known in delta.known),
        memory=remember(look, raw.entries, feed.entries, delta.places),
    )


def _feedparser(data: bytes) -> Mapping[str, Any]:
    """Run feedparser. Only ever on a stream: a path or a URL in the body it would open."""
    stream = io.BytesIO(XML_DECLARATION + data)
    try:
        document: Mapping[str, Any] = feedparser.parse(
            stream, response_headers=HEADERS, sanitize_html=False, resolve_relative_uris=False
        )
    except MemoryError:
        raise
    except Exception as error:  # any bug of the library that a hostile body finds
        raise FeedError(f"feedparser fails on it ({type(error).__name__})") from error
    return document


def _raw_feed(document: Mapping[str, Any], text: str) -> RawFeed:
    feed = document["feed"]
    skip_hours, skip_days = skipped(text) if "skiphours" in feed or "skipdays" in feed else ((), ())
    return RawFeed(
        title=_text(feed, "title"),
        link=_text(feed, "link"),
        language=_text(feed, "language"),
        ttl=_ttl(feed),
        entries=tuple(map(_raw_entry, document["entries"][:MAX_ENTRIES])),
        skip_hours=skip_hours,
        skip_days=skip_days,
        next_page=_link(feed, "next") or _link(feed, "prev-archive"),
    )


def _raw_entry(entry: Mapping[str, Any]) -> RawEntry:
    return RawEntry(
        id=_text(entry, "id"),
        title=_text(entry, "title"),
        link=_page(entry),
        summary=_text(entry, "summary"),
        content=_content(entry) or _text(entry, "media_description"),
        published=_text(entry, "published") or _text(entry, "created"),
        updated=_text(entry, "updated") if "updated" in entry else "",
        author=_text(entry, "author"),
        # The xml:lang in force at the title; feedparser keeps none of the entry itself.
        language=_text(entry, "language") or _first(entry, "title_detail", "language"),
        source=_first(entry, "source", "title"),
    )


def _text(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""


def _link(element: Mapping[str, Any], relation: str) -> str:
    links = _parts(element.get("links"))
    return next((_text(link, "href") for link in links if link.get("rel") == relation), "")


def _page(entry: Mapping[str, Any]) -> str:
    """Return the address of an entry's page: its first link, else an id that is an address.

    feedparser's own `link` is the last one: a related article, the page in the last language.
    """
    links = [link for link in _parts(entry.get("links")) if link.get("rel") == "alternate"]
    pages = (_text(link, "href") for link in links if link.get("type") == "text/html")
    id_ = _text(entry, "id")
    permalink = id_ if id_.startswith(PERMALINKS) else ""
    return next(filter(None, pages), "") or _link(entry, "alternate") or permalink


def _parts(found: object) -> Iterator[Mapping[str, Any]]:
    """Yield what feedparser gathers under a name; a stranger's element of that name is a text."""
    for part in found if isinstance(found, list) else [found]:
        if isinstance(part, Mapping):
            yield part


def _content(entry: Mapping[str, Any]) -> str:
    pieces = _parts(entry.get("content"))
    return next(
        (_text(piece, "value") for piece in pieces if _text(piece, "type") in TEXT_TYPES), ""
    )


def _first(entry: Mapping[str, Any], name: str, key: str) -> str:
    """Return what the first of the elements of a name has under a key."""
    return next((_text(part, key) for part in _parts(entry.get(name))), "")


def _ttl(feed: Mapping[str, Any]) -> timedelta | None:
    """Return the longer of a feed's two wishes, `ttl` and sy:updatePeriod; None if it has none."""
    minutes = _number(_text(feed, "ttl"))
    period = PERIODS.get(_text(feed, "sy_updateperiod").strip().lower(), timedelta())
    frequency = _number(_text(feed, "sy_updatefrequency")) or 1
    wish = max(timedelta(minutes=minutes), period / frequency)
    return min(max(wish, SHORTEST_TTL), LONGEST_TTL) if wish else None


def _number(text: str) -> int:
    """Return a whole number; of one that no wish can be meant by, its first digits do."""
    digits = text.strip()
    return int(digits[:MANY_DIGITS]) if digits.isascii() and digits.isdigit() else 0


def _finish(raw: RawFeed, url: str, now: datetime, problems: Iterable[str]) -> ParsedFeed:
    """Make what a document says fit for use."""
    entries, left_out = without_bridge_errors(raw.entries)
    language = language_tag(raw.language)
    finish = _Finisher(
        bases=(url, absolute(raw.link, url)),
        language=language,
        now=now,
        orders=orders_of(entry.published or entry.updated for entry in entries),
    )
    finished = tuple(map(finish.entry, entries, entry_ids(entries)))
    troubles = entry_problems(entries, finished, now=now, orders=finish.orders)
    return ParsedFeed(
        title=one_line(raw.title),
        link=finish.link(raw.link),
        language=language,
        entries=finished,
        problems=(*problems, *left_out, *troubles),
        ttl=raw.ttl,
        skip_hours=raw.skip_hours,
        skip_days=raw.skip_days,
        next_page=absolute(raw.next_page, url),
    )


@dataclass(frozen=True, slots=True)
class _Finisher:
    """What all entries of one document have in common."""

    bases: tuple[str, ...]
    language: str | None
    now: datetime
    orders: Collection[str]

    def entry(self, raw: RawEntry, id_: str) -> ParsedEntry:
        title = one_line(raw.title)
        return ParsedEntry(
            id=id_,
            title=title,
            link=self.link(raw.link),
            summary=lead(raw, title),
            published=self.date(raw.published),
            updated=self.date(raw.updated),
            author=one_line(raw.author, MAX_AUTHOR),
            language=language_tag(raw.language) or self.language,
            lone_id=lone_id(raw),
            shared_id=shared_id(raw),
            source=one_line(raw.source, MAX_AUTHOR),
        )

    def link(self, link: str) -> str:
        """Resolve against the document's address, else (for a file) against the feed's site."""
        found = (absolute(link, base) for base in self.bases)
        return next(filter(None, found), "")

    def date(self, text: str) -> datetime | None:
        return parse_date(text, now=self.now, orders=self.orders)
