"""Do two titles tell of other places?

One notion for whoever asks: a place lies in another one (places.py), whoever only speaks is no
place, and who strikes is not where it strikes. Countries part two titles that name nobody in
common; cities part them whoever else is named.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from watcher.outlets.speaking import speaks
from watcher.stories.act_kinds import BLIND, DONE_ABROAD
from watcher.stories.cast import PREFIX, find_names, is_actor
from watcher.stories.facts import in_other_casts, shares_count, shares_fact
from watcher.stories.places import is_marked, lies_in_country, name_other_cities
from watcher.stories.signature import Signature

#: Titles whose places are kept: one is compared with every other of its topic.
_TITLES: Final = 1024
#: What crosses borders: a title may name the last place that it was seen at, or the other side.
_TRAVELLING: Final = frozenset({"border", "helicopter", "plane", "ship", "train"})


def are_elsewhere(a: Signature, b: Signature) -> bool:
    """Whether two titles name where it happened, and not the same place, nor one in the other.

    A figure or a day in common ties them, and what `are_tied` says of a crash.
    """
    are_of_others = in_other_casts(a, b)
    if not (are_of_others or name_other_cities(a.cast, b.cast, but_seats=False)):
        return False
    ours, theirs = _where(a), _where(b)
    if not (ours and theirs) or are_tied(a, b):
        return False
    return are_of_others or name_other_cities(_cities(ours), _cities(theirs), but_seats=False)


def are_tied(a: Signature, b: Signature) -> bool:
    """Whether two titles name one figure or day, or of a crash one count that is not tiny.

    Of a crash one title may name where the plane comes from; where both say where it happened, only
    what moves between countries may be one.
    """
    if shares_fact(a, b):
        return True
    if "crash" not in a.acts.named & b.acts.named or not shares_count(a, b):
        return False
    is_on_its_way = not _TRAVELLING.isdisjoint(a.subjects.keys() | b.subjects.keys())
    return is_on_its_way or not (_is_placed(a) and _is_placed(b))


def _is_placed(signature: Signature) -> bool:
    """Whether a title marks all its places as where it happens."""
    where = _where(signature)
    return bool(where) and all(one.is_marked for one in where)


def _where(signature: Signature) -> list["_Stand"]:
    """Return the places where a title says that something happens; none where that is left open."""
    stands = _places(signature.written, signature.language)
    named = [one for one in stands if one.member in signature.cast and not one.speaks]
    acts = signature.acts.named
    if len({one.member for one in named}) > 1:
        return named
    if DONE_ABROAD.isdisjoint(acts) or not BLIND.isdisjoint(acts):
        return named
    return [one for one in named if one.is_marked or lies_in_country(one.member)]


def _cities(where: Iterable["_Stand"]) -> frozenset[str]:
    """Return the places smaller than a country; a seat of government only if it is marked as one.

    It is as often who does something: "Kyiv hails strikes on Kursk".
    """
    return frozenset(one.member for one in where if one.is_marked or lies_in_country(one.member))


class _Stand(NamedTuple):
    """How a place stands in a title: as whoever speaks, or marked as where it happens."""

    member: str
    speaks: bool
    is_marked: bool


@lru_cache(_TITLES)
def _places(title: str, language: str | None) -> tuple[_Stand, ...]:
    names = find_names(title, language)
    # Several languages may spell a name alike: it stands there once.
    found = dict.fromkeys((one.list.removeprefix(PREFIX), one.start, one.end) for one in names)
    has_others = len({member for member, _, _ in found}) > 1
    return tuple(
        _Stand(
            member,
            # Who is named alone tells of itself: "Turkey: ferry on fire", "Chile reports a case".
            has_others and speaks(title, start, end, whole_title=True),
            is_marked(title, start, end),
        )
        for member, start, end in found
        if not is_actor(member)
    )
