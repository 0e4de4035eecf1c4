"""The words of `data/attribution.toml` as patterns."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from watcher.data_files import read_table

#: From here on (Chinese, kana, Hangul) letters run on without spaces.
UNBORDERED: Final = "\u2e80"


@cache
def phrases(table: str) -> re.Pattern[str]:
    """Return a pattern of all languages' phrases of a table; `*` is any ending, case is none."""
    return _pattern(phrase for row in _tables()[table].values() for phrase in row)


@cache
def words(table: str, row: str) -> re.Pattern[str]:
    """Return a pattern of the phrases of one row."""
    return _pattern(_tables()[table][row])


@cache
def pieces(table: str, *rows: str) -> tuple[str, ...]:
    """Return what is written without spaces around it, as it stands in some rows of a table."""
    return tuple(piece for row in rows for piece in _tables()[table][row])


def value(table: str, key: str) -> Any:
    """Return a single value of a table."""
    return _tables()[table][key]


def _pattern(listed: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(set(listed), key=lambda phrase: (-len(phrase), phrase))
    return re.compile("|".join(map(_one, ordered)), re.IGNORECASE)


def _one(phrase: str) -> str:
    """Return one phrase as a pattern; Chinese and Japanese letters know no word borders."""
    stem = phrase.removesuffix("*")
    body = re.escape(stem).replace(r"\ ", r"[\s-]+")
    left = r"(?<!\w)" if _has_borders(stem[0]) else ""
    right = r"\w*" if phrase.endswith("*") else r"(?!\w)" if _has_borders(stem[-1]) else ""
    return f"{left}{body}{right}"


def _has_borders(letter: str) -> bool:
    return letter.isalpha() and letter < UNBORDERED


def _tables() -> Mapping[str, Any]:
    return read_table("outlets", "attribution.toml")
