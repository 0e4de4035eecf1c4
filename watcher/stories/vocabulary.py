"""The word lists of `data/vocabulary.toml`, read once."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from watcher.data_files import read_table
from watcher.topics.terms import language_family

_TABLES: Final = read_table("stories", "vocabulary.toml")
#: Of Latin, Greek and Cyrillic letters; the marks of kana, Arabic and Indic scripts are others.
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")


def without_accents(text: str) -> str:
    """Return text whose letters have lost their accents ("El Niño", "El Nino")."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def word_list(name: str, language: str | None = None) -> frozenset[str]:
    """Return the words of one list of markers, in a language those that count in it."""
    return _word_list(name, _row_of(name, language))


def table(name: str, language: str | None = None) -> dict[str, str]:
    """Return which key of a table each of its words stands for, in a language those of it."""
    return _table(name, _row_of(name, language))


def opposites(language: str | None = None) -> dict[str, frozenset[tuple[int, int]]]:
    """Return the sides that each word takes in a language: (pair of opposites, side)."""
    return _opposites(_row_of("opposites", language))


@cache
def _word_list(name: str, row: str | None) -> frozenset[str]:
    return frozenset(_words(_TABLES["markers"][name])) - _foreign(name, row)


@cache
def _table(name: str, row: str | None) -> dict[str, str]:
    foreign = _foreign(name, row)
    rows = _TABLES[name].items()
    return {word: key for key, listed in rows for word in _words(listed) if word not in foreign}


@cache
def _opposites(row: str | None) -> dict[str, frozenset[tuple[int, int]]]:
    foreign = _foreign("opposites", row)
    sides: dict[str, frozenset[tuple[int, int]]] = {}
    for number, pair in enumerate(_TABLES["opposites"]):
        for side, listed in enumerate((pair["one"], pair["other"])):
            this = frozenset({(number, side)})  # one for all its words: they are thousands
            for word in _words(listed):
                if word not in foreign:
                    sides[word] = sides[word] | this if word in sides else this
    return sides


def _row_of(name: str, language: str | None) -> str | None:
    """Return which words count in a language alone: one name for all that have none such.

    None is for a text of no known language, in which all count.
    """
    if not language:
        return None
    family = language_family(language)
    return family if family in _TABLES["here"].get(name, ()) else ""


def _foreign(name: str, row: str | None) -> frozenset[str]:
    """Return the words of a table that count in other languages alone."""
    here = _TABLES["here"].get(name, {})
    if row is None:
        return frozenset()
    own = _words(here.get(row, ""))
    return frozenset(word for words in here.values() for word in _words(words)).difference(own)


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


def _words(row: str) -> list[str]:
    return without_accents(row).split()
