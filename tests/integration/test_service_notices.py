"""Notices that outlive the process which had to tell them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from house import WIRE, Clock, House, Recorder
from poll_values import URL, outcome
from stored import NOW
from watchlists import settings

from watcher.alerts.notices import MOST_KEPT
from watcher.config.settings import FeedTable
from watcher.errors import DeliveryError
from watcher.feeds.schedule import PollState
from watcher.service.delivery.ops import Once, Ops
from watcher.service.intake.taken import Taken
from watcher.service.monitoring.poll_log import keep_notices
from watcher.service.polling.visit import PolledFeed
from watcher.storage.rows import Notice

TABLES = settings(feeds=[{"url": WIRE, "name": "Wire"}], channels={"desk": {"console": True}})


class Busy(Recorder):
    """A channel whose service wants to hear nothing for an hour."""

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002
        self.tried.set()
        raise DeliveryError("slow down", retry_after=timedelta(hours=1))


class Talkative(Recorder):
    """A channel that takes nothing, and while it is first tried something more comes up."""

    def __init__(self, ops: Ops) -> None:
        super().__init__()
        self.ops = ops
        self.tried_again = asyncio.Event()

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002
        if self.tried.is_set():
            self.tried_again.set()
        else:
            self.tried.set()
            self.ops.tell("feed x is well")
        raise DeliveryError("no")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with House(tmp_path, TABLES, Clock(), {"desk": Recorder()}) as made:
        yield made


async def opened(house: House, desk: Recorder) -> Ops:
    ops = Ops(waits_s=(3600,))
    await ops.open(house.writer, house.clock)
    ops.use("desk", {"desk": desk})
    return ops


def due(house: House) -> tuple[Notice, ...]:
    with house.database.read() as tx:
        return tx.notices.due()


async def test_a_notice_that_waits_for_its_service_at_the_end_is_told_by_the_next_run(
    house: House,
) -> None:
    ops = await opened(house, busy := Busy())
    ops.tell("feed x is sick")
    await busy.tried.wait()
    await ops.close()
    assert due(house) == (Notice("feed x is sick"),)

    ops = await opened(house, desk := Recorder())
    await ops.settle()
    await ops.close()

    assert desk.notices == ["feed x is sick"]
    assert due(house) == ()


async def test_what_came_while_another_notice_was_tried_is_told_by_the_next_run_too(
    house: House,
) -> None:
    ops = await opened(house, busy := Busy())
    ops.tell("the configuration is refused")
    await busy.tried.wait()
    ops.tell("alert 1 did not arrive", anywhere=True)
    ops.tell("the configuration is well again")
    await ops.close()

    ops = await opened(house, desk := Recorder())
    await ops.settle()
    await ops.close()

    told = ["the configuration is refused; the configuration is well again"]
    assert sorted(desk.notices) == ["alert 1 did not arrive", *told]
    assert due(house) == ()


async def test_what_came_while_another_notice_was_tried_is_kept_before_the_next_try(
    house: House,
) -> None:
    ops = Ops(waits_s=(0, 3600))
    await ops.open(house.writer, house.clock)
    ops.use("desk", {"desk": (busy := Talkative(ops))})
    ops.tell("feed x is sick")
    await busy.tried_again.wait()

    assert due(house) == (Notice("feed x is sick"), Notice("feed x is well"))
    await ops.close()


async def test_what_was_noted_and_could_not_be_told_before_a_crash_is_told_after_it(
    house: House,
) -> None:
    crashed = Ops()  # it never comes to send anything
    crashed.use("desk", {})
    once = Once(house.writer, crashed, house.clock)
    await once.tell("clock", "the clock is wrong", anywhere=True)
    await once.take_back("clock", "the clock is right again")

    ops = await opened(house, desk := Recorder())
    await ops.settle()
    await ops.close()

    assert sorted(desk.notices) == ["the clock is right again", "the clock is wrong"]
    assert due(house) == ()


async def test_of_what_began_and_ended_while_nobody_was_told_the_end_is_told_last(
    house: House,
) -> None:
    away = Recorder()
    away.refusals = [DeliveryError("no")] * 3
    ops = Ops(waits_s=())
    await ops.open(house.writer, house.clock)
    ops.use("desk", {"desk": away})
    once = Once(house.writer, ops, house.clock)
    for reason in ("A", "B"):
        await once.tell("gone", f"x is dead: {reason}", about="x", anywhere=True)
        await ops.settle()
        await once.take_back("gone", "x is well again", about="x", anywhere=True)
        await ops.settle()
    await ops.close()

    ops = await opened(house, desk := Recorder())
    await ops.settle()
    await ops.close()

    assert "; ".join([*away.notices, *desk.notices]).endswith("x is dead: B; x is well again")
    assert due(house) == ()


async def test_a_notice_whose_answer_is_lost_is_sent_once_more_though_each_run_is_short(
    house: House,
) -> None:
    desk = Recorder()
    desk.refusals = [DeliveryError("the answer was lost", maybe_sent=True)]
    for _ in range(3):
        ops = await opened(house, desk)
        if desk.refusals:
            ops.tell("feed x is sick")
        await ops.close()

    assert desk.notices == ["feed x is sick (possible repeat)"]
    assert due(house) == ()


async def test_what_is_kept_waits_for_a_run_that_has_the_time_to_tell_it(house: House) -> None:
    await house.writer.run(lambda tx: tx.notices.keep([Notice("feed x is sick")], NOW))
    ops, desk = Ops(), Recorder()
    await ops.open(house.writer, house.clock, resumes=False)
    ops.use("desk", {"desk": desk})
    ops.tell("feed y is sick")
    await ops.close()

    assert desk.notices == ["feed y is sick"]
    assert due(house) == (Notice("feed x is sick"),)


async def test_of_very_many_that_nobody_takes_the_newest_are_kept(house: House) -> None:
    ops = Ops(waits_s=())
    await ops.open(house.writer, house.clock)
    away = Recorder()
    away.refusals = [DeliveryError("the bot was blocked", permanent=True)]
    ops.use("desk", {"desk": away})
    for number in range(MOST_KEPT + 5):
        ops.tell(f"feed {number} is sick")
    await ops.settle()
    await ops.close()

    assert due(house)[0] == Notice("feed 5 is sick")
    assert len(due(house)) == MOST_KEPT


async def test_that_a_feed_is_sick_is_kept_with_its_state(house: House) -> None:
    before, after = PollState(failures=3), PollState(failures=4, sick=True)
    feed = PolledFeed(1, FeedTable(url=URL), before)
    sick = outcome(error="gone", feed=feed, state=after)

    await house.writer.run(lambda tx: keep_notices(tx, sick, Taken(), NOW))

    assert due(house) == (Notice(f"feed {URL} is sick: 4 polls failed, the last one: gone"),)
