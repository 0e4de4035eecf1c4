"""The archive in the database chooses what the archive in memory does."""

import random
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stored import DAY, HOUR, NOW, READ, TITLE, UNREAD, an_entry, feed_number, open_in, store

from watcher.errors import StorageError
from watcher.model import Assignment, Entry, Reading, Relation
from watcher.storage.database import Database, Transaction
from watcher.storage.signatures import Signatures
from watcher.storage.tokens import add_postings, term_key, unpack
from watcher.stories.archive import (
    CANDIDATES,
    LIKELIEST,
    WATCHED,
    Archive,
    MemoryArchive,
    postings_of,
)
from watcher.stories.limits import NEWEST
from watcher.stories.signature import Member, sign

WINDOW = 3 * DAY
ALONE = Assignment(Relation.NEW, None, None, 0.0, "")
WORDS = (
    "kim",
    "putin",
    "summit",
    "arms",
    "deal",
    "flood",
    "jakarta",
    "rice",
    "金正恩",
    "会谈",
    "путин",
)
TITLES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
PAUSES = st.integers(0, 30).map(lambda hours: timedelta(hours=hours))
REPORTS = st.lists(st.tuples(TITLES, PAUSES, st.booleans(), st.integers(0, 3)), max_size=25)


def reading(is_watched: bool) -> Reading:
    return READ if is_watched else UNREAD


def fill(
    tx: Transaction, memory: MemoryArchive, reports: Sequence[tuple[str, timedelta, bool, int]]
) -> datetime:
    """Store the reports in both archives, some in an earlier story; return when the last came."""
    stories: list[int] = []
    time = NOW
    for number, (title, pause, is_watched, back) in enumerate(reports):
        time += pause
        entry, found = an_entry(str(number), title, seen=time), reading(is_watched)
        joined = stories[-back] if 0 < back <= len(stories) else None
        added = store(tx, entry, story=joined, reading=found)
        memory.add(added.entry, added.story, sign(entry, found))
        stories.append(added.story)
    return time


def found_by(archive: Archive, entry: Entry, found: Reading) -> dict[int, Member]:
    members = archive.candidates(sign(entry, found), entry.time - WINDOW)
    assert len({member.entry for member in members}) == len(members)
    return {member.entry: member for member in members}


@settings(max_examples=25, deadline=None)
@given(REPORTS, TITLES, st.booleans())
def test_the_database_finds_what_memory_finds(
    reports: Sequence[tuple[str, timedelta, bool, int]], title: str, is_watched: bool
) -> None:
    memory = MemoryArchive()
    with TemporaryDirectory() as directory, open_in(Path(directory)) as database:
        with database.begin() as tx:
            asked = an_entry("asked", title, seen=fill(tx, memory, reports))
            warm = found_by(tx.archive, asked, reading(is_watched))
        with database.read() as tx:
            cold = found_by(tx.archive, asked, reading(is_watched))

    assert warm == cold == found_by(memory, asked, reading(is_watched))


def postings(tx: Transaction) -> dict[int, list[int]]:
    rows = tx.connection.exec_driver_sql("SELECT term, newest FROM posting")
    return {term: unpack(newest) for term, newest in rows}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TITLES, st.sampled_from(("before", "another", "never"))), max_size=12))
def test_what_a_look_up_read_is_written_as_if_it_had_been_read_again(
    titles: Sequence[tuple[str, str]],
) -> None:
    holders: dict[int, list[int]] = {}
    with (
        TemporaryDirectory() as directory,
        open_in(Path(directory)) as database,
        database.begin() as tx,
    ):
        for name, (title, looks) in enumerate(titles):
            signature = sign(an_entry(str(name), title), UNREAD)
            asked = (
                sign(an_entry("other", "kim summit"), UNREAD) if looks == "another" else signature
            )
            if looks != "never":
                tx.archive.candidates(asked, NOW - WINDOW)
            number = tx.entries.add(feed_number(tx), signature.entry, UNREAD, ALONE).entry
            tx.archive.add(number, signature)
            for key in {term_key(term) for term in postings_of(signature)}:
                holders.setdefault(key, []).append(number)

        assert postings(tx) == holders


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(1, 3 * NEWEST), min_size=1, max_size=NEWEST + 5), max_size=4))
def test_a_term_holds_the_newest_numbers_whatever_comes_first(added: Sequence[list[int]]) -> None:
    newest: list[int] = []
    with (
        TemporaryDirectory() as directory,
        open_in(Path(directory)) as database,
        database.begin() as tx,
    ):
        for numbers in added:
            add_postings(tx.connection, {number: ["kim"] for number in numbers})
            newest = sorted({*newest, *numbers})[-NEWEST:]

        assert postings(tx).get(term_key("kim"), []) == newest


MASKED = st.lists(
    st.tuples(
        st.sampled_from(["Trading halt at 15:41", "Trading halt at 15:52", "Rice prices today"]),
        st.sampled_from(["Antara", "Tass", ""]),
        st.integers(0, 12),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(MASKED)
def test_the_database_counts_masks_as_memory_does(used: Sequence[tuple[str, str, int]]) -> None:
    memory, since = MemoryArchive(), NOW.date()
    with (
        TemporaryDirectory() as directory,
        open_in(Path(directory)) as database,
        database.begin() as tx,
    ):
        for number, (title, outlet, day) in enumerate(used):
            entry = an_entry(str(number), title, seen=NOW + day * DAY, outlet=outlet)
            signature = sign(entry, UNREAD)
            added = store(tx, entry, reading=UNREAD)
            tx.archive.remember(added.entry, signature)
            memory.add(added.entry, added.story, signature)
            counted = tx.archive.other_occasions(signature, since, 3)
            if outlet:
                assert counted == memory.other_occasions(signature, since, 3)


def test_they_agree_where_every_limit_is_reached(tmp_path: Path) -> None:
    dice = random.Random(3)  # noqa: S311 - made-up titles
    memory, busy = MemoryArchive(), [f"word{number}" for number in range(40)]

    def title() -> str:
        return " ".join(dice.choices(busy, cum_weights=range(1, 41), k=4))

    with open_in(tmp_path) as database:
        with database.begin() as tx:
            reports = [
                (
                    title(),
                    timedelta(minutes=dice.randrange(30)),
                    dice.random() < 0.3,
                    dice.randrange(4),
                )
                for _ in range(4 * NEWEST)
            ]
            last = fill(tx, memory, reports)
        with database.read() as tx:
            lexical: list[int] = []
            for number in range(30):
                asked = an_entry(f"asked{number}", title(), seen=last)
                watched = reading(number % 2 == 0)
                found = found_by(tx.archive, asked, watched)
                assert found == found_by(memory, asked, watched)
                lexical.append(len(found))
            assert min(lexical) >= LIKELIEST
            assert max(lexical) >= LIKELIEST + WATCHED


def test_an_entry_without_a_sketch_is_signed_anew(tmp_path: Path) -> None:
    with open_in(tmp_path) as database:
        with database.begin() as tx:
            added = store(tx, an_entry("long", summary="Both leaders met on Tuesday. " * 9))
            tx.connection.exec_driver_sql("DELETE FROM sketch")
        with database.read() as tx:
            (member,) = tx.archive.candidates(sign(an_entry(), READ), NOW - WINDOW)
            assert member.entry == added.entry
            assert member.signature.text.norm > member.signature.headline.norm > 0


def test_a_stored_signature_is_the_one_that_was_computed(tmp_path: Path) -> None:
    entry = an_entry("long", "Kim Jong Un \ud800: 12 tewas", summary="Both leaders met. " * 9)
    with open_in(tmp_path) as database:
        with database.begin() as tx:
            store(tx, entry)
        with database.read() as tx:
            (member,) = tx.archive.candidates(
                sign(an_entry("x", "Kim Jong Un"), READ), NOW - WINDOW
            )
            signed, stored = sign(entry, READ), member.signature
            assert (stored.headline, stored.text) == (signed.headline, signed.text)
            assert (stored.lead, stored.numbers) == (signed.lead, signed.numbers)
            assert (stored.topics, stored.lists) == (signed.topics, signed.lists)


def test_the_most_telling_candidate_comes_first(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for number in range(20):
            store(
                tx, an_entry(f"common{number}", f"Kim speaks about rice {number}"), reading=UNREAD
            )
        near = store(tx, an_entry("near", "Kim meets Putin in Vladivostok today"), reading=UNREAD)

        first, *_ = tx.archive.candidates(sign(an_entry(), None), NOW - WINDOW)
        assert first.entry == near.entry


def test_a_busy_word_costs_a_bounded_number_of_candidates(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for number in range(700):
            store(tx, an_entry(str(number), f"Summit {number}"), reading=UNREAD)

        members = tx.archive.candidates(sign(an_entry("x", "Summit"), None), NOW - WINDOW)
        assert len(members) == LIKELIEST
        assert {member.entry for member in members} <= set(range(700, 700 - CANDIDATES, -1))


def test_a_candidates_story_comes_with_its_founder_and_newest_members(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        founder = store(tx, an_entry("0", "Pertemuan dimulai"), reading=UNREAD)
        for number in range(1, 9):
            title = TITLE if number == 2 else f"Berita {number}"
            store(tx, an_entry(str(number), title), story=founder.story, reading=UNREAD)

        members = tx.archive.candidates(sign(an_entry("x"), None), NOW - WINDOW)
        assert {member.entry for member in members} == {3, founder.entry, 7, 8, 9}


def test_what_is_older_than_the_window_is_no_candidate(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx, an_entry("dated", published=NOW - WINDOW - HOUR))
        store(tx, an_entry("seen", seen=NOW - WINDOW - HOUR))

        assert tx.archive.candidates(sign(an_entry("x"), READ), NOW - WINDOW) == []


def test_an_entry_without_words_finds_nothing(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        blank = an_entry("blank", "", summary="")
        store(tx, blank, reading=UNREAD)

        assert tx.archive.candidates(sign(blank, None), NOW - WINDOW) == []


def test_an_entry_with_thousands_of_words_is_no_trouble(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        long = an_entry("long", " ".join(f"word{number}" for number in range(5000)))
        added = store(tx, long, reading=UNREAD)

        (member,) = tx.archive.candidates(sign(long, None), NOW - WINDOW)
        assert member.entry == added.entry


def test_a_remembered_signature_is_not_computed_again(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        kept = sign(an_entry("kept"), READ)
        tx.archive.remember(added.entry, kept)

        (member,) = tx.archive.candidates(sign(an_entry(), READ), NOW - WINDOW)
        assert member.signature is kept


def test_a_watched_entry_read_back_knows_the_words_that_it_matched_by(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)

        (member,) = tx.archive.candidates(sign(an_entry(), READ), NOW - WINDOW)
        own = sign(an_entry(), READ).given.stems
        assert own
        assert member.signature.given.stems == own


def test_the_signature_asked_for_the_longest_ago_is_forgotten_first() -> None:
    signatures, signature = Signatures(size=2), sign(an_entry(), None)
    signatures.keep(1, signature)
    signatures.keep(2, signature)
    signatures.kept([1])
    signatures.keep(3, signature)

    assert list(signatures.kept([1, 2, 3])) == [1, 3]


@pytest.mark.parametrize("inside", [True, False], ids=["in a part", "in the transaction"])
def test_a_failing_look_up_is_the_databases_trouble_and_no_fault_of_an_entry(
    tmp_path: Path, *, inside: bool
) -> None:
    with open_in(tmp_path) as database, pytest.raises(StorageError, match="no such table"):
        look_up_without_postings(database, inside=inside)


def look_up_without_postings(database: Database, *, inside: bool) -> None:
    """Ask for candidates in a database that lost a table."""
    with database.begin() as tx:
        tx.connection.exec_driver_sql("DROP TABLE posting")
        with tx.part() if inside else nullcontext():
            tx.archive.candidates(sign(an_entry(), READ), NOW - DAY)
