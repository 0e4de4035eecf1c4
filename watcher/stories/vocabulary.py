"""The word lists of `data/vocabulary.toml`, read once."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from watcher.data_files import read_table

_TABLES: Final = read_table("stories", "vocabulary.toml")
#: Of Latin, Greek and Cyrillic letters; the marks of kana, Arabic and Indic scripts are others.
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")


def without_accents(text: str) -> str:
    """Return text whose letters have lost their accents ("El Niño", "El Nino")."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def word_list(name: str) -> frozenset[str]:
    """Return the words of one list of markers."""
    return frozenset(_words(_TABLES["markers"][name]))


def table(name: str) -> dict[str, str]:
    """Return which key of a table each of its words stands for."""
    return {word: key for key, row in _TABLES[name].items() for word in _words(row)}


def opposites() -> dict[str, frozenset[tuple[int, int]]]:
    """Return the sides that each word takes: (pair of opposites, side)."""
    sides: dict[str, frozenset[tuple[int, int]]] = {}
    for number, pair in enumerate(_TABLES["opposites"]):
        for side, row in enumerate((pair["one"], pair["other"])):
            for word in _words(row):
                sides[word] = sides.get(word, frozenset()) | {(number, side)}
    return sides


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


def _words(row: str) -> list[str]:
    return without_accents(row).split()
