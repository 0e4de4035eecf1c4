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

from watcher.alerts.notices import MOST_KEPT, REPEATS, Notice
from watcher.config.settings import FeedTable
from watcher.errors import DeliveryError, StorageError
from watcher.feeds.schedule import PollState
from watcher.service.delivery.ops import Once, Ops
from watcher.service.intake.taken import Taken
from watcher.service.monitoring.poll_log import keep_notices
from watcher.service.polling.visit import PolledFeed
from watcher.service.writer import Writer

TABLES = settings(feeds=[{"url": WIRE, "name": "Wire"}], channels={"desk": {"console": True}})


class Busy(Recorder):
    """A channel whose service wants to hear nothing for an hour."""

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002
        self.tried.set()
        raise DeliveryError("slow down", retry_after=timedelta(hours=1))


class Deaf(Recorder):
    """A channel that takes what it is given, and answers nothing while it is deaf."""

    is_deaf = True

    async def notice(self, text: str, *, silent: bool = False) -> None:
        await super().notice(text, silent=silent)
        if self.is_deaf:
            raise DeliveryError("the answer was lost", maybe_sent=True)


class Hanging(Recorder):
    """A channel that takes for ever."""

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002
        self.tried.set()
        await asyncio.Event().wait()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with House(tmp_path, TABLES, Clock(), {"desk": Recorder()}) as made:
        yield made


async def opened(house: House, desk: Recorder) -> Ops:
    ops = Ops(waits_s=(3600,))
    await ops.open(house.writer, house.clock)
    ops.use("desk", {"desk": desk})
    return ops


async def refused(_writer: Writer, _work: object) -> None:
    raise StorageError("the disk is full")


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


async def test_what_came_while_another_notice_is_tried_is_kept_meanwhile(house: House) -> None:
    ops = Ops(settle_s=0)
    await ops.open(house.writer, house.clock)
    ops.use("desk", {"desk": (desk := Hanging())})
    ops.tell("feed x is sick")
    await desk.tried.wait()
    ops.tell("feed x is well")

    await asyncio.sleep(0)
    await house.writer.run(lambda _: None)  # the writer works in order
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


async def test_a_notice_whose_answer_is_lost_is_repeated_when_it_is_due_though_each_run_is_short(
    house: House,
) -> None:
    desk = Recorder()
    desk.refusals = [DeliveryError("the answer was lost", maybe_sent=True)]
    told = []
    for seconds in (0, 1, REPEATS[0].total_seconds()):
        house.clock.forward(seconds=seconds)
        ops = await opened(house, desk)
        if desk.refusals:
            ops.tell("feed x is sick")
        await ops.close()
        told.append(list(desk.notices))

    assert told == [[], [], ["feed x is sick (possible repeat)"]]
    assert due(house) == ()


async def test_notices_of_an_outage_whose_answers_count_as_lost_are_told_after_it(
    house: House,
) -> None:
    desk = Recorder()
    desk.refusals = [DeliveryError("502 Bad Gateway", maybe_sent=True)] * 4
    ops = Ops()
    await ops.open(house.writer, house.clock)
    ops.use("desk", {"desk": desk})
    for number in range(3):
        ops.tell(f"feed {number} is sick")
        await ops.settle()
        house.clock.forward(seconds=17)
    while desk.refusals:
        await ops.tell_again()
        await ops.settle()
        house.clock.forward(seconds=31)
    ops.tell("feed 3 is sick")
    await ops.settle()
    await ops.close()

    told = "; ".join(desk.notices)
    assert [told.count(f"feed {number} is sick") for number in range(4)] == [1, 1, 1, 1]
    assert due(house) == ()


async def test_a_service_that_takes_notices_and_loses_its_answers_gets_few_copies(
    house: House,
) -> None:
    ops, desk = Ops(), Deaf()
    await ops.open(house.writer, house.clock)
    ops.use("desk", {"desk": desk})
    ops.tell("feed x is sick")
    for _ in range(2 * 60):
        await ops.settle()
        house.clock.forward(minutes=1)
        await ops.tell_again()
    await ops.close()

    assert desk.notices == ["feed x is sick", *["feed x is sick (possible repeat)"] * 3]


async def test_who_was_put_off_is_asked_alone_until_there_is_something_newer(house: House) -> None:
    ops, desk = Ops(), Recorder()
    deferred = DeliveryError("not yet for bob@example.org", in_part=True)
    desk.refusals = [deferred] * 3
    await ops.open(house.writer, house.clock)
    ops.use("desk", {"desk": desk})
    ops.tell("feed x is sick")
    await ops.settle()
    assert [(one.text, one.lost, one.has_come) for one in due(house)] == [
        ("feed x is sick", 1, True)
    ]

    ops.tell("feed y is sick")
    await ops.settle()
    house.clock.forward(minutes=1)
    await ops.tell_again()
    await ops.settle()
    await ops.close()

    assert [(one.text, one.lost) for one in due(house)] == [("feed y is sick", 2)]


async def test_of_what_is_in_doubt_and_what_came_after_it_the_last_word_is_true(
    house: House,
) -> None:
    ops, desk = Ops(), Deaf()
    await ops.open(house.writer, house.clock)
    ops.use("desk", {"desk": desk})
    for text in ("feed x is sick", "feed x is well again"):
        ops.tell(text)
        await ops.settle()
        house.clock.forward(minutes=5)
        await ops.tell_again()
        await ops.settle()
    desk.is_deaf = False
    house.clock.forward(hours=1)
    await ops.tell_again()
    await ops.settle()
    await ops.close()

    assert desk.notices[-1] == "feed x is sick; feed x is well again (possible repeat)"
    assert due(house) == ()


async def test_what_was_told_is_not_kept_though_its_telling_could_not_be_recorded_at_first(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, ops = Recorder(), await opened(house, Recorder())
    ops.use("desk", {"desk": desk})
    await house.writer.run(lambda tx: tx.notices.keep([Notice("feed x is sick")], house.clock()))
    with monkeypatch.context() as full:
        full.setattr(Writer, "run", refused)
        ops.tell("feed x is sick")
        await desk.noticed.wait()

    await ops.close()

    assert desk.notices == ["feed x is sick"]
    assert due(house) == ()


async def test_what_was_on_its_way_at_the_end_may_be_a_repeat_in_the_next_run(house: House) -> None:
    ops = Ops(settle_s=0)
    await ops.open(house.writer, house.clock)
    ops.use("desk", {"desk": (desk := Hanging())})
    ops.tell("feed x is sick")
    await desk.tried.wait()
    await ops.close()

    (kept,) = due(house)
    assert (kept.text, kept.lost) == ("feed x is sick", 1)


async def test_what_is_kept_waits_for_a_run_that_has_the_time_to_tell_it(house: House) -> None:
    await house.writer.run(lambda tx: tx.notices.keep([Notice("feed x is sick")], NOW))
    ops, desk = Ops(), Recorder()
    await ops.open(house.writer, house.clock, resumes=False)
    ops.use("desk", {"desk": desk})
    await ops.close()

    assert desk.notices == []
    assert due(house) == (Notice("feed x is sick"),)


async def test_what_is_kept_is_told_before_what_a_short_run_has_to_tell(house: House) -> None:
    await house.writer.run(lambda tx: tx.notices.keep([Notice("feed x is sick")], NOW))
    ops, desk = Ops(), Recorder()
    await ops.open(house.writer, house.clock, resumes=False)
    ops.use("desk", {"desk": desk})
    ops.tell("feed x is well again")
    await ops.close()

    assert desk.notices == ["feed x is sick; feed x is well again"]
    assert due(house) == ()


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
