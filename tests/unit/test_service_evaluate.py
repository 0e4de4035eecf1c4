from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from watchlists import FERRY, MEETS, SIGNS, entry, settings

from watcher.service.evaluate.alerts import OURS, AlertsScore, compare_alerts
from watcher.service.evaluate.metrics import Score
from watcher.service.evaluate.pairs import evaluate_pairs
from watcher.service.evaluate.run import copy_groups
from watcher.service.evaluate.stories import evaluate_stories
from watcher.service.evaluate.topics import evaluate_topics
from watcher.service.trials.items import Item, Pair
from watcher.service.trials.replay import Replay, Replayed
from watcher.topics.watchlist import Watchlist

NO_BLUR = timedelta(0)


def item(
    title: str,
    minutes: int = 0,
    *,
    cluster: str | None = None,
    labels: Iterable[str] | None = None,
    **changes: str | None,
) -> Item:
    return Item(
        entry(title, minutes, **changes), cluster, None if labels is None else frozenset(labels)
    )


def replayed(*items: Item) -> list[Replayed]:
    run = Replay(settings(), Watchlist(settings()))
    return [run.take(one.entry) for one in items]


def ours(items: list[Item], *, blur: timedelta = NO_BLUR, seeds: int = 1) -> AlertsScore:
    return compare_alerts(items, settings(), blur=blur, seeds=seeds)[OURS]


def test_a_copy_of_a_copy_is_in_the_group_of_the_first() -> None:
    run = replayed(
        item(MEETS), item(FERRY, 1), item(MEETS, 2), item(SIGNS.format(9), 3), item(MEETS, 4)
    )

    assert copy_groups(run) == [1, 2, 1, 4, 1]


def test_equal_ids_do_not_join_groups() -> None:
    run = replayed(item(MEETS, id="x"), item(FERRY, 1, id="x"), item(FERRY, 2, id="y"))

    assert copy_groups(run) == [1, 2, 2]


def test_stories_and_copies_are_scored_on_the_items_with_a_gold_story() -> None:
    items = [
        item(MEETS, cluster="summit"),
        item(FERRY, 1),
        item(SIGNS.format(9), 2, cluster="summit"),
        item(MEETS, 3, cluster="summit"),
        item("Volcano in the south spits ash, flights go on", 4, cluster="volcano"),
    ]

    score = evaluate_stories(items, settings())

    assert (score.items, score.clusters) == (4, 2)
    assert score.stories.pairwise == Score(1, 1)
    # The update is no copy, so of three gold pairs only the one of the two equal reports is found.
    assert score.copies.pairwise == Score(1, 1 / 3)


def test_progress_sees_every_item() -> None:
    seen: list[Item] = []
    items = [item(MEETS, cluster="a"), item(FERRY, 1, cluster="b")]

    def tick(given: Iterable[Item]) -> Iterable[Item]:
        for one in given:
            seen.append(one)
            yield one

    evaluate_stories(items, settings(), tick)

    assert seen == items


def test_pairs_are_scored_by_verdict_and_unlabelled_ones_left_out() -> None:
    meets, signs, ferry = entry(MEETS), entry(SIGNS.format(9)), entry(FERRY)
    score = evaluate_pairs(
        [
            Pair(meets, meets, "copy"),
            Pair(meets, ferry, "different"),
            Pair(meets, meets, "different"),
            Pair(meets, signs, None),
            Pair(meets, signs, "unsure"),
        ],
        settings(),
    )

    assert score.pairs == 3
    assert score.confusion == {
        ("copy", "copy"): 1,
        ("different", "different"): 1,
        ("different", "copy"): 1,
    }
    assert score.copy == Score(0.5, 1)
    assert score.copy_or_same == Score(0.5, 1)


def test_topics_are_scored_with_what_was_missed_and_what_was_extra() -> None:
    (score,) = evaluate_topics(
        [
            item(MEETS, labels=["summit"], id="hit"),
            item("Rencontre au sommet", labels=["summit"], id="miss", language="fr"),
            item(MEETS, labels=[], id="extra"),
            item(FERRY, labels=["other"], id="rest"),
            item(MEETS, id="unlabelled"),
        ],
        settings(),
    )

    assert (score.topic, score.positives, score.score) == ("summit", 2, Score(0.5, 0.5))
    assert (score.missed, score.extra) == (("miss",), ("extra",))
    assert score.recall_by_language == {"en": (1, 1), "fr": (0, 1)}


def test_items_of_one_id_are_scored_each_for_itself() -> None:
    (score,) = evaluate_topics(
        [item(MEETS, labels=["summit"], id="x"), item(FERRY, labels=[], id="x")], settings()
    )

    assert score.score == Score(1, 1)


def test_alerts_and_rings_are_counted_per_gold_story() -> None:
    items = [
        item(MEETS, cluster="a", labels=["summit"]),
        item(MEETS, 1, cluster="a", labels=["summit"]),
        item(SIGNS.format(9), 5, cluster="a", labels=["summit"]),
        item(FERRY, 6, cluster="b", labels=[]),
    ]

    score = ours(items, seeds=5)

    assert (score.stories, score.alerts, score.rings) == (1, 1, 2)
    assert (score.untold, score.extra_rings) == (0, 0)
    assert score.grouping.pairwise == Score(1, 1)


def test_a_gold_story_that_no_ring_tells_of_is_untold() -> None:
    items = [
        item(MEETS, cluster="told", labels=["summit"]),
        item("Rencontre au sommet", 1, cluster="no match", labels=["summit"]),
        item(MEETS, 2, cluster="taken for a copy", labels=["summit"]),
        item(FERRY, 3, cluster="unwatched", labels=["a topic of others"]),
    ]

    score = ours(items)

    assert score.stories == 3
    assert score.untold == pytest.approx(2 / 3)
    assert score.alerts == score.rings == pytest.approx(1 / 3)


def test_rings_about_nothing_labelled_are_extra() -> None:
    items = [
        item(MEETS, cluster="a", labels=["summit"]),
        item("Putin remembers when Kim Jong Un sang at school", 60 * 24 * 30, labels=[]),
    ]

    score = ours(items)

    assert (score.rings, score.extra_rings) == (1, 1)


def test_a_blurred_clock_is_reproducible_and_averaged_over_its_seeds() -> None:
    items = [
        item(SIGNS.format(n), 7 * n, cluster="a", labels=["summit"]) for n in (3, 9, 20, 31, 44)
    ]
    hour = timedelta(hours=1)

    several = [ours(items, blur=hour, seeds=4) for _ in range(2)]

    assert several[0] == several[1]
    assert several[0].alerts == 1
    assert 1 <= several[0].rings <= 5


def test_nothing_labelled_is_no_division_by_zero() -> None:
    score = ours([item(FERRY)], seeds=3)

    assert (score.stories, score.alerts, score.untold) == (0, 0, 0)
    assert evaluate_pairs([], settings()).pairs == 0
    assert evaluate_stories([item(FERRY)], settings()).items == 0


def test_evaluation_changes_no_item() -> None:
    items = [item(MEETS, cluster="a", labels=["summit"])]
    before = [replace(one) for one in items]

    ours(items, blur=timedelta(hours=36), seeds=2)

    assert items == before
