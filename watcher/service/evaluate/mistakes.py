"""The worst mistakes of an evaluation: the surest wrong joins, and the surest misses."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from rapidfuzz import fuzz

from watcher.config.settings import Settings
from watcher.model import Entry, Relation
from watcher.service.evaluate.floors import Layer
from watcher.service.evaluate.pairs import labelled, verdicts
from watcher.service.evaluate.run import copy_groups
from watcher.service.trials.items import Item, Pair
from watcher.service.trials.replay import Replayed
from watcher.stories.relate import relate


@dataclass(frozen=True, slots=True)
class Mistake:
    """Two entries that were joined and should not be, or the other way round.

    Attributes:
        kind: what is wrong, for people.
        entry: the later one.
        other: the one it was put to, or should have been put to.
        score: 0-100, how sure we were of what is wrong.
        reason: what we based it on.
    """

    kind: str
    entry: Entry
    other: Entry
    score: float
    reason: str


def story_mistakes(
    items: Sequence[Item],
    replayed: Sequence[Replayed],
    window: timedelta,
    layer: Layer,
) -> list[Mistake]:
    """Return the false merges and misses of a replay against `cluster`, the surest first.

    Args:
        items: those that were replayed.
        replayed: what became of them, in the same order.
        window: how much older an entry may be that should have been found.
        layer: whether `cluster` stands for stories or for sets of copies.
    """
    book = _Book(items, replayed, window, layer)
    return _surest_first(mistake for place in range(len(items)) for mistake in book.mistakes(place))


def pair_mistakes(pairs: Sequence[Pair], settings: Settings) -> list[Mistake]:
    """Return the pairs whose verdict is not their label, the surest first."""
    known = labelled(pairs)
    rows = zip(known, verdicts(known, settings), strict=True)
    return _surest_first(
        Mistake(
            f"{pair.label} taken for {verdict.relation}",
            pair.a,
            pair.b,
            verdict.score,
            verdict.reason,
        )
        for pair, verdict in rows
        if pair.label != verdict.relation
    )


def _surest_first(mistakes: Iterable[Mistake]) -> list[Mistake]:
    return sorted(mistakes, key=lambda one: -one.score)


class _Book:
    """A replay with its gold, looked up by place and number."""

    def __init__(
        self,
        items: Sequence[Item],
        replayed: Sequence[Replayed],
        window: timedelta,
        layer: Layer,
    ) -> None:
        self.items, self.replayed, self.window, self.layer = items, replayed, window, layer
        self._places = {one.number: place for place, one in enumerate(replayed)}
        stories = [one.story for one in replayed]
        self._groups = copy_groups(replayed) if layer == "copies" else stories
        self._members = _places_by(self._groups)
        clusters = [item.cluster for item in items]
        self._gold = _places_by(clusters)

    def mistakes(self, place: int) -> Iterator[Mistake]:
        """Yield what is wrong with one entry's assignment, if anything is."""
        cluster = self.items[place].cluster
        joined = [p for p in self._members[self._groups[place]] if p < place]
        if cluster is None or any(self.items[p].cluster == cluster for p in joined):
            return
        strangers = [p for p in joined if self.items[p].cluster is not None]
        if strangers:
            yield self._false_merge(place, strangers[0])
        elif mates := self._mates(place, cluster):
            yield self._miss(place, self._most_alike(place, mates))

    def _false_merge(self, place: int, founder: int) -> Mistake:
        assignment = self.replayed[place].judgement.assignment
        original = self._places.get(assignment.copy_of or 0, founder)
        kind = "false copy" if assignment.relation is Relation.COPY else "false join"
        return self._mistake(kind, place, original, assignment.score, assignment.reason)

    def _miss(self, place: int, mate: int) -> Mistake:
        assignment = self.replayed[place].judgement.assignment
        alone = relate(*(self.replayed[p].judgement.signature for p in (place, mate)))
        reason = f"{assignment.reason}; the two alone: {alone.relation}, {alone.reason}"
        if self.layer == "stories":
            return self._mistake("missed story", place, mate, assignment.score, reason)
        sure = 100 - alone.score if alone.relation == "copy" else alone.score
        return self._mistake("missed copy", place, mate, sure, reason)

    def _mistake(self, kind: str, place: int, other: int, score: float, reason: str) -> Mistake:
        return Mistake(kind, self.items[place].entry, self.items[other].entry, score, reason)

    def _mates(self, place: int, cluster: str) -> list[int]:
        """Return the earlier entries of the gold story that were young enough to be found."""
        oldest = self.items[place].entry.time - self.window
        earlier = (p for p in self._gold[cluster] if p < place)
        return [p for p in earlier if self.items[p].entry.time >= oldest]

    def _most_alike(self, place: int, mates: Sequence[int]) -> int:
        text = self.replayed[place].judgement.signature.title
        titles = {p: self.replayed[p].judgement.signature.title for p in mates}
        return max(titles, key=lambda p: (fuzz.token_set_ratio(text, titles[p]), -p))


def _places_by(labels: Iterable[Hashable]) -> Mapping[Hashable, list[int]]:
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        places[label].append(place)
    return places
