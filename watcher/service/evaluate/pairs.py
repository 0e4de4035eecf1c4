"""Verdicts on labelled pairs, and what simpler rules say about the same pairs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from watcher.config.settings import Settings
from watcher.service.encoder.encoding import computed
from watcher.service.evaluate.baselines import BASELINES, Baseline, headline
from watcher.service.evaluate.metrics import Score, score_labels
from watcher.service.intake.judge import compare
from watcher.service.trials.items import LABELS, Pair
from watcher.stories.relate import Verdict
from watcher.topics.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class PairsScore:
    """Verdicts on labelled pairs; `confusion` counts (gold, found).

    Attributes:
        baselines: what the rules of others reach, by name; they know "copy" and "different".
    """

    pairs: int
    copy: Score
    copy_or_same: Score
    confusion: Mapping[tuple[str, str], int]
    baselines: Mapping[str, "PairsScore"] = field(default_factory=dict)


def evaluate_pairs(
    pairs: Sequence[Pair], settings: Settings, *, baselines: bool = False
) -> PairsScore:
    """Compare the two sides of each labelled pair and score "copy" and "copy or same"."""
    known = labelled(pairs)
    gold = [str(pair.label) for pair in known]
    ours = _score(gold, [verdict.relation for verdict in verdicts(known, settings)])
    if not baselines:
        return ours
    others = {rule.name: _score(gold, _answers(rule, known)) for rule in BASELINES}
    return replace(ours, baselines=others)


def labelled(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs with a label that can be scored."""
    return [pair for pair in pairs if pair.label in LABELS]


def verdicts(pairs: Sequence[Pair], settings: Settings) -> list[Verdict]:
    """Return how the two sides of each pair relate, and why."""
    watchlist, vectors = Watchlist(settings), computed(settings.stories.encoder)
    window = settings.stories.window
    return [compare(pair.a, pair.b, watchlist, window=window, vectors=vectors) for pair in pairs]


def _answers(rule: Baseline, pairs: Sequence[Pair]) -> list[str]:
    alike = (rule.alike(headline(pair.a), headline(pair.b)) for pair in pairs)
    return ["copy" if yes else "different" for yes in alike]


def _score(gold: Sequence[str], found: Sequence[str]) -> PairsScore:
    return PairsScore(
        pairs=len(gold),
        copy=score_labels((g == "copy" for g in gold), (f == "copy" for f in found)),
        copy_or_same=score_labels(
            (g != "different" for g in gold), (f != "different" for f in found)
        ),
        confusion=Counter(zip(gold, found, strict=True)),
    )
