"""Does a headline have a word of another in some form? Which words tell anything at all?

The words and endings stand in `data/forms.toml`, by language; for a language without a list the
weight of a word says whether it tells anything.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Final

from watcher.stories.numbers import spelled
from watcher.stories.signature import Signature
from watcher.stories.vocabulary import without_accents
from watcher.stories.words import TELLING, is_unspaced, stem, weight
from watcher.topics.terms import language_family

#: Letters of a word that stands for a longer one.
_LEAST_PART: Final = 4
#: Of two words that differ by this alone one is the other's plural, or its third person.
_PLURAL: Final = "s"


def first_foreign(ours: Signature, theirs: Signature) -> str:
    """Return the first telling word of one title that the other entry has in no form; or ""."""
    return next((word for word in ours.words if _is_foreign(word, ours, theirs)), "")


def _is_foreign(word: str, ours: Signature, theirs: Signature) -> bool:
    """Whether a telling word stands in no form in the other entry.

    Another form of a word of its title counts ("will meet", "met"); within a longer one it does
    not ("bahas" in "dibahas"). Of its summary only stems are known.
    """
    if word in theirs.words or not tells(word, ours.language):
        return False
    if any(_is_form(word, known, ours.language) for known in theirs.words):
        return False
    if any(spelled(word) == number.value for number in theirs.numbers.amounts):
        return False
    in_title = any(stem(known) == stem(word) for known in theirs.words)
    return in_title or stem(word) not in theirs.text.terms


def tells(word: str, language: str | None) -> bool:
    """Whether it makes another headline of one to have the word in it."""
    if len(word) == 1 and not (word.isascii() or is_unspaced(word)):  # a piece between marks
        return False
    quiet = _listed("function_words", language)
    if not quiet or word.isdigit() or len(word) == 1:
        return weight(stem(word)) >= TELLING
    return word not in quiet


def _is_form(word: str, known: str, language: str | None) -> bool:
    """Whether one of two words holds the other, with no more before it than grammar puts there."""
    short, long = sorted((word, known), key=len)
    if len(short) < _LEAST_PART:
        return long == short + _PLURAL
    before, found, _ = long.partition(short)
    return bool(found) and (not before or before in _listed("prefixes", language))


def _listed(table: str, language: str | None) -> frozenset[str]:
    return _of_family(table, language_family(language)) if language else frozenset()


@cache
def _of_family(table: str, language: str) -> frozenset[str]:
    return frozenset(without_accents(_tables()[table].get(language, "")).split())


@cache
def _tables() -> dict[str, dict[str, str]]:
    source = resources.files("watcher.stories").joinpath("data/forms.toml")
    return tomllib.loads(source.read_text("utf-8"))
