"""A clock that jumps ahead, put right or by a machine that slept: nothing lost, nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from daemons import EACH_SECOND, daemon_on, running
from feed_documents import Story, rss
from feed_server import FeedServer
from house import WIRE, Clock, House, Recorder, WrongClock
from unrelated import headline, topics
from watchlists import settings

from watcher.errors import DeliveryError
from watcher.model import Action, Hold, Reason
from watcher.storage.database import Database
from watcher.storage.rows import State

LATER = "Orchid delights Bogor for the second time and wins 3 prizes"


@pytest.fixture
def channel() -> dict[str, object]:
    """How the channel is configured beyond that it is one."""
    return {}


@pytest.fixture
async def house(tmp_path: Path, desk: Recorder, channel: dict[str, object]) -> AsyncIterator[House]:
    tables = settings(
        feeds=[{"url": WIRE, "name": "Wire"}],
        channels={"desk": {"telegram": {"chat": "1", "token": "1:a"}, **channel}},
        topics=topics(8),
        watcher={"timezone": "UTC", "retention": "4d"},
    )
    async with House(tmp_path, tables, Clock(), {"desk": desk}) as made:
        await made.poll()
        yield made


async def told(house: House, *titles: str) -> None:
    for title in titles:
        await house.poll(house.report(title, title))
        await house.deliver(minutes=5)


async def pass_hours(house: House, hours: int) -> None:
    for _ in range(hours * 2):
        await house.deliver(minutes=30)


def titles(desk: Recorder) -> list[list[str]]:
    """Return what each message tells of."""
    return [[report.title for view in sent.views for report in view.reports] for sent in desk.sent]


async def test_what_waits_for_its_next_try_comes_once(house: House, desk: Recorder) -> None:
    desk.failures = [DeliveryError("busy", retry_after=timedelta(hours=1))]
    await told(house, headline(0))
    house.clock.forward(days=1)

    await pass_hours(house, 48)

    assert titles(desk) == [[headline(0)]]


@pytest.mark.parametrize("days", [1, 3])
async def test_a_message_outlives_the_sleep_of_its_machine(
    house: House, desk: Recorder, days: int
) -> None:
    """When the lid is opened after a long weekend, the network is not there yet."""
    desk.failures = [DeliveryError("no network")] * 3
    await told(house, headline(0))
    house.clock.forward(days=days)

    await pass_hours(house, 4)

    assert titles(desk) == [[headline(0)]]
    assert [delivery.state for delivery in house.deliveries()] == [State.SENT]


async def test_what_is_on_its_way_meanwhile_is_not_sent_again(house: House, desk: Recorder) -> None:
    desk.open.clear()
    await house.poll(headline(0))
    house.clock.forward(minutes=5)
    await house.courier.tick()
    await desk.tried.wait()

    house.clock.forward(days=1)
    await house.courier.tick()
    desk.open.set()
    await pass_hours(house, 24)

    assert titles(desk) == [[headline(0)]]
    assert desk.tries == 1
    (delivery,) = house.deliveries()
    assert delivery.state is State.SENT
    assert not delivery.maybe_sent


@pytest.mark.parametrize("channel", [{"digest": "daily 18:00"}], ids=["digest"])
async def test_what_waits_for_a_digest_comes_in_one_and_the_next_in_the_next(
    house: House, desk: Recorder
) -> None:
    await told(house, headline(0), headline(1), headline(2))
    house.clock.forward(days=1)
    await pass_hours(house, 1)
    await told(house, headline(3))

    await pass_hours(house, 48)

    assert titles(desk) == [[headline(0), headline(1), headline(2)], [headline(3)]]


@pytest.mark.parametrize("channel", [{"quiet_hours": "22:00-06:00"}], ids=["quiet hours"])
async def test_what_a_night_holds_comes_in_one_when_the_night_is_jumped_over(
    house: House, desk: Recorder
) -> None:
    house.clock.forward(hours=10)
    await told(house, headline(0), headline(1))
    assert titles(desk) == []
    house.clock.forward(days=1)
    await told(house, headline(2))

    await pass_hours(house, 24)

    assert titles(desk) == [[headline(0), headline(1), headline(2)]]


async def test_what_waits_for_a_mute_that_is_over_comes_in_one(
    house: House, desk: Recorder
) -> None:
    mute = {"kind": "channel", "subject": "desk", "until": "2026-11-22T18:00:00Z"}
    await house.do("mutes.add", **mute)
    await told(house, headline(0), headline(1))
    assert titles(desk) == []
    house.clock.forward(days=1)

    await pass_hours(house, 24)

    assert titles(desk) == [[headline(0), headline(1)]]
    assert desk.sent[0].hold is Hold.MUTED


async def test_a_development_after_the_jump_rings_in_the_thread(
    house: House, desk: Recorder
) -> None:
    await told(house, headline(0))
    house.clock.forward(days=1)
    await told(house, LATER)

    await pass_hours(house, 4)

    assert titles(desk) == [[headline(0)], [LATER]]
    assert [view.action for sent in desk.sent for view in sent.views][1] is Action.REPLY


async def test_a_report_dated_by_a_right_clock_is_news_to_one_a_day_ahead(
    house: House, desk: Recorder
) -> None:
    house.clock.forward(days=1)
    await house.poll(house.report(headline(0), hours_ago=24))
    await pass_hours(house, 1)

    assert titles(desk) == [[headline(0)]]


async def test_what_retention_deletes_a_day_early_is_not_told_again(
    house: House, desk: Recorder
) -> None:
    """Also not when the clock is put right, and the feed lists it all the time."""
    unwatched = house.report("Rice is cheap", "rice")
    watched = house.report(headline(0), "orchid")
    await house.poll(unwatched, watched)
    await house.deliver(minutes=5)

    house.clock.forward(days=3, hours=12)
    for days in (1, -1):
        house.clock.forward(days=days)
        before = house.clock() - house.watch.settings.watcher.retention
        deleted = await house.writer.run(lambda tx: tx.retention.delete_entries(before))  # noqa: B023
        assert deleted.removed == (1 if days == 1 else 0)
        await house.poll(unwatched, watched)
        await pass_hours(house, 2)

    assert titles(desk) == [[headline(0)]]
    assert [one.reason for one in house.decisions()] == [Reason.FIRST_REPORT]


def held(path: Path) -> int:
    """Return how many deliveries wait for a digest."""
    with Database.open(path) as database, database.read() as tx:
        deliveries = [one for alert in tx.alerts.latest(limit=10) for one in alert.deliveries]
    return sum(
        one.hold is Hold.DIGEST and one.state is State.PENDING and one.bundle is not None
        for one in deliveries
    )


async def test_a_daemon_whose_clock_jumps_ahead_tells_all_once_and_complains_of_nothing(
    tmp_path: Path, server: FeedServer, desk: Recorder
) -> None:
    """One channel at once, one in a digest; the feed is dated by the right clock."""
    clock, mail, database = WrongClock(), Recorder(), tmp_path / "watcher.db"
    stories: list[Story] = []
    url = server.put("/wire", rss("Wire", []))
    server.clock = clock  # nobody denies the jump
    senders = {"desk": desk, "mail": mail}
    at = (clock() + timedelta(hours=6)).strftime("%H:%M")
    daemon = daemon_on(
        database,
        settings(
            feeds=[{"url": url}],
            channels={
                "desk": {"console": True},
                "mail": {"console": True, "digest": f"daily {at}"},
            },
            topics=topics(8, priority="normal"),
            watcher={"backups": 0, "ops_channel": "desk", "timezone": "UTC"},
            alerts={"group_wait": "0s", "reply_intervals": ["0s"]},
            polling=EACH_SECOND,
        ),
        clock=clock,
        make=lambda name, *_, **__: senders[name],
    )
    async with running(daemon):
        for number, jump in enumerate((0, 1, 2)):
            clock.by = timedelta(days=jump)
            polls = server.count("/wire")
            await asyncio.to_thread(server.wait_for, "/wire", polls + 2)
            stories.append(Story(headline(number), age=timedelta()))
            server.put("/wire", rss("Wire", stories))
            async with asyncio.timeout(60):
                while len(desk.sent) <= number or len(mail.sent) < number or not held(database):
                    await asyncio.to_thread(server.wait_for, "/wire", server.count("/wire") + 1)

    assert titles(desk) == [[headline(number)] for number in range(3)]
    assert titles(mail) == [[headline(0)], [headline(1)]]
    assert desk.notices == []
