"""Whether an entry with an id that we do not know is one that we know."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from watcher.feeds.parsed import entry_key
from watcher.feeds.urls import canonical_url, is_article


class Met(NamedTuple):
    """The newest id of an entry in a feed, and when it came up there."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Namesake:
    """A stored entry under the same canonical address.

    Attributes:
        published: its date; None if it has none.
        feeds: all that it was met in.
    """

    number: int
    title: str
    published: datetime | None
    feeds: Mapping[int, Met]


class Page(NamedTuple):
    """What stands under an id: a headline and its address."""

    title: str
    url: str


def same_entry(
    feed: int,
    title: str,
    url: str,
    namesakes: Sequence[Namesake],
    *,
    published: datetime | None,
    last_read: datetime | None,
    renamed: Container[bytes],
    shared: bool,
) -> Namesake | None:
    """Return the stored entry that a new one is; None if it is another.

    Under an equal title at the address of one article it is the same entry, re-dated or with a new
    id. At any other address ("/news/kim-visits") that never stood for anything else it is the same
    of its feed if it has the same date, or none and an id that was new in the last document, as ids
    are that each document makes up, or one that stood there and gave way together with the
    others: an alert that recurs at its page is another one. Under another title it is the same only
    across feeds, and only while the address stood for one entry: a feed whose entries all link to
    one page has many.

    Args:
        feed: the new entry's feed.
        title: its title.
        url: its address.
        namesakes: the stored entries under the same address, the first one first.
        published: its date; None if it has none.
        last_read: when its feed's last document came; None if none did.
        renamed: the keys of its entries that are gone if their ids changed, see `are_strange`.
        shared: another entry of the new one's document has the address too.
    """
    equal = _under_title(title, namesakes)
    if not namesakes or not is_article(url):
        if shared or len(equal) < len(namesakes):
            return None
        mine = (one for one in equal if feed in one.feeds)
        if published is None:
            mine = (one for one in mine if _gave_way(one.feeds[feed], last_read, renamed))
        return next((one for one in mine if one.published == published), None)
    if equal:
        return equal[0]
    only = namesakes[0]
    if shared or len(namesakes) > 1 or feed in only.feeds:
        return None
    return only


def stood(feed: int, title: str, namesakes: Sequence[Namesake], gone: Container[bytes]) -> bool:
    """Return whether a new undated entry stood in its feed's last document under an id now gone.

    Args:
        feed: its feed.
        title: its title.
        namesakes: the stored entries under the same address.
        gone: the keys of that document's entries that are gone.
    """
    mine = (one for one in _under_title(title, namesakes) if feed in one.feeds)
    return any(one.published is None and entry_key(one.feeds[feed].id) in gone for one in mine)


def _gave_way(met: Met, last_read: datetime | None, renamed: Container[bytes]) -> bool:
    """Whether an undated entry's id is one that changes by itself; all as in `same_entry`."""
    return (last_read is not None and met.at >= last_read) or entry_key(met.id) in renamed


#: Of the words of the shorter headline an edit keeps more than this.
_KEPT: Final = 0.4
#: What an address keeps that follows its headline otherwise: "kim-meets-putin-5512".
_NUMBER: Final = re.compile(r"\d{3,}")


def took_over(met: Page, had: Page, document: Container[str]) -> bool:
    """Return whether an entry has an id that another one had: title and article both changed.

    Some feeds number their entries by place. That the other one stands elsewhere in the document
    by now says so; else that neither headline nor address keeps anything of what it was.

    Args:
        met: the entry as it is met.
        had: the one that the id stood for.
        document: the canonical addresses of its entries.
    """
    ours, theirs = set(_fold(met.title).split()), set(_fold(had.title).split())
    now, before = canonical_url(met.url), canonical_url(had.url)
    if not (ours and theirs) or ours == theirs or now == before:
        return False
    if not (is_article(met.url) and is_article(had.url)):
        return False
    is_edited = len(ours & theirs) > _KEPT * min(len(ours), len(theirs))
    is_respelled = not _numbers(now).isdisjoint(_numbers(before))
    return before in document or not (is_edited or is_respelled)


def _numbers(page: str) -> set[str]:
    """Return the numbers in the last part of an address, where those of articles stand."""
    return set(_NUMBER.findall(page.rpartition("/")[2]))


def _under_title(title: str, namesakes: Iterable[Namesake]) -> list[Namesake]:
    folded = _fold(title)
    return [one for one in namesakes if folded and _fold(one.title) == folded]


#: Signs that another publishing system spells otherwise, in the same headline.
_PLAIN = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)

#: What an entry is known by where neither id nor address is steady: its title and its own date.
Heading = tuple[str, datetime]

#: So many of a document's entries, and at least half of them, must have ids that we do not know
#: before their headings are asked: elsewhere a heading that comes again is another entry.
LEAST_STRANGERS = 2


def are_strange(strangers: int, entries: int) -> bool:
    """Return whether so many unknown ids mean that they, rather than the entries, are new."""
    return strangers >= LEAST_STRANGERS and 2 * strangers >= entries


#: The words that a text gained and those that it lost, each with how often.
Edit = tuple[frozenset[tuple[str, int]], frozenset[tuple[str, int]]]

#: So many of the entries that we know, and at least half of them, are edited alike where it is
#: their publisher's template that changed; one alone is an edit of its own.
LEAST_REDONE = 2
#: So many, and at least half of them, whatever their edits: teasers that are longer now, or the
#: author before each. In a small feed they may well be news.
LEAST_REWRITTEN = 5


def edit(before: str, after: str) -> Edit:
    """Return what was edited in a text."""
    had, has = Counter(_fold(before).split()), Counter(_fold(after).split())
    return frozenset((has - had).items()), frozenset((had - has).items())


def new_template(edits: Iterable[Edit], known: int) -> Collection[Edit]:
    """Return the edits that a new template of a feed made; none if its entries were just edited.

    Args:
        edits: those of the entries that read otherwise than they did.
        known: how many entries of the document we know.
    """
    made = Counter(edits)
    if made.total() >= LEAST_REWRITTEN and 2 * made.total() >= known:
        return made.keys()
    return [one for one, times in made.items() if times >= LEAST_REDONE and 2 * times >= known]


def heading(title: str, time: datetime | None) -> Heading | None:
    """Return the heading of an entry; None where it lacks one of the two."""
    folded = _fold(title)
    return (folded, time) if folded and time else None


def by_heading(
    stored: Iterable[tuple[int, str, datetime | None]],
    present: Collection[int],
    document: Iterable[Heading | None],
) -> Mapping[Heading, int]:
    """Return the stored entry for each heading that stands for one alone, there and in a document.

    Args:
        stored: number, title and date of the feed's entries.
        present: numbers of those that the document has under ids that we know.
        document: the headings of all its entries.
    """
    found = [(heading(title, time), number) for number, title, time in stored]
    there, here = Counter(key for key, _ in found), Counter(document)
    return {
        key: number
        for key, number in found
        if key and there[key] == here[key] == 1 and number not in present
    }


def _fold(title: str) -> str:
    """Return a title as every publishing system would have written it."""
    plain = unicodedata.normalize("NFKC", title.translate(_PLAIN))
    return " ".join(plain.casefold().split())
