"""Why a match line does not hold: what it asks for, what forbids it, what stands too far apart."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from watcher.model import Evidence
from watcher.topics.engine import Find
from watcher.topics.evaluate import Found, Layout, covers, support
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
    format_match,
    leaves,
    list_key,
    wanted,
)
from watcher.topics.terms import Kind, is_exact
from watcher.wording import plural

#: Ways to a match that are weighed, and ways that are told: a line may have hundreds.
MOST_WAYS, MOST_TOLD = 64, 4

#: Items of a choice that are tried beyond as many as it asks for, and ways of each at the least:
#: two may lack the same list.
MOST_SPARE = 8

#: A condition printed longer than this is told by its evidence alone.
LONGEST_CONDITION = 60


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A condition that keeps a line from holding although its lists are found.

    Attributes:
        clause: what is wrong, for people: "not in one sentence: kim, putin".
        evidence: the places that it speaks of.
        forbids: they are what must be absent.
    """

    clause: str
    evidence: tuple[Evidence, ...]
    forbids: bool = False


@dataclass(frozen=True, slots=True)
class Nearly:
    """A topic of which something was found.

    Attributes:
        found: the lists found, of those whose presence can make the line true.
        missing: the fewest lists that the match line still asks for; empty for a match.
        hindrance: what else keeps it from matching, for people; "" for a match.
        ruled_out: by what must be absent, a veto too: no other word would make it match.
    """

    topic: str
    found: tuple[str, ...]
    missing: tuple[str, ...]
    hindrance: str = ""
    ruled_out: bool = False

    @property
    def matched(self) -> bool:
        """Tell whether the text meets the topic."""
        return not (self.missing or self.hindrance)


def ways(node: Node, found: Found) -> tuple[tuple[str, ...], ...]:
    """Return the smallest sets of lists that would have to be found besides, in the line's order.

    Several when the line offers a choice; `()` alone when all lists of one choice are there.
    """
    lacking = _ways(node, found)
    fewest = min(map(len, lacking), default=0)
    least = dict.fromkeys(tuple(sorted(way)) for way in lacking if len(way) == fewest)
    return tuple(least)[:MOST_TOLD]


def nearest_way(node: Node, found: Found) -> tuple[str, ...]:
    """Return of these ways the one whose lists most of the line asks for.

    A list that holds a whole branch by itself, like the names of a meeting of two, is asked for
    once: any other list would have it for its only lack.
    """
    asked = Counter(map(list_key, wanted(node)))
    return max(ways(node, found), key=lambda way: sum(asked[name] for name in way))


def _ways(node: Node, found: Found) -> list[frozenset[str]]:
    lacking: list[frozenset[str]] = [frozenset()]
    match node:
        case Name() | Phrase():
            lacking = [frozenset() if found.get(list_key(node)) else frozenset({list_key(node)})]
        case And(items):
            lacking = _together(items, found)
        case Near(left, right):
            lacking = _together((left, right), found)
        case Or(items):
            lacking = _smallest(way for item in items for way in _ways(item, found))
        case AtLeast(count, items):
            lacking = _chosen(count, [_ways(item, found) for item in items])
        case In(item):
            lacking = _ways(item, found)
        case Not():
            pass
    return lacking


def _chosen(count: int, items: Sequence[Sequence[frozenset[str]]]) -> list[frozenset[str]]:
    """Return the smallest ways to so many of the items, each given by its ways.

    They are made of the items that lack least: the others need not be tried.
    """
    easiest = sorted(range(len(items)), key=lambda at: len(items[at][0]))[: count + MOST_SPARE]
    most = max(MOST_SPARE, MOST_WAYS // count)
    joined: list[list[frozenset[str]]] = [[frozenset()], *([] for _ in range(count))]
    # From the last to the first: the ways come out in the order of the line.
    for at in sorted(easiest, reverse=True):
        for some in range(count, 0, -1):
            pairs = product(items[at][:most], joined[some - 1])
            joined[some] = _smallest([*(one | other for one, other in pairs), *joined[some]])
    return joined[count]


def _together(items: Iterable[Node], found: Found) -> list[frozenset[str]]:
    joined: list[frozenset[str]] = [frozenset()]
    for item in items:
        pairs = product(joined, _ways(item, found))
        joined = _smallest(one | other for one, other in pairs)
    return joined


def _smallest(some: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    return sorted(dict.fromkeys(some), key=len)[:MOST_WAYS]


def obstacles(
    node: Node, found: Found, layout: Layout, labels: Mapping[str, str]
) -> tuple[Obstacle, ...]:
    """Return what keeps a line from holding of which all lists are found; () if it holds."""
    return tuple(dict.fromkeys(_obstacles(node, found, layout, labels)))


def _obstacles(
    node: Node, found: Found, layout: Layout, labels: Mapping[str, str]
) -> Iterator[Obstacle]:
    if support(node, found, layout) is not None:
        return
    match node:
        case And(items):
            for item in items:
                yield from _obstacles(item, found, layout, labels)
        case Or(items) | AtLeast(_, items):
            near = [item for item in items if ways(item, found) == ((),)]
            told = [tuple(_obstacles(item, found, layout, labels)) for item in near]
            yield from min((some for some in told if some), key=len, default=())
        case Not(item):
            yield _forbidden(item, found, layout, labels)
        case Near() | In():
            inner = node.item if isinstance(node, In) else And((node.left, node.right))
            apart = support(inner, found, layout)
            if apart is None:
                yield from _obstacles(inner, found, layout, labels)
            else:
                yield Obstacle(f"{_apart(node)}: {_names(node, labels)}", _ordered(apart))
        case _:
            return


def _culprit(item: Node, found: Found, layout: Layout) -> Node:
    """Return the part of a condition by which it holds, as far as that holds by itself."""
    part = item
    match item:
        case Or(items):
            held = [one for one in items if support(one, found, layout) is not None]
            part = _culprit(held[0], found, layout) if held else item
        case And(items):
            positive = [one for one in items if not isinstance(one, Not)]
            parts = tuple(_culprit(one, found, layout) for one in positive)
            part = parts[0] if len(parts) == 1 else And(parts)
        case In(inner):
            part = _culprit(inner, found, layout)
    return part if support(part, found, layout) is not None else item


def _forbidden(item: Node, found: Found, layout: Layout, labels: Mapping[str, str]) -> Obstacle:
    """Return what of a condition that must not hold makes it hold."""
    culprit = _culprit(item, found, layout)
    places = _ordered(support(culprit, found, layout) or ())
    printed = format_match(culprit)
    told = f"({printed})" if isinstance(culprit, And | Or) else printed
    if len(printed) > LONGEST_CONDITION:
        lists = dict.fromkeys(one.list for one in places)
        told = ", ".join(labels.get(name, name) for name in lists) or _names(culprit, labels)
    return Obstacle(f"ruled out by NOT {told}", places, forbids=True)


def _apart(node: Near | In) -> str:
    if isinstance(node, In):
        return f"not in the {node.scope}" if node.scope is Scope.TITLE else "not in one sentence"
    if node.words is None:
        return "not in this order" if node.ordered else "not in one sentence"
    return f"not within {plural(node.words, 'word')}" + (" in this order" if node.ordered else "")


def _names(node: Node, labels: Mapping[str, str]) -> str:
    lists = dict.fromkeys(map(list_key, leaves(node)))
    return ", ".join(labels.get(name, name) for name in lists)


def _ordered(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=lambda one: (one.field != "title", one.start, one.list)))


def lacking_clause(lacking: Sequence[Sequence[str]], labels: Mapping[str, str]) -> str:
    """Return "nothing found of meeting, or of talks": one clause for people."""
    told = (", ".join(labels.get(name, name) for name in way) for way in lacking)
    return "nothing found of " + "; or of ".join(told)


def passed_over(lacking: Sequence[Sequence[str]], why: Mapping[str, str]) -> str:
    """Return what of the lists that are missing stands in the text and does not count; "" if none.

    `why` has such lists, each with its reason.
    """
    lists = dict.fromkeys(name for way in lacking for name in way if name in why)
    return "".join(f"; {why[name]}" for name in lists)


def foreign(found: Collection[Find], anywhere: Iterable[Find], language: str) -> dict[str, str]:
    """Return list -> why a word of it that stands in a text does not count: its language.

    `found` is what counts in the text's language, `anywhere` in any.
    """
    why = f"stands there, but is a word of other languages; the text is taken for {language}"
    known = set(found)
    others = (find for find in anywhere if find not in known)
    return {one.list: f"“{one.text}” {why}" for kind, one in others if kind is Kind.WORD}


def covered(found: Collection[Find]) -> dict[str, str]:
    """Return list -> which term of its `not` covers what stands in a text."""
    masks = [one for kind, one in found if kind is Kind.NOT]
    places = [one for kind, one in found if kind not in {Kind.NOT, Kind.NEVER}]
    return {
        one.list: f"“{one.text}” stands there, but “{mask.term}” of its `not` covers it"
        for mask in masks
        for one in places
        if one.list == mask.list and covers(mask, one)
    }


def lone(short: Mapping[str, Sequence[Evidence]]) -> dict[str, str]:
    """Return list -> why what stands in a text does not count alone: a short name, or shouted."""
    return {name: f"“{places[0].text}” {_why_alone(places[0])}" for name, places in short.items()}


def _why_alone(short: Evidence) -> str:
    if is_exact(short.term):
        return (
            "may be an everyday word in a title all in capitals, where it counts beside another "
            "list of the topic"
        )
    return "is a short name, which counts beside another list of the topic"


def obstacle_clause(found: Sequence[Obstacle]) -> str:
    """Return what keeps a line of which no list is missing from holding, and what stands there."""
    if not found:
        return "no list found, and what is absent makes no match by itself"
    told = "; ".join(f"{one.clause}{_quoted(one.evidence)}" for one in found)
    return f"all lists found, but {told}"


def _quoted(evidence: Iterable[Evidence]) -> str:
    texts = dict.fromkeys(one.text for one in evidence)
    return f" (“{'”, “'.join(texts)}”)" if texts else ""
