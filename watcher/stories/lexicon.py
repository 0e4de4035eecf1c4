"""Word lists of a folder below `data/`, a file for each language: acts, subjects.

A row names its terms, parted by bars; "*" at the end of one stands for any ending. A word counts in
its language only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, Final, NamedTuple

from watcher.data_files import read_table
from watcher.model import Evidence
from watcher.topics.engine import Engine
from watcher.topics.evaluate import covers
from watcher.topics.terms import LANGUAGES_AT_HAND, Kind, Term, compile_term, families
from watcher.topics.terms import language_family as family_of

_FOLDER: Final = resources.files("watcher.stories").joinpath("data")


class Lexicon(NamedTuple):
    """The word lists of one kind.

    Attributes:
        folder: below `data/`.
        prefix: of their names, as they stand beside those of a watchlist where terms are hidden.
    """

    folder: str
    prefix: str

    def find(self, text: str, family: str) -> list[Evidence]:
        """Return every term of a family's lists that stands in a text, also within another."""
        if not family:
            return []
        return [evidence for _, evidence in _engine(self, family).find_in(text, family)]

    def row(self, family: str, name: str) -> tuple[str, ...]:
        """Return the terms of one list, named with or without its prefix."""
        return tuple(self.table(family).get(name.removeprefix(self.prefix), "").split("|"))

    def table(self, family: str) -> Mapping[str, Any]:
        """Return what is listed of a language; nothing for one without a file."""
        return _table(self.folder, family)


def spoken_family(language: str | None, text: str) -> str:
    """Return whose words count in a text; those of English where nothing tells its language.

    That is where a headline holds little but names: "Kim Jong Un meets Putin at Vostochny".
    """
    if language:
        return family_of(language)
    return "en" if text.isascii() else ""


def longest(found: Sequence[Evidence]) -> list[Evidence]:
    """Return what is found without what stands in a longer one: "leaves for", not "leaves"."""
    return [
        one
        for one in found
        if not any(len(other.text) > len(one.text) and covers(other, one) for other in found)
    ]


@lru_cache(2 * LANGUAGES_AT_HAND)
def _engine(lexicon: Lexicon, family: str) -> Engine:
    """Return what finds one language's terms: most desks read few languages."""
    rows = {name: row for name, row in lexicon.table(family).items() if isinstance(row, str)}
    return Engine(
        term
        for name, row in rows.items()
        for term in _terms(f"{lexicon.prefix}{name}", row.split("|"), family)
    )


def _terms(name: str, texts: Iterable[str], family: str) -> Iterator[Term]:
    languages = families(family)
    return filter(None, (compile_term(text, name, Kind.WORD, languages) for text in texts))


@lru_cache(2 * LANGUAGES_AT_HAND)
def _table(folder: str, family: str) -> Mapping[str, Any]:
    files = _FOLDER.joinpath(folder)
    name = f"{family}.toml"
    if name not in {file.name for file in files.iterdir()}:
        return {}
    return read_table("stories", f"{folder}/{name}")
