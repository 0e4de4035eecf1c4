"""One pass over a text for all terms of all lists."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from watcher.model import Entry, Evidence, Field
from watcher.topics.boundaries import Place, admit
from watcher.topics.normalise import Folded, fold
from watcher.topics.terms import Term

#: Stands between title and summary in the searched text: no term runs across it.
FIELD_BORDER = "\x00"


#: Characters of a title and of a summary that are read: more is no news summary, and a megabyte
#: of decomposed letters would take seconds.
LONGEST_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at a place that its rules admit."""

    term: Term
    evidence: Evidence


class Engine:
    """An automaton over the keys of all terms; building it is the slow part."""

    def __init__(self, terms: Iterable[Term]) -> None:
        by_key: dict[str, list[Term]] = {}
        for term in terms:
            by_key.setdefault(term.key, []).append(term)
        self._terms = [tuple(sharing) for sharing in by_key.values()]
        self._automaton = AhoCorasick(list(by_key), matchkind=MatchKind.Standard)

    def find(self, entry: Entry, language: str | None) -> list[Hit]:
        """Return every term found in an entry; `language` is a family or None for any."""
        title, summary = entry.title[:LONGEST_TEXT], entry.summary[:LONGEST_TEXT]
        folded = fold(f"{title}{FIELD_BORDER}{summary}")
        return [_hit(entry, folded, *found) for found in self._admitted(folded, language)]

    def _admitted(self, folded: Folded, language: str | None) -> Iterator[tuple[Term, Place]]:
        found = self._automaton.find_matches_as_indexes(folded.key, overlapping=True)
        for number, first, last in found:
            for term in self._terms[number]:
                if term.languages is not None and language is not None:
                    if language not in term.languages:
                        continue
                    place = admit(term, folded, first, last, language)
                else:
                    place = admit(term, folded, first, last, language)
                if place is not None:
                    yield term, place


def _hit(entry: Entry, folded: Folded, term: Term, place: Place) -> Hit:
    start, end = folded.start(place.first), folded.end(place.last - 1)
    title = min(len(entry.title), LONGEST_TEXT)
    summary = title + len(FIELD_BORDER)
    if start < title:
        end = min(end, title)
        field, text = Field.TITLE, entry.title[start:end]
    else:
        start, end = max(0, start - summary), end - summary
        field, text = Field.SUMMARY, entry.summary[start:end]
    return Hit(term, Evidence(term.list, term.text, text, field, start, end, place.rule))
