"""The names of countries and capitals in every language, and which of them need care.

The data comes from CLDR (scripts/make_countries.py; data/LICENSE.unicode).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from watcher.data_files import read_data
from watcher.topics.normalise import fold
from watcher.topics.scripts import UNSPACED, script_of
from watcher.topics.terms import families

#: Names of up to this many letters count in their own languages only: "Nga" (Russia in
#: Vietnamese), "Mali" ("small" in Serbian), "Oman" ("of one's own" in Finnish).
SHORT_COUNTRY = 4

#: Longer names that are an everyday word or a given name in another written language.
EVERYDAY_WORDS = frozenset(
    fold(word).key
    for word in (
        "Island",  # Iceland in German and Danish
        "Maurice",  # Mauritius in French
        "Réunion",
        "Turska",  # Turkey in Serbian, cod in Finnish
        "Benin",  # "my" in Turkish
        "Palau",  # palace in Catalan
        "Samoa",
        "Chile",
        "Chili",
        "Malte",
        "Jersey",
        "Jordan",
        "Turkey",
        "Togo",
        "Saksa",
        "Turki",
        "Tunis",
        "Kenia",
        "Andora",
        "Libia",
        "Peruu",
        "Serbi",
        "Panama",
        "Monaco",  # Munich in Italian
        "Barma",
        "Cabo Verde",
        "Columbia",  # Colombia in Romanian; British Columbia
        "Granada",  # Grenada in Spanish
        "Qadar",  # Qatar in Somali; Lailatul Qadar
        "Katari",
        "Pole",  # Poland in Kurdish
        "Sambia",
        "Gambi",
        "Gambit",
    )
)


#: What goes bare as an everyday word alone, in its own languages too: a reunion. Others go bare in
#: capitals: PANAMA.
MARKED = frozenset({"reunion"})

#: What looks like a form of a country's name, and is of another.
OF_OTHERS = {
    "DM": ("Dominican", "dominicain", "dominicaine"),
    "GB": ("British Columbia", "British Virgin Islands"),
    "GN": ("Bissau-Guinean", "Equatorial Guinean", "Papua New Guinean"),
    "IE": ("Northern Irish", "nord-irlandais", "nord-irlandaise", "irlandais du Nord"),
    "IN": ("West Indian",),
    "NG": ("nigérien", "nigérienne"),
    "TR": ("Turks and Caicos", "Mechanical Turk"),
    "US": (
        "Native American",
        "Latin American",
        "South American",
        "Central American",
        "sud-américain",
        "latino-américain",
        "sul-americano",
        "latino-americano",
    ),
}


#: What English calls people and things of a country, where it is more than the name and an ending.
ADJECTIVES = {
    "AR": ("Argentine", "Argentinean"),
    "BE": ("Belgian",),
    "BR": ("Brazilian",),
    "BS": ("Bahamian",),
    "BY": ("Belarusian",),
    "EC": ("Ecuadorean", "Ecuadorian"),
    "EG": ("Egyptian",),
    "ES": ("Spaniard",),
    "HU": ("Hungarian",),
    "IT": ("Italian",),
    "JO": ("Jordanian",),
    "MX": ("Mexican",),
    "NO": ("Norwegian",),
    "PA": ("Panamanian",),
    "PH": ("Filipino",),
    "SE": ("Swede",),
    "SV": ("Salvadoran",),
    "US": ("American",),
    "XK": ("Kosovan",),
}


@cache
def cities() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return time zone -> language -> what its city is called there."""
    found: dict[str, dict[str, list[str]]] = json.loads(read_data("topics", "cities.json"))
    return found


@cache
def _data() -> dict[str, dict[str, dict[str, list[str]]]]:
    data: dict[str, dict[str, dict[str, list[str]]]] = json.loads(
        read_data("topics", "countries.json")
    )
    return data


def forget_countries() -> None:
    """Let go of what was read; it is read again when it is asked for."""
    cities.cache_clear()
    _data.cache_clear()


def countries() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return ISO 3166-1 alpha-2 code -> language (primary subtag) -> names."""
    return _data()["names"]


@dataclass(frozen=True, slots=True)
class CountryName:
    """A name of a country, as a term.

    Attributes:
        text: the term; names of three capitals or fewer ("US") are exact forms.
        languages: the families of the languages that call it so.
        everywhere: it counts in other languages too.
        is_marked: its diacritics tell it from an everyday word of its own language: Réunion.
    """

    text: str
    languages: frozenset[str]
    everywhere: bool
    is_marked: bool = False


def country_names(code: str, among: frozenset[str] | None = None) -> Iterator[CountryName]:
    """Yield each name of a country.

    Args:
        code: as in ISO 3166-1.
        among: families of which it must be a name in one; None means any language.
    """
    speakers: dict[str, list[str]] = {}
    for language, names in countries().get(code, {}).items():
        for name in names:
            speakers.setdefault(name, []).append(language)
    for name in ADJECTIVES.get(code, ()):
        speakers.setdefault(name, []).append("en")
    for name, languages in speakers.items():
        spoken = families(*languages)
        if among is not None and among.isdisjoint(spoken):
            continue
        exact = len(name) <= 3 and name.isupper() and name.isascii()  # noqa: PLR2004 - "US", "UK"
        text = f"={name}" if exact else name
        is_marked = fold(name).key in MARKED
        yield CountryName(text, spoken, not _needs_care(name, code), is_marked)


def longer_names(code: str) -> Iterator[str]:
    """Yield names of other countries that hold a name of this one: 白俄罗斯 holds 俄罗斯."""
    yield from OF_OTHERS.get(code, ())
    for names in _data()["longer"].get(code, {}).values():
        yield from names


def _needs_care(name: str, code: str) -> bool:
    if name in ADJECTIVES.get(code, ()):
        return True
    spelling = fold(name).key
    if script_of(spelling[-1]) in UNSPACED:
        return False
    return len(spelling) <= SHORT_COUNTRY or spelling in EVERYDAY_WORDS
