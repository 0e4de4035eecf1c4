"""What `watcher eval stories --explain` lists, and the figures that releases are held to."""

from datetime import timedelta
from pathlib import Path

import pytest
from watchlists import FERRY, MEETS, SIGNS, entry, settings

from watcher.service.evaluate.floors import FLOORS, Floor, Layer, floors, layer
from watcher.service.evaluate.mistakes import Mistake, pair_mistakes, story_mistakes
from watcher.service.evaluate.run import replay_items
from watcher.service.trials.items import Item, Pair

WINDOW = timedelta(hours=72)
ELSEWHERE = "Ministers quarrel over the price of sugar beet"


def item(title: str, minutes: int, cluster: str | None) -> Item:
    return Item(entry(title, minutes), cluster, None)


def mistakes(*items: Item, of: Layer = "stories") -> list[Mistake]:
    return story_mistakes(items, replay_items(items, settings()), WINDOW, of)


def test_what_is_right_is_no_mistake() -> None:
    right = [item(MEETS, 0, "a"), item(FERRY, 1, "b"), item(MEETS, 2, "a"), item(MEETS, 3, None)]

    assert mistakes(*right) == []


def test_a_copy_of_another_story_is_a_false_copy_and_names_what_it_was_taken_for() -> None:
    (found,) = mistakes(item(MEETS, 0, "a"), item(FERRY, 1, "b"), item(MEETS, 2, "c"))

    assert (found.kind, found.reason) == ("false copy", "same title")
    assert (found.entry, found.other) == (entry(MEETS, 2), entry(MEETS, 0))


def test_a_join_of_another_story_is_a_false_join() -> None:
    (found,) = mistakes(item(MEETS, 0, "a"), item(SIGNS.format(9), 5, "b"))

    assert (found.kind, found.other) == ("false join", entry(MEETS, 0))


def test_a_story_opened_beside_its_own_is_a_miss() -> None:
    (found,) = mistakes(item(FERRY, 0, "a"), item(ELSEWHERE, 5, "a"))

    assert (found.kind, found.entry, found.other.title) == (
        "missed story",
        entry(ELSEWHERE, 5),
        FERRY,
    )
    assert "the two alone: " in found.reason


def test_what_is_older_than_the_window_could_not_be_found() -> None:
    later = int(WINDOW.total_seconds() // 60)

    assert len(mistakes(item(FERRY, 0, "a"), item(ELSEWHERE, later, "a"))) == 1
    assert mistakes(item(FERRY, 0, "a"), item(ELSEWHERE, later + 1, "a")) == []


def test_where_clusters_are_sets_of_copies_a_join_is_a_miss_and_no_merge() -> None:
    update = item(SIGNS.format(9), 5, "a"), item(SIGNS.format(9), 6, "b")

    assert [one.kind for one in mistakes(item(MEETS, 0, "a"), update[0], of="copies")] == [
        "missed copy"
    ]
    assert mistakes(item(MEETS, 0, "a"), update[1], of="copies") == []


def test_the_surest_mistake_comes_first() -> None:
    found = mistakes(
        item(MEETS, 0, "a"),
        item(SIGNS.format(9), 5, "b"),
        item(FERRY, 6, "c"),
        item(ELSEWHERE, 7, "c"),
        item(MEETS, 8, "d"),
    )

    assert len(found) == 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_pairs_are_told_with_both_answers() -> None:
    meets, ferry = entry(MEETS), entry(FERRY)
    pairs = [
        Pair(meets, meets, "copy"),
        Pair(meets, meets, "different"),
        Pair(meets, ferry, "same"),
        Pair(meets, ferry, "unsure"),
    ]

    kinds = {one.kind for one in pair_mistakes(pairs, settings())}

    assert kinds == {"different taken for copy", "same taken for different"}


@pytest.mark.parametrize(
    ("name", "of", "asked"),
    [
        ("wirepool.dev.jsonl", "copies", 2),
        ("wirepool.other.jsonl", "copies", 2),
        ("wirepool_pairs.dev.jsonl", "stories", 2),
        ("uci.jsonl", "stories", 1),
        ("mine.jsonl", "stories", 0),
        ("topics/dev.jsonl", "stories", 5),
    ],
)
def test_a_set_is_known_by_its_name_or_its_folders(name: str, of: str, asked: int) -> None:
    assert layer(Path("any") / name) == of
    assert len(floors(Path("any") / name)) == asked


def test_every_floor_is_a_share_unless_it_is_counted() -> None:
    counted = ("lookalikes", "topics")
    shares = [f for name, of in FLOORS.items() if name not in counted for f in of.values()]

    assert all(0 < floor.value < 1 and not floor.at_most for floor in shares)


@pytest.mark.parametrize(
    ("at_most", "answers"), [(False, [False, True, True]), (True, [True, True, False])]
)
def test_a_floor_is_reached_by_its_own_value(at_most: bool, answers: list[bool]) -> None:
    assert [Floor(2, at_most).holds(value) for value in (1, 2, 3)] == answers
