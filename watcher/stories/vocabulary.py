"""The word lists of `data/vocabulary.toml`, read once."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from watcher.data_files import read_table
from watcher.topics.terms import LANGUAGES_AT_HAND, language_family

_TABLES: Final = read_table("stories", "vocabulary.toml")
#: Of Latin, Greek and Cyrillic letters; the marks of kana, Arabic and Indic scripts are others.
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")


def without_accents(text: str) -> str:
    """Return text whose letters have lost their accents ("El Niño", "El Nino")."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


@lru_cache(LANGUAGES_AT_HAND)
def word_list(name: str, language: str | None = None) -> frozenset[str]:
    """Return the words of one list of markers, in a language those that count in it."""
    return frozenset(_words(_TABLES["markers"][name])) - _foreign(name, language)


@lru_cache(LANGUAGES_AT_HAND)
def table(name: str, language: str | None = None) -> dict[str, str]:
    """Return which key of a table each of its words stands for, in a language those of it."""
    foreign = _foreign(name, language)
    rows = _TABLES[name].items()
    return {word: key for key, row in rows for word in _words(row) if word not in foreign}


@lru_cache(LANGUAGES_AT_HAND)
def opposites(language: str | None = None) -> dict[str, frozenset[tuple[int, int]]]:
    """Return the sides that each word takes in a language: (pair of opposites, side)."""
    foreign = _foreign("opposites", language)
    sides: dict[str, frozenset[tuple[int, int]]] = {}
    for number, pair in enumerate(_TABLES["opposites"]):
        for side, row in enumerate((pair["one"], pair["other"])):
            for word in _words(row):
                if word not in foreign:
                    sides[word] = sides.get(word, frozenset()) | {(number, side)}
    return sides


def _foreign(name: str, language: str | None) -> frozenset[str]:
    """Return the words of a table that count in other languages alone; none in an unknown one."""
    here = _TABLES["here"].get(name, {})
    if not language:
        return frozenset()
    own = _words(here.get(language_family(language), ""))
    return frozenset(word for row in here.values() for word in _words(row)).difference(own)


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


def _words(row: str) -> list[str]:
    return without_accents(row).split()
