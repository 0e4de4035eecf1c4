"""What a document repeats from the poll before is left out, so that feedparser reads the rest.

An entry is known by a print of its bytes and of the tags around it: an edit of any kind makes it
another. What one entry can mean for the next (an id or address that they share, the order of day
and month) makes the document be read whole, so that the entries come out the same either way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from typing import NamedTuple

from watcher.feeds.dates import is_numeric
from watcher.feeds.ids import lone_id
from watcher.feeds.parsed import KEY_BYTES, ParsedEntry, RawEntry, entry_key
from watcher.feeds.same_entry import heading
from watcher.feeds.survey import Span, Survey
from watcher.feeds.urls import canonical_url, is_article

#: Bytes of a print: that an edit goes unseen has a chance of one in 10^19.
PRINT_BYTES = 8

#: Entries of a document that are remembered at most: 40 kB a feed. The longest of 319 has 1,046.
MAX_REMEMBERED = 2_000

#: The print of an entry whose document cannot be cut.
NO_PRINT = bytes(PRINT_BYTES)
#: The key of an address that many entries may share, for which no rule cares, and of a heading
#: without title or date.
NO_KEY = bytes(KEY_BYTES)


class Known(NamedTuple):
    """What is remembered of an entry: print of its bytes, keys of id, address and heading."""

    print: bytes
    id: bytes
    link: bytes
    heading: bytes


#: How it is kept, one behind the other.
_KEPT = Struct(f"{PRINT_BYTES}s{KEY_BYTES}s{KEY_BYTES}s{KEY_BYTES}s")


@dataclass(frozen=True, slots=True)
class Delta:
    """A document without what it repeats.

    Attributes:
        data: what is left of it, in UTF-8, well-formed.
        known: the entries that were cut out.
        places: for each entry of the document, in order, what is known of it; None if it is left.
    """

    data: bytes
    known: tuple[Known, ...]
    places: tuple[Known | None, ...]


def cut(survey: Survey, memory: bytes) -> Delta | None:
    """Return the document without its known entries; None when it repeats nothing."""
    remembered = {known.print: known for known in recall(memory)}
    # Each counts once: of two equal entries the second is read, with an id of its own.
    places = tuple(remembered.pop(print_of(survey.data, span), None) for span in survey.entries)
    known = tuple(place for place in places if place)
    if not known:
        return None
    return Delta(b"".join(_left(survey, places)), known, places)


def _left(survey: Survey, places: Sequence[Known | None]) -> Iterator[bytes]:
    position = 0
    for span, place in zip(survey.entries, places, strict=True):
        if place:
            yield survey.data[position : span.start]
            position = span.end
    yield survey.data[position:]


def hides_prefix(survey: Survey, delta: Delta) -> bool:
    """Tell whether an entry that was cut out declares a prefix of its own.

    A lenient reader keeps it for the entries that follow.
    """
    spans = zip(survey.entries, delta.places, strict=True)
    return any(place and b"xmlns:" in survey.data[span.start : span.end] for span, place in spans)


def print_of(data: bytes, span: Span) -> bytes:
    """Return what tells an entry's bytes, where they stand, from all others."""
    piece = data[span.start : span.end]
    return blake2b(piece, digest_size=PRINT_BYTES, key=span.context).digest()


def may_stand_alone(raw: Sequence[RawEntry], delta: Delta) -> bool:
    """Tell whether the entries left can be read without those that were cut out."""
    if len(raw) != delta.places.count(None):
        return False
    ids = {known.id for known in delta.known}
    return not any(
        entry_key(lone_id(entry)) in ids or is_numeric(entry.published) or is_numeric(entry.updated)
        for entry in raw
    )


def share_an_address(entries: Sequence[ParsedEntry], delta: Delta) -> bool:
    """Tell whether an entry that is left has the address of one that was cut out."""
    links = {known.link for known in delta.known} - {NO_KEY}
    return any(link_key(entry.link) in links for entry in entries)


def remember(
    survey: Survey,
    raw: Sequence[RawEntry],
    entries: Sequence[ParsedEntry],
    places: Sequence[Known | None] = (),
) -> bytes:
    """Return the memory of a document for the next poll, by `names_of` where it cannot be cut.

    Args:
        survey: the look at the document.
        raw: the entries read from it, in order.
        entries: the same, finished.
        places: what was known before of each entry of the document.
    """
    is_whole, places = not places, places or (None,) * len(survey.entries)
    if not len(raw) == len(entries) == places.count(None) or len(places) > MAX_REMEMBERED:
        return names_of(entries) if is_whole else b""
    fresh = iter(entries)
    return b"".join(
        b"".join(place or _known(print_of(survey.data, span), next(fresh)))
        for span, place in zip(survey.entries, places, strict=True)
    )


def names_of(entries: Sequence[ParsedEntry]) -> bytes:
    """Return a memory that cuts nothing, of a document that is no XML or is damaged.

    It tells the next poll which entries it knows under new ids.
    """
    return b"".join(
        b"".join(Known(NO_PRINT, entry_key(one.id), link_key(one.link), heading_key(one)))
        for one in entries[:MAX_REMEMBERED]
    )


def _known(print_: bytes, entry: ParsedEntry) -> Sequence[bytes]:
    """Remember an entry whose id is its own; another's depends on the rest of the document."""
    if entry.id != entry.lone_id:
        return ()
    return Known(print_, entry_key(entry.id), link_key(entry.link), heading_key(entry))


@lru_cache(maxsize=64)  # of every new entry it is asked twice: whether it is known, and to keep it
def link_key(link: str) -> bytes:
    """Return what the addresses of one article share, however they are spelled."""
    return entry_key(canonical_url(link)) if link and is_article(link) else NO_KEY


def heading_key(entry: ParsedEntry) -> bytes:
    """Return what an entry is known by where neither its id nor its address is steady."""
    known = heading(entry.title, entry.time)
    return entry_key(f"{known[0]}\n{known[1].isoformat()}") if known else NO_KEY


def recall(memory: bytes) -> Iterator[Known]:
    """Yield what a memory holds, as far as it is whole."""
    whole = len(memory) - len(memory) % _KEPT.size
    return map(Known._make, _KEPT.iter_unpack(memory[:whole]))
