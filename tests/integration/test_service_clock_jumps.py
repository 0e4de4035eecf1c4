"""Clocks that jump, forth and back: nothing is lost, told twice, or told a day late."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from daemons import EACH_SECOND, daemon_on, running
from feed_documents import Story, rss
from feed_server import FeedServer
from house import WIRE, Clock, House, Recorder, WrongClock
from watchlists import settings

from watcher.errors import DeliveryError
from watcher.model import Action, MuteKind
from watcher.service.care.clock import follow, resume

MEETS = "Kim Jong Un meets Putin"
SIGNS = "Kim Jong Un meets Putin and signs treaty"
FOLLOWS = "Kim Jong Un meets Putin and gives him 2 dogs"


@pytest.fixture
def channel() -> dict[str, object]:
    """How the channel is configured beyond that it is one."""
    return {}


@pytest.fixture
async def house(tmp_path: Path, desk: Recorder, channel: dict[str, object]) -> AsyncIterator[House]:
    table = {"telegram": {"chat": "1", "token": "1:a"}, **channel}
    topics = [
        {"id": "summit", "match": "kim NEAR putin"},
        *({"id": word, "match": f'"{word}"'} for word in ("ferry", "volcano")),
    ]
    tables = settings(
        feeds=[{"url": WIRE}],
        channels={"desk": table},
        topics=topics,
        watcher={"timezone": "UTC"},
    )
    async with House(tmp_path, tables, Clock(), {"desk": desk}) as made:
        await made.poll()
        yield made


async def told(house: House, title: str) -> None:
    await house.poll(house.report(title, title))
    await house.deliver(minutes=5)


async def test_a_development_after_the_clock_was_set_back_rings(
    house: House, desk: Recorder
) -> None:
    await told(house, MEETS)
    house.clock.forward(days=-1)
    await told(house, SIGNS)
    house.clock.forward(days=2)
    await told(house, FOLLOWS)

    rings = [view for sent in desk.sent for view in sent.views]
    assert [view.action for view in rings][:2] == [Action.ALERT, Action.REPLY]
    titles = [report.title for view in rings for report in view.reports]
    assert titles == [MEETS, SIGNS, FOLLOWS]


async def test_what_waits_when_the_clock_is_set_back_waits_no_day_longer(
    house: House, desk: Recorder
) -> None:
    desk.failures = [DeliveryError("busy")]
    await told(house, MEETS)
    assert not desk.sent
    house.clock.forward(days=-1)

    await house.writer.run(lambda tx: tx.outbox.follow_clock(house.clock()))
    await house.deliver(minutes=10)

    assert len(desk.sent) == 1


@pytest.mark.parametrize(
    "channel",
    [{}, {"digest": "daily 12:00"}, {"max_per_hour": 1}, {"quiet_hours": "01:00-02:00"}],
    ids=["at once", "digest", "limited", "quiet hours"],
)
async def test_what_was_tried_in_vain_by_a_clock_a_year_ahead_is_tried_again_today(
    house: House, desk: Recorder
) -> None:
    """A year ahead no certificate is valid."""
    await house.poll(MEETS)
    house.clock.forward(days=365, hours=1)
    desk.failures = [DeliveryError("the certificate is not valid")] * 9
    for _ in range(3):
        await house.deliver()
        house.clock.forward(minutes=20)
    tried = desk.tries
    desk.failures.clear()
    house.clock.forward(days=-365)

    await house.writer.run(lambda tx: resume(tx, house.clock()))
    await house.courier.replan()
    for _ in range(24):
        await house.deliver()
        house.clock.forward(hours=1)

    assert tried > 0
    assert [len(message.views) for message in desk.sent] == [1]


async def test_a_bot_rests_not_until_next_year(house: House) -> None:
    async def rests_after(days: int) -> int:
        house.clock.forward(days=days)
        await house.writer.run(lambda tx: resume(tx, house.clock()))
        return await house.writer.run(lambda tx: len(tx.bots.rests(house.clock())))

    house.clock.forward(days=365)
    until = house.clock.time + timedelta(minutes=5)
    await house.writer.run(lambda tx: tx.runs.begin(house.clock(), once=False))
    await house.writer.run(lambda tx: tx.bots.rest("bot", until))

    assert [await rests_after(0), await rests_after(-365)] == [1, 0]


async def test_a_mute_made_by_a_clock_that_was_ahead_holds_as_long_as_it_was_made_for(
    house: House,
) -> None:
    before, hour = house.clock.time, timedelta(hours=1)
    house.clock.forward(days=365)
    made, until = house.clock.time, house.clock.time + hour
    await house.writer.run(lambda tx: tx.mutes.add(MuteKind.TOPIC, "ferry", until, made, "desk"))
    await house.writer.run(lambda tx: tx.mutes.add(MuteKind.TOPIC, "summit", before + hour, before))
    house.clock.forward(days=-365)

    await house.writer.run(lambda tx: follow(tx, house.clock()))

    mutes = await house.writer.run(lambda tx: tx.mutes.current(house.clock()))
    assert {(one.subject, one.until) for one in mutes} == {
        ("ferry", before + hour),
        ("summit", before + hour),
    }


@pytest.mark.parametrize("channel", [{"digest": "daily 18:00"}], ids=["digest"])
async def test_what_waits_for_one_digest_still_comes_in_one(house: House, desk: Recorder) -> None:
    for title in (MEETS, "Ferry reopens after the storm", "Volcano spits ash over the south"):
        await told(house, title)
        house.clock.forward(hours=1)
    house.clock.forward(days=-1)

    await house.writer.run(lambda tx: tx.outbox.follow_clock(house.clock()))
    for _ in range(40):
        await house.deliver(hours=1)

    assert [len(message.views) for message in desk.sent] == [3]


@pytest.mark.parametrize("channel", [{"max_per_hour": 1}], ids=["limited"])
async def test_what_was_sent_tomorrow_counts_not_for_the_limit_of_today(
    house: House, desk: Recorder
) -> None:
    await told(house, MEETS)
    house.clock.forward(days=-1)

    await told(house, SIGNS)

    assert [len(message.views) for message in desk.sent] == [1, 1]


async def test_a_message_that_went_out_tomorrow_grows_today(house: House, desk: Recorder) -> None:
    await told(house, MEETS)
    house.clock.forward(days=-1)

    await house.poll(house.report(MEETS, "again"))
    await house.deliver(minutes=5)

    assert len(desk.edited) == 1


async def test_a_daemon_whose_clock_is_set_back_by_a_day_goes_on_as_before(
    tmp_path: Path, server: FeedServer, desk: Recorder
) -> None:
    clock, stories = WrongClock(), [Story(MEETS)]
    url = server.put("/wire", rss("Wire", []))
    server.clock = clock  # nobody denies the jump
    daemon = daemon_on(
        tmp_path / "watcher.db",
        settings(
            feeds=[{"url": url}],
            channels={"desk": {"console": True}},
            watcher={"backups": 0},
            alerts={"group_wait": "0s", "reply_intervals": ["0s"]},
            polling=EACH_SECOND,
        ),
        desk=desk,
        clock=clock,
    )
    async with running(daemon):
        for number, jump in enumerate((0, 1, -1)):
            clock.by = timedelta(days=jump)
            polls = server.count("/wire")
            await asyncio.to_thread(server.wait_for, "/wire", polls + 2)
            stories.append(Story(f"{MEETS} and gives him {number + 2} dogs"))
            server.put("/wire", rss("Wire", stories[1:], now=clock()))
            async with asyncio.timeout(60):
                while len(desk.sent) <= number:
                    desk.arrived.clear()
                    await desk.arrived.wait()

    told = [report.title for sent in desk.sent for view in sent.views for report in view.reports]
    assert sorted(told) == sorted(story.title for story in stories[1:])
