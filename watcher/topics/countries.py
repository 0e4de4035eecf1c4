"""The names of countries and capitals in every language, and which of them need care.

The names come from CLDR (scripts/make_countries.py; data/LICENSE.unicode), and everyday ones and
abbreviations that it does not give from data/country_names.toml.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from watcher.data_files import read_anew, read_table
from watcher.topics.normalise import fold
from watcher.topics.scripts import UNSPACED, script_of
from watcher.topics.terms import families

#: Names of up to this many letters count in their own languages only: "Nga" (Russia in
#: Vietnamese), "Mali" ("small" in Serbian), "Oman" ("of one's own" in Finnish).
SHORT_COUNTRY = 4

#: Names of up to this many letters, all of them capitals, are written exactly so: US, САД.
LONGEST_ABBREVIATION = 3

#: Maltese and Irish, whose names in CLDR have the article.
_WITH_ARTICLE = frozenset({"mt", "ga"})


@cache
def cities() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return time zone -> language -> what its city is called there."""
    return read_anew("topics", "cities.json")


@cache
def _words(table: str) -> frozenset[str]:
    """Return the names of a table of data/country_words.toml, folded."""
    return frozenset(fold(name).key for name in read_table("topics", "country_words.toml")[table])


def _is_mistaken(name: str) -> bool:
    """Tell whether a name of CLDR nearly always says something else: Granada, in Spanish."""
    return name in read_table("topics", "country_words.toml")["mistaken"]


def is_doubtful_word(name: str) -> bool:
    """Tell whether a name, as it is written, is a word in texts of no known language: САД."""
    return name in read_table("topics", "country_words.toml")["doubtful"]


def _adjectives(code: str) -> Sequence[str]:
    """Return what English calls people and things of a country."""
    row = read_table("topics", "country_words.toml")["adjectives"].get(code, "")
    return tuple(filter(None, row.split("|")))


#: Country -> language -> names, the usual one first.
Names = Mapping[str, Mapping[str, Sequence[str]]]


@cache
def _data() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    return read_anew("topics", "countries.json")


def forget_countries() -> None:
    """Let go of what was read; it is read again when it is asked for."""
    for read in (cities, _data, _everyday, _namesakes, countries):
        read.cache_clear()


@cache
def countries() -> Names:
    """Return ISO 3166-1 alpha-2 code -> language (primary subtag) -> names."""
    return with_everyday(_data()["names"])


def english_namesake(code: str) -> str:
    """Return what English headlines with a country's name are often of; "" if of nothing else."""
    found: str = read_table("topics", "country_words.toml")["namesakes"].get(code, "")
    return found


def english_name(code: str) -> str:
    """Return what English calls a country; its code where nothing tells it."""
    return next(iter(countries().get(code, {}).get("en", ())), code)


def with_everyday(names: Names) -> Names:
    """Return names of countries with those that data/country_names.toml adds.

    Those that are mistaken for other words are left out.
    """
    found = {
        code: {
            language: [name for name in some if not _is_mistaken(name)]
            for language, some in languages.items()
        }
        for code, languages in names.items()
    }
    for languages in _everyday().values():
        for language, added in languages.items():
            for code, texts in added.items():
                own = found[code].setdefault(language, [])
                own += [text for text in texts.split("|") if text not in own]
    return found


def is_written(code: str, language: str, name: str) -> bool:
    """Tell whether a name of a country is of this program's authors, not of CLDR."""
    return name in _everyday()["written"].get(language, {}).get(code, "").split("|")


@cache
def _namesakes() -> Mapping[str, str]:
    """Return code -> what looks like a name of it, parted by bars."""
    return read_anew("topics", "namesakes.toml")


@cache
def _everyday() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return source -> language -> code -> names, parted by bars."""
    return read_anew("topics", "country_names.toml")


@dataclass(frozen=True, slots=True)
class CountryName:
    """A name of a country, as a term.

    Attributes:
        text: the term; names of three capitals or fewer ("US", "США") are exact forms.
        languages: the families of the languages that call it so.
        everywhere: it counts in other languages too.
        is_marked: its diacritics tell it from an everyday word of its own language: Réunion.
        has_capital: small letters make an everyday word of it: turkey.
        is_doubtful: an abbreviation or case that is another word elsewhere: Indonesian AS.
    """

    text: str
    languages: frozenset[str]
    everywhere: bool
    is_marked: bool = False
    has_capital: bool = False
    is_doubtful: bool = False


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
    for name in _adjectives(code):
        speakers.setdefault(name, []).append("en")
    for name, languages in speakers.items():
        spoken = families(*languages)
        if among is not None and among.isdisjoint(spoken):
            continue
        text = f"={name}" if _is_abbreviation(name) else name
        spelling = fold(name).key
        yield CountryName(
            text,
            spoken,
            everywhere=not (_needs_care(name, code) or _has_article(name, spoken)),
            is_marked=spelling in _words("marked"),
            has_capital=_is_word(spelling) or is_doubtful_word(name),
            is_doubtful=_is_doubtful(name, spoken),
        )


def _is_doubtful(name: str, languages: Collection[str]) -> bool:
    """Tell whether a name is another word where the language of a text is not known: EAU, PAR."""
    foreign = name.isascii() and _is_abbreviation(name) and "en" not in languages
    return foreign or _has_article(name, languages) or is_doubtful_word(name)


def _has_article(name: str, languages: Collection[str]) -> bool:
    """Tell whether a name begins with an article, as words of other languages may: in-Niġer."""
    return name[0].islower() and _WITH_ARTICLE.issuperset(languages)


def _is_abbreviation(name: str) -> bool:
    return len(name) <= LONGEST_ABBREVIATION and name.isupper()


def longer_names(code: str) -> Iterator[CountryName]:
    """Yield what holds a name of a country and is of another: 白俄罗斯 holds 俄罗斯.

    Of what is no country the languages are not told.
    """
    for text in filter(None, _namesakes().get(code, "").split("|")):
        yield CountryName(text, frozenset(), everywhere=True)
    for owner, texts in _data()["longer"].get(code, {}).items():
        own = countries()[owner]
        for text in texts:
            speakers = (language for language, names in own.items() if text in names)
            yield CountryName(text, families(*speakers), everywhere=True)


def _is_word(spelling: str) -> bool:
    """Tell whether a folded name of a country is an everyday word or a given name somewhere."""
    return spelling in _words("everyday") or spelling in _words("small")


def _needs_care(name: str, code: str) -> bool:
    if name in _adjectives(code):
        return True
    spelling = fold(name).key
    if script_of(spelling[-1]) in UNSPACED:
        return False
    return len(spelling) <= SHORT_COUNTRY or spelling in _words("everyday")
