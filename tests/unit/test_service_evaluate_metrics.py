from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.service.evaluate.metrics import Score, score_grouping, score_labels

labels = st.integers(0, 4)
groupings = st.lists(st.tuples(labels, labels), min_size=1, max_size=30).map(
    lambda pairs: ([a for a, _ in pairs], [b for _, b in pairs])
)


def test_a_grouping_is_scored_as_by_hand() -> None:
    # Gold {0,1,2} {3,4}; found {0,1} {2,3,4}: of 4 gold pairs 2 are found, of 4 found pairs 2 hold.
    score = score_grouping("aaabb", "xxyyy")

    assert score.pairwise == Score(0.5, 0.5)
    # Precision by item: 1, 1, 1/3, 2/3, 2/3; recall: 2/3, 2/3, 1/3, 1, 1.
    assert score.bcubed.precision == pytest.approx(11 / 15)
    assert score.bcubed.recall == pytest.approx(11 / 15)
    # 10 pairs: expected 4 * 4 / 10 = 1.6, best 4, found 2.
    assert score.ari == pytest.approx((2 - 1.6) / (4 - 1.6))


@pytest.mark.parametrize(
    ("gold", "found", "pairwise", "bcubed", "ari"),
    [
        pytest.param("aabb", "xxxx", Score(2 / 6, 1), Score(0.5, 1), 0, id="all in one"),
        pytest.param("aabb", "wxyz", Score(1, 0), Score(1, 0.5), 0, id="each alone"),
        pytest.param("abcd", "wxyz", Score(1, 1), Score(1, 1), 1, id="nothing to find"),
        pytest.param("a", "x", Score(1, 1), Score(1, 1), 1, id="one item"),
        pytest.param("", "", Score(1, 1), Score(1, 1), 1, id="no items"),
        pytest.param("aabb", "xyxy", Score(0, 0), Score(0.5, 0.5), -0.5, id="crosswise"),
    ],
)
def test_extreme_groupings_have_the_scores_that_are_known_of_them(
    gold: str, found: str, pairwise: Score, bcubed: Score, ari: float
) -> None:
    score = score_grouping(gold, found)

    assert score.pairwise == pairwise
    assert score.bcubed == bcubed
    assert score.ari == pytest.approx(ari)


@pytest.mark.parametrize(
    ("gold", "found", "precision", "recall", "f1"),
    [
        ([True, True, False, False], [True, False, True, False], 0.5, 0.5, 0.5),
        ([True, True, True], [True, True, False], 1, 2 / 3, 0.8),
        ([True, False], [False, True], 0, 0, 0),
        ([False], [False], 1, 1, 1),
        ([], [], 1, 1, 1),
    ],
)
def test_labels_are_scored_as_by_hand(
    gold: list[bool], found: list[bool], precision: float, recall: float, f1: float
) -> None:
    score = score_labels(gold, found)

    assert (score.precision, score.recall) == (precision, recall)
    assert score.f1 == pytest.approx(f1)


def test_groupings_of_different_items_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        score_grouping([1, 2], [1])


@given(st.lists(labels, min_size=1))
def test_a_perfect_grouping_scores_one(gold: list[int]) -> None:
    score = score_grouping(gold, [f"found {label}" for label in gold])

    assert score.pairwise == Score(1, 1)
    assert score.bcubed.f1 == pytest.approx(1)
    assert score.ari == pytest.approx(1)


@given(groupings, st.permutations(range(5)), st.randoms(use_true_random=False))
def test_neither_the_names_of_groups_nor_the_order_of_items_matters(
    grouping: tuple[list[int], list[int]], names: list[int], random: Random
) -> None:
    gold, found = grouping
    rows = [(names[a], str(b)) for a, b in zip(gold, found, strict=True)]
    random.shuffle(rows)
    here = score_grouping(gold, found)
    there = score_grouping([a for a, _ in rows], [b for _, b in rows])

    assert there.pairwise == here.pairwise
    assert there.bcubed.precision == pytest.approx(here.bcubed.precision)
    assert there.bcubed.recall == pytest.approx(here.bcubed.recall)
    assert there.ari == pytest.approx(here.ari)


@given(groupings)
def test_scores_keep_their_bounds_and_swapping_sides_swaps_precision_and_recall(
    grouping: tuple[list[int], list[int]],
) -> None:
    gold, found = grouping
    score, swapped = score_grouping(gold, found), score_grouping(found, gold)

    for one in (score.pairwise, score.bcubed):
        assert 0 <= one.precision <= 1 + 1e-9
        assert 0 <= one.recall <= 1 + 1e-9
        assert min(one.precision, one.recall) - 1e-9 <= one.f1
        assert one.f1 <= max(one.precision, one.recall) + 1e-9
    assert -1 <= score.ari <= 1 + 1e-9
    assert swapped.pairwise == Score(score.pairwise.recall, score.pairwise.precision)
    assert swapped.ari == pytest.approx(score.ari)


@given(groupings)
def test_splitting_a_group_never_raises_recall(grouping: tuple[list[int], list[int]]) -> None:
    gold, found = grouping
    split = [(label, place % 2) for place, label in enumerate(found)]

    assert (
        score_grouping(gold, split).pairwise.recall <= score_grouping(gold, found).pairwise.recall
    )
