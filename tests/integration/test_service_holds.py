"""What is held, when the rules that held it meet each other, change, or were missed."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import FakeTelegram
from house import WIRE, Clock, House, Recorder, titles
from unrelated import headline, topics
from watchlists import MEETS, NOON, SIGNS, settings

from watcher.alerts.decide import MOST_TOLD
from watcher.alerts.lines import text_of
from watcher.alerts.render import telegram_lines
from watcher.alerts.senders import make_sender
from watcher.config.settings import Settings
from watcher.errors import DeliveryError, UsageError
from watcher.model import Hold, Mute, MuteKind, Priority
from watcher.service.care.health import stray_deliveries
from watcher.service.in_force.watch import Watch
from watcher.storage.rows import State

Enter = Callable[..., Any]
#: A Sunday.
SUNDAY = NOON


def configured(
    channel: dict[str, object], name: str = "desk", priority: str = "normal"
) -> Settings:
    return settings(
        feeds=[{"url": WIRE, "name": "Wire"}],
        channels={name: {"console": True, **channel}, "other": {"console": True}},
        topics=topics(5, channels=[name], priority=priority),
        watcher={"timezone": "UTC"},
        alerts={"group_wait": "0s"},
    )


@pytest.fixture
async def enter(tmp_path: Path) -> AsyncIterator[Enter]:
    """Return a function that builds a house with one channel, whose feed was polled before."""
    async with AsyncExitStack() as stack:

        async def entered(desk: Recorder, **channel: object) -> House:
            senders = {"desk": desk, "other": Recorder()}
            house = House(tmp_path, configured(channel), Clock(), senders)
            await stack.enter_async_context(house)
            house.ops.use("other", senders)
            await house.started()
            return house

        yield entered


async def report(house: House, *numbers: int) -> None:
    await house.tell(*(headline(number) for number in numbers))


async def at(house: House, time: datetime) -> None:
    house.clock.time = time
    await house.deliver()


async def reload(
    house: House, name: str = "desk", priority: str = "normal", **channel: object
) -> None:
    senders: dict[str, Recorder] = {
        name: house.senders["desk"],
        "other": house.senders["other"],
    }
    house.watch = Watch.of(configured(channel, name, priority))
    house.courier.use(house.watch, senders)
    await house.courier.replan()
    await house.deliver()


def told(desk: Recorder) -> list[set[str]]:
    return [titles(sent) for sent in desk.sent]


def both(first: int = 0, second: int = 1) -> set[str]:
    return {headline(first), headline(second)}


async def test_a_digest_that_is_late_does_not_ring_in_quiet_hours(enter: Enter) -> None:
    desk = Recorder()
    house = await enter(desk, digest="daily 18:00", quiet_hours="22:00-06:00")
    await report(house, 0, 1)

    await at(house, SUNDAY.replace(hour=23))  # the machine was off at six
    assert desk.sent == []
    await at(house, SUNDAY.replace(hour=6) + timedelta(days=1))

    assert told(desk) == [both()]
    assert desk.sent[0].hold is Hold.DIGEST


async def test_a_mute_beyond_a_weekly_digest_costs_it_no_second_week(enter: Enter) -> None:
    desk = Recorder()
    house = await enter(desk, digest="weekly mon 08:00")
    tuesday = SUNDAY + timedelta(days=2)
    for topic in house.watch.settings.topics[:2]:
        mute = Mute(MuteKind.TOPIC, topic.id, tuesday, NOON, "Ana")
        await house.writer.run(
            lambda tx, m=mute: tx.mutes.add(m.kind, m.subject, m.until, m.created, m.made_by)
        )
    await report(house, 0, 1, 2)

    await at(house, SUNDAY.replace(hour=8) + timedelta(days=1))
    assert told(desk) == [{headline(2)}]
    await at(house, tuesday)

    assert told(desk)[1:] == [both()]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"digest": "weekly mon 08:00"}, {}, id="no digest any more"),
        pytest.param({"digest": "weekly wed 08:00"}, {"digest": "every 5m"}, id="a sooner digest"),
        pytest.param({"quiet_hours": "12:00-18:00"}, {}, id="no quiet hours any more"),
        pytest.param(
            {"quiet_hours": "12:00-18:00"}, {"quiet_hours": "22:00-06:00"}, id="others hours"
        ),
    ],
)
async def test_what_is_held_waits_by_the_configuration_in_force(
    enter: Enter, before: dict[str, str], after: dict[str, str]
) -> None:
    desk = Recorder()
    house = await enter(desk, **before)
    await report(house, 0, 1)
    await house.deliver(minutes=10)
    assert desk.sent == []

    await reload(house, **after)

    assert told(desk) == [both()]


@pytest.mark.parametrize(
    "channel",
    [
        pytest.param({"quiet_hours": "12:00-18:00"}, id="quiet hours"),
        pytest.param({"digest": "daily 18:00"}, id="a digest"),
    ],
)
async def test_what_is_held_goes_at_once_when_its_topic_becomes_urgent(
    enter: Enter, channel: dict[str, str]
) -> None:
    desk = Recorder()
    house = await enter(desk, **channel)
    await report(house, 0, 1)
    assert desk.sent == []

    await reload(house, priority="high", **channel)

    assert told(desk) == [both()]
    assert {view.priority for view in desk.sent[0].views} == {Priority.HIGH}


async def test_held_messages_go_no_sooner_for_a_reload_that_changes_nothing(enter: Enter) -> None:
    desk = Recorder()
    rules: dict[str, Any] = {
        "digest": "daily 18:00",
        "quiet_hours": "17:00-19:00",
        "max_per_hour": 1,
    }
    house = await enter(desk, **rules)
    await report(house, 0, 1)
    before = [(one.due, one.hold, one.bundle) for one in house.deliveries()]

    for hour in (13, 18):
        await at(house, SUNDAY.replace(hour=hour, minute=30))
        await reload(house, **rules)

    assert [(one.due, one.hold, one.bundle) for one in house.deliveries()] == before
    await at(house, SUNDAY.replace(hour=19))
    assert told(desk) == [both()]


async def test_a_digest_moved_to_later_keeps_what_it_collected(enter: Enter) -> None:
    desk = Recorder()
    house = await enter(desk, digest="daily 13:00")
    await report(house, 0, 1)

    await reload(house, digest="daily 15:00")
    await at(house, SUNDAY.replace(hour=13))
    assert desk.sent == []
    await at(house, SUNDAY.replace(hour=15))

    assert told(desk) == [both()]


async def test_that_messages_wait_for_a_channel_that_is_no_more_is_told_at_once(
    enter: Enter,
) -> None:
    desk = Recorder()
    house = await enter(desk, digest="daily 18:00")
    await report(house, 0, 1)

    await reload(house, "newsroom", digest="daily 18:00")
    await reload(house, "newsroom", digest="daily 18:00")
    await house.ops.close()

    (notice,) = house.senders["other"].notices
    assert "channel desk is not in the configuration any more, and 2 alerts that wait" in notice
    await reload(house, digest="daily 18:00")
    await at(house, SUNDAY.replace(hour=18))
    assert told(desk) == [both()]


async def test_what_is_tried_again_for_a_channel_that_is_no_more_is_told_of_before_it_is_lost(
    enter: Enter,
) -> None:
    house = await enter(Recorder(DeliveryError("busy")))
    await report(house, 0)

    await reload(house, "newsroom")
    await house.senders["other"].noticed.wait()
    await house.deliver(minutes=5)
    await house.ops.close()

    waits, lost = house.senders["other"].notices
    assert "1 alert that waits" in waits
    assert "`watcher alerts retry --channel desk --to NAME`" in waits
    assert "`watcher alerts retry --channel desk --to NAME`" in lost


async def test_what_waits_for_a_channel_that_got_another_name_goes_there_when_it_is_said(
    enter: Enter,
) -> None:
    desk = Recorder()
    house = await enter(desk, digest="daily 18:00")
    await report(house, 0, 1)
    await reload(house, "newsroom", digest="daily 18:00")
    with house.database.read() as tx:
        queues = tx.queues()
    (sentence,) = stray_deliveries(queues, configured({}, "newsroom"))
    assert "2 messages wait for the channel desk, which is not in the configuration" in sentence

    done = await house.do("alerts.hand_over", channel="desk", to="newsroom")
    assert done == {"revived": 2}
    await at(house, SUNDAY.replace(hour=18))

    assert told(desk) == [both()]


async def test_what_may_have_arrived_under_the_old_name_is_a_possible_repeat_under_the_new(
    enter: Enter,
) -> None:
    desk = Recorder(DeliveryError("no answer", maybe_sent=True))
    house = await enter(desk)
    await house.tell(headline(0))
    await reload(house, "newsroom")

    assert await house.do("alerts.hand_over", channel="desk", to="newsroom") == {"revived": 1}
    await house.deliver(minutes=1)

    assert [message.possible_repeat for message in desk.sent] == [True]


async def test_what_died_for_a_channel_that_is_no_more_dies_no_second_time(enter: Enter) -> None:
    desk = Recorder()
    house = await enter(desk)
    await house.poll(headline(0))
    await reload(house, "newsroom")
    assert [one.state for one in house.deliveries()] == [State.DEAD]

    assert await house.do("alerts.retry") == {"revived": 0, "stray": {"desk": 1}}
    for wrong in ({"channel": "desk", "to": "nowsroom"}, {"channel": "newsroom", "to": "newsroom"}):
        with pytest.raises(UsageError):
            await house.do("alerts.hand_over", **wrong)
    assert await house.do("alerts.hand_over", channel="desk", to="newsroom") == {"revived": 1}
    assert await house.do("alerts.hand_over", channel="desk", to="newsroom") == {"revived": 0}
    await house.deliver()

    assert told(desk) == [{headline(0)}]


async def test_more_news_than_a_message_can_name_comes_in_two(tmp_path: Path) -> None:
    desk, clock = Recorder(), Clock()
    tables = settings(
        feeds=[{"url": WIRE, "name": "Wire"}],
        channels={"desk": {"console": True}},
        topics=[{"id": "summit", "match": "kim NEAR putin"}],
        alerts={"group_wait": "0s"},
    )
    async with House(tmp_path, tables, clock, {"desk": desk}) as house:
        await house.started()
        await report_titles(house, MEETS)
        many = [SIGNS.format(number) for number in range(100, 100 + MOST_TOLD + 10)]
        await report_titles(house, *many)
        clock.forward(minutes=2)
        await house.deliver()

    assert [len(titles) for titles in told(desk)] == [1, MOST_TOLD, 10]
    shown = "".join(text_of(telegram_lines(message)) for message in desk.sent)
    assert all(f"and signs {number}" in shown for number in range(100, 100 + MOST_TOLD + 10))
    assert "more" not in shown


async def report_titles(house: House, *titles: str) -> None:
    await house.tell(*titles)


async def test_a_story_of_two_topics_makes_one_sound_in_a_chat_and_one_thread(
    tmp_path: Path,
) -> None:
    with FakeTelegram() as api:
        table = {"chat": "-100", "token": api.token, "api": api.url}
        tables = settings(
            feeds=[{"url": WIRE, "name": "Wire"}],
            channels={"desk": {"telegram": table}},
            topics=[
                {"id": "summit", "match": "kim NEAR putin", "priority": "high"},
                {"id": "trade", "match": '"trade"', "updates": "edit"},
                {"id": "putin", "match": "putin"},
            ],
            alerts={"group_wait": "45s"},
        )
        clock = Clock()
        desk = make_sender("desk", tables.channels["desk"], console=sys.stdout, clock=clock)
        senders: Any = {"desk": desk}
        async with House(tmp_path, tables, clock, senders) as house:
            await house.started()
            await report_titles(house, MEETS)
            clock.forward(minutes=1)
            await house.deliver()
            clock.forward(minutes=1)
            await report_titles(house, SIGNS.format(9))
            clock.forward(minutes=30)
            await house.deliver()

    alert, *same, reply, echo = api.messages
    assert [alert.silent, *(one.silent for one in same)] == [False, True, True]
    assert {one.reply_to for one in same} == {alert.message_id}
    assert (reply.silent, echo.silent) == (False, True)


async def test_what_the_new_name_was_told_by_itself_is_done_with_under_the_old_one(
    enter: Enter,
) -> None:
    desk = Recorder()
    house = await enter(desk)
    await house.poll(house.report(headline(0)))
    with house.database.begin() as tx:
        (alert,) = tx.alerts.latest()
        tx.alerts.reach(alert.id, ["newsroom"], house.clock())
    await reload(house, "newsroom")
    assert {one.channel: one.state for one in house.deliveries()} == {
        "desk": State.DEAD,
        "newsroom": State.SENT,
    }

    done = await house.do("alerts.hand_over", channel="desk", to="newsroom")

    assert done == {"revived": 0, "settled": 1}
    assert [one.channel for one in house.deliveries()] == ["newsroom"]
    assert len(desk.sent) == 1


async def test_what_waits_for_a_chats_former_name_answers_what_was_told_under_it(
    enter: Enter,
) -> None:
    desk = Recorder()
    house = await enter(desk)
    await house.poll(house.report(headline(0)))
    await house.deliver()
    await reload(house, "newsroom")
    with house.database.begin() as tx:
        tx.chats.settle({"desk": "-100", "newsroom": "-100"}, house.clock())

    assert await house.do("alerts.hand_over", channel="desk", to="newsroom") == {"revived": 0}

    (told_before,) = house.deliveries()
    assert (told_before.channel, told_before.state) == ("newsroom", State.SENT)


async def test_the_numbers_of_messages_in_another_chat_are_no_other_channels(enter: Enter) -> None:
    house = await enter(Recorder())
    await house.poll(house.report(headline(0)))
    await house.deliver()
    await reload(house, "newsroom")
    with house.database.begin() as tx:
        tx.chats.settle({"desk": "-100", "newsroom": "-200"}, house.clock())

    await house.do("alerts.hand_over", channel="desk", to="newsroom")

    assert [one.channel for one in house.deliveries()] == ["desk"]
