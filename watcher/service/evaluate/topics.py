"""Topic matches against labels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from watcher.config.settings import Settings
from watcher.service.evaluate.metrics import Score, mean_score, score_labels
from watcher.service.evaluate.run import Tick
from watcher.service.trials.items import Item
from watcher.topics.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class TopicScore:
    """One topic's matches; `missed` and `extra` are item ids."""

    topic: str
    score: Score
    positives: int
    missed: tuple[str, ...]
    extra: tuple[str, ...]
    recall_by_language: Mapping[str, tuple[int, int]]


def evaluate_topics(
    items: Sequence[Item], settings: Settings, tick: Tick = iter
) -> list[TopicScore]:
    """Match items and compare with their `labels`, topic by topic."""
    watchlist = Watchlist(settings)
    labelled = [item for item in items if item.labels is not None]
    found = [
        {match.topic for match in watchlist.read(item.entry, hidden=item.hidden).matches}
        for item in tick(labelled)
    ]
    return [_score_topic(topic.id, labelled, found) for topic in settings.topics]


def mean_topics(runs: Sequence[Sequence[TopicScore]]) -> dict[str, Score]:
    """Return each topic's average precision and recall over several runs."""
    of_topics = zip(*runs, strict=True)
    return {one[0].topic: mean_score([score.score for score in one]) for one in of_topics}


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
