"""One pass over a text for all terms of all lists."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from watcher.model import Entry, Evidence, Field, Rule
from watcher.topics.boundaries import Place, admit, rule_alone
from watcher.topics.normalise import Folded, fold
from watcher.topics.scripts import CONTINUES_WORD
from watcher.topics.terms import Term

#: Stands between title and summary in the searched text: no term runs across it.
FIELD_BORDER = "\x00"

#: Characters of a title and of a summary that are read: more is no news summary, and a megabyte
#: of decomposed letters would take seconds.
LONGEST_TEXT = 50_000


# Read off their class, members of an enumeration take ten times as long.
_TITLE, _SUMMARY = Field

#: A term at a place that its rules admit.
Hit = tuple[Term, Evidence]


class _Alike(NamedTuple):
    """Terms that differ only in the list that has them: admitted once for all.

    Attributes:
        alone: what admits them as words of their own, parted as listed; None: `admit` decides.
    """

    terms: tuple[Term, ...]
    languages: frozenset[str] | None
    alone: Rule | None


class Engine:
    """An automaton over the keys of all terms; building it is the slow part."""

    def __init__(self, terms: Iterable[Term]) -> None:
        by_key: dict[str, dict[object, list[Term]]] = {}
        for term in terms:
            by_key.setdefault(term.key, {}).setdefault(_shape(term), []).append(term)
        self._terms = [tuple(map(_alike, shapes.values())) for shapes in by_key.values()]
        self._begin_words = [all(one.terms[0].begins_word for one in some) for some in self._terms]
        self._automaton = AhoCorasick(list(by_key), matchkind=MatchKind.Standard)

    def find(self, entry: Entry, language: str | None) -> list[Hit]:
        """Return every term found in an entry; `language` is a family or None for any."""
        title = entry.title[:LONGEST_TEXT]
        folded = fold(f"{title}{FIELD_BORDER}{entry.summary[:LONGEST_TEXT]}")
        key, borders = folded.key, folded.borders
        hits: list[Hit] = []
        for number, first, last in self._automaton.find_matches_as_indexes(key, overlapping=True):
            begins = first in borders
            if begins or not (CONTINUES_WORD[key[first - 1]] and self._begin_words[number]):
                alone = begins and last in borders
                for alike, place in _admitted(
                    self._terms[number], folded, first, last, language, alone
                ):
                    cut = _cut(folded, len(title), place)
                    hits += [
                        (one, Evidence._make((one.list, one.text, *cut))) for one in alike.terms
                    ]
        return hits


def _admitted(
    some: Iterable[_Alike], folded: Folded, first: int, last: int, language: str | None, alone: bool
) -> Iterator[tuple[_Alike, Place]]:
    """Yield those terms of one key that may stand at its place, and what admits them."""
    gaps = folded.gaps(first, last)
    for alike in some:
        if alike.languages is None or language is None or language in alike.languages:
            term = alike.terms[0]
            if (
                alone
                and alike.alone
                and gaps == term.gaps
                and (not term.keeps_diacritics or term.exact == folded.exact[first:last])
            ):
                yield alike, Place(first, last, alike.alone)
            elif place := admit(term, folded, first, last, language):
                yield alike, place


def _alike(terms: Sequence[Term]) -> _Alike:
    return _Alike(tuple(terms), terms[0].languages, rule_alone(terms[0]))


def _shape(term: Term) -> tuple[object, ...]:
    """Return all of a term that decides where it is admitted: all but its list and spelling."""
    return (*_SHAPE(term), term.text if term.cased else "")


_SHAPE = attrgetter(*(one.name for one in fields(Term) if one.name not in {"list", "text"}))


def _cut(folded: Folded, title: int, place: Place) -> tuple[str, Field, int, int, Rule]:
    """Return what stands at a place of the folded text: what evidence tells after its term."""
    first, last, rule = place
    start, end = folded.span(first, last)
    if start < title:
        end = min(end, title)
        return folded.original[start:end], _TITLE, start, end, rule
    border = title + len(FIELD_BORDER)
    start = max(border, start)
    return folded.original[start:end], _SUMMARY, start - border, end - border, rule
