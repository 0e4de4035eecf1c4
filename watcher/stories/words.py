"""The words of a text, their stems, which are compared, and how telling each of them is."""

import math
import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from watcher.data_files import read_data, read_table
from watcher.stories.numerals import western_digits
from watcher.stories.vocabulary import table, without_accents
from watcher.topics.scripts import HAN, HANGUL, HIRAGANA, KANA
from watcher.topics.terms import LANGUAGES_AT_HAND, language_family

#: Scripts written without spaces between words (and Korean, whose particles hang on the word).
_UNSPACED: Final = re.compile(
    f"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff{KANA}{HAN}{HANGUL}\uf900-\ufaff]+"
)
_WORD: Final = re.compile(r"[^\W_]+")
#: From Devanagari to Mongolian: scripts of India, Tibet and South-East Asia, whose vowels and tones
#: are marks, no letters to a pattern: "लड़का", "लड़की"; "ปืน" is a gun, "ปูน" is cement.
_MARKED_SCRIPTS: Final = range(0x0900, 0x1800)
MARKS: Final = "".join(
    char for char in map(chr, _MARKED_SCRIPTS) if unicodedata.category(char).startswith("M")
)
_MARK: Final = re.compile(f"[{MARKS}]")
_MARKED_WORD: Final = re.compile(rf"(?:[^\W_]|{_MARK.pattern})+")
_HIRAGANA: Final = re.compile(f"^[{HIRAGANA}]+$")
#: Endings differ behind it: "elections" and "election", "переговоров" and "переговоры".
_STEM: Final = 6
#: Words of less weight ("has", "says", "to") tell nothing; "again" (4.5) does.
TELLING: Final = 3.4
#: Weight of a term that the table does not know: as rare as the rarest that it knows.
RAREST: Final = 9.0
#: Of two hiragana, which are nearly always grammar, and of function words of any language.
_GRAMMAR: Final = 2.0
#: Languages whose function words are counted like all their words.
_COUNTED: Final = frozenset({"en", "id"})
_BIGRAM: Final = 6.0
_GRAMMAR_SQUARE, _BIGRAM_SQUARE, _RAREST_SQUARE = _GRAMMAR**2, _BIGRAM**2, RAREST**2
#: Terms whose weight is kept at hand; a day of a thousand feeds holds about as many.
_REMEMBERED: Final = 65_536
#: Outlets whose folded name is kept at hand.
_NAMES: Final = 4_096


def words(text: str) -> list[str]:
    """Return the words of a folded text in order; unspaced scripts as character pairs."""
    found: list[str] = []
    for run in runs(text):
        if run.isascii() or not _UNSPACED.search(run):
            found.append(run)
        else:
            found.extend(_pairs(run))
    return found


def runs(text: str) -> list[str]:
    """Return the runs of letters, digits and their marks of a text in order."""
    is_marked = not text.isascii() and _MARK.search(text)
    found: list[str] = (_MARKED_WORD if is_marked else _WORD).findall(text)
    return found


def fold(text: str) -> str:
    """Return text in lower case, in one form, without accents, its digits 0 to 9."""
    return western_digits(without_accents(unicodedata.normalize("NFKC", text).casefold()))


def is_unspaced(text: str) -> bool:
    """Whether a text holds letters of a script that puts no space around every word."""
    return not text.isascii() and bool(_UNSPACED.search(text))


@lru_cache(_NAMES)
def fold_name(name: str) -> str:
    """Return the folded name of an outlet, which comes with every entry of it."""
    return fold(name)


def stem(word: str) -> str:
    """Return what is compared of a word: its first letters, so that endings do not part."""
    return word if word.isdigit() else word[:_STEM]


def weight(term: str) -> float:
    """Return how telling a term is: ln(stories / stories with it) in a reference collection."""
    return math.sqrt(squared_weight(term))


class _Squares(dict[str, float]):
    """Squared weights by term, computed when first asked for; a cache with a list took twice."""

    def __missing__(self, term: str) -> float:
        if len(self) >= _REMEMBERED:
            self.clear()
        square = self[term] = _squared(term)
        return square


#: Returns the square of a term's weight.
squared_weight: Final = _Squares().__getitem__


def weight_in(language: str | None, word: str) -> float:
    """Return how telling a word is in a language: not at all if any of its texts may have it."""
    return 0.0 if word in quiet_words(language) else weight(stem(word))


def quiet_words(language: str | None) -> frozenset[str]:
    """Return the folded words that a report of any event may have in a language.

    They are no terms of it: unlisted they would weigh like the rarest name ("ersten", "depuis").
    There are none in a language whose words are counted, nor in an unknown one.
    """
    return _quiet_words(language_family(language)) if language else frozenset()


def counted_weight(term: str) -> float:
    """Return how telling a term is by the collection alone: what none of its stories has tells.

    So does a "not" in a language whose function words are none of the collection's.
    """
    return math.sqrt(_counted(term))


def _squared(term: str) -> float:
    counted = _counted(term)
    return min(counted, _GRAMMAR_SQUARE) if term in _light_terms() else counted


def _counted(term: str) -> float:
    known = _table().get(term)
    if known is not None:
        return known * known
    if _HIRAGANA.match(term):
        return _GRAMMAR_SQUARE
    return _BIGRAM_SQUARE if _UNSPACED.match(term) else _RAREST_SQUARE


@lru_cache(LANGUAGES_AT_HAND)
def _quiet_words(language: str) -> frozenset[str]:
    if language in _COUNTED:
        return frozenset()
    forms = read_table("stories", "forms.toml")
    quiet = read_table("stories", "quiet.toml")["quiet"]
    tables = (forms["function_words"], forms["more_function_words"], quiet)
    return frozenset(word for table in tables for word in words(fold(table.get(language, ""))))


@cache
def _light_terms() -> frozenset[str]:
    """Return the stems of function words in languages whose words nobody counted, and of weekdays.

    They would weigh like a name: "на", "على", "mardi" joined reports of any two events.
    """
    tables = read_table("stories", "forms.toml")
    rows = [row for name, row in tables["function_words"].items() if name not in _COUNTED]
    rows += tables["more_function_words"].values()
    listed = (word for row in rows for word in fold(row).split())
    light = map(stem, (*listed, *table("weekdays")))
    return frozenset(light).difference(map(stem, fold(tables["other_words"]["any"]).split()))


@cache
def _table() -> dict[str, float]:
    """Read the shipped weights: a line is a weight and the terms that have it."""
    text = read_data("stories", "terms.txt")
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {term: float(row[0]) for row in rows for term in row[1:]}


def _pairs(run: str) -> list[str]:
    """Return the parts of a run of letters; of unspaced scripts the pairs of characters."""
    found: list[str] = []
    last = 0
    for match in _UNSPACED.finditer(run):
        part = match[0]
        found.append(run[last : match.start()])
        found.extend(map("".join, pairwise(part)) if len(part) > 1 else part)
        last = match.end()
    return [word for word in (*found, run[last:]) if word]
