"""How gold stories are told, by us and by simpler rules that are given our matches."""

import random
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import count
from statistics import fmean
from typing import Final

from rapidfuzz import fuzz

from watcher.config.settings import Settings
from watcher.model import Action, Entry
from watcher.service.evaluate.baselines import RATIO, Baseline, fuzzy, headline
from watcher.service.evaluate.given import GivenTopics
from watcher.service.evaluate.metrics import GroupingScore, mean_grouping, score_grouping
from watcher.service.evaluate.run import Tick, replay_items
from watcher.service.trials.items import Item
from watcher.service.trials.replay import Replayed
from watcher.topics.watchlist import Watchlist

OURS: Final = "Watcher"


@dataclass(frozen=True, slots=True)
class AlertsScore:
    """How gold stories are told, averaged over the clocks.

    A gold story is counted once for each topic that its items are labelled with.

    Attributes:
        alerts: new alerts per gold story.
        rings: alerts and replies that tell of it, per gold story.
        untold: share of gold stories that no ring tells of.
        silenced: share of those that matched and were kept quiet about; the rest did not match.
        extra_rings: rings per gold story that tell of no labelled item.
        grouping: the stories of the watched items against gold; its F1 is that of the averages.
    """

    stories: int
    alerts: float
    rings: float
    untold: float
    silenced: float
    extra_rings: float
    grouping: GroupingScore


def compare_alerts(
    items: Sequence[Item],
    settings: Settings,
    *,
    blur: timedelta,
    seeds: int,
    tick: Tick = iter,
    given: bool = False,
) -> Mapping[str, AlertsScore]:
    """Replay labelled items under blurred clocks and count how gold stories are told.

    By us and by each simpler rule, by name; ours comes first.

    Args:
        items: with `labels` and `cluster`.
        settings: with the topics that the labels name.
        blur: every item comes at the start of its day plus 0 to this long; zero keeps the times.
        seeds: how many such clocks to average over; one is enough for zero blur.
        tick: wraps the items to show progress.
        given: labels stand for matches: what is left to err are the stories.
    """
    watchlist = GivenTopics(settings) if given else Watchlist(settings)
    clocks = (_blurred(items, blur, seed) for seed in range(seeds if blur else 1))
    return mean_alerts([_score_all(clock, settings, watchlist, tick) for clock in clocks])


def mean_alerts(runs: Sequence[Mapping[str, AlertsScore]]) -> Mapping[str, AlertsScore]:
    """Return each contender's figures averaged over runs."""
    return {name: _mean([run[name] for run in runs]) for name in runs[0]}


def _mean(scores: Sequence[AlertsScore]) -> AlertsScore:
    return AlertsScore(
        stories=scores[0].stories,
        alerts=fmean(one.alerts for one in scores),
        rings=fmean(one.rings for one in scores),
        untold=fmean(one.untold for one in scores),
        silenced=fmean(one.silenced for one in scores),
        extra_rings=fmean(one.extra_rings for one in scores),
        grouping=mean_grouping([one.grouping for one in scores]),
    )


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
class _Part:
    """One entry's part in one ring: what it tells, and whether it opened a thread."""

    story: tuple[str, str | None]
    labelled: bool
    ring: int
    opens: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """A replay with what its simpler rivals need."""

    items: Sequence[Item]
    replayed: Sequence[Replayed]
    window: timedelta

    @property
    def topics(self) -> list[tuple[str, ...]]:
        """The matched topics, item by item."""
        return [tuple(told.topic for told in one.told) for one in self.replayed]


@dataclass(frozen=True, slots=True)
class _Rival:
    """A simpler rule: how it groups the items, and whether it replies or keeps quiet after that."""

    group: Callable[[_Run], Sequence[Hashable]]
    replies: bool = False


def _alone(run: _Run) -> Sequence[Hashable]:
    return range(len(run.items))


def _same_day(run: _Run) -> Sequence[Hashable]:
    """Lump all that matches any topic on one day; the rest stands alone."""
    rows = enumerate(zip(run.items, run.topics, strict=True))
    return [item.entry.seen.date() if topics else place for place, (item, topics) in rows]


def _by_title(rule: Baseline, run: _Run) -> Sequence[Hashable]:
    return rule.group([headline(item.entry) for item in run.items], run.window)


#: RapidFuzz at the threshold of the other tables, and at the one that is best on these stories.
_BY_TITLE: Final = (RATIO, Baseline("token_sort 60", fuzzy(fuzz.token_sort_ratio, 60)))
_RIVALS: Final = {
    "a ring for every item": _Rival(_alone),
    "same day and watched, one ring": _Rival(_same_day),
    "same day and watched, all told": _Rival(_same_day, replies=True),
    **{rule.name: _Rival(partial(_by_title, rule)) for rule in _BY_TITLE},
}


def _score_all(
    items: Sequence[Item], settings: Settings, watchlist: Watchlist, tick: Tick
) -> dict[str, AlertsScore]:
    if isinstance(watchlist, GivenTopics):
        watchlist.know(items)
    replayed = replay_items(items, settings, tick, watchlist)
    run = _Run(items, replayed, settings.stories.window)
    gold = _gold(items, {topic.id for topic in settings.topics})
    scores = {OURS: _score(run, gold, [one.story for one in replayed], list(_our_parts(run)))}
    for name, rival in _RIVALS.items():
        groups = rival.group(run)
        scores[name] = _score(run, gold, groups, list(_parts(rival, run, groups)))
    return scores


def _gold(items: Sequence[Item], topics: set[str]) -> set[tuple[str, str | None]]:
    """Return (topic, gold story) of all that is to be told."""
    watched = [item for item in items if item.labels and item.cluster is not None]
    return {(t, item.cluster) for item in watched for t in item.labels or () if t in topics}


def _matched(run: _Run) -> set[tuple[str, str | None]]:
    """Return (topic, gold story) of all items that are rightly taken to meet a topic."""
    rows = zip(run.items, run.topics, strict=True)
    return {(t, item.cluster) for item, topics in rows for t in topics if t in (item.labels or ())}


def _our_parts(run: _Run) -> Iterator[_Part]:
    for item, replayed in zip(run.items, run.replayed, strict=True):
        for told in replayed.told:
            if told.decision.rings and told.ring is not None:
                opens = told.decision.action is Action.ALERT
                yield _part(item, told.topic, told.ring, opens=opens)


def _parts(rival: _Rival, run: _Run, groups: Sequence[Hashable]) -> Iterator[_Part]:
    threads: set[tuple[str, Hashable]] = set()
    rings = count(1)
    for item, topics, group in zip(run.items, run.topics, groups, strict=True):
        for topic in topics:
            opens = (topic, group) not in threads
            threads.add((topic, group))
            if opens or rival.replies:
                yield _part(item, topic, next(rings), opens=opens)


def _part(item: Item, topic: str, ring: int, *, opens: bool) -> _Part:
    return _Part((topic, item.cluster), topic in (item.labels or ()), ring, opens)


def _score(
    run: _Run,
    gold: set[tuple[str, str | None]],
    groups: Sequence[Hashable],
    parts: Sequence[_Part],
) -> AlertsScore:
    telling = [part for part in parts if part.labelled and part.story in gold]
    watched = [p for p, one in enumerate(run.items) if one.labels and one.cluster is not None]
    grouping = score_grouping([run.items[p].cluster for p in watched], [groups[p] for p in watched])
    told = {part.story for part in telling}
    total = len(gold) or 1
    return AlertsScore(
        stories=len(gold),
        alerts=sum(part.opens for part in telling) / total,
        rings=len({(part.story, part.ring) for part in telling}) / total,
        untold=len(gold - told) / total,
        silenced=len((gold & _matched(run)) - told) / total,
        extra_rings=len({p.ring for p in parts} - {p.ring for p in telling}) / total,
        grouping=grouping,
    )
