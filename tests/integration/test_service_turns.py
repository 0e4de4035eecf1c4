"""Documents that are too long for one turn at the writer."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from daemons import LOCAL, daemon_on
from feed_documents import Story, rss
from feed_server import FeedServer
from house import WIRE, Clock, House, Recorder
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from stored import entries_of
from watchlists import FERRY, MEETS, SIGNS, settings

from watcher.alerts.notices import Notice
from watcher.errors import StorageError
from watcher.feeds.parsed import ParsedEntry
from watcher.feeds.urls import canonical_url
from watcher.model import Action, Reason
from watcher.service.encoder.encoder_in_use import EncoderInUse
from watcher.service.encoder.encoders import open_encoder
from watcher.service.intake import acquaintances, pipeline
from watcher.service.intake.pipeline import LONGEST_TURN_S
from watcher.service.intake.taken import Taken
from watcher.service.intake.turns import Turns
from watcher.service.polling.visit import PollOutcome
from watcher.storage.database import Transaction

TABLES = settings(feeds=[{"url": WIRE, "name": "Wire"}], channels={"desk": {"console": True}})


class Stopwatch:
    """A clock by which so many entries fit into one turn."""

    def __init__(self, entries: int) -> None:
        self._step_s, self._now_s = LONGEST_TURN_S / entries, 0.0

    def __call__(self) -> float:
        self._now_s += self._step_s
        return self._now_s


def hurried(house: House, entries: int = 1) -> House:
    """Have so many entries fit into one turn."""
    house.pipeline = replace(house.pipeline, seconds=Stopwatch(entries))
    return house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with House(tmp_path, TABLES, Clock(), {"desk": Recorder()}) as made:
        yield hurried(made)


@pytest.fixture
async def known(house: House) -> House:
    """Return a house whose feed was polled before, so that all that comes is news."""
    await house.poll()
    house.clock.forward(hours=1)
    return house


async def _say_nothing(_key: str, _text: str) -> None:
    """Stand in for the operator."""


class Seen:
    """What was reported turn by turn; no turn begins after so many."""

    def __init__(self, most: int = 1000) -> None:
        self.turns: list[int] = []
        self._most = most

    def turned(self, taken: Taken, _seconds: float) -> None:
        self.turns.append(taken.entries)

    def is_over(self) -> bool:
        return len(self.turns) >= self._most


def keep_nothing(_tx: Transaction, _outcome: PollOutcome, _taken: Taken) -> None:
    """Stand in for what else is to be known of a poll."""


def turns_of(
    house: House,
    seen: Seen,
    keep: Callable[[Transaction, PollOutcome, Taken], None] = keep_nothing,
) -> Turns:
    return Turns(
        house.writer,
        EncoderInUse(house.database, house.writer, open_encoder, _say_nothing),
        lambda: house.pipeline,
        is_over=seen.is_over,
        keep=keep,
        on_turn=seen.turned,
    )


def document(house: House) -> tuple[ParsedEntry, ...]:
    return (
        house.report(SIGNS.format(9), "3", hours_ago=0.1),
        house.report(FERRY, "2", hours_ago=0.2),
        house.report(MEETS, "1", hours_ago=0.3),
    )


def stored(house: House) -> list[str]:
    return [one.entry.id for one in house.entries()]


def was_polled(house: House, outcome: PollOutcome) -> bool:
    with house.database.read() as tx:
        return tx.feeds.state(outcome.feed.id).last_success == outcome.at


async def begin(house: House, outcome: PollOutcome) -> Taken:
    return await house.writer.run(lambda tx: house.pipeline.take(tx, outcome))


async def go_on(house: House, outcome: PollOutcome, before: Taken) -> Taken:
    return await house.writer.run(lambda tx: house.pipeline.take(tx, outcome, None, before))


async def test_others_have_the_writer_between_two_turns_of_a_long_document(known: House) -> None:
    def look(tx: Transaction) -> int:
        return len(list(entries_of(tx)))

    seen = Seen()
    taken, met = await asyncio.gather(
        turns_of(known, seen).take(known.outcome(*document(known))), known.writer.run(look)
    )

    assert met == 1
    assert (seen.turns, taken.rest) == ([1, 2, 3], None)
    assert stored(known) == ["1", "2", "3"]


async def test_the_state_of_a_feed_is_kept_with_the_last_of_its_entries(known: House) -> None:
    outcome, polled = known.outcome(*document(known)), []
    taken = await begin(known, outcome)
    while taken.rest:
        polled.append(was_polled(known, outcome))
        taken = await go_on(known, outcome, taken)

    assert [*polled, was_polled(known, outcome)] == [False, False, True]
    assert (taken.entries, taken.fresh, taken.alerts) == (3, 3, 1)


async def test_a_document_cut_short_between_two_turns_loses_nothing_and_rings_nothing_twice(
    known: House,
) -> None:
    await begin(known, known.outcome(*document(known)))  # and here the power goes
    await turns_of(known, Seen()).take(known.outcome(*document(known)))

    assert stored(known) == ["1", "2", "3"]
    assert [alert.title for alert in known.alerts()] == [MEETS]


async def test_where_the_program_ends_no_further_turn_begins_and_the_feed_is_due_still(
    known: House,
) -> None:
    outcome = known.outcome(*document(known))
    taken = await turns_of(known, Seen(most=2)).take(outcome)

    assert taken.rest is not None
    assert stored(known) == ["1", "2"]
    assert not was_polled(known, outcome)


async def test_all_parts_of_a_first_document_are_the_baseline(house: House) -> None:
    old = [house.report(SIGNS.format(n), str(n), hours_ago=n) for n in range(3, 7)]
    await begin(house, house.outcome(*old))  # cut short
    await turns_of(house, Seen()).take(house.outcome(*old))

    reasons = [(one.action, one.reason) for one in house.decisions()]
    assert reasons == [(Action.SUPPRESS, Reason.BASELINE)] * 4


async def test_entries_whose_ids_all_changed_are_recognised_in_every_turn(known: House) -> None:
    first = document(known)
    await turns_of(known, Seen()).take(known.outcome(*first))
    anew = [replace(entry, id=f"new {entry.id}", link="") for entry in first]
    taken = await turns_of(known, Seen()).take(known.outcome(*anew))

    assert (taken.entries, taken.fresh) == (0, 0)
    assert stored(known) == ["1", "2", "3"]


async def test_a_turn_that_was_taken_back_can_be_had_again(known: House) -> None:
    outcome = known.outcome(*document(known))
    first = await begin(known, outcome)

    def take_and_fail(tx: Transaction) -> None:
        known.pipeline.take(tx, outcome, None, first)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await known.writer.run(take_and_fail)
    second = await go_on(known, outcome, first)

    assert (first.entries, second.entries) == (1, 2)
    assert stored(known) == ["1", "2"]


async def test_a_ring_waits_from_the_turn_in_which_it_was_decided(known: House) -> None:
    outcome = known.outcome(known.report(FERRY, "1", hours_ago=1), known.report(MEETS, "2"))
    first = await begin(known, outcome)
    known.clock.forward(minutes=1)
    await go_on(known, outcome, first)

    (alert,) = known.alerts()
    assert alert.due == known.clock() + timedelta(seconds=45)


async def test_the_addresses_of_a_document_are_read_once_whatever_others_have_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = [house.report(SIGNS.format(number), str(number)) for number in range(20)]
    await turns_of(house, Seen()).take(house.outcome(*met))
    read: list[str] = []

    def noted(url: str) -> str:
        read.append(url)
        return canonical_url(url)

    monkeypatch.setattr(acquaintances, "canonical_url", noted)
    anew = [replace(entry, id=f"new {entry.id}", title=FERRY, published=None) for entry in met]
    await turns_of(house, Seen()).take(house.outcome(*anew))

    assert len(read) == len(met) * 2


HEADLINES = (MEETS, FERRY, SIGNS.format(9), SIGNS.format(11), f"{MEETS} again")


async def kept_of(headlines: Sequence[tuple[str, int]], entries: int) -> object:
    with tempfile.TemporaryDirectory() as folder:
        async with House(Path(folder), TABLES, Clock(), {"desk": Recorder()}) as house:
            await house.poll()
            house.clock.forward(hours=9)
            met = [
                house.report(title, str(number), hours_ago=ago)
                for number, (title, ago) in enumerate(headlines)
            ]
            taken = await turns_of(hurried(house, entries), Seen()).take(house.outcome(*met))
            found = [(one.entry, one.story, one.relation) for one in house.entries()]
            rings = [(ring.title, ring.due, len(ring.deliveries)) for ring in house.alerts()]
            return replace(taken, before=0), found, house.decisions(), rings


@effort(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(HEADLINES), st.integers(0, 8)), min_size=2, max_size=7),
    st.integers(1, 3),
)
def test_turn_by_turn_comes_of_a_document_what_comes_of_it_at_once(
    headlines: list[tuple[str, int]], entries: int
) -> None:
    at_once = asyncio.run(kept_of(headlines, 1000))

    assert asyncio.run(kept_of(headlines, entries)) == at_once


async def test_a_daemon_that_is_stopped_within_a_document_goes_on_with_it_after_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "LONGEST_TURN_S", 0.0)
    stories = [Story(f"Harbour {n} opens quay {n * 7} of island {n}") for n in range(5)]
    brought = []
    async with FeedServer() as feeds:
        tables = settings(
            feeds=[{"url": feeds.put("/wire", rss("Wire", stories))}],
            channels={"screen": {"console": True}},
            polling=LOCAL,
        )
        for stopped in (True, False):
            daemon = daemon_on(tmp_path / "watcher.db", tables)
            if stopped:
                daemon.stop()
            brought.append((await daemon.run_once()).entries)

    assert brought == [0, 4]


async def test_the_notice_of_a_poll_is_kept_with_the_state_that_it_tells_of_or_neither_is(
    known: House,
) -> None:
    outcome = known.outcome(*document(known))
    with known.database.read() as tx:
        (before,) = tx.feeds.states()

    def keep(tx: Transaction, _outcome: PollOutcome, taken: Taken) -> None:
        tx.notices.keep([Notice(f"{taken.entries} entries")], known.clock())
        raise StorageError("the disk is full")

    with pytest.raises(StorageError):
        await turns_of(known, Seen(), keep).take(outcome)

    with known.database.read() as tx:
        assert (tx.feeds.states(), tx.notices.due()) == ((before,), ())
