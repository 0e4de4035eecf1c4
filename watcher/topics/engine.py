"""One pass over a text for all terms of all lists."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from watcher.model import Entry, Evidence, Field, Rule
from watcher.topics.boundaries import Place, admit
from watcher.topics.normalise import Folded, fold
from watcher.topics.terms import Term

#: Stands between title and summary in the searched text: no term runs across it.
FIELD_BORDER = "\x00"


#: Characters of a title and of a summary that are read: more is no news summary, and a megabyte
#: of decomposed letters would take seconds.
LONGEST_TEXT = 50_000


class _Cut(NamedTuple):
    """A place in the original: the rest of an `Evidence` after its list and term."""

    text: str
    field: Field
    start: int
    end: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at a place that its rules admit."""

    term: Term
    evidence: Evidence


class Engine:
    """An automaton over the keys of all terms; building it is the slow part."""

    def __init__(self, terms: Iterable[Term]) -> None:
        by_key: dict[str, dict[object, list[Term]]] = {}
        for term in terms:
            by_key.setdefault(term.key, {}).setdefault(_shape(term), []).append(term)
        # Terms that differ only in the list that has them stand together: admitted once for all.
        self._terms = [
            tuple(tuple(alike) for alike in shapes.values()) for shapes in by_key.values()
        ]
        self._automaton = AhoCorasick(list(by_key), matchkind=MatchKind.Standard)

    def find(self, entry: Entry, language: str | None) -> list[Hit]:
        """Return every term found in an entry; `language` is a family or None for any."""
        title, summary = entry.title[:LONGEST_TEXT], entry.summary[:LONGEST_TEXT]
        folded = fold(f"{title}{FIELD_BORDER}{summary}")
        return [
            Hit(term, Evidence(term.list, term.text, *place))
            for terms, place in self._admitted(entry, folded, language)
            for term in terms
        ]

    def _admitted(
        self, entry: Entry, folded: Folded, language: str | None
    ) -> Iterator[tuple[tuple[Term, ...], _Cut]]:
        found = self._automaton.find_matches_as_indexes(folded.key, overlapping=True)
        for number, first, last in found:
            for alike in self._terms[number]:
                term = alike[0]
                if term.languages is None or language is None or language in term.languages:
                    place = admit(term, folded, first, last, language)
                    if place is not None:
                        yield alike, _cut(entry, folded, place)


def _shape(term: Term) -> tuple[object, ...]:
    """Return all of a term that decides where it is admitted: all but its list and spelling."""
    return (*_SHAPE(term), term.text if term.cased else "")


_SHAPE = attrgetter(*(one.name for one in fields(Term) if one.name not in {"list", "text"}))


def _cut(entry: Entry, folded: Folded, place: Place) -> _Cut:
    """Return what stands at a place of the folded text, in the original."""
    start, end = folded.start(place.first), folded.end(place.last - 1)
    title = min(len(entry.title), LONGEST_TEXT)
    if start < title:
        end = min(end, title)
        return _Cut(entry.title[start:end], Field.TITLE, start, end, place.rule)
    summary = title + len(FIELD_BORDER)
    start, end = max(0, start - summary), end - summary
    return _Cut(entry.summary[start:end], Field.SUMMARY, start, end, place.rule)
