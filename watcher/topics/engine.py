"""One pass over a text for all terms of all lists."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from watcher.model import Entry, Evidence, Field, Rule
from watcher.surrogates import encodable
from watcher.topics.boundaries import admit, rule_alone, rule_inside
from watcher.topics.marks import marks_fit
from watcher.topics.normalise import FIELD_BORDER, Folded, Spot, fold
from watcher.topics.scripts import CONTINUES_WORD
from watcher.topics.shelf import Shelf
from watcher.topics.terms import Kind, Term, one_for_all

#: Characters of a title and of a summary that are read: more is no news summary, and a megabyte
#: of decomposed letters would take seconds.
LONGEST_TEXT = 50_000

#: Keys whose terms are kept ready for use: 43,000 headlines have those of a third as many.
KEYS_AT_HAND: Final = 4096


# Read off their class, members of an enumeration take ten times as long.
_TITLE, _SUMMARY = Field

#: Matching looks at no time; a text on its own gets this one.
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)

#: What a term is to its list, and a place that its rules admit.
Find = tuple[Kind, Evidence]


class _Way(NamedTuple):
    """What most places are admitted by, without a closer look; thousands of terms share one.

    Attributes:
        languages: the only ones that the term counts in; None: everywhere.
        alone: what admits it as a word of its own, parted as its gaps are and with its
            diacritics; None: `admit` has to look closer.
        inside: the same for anywhere else.
        marks_decide: its diacritics, or that it keeps none, must be looked at.
    """

    languages: frozenset[str] | None
    alone: Rule | None
    inside: Rule | None
    marks_decide: bool


class _Alike(NamedTuple):
    """Terms that differ only in the list that has them: admitted once for all.

    Attributes:
        others: the list and the spelling of each but the first.
    """

    way: _Way
    term: Term
    others: tuple[tuple[str, str], ...]


class Engine:
    """An automaton over the keys of all terms; building it is the slow part."""

    def __init__(self, terms: Iterable[Term] | Shelf) -> None:
        self._shelf = shelf = terms if isinstance(terms, Shelf) else Shelf(terms)
        # Of the shelf alone: over methods of ours they would keep a watchlist that is replaced.
        self._terms = terms_of = lru_cache(KEYS_AT_HAND)(partial(_unpacked, shelf))
        self._unsure = lru_cache(KEYS_AT_HAND)(partial(_unpacked_unsure, terms_of))
        self._automaton = AhoCorasick(list(shelf.keys()), matchkind=MatchKind.Standard)

    def __reduce__(self) -> tuple[type["Engine"], tuple[Shelf]]:
        """Send its terms to another process, which builds an automaton of its own."""
        return Engine, (self._shelf,)

    def find(self, entry: Entry, language: str | None) -> list[Find]:
        """Return every term found in an entry; `language` is a family or None for any."""
        title = entry.title[:LONGEST_TEXT]
        folded = fold(f"{title}{FIELD_BORDER}{entry.summary[:LONGEST_TEXT]}")
        shelf, key, borders = self._shelf, folded.key, folded.borders
        begin_words, spoken = shelf.begin_words, shelf.spoken
        terms = self._terms if language in shelf.declining else self._unsure
        finds: list[Find] = []
        for number, first, last in self._places(key):
            # In the middle of a word stands most of what the automaton finds.
            if first in borders or not (begin_words[number] and CONTINUES_WORD[key[first - 1]]):
                where = spoken[number]
                if where is not None and language not in where:
                    continue
                spot = folded.spot(first, last)
                for alike in terms(number):
                    if place := _admitted(alike, folded, spot, language):
                        cut = _cut(folded.original, len(title), place)
                        term, kind = alike.term, alike.term.manner.kind
                        finds.append((kind, _evidence(Evidence, (term.list, term.text, *cut))))
                        for one in alike.others:
                            finds.append((kind, _evidence(Evidence, one + cut)))  # noqa: PERF401
        return finds

    def find_in(self, text: str, language: str | None) -> list[Find]:
        """Return every term found in a text on its own."""
        return self.find(Entry("", text, NO_TIME), language)

    def _places(self, key: str) -> list[tuple[int, int, int]]:
        """Return which key stands where."""
        try:
            return self._automaton.find_matches_as_indexes(key, overlapping=True)
        except UnicodeEncodeError:  # half a character, which no term holds
            return self._automaton.find_matches_as_indexes(encodable(key), overlapping=True)


def _unpacked(shelf: Shelf, number: int) -> tuple[_Alike, ...]:
    """Return the terms of a key."""
    return tuple(map(_alike, shelf[number]))


def _unpacked_unsure(terms: Callable[[int], tuple[_Alike, ...]], number: int) -> tuple[_Alike, ...]:
    """Return the terms of a key without those that count in known languages only."""
    return tuple(alike for alike in terms(number) if not alike.term.manner.sure)


#: Makes a tuple of a class without a call into Python: a large watchlist finds dozens an entry.
_evidence = tuple.__new__


def _admitted(
    alike: _Alike, folded: Folded, spot: Spot, language: str | None
) -> tuple[int, int, Rule] | None:
    """Return which characters of the original terms of one key stand in, and what admits them."""
    term, (languages, alone, inside, marks_decide) = alike.term, alike.way
    if languages is not None and language is not None and language not in languages:
        return None
    first, last, begin, end, gaps, is_alone = spot
    rule = alone if is_alone else inside
    if (
        rule
        and gaps == term.gaps
        and (not marks_decide or marks_fit(term, folded, first, last, language))
    ):
        return begin, end, rule
    place = admit(term, folded, first, last, language)
    return None if place is None else (*folded.span(place.first, place.last), place.rule)


def _alike(terms: Sequence[Term]) -> _Alike:
    term = terms[0]
    manner = term.manner
    marks_decide = manner.keeps_diacritics or term.exact != term.key
    way = _Way(manner.languages, rule_alone(term), rule_inside(term), marks_decide)
    return _Alike(one_for_all(way), term, tuple((one.list, one.text) for one in terms[1:]))


def _cut(text: str, title: int, place: tuple[int, int, Rule]) -> tuple[str, Field, int, int, Rule]:
    """Return what stands at a place of the text: what evidence tells after its term."""
    start, end, rule = place
    if start < title:
        end = min(end, title)
        return text[start:end], _TITLE, start, end, rule
    border = title + len(FIELD_BORDER)
    start = max(border, start)
    return text[start:end], _SUMMARY, start - border, end - border, rule
