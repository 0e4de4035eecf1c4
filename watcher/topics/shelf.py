"""Terms at rest: packed until a text has their key.

As objects the 26,000 names of the cast take 15 MB, packed 2; and few are ever wanted: 43,000
headlines of 2023 have the keys of 1,396.
"""

import marshal
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from watcher.topics.terms import Manner, Term, one_for_all

#: Terms that differ only in the list that has them: admitted once for all.
Alike = tuple[Term, ...]


class Shelf:
    """The terms of each key, in the order of the keys' numbers; may be sent to another process.

    Attributes:
        begin_words: of each key, whether nothing may be written to the front of any of its terms.
        spoken: the only languages that any of its terms counts in; None: everywhere. What of a
            text of no known language counts there too has None among them.
        declining: the languages that any term counts in which needs a known one.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        by_key: dict[str, dict[object, list[Term]]] = {}
        for term in terms:
            by_key.setdefault(term.key, {}).setdefault(_shape(term), []).append(term)
        groups = [[some[0] for some in shapes.values()] for shapes in by_key.values()]
        self.begin_words = bytes(all(one.manner.begins_word for one in some) for some in groups)
        self.spoken = [_spoken(some) for some in groups]
        self.declining = frozenset[str]().union(*map(_declining, groups))
        numbers: dict[Manner, int] = {}
        packed = [_pack(key, shapes.values(), numbers) for key, shapes in by_key.items()]
        self._manners = list(numbers)
        self._packed = b"".join(packed)
        self._ends = array("I", accumulate(map(len, packed)))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> tuple[Alike, ...]:
        """Return the terms of a key."""
        key, rows = self._row(number)
        return tuple(self._terms(key, *row) for row in rows)

    def keys(self) -> Iterator[str]:
        """Yield what is searched, in the order of its numbers."""
        for number in range(len(self)):
            yield self._row(number)[0]

    def _row(self, number: int) -> Any:
        begin = self._ends[number - 1] if number else 0
        return marshal.loads(self._packed[begin : self._ends[number]])  # noqa: S302 - packed here

    def _terms(
        self,
        key: str,
        written: Iterable[tuple[str, str]],
        exact: str,
        gaps: tuple[int, ...],
        manner: int,
        rest: Any,
    ) -> Alike:
        how = self._manners[manner]
        return tuple(Term(name, text, key, exact, gaps, how, rest) for name, text in written)


def _pack(key: str, shapes: Iterable[Sequence[Term]], numbers: dict[Manner, int]) -> bytes:
    """Return the terms of a key as bytes; `numbers` are those of the manners met so far."""
    rows = []
    for some in shapes:
        first = some[0]
        manner = numbers.setdefault(first.manner, len(numbers))
        written = tuple((one.list, one.text) for one in some)
        rows.append((written, first.exact, first.gaps, manner, first.rest))
    return marshal.dumps((key, rows))


def _shape(term: Term) -> tuple[object, ...]:
    """Return all of a term that decides where it is admitted: all but its list and spelling."""
    manner = term.manner
    return term.exact, term.gaps, manner, term.rest, term.text if manner.cased else ""


def _spoken(some: Iterable[Term]) -> frozenset[str | None] | None:
    spoken: set[str | None] = set()
    for term in some:
        manner = term.manner
        if manner.languages is None:
            return None
        spoken |= manner.languages if manner.sure else {*manner.languages, None}
    return one_for_all(frozenset(spoken))


def _declining(some: Iterable[Term]) -> frozenset[str]:
    return frozenset().union(*(one.manner.languages or () for one in some if one.manner.sure))
