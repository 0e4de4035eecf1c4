"""What is due is sent, tried again, given up and told, whatever channels and we ourselves do."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from unittest.mock import AsyncMock

import pytest
from house import TIMES, Clock, Recorder, titles
from newsroom import NEWS, Newsroom, report_all
from structlog.testing import capture_logs
from watchlists import MEETS, SIGNS

from watcher.alerts.outbox import GIVE_UP_AFTER
from watcher.alerts.render import email_parts
from watcher.errors import DeliveryError, StorageError
from watcher.model import Action, Hold
from watcher.service.in_force.watch import Watch
from watcher.storage.rows import State


async def test_an_alert_reaches_each_of_its_channels_once(newsroom: Newsroom) -> None:
    desk, mail = Recorder(), Recorder()
    house = await newsroom({"desk": desk, "mail": mail})

    await house.tell(MEETS)
    await house.deliver()

    for recorder in (desk, mail):
        (message,) = recorder.sent
        assert titles(message) == {MEETS}
        assert not message.possible_repeat
        assert (message.hold, message.reply_to) == (None, None)
    assert desk.sent[0].key != mail.sent[0].key
    assert {d.state for d in house.deliveries()} == {State.SENT}
    assert [d.message_id for d in house.deliveries()] == ["1", "1"]


async def test_entries_that_gather_are_told_in_one_message(newsroom: Newsroom) -> None:
    desk = Recorder()
    house = await newsroom({"desk": desk})
    await house.poll(MEETS)
    await house.tell(SIGNS.format(9), url=TIMES)

    (message,) = desk.sent
    assert titles(message) == {MEETS, SIGNS.format(9)}
    (view,) = message.views
    assert (view.action, view.reports[0].title) == (Action.ALERT, MEETS)
    assert len(view.coverage.outlets) == 2


async def test_replies_come_in_the_thread_after_the_interval_and_gather_until_then(
    newsroom: Newsroom,
) -> None:
    desk = Recorder()
    house = await newsroom({"desk": desk})
    await house.tell(MEETS)

    house.clock.forward(seconds=60)
    await house.tell(SIGNS.format(9))
    assert len(desk.sent) == 1

    house.clock.forward(seconds=30)
    await house.poll(SIGNS.format(20), url=TIMES)
    await house.deliver(seconds=30)

    alert, reply = desk.sent
    assert (reply.reply_to, reply.thread) == ("1", alert.thread)
    assert (reply.hold, reply.views[0].action) == (Hold.REPLY_INTERVAL, Action.REPLY)
    assert titles(reply) == {SIGNS.format(9), SIGNS.format(20)}
    assert reply.views[0].opening == MEETS


async def test_a_story_that_began_without_a_title_goes_by_how_its_text_began(
    newsroom: Newsroom,
) -> None:
    desk = Recorder()
    house = await newsroom({"desk": desk})
    text = "Kim Jong Un meets Putin in Vladivostok today"
    await house.tell(replace(house.report("", "toot"), summary=text))
    await house.poll(MEETS)
    await house.deliver(minutes=5)

    alert, reply = desk.sent
    assert email_parts(alert)[0] == f"[summit] {text}"
    assert email_parts(reply)[0] == f"Re: [summit] {text}"
    assert [row.title for row in house.alerts()] == [text, MEETS]


@pytest.mark.parametrize("long", ["", " and what it means for all of Asia" * 8])
async def test_a_reply_bears_the_subject_of_its_alert_in_the_readers_language(
    newsroom: Newsroom, long: str
) -> None:
    desk = Recorder()
    house = await newsroom({"desk": desk}, watcher={"timezone": "UTC", "languages": ["en"]})
    russian = "Ким Чен Ын и Путин встретились во Владивостоке"
    await house.poll(replace(house.report(russian), language="ru"))
    await house.tell(replace(house.report(f"{MEETS}{long}"), language="en"), url=TIMES)
    await house.poll(replace(house.report(SIGNS.format(40)), language="en"))
    await house.deliver(minutes=5)

    subjects = [email_parts(message)[0] for message in desk.sent]
    assert subjects[0].startswith(f"[summit] {MEETS}")
    assert subjects[1:] == [f"Re: {subjects[0]}"]


async def test_what_did_not_arrive_is_tried_again_later(newsroom: Newsroom) -> None:
    desk = Recorder(DeliveryError("connection refused"))
    house = await newsroom({"desk": desk})
    await house.tell(MEETS)

    (waiting,) = house.deliveries()
    assert (waiting.state, waiting.attempts) == (State.PENDING, 1)
    assert waiting.last_error == "connection refused"
    assert waiting.due > house.clock()

    await house.deliver(hours=1)

    (message,) = desk.sent
    assert not message.possible_repeat
    assert house.deliveries()[0].attempts == 2
    assert house.deliveries()[0].last_error is None


async def test_a_message_whose_answer_was_lost_is_sent_again_as_a_possible_repeat(
    newsroom: Newsroom,
) -> None:
    desk = Recorder(DeliveryError("no answer", maybe_sent=True), DeliveryError("refused"))
    house = await newsroom({"desk": desk})
    await house.poll(MEETS)

    for _ in range(3):
        await house.deliver()
        house.clock.forward(hours=1)

    (message,) = desk.sent
    assert message.possible_repeat


async def test_what_can_never_arrive_is_dead_and_the_operator_hears_of_it(
    newsroom: Newsroom,
) -> None:
    desk, ops = Recorder(DeliveryError("unknown chat -1", permanent=True)), Recorder()
    house = await newsroom({"desk": desk})
    house.ops.use("ops", {"ops": ops})
    await house.tell(MEETS)

    await house.deliver(hours=1)
    await house.ops.close()

    assert desk.tries == 1
    (delivery,) = house.deliveries()
    assert (delivery.state, delivery.last_error) == (State.DEAD, "unknown chat -1")
    (notice,) = ops.notices
    assert notice == (
        "alert 1 did not reach desk and will not be tried again: unknown chat -1;"
        " see `watcher alerts show 1`"
    )


@pytest.mark.parametrize("ops", ["desk", None])
async def test_a_death_is_told_by_another_channel_where_the_operators_cannot_tell_it(
    newsroom: Newsroom, ops: str | None
) -> None:
    desk, other = Recorder(DeliveryError("too odd", permanent=True)), Recorder()
    house = await newsroom({"desk": desk, "other": other})
    house.ops.use(ops, house.senders)
    await house.tell(MEETS)

    await house.ops.close()

    assert len(other.sent) == 1
    (notice,) = other.notices
    assert notice.startswith("alert 1 did not reach desk")
    assert desk.notices == []


@pytest.mark.parametrize("reason", ["no such chat", "nothing is taken; does it still exist?"])
async def test_the_notice_of_a_dead_channel_is_made_of_whole_sentences(
    newsroom: Newsroom, reason: str
) -> None:
    desk, ops = Recorder(DeliveryError(reason, permanent=True, gone=True)), Recorder()
    house = await newsroom({"desk": desk})
    house.ops.use("ops", {"ops": ops})
    await house.tell(MEETS)

    await house.ops.close()

    (notice,) = ops.notices
    end = "" if reason.endswith("?") else "."
    assert notice.startswith(f"channel desk is dead: {reason}{end} What dies")


async def test_after_48_hours_of_trouble_a_message_is_dead(newsroom: Newsroom) -> None:
    desk = Recorder(*[DeliveryError("refused")] * 100)
    house = await newsroom({"desk": desk})
    await house.poll(MEETS)

    for _ in range(4):
        await house.deliver()
        assert house.deliveries()[0].state is State.PENDING
        await house.deliver(hours=GIVE_UP_AFTER.total_seconds() / 3600 / 4)

    (delivery,) = house.deliveries()
    assert (delivery.state, delivery.attempts) == (State.DEAD, 5)


async def test_a_poison_message_does_not_block_the_next(newsroom: Newsroom) -> None:
    desk = Recorder(DeliveryError("bad entities", permanent=True))
    house = await newsroom({"desk": desk})
    await report_all(house, "ferry", "volcano")

    await house.deliver()

    assert [titles(message) for message in desk.sent] == [{NEWS["volcano"]}]


async def test_whom_a_mail_did_not_reach_is_on_its_record(newsroom: Newsroom) -> None:
    class Mailbox(Recorder):
        answers: Mapping[str, str | None] = {"ana@example.org": None, "bob@example.org": "550 no"}

        def go_on_from(self, former: object) -> None:
            """Know nothing."""

    mail = Mailbox()
    house = await newsroom({"mail": mail})
    await report_all(house, "ferry")

    await house.deliver()
    mail.answers = {"ana@example.org": None}
    await report_all(house, "volcano")
    await house.deliver()

    with house.database.read() as tx:
        errors = [tx.alerts.attempts(one.alert)[0].error for one in house.deliveries()]
    assert errors == ["not to bob@example.org (550 no)", None]
    assert {one.last_error for one in house.deliveries()} == {None}


async def test_when_a_bot_is_told_to_wait_all_its_channels_rest(newsroom: Newsroom) -> None:
    slow_down = DeliveryError("too many requests", retry_after=timedelta(seconds=30))
    one, two, other = Recorder(slow_down), Recorder(), Recorder(limit_key="another bot")
    topics = [
        {"id": "ferry", "match": '"ferry"', "channels": ["one"]},
        {"id": "volcano", "match": '"volcano"', "channels": ["two", "other"]},
    ]
    house = await newsroom({"one": one, "two": two, "other": other}, topics=topics)
    await report_all(house, "ferry")
    await house.deliver()
    assert one.tries == 1

    await report_all(house, "volcano")
    await house.deliver(seconds=29)
    assert (one.tries, two.tries, len(other.sent)) == (1, 0, 1)

    await house.deliver(seconds=2)
    assert (len(one.sent), len(two.sent)) == (1, 1)


async def test_a_channel_that_hangs_delays_no_other(newsroom: Newsroom) -> None:
    slow, fast = Recorder(), Recorder()
    house = await newsroom({"slow": slow, "fast": fast})
    slow.open.clear()

    for word in NEWS:
        await report_all(house, word)
        fast.arrived.clear()
        await house.courier.tick()
        await fast.arrived.wait()
    assert (slow.tries, len(slow.sent), len(fast.sent)) == (1, 0, 5)

    slow.open.set()
    await house.courier.drain()

    assert len(slow.sent) == 5


async def test_news_need_not_wait_for_the_next_tick(newsroom: Newsroom) -> None:
    desk = Recorder()
    house = await newsroom({"desk": desk})
    await report_all(house, "ferry")

    house.courier.wake()
    house.courier.wake()
    await desk.arrived.wait()

    assert len(desk.sent) == 1


async def test_stopping_finishes_the_send_in_flight_and_starts_no_other(newsroom: Newsroom) -> None:
    desk = Recorder()
    house = await newsroom({"desk": desk})
    await report_all(house)
    desk.open.clear()
    await house.courier.tick()
    await desk.tried.wait()

    desk.open.set()
    await house.courier.stop()

    states = sorted(delivery.state for delivery in house.deliveries())
    assert states == [State.PENDING] * 4 + [State.SENT]


async def test_what_was_being_sent_at_a_crash_is_sent_again_as_a_possible_repeat(
    newsroom: Newsroom,
) -> None:
    desk, clock = Recorder(), Clock()
    house = await newsroom({"desk": desk}, clock=clock)
    await report_all(house, "ferry", "volcano")
    desk.open.clear()
    await house.courier.tick()
    await desk.tried.wait()
    await house.courier.close()  # cut short, as by a crash: nothing is recorded
    assert sorted(d.state for d in house.deliveries()) == [State.PENDING, State.SENDING]

    again = Recorder()
    house = await newsroom({"desk": again}, clock=clock)
    await house.writer.run(lambda tx: tx.outbox.reclaim(clock()))
    await house.deliver()

    assert sorted(message.possible_repeat for message in again.sent) == [False, True]
    assert desk.sent == []


async def test_a_changed_configuration_closes_the_old_senders_when_they_are_done(
    newsroom: Newsroom,
) -> None:
    old, new = Recorder(), Recorder()
    house = await newsroom({"desk": old})
    await report_all(house, "ferry", "volcano")
    old.open.clear()
    await house.courier.tick()
    await old.tried.wait()

    house.courier.use(house.watch, {"desk": new})
    await house.courier.tick()
    closed_early = old.is_closed
    old.open.set()
    await house.courier.drain()
    await house.courier.tick()

    assert (closed_early, old.is_closed) == (False, True)
    assert (len(old.sent), len(new.sent)) == (1, 1)


async def test_a_fault_of_ours_in_one_send_does_not_end_the_courier(newsroom: Newsroom) -> None:
    desk = Recorder(RuntimeError("a fault of ours"))
    house = await newsroom({"desk": desk})
    await report_all(house, "ferry", "volcano")

    with capture_logs():
        with suppress(RuntimeError):
            await house.deliver()
        await house.deliver()

    assert [titles(message) for message in desk.sent] == [{NEWS["volcano"]}]


async def test_a_database_that_cannot_grow_leaves_no_stack_in_the_log(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await newsroom({"desk": Recorder()})
    await report_all(house, "ferry")
    await house.courier.tick()  # what is due was found, and nothing taken yet
    full = AsyncMock(side_effect=StorageError("the disk is full; free some space", is_full=True))
    monkeypatch.setattr(house.writer, "run", full)

    with capture_logs() as logs, suppress(StorageError):
        await asyncio.gather(*house.courier._tasks.values())
        await asyncio.sleep(0)

    (told,) = (one for one in logs if one["log_level"] == "error")
    assert not told["exc_info"]
    assert "free some space" in told["error"]


async def test_what_waits_for_a_channel_that_is_gone_does_not_disturb_the_others(
    newsroom: Newsroom,
) -> None:
    desk, mail = Recorder(), Recorder()
    house = await newsroom({"desk": desk, "mail": mail})
    await report_all(house, "ferry")

    channels = {"mail": house.watch.settings.channels["mail"]}
    rest = house.watch.settings.model_copy(update={"channels": channels})
    house.courier.use(Watch.of(rest), {"mail": mail})
    await house.deliver()

    assert (len(mail.sent), desk.sent) == (1, [])


@pytest.mark.parametrize(
    "held", [{"digest": "daily 18:00"}, {"quiet_hours": "12:00-18:00"}], ids=["digest", "quiet"]
)
async def test_what_follows_a_held_alert_is_held_with_it_though_another_channel_had_it_at_once(
    newsroom: Newsroom, held: dict[str, object]
) -> None:
    desk, mail = Recorder(), Recorder()
    house = await newsroom({"desk": desk, "mail": mail}, {"mail": held})
    for title in (MEETS, SIGNS.format(9), SIGNS.format(40)):
        await house.poll(title)
        await house.deliver(minutes=30)
    assert (len(desk.sent), mail.sent) == (3, [])

    await house.deliver(hours=6)

    assert [len(message.views) for message in mail.sent] == [3]
    assert titles(mail.sent[0]) == {MEETS, SIGNS.format(9), SIGNS.format(40)}
