"""Do two titles tell of other places?

One notion for whoever asks: a place lies in another one (places.py), whoever only speaks is no
place, and who strikes is not where it strikes. Countries part two titles that name nobody in
common; cities part them whoever else is named.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import filterfalse
from typing import Final, NamedTuple

from watcher.outlets.speaking import speaks
from watcher.stories.act_kinds import BLIND, DONE_ABROAD
from watcher.stories.cast import PREFIX, find_names, is_actor
from watcher.stories.facts import in_other_casts, shares_count, shares_fact
from watcher.stories.places import is_marked, lies_in_country, name_other_cities
from watcher.stories.signature import Signature
from watcher.stories.words import fold, quiet_words, words

#: Titles whose places are kept: one is compared with every other of its topic.
_TITLES: Final = 1024
#: What crosses borders: a title may name the last place that it was seen at.
_TRAVELLING: Final = frozenset({"helicopter", "plane", "ship", "train"})
#: Nobody else than who does it is named of this without a mark.
_LAUNCH: Final = frozenset({"launch"})


def are_elsewhere(a: Signature, b: Signature) -> bool:
    """Whether two titles name where it happened, and not the same place, nor one in the other.

    A figure or a day in common ties them, and what `are_tied` says of a crash. Titles that are one
    but for their places say so whatever these are: who launches, strikes, or is struck.
    """
    are_of_others = in_other_casts(a, b)
    if not (are_of_others or name_other_cities(a.cast, b.cast, but_seats=False)):
        return False
    if _frame(a.written, a.language) == _frame(b.written, b.language):
        return not shares_fact(a, b)
    ours, theirs = _where(a), _where(b)
    if not (ours or theirs):
        ours, theirs = _launching(a), _launching(b)
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
    named = _named(signature)
    # Who is named alone tells of itself: "Turkey: ferry on fire", "Chile reports a case".
    if len(signature.cast) > 1:
        named = [one for one in named if not one.speaks]
    acts = signature.acts.named
    if len({one.member for one in named}) > 1:
        return named
    if DONE_ABROAD.isdisjoint(acts) or not BLIND.isdisjoint(acts):
        return named
    return [one for one in named if one.is_marked or lies_in_country(one.member)]


def _launching(signature: Signature) -> list["_Stand"]:
    """Return the places of a title that tells only of a launch: who launches."""
    if DONE_ABROAD & signature.acts.named != _LAUNCH:
        return []
    return [one for one in _named(signature) if not one.speaks]


def _named(signature: Signature) -> list["_Stand"]:
    found = _places(signature.written, signature.language)
    return [one for one in found if one.member in signature.cast]


def _cities(where: Iterable["_Stand"]) -> frozenset[str]:
    """Return the places smaller than a country; a seat of government only if it is marked as one.

    It is as often who does something: "Kyiv hails strikes on Kursk".
    """
    return frozenset(one.member for one in where if one.is_marked or lies_in_country(one.member))


class _Stand(NamedTuple):
    """How a place stands in a title: as whoever speaks, or marked as where it happens."""

    member: str
    start: int
    end: int
    speaks: bool
    is_marked: bool


@lru_cache(_TITLES)
def _places(title: str, language: str | None) -> tuple[_Stand, ...]:
    names = find_names(title, language)
    found = dict.fromkeys((one.list.removeprefix(PREFIX), one.start, one.end) for one in names)
    return tuple(
        _Stand(*one, speaks(title, *one[1:], whole_title=True), is_marked(title, *one[1:]))
        for one in found
        if not is_actor(one[0])
    )


@lru_cache(_TITLES)
def _frame(title: str, language: str | None) -> tuple[object, ...]:
    """Return what stands around the places of a title, and whether each is marked."""
    frame: list[object] = []
    told = 0
    for one in _places(title, language):
        if not one.speaks:
            frame += (_words(title[told : one.start], language), one.is_marked)
            told = one.end
    return (*frame, _words(title[told:], language))


def _words(text: str, language: str | None) -> tuple[str, ...]:
    """Return the words of a text but articles and the like: "en Inde", "au Pakistan"."""
    return tuple(filterfalse(quiet_words(language).__contains__, words(fold(text))))
