"""Score the machinery on labelled items: stories and copies, pairs, topics, alerts."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from watcher.config.settings import Settings
from watcher.model import Action, Entry, Relation
from watcher.service.items import Item, Pair
from watcher.service.replay import Replay, Replayed
from watcher.stories.assign import relate
from watcher.stories.metrics import GroupingScore, Score, score_grouping, score_labels
from watcher.stories.signature import sign
from watcher.topics.watchlist import Watchlist

LABELS = ("copy", "same", "different")
Tick = Callable[[Iterable[Item]], Iterable[Item]]


@dataclass(frozen=True, slots=True)
class StoriesScore:
    """Stories and copy groups against the gold clusters of an items file."""

    items: int
    clusters: int
    stories: GroupingScore
    copies: GroupingScore


@dataclass(frozen=True, slots=True)
class PairsScore:
    """Verdicts on labelled pairs; `confusion` counts (gold, found)."""

    pairs: int
    copy: Score
    copy_or_same: Score
    confusion: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class TopicScore:
    """One topic's matches; `missed` and `extra` are item ids."""

    topic: str
    score: Score
    positives: int
    missed: tuple[str, ...]
    extra: tuple[str, ...]
    recall_by_language: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class AlertsScore:
    """How gold stories are told, averaged over the clocks.

    A gold story is counted once for each topic that its items are labelled with.

    Attributes:
        alerts: new alerts per gold story.
        rings: alerts and replies that tell of it, per gold story.
        untold: share of gold stories that no ring tells of.
        extra_rings: rings per gold story that tell of no labelled item.
    """

    stories: int
    alerts: float
    rings: float
    untold: float
    extra_rings: float
    grouping: GroupingScore


def evaluate_stories(items: Sequence[Item], settings: Settings, tick: Tick = iter) -> StoriesScore:
    """Replay items in time order and compare stories and copy groups with `cluster`."""
    replayed = _replay(items, settings, tick)
    groups = copy_groups(replayed)
    labelled = [place for place, item in enumerate(items) if item.cluster is not None]
    gold = [items[place].cluster for place in labelled]
    return StoriesScore(
        items=len(labelled),
        clusters=len(set(gold)),
        stories=score_grouping(gold, [replayed[place].story for place in labelled]),
        copies=score_grouping(gold, [groups[place] for place in labelled]),
    )


def copy_groups(replayed: Sequence[Replayed]) -> list[int]:
    """Return each entry's group: the number of the entry that its chain of copies ends in."""
    groups: dict[int, int] = {}
    for one in replayed:
        original = one.judgement.assignment.copy_of
        is_copy = one.judgement.assignment.relation is Relation.COPY and original is not None
        groups[one.number] = groups[original] if is_copy and original else one.number
    return list(groups.values())


def evaluate_pairs(pairs: Sequence[Pair], settings: Settings) -> PairsScore:
    """Compare the two sides of each labelled pair and score "copy" and "copy or same"."""
    watchlist = Watchlist(settings)
    labelled = [pair for pair in pairs if pair.label in LABELS]
    found = [_verdict(pair, watchlist) for pair in labelled]
    gold = [str(pair.label) for pair in labelled]
    return PairsScore(
        pairs=len(labelled),
        copy=score_labels((g == "copy" for g in gold), (f == "copy" for f in found)),
        copy_or_same=score_labels(
            (g != "different" for g in gold), (f != "different" for f in found)
        ),
        confusion=Counter(zip(gold, found, strict=True)),
    )


def evaluate_topics(
    items: Sequence[Item], settings: Settings, tick: Tick = iter
) -> list[TopicScore]:
    """Match items and compare with their `labels`, topic by topic."""
    watchlist = Watchlist(settings)
    labelled = [item for item in items if item.labels is not None]
    found = [
        {match.topic for match in watchlist.read(item.entry).matches} for item in tick(labelled)
    ]
    return [_score_topic(topic.id, labelled, found) for topic in settings.topics]


def evaluate_alerts(
    items: Sequence[Item], settings: Settings, *, blur: timedelta, seeds: int, tick: Tick = iter
) -> AlertsScore:
    """Replay labelled items under blurred clocks and count how gold stories are told.

    Args:
        items: with `labels` and `cluster`.
        settings: with the topics that the labels name.
        blur: every item comes at the start of its day plus 0 to this long; zero keeps the times.
        seeds: how many such clocks to average over; one is enough for zero blur.
        tick: wraps the items to show progress.
    """
    clocks = range(seeds if blur else 1)
    scores = [_alerts_once(_blurred(items, blur, seed), settings, tick) for seed in clocks]
    mean = {
        name: sum(getattr(score, name) for score in scores) / len(scores)
        for name in ("alerts", "rings", "untold", "extra_rings")
    }
    return replace(scores[0], **mean)


def _replay(items: Sequence[Item], settings: Settings, tick: Tick) -> list[Replayed]:
    replay = Replay(settings, Watchlist(settings))
    return [replay.take(item.entry) for item in tick(items)]


def _verdict(pair: Pair, watchlist: Watchlist) -> str:
    sides = [sign(side, watchlist.read(side)) for side in (pair.a, pair.b)]
    return str(relate(*sides).relation)


def _score_topic(topic: str, items: Sequence[Item], found: Sequence[set[str]]) -> TopicScore:
    gold = [topic in (item.labels or ()) for item in items]
    answers = [topic in topics for topics in found]
    rows = list(zip(items, gold, answers, strict=True))
    return TopicScore(
        topic=topic,
        score=score_labels(gold, answers),
        positives=sum(gold),
        missed=tuple(item.entry.id for item, yes, answer in rows if yes and not answer),
        extra=tuple(item.entry.id for item, yes, answer in rows if answer and not yes),
        recall_by_language=_recall_by_language(
            (item.entry.language or "?", answer) for item, yes, answer in rows if yes
        ),
    )


def _recall_by_language(answers: Iterable[tuple[str, bool]]) -> dict[str, tuple[int, int]]:
    """Return language -> (found, all) of the items that should be found."""
    counts: dict[str, tuple[int, int]] = {}
    for language, answer in answers:
        hits, total = counts.get(language, (0, 0))
        counts[language] = (hits + answer, total + 1)
    return counts


def _blurred(items: Sequence[Item], blur: timedelta, seed: int) -> list[Item]:
    if not blur:
        return list(items)
    dice = random.Random(seed)  # noqa: S311 - a reproducible clock, no secret
    moved = [replace(item, entry=_moved(item.entry, blur * dice.random())) for item in items]
    return sorted(moved, key=lambda item: item.entry.seen)


def _moved(entry: Entry, by: timedelta) -> Entry:
    time = entry.seen.replace(hour=0, minute=0, second=0, microsecond=0) + by
    return replace(entry, seen=time, published=time)


@dataclass(frozen=True, slots=True)
class _Ringing:
    """One entry's part in one ring."""

    story: tuple[str, str | None]
    labelled: bool
    ring: int
    opens: bool


def _alerts_once(items: Sequence[Item], settings: Settings, tick: Tick) -> AlertsScore:
    replayed = _replay(items, settings, tick)
    topics = {topic.id for topic in settings.topics}
    watched = [p for p, item in enumerate(items) if item.labels and item.cluster is not None]
    gold = {(t, items[p].cluster) for p in watched for t in items[p].labels or () if t in topics}
    ringings = [one for pair in zip(items, replayed, strict=True) for one in _ringings(*pair)]
    telling = [one for one in ringings if one.labelled and one.story in gold]
    total = len(gold) or 1
    return AlertsScore(
        stories=len(gold),
        alerts=sum(one.opens for one in telling) / total,
        rings=len({(one.story, one.ring) for one in telling}) / total,
        untold=len(gold - {one.story for one in telling}) / total,
        extra_rings=len({o.ring for o in ringings} - {o.ring for o in telling}) / total,
        grouping=score_grouping(
            [items[p].cluster for p in watched], [replayed[p].story for p in watched]
        ),
    )


def _ringings(item: Item, replayed: Replayed) -> Iterator[_Ringing]:
    for told in replayed.told:
        if told.ring is not None:
            labelled = told.topic in (item.labels or ())
            opens = told.decision.action is Action.ALERT
            yield _Ringing((told.topic, item.cluster), labelled, told.ring, opens)
