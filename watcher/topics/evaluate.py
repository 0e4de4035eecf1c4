"""Whether a match line holds in an entry, and by which evidence."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product

from watcher.lazy import lazy
from watcher.model import Entry, Evidence, Field
from watcher.topics.query import (
    And,
    AtLeast,
    In,
    Name,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
    list_key,
)
from watcher.topics.sentences import split_sentences, word_numbers

#: Combinations of places weighed for one NEAR/n; beyond it the widest are dropped.
MOST_SPANS = 64

# Read off their class, members of an enumeration take ten times as long.
_TITLE, _SUMMARY = Field

Found = Mapping[str, Sequence[Evidence]]


class Layout:
    """Sentences and words of an entry, found when first asked for."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    @lazy
    def sentences(self) -> tuple[tuple[Field, int, int], ...]:
        """The title, then the sentences of the summary."""
        summary = split_sentences(self.entry.summary)
        title = (_TITLE, 0, len(self.entry.title))
        return (title, *((_SUMMARY, first, last) for first, last in summary))

    def sentence_of(self, evidence: Evidence) -> int:
        """Return the number of the sentence that a place is in; 0 is the title."""
        if evidence.field is _TITLE:
            return 0
        return max(1, bisect_right(self._sentence_starts, evidence.start) - 1)

    def words(self, evidence: Evidence) -> tuple[float, float]:
        """Return the numbers of the first and the last word of a place."""
        numbers = self._words[evidence.field]
        return numbers[evidence.start], numbers[evidence.end - 1]

    @lazy
    def _sentence_starts(self) -> list[int]:
        return [-1, *(first for _, first, _ in self.sentences[1:])]

    @lazy
    def _words(self) -> dict[Field, list[float]]:
        return {field: word_numbers(self.entry.text(field)) for field in Field}


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of a field in which a condition holds."""

    field: Field
    first: float
    last: float
    evidence: frozenset[Evidence]


def support(node: Node, found: Found, layout: Layout) -> frozenset[Evidence] | None:
    """Return what makes a condition hold among the evidence found, or None if it does not."""
    held: frozenset[Evidence] | None
    match node:
        case Name() | Phrase():
            held = frozenset(found.get(list_key(node), ())) or None
        case Not(item):
            held = frozenset() if support(item, found, layout) is None else None
        case And(items):
            held = _some(items, len(items), found, layout)
        case Or(items):
            held = _some(items, 1, found, layout)
        case AtLeast(count, items):
            held = _some(items, count, found, layout)
        case In(item, scope):
            held = _joined(support(item, part, layout) for part in _parts(scope, found, layout))
        case Near():
            held = _near(node, found, layout)
    return held


def in_title(node: Node, found: Found, layout: Layout) -> bool:
    """Whether what was found in the title is enough for a condition."""
    return bool(support(In(node, Scope.TITLE), found, layout))


def _near(node: Near, found: Found, layout: Layout) -> frozenset[Evidence] | None:
    if node.words is not None or node.ordered:
        return _joined(span.evidence for span in _near_spans(node, found, layout))
    parts = _parts(Scope.SENTENCE, found, layout)
    return _joined(_apart(node.left, node.right, part, layout) for part in parts)


def _some(
    items: Sequence[Node], count: int, found: Found, layout: Layout
) -> frozenset[Evidence] | None:
    held, spare = [], len(items) - count
    for item in items:
        part = support(item, found, layout)
        if part is not None:
            held.append(part)
        elif not spare:
            return None  # most lines fail at their first list: the rest need not be looked at
        else:
            spare -= 1
    return frozenset().union(*held)


def _joined(parts: Iterable[frozenset[Evidence] | None]) -> frozenset[Evidence] | None:
    held = [part for part in parts if part is not None]
    return frozenset().union(*held) if held else None


def _parts(scope: Scope, found: Found, layout: Layout) -> Iterable[Found]:
    """Return what is found in all of the text, in the title, or in each sentence."""
    if scope is Scope.TEXT:
        return (found,)
    if scope is Scope.TITLE:
        return (_only(found, lambda evidence: evidence.field is _TITLE),)
    return _by_sentence(found, layout)


def _only(found: Found, wanted: Callable[[Evidence], bool]) -> Found:
    return {name: [one for one in places if wanted(one)] for name, places in found.items()}


def _by_sentence(found: Found, layout: Layout) -> Iterator[Found]:
    sentences: dict[int, dict[str, list[Evidence]]] = {}
    for name, places in found.items():
        for evidence in places:
            part = sentences.setdefault(layout.sentence_of(evidence), {})
            part.setdefault(name, []).append(evidence)
    return (sentences[number] for number in sorted(sentences))


def _apart(left: Node, right: Node, found: Found, layout: Layout) -> frozenset[Evidence] | None:
    """Return what makes both hold, unless one and the same place is all there is."""
    one, other = support(left, found, layout), support(right, found, layout)
    if one is None or other is None:
        return None
    distinct = any(not overlap(a, b) for a, b in product(one, other))
    return one | other if distinct or not one or not other else None


def overlap(one: Evidence, other: Evidence) -> bool:
    """Tell whether two places share a character."""
    return one.field is other.field and one.start < other.end and other.start < one.end


def covers(outer: Evidence, inner: Evidence) -> bool:
    """Tell whether a place holds all of another one."""
    return outer.field is inner.field and outer.start <= inner.start and inner.end <= outer.end


def _near_spans(node: Near, found: Found, layout: Layout) -> list[_Span]:
    if isinstance(node.right, Not):
        return _without(node, node.left, node.right.item, found, layout)
    if isinstance(node.left, Not):
        mirrored = Near(node.right, node.left, node.words)
        return _without(mirrored, node.right, node.left.item, found, layout)
    left = _spans(node.left, found, layout)
    if not left:
        return []  # a line asks this of many lists that an entry lacks
    pairs = product(left, _spans(node.right, found, layout))
    return _tightest(_hull(one, other) for one, other in pairs if _close(node, one, other, layout))


def _without(node: Near, wanted: Node, unwanted: Node, found: Found, layout: Layout) -> list[_Span]:
    """Return the places of one condition that have no place of the other near them."""
    bad = _spans(unwanted, found, layout)
    return [
        span
        for span in _spans(wanted, found, layout)
        if not any(_close(node, span, other, layout) for other in bad)
    ]


def _close(node: Near, one: _Span, other: _Span, layout: Layout) -> bool:
    """Tell whether two stretches are as near, and in the order, that the line asks for."""
    if one.field is not other.field or _touch(one, other):
        return False
    if node.ordered and not _precedes(one, other):
        return False
    if node.words is None:
        places = one.evidence | other.evidence
        return len({layout.sentence_of(evidence) for evidence in places}) == 1
    return max(one.first, other.first) - min(one.last, other.last) <= node.words


def _precedes(one: _Span, other: _Span) -> bool:
    """Whether all of one stretch stands before all of the other: of two words, or of groups."""
    return max(e.end for e in one.evidence) <= min(e.start for e in other.evidence)


def _touch(one: _Span, other: _Span) -> bool:
    return any(overlap(a, b) for a, b in product(one.evidence, other.evidence))


def _spans(node: Node, found: Found, layout: Layout) -> list[_Span]:
    """Return the stretches in which a condition holds; NOT and scopes count for all of the text."""
    spans: list[_Span] = []
    match node:
        case Name() | Phrase():
            spans = [_span(evidence, layout) for evidence in found.get(list_key(node), ())]
        case Or(items):
            spans = _tightest(span for item in items for span in _spans(item, found, layout))
        case And(items):
            spans = _combined(items, found, layout)
        case AtLeast(count, items):
            spans = _chosen(count, items, found, layout)
        case Near():
            spans = _near_spans(node, found, layout)
        case In(item):
            held = support(node, found, layout) or frozenset()
            spans = _spans(item, _only(found, lambda evidence: evidence in held), layout)
        case Not():
            pass
    return spans


def _chosen(count: int, items: Sequence[Node], found: Found, layout: Layout) -> list[_Span]:
    """Return stretches that hold so many of the items; one with NOT counts for all the text."""
    absent = sum(
        isinstance(item, Not) and support(item, found, layout) is not None for item in items
    )
    joined: list[list[_Span]] = [[] for _ in range(count + 1)]
    for more in filter(None, (_spans(item, found, layout) for item in items)):
        for some in range(count, 1, -1):
            joined[some] = _tightest([*joined[some], *_hulls(joined[some - 1], more)])
        joined[1] = _tightest([*joined[1], *more])
    return _tightest(chain.from_iterable(joined[max(1, count - absent) :]))


def _combined(items: Sequence[Node], found: Found, layout: Layout) -> list[_Span]:
    """Return stretches that hold one of each; conditions with NOT are asked of all the text."""
    if any(isinstance(item, Not) and support(item, found, layout) is None for item in items):
        return []
    spans: list[_Span] | None = None
    for item in (item for item in items if not isinstance(item, Not)):
        more = _spans(item, found, layout)
        spans = more if spans is None else _tightest(_hulls(spans, more))
    return spans or []


def _span(evidence: Evidence, layout: Layout) -> _Span:
    return _Span(evidence.field, *layout.words(evidence), frozenset({evidence}))


def _hulls(some: Sequence[_Span], more: Sequence[_Span]) -> Iterator[_Span]:
    """Yield the stretches from one of each; no stretch spans title and summary."""
    pairs = product(some, more)
    return (_hull(one, other) for one, other in pairs if one.field is other.field)


def _hull(one: _Span, other: _Span) -> _Span:
    first, last = min(one.first, other.first), max(one.last, other.last)
    return _Span(one.field, first, last, one.evidence | other.evidence)


def _tightest(spans: Iterable[_Span]) -> list[_Span]:
    order = sorted(set(spans), key=lambda span: (span.last - span.first, span.field, span.first))
    return order[:MOST_SPANS]


def is_possible(node: Node, found: Collection[str]) -> bool:
    """Tell whether a condition could hold with these lists found, wherever they stand.

    Asked of the whole line for every entry in which two of its lists are found: plain tests of
    the kind take a sixth of the time of patterns and generators.
    """
    if isinstance(node, Name):
        return node.name in found
    if isinstance(node, Near):
        return is_possible(node.left, found) and is_possible(node.right, found)
    if isinstance(node, (And, Or)):
        return _are_possible(node, found)
    if isinstance(node, AtLeast):
        return sum(is_possible(item, found) for item in node.items) >= node.count
    if isinstance(node, In):
        return is_possible(node.item, found)
    return isinstance(node, Not) or list_key(node) in found


def _are_possible(node: And | Or, found: Collection[str]) -> bool:
    enough = isinstance(node, Or)
    for item in node.items:
        if is_possible(item, found) is enough:
            return enough
    return not enough
