"""Write what CLDR knows: watcher/topics/data/countries.json and cities.json.

    .venv/bin/python scripts/make_countries.py

Source: Unicode CLDR (Unicode License v3) as packed in babel, a development dependency; the daemon
reads the files alone. Territory -> language (primary subtag) -> names, the usual one first; and
which names of other countries hold one of theirs, those of country_names.toml included: run this
again when that changes. CLDR also names a city for each time zone: zone -> language -> names, of
the zones that files of the pack ask for (`city = "Asia/Pyongyang"`); capitals without one of their
own (Beijing, Washington) are not in it. Sorted, so that a new CLDR shows as a difference.
"""

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from pathlib import Path

from ahocorasick_rs import AhoCorasick
from babel import Locale
from babel.localedata import locale_identifiers

from watcher.topics.boundaries import admit
from watcher.topics.countries import Names, with_everyday
from watcher.topics.normalise import fold
from watcher.topics.terms import Kind, compile_term
from watcher.topics.wordsets import word_set

Countries = dict[str, dict[str, list[str]]]

DATA = Path(__file__).resolve().parents[1] / "watcher" / "topics" / "data"

#: Codes that CLDR lists among the countries but that name no single one.
NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})

#: The languages that news is written in and whose names CLDR's voters have checked: rarer ones hold
#: mistakes (in Yoruba and Ge'ez both Koreas were the south) and would only match by accident.
LANGUAGES = word_set(
    """
    af am ar az be bg bn bs ca ckb cs cy da de el en es et eu fa fi fil fr ga gl gu ha he hi hr hu
    hy id is it ja jv ka kk km kn ko ku ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn no or pa
    pl ps pt ro ru sd si sk sl so sq sr sv sw ta te tg th tk tr tt ug uk ur uz vi yue zh
    """
)

#: Scripts invented for English that no outlet prints.
UNUSED_SCRIPTS = frozenset({"Dsrt", "Shaw"})

#: Countries whose second name stands in brackets: "Myanmar (Burma)". Elsewhere brackets tell
#: what kind of place it is, and are dropped.
TWO_NAMES = frozenset({"FK", "MM"})

#: Known apart by the brackets alone ("Congo - Kinshasa", "Saint Martin (French part)"); without
#: them one name would be two places.
APART_BY_BRACKETS = frozenset({"CD", "CG", "MF", "SX", "VG", "VI"})


def main() -> None:
    """Write the data files and say how much is in them."""
    countries = collect()
    data = {"longer": longer(with_everyday(countries)), "names": countries}
    write("countries.json", countries, data)
    cities = {zone: city_names(zone) for zone in zones()}
    write("cities.json", cities, cities)


def write(name: str, places: Countries, data: object) -> None:
    """Write one file and say how much is in it."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    target = DATA / name
    target.write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")
    names = sum(len(names) for languages in places.values() for names in languages.values())
    print(f"{name}: {len(places)} places, {names} names, {target.stat().st_size} bytes")


def zones() -> list[str]:
    """Return the time zones whose cities files of the pack ask for."""
    tables = (tomllib.loads(file.read_text("utf-8")) for file in (DATA / "pack").iterdir())
    return sorted({table["city"] for table in tables if "city" in table})


def city_names(zone: str) -> dict[str, list[str]]:
    """Return language -> its names of a zone's city; none where CLDR leaves it in English."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for locale in locales():
        name = locale.time_zones.get(zone, {}).get("city")
        if name:
            found[locale.language][name] = None
    return {language: list(names) for language, names in found.items()}


def locales() -> Iterator[Locale]:
    """Yield the locales that news is written in, those of whole languages first."""
    for identifier in sorted(locale_identifiers(), key=lambda name: (len(name.split("_")), name)):
        locale = Locale.parse(identifier)
        if locale.language in LANGUAGES and locale.script not in UNUSED_SCRIPTS:
            yield locale


def collect() -> Countries:
    """Return territory -> language -> names, CLDR's own choice first."""
    found: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for locale in locales():
        for code, name in locale.territories.items():
            if re.fullmatch("[A-Z]{2}", code) and code not in NOT_COUNTRIES and name != code:
                found[code][locale.language] |= dict.fromkeys(spellings(code, name))
    return {
        code: {language: list(names) for language, names in languages.items()}
        for code, languages in found.items()
    }


def spellings(code: str, name: str) -> list[str]:
    """Return the names in one CLDR entry: "Myanmar (Burma)" holds two."""
    name = " ".join(name.split())
    parts = re.fullmatch(r"([^()（）]+?)\s*[(（]([^()（）]+)[)）]", name)
    if parts is None or code in APART_BY_BRACKETS:
        return [name]
    return [part.strip() for part in parts.groups()[: 2 if code in TWO_NAMES else 1]]


def longer(countries: Names) -> Countries:
    """Return code -> code of another country -> its names that hold a name of the first.

    Found by the daemon's own border rules: what they would admit is what must be masked.
    """
    folded = {fold(name): (code, name) for code, name in all_names(countries)}
    terms = [
        (code, term)
        for code, name in all_names(countries)
        if (term := compile_term(name, code, Kind.COUNTRY))
    ]
    automaton = AhoCorasick([term.key for _, term in terms])
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for text, (owner, name) in folded.items():
        for number, first, last in automaton.find_matches_as_indexes(text.key, overlapping=True):
            code, term = terms[number]
            if code != owner and len(term.key) < len(text.key) and admit(term, text, first, last):
                found[code][owner].add(name)
    return as_lists(found)


def all_names(countries: Names) -> list[tuple[str, str]]:
    """Return every name with its country's code."""
    return [
        (code, name)
        for code, languages in countries.items()
        for name in sorted(set(chain.from_iterable(languages.values())))
    ]


def as_lists(found: Mapping[str, Mapping[str, Collection[str]]]) -> Countries:
    """Return the same with sorted lists, which JSON can hold."""
    return {
        outer: {inner: sorted(names) for inner, names in table.items()}
        for outer, table in found.items()
    }


if __name__ == "__main__":
    main()
