"""Which of the engine's finds count: one at each place of a list, and none that a `not` covers.

In a title all in capitals an exact form and an everyday word look the same: WHO, US.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from watcher.model import Evidence, Field, Rule
from watcher.topics.engine import Find
from watcher.topics.evaluate import covers, overlap
from watcher.topics.terms import Kind, is_exact

#: Which of several terms of one list names a place: the fuller meaning first.
_RANK = {
    kind: rank
    for rank, kind in enumerate(
        (Kind.NAME, Kind.COUNTRY, Kind.WORD, Kind.PHRASE, Kind.ROLE, Kind.SHORT)
    )
}

#: Places of one list in one entry that are looked at: the first hundred tell all, and the work
#: grows with their square.
MOST_PLACES = 100

# Read off their class, members of an enumeration take ten times as long.
_SHORT, _NOT, _NEVER = Kind.SHORT, Kind.NOT, Kind.NEVER
_TITLE = Field.TITLE

#: Of most short titles in capitals no language is known; most are English.
_PRESUMED = "en"


@dataclass(frozen=True, slots=True)
class Finds:
    """What counts of the finds in an entry, by list; vetoes by topic."""

    full: Mapping[str, Sequence[Evidence]]
    short: Mapping[str, Sequence[Evidence]]
    vetoes: Mapping[str, Sequence[Evidence]]


def sort_out(finds: Iterable[Find]) -> Finds:
    """Part full names from short ones and vetoes; drop what a `not` name or a longer one covers."""
    by_list: defaultdict[str, list[Find]] = defaultdict(list)
    for find in finds:
        _, one = find
        by_list[one.list].append(find)
    # Most lists are found at one place, and nothing need be weighed.
    kept = {name: _kept(found) if len(found) > 1 else found for name, found in by_list.items()}
    full: defaultdict[str, list[Evidence]] = defaultdict(list)
    short: defaultdict[str, list[Evidence]] = defaultdict(list)
    vetoes: defaultdict[str, list[Evidence]] = defaultdict(list)
    for kind, one in chain.from_iterable(kept.values()):
        if kind is _SHORT:
            short[one.list].append(one)
        elif kind is _NEVER:
            vetoes[one.list].append(one)
        elif kind is not _NOT:
            full[one.list].append(one)
    return Finds(full, _own(short, kept.values()), vetoes)


def doubt_capitals(
    found: Sequence[Find], language: str | None, everyday: Mapping[str, frozenset[str]]
) -> list[Find]:
    """Return what is found with a title in capitals: its everyday words as short names.

    Args:
        found: what stands there by its letters.
        language: the family of the text's; None for an unknown one.
        everyday: exact terms that are everyday words, in small letters, and their languages.
    """

    def is_doubtful(find: Find) -> bool:
        kind, one = find
        exact = one.field is _TITLE and is_exact(one.term)
        counts = kind is not _NOT and kind is not _NEVER
        spoken = everyday.get(one.text.casefold(), frozenset())
        return exact and counts and (language or _PRESUMED) in spoken

    return [
        (_SHORT, find[1]._replace(rule=Rule.SHORT)) if is_doubtful(find) else find for find in found
    ]


def _own(
    short: Mapping[str, Sequence[Evidence]], kept: Collection[Sequence[Find]]
) -> dict[str, list[Evidence]]:
    """Return the short names that are not part of somebody else's longer one."""
    own = {
        name: [one for one in places if not _is_part_of_name(one, kept)]
        for name, places in short.items()
    }
    return {name: places for name, places in own.items() if places}


def _kept(finds: Sequence[Find]) -> Sequence[Find]:
    """Return the vetoes of a list, and of its other finds the one that counts at each place."""
    masks = [one for kind, one in finds if kind is _NOT]
    vetoes = [(kind, one) for kind, one in finds if kind is _NEVER]
    places = [(kind, one) for kind, one in finds if kind is not _NOT and kind is not _NEVER]
    return [*vetoes, *_one_per_place(places, masks)]


def _one_per_place(finds: Sequence[Find], masks: Sequence[Evidence]) -> Sequence[Find]:
    """Keep the longest of the overlapping finds of one list that no `not` name covers.

    A name counts once per place.
    """
    finds = finds[:MOST_PLACES]
    if masks:
        masks = masks[:MOST_PLACES]
        finds = [(kind, one) for kind, one in finds if not any(covers(mask, one) for mask in masks)]
    if len(finds) <= 1:
        return finds
    kept: list[Find] = []
    for kind, one in sorted(finds, key=_preference):
        if not kept or not any(overlap(one, other) for _, other in kept):
            kept.append((kind, one))
    return kept


def _preference(find: Find) -> tuple[object, ...]:
    kind, (_, term, _, field, start, end, _) = find
    return (kind is _SHORT, start - end, field is not _TITLE, start, _RANK[kind], term)


def _is_part_of_name(short: Evidence, kept: Iterable[Sequence[Find]]) -> bool:
    """Tell whether a short name is part of somebody else's longer one."""
    length = short.end - short.start
    return any(
        kind is Kind.NAME and other.end - other.start > length and covers(other, short)
        for others in kept
        for kind, other in others
    )
