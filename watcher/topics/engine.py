"""One pass over a text for all terms of all lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from ahocorasick_rs import AhoCorasick, MatchKind

from watcher.model import Entry, Evidence, Field, Rule
from watcher.topics.boundaries import admit, rule_alone, rule_inside
from watcher.topics.normalise import Folded, Spot, fold
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


@dataclass(frozen=True, slots=True)
class _Alike:
    """Terms that differ only in the list that has them: admitted once for all.

    Attributes:
        languages: the only ones that they count in; None: everywhere.
        alone: what admits them as words of their own, parted as `gaps` has it and with the
            diacritics of `exact`, unless None; None: `admit` has to look closer.
        inside: the same for anywhere else.
        is_bare: a text without diacritics fits.
        spellings: the list and the spelling of each.
        term: one of them, which says where they may stand.
    """

    languages: frozenset[str] | None
    gaps: tuple[int, ...]
    alone: Rule | None
    inside: Rule | None
    exact: str | None
    is_bare: bool
    kind: Kind
    spellings: tuple[tuple[str, str], ...]
    term: Term


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
        key, borders, begin_words = folded.key, folded.borders, self._begin_words
        hits: list[Hit] = []
        for number, first, last in self._places(key):
            # In the middle of a word stands most of what the automaton finds.
            if first in borders or not (begin_words[number] and CONTINUES_WORD[key[first - 1]]):
                spot = folded.spot(first, last)
                for alike in self._terms[number]:
                    if place := _admitted(alike, folded, spot, language):
                        cut = _cut(folded.original, len(title), place)
                        kind = alike.kind
                        hits += [(kind, _evidence(Evidence, one + cut)) for one in alike.spellings]
        return hits

    def _places(self, key: str) -> list[tuple[int, int, int]]:
        """Return which key stands where."""
        try:
            return self._automaton.find_matches_as_indexes(key, overlapping=True)
        except UnicodeEncodeError:  # half a character, which no term holds
            whole = key.encode(errors="replace").decode()
            return self._automaton.find_matches_as_indexes(whole, overlapping=True)


#: Makes a tuple of a class without a call into Python: a large watchlist finds dozens an entry.
_evidence = tuple.__new__


def _admitted(
    alike: _Alike, folded: Folded, spot: Spot, language: str | None
) -> tuple[int, int, Rule] | None:
    """Return which characters of the original terms of one key stand in, and what admits them."""
    languages = alike.languages
    if languages is not None and language is not None and language not in languages:
        return None
    first, last, begin, end, gaps, is_alone = spot
    rule = alike.alone if is_alone else alike.inside
    if rule and gaps == alike.gaps and (alike.exact is None or _is_exact(alike, folded, first)):
        return begin, end, rule
    place = admit(alike.term, folded, first, last, language)
    return None if place is None else (*folded.span(place.first, place.last), place.rule)


def _is_exact(alike: _Alike, folded: Folded, first: int) -> bool:
    """Tell whether diacritics stand as a term has them that keeps them."""
    if folded.exact is folded.key:
        return alike.is_bare
    return folded.exact.startswith(alike.exact or "", first)


def _alike(terms: Sequence[Term]) -> _Alike:
    term = terms[0]
    return _Alike(
        languages=term.languages,
        gaps=term.gaps,
        alone=rule_alone(term),
        inside=rule_inside(term),
        exact=term.exact if term.keeps_diacritics else None,
        is_bare=not term.keeps_diacritics or term.exact == term.key,
        kind=term.kind,
        spellings=tuple((one.list, one.text) for one in terms),
        term=term,
    )


def _shape(term: Term) -> tuple[object, ...]:
    """Return all of a term that decides where it is admitted: all but its list and spelling."""
    return (*_SHAPE(term), term.text if term.cased else "")


_SHAPE = attrgetter(*(one.name for one in fields(Term) if one.name not in {"list", "text"}))


def _cut(text: str, title: int, place: tuple[int, int, Rule]) -> tuple[str, Field, int, int, Rule]:
    """Return what stands at a place of the text: what evidence tells after its term."""
    start, end, rule = place
    if start < title:
        end = min(end, title)
        return text[start:end], _TITLE, start, end, rule
    border = title + len(FIELD_BORDER)
    start = max(border, start)
    return text[start:end], _SUMMARY, start - border, end - border, rule
