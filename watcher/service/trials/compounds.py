"""Compounds that a list does not find by their last part: Öltanker, Kaffeepreise, miljardböter.

Matching finds no term at the end of a longer word: of the 42 words of 690 real headlines that ended
with a term of six letters or more, 27 were about what its list is of; enttäuscht ends with tauscht.
So they are named to people, who know which to list.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from watcher.config.settings import WordsTable
from watcher.storage.rows import ArchivedText
from watcher.stories.words import fold, words
from watcher.topics.compiling import words_terms
from watcher.topics.reasons import Nearly
from watcher.topics.terms import Kind, language_family
from watcher.topics.wordsets import word_set

#: Languages that write a compound in one word, its head last.
COMPOUNDING = word_set("af da de et fi hu is nl no sv")
#: Shorter terms end too many words: "rat", "mord".
SHORTEST_HEAD = 5
#: Compounds of one topic, the most used first.
MOST = 8


@dataclass(frozen=True, slots=True)
class Compound:
    """A word of entries that lack a list, and the list's term that it ends with."""

    language: str
    word: str
    head: str
    missing: str
    entries: int
    example: str


def find_compounds(
    nearly: Iterable[tuple[ArchivedText, Nearly]], lists: Mapping[str, WordsTable]
) -> tuple[Compound, ...]:
    """Return the compounds in titles that miss a topic by one word list, the most used first."""

    @cache
    def heads(name: str, language: str) -> tuple[str, ...]:
        return tuple(sorted(_heads(name, lists.get(name), language), key=len, reverse=True))

    uses: dict[tuple[str, str, str, str], list[str]] = {}
    for text, near in nearly:
        language = language_family(text.language or "")
        if language in COMPOUNDING and len(near.missing) == 1 and not near.ruled_out:
            name = near.missing[0]
            for word, head in set(_compounds(text.title, heads(name, language))):
                uses.setdefault((language, word, head, name), []).append(text.title)
    found = (Compound(*key, len(titles), titles[0]) for key, titles in uses.items())
    return tuple(sorted(found, key=lambda one: (-one.entries, one.language, one.word)))[:MOST]


def _heads(name: str, table: WordsTable | None, language: str) -> Iterator[str]:
    """Yield the terms of a list in a language that may end a compound."""
    for term in words_terms(name, table):
        fits = term.manner.languages is None or language in term.manner.languages
        if term.kind is Kind.WORD and fits and not term.gaps and not term.manner.cased:
            head = fold(term.text.rstrip("*"))
            if len(head) >= SHORTEST_HEAD:
                yield head


def _compounds(title: str, heads: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the words of a title that end with a head and begin with something else."""
    for word in words(title.lower()):
        folded = fold(word)
        head = next((head for head in heads if folded.endswith(head)), folded)
        if head != folded:
            yield word, head
