"""One pass over a text for all terms of all lists."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from watcher.model import Entry, Evidence, Field, Rule
from watcher.topics.boundaries import Place, admit, rule_alone
from watcher.topics.normalise import Folded, fold
from watcher.topics.scripts import CONTINUES_WORD
from watcher.topics.terms import Kind, Term

#: Stands between title and summary in the searched text: no term runs across it.
FIELD_BORDER = "\x00"

#: Characters of a title and of a summary that are read: more is no news summary, and a megabyte
#: of decomposed letters would take seconds.
LONGEST_TEXT = 50_000


# Read off their class, members of an enumeration take ten times as long.
_TITLE, _SUMMARY = Field

#: What a term is to its list, and a place that its rules admit.
Hit = tuple[Kind, Evidence]


class _Alike(NamedTuple):
    """Terms that differ only in the list that has them: admitted once for all.

    Attributes:
        term: one of them, which says where they may stand.
        spellings: the list and the spelling of each.
        alone: what admits them as words of their own, parted as listed; None: `admit` decides.
    """

    term: Term
    spellings: tuple[tuple[str, str], ...]
    languages: frozenset[str] | None
    kind: Kind
    alone: Rule | None


class Engine:
    """An automaton over the keys of all terms; building it is the slow part."""

    def __init__(self, terms: Iterable[Term]) -> None:
        by_key: dict[str, dict[object, list[Term]]] = {}
        for term in terms:
            by_key.setdefault(term.key, {}).setdefault(_shape(term), []).append(term)
        self._terms = [tuple(map(_alike, shapes.values())) for shapes in by_key.values()]
        self._begin_words = [all(one.term.begins_word for one in some) for some in self._terms]
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
                for alike in self._terms[number]:
                    if place := _admitted(alike, folded, first, last, language, alone):
                        cut = _cut(folded, len(title), place)
                        kind = alike.kind
                        hits += [(kind, _evidence(Evidence, one + cut)) for one in alike.spellings]
        return hits


#: Makes a tuple of a class without a call into Python: a large watchlist finds dozens an entry.
_evidence = tuple.__new__


def _admitted(
    alike: _Alike, folded: Folded, first: int, last: int, language: str | None, alone: bool
) -> Place | None:
    """Return what admits terms of one key at its place, if anything does."""
    term, languages = alike.term, alike.languages
    if not (languages is None or language is None or language in languages):
        return None
    if (
        alone
        and alike.alone
        and folded.gaps(first, last) == term.gaps
        and (not term.keeps_diacritics or term.exact == folded.exact[first:last])
    ):
        return Place(first, last, alike.alone)
    return admit(term, folded, first, last, language)


def _alike(terms: Sequence[Term]) -> _Alike:
    term = terms[0]
    spellings = tuple((one.list, one.text) for one in terms)
    return _Alike(term, spellings, term.languages, term.kind, rule_alone(term))


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
