"""What turns a headline into another by standing in it: a hoax, called off, whose sister.

Two headlines may share every other word: what the later one leaves out is then the news.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

from watcher.stories.shipped import read_data
from watcher.stories.words import fold, is_unspaced

_ANY_ENDING: Final = "*"


def qualifiers(title: str) -> Mapping[str, str]:
    """Return kind -> the first word of it in a title, folded.

    Words of every language count: that of a short headline is seldom known.
    """
    text = fold(title)
    found = ((kind, pattern.search(text)) for kind, pattern in _patterns().items())
    return {kind: hit.group() for kind, hit in found if hit}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    kinds = tomllib.loads(read_data("qualifiers.toml"))
    return {kind: _pattern(list(rows.values())) for kind, rows in kinds.items()}


def _pattern(rows: list[str]) -> re.Pattern[str]:
    terms = (term for row in rows for term in fold(row).split("|"))
    return re.compile("|".join(map(_term, sorted(terms, key=len, reverse=True))))


def _term(term: str) -> str:
    """Return the pattern of a term: between borders of words, where its script has them."""
    letters = re.escape(term.removesuffix(_ANY_ENDING))
    if is_unspaced(term):
        return letters
    ending = r"\w*" if term.endswith(_ANY_ENDING) else ""
    return rf"(?<!\w){letters}{ending}(?!\w)"
