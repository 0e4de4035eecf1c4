"""The one writer: work in order, polls that share a commit, and each kept whole or not at all."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from watcher.errors import StorageError
from watcher.service.writer import LONGEST_BATCH_S, Writer
from watcher.storage.database import Database, Transaction

NOW = datetime(2023, 9, 13, 7, tzinfo=UTC)


class Held:
    """A writer that is held up, so that work waits for it; commits are counted."""

    def __init__(self, database: Database) -> None:
        self.commits, self.now_s, self._gate = 0, 0.0, threading.Event()
        self.writer = Writer(database, lambda: self.now_s)
        assert database._writer
        event.listen(database._writer, "commit", self._committed)

    def _committed(self, _connection: object) -> None:
        self.commits += 1

    async def all(self, *works: tuple[Callable[[Transaction], object], bool]) -> list[object]:
        """Let all of this wait, then go on; return what came of each, errors too."""
        first = asyncio.create_task(self.writer.run(lambda _: self._gate.wait(60)))
        tasks = [asyncio.create_task(self.writer.run(w, shares=s)) for w, s in works]
        await asyncio.sleep(0)
        self._gate.set()
        await first
        self.commits -= 1
        return await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "watcher.db")


@pytest.fixture
async def held(database: Database) -> AsyncIterator[Held]:
    made = Held(database)
    yield made
    made.writer.close()
    database.close()


def keep(key: str) -> Callable[[Transaction], object]:
    return lambda tx: tx.notices.tell(key, NOW)


def fail(key: str, error: Exception) -> Callable[[Transaction], object]:
    def work(tx: Transaction) -> None:
        tx.notices.tell(key, NOW)
        raise error

    return work


def kept(database: Database, *keys: str) -> list[bool]:
    """Tell which of the keys are in the database; a new notice would be told."""
    with database.begin() as tx:
        return [not tx.notices.tell(key, NOW) for key in keys]


async def test_what_waits_together_shares_a_commit(held: Held, database: Database) -> None:
    results = await held.all(*((keep(key), True) for key in "abcde"))

    assert results == [True] * 5
    assert held.commits == 1
    assert kept(database, *"abcdef") == [True] * 5 + [False]


async def test_a_shared_commit_keeps_what_waits_behind_it_no_longer_than_a_moment(
    held: Held,
) -> None:
    def takes_long(_: Transaction) -> None:
        held.now_s += LONGEST_BATCH_S

    await held.all(*[(takes_long, True)] * 3)

    assert held.commits == 3


async def test_one_that_fails_is_taken_back_alone(held: Held, database: Database) -> None:
    results = await held.all(
        (keep("a"), True), (fail("b", ZeroDivisionError()), True), (keep("c"), True)
    )

    assert isinstance(results[1], ZeroDivisionError)
    assert held.commits == 1
    assert kept(database, *"abc") == [True, False, True]


async def test_what_shares_nothing_has_a_commit_of_its_own_and_the_order_stays(
    held: Held, database: Database
) -> None:
    order: list[str] = []

    def note(key: str) -> Callable[[Transaction], object]:
        return lambda _: order.append(key)

    await held.all((note("a"), True), (note("b"), True), (note("c"), False), (note("d"), True))

    assert order == ["a", "b", "c", "d"]
    assert held.commits == 3
    assert kept(database) == []


async def test_what_comes_as_the_writer_falls_idle_is_done(held: Held) -> None:
    for _ in range(300):  # each comes in the moment in which the one before it ends
        assert await asyncio.wait_for(held.writer.run(lambda _: "done"), 60) == "done"


async def test_an_iterators_end_fails_like_anything_else(held: Held) -> None:
    def ends(_: Transaction) -> object:
        return next(iter(()))

    results = await held.all((keep("a"), True), (ends, True), (keep("c"), True))

    assert (results[0], results[2]) == (True, True)
    assert isinstance(results[1], RuntimeError)


async def test_a_closed_writer_refuses_work_each_time(database: Database) -> None:
    writer = Writer(database)
    writer.close()

    for _ in range(2):
        with pytest.raises(RuntimeError, match="shutdown"):
            await asyncio.wait_for(writer.run(lambda _: None), 5)
    database.close()


async def test_when_the_database_fails_each_has_a_try_of_its_own(
    held: Held, database: Database
) -> None:
    results = await held.all(
        (keep("a"), True), (fail("b", StorageError("disk full")), True), (keep("c"), True)
    )

    assert results[0] is True
    assert isinstance(results[1], StorageError)
    assert results[2] is True
    assert held.commits == 2
    assert kept(database, *"abc") == [True, False, True]


async def test_a_caller_that_gave_up_leaves_the_others_alone(
    held: Held, database: Database
) -> None:
    gone = asyncio.create_task(held.writer.run(keep("gone"), shares=True))
    await asyncio.sleep(0)
    gone.cancel()

    assert await held.all((keep("a"), True), (keep("b"), True)) == [True, True]
    assert kept(database, "gone", "a", "b") == [True, True, True]
