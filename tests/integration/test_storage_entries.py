from dataclasses import replace
from pathlib import Path

import pytest
from stored import FEED, MINUTE, NOW, READ, TITLE, UNREAD, an_entry, open_in, store

from watcher.errors import StorageError
from watcher.model import Relation
from watcher.outlets.coverage import coverage
from watcher.outlets.publishers import Publishers


def test_an_entry_comes_back_with_all_that_was_found(tmp_path: Path) -> None:
    entry = an_entry(published=NOW - MINUTE)
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx, entry)
        stored = tx.entries.get(added.entry)

    assert stored is not None
    assert stored.entry == entry
    assert stored.reading == READ
    assert (stored.story, stored.relation, stored.copy_of) == (added.story, Relation.NEW, None)
    assert (stored.score, stored.reason) == (91.5, "ratio 91")


def test_an_entry_that_matches_nothing_is_kept_too(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx, reading=UNREAD)

        stored = tx.entries.get(added.entry)
        assert stored is not None
        assert stored.reading == UNREAD
        assert stored.entry.summary == "A summary."


def test_the_same_id_of_one_feed_is_refused(tmp_path: Path) -> None:
    with open_in(tmp_path) as database:
        with database.begin() as tx:
            store(tx)
        with pytest.raises(StorageError, match="UNIQUE"), database.begin() as tx:
            store(tx)


def test_known_ids_are_those_of_this_feed(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx, an_entry("a"))
        store(tx, an_entry("b"))
        numbers = tx.feeds.sync([(FEED, None, None), ("http://other", None, None)], NOW)

        assert set(tx.sightings.known(numbers[FEED], ["a", "b", "c"])) == {"a", "b"}
        assert set(tx.sightings.known(numbers["http://other"], ["a"])) == set()
        assert set(tx.sightings.known(numbers[FEED], [])) == set()


def test_a_feed_of_ten_thousand_ids_is_no_trouble(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx, an_entry("7"))

        assert set(tx.sightings.known(1, map(str, range(10_000)))) == {"7"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("https://news.example/1", id="URL"),
        pytest.param("1", id="feed's id or our number"),
    ],
)
def test_an_entry_is_found_by_what_a_user_has_at_hand(tmp_path: Path, text: str) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)

        assert [found.entry.title for found in tx.entries.find(text)] == [TITLE]
        assert tx.entries.find("https://elsewhere.example/") == ()
        assert tx.entries.find("9" * 30) == ()


def test_our_number_comes_before_the_same_id_of_a_feed(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for id_ in ("a", "1", "#1"):
            store(tx, an_entry(id_))

        assert [found.number for found in tx.entries.find("1")] == [1, 2]
        assert [found.number for found in tx.entries.find("#1")] == [1]
        assert tx.entries.find("#9") == ()


def test_a_story_counts_its_entries_outlets_and_languages(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        for id_, outlet in (("2", "TASS"), ("3", "Antara"), ("4", "")):
            entry = an_entry(id_, outlet=outlet, seen=NOW + MINUTE)
            store(tx, entry, story=added.story, copy_of=added.entry)
        late = an_entry("5", seen=NOW - MINUTE)
        store(tx, late, story=added.story)

        story = tx.stories.get(added.story)
        assert story is not None
        assert (story.title, story.founder, story.entries) == (TITLE, added.entry, 5)
        told = coverage(story.accounts, Publishers())
        assert (told.outlets, told.languages) == (("Antara", "TASS", "news.example"), ("en",))
        assert story.topics == ("summit",)
        assert (story.opened, story.last_seen) == (NOW, NOW + MINUTE)


def test_a_story_whose_first_entry_has_no_title_is_named_by_how_it_begins(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx, replace(an_entry(), title="", summary="Ferries run again. " + "More. " * 99))
        (row,) = tx.stories.latest()

    assert row.title.startswith("Ferries run again. More.")
    assert len(row.title) == 200


def test_the_latest_stories_are_those_that_an_entry_joined_last(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        old = store(tx).story
        new = store(tx, an_entry("2", seen=NOW + MINUTE), reading=UNREAD).story
        assert [row.id for row in tx.stories.latest()] == [new, old]

        store(tx, an_entry("3", seen=NOW + 2 * MINUTE), story=old)
        assert [row.id for row in tx.stories.latest()] == [old, new]
        assert [row.id for row in tx.stories.latest(topic="summit")] == [old]
        assert tx.stories.get(999) is None
