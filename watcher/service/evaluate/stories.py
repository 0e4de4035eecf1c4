"""Stories and copy groups against gold stories, and what simpler rules make of the same items."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from watcher.config.settings import Settings
from watcher.service.evaluate.baselines import BASELINES, headline
from watcher.service.evaluate.metrics import GroupingScore, score_grouping
from watcher.service.evaluate.run import Tick, copy_groups, replay_items
from watcher.service.trials.items import Item
from watcher.service.trials.replay import Replayed


@dataclass(frozen=True, slots=True)
class StoriesScore:
    """Stories and copy groups against the gold clusters of an items file.

    Attributes:
        baselines: what the rules of others reach, by name; their groups are stories and copies.
    """

    items: int
    clusters: int
    stories: GroupingScore
    copies: GroupingScore
    baselines: Mapping[str, GroupingScore]


def evaluate_stories(
    items: Sequence[Item], settings: Settings, tick: Tick = iter, *, baselines: bool = False
) -> StoriesScore:
    """Replay items in time order and compare stories and copy groups with `cluster`."""
    return score_stories(items, replay_items(items, settings, tick), settings, baselines=baselines)


def score_stories(
    items: Sequence[Item], replayed: Sequence[Replayed], settings: Settings, *, baselines: bool
) -> StoriesScore:
    """Compare the stories and copy groups of a replay with the `cluster` of its items."""
    gold = [item.cluster for item in items if item.cluster is not None]
    return StoriesScore(
        items=len(gold),
        clusters=len(set(gold)),
        stories=_score(items, [one.story for one in replayed]),
        copies=_score(items, copy_groups(replayed)),
        baselines=_score_baselines(items, settings) if baselines else {},
    )


def _score_baselines(items: Sequence[Item], settings: Settings) -> dict[str, GroupingScore]:
    """Return what each rule of others reaches, in the same window."""
    headlines = [headline(item.entry) for item in items]
    window = settings.stories.window
    return {rule.name: _score(items, rule.group(headlines, window)) for rule in BASELINES}


def _score(items: Sequence[Item], groups: Sequence[Hashable]) -> GroupingScore:
    labelled = [place for place, item in enumerate(items) if item.cluster is not None]
    return score_grouping([items[p].cluster for p in labelled], [groups[p] for p in labelled])
