"""Split and merge: stories corrected by hand stay consistent, and nothing rings for it."""

import random
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from house import TIMES, House
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from stored import NOW, READ, an_entry, claim, entries_of, open_in, ring, store
from watchlists import FERRY, MEETS, SIGNS

from watcher.alerts.decide import Decision
from watcher.errors import UsageError
from watcher.model import Action, Entry, FeedbackKind, MuteKind, Reason, Relation
from watcher.service.by_hand.corrections import (
    LABELLED,
    merge_stories,
    split_story,
)
from watcher.storage.database import Transaction
from watcher.storage.rows import StoredEntry

HOUR = timedelta(hours=1)


@pytest.fixture
def tx(tmp_path: Path) -> Iterable[Transaction]:
    with open_in(tmp_path) as database, database.begin() as transaction:
        yield transaction


def entry(number: int) -> Entry:
    return an_entry(str(number), f"Report {number}", seen=NOW + number * HOUR)


def members(tx: Transaction, story: int) -> list[StoredEntry]:
    return [one for one in entries_of(tx) if one.story == story]


def numbers(tx: Transaction, story: int) -> list[int]:
    return [stored.number for stored in members(tx, story)]


def a_story(tx: Transaction, count: int, first: int = 1) -> int:
    """Store a story: a founder, then its copies."""
    opened = store(tx, entry(first))
    for number in range(first + 1, first + count):
        store(tx, entry(number), story=opened.story, copy_of=opened.entry)
    return opened.story


def test_entries_leave_into_a_new_story(tx: Transaction) -> None:
    story = a_story(tx, 4)

    done = split_story(tx, story, [2, 4], NOW)

    new = done["new_story"]
    assert done == {"changed": True, "story": story, "new_story": new, "entries": [2, 4]}
    assert isinstance(new, int)
    assert (numbers(tx, story), numbers(tx, new)) == ([1, 3], [2, 4])
    rows = [tx.stories.get(number) for number in (story, new)]
    assert [(row.entries, row.opened, row.last_seen) for row in rows if row] == [
        (2, NOW + HOUR, NOW + 3 * HOUR),
        (2, NOW + 2 * HOUR, NOW + 4 * HOUR),
    ]
    first, second = members(tx, new)
    assert (first.relation, first.copy_of) == (Relation.NEW, None)
    assert (second.relation, second.copy_of) == (Relation.SAME, None)
    assert first.reason == second.reason == f"set apart from story {story} by hand"


def test_a_founder_can_leave_and_the_next_entry_founds(tx: Transaction) -> None:
    story = a_story(tx, 3)

    new = split_story(tx, story, [1], NOW)["new_story"]

    assert isinstance(new, int)
    (founder,) = members(tx, new)
    assert founder.relation == Relation.NEW
    assert founder.reason == f"set apart from story {story} by hand"
    assert [(one.relation, one.copy_of) for one in members(tx, story)] == [
        (Relation.NEW, None),
        (Relation.SAME, None),
    ]


def test_copies_that_leave_together_stay_copies(tx: Transaction) -> None:
    story = a_story(tx, 2)
    store(tx, entry(3), story=story, copy_of=2)

    new = split_story(tx, story, [2, 3], NOW)["new_story"]

    assert isinstance(new, int)
    assert [(one.relation, one.copy_of) for one in members(tx, new)] == [
        (Relation.NEW, None),
        (Relation.COPY, 2),
    ]


def test_a_copy_of_what_left_is_a_report_of_its_own(tx: Transaction) -> None:
    story = a_story(tx, 2)
    store(tx, entry(3), story=story, copy_of=2)

    split_story(tx, story, [2], NOW)

    assert [(one.relation, one.copy_of) for one in members(tx, story)] == [
        (Relation.NEW, None),
        (Relation.SAME, None),
    ]


def test_copies_of_a_founder_that_leaves_are_copies_of_the_first_that_stays(
    tx: Transaction,
) -> None:
    opened = store(tx, an_entry("1", MEETS, seen=NOW))
    for number in (2, 3, 4):
        title = MEETS if number < 4 else FERRY
        store(tx, an_entry(str(number), title, seen=NOW), story=opened.story, copy_of=opened.entry)

    split_story(tx, opened.story, [opened.entry], NOW)

    founder, copy, other = members(tx, opened.story)
    assert founder.relation is Relation.NEW
    assert (copy.relation, copy.copy_of) == (Relation.COPY, founder.number)
    assert copy.reason == "same title"
    assert other.relation is Relation.SAME


def test_a_split_asked_again_changes_nothing(tx: Transaction) -> None:
    story = a_story(tx, 4)
    done = split_story(tx, story, [2, 4], NOW)

    assert split_story(tx, story, [4, 2], NOW) == {**done, "changed": False}


@pytest.mark.parametrize(
    ("story", "entries", "sentence"),
    [
        pytest.param(9, [1], "there is no story 9; `watcher stories list`", id="no such story"),
        pytest.param(1, [5], r"entry 5 is not in story 1 \(it is in story 2\)", id="elsewhere"),
        pytest.param(1, [1, 99], r"entry 99 is not in story 1 \(there is none\)", id="no entry"),
        pytest.param(1, [1, 2, 3], "all entries of story 1: there is nothing to split", id="all"),
    ],
)
def test_a_split_that_cannot_be_is_refused(
    tx: Transaction, story: int, entries: list[int], sentence: str
) -> None:
    a_story(tx, 3)
    a_story(tx, 3, first=4)

    with pytest.raises(UsageError, match=sentence):
        split_story(tx, story, entries, NOW)
    assert (numbers(tx, 1), numbers(tx, 2)) == ([1, 2, 3], [4, 5, 6])


def test_the_older_story_takes_the_newer_ones_entries(tx: Transaction) -> None:
    older, newer = a_story(tx, 2), a_story(tx, 2, first=3)

    done = merge_stories(tx, newer, older, NOW)

    assert done == {"changed": True, "story": older, "merged": newer, "entries": [3, 4]}
    assert numbers(tx, older) == [1, 2, 3, 4]
    assert [one.relation for one in members(tx, older)] == ["new", "copy", "same", "copy"]
    row = tx.stories.get(older)
    assert row
    assert (row.entries, row.last_seen) == (4, NOW + 4 * HOUR)
    assert [one.id for one in tx.stories.latest()] == [older]


def test_a_merged_story_is_found_under_its_number_for_ever(tx: Transaction) -> None:
    stories = [a_story(tx, 1, first=number) for number in (1, 2, 3)]
    merge_stories(tx, stories[1], stories[2], NOW)
    merge_stories(tx, stories[0], stories[2], NOW)

    found = [tx.stories.get(number) for number in stories]

    assert [row.id for row in found if row] == [stories[0]] * 3
    again = merge_stories(tx, stories[2], stories[1], NOW)
    assert (again["changed"], again["story"]) == (False, stories[0])
    new = a_story(tx, 1, first=9)
    assert new not in stories


def test_a_merge_that_cannot_be_is_refused(tx: Transaction) -> None:
    story = a_story(tx, 1)

    with pytest.raises(UsageError, match="there is no story 9"):
        merge_stories(tx, story, 9, NOW)
    with pytest.raises(UsageError, match="cannot be merged with itself"):
        merge_stories(tx, story, story, NOW)


def test_a_merge_can_be_undone(tx: Transaction) -> None:
    older, newer = a_story(tx, 2), a_story(tx, 2, first=3)
    merge_stories(tx, older, newer, NOW)

    new = split_story(tx, newer, [3, 4], NOW)["new_story"]

    assert isinstance(new, int)
    assert new not in (older, newer)
    assert (numbers(tx, older), numbers(tx, new)) == ([1, 2], [3, 4])


def test_mutes_hold_for_what_is_split_and_merged(tx: Transaction) -> None:
    muted, other = a_story(tx, 2), a_story(tx, 1, first=3)
    tx.mutes.add(MuteKind.STORY, str(muted), NOW + 2 * HOUR, NOW)
    tx.mutes.add(MuteKind.STORY, str(other), NOW + HOUR, NOW)

    new = split_story(tx, muted, [2], NOW)["new_story"]
    merge_stories(tx, muted, other, NOW)

    assert isinstance(new, int)
    for story in (muted, new):
        assert tx.mutes.until("summit", story, NOW) == NOW + 2 * HOUR


def test_the_mutes_of_a_merged_story_go_on_as_those_of_the_other_alone(tx: Transaction) -> None:
    kept, other = a_story(tx, 1), a_story(tx, 1, first=2)
    for kind, subject in ((MuteKind.STORY, ""), (MuteKind.THREAD, "summit/")):
        tx.mutes.add(kind, f"{subject}{other}", NOW + HOUR, NOW)

    merge_stories(tx, kept, other, NOW)

    assert {(one.kind, one.subject) for one in tx.mutes.current(NOW)} == {
        (MuteKind.STORY, str(kept)),
        (MuteKind.THREAD, f"summit/{kept}"),
    }


def test_rings_count_for_the_stories_of_all_they_told(tx: Transaction) -> None:
    opened = store(tx, entry(1))
    second = store(tx, entry(2), story=opened.story)
    third = store(tx, entry(3), story=opened.story, copy_of=1)
    alert = ring(tx, opened)
    tx.alerts.adopt(alert, second.entry)
    tx.alerts.record(
        second.entry, "summit", Decision(Action.REPLY, Reason.GATHERED, alert), alert, NOW
    )
    for claimed in claim(tx, NOW):
        tx.outbox.sent(claimed.deliveries, "1", NOW)

    told = split_story(tx, opened.story, [second.entry], NOW)["new_story"]
    untold = split_story(tx, opened.story, [third.entry], NOW)["new_story"]

    assert isinstance(told, int)
    assert isinstance(untold, int)

    def rings(story: int) -> list[int]:
        return [one.id for one in tx.alerts.rings("summit", story)]

    assert (rings(opened.story), rings(told), rings(untold)) == ([alert], [alert], [])
    assert {alert.story for alert in tx.alerts.latest()} == {opened.story}
    merge_stories(tx, told, untold, NOW)
    assert rings(told) == [alert]


@pytest.mark.parametrize("is_merged", [True, False])
def test_what_was_said_of_an_alert_is_said_of_the_story_that_it_is_of_now(
    tx: Transaction, *, is_merged: bool
) -> None:
    opened = store(tx, entry(1))
    second = store(tx, entry(2), story=None if is_merged else opened.story)
    ring(tx, opened)
    said = ring(tx, second, action=Action.ALERT if is_merged else Action.REPLY)
    while taken := claim(tx, NOW, channels=["desk"], limit=1):
        tx.outbox.sent(taken[0].deliveries, taken[0].key, NOW)
    tx.feedback.add(
        FeedbackKind.NOT_TOPIC,
        ring=said,
        topic="summit",
        story=second.story,
        channel="desk",
        person=1,
        name="Ana",
        now=NOW,
    )

    if is_merged:
        merge_stories(tx, opened.story, second.story, NOW)
    else:
        split_story(tx, opened.story, [second.entry], NOW)

    stories = 1 if is_merged else 2
    assert tx.feedback.ratings(["summit"], NOW)["summit"] == (stories, 1, 0)
    (moved,) = (one for one in tx.alerts.latest() if one.id == said)
    tx.feedback.take_back(FeedbackKind.NOT_TOPIC, "summit", moved.story)
    assert tx.feedback.ratings(["summit"], NOW)["summit"] == (stories, 0, 0)


def test_what_was_said_is_kept_as_labelled_pairs(tx: Transaction) -> None:
    a_story(tx, 3)
    split_story(tx, 1, [2], NOW)
    assert [(one["a"]["id"], one["b"]["id"], one["label"]) for one in records(tx)] == [
        ("1", "2", "different"),
        ("2", "3", "different"),
    ]

    merge_stories(tx, 1, 2, NOW + HOUR)

    assert {one["label"] for one in records(tx)} == {"same"}
    assert records(tx)[0]["a"] == {
        "id": "1",
        "time": (NOW + HOUR).isoformat(),
        "lang": "en",
        "outlet": "Antara",
        "url": "https://news.example/1",
        "title": "Report 1",
        "summary": "A summary.",
    }


def test_what_is_said_after_a_headline_was_edited_is_said_of_the_new_one(tx: Transaction) -> None:
    story = a_story(tx, 2)
    split_story(tx, story, [2], NOW)
    related = tx.entries.by_numbers([2])[2].assignment
    tx.entries.reword(2, an_entry("2", "Another report"), READ, related)

    merge_stories(tx, 1, 2, NOW + HOUR)

    (pair,) = records(tx)
    assert (pair["label"], pair["a"]["title"]) == ("same", "Report 1")
    assert pair["b"]["title"] == "Another report"


def records(tx: Transaction) -> list[dict[str, Any]]:
    return tx.corrections.pairs()


def test_a_large_correction_labels_some_of_its_pairs(tx: Transaction) -> None:
    a_story(tx, 70)
    split_story(tx, 1, [70], NOW)

    assert len(tx.corrections.pairs()) == LABELLED


def test_what_was_said_before_of_a_large_story_is_taken_back(tx: Transaction) -> None:
    a_story(tx, 130)
    split_story(tx, 1, list(range(60, 131)), NOW)
    split_story(tx, 1, list(range(5, 60)), NOW)

    merge_stories(tx, 1, 2, NOW)
    merge_stories(tx, 1, 3, NOW)

    assert {one["label"] for one in tx.corrections.pairs()} == {"same"}


def test_labelled_pairs_outlive_their_entries(tx: Transaction) -> None:
    story = a_story(tx, 2)
    split_story(tx, story, [2], NOW)

    assert tx.retention.delete_entries(NOW + 100 * HOUR).removed == 2
    assert len(tx.corrections.pairs()) == 1


def test_a_merged_story_goes_with_its_aliases(tx: Transaction) -> None:
    merge_stories(tx, a_story(tx, 1), a_story(tx, 1, first=2), NOW)

    tx.retention.delete_entries(NOW + 100 * HOUR)

    assert [tx.stories.get(number) for number in (1, 2)] == [None, None]


async def test_nothing_rings_because_of_a_correction(house: House) -> None:
    """What was told before stays told, in whichever story it is now."""
    await house.poll(house.report(MEETS, "1"))
    await house.poll(house.report(SIGNS.format(40), "2"), url=TIMES)
    await house.deliver(minutes=10)
    before = len(house.alerts())
    with house.database.begin() as tx:
        first, second = entries_of(tx)
        assert first.story == second.story
        split_story(tx, first.story, [second.number], house.clock())

    await house.deliver()
    house.clock.forward(hours=1)
    again = await house.poll(
        house.report(MEETS, "3"), house.report(SIGNS.format(40), "4"), url=TIMES
    )

    assert [(one["action"], one["reason"]) for one in again.told] == [
        (Action.EDIT, Reason.COPY),
        (Action.EDIT, Reason.COPY),
    ]
    assert len(house.alerts()) == before
    with house.database.read() as tx:
        *_, third, fourth = entries_of(tx)
        moved = tx.entries.get(second.number)
    assert moved
    assert (third.story, fourth.story) == (first.story, moved.story)


async def test_later_entries_join_the_story_that_others_were_merged_into(house: House) -> None:
    await house.poll(house.report(MEETS, "1"), house.report(FERRY, "2"))
    with house.database.begin() as tx:
        ferry, meets = (tx.entries.find(id_)[0].story for id_ in ("2", "1"))
        kept = merge_stories(tx, ferry, meets, house.clock())["story"]

    await house.poll(house.report(FERRY, "3"), house.report(MEETS, "4"), url=TIMES)

    assert {one.story for one in house.entries()} == {kept}


async def test_stories_keep_their_numbers_when_the_machinery_changes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another threshold decides about new entries only."""
    await house.poll(house.report(MEETS, "1"), house.report(FERRY, "2"))
    await house.poll(house.report(SIGNS.format(40), "3"), url=TIMES)
    before = house.entries()

    for name in ("SILENT_COPY_CHANCE", "STORY_CHANCE", "WATCHED_CHANCE"):
        monkeypatch.setattr(f"watcher.stories.assign.{name}", 1.1)
    house.clock.forward(minutes=1)
    await house.poll(house.report(MEETS, "1"), house.report(SIGNS.format(50), "4"))

    after = house.entries()
    assert after[:-1] == before
    assert after[-1].story not in {one.story for one in before}


@settings_of_hypothesis(max_examples=20)
@given(st.randoms(use_true_random=False), st.integers(2, 8))
def test_whatever_is_corrected_every_entry_is_in_one_story(
    tmp_path_factory: pytest.TempPathFactory, dice: random.Random, count: int
) -> None:
    folder = tmp_path_factory.mktemp("corrected")
    with open_in(folder) as database, database.begin() as tx:
        stories = [a_story(tx, 1, first=number) for number in range(1, count + 1)]
        for _ in range(10):
            _correct_at_random(tx, dice, stories)

        rows = tx.stories.latest(limit=1000)
        held = [number for row in rows for number in numbers(tx, row.id)]
        assert sorted(held) == list(range(1, count + 1))
        assert all(row.entries == len(numbers(tx, row.id)) for row in rows)
        assert all(members(tx, row.id)[0].relation == Relation.NEW for row in rows)
        assert all(tx.stories.get(story) for story in stories)


def _correct_at_random(tx: Transaction, dice: random.Random, stories: list[int]) -> None:
    try:
        if dice.random() < 0.5:
            merge_stories(tx, dice.choice(stories), dice.choice(stories), NOW)
            return
        row = tx.stories.get(dice.choice(stories))
        assert row
        leaving = [number for number in numbers(tx, row.id) if dice.random() < 0.5]
        if leaving:
            new = split_story(tx, row.id, leaving, NOW)["new_story"]
            assert isinstance(new, int)
            stories.append(new)
    except UsageError:
        pass
