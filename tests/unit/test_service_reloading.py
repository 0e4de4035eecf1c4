import asyncio
from datetime import timedelta

from structlog.testing import capture_logs

from watcher.errors import StorageError
from watcher.service.in_force.reloading import Reloads


class Takeover:
    """A reload that lasts until the test ends it."""

    def __init__(self, *faults: Exception) -> None:
        self.begun, self.done = 0, 0
        self.faults = list(faults)
        self.under_way, self.may_end, self.over = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def __call__(self) -> None:
        self.begun += 1
        self.under_way.set()
        await self.may_end.wait()
        if self.faults:
            raise self.faults.pop()
        self.done += 1
        if self.begun > 1:
            self.over.set()


async def test_what_is_asked_during_a_reload_is_one_more_after_it() -> None:
    takeover = Takeover()
    reloads = Reloads(takeover)
    async with reloads.served():
        reloads.ask()
        await takeover.under_way.wait()
        reloads.ask()
        reloads.ask()
        await asyncio.sleep(0)
        assert takeover.begun == 1
        takeover.may_end.set()
        await takeover.over.wait()
        await asyncio.sleep(0)

    assert takeover.done == takeover.begun == 2


async def test_a_reload_that_the_end_of_a_life_cuts_short_is_done_in_the_next() -> None:
    takeover = Takeover()
    reloads = Reloads(takeover)
    async with reloads.served():
        reloads.ask()
        await takeover.under_way.wait()
    takeover.may_end.set()
    await asyncio.sleep(0)
    assert takeover.done == 0
    async with reloads.served():
        await takeover.over.wait()

    assert takeover.done == 1


async def test_what_the_database_could_not_take_is_tried_again_unasked() -> None:
    takeover = Takeover(StorageError("the disk is full"), StorageError("the database is locked"))
    takeover.may_end.set()
    reloads = Reloads(takeover, timedelta(0))
    with capture_logs() as logged:
        async with reloads.served():
            reloads.ask()
            await takeover.over.wait()
            await asyncio.sleep(0)

    event = "configuration could not be taken over; will try again"
    assert [(line["event"], line["error"]) for line in logged] == [
        (event, "the database is locked"),
        (event, "the disk is full"),
    ]
    assert (takeover.begun, takeover.done) == (3, 1)


async def test_a_try_that_is_waited_for_comes_at_once_when_asked_for() -> None:
    takeover = Takeover(StorageError("the disk is full"))
    takeover.may_end.set()
    reloads = Reloads(takeover, timedelta(days=1))
    async with reloads.served():
        reloads.ask()
        await takeover.under_way.wait()
        reloads.ask()
        await takeover.over.wait()

    assert takeover.done == 1


async def test_a_try_that_is_waited_for_when_a_life_ends_is_made_in_the_next() -> None:
    takeover = Takeover(StorageError("the disk is full"))
    takeover.may_end.set()
    reloads = Reloads(takeover, timedelta(days=1))
    async with reloads.served():
        reloads.ask()
        await takeover.under_way.wait()
        await asyncio.sleep(0)
    async with reloads.served():
        await takeover.over.wait()

    assert takeover.done == 1


async def test_a_reload_that_fails_by_our_fault_is_told_and_the_next_one_has_its_own_try() -> None:
    takeover = Takeover(ValueError("x"))
    takeover.may_end.set()
    reloads = Reloads(takeover)
    with capture_logs() as logged:
        async with reloads.served():
            reloads.ask()
            await takeover.under_way.wait()
            reloads.ask()
            await takeover.over.wait()

    assert [line["event"] for line in logged] == ["configuration could not be taken over"]
    assert takeover.done == 1
