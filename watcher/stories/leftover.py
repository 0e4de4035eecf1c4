"""What is left of a headline in letters that run on, when all that is read is taken out of it?

Where no spaces part the words nobody knows which they are: what is left says that one of them is
unread. Korean puts spaces, but hangs its grammar on the words; it is read in the same way. What
tells nothing stands in `data/pieces.toml`, by language; in a language without a row all tells.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from watcher.data_files import read_table
from watcher.stories.vocabulary import alternatives
from watcher.stories.words import fold
from watcher.stories.written_numbers import FIGURE, without_figures
from watcher.topics.scripts import HAN, HANGUL, HIRAGANA
from watcher.topics.terms import LANGUAGES_AT_HAND, language_family

#: Letters of scripts that run on and the marks on them, not their digits, points and dots between.
_RUN: Final = re.compile(
    "[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u109a-\u109f"
    "\u1100-\u11ff\u1780-\u17d3\u17d7\u17dc\u17dd\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff"
    f"\u3105-\u312f{HAN}{HANGUL}\uf900-\ufaff\U00020000-\U0003ffff]+"
)
#: Stands where something was read; a figure with its counter is read as well.
_READ: Final = FIGURE
#: Particles of what was read stand before the next word ("に砲弾").
_GRAMMAR_BEFORE: Final = re.compile(f"^[{HIRAGANA}]+(?=[^{HIRAGANA}])")
#: What no pattern of a language without words of a kind finds.
_NOTHING: Final = "(?!)"


class _Pieces(NamedTuple):
    """What tells nothing in a language.

    Attributes:
        words: pattern of the words.
        tails: what hangs on them, as it is listed.
        telling_nothing: pattern of a run that is made of nothing but words and their tails.
        counters: pattern of a figure and what stands behind it.
        leading: tails that have to lead on to something.
    """

    words: re.Pattern[str]
    tails: tuple[str, ...]
    telling_nothing: re.Pattern[str]
    counters: re.Pattern[str]
    leading: tuple[str, ...]


def leftover(title: str, language: str | None, read: Iterable[str]) -> str:
    """Return the first letters of a title that tell something nobody reads; "" if there are none.

    Args:
        title: as it is written.
        language: of the title; unknown when None.
        read: what the lists find in it, folded or not.
    """
    pieces = _pieces(language_family(language) if language else "")
    text = pieces.counters.sub(_READ, without_figures(fold(title), language))
    text = _without(text, read)
    return next((left for run in _RUN.finditer(text) if (left := _unread(run, pieces))), "")


def _without(text: str, read: Iterable[str]) -> str:
    """Return a text with a mark for each letter of all that is read in it."""
    letters = list(text)
    for term in {term for term in map(fold, read) if _RUN.search(term)}:
        for found in re.finditer(f"(?={re.escape(term)})", text):
            place = found.start()
            letters[place : place + len(term)] = _READ * len(term)
    return "".join(letters)


def _unread(run: re.Match[str], pieces: _Pieces) -> str:
    """Return what in a run of letters tells something."""
    letters = run[0]
    is_last = run.string[run.end() : run.end() + 1] != _READ
    if is_last and letters.endswith(pieces.leading):
        return letters
    if pieces.telling_nothing.fullmatch(letters):
        return ""
    left = pieces.words.sub(" ", letters).split()
    first = next((part for part in left if part not in pieces.tails), letters)
    return _GRAMMAR_BEFORE.sub("", first)


@lru_cache(LANGUAGES_AT_HAND)
def _pieces(language: str) -> _Pieces:
    words, tails = _pattern("words", language), _pattern("tails", language)
    leading = listed_pieces("leading", language)
    # Nothing is tried twice, or a title of a thousand listed words would take for ever.
    tail = f"(?:(?!{words})(?>{tails}|{alternatives(leading) or _NOTHING}))?+"
    return _Pieces(
        re.compile(words),
        listed_pieces("tails", language),
        re.compile(f"{tail}(?:(?>{words}){tail})*+"),
        re.compile(rf"{FIGURE}\s?(?:{_pattern('counters', language)})"),
        leading,
    )


def _pattern(table: str, language: str) -> str:
    return f"(?:{alternatives(listed_pieces(table, language)) or _NOTHING})"


@lru_cache(LANGUAGES_AT_HAND)
def listed_pieces(table: str, language: str) -> tuple[str, ...]:
    """Return what a table of `data/pieces.toml` lists of a language, folded."""
    return tuple(fold(read_table("stories", "pieces.toml")[table].get(language, "")).split())
