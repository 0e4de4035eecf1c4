"""Answers that are no feed, and entries that are no news."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from watcher.errors import FeedError
from watcher.feeds.dates import is_ahead
from watcher.feeds.mend import HTML_ROOT, JUNK_REACH, ROOT
from watcher.feeds.parsed import ParsedEntry, RawEntry, RawFeed
from watcher.feeds.text import MAX_MARKUP, clean, one_line

#: Characters of a page's title or of a body that are shown to tell people what came instead.
SHOWN = 80

#: Characters at the start of a body in which words are looked for.
SHOWN_OF = 500

#: Characters from which a title is no headline but a broken or hostile document.
OVERLONG = 10_000

HTML_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,500}?)</title", re.IGNORECASE | re.DOTALL)
ALTERNATE = re.compile(
    r"<link\s[^>]{0,300}?type=[\"']?application/(?:rss|atom)\+xml[^>]{0,300}", re.IGNORECASE
)
HREF = re.compile(r"\shref\s*=\s*[\"']?([^\"'\s>]{1,200})", re.IGNORECASE)
ITEM = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
ITEM_END = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
#: The end of all entries in RSS 2.0, from where only the root's is missing; RDF has it before them.
CHANNEL_END = re.compile(r"</channel\s*>", re.IGNORECASE)
#: The end of a document inside a title, an id or an address.
UNFINISHED = re.compile(
    r"<(?:\w{1,20}:)?(?:title|guid|id|link)(?:\s[^<>]*)?(?:(?<!/)>(?:<!\[CDATA\[)?[^<]*(?:<[^>]*)?)?$",
    re.IGNORECASE,
)

#: RSS-Bridge turns the errors of the site it reads into feed items.
BRIDGE_ERROR = re.compile(
    r"\s*(?:Bridge returned error|Error while fetching the bridge)\b", re.IGNORECASE
)


def refuse_what_is_no_feed(text: str) -> None:
    """Tell an empty body, a page or stray text from a feed by its first elements.

    Raises:
        FeedError: it is no feed; the message says what it is instead.
    """
    if not text.strip():
        raise FeedError("the body is empty")
    head = text[:JUNK_REACH]
    root, page = ROOT.search(head), HTML_ROOT.search(head)
    if page and not (root and (root.start() < page.start() or ITEM.search(text, root.end()))):
        raise FeedError(f"the body is a web page{_described(head)}")
    if not root and not ITEM.search(text):
        raise FeedError(f'the body is no feed: it begins with "{_beginning(head)}"')


def _beginning(text: str) -> str:
    """Return the first words of a text; of one without any in sight, as of a page, its tags."""
    start = text[:SHOWN_OF]
    return one_line(start, SHOWN) or " ".join(clean(start).split())[:SHOWN]


def _described(page: str) -> str:
    """Say what page it is, and which feed it names, if it does."""
    title, link = HTML_TITLE.search(page), ALTERNATE.search(page)
    feed = HREF.search(link[0]) if link else None
    named = f' titled "{one_line(title[1], SHOWN)}"' if title else ""
    points = f"; the feed it names is {one_line(feed[1], SHOWN)}" if feed else ""
    return f"{named}, not a feed{points}"


def is_bridge_error(entry: RawEntry) -> bool:
    """Tell whether an entry is no news, but a bridge's report that it failed."""
    return bool(BRIDGE_ERROR.match(entry.title))


def without_bridge_errors(entries: Sequence[RawEntry]) -> tuple[tuple[RawEntry, ...], list[str]]:
    """Return the entries that are news, and a problem where some were error reports.

    Raises:
        FeedError: every entry is one.
    """
    news = tuple(entry for entry in entries if not is_bridge_error(entry))
    if len(news) == len(entries):
        return news, []
    errors = [one_line(entry.title, SHOWN) for entry in entries if entry not in news]
    if not news:
        raise FeedError(f"the feed holds only an error report: {errors[0]}")
    return news, [f"error reports left out: {len(errors)}, such as: {errors[0]}"]


def is_cut_off(text: str) -> bool:
    """Tell whether a document that is not well-formed ends before its root or its entries do."""
    root = ROOT.search(text)
    if not root or f"</{root[0][1:].lower()}" in text[root.end() :].lower():
        return False
    return not CHANNEL_END.search(text, _last_opened(text))


def without_half_entry(feed: RawFeed, text: str) -> RawFeed:
    """Leave out the entry in which a document was cut off before its title and its id were whole.

    Half a headline would be told as one, and half an id be that of another entry.
    """
    opened = _last_opened(text)
    if not feed.entries or ITEM_END.search(text, opened):
        return feed
    last = feed.entries[-1]
    is_half = UNFINISHED.search(text, opened) or not last.title or not (last.id or last.link)
    return replace(feed, entries=feed.entries[:-1]) if is_half else feed


def _last_opened(text: str) -> int:
    """Return where the last entry of a document begins; 0 where it has none."""
    return max((match.start() for match in ITEM.finditer(text)), default=0)


def entry_problems(
    raw: Sequence[RawEntry],
    finished: Sequence[ParsedEntry],
    *,
    now: datetime,
    orders: Collection[str],
) -> list[str]:
    """Tell what was wrong with single entries, one sentence for each kind of trouble.

    Args:
        raw: the entries as found.
        finished: the same as they will be used.
        now: the clock that dates were checked against.
        orders: how the feed orders the numbers of a date.
    """
    dates = [
        (spelled, date)
        for before, after in zip(raw, finished, strict=True)
        for spelled, date in ((before.published, after.published), (before.updated, after.updated))
        if spelled.strip()
    ]
    odd = {spelled for spelled, date in dates if date in (now, None)}
    ahead = {spelled for spelled in odd if is_ahead(spelled, now=now, orders=orders)}
    none = [spelled for spelled, date in dates if date is None]
    titles = [entry.title for entry in raw if _is_overlong(entry)]
    links = [a.link for a, b in zip(raw, finished, strict=True) if a.link.strip() and not b.link]
    found = (
        ("dates that could not be read", [text for text in none if text not in ahead], True),
        ("dates in the future, taken as now", [s for s, d in dates if d and s in ahead], True),
        ("dates far in the future, ignored", [text for text in none if text in ahead], True),
        ("titles and summaries of monstrous length, cut", titles, False),
        ("links that are no web addresses, left out", links, False),
    )
    return [_told(trouble, texts, shown=shown) for trouble, texts, shown in found if texts]


def _is_overlong(entry: RawEntry) -> bool:
    return len(entry.title) > OVERLONG or len(entry.summary) > MAX_MARKUP


def _told(trouble: str, texts: Sequence[str], *, shown: bool) -> str:
    example = f', such as "{one_line(texts[0], SHOWN)}"' if shown else ""
    return f"{trouble}: {len(texts)}{example}"
