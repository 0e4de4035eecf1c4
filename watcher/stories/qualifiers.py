"""What turns a headline into another by standing in it: a hoax, called off, whose sister.

Two headlines may share every other word: what the later one leaves out is then the news.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final

from watcher.data_files import read_table
from watcher.stories.words import fold, is_unspaced
from watcher.topics.terms import LANGUAGES_AT_HAND, language_family

_ANY: Final = "*"
#: The table of words that count in headlines of their own language only: "mai" is no month to
#: Italians alone.
_HERE: Final = "here"
#: The kind of what denies the rest of a headline.
_NOT: Final = "not"
#: The kind of what has no event behind it yet.
PLAN: Final = "plan"
#: The table of what holds a word of another kind and turns nothing: "after years of delay".
_NONE: Final = "none"


def qualifiers(title: str, language: str = "") -> Mapping[str, str]:
    """Return kind -> the first word of it in a title, folded.

    Words of every language count, as that of a short headline is seldom known; some count in
    `language` alone.
    """
    patterns = _patterns(language and language_family(language))
    text = patterns[_NONE].sub(" ", fold(title))
    found = ((kind, pattern.search(text)) for kind, pattern in patterns.items())
    return {kind: hit.group() for kind, hit in found if hit and kind != _NONE}


def negates(title: str, language: str = "") -> bool:
    """Whether a title says "not" in plain words, as `qualifiers` finds them."""
    patterns = _patterns(language and language_family(language))
    return bool(patterns[_NOT].search(patterns[_NONE].sub(" ", fold(title))))


@lru_cache(LANGUAGES_AT_HAND)
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    return {
        kind: _pattern(_rows(rows, language))
        for kind, rows in read_table("stories", "qualifiers.toml").items()
    }


def _rows(rows: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Return the rows of a kind that count in a language."""
    own = rows.get(_HERE, {}).get(language)
    return tuple(row for row in (*rows.values(), own) if isinstance(row, str))


@cache  # most kinds have no words of one language, and one pattern for all of them
def _pattern(rows: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds any term, the longest first.

    One pair of borders for all that stand between borders of words: to look for them once in each
    place, not once a term, takes a fifteenth of the time.
    """
    terms = {term for row in rows for term in fold(row).split("|")}
    longest = sorted(terms, key=lambda term: (-len(term), term))
    unspaced = [_term(term) for term in longest if is_unspaced(term)]
    spaced = "|".join(_term(term) for term in longest if not is_unspaced(term))
    return re.compile("|".join([rf"(?<!\w)(?:{spaced})(?!\w)", *unspaced] if spaced else unspaced))


def _term(term: str) -> str:
    """Return the pattern of a term, with any letters where it leaves them open."""
    letters = re.escape(term.strip(_ANY))
    beginning = r"\w+" if term.startswith(_ANY) else ""
    ending = r"\w*" if term.endswith(_ANY) else ""
    return beginning + letters + ending
