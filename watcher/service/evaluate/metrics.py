"""How well a grouping or a set of labels agrees with gold: the measures of the field.

Pairwise precision and recall count pairs of items; BCubed (Bagga and Baldwin 1998; Amigo et al.
2009) averages over items; ARI is Hubert and Arabie's adjusted Rand index (1985).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from statistics import fmean

#: How many items have a gold label and a found label together.
Joint = Counter[tuple[Hashable, Hashable]]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, both 0 to 1; 1 where there was nothing to find or nothing found."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class GroupingScore:
    """A grouping against gold."""

    pairwise: Score
    bcubed: Score
    ari: float


def score_grouping(gold: Sequence[Hashable], found: Sequence[Hashable]) -> GroupingScore:
    """Compare two groupings of the same items; the n-th labels belong to the n-th item."""
    both = Counter(zip(gold, found, strict=True))
    golds, founds = Counter(gold), Counter(found)
    return GroupingScore(
        pairwise=_pairwise(both, golds, founds),
        bcubed=_bcubed(both, golds, founds),
        ari=_adjusted_rand(both, golds, founds),
    )


def mean_grouping(scores: Sequence[GroupingScore]) -> GroupingScore:
    """Return the averages of several groupings' scores."""
    return GroupingScore(
        pairwise=mean_score([one.pairwise for one in scores]),
        bcubed=mean_score([one.bcubed for one in scores]),
        ari=fmean(one.ari for one in scores),
    )


def mean_score(scores: Sequence[Score]) -> Score:
    """Return average precision and recall."""
    return Score(fmean(one.precision for one in scores), fmean(one.recall for one in scores))


def score_labels(gold: Iterable[bool], found: Iterable[bool]) -> Score:
    """Compare yes/no answers."""
    counts = Counter(zip(gold, found, strict=True))
    hits = counts[True, True]
    return Score(_share(hits, hits + counts[False, True]), _share(hits, hits + counts[True, False]))


def _pairwise(both: Joint, golds: Counter[Hashable], founds: Counter[Hashable]) -> Score:
    hits = _pairs(both)
    return Score(_share(hits, _pairs(founds)), _share(hits, _pairs(golds)))


def _bcubed(both: Joint, golds: Counter[Hashable], founds: Counter[Hashable]) -> Score:
    items = golds.total()
    precision = sum(n * n / founds[found] for (_, found), n in both.items())
    recall = sum(n * n / golds[gold] for (gold, _), n in both.items())
    return Score(_share(precision, items), _share(recall, items))


def _adjusted_rand(both: Joint, golds: Counter[Hashable], founds: Counter[Hashable]) -> float:
    pairs = comb(golds.total(), 2)
    expected = _pairs(golds) * _pairs(founds) / pairs if pairs else 0.0
    best = (_pairs(golds) + _pairs(founds)) / 2
    return 1.0 if best == expected else (_pairs(both) - expected) / (best - expected)


def _pairs(counts: Mapping[Hashable, int] | Joint) -> int:
    return sum(comb(n, 2) for n in counts.values())


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
