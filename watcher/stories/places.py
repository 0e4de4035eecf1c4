"""Which places of the cast lie in which: a city in its country, a strait in several countries."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from watcher.data_files import read_table
from watcher.topics.pack import COUNTRY_PACKS

#: Tables of places where something happens; houses stand for a government alone.
_WHERE: Final = ("seats", "others")
#: Tables of what lies in something larger; lands are countries otherwise: they act and speak.
_LYING: Final = (*_WHERE, "lands")
#: Tables of what stands in headlines for the government of a country.
_GOVERNMENTS: Final = ("seats", "houses")

#: What may stand between a mark and a name: "in the Red Sea", "dans la mer Rouge", "en el".
_ARTICLES: Final = r"(?:the|der|dem|den|die|das|la|le|les|el|los|las|il|o|a|os|as)\s|l['\u2019]"


@cache
def cities() -> frozenset[str]:
    """Return the places smaller than a country, or of several: cities, regions, waters."""
    return frozenset().union(*map(_table, _WHERE))


@cache
def seats() -> Mapping[str, str]:
    """Return what stands in headlines for a government -> its country."""
    named = {seat: code for table in _GOVERNMENTS for seat, code in _table(table).items()}
    return {seat: _member(code) for seat, code in named.items()}


def lie_together(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether two casts have a member in common, or a place of one lies in a place of the other."""
    if not ours.isdisjoint(theirs):
        return True
    return not (_around(ours).isdisjoint(theirs) and _around(theirs).isdisjoint(ours))


def name_other_cities(
    ours: frozenset[str], theirs: frozenset[str], *, but_seats: bool = True
) -> bool:
    """Whether two casts name places smaller than a country, and none in common.

    Where a government sits is as often what it says: "Kyiv hails strikes on Kursk".
    """
    named = cities() - seats().keys() if but_seats else cities()
    a, b = ours & named, theirs & named
    return bool(a and b) and not lie_together(a, b)


def lies_in_country(place: str) -> bool:
    """Whether a place is smaller than a country, and stands for no government."""
    return place in cities() and place not in seats()


def is_marked(text: str, start: int, end: int) -> bool:
    """Whether the name at `start` to `end` is marked as where something happens: "in Peru"."""
    before, behind = _marks()
    return bool(before.search(text[:start]) or behind.match(text, end))


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    marks = _table("marks")
    before = "|".join(map(re.escape, marks["before"].split()))
    behind = "|".join(map(re.escape, marks["behind"].split()))
    return (
        re.compile(rf"(?<!\w)(?:{before})\s(?:{_ARTICLES})?$", re.IGNORECASE),
        re.compile(rf"\s?(?:{behind})"),
    )


def _around(cast: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*map(_larger, cast))


@cache
def _larger(place: str) -> frozenset[str]:
    """Return all that a place lies in: of the Louvre Paris, and of that France."""
    rows = {name: row for table in _LYING for name, row in _table(table).items()}
    around = frozenset(map(_member, rows.get(place, "").split()))
    return around.union(*map(_larger, around))


def _member(code: str) -> str:
    """Return the name that the cast has for a country or a place."""
    return COUNTRY_PACKS.get(code, code)


def _table(name: str) -> Mapping[str, str]:
    table: Mapping[str, str] = read_table("stories", "places.toml")[name]
    return table
