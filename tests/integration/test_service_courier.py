import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import AsyncMock

import pytest
from house import TIMES, WIRE, Clock, House, OpenHouse, Recorder, titles
from structlog.testing import capture_logs
from unrelated import headline, topics
from watchlists import MEETS, SIGNS, settings

from watcher.alerts.outbox import GIVE_UP_AFTER, MOST_REFUSED_ALONE
from watcher.alerts.pace import Pace
from watcher.alerts.render import email_parts
from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError, StorageError
from watcher.model import Action, Hold, MuteKind
from watcher.service.in_force.watch import Watch
from watcher.storage.rows import State

#: News that nothing joins: a topic and a story each.
NEWS = {
    "ferry": "Ferry line to the outer islands reopens after storm repairs",
    "volcano": "Volcano in the south spits ash and flights are diverted",
    "orchid": "Rare orchid blooms in the botanical garden of Bogor",
    "chess": "Chess prodigy of eleven beats the champion of Norway",
    "comet": "Comet will be seen with the naked eye in December",
}
SUMMIT = {"id": "summit", "match": "kim NEAR putin"}
TOPICS = [SUMMIT, *({"id": word, "match": f'"{word}"'} for word in NEWS)]

Enter = Callable[..., Any]


@pytest.fixture
def enter(open_house: OpenHouse) -> Enter:
    """Return a function that builds a house whose feeds were polled before."""

    async def entered(
        senders: Mapping[str, Recorder],
        channels: Mapping[str, Mapping[str, object]] | None = None,
        topics: list[dict[str, object]] | None = None,
        clock: Clock | None = None,
        watcher: dict[str, object] | None = None,
    ) -> House:
        tables = {name: {"console": True} for name in senders}
        configured = settings(
            feeds=[{"url": WIRE, "name": "Wire"}, {"url": TIMES, "name": "Times"}],
            channels={
                name: {**table, **(channels or {}).get(name, {})} for name, table in tables.items()
            },
            topics=topics or TOPICS,
            watcher=watcher or {"timezone": "UTC"},
            alerts={"group_wait": "0s"},
        )
        return await open_house(configured, senders, clock)

    return entered


async def report_all(house: House, *words: str) -> None:
    await house.poll(*(house.report(NEWS[word]) for word in words or NEWS))


async def with_a_digest_due(enter: Enter, mail: Recorder) -> House:
    """Return a house whose digest of all the news goes out with the next delivery."""
    house: House = await enter({"mail": mail}, {"mail": {"digest": "daily 18:00"}})
    await report_all(house)
    await house.deliver()
    house.clock.forward(hours=6)
    return house


async def test_an_alert_reaches_each_of_its_channels_once(enter: Enter) -> None:
    desk, mail = Recorder(), Recorder()
    house = await enter({"desk": desk, "mail": mail})

    await house.poll(house.report(MEETS))
    await house.deliver()
    await house.deliver()

    for recorder in (desk, mail):
        (message,) = recorder.sent
        assert titles(message) == {MEETS}
        assert not message.possible_repeat
        assert (message.hold, message.reply_to) == (None, None)
    assert desk.sent[0].key != mail.sent[0].key
    assert {d.state for d in house.deliveries()} == {State.SENT}
    assert [d.message_id for d in house.deliveries()] == ["1", "1"]


async def test_entries_that_gather_are_told_in_one_message(enter: Enter) -> None:
    desk = Recorder()
    house = await enter({"desk": desk})
    await house.poll(house.report(MEETS))
    await house.poll(house.report(SIGNS.format(9)), url=TIMES)

    await house.deliver()

    (message,) = desk.sent
    assert titles(message) == {MEETS, SIGNS.format(9)}
    (view,) = message.views
    assert (view.action, view.reports[0].title) == (Action.ALERT, MEETS)
    assert len(view.coverage.outlets) == 2


async def test_replies_come_in_the_thread_after_the_interval_and_gather_until_then(
    enter: Enter,
) -> None:
    desk = Recorder()
    house = await enter({"desk": desk})
    await house.poll(house.report(MEETS))
    await house.deliver()

    house.clock.forward(seconds=60)
    await house.poll(house.report(SIGNS.format(9)))
    await house.deliver()
    assert len(desk.sent) == 1

    house.clock.forward(seconds=30)
    await house.poll(house.report(SIGNS.format(20)), url=TIMES)
    await house.deliver(seconds=30)

    alert, reply = desk.sent
    assert (reply.reply_to, reply.thread) == ("1", alert.thread)
    assert (reply.hold, reply.views[0].action) == (Hold.REPLY_INTERVAL, Action.REPLY)
    assert titles(reply) == {SIGNS.format(9), SIGNS.format(20)}
    assert reply.views[0].opening == MEETS


async def test_a_story_that_began_without_a_title_goes_by_how_its_text_began(
    enter: Enter,
) -> None:
    desk = Recorder()
    house = await enter({"desk": desk})
    text = "Kim Jong Un meets Putin in Vladivostok today"
    await house.poll(replace(house.report("", "toot"), summary=text))
    await house.deliver()
    await house.poll(house.report(MEETS))
    await house.deliver(minutes=5)

    alert, reply = desk.sent
    assert email_parts(alert)[0] == f"[summit] {text}"
    assert email_parts(reply)[0] == f"Re: [summit] {text}"
    assert [row.title for row in house.alerts()] == [text, MEETS]


@pytest.mark.parametrize("long", ["", " and what it means for all of Asia" * 8])
async def test_a_reply_bears_the_subject_of_its_alert_in_the_readers_language(
    enter: Enter, long: str
) -> None:
    desk = Recorder()
    house = await enter({"desk": desk}, watcher={"timezone": "UTC", "languages": ["en"]})
    russian = "Ким Чен Ын и Путин встретились во Владивостоке"
    await house.poll(replace(house.report(russian), language="ru"))
    await house.poll(replace(house.report(f"{MEETS}{long}"), language="en"), url=TIMES)
    await house.deliver()
    await house.poll(replace(house.report(SIGNS.format(40)), language="en"))
    await house.deliver(minutes=5)

    subjects = [email_parts(message)[0] for message in desk.sent]
    assert subjects[0].startswith(f"[summit] {MEETS}")
    assert subjects[1:] == [f"Re: {subjects[0]}"]


async def test_what_did_not_arrive_is_tried_again_later(enter: Enter) -> None:
    desk = Recorder(DeliveryError("connection refused"))
    house = await enter({"desk": desk})
    await house.poll(house.report(MEETS))

    await house.deliver()
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
    enter: Enter,
) -> None:
    desk = Recorder(DeliveryError("no answer", maybe_sent=True), DeliveryError("refused"))
    house = await enter({"desk": desk})
    await house.poll(house.report(MEETS))

    for _ in range(3):
        await house.deliver()
        house.clock.forward(hours=1)

    (message,) = desk.sent
    assert message.possible_repeat


async def test_what_can_never_arrive_is_dead_and_the_operator_hears_of_it(enter: Enter) -> None:
    desk, ops = Recorder(DeliveryError("unknown chat -1", permanent=True)), Recorder()
    house = await enter({"desk": desk})
    house.ops.use("ops", {"ops": ops})
    await house.poll(house.report(MEETS))

    await house.deliver()
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
    enter: Enter, ops: str | None
) -> None:
    desk, other = Recorder(DeliveryError("too odd", permanent=True)), Recorder()
    house = await enter({"desk": desk, "other": other})
    house.ops.use(ops, house.senders)
    await house.poll(house.report(MEETS))

    await house.deliver()
    await house.ops.close()

    assert len(other.sent) == 1
    (notice,) = other.notices
    assert notice.startswith("alert 1 did not reach desk")
    assert desk.notices == []


@pytest.mark.parametrize("reason", ["no such chat", "nothing is taken; does it still exist?"])
async def test_the_notice_of_a_dead_channel_is_made_of_whole_sentences(
    enter: Enter, reason: str
) -> None:
    desk, ops = Recorder(DeliveryError(reason, permanent=True, gone=True)), Recorder()
    house = await enter({"desk": desk})
    house.ops.use("ops", {"ops": ops})
    await house.poll(house.report(MEETS))

    await house.deliver()
    await house.ops.close()

    (notice,) = ops.notices
    end = "" if reason.endswith("?") else "."
    assert notice.startswith(f"channel desk is dead: {reason}{end} What dies")


async def test_a_summary_that_died_comes_back_as_one_message(enter: Enter) -> None:
    desk = Recorder(DeliveryError("mailbox full", permanent=True))
    house = await enter({"desk": desk}, {"desk": {"digest": "daily 07:00"}})
    await report_all(house)
    await house.deliver()
    await house.deliver(hours=24)
    assert {delivery.state for delivery in house.deliveries()} == {State.DEAD}

    house.clock.forward(hours=1)
    await house.writer.run(lambda tx: tx.revival.retry_dead(house.clock()))
    await house.deliver()

    assert [titles(message) for message in desk.sent] == [set(NEWS.values())]
    assert desk.sent[0].hold is Hold.DIGEST


async def test_after_48_hours_of_trouble_a_message_is_dead(enter: Enter) -> None:
    desk = Recorder(*[DeliveryError("refused")] * 100)
    house = await enter({"desk": desk})
    await house.poll(house.report(MEETS))

    for _ in range(4):
        await house.deliver()
        assert house.deliveries()[0].state is State.PENDING
        await house.deliver(hours=GIVE_UP_AFTER.total_seconds() / 3600 / 4)

    (delivery,) = house.deliveries()
    assert (delivery.state, delivery.attempts) == (State.DEAD, 5)


async def test_a_poison_message_does_not_block_the_next(enter: Enter) -> None:
    desk = Recorder(DeliveryError("bad entities", permanent=True))
    house = await enter({"desk": desk})
    await report_all(house, "ferry", "volcano")

    await house.deliver()

    assert [titles(message) for message in desk.sent] == [{NEWS["volcano"]}]


async def test_beyond_the_hourly_limit_all_else_is_one_digest(enter: Enter) -> None:
    desk = Recorder()
    house = await enter({"desk": desk}, {"desk": {"max_per_hour": 2}})
    await report_all(house)

    await house.deliver()
    assert [len(message.views) for message in desk.sent] == [1, 1]
    await house.deliver(minutes=59)
    assert len(desk.sent) == 2

    await house.deliver(minutes=1)

    digest = desk.sent[2]
    assert (digest.hold, len(digest.views)) == (Hold.RATE_LIMITED, 3)
    assert set().union(*map(titles, desk.sent)) == set(NEWS.values())


async def test_quiet_hours_end_in_one_summary(enter: Enter) -> None:
    desk = Recorder()
    house = await enter({"desk": desk}, {"desk": {"quiet_hours": "12:00-18:00"}})
    await report_all(house, "ferry", "volcano")
    await house.deliver()
    house.clock.forward(hours=2)
    await report_all(house, "orchid")
    await house.deliver()
    assert desk.sent == []

    await house.deliver(hours=4)

    (summary,) = desk.sent
    assert summary.hold is Hold.QUIET_HOURS
    assert titles(summary) == {NEWS["ferry"], NEWS["volcano"], NEWS["orchid"]}


async def test_more_stories_than_a_message_can_name_come_in_several(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.config.channels.MOST_STORIES", 30)
    desk, screen = Recorder(DeliveryError("no")), Recorder()
    quiet = {"quiet_hours": "12:00-18:00"}
    telegram = {"console": False, "telegram": {"chat": "-100", "token": "1:a"}}
    house = await enter(
        {"desk": desk, "screen": screen},
        {"desk": {**quiet, **telegram}, "screen": quiet},
        topics=topics(40),
    )
    for number in range(40):
        await house.poll(house.report(headline(number)))
    await house.deliver()
    house.clock.forward(hours=6)

    await house.deliver()
    await house.deliver(minutes=1)

    (whole,) = screen.sent
    assert sorted(len(message.views) for message in desk.sent) == [10, 30]
    assert {message.hold for message in desk.sent} == {Hold.QUIET_HOURS}
    assert set().union(*map(titles, desk.sent)) == titles(whole)
    assert {delivery.state for delivery in house.deliveries()} == {State.SENT}
    # One tried in vain and then sent, the others only sent: what was put back was not tried.
    assert sorted({one.attempts for one in house.deliveries()}) == [1, 2]


async def test_what_a_services_short_messages_cannot_hold_comes_in_several(enter: Enter) -> None:
    class Short(Recorder):
        most_stories = 2

    desk = Short()
    house = await enter({"desk": desk}, {"desk": {"quiet_hours": "12:00-18:00"}})
    await report_all(house)
    await house.deliver()
    house.clock.forward(hours=6)

    await house.deliver()

    assert [len(message.views) for message in desk.sent] == [2, 2, 1]
    assert set().union(*map(titles, desk.sent)) == set(NEWS.values())


async def test_what_is_urgent_passes_quiet_hours(enter: Enter) -> None:
    desk = Recorder()
    house = await enter(
        {"desk": desk},
        {"desk": {"quiet_hours": "12:00-18:00"}},
        topics=[SUMMIT | {"priority": "high"}],
    )
    await house.poll(house.report(MEETS))

    await house.deliver()

    assert len(desk.sent) == 1


async def test_a_daily_digest_collects_until_its_time(enter: Enter) -> None:
    mail = Recorder()
    house = await enter({"mail": mail}, {"mail": {"digest": "daily 18:00"}})
    await report_all(house, "ferry")
    await house.deliver()
    house.clock.forward(hours=3)
    await report_all(house, "volcano")
    await house.deliver()
    assert mail.sent == []

    await house.deliver(hours=3)

    (digest,) = mail.sent
    assert (digest.hold, titles(digest)) == (Hold.DIGEST, {NEWS["ferry"], NEWS["volcano"]})


async def test_a_digest_tells_what_is_known_by_its_time_though_it_still_gathers(
    enter: Enter,
) -> None:
    mail, desk = Recorder(), Recorder()
    house = await enter(
        {"mail": mail, "desk": desk},
        {"mail": {"digest": "weekly sun 18:00"}},
        topics=[SUMMIT, {"id": "ferry", "match": '"ferry"', "priority": "high"}],
    )
    evening = house.clock().replace(hour=18, minute=0)
    house.clock.time = evening - timedelta(seconds=90)
    await house.poll(house.report(MEETS))
    await house.poll(house.report(NEWS["ferry"]))
    await house.deliver()
    house.clock.forward(seconds=60)
    await house.poll(house.report(SIGNS.format(9)))  # rings two minutes after the alert
    await house.poll(house.report(SIGNS.format(20)), url=TIMES)
    await house.poll(house.report(f"{NEWS['ferry']}, 20 wait"))
    await house.deliver()

    house.clock.time = evening
    await house.deliver()

    urgent, digest = mail.sent
    assert titles(urgent) == {NEWS["ferry"]}
    assert titles(digest) == {MEETS, SIGNS.format(9), SIGNS.format(20)}
    await house.deliver(hours=3)
    assert {one.state for one in house.deliveries()} == {State.SENT}
    assert len(mail.sent) == 3  # the urgent topic's update, at its own time


async def test_what_gathered_over_a_digest_of_nothing_does_not_wait_for_the_next(
    enter: Enter,
) -> None:
    mail = Recorder()
    house = await enter({"mail": mail}, {"mail": {"digest": "weekly sun 12:12"}})
    await house.poll(house.report(MEETS))
    house.clock.forward(minutes=1)
    await house.poll(house.report(SIGNS.format(9)))
    await house.deliver(minutes=2)

    assert titles(mail.sent[0]) == {MEETS, SIGNS.format(9)}


async def test_a_mute_till_the_time_of_a_digest_does_not_cost_it_that_digest(
    enter: Enter,
) -> None:
    desk = Recorder()
    house = await enter({"desk": desk}, {"desk": {"digest": "daily 18:00"}})
    evening = house.clock().replace(hour=18, minute=0)
    await house.writer.run(
        lambda tx: tx.mutes.add(MuteKind.TOPIC, "ferry", evening, house.clock(), "Ana")
    )
    await report_all(house, "ferry", "volcano")
    await house.deliver()

    house.clock.time = evening
    await house.deliver()

    assert [titles(message) for message in desk.sent] == [{NEWS["ferry"], NEWS["volcano"]}]


async def test_a_digest_that_fails_is_sent_again_whole(enter: Enter) -> None:
    mail = Recorder(DeliveryError("refused"))
    house = await with_a_digest_due(enter, mail)

    await house.deliver()
    await house.deliver(hours=1)

    assert [len(message.views) for message in mail.sent] == [5]


class Strict(Recorder):
    """A service that refuses whatever tells of a word."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word

    async def send(self, outgoing: Outgoing) -> str | None:
        """Take a message, unless the word is in it."""
        if any(self.word in title.lower() for title in titles(outgoing)):
            self.tries += 1
            raise DeliveryError(f"554 {self.word}", permanent=True, text_refused=True)
        return await super().send(outgoing)


async def test_of_a_digest_with_something_refused_in_it_all_the_rest_arrives(enter: Enter) -> None:
    mail, ops = Strict("orchid"), Recorder()
    house = await with_a_digest_due(enter, mail)
    house.ops.use("ops", {"ops": ops})

    await house.deliver()
    await house.ops.close()

    assert sorted(title for message in mail.sent for title in titles(message)) == sorted(
        title for word, title in NEWS.items() if word != "orchid"
    )
    assert mail.tries <= 2 * len(NEWS) - 1
    assert {message.hold for message in mail.sent} == {Hold.DIGEST}
    assert not any(message.possible_repeat for message in mail.sent)
    (dead,) = [one for one in house.deliveries() if one.state is State.DEAD]
    (notice,) = ops.notices
    assert notice.startswith(f"alert {dead.alert} did not reach mail")


async def test_what_was_refused_of_a_digest_is_retried_alone(enter: Enter) -> None:
    mail = Strict("o")  # in each of them
    house = await with_a_digest_due(enter, mail)
    await house.deliver()
    assert {one.state for one in house.deliveries()} == {State.DEAD}

    mail.word = "orchid"
    await house.writer.run(lambda tx: tx.revival.retry_dead(house.clock()))
    await house.deliver()

    assert [len(message.views) for message in mail.sent] == [1] * 4


class Parted:
    """A digest of thirty stories, to a service that refuses some words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.ops = Recorder()

    async def deliver(self, enter: Enter) -> tuple[House, Recorder]:
        """Return what came of it."""
        parted = self

        class Service(Recorder):
            async def send(self, outgoing: Outgoing) -> str | None:
                house.clock.forward(seconds=1)
                told = " ".join(titles(outgoing))
                if any(word in told for word in parted.words):
                    self.tries += 1
                    raise DeliveryError("554 spam", permanent=True, text_refused=True)
                return await super().send(outgoing)

        mail = Service()
        daily = {"mail": {"digest": "daily 18:00"}}
        house: House = await enter({"mail": mail}, daily, topics(30))
        house.ops.use("ops", {"ops": self.ops})
        await house.poll(*(house.report(headline(number)) for number in range(30)))
        await house.deliver()
        await house.deliver(hours=6)
        await house.ops.close()
        return house, mail


async def test_a_digest_that_is_refused_whatever_is_in_it_costs_few_tries_and_one_notice(
    enter: Enter,
) -> None:
    parted = Parted("")

    house, mail = await parted.deliver(enter)

    assert mail.tries <= 4 * MOST_REFUSED_ALONE
    assert {one.state for one in house.deliveries()} == {State.DEAD}
    (notice,) = parted.ops.notices
    assert notice.startswith("alerts 1-30 did not reach mail")
    assert "554 spam" in notice


@pytest.mark.parametrize(
    "bad", [pytest.param(range(0, 30, 2), id="every other"), pytest.param(range(9), id="in a row")]
)
async def test_stories_refused_for_themselves_cost_no_other_one_and_are_told_in_one_notice(
    enter: Enter, bad: range
) -> None:
    refused = [headline(number) for number in bad]
    parted = Parted(*refused)

    house, mail = await parted.deliver(enter)

    dead = [one for one in house.deliveries() if one.state is State.DEAD]
    assert len(dead) == len(refused) > MOST_REFUSED_ALONE
    arrived = {title for message in mail.sent for title in titles(message)}
    assert arrived == {headline(number) for number in range(30)} - set(refused)
    assert len(parted.ops.notices) == 1


async def test_what_was_given_up_of_a_digest_goes_out_when_it_is_retried(enter: Enter) -> None:
    parted = Parted("")
    house, mail = await parted.deliver(enter)

    parted.words = ()
    await house.writer.run(lambda tx: tx.revival.retry_dead(house.clock()))
    await house.deliver()

    assert sum(len(message.views) for message in mail.sent) == 30


async def test_whom_a_mail_did_not_reach_is_on_its_record(enter: Enter) -> None:
    class Mailbox(Recorder):
        answers: Mapping[str, str | None] = {"ana@example.org": None, "bob@example.org": "550 no"}

        def go_on_from(self, former: object) -> None:
            """Know nothing."""

    mail = Mailbox()
    house = await enter({"mail": mail})
    await report_all(house, "ferry")

    await house.deliver()
    mail.answers = {"ana@example.org": None}
    await report_all(house, "volcano")
    await house.deliver()

    with house.database.read() as tx:
        errors = [tx.alerts.attempts(one.alert)[0].error for one in house.deliveries()]
    assert errors == ["not to bob@example.org (550 no)", None]
    assert {one.last_error for one in house.deliveries()} == {None}


async def test_many_numbers_in_a_notice_are_told_in_short(enter: Enter) -> None:
    mail, ops = Recorder(DeliveryError("no such mailbox", permanent=True)), Recorder()
    house = await with_a_digest_due(enter, mail)
    house.ops.use("ops", {"ops": ops})

    await house.deliver()
    await house.ops.close()

    (notice,) = ops.notices
    assert notice.startswith("alerts 1-5 did not reach mail")


async def test_when_a_bot_is_told_to_wait_all_its_channels_rest(enter: Enter) -> None:
    slow_down = DeliveryError("too many requests", retry_after=timedelta(seconds=30))
    one, two, other = Recorder(slow_down), Recorder(), Recorder(limit_key="another bot")
    topics = [
        {"id": "ferry", "match": '"ferry"', "channels": ["one"]},
        {"id": "volcano", "match": '"volcano"', "channels": ["two", "other"]},
    ]
    house = await enter({"one": one, "two": two, "other": other}, topics=topics)
    await report_all(house, "ferry")
    await house.deliver()
    assert one.tries == 1

    await report_all(house, "volcano")
    await house.deliver(seconds=29)
    assert (one.tries, two.tries, len(other.sent)) == (1, 0, 1)

    await house.deliver(seconds=2)
    assert (len(one.sent), len(two.sent)) == (1, 1)


class PacedRecorder(Recorder):
    """A channel whose chat takes a message each so many seconds."""

    def __init__(self, apart_s: float) -> None:
        super().__init__()
        self.pace = Pace("chat", apart_s)
        self.times: list[float] = []

    async def send(self, outgoing: Outgoing) -> str | None:
        self.times.append(time.monotonic())
        return await super().send(outgoing)


async def test_alerts_that_come_together_are_sent_as_fast_as_their_chat_takes_them(
    enter: Enter,
) -> None:
    apart_s = 0.05
    desk = PacedRecorder(apart_s)
    house = await enter({"desk": desk})
    house.steady = time.monotonic
    await report_all(house, *NEWS)

    await house.deliver()

    assert len(desk.times) == len(NEWS)
    assert all(b - a >= apart_s for a, b in pairwise(desk.times))


async def test_what_is_urgent_and_comes_while_a_chat_waits_goes_first(enter: Enter) -> None:
    desk = PacedRecorder(0.05)
    topics = [{"id": word, "match": f'"{word}"'} for word in ("ferry", "volcano")]
    topics.append({"id": "comet", "match": '"comet"', "priority": "high"})
    house = await enter({"desk": desk}, topics=topics)
    house.steady = time.monotonic
    await report_all(house, "ferry", "volcano")
    delivering = asyncio.create_task(house.deliver())
    await desk.arrived.wait()

    await report_all(house, "comet")
    await delivering

    assert [titles(one) for one in desk.sent] == [{NEWS[w]} for w in ("ferry", "comet", "volcano")]


async def test_at_the_end_nobody_waits_for_the_turn_of_a_chat(enter: Enter) -> None:
    desk = PacedRecorder(3600)
    house = await enter({"desk": desk})
    house.steady = time.monotonic
    await report_all(house, "ferry", "volcano")
    delivering = asyncio.create_task(house.deliver())
    await desk.arrived.wait()

    async with asyncio.timeout(10):
        await house.courier.stop()
        await delivering

    assert len(desk.sent) == 1


async def test_a_channel_that_hangs_delays_no_other(enter: Enter) -> None:
    slow, fast = Recorder(), Recorder()
    house = await enter({"slow": slow, "fast": fast})
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


async def test_news_need_not_wait_for_the_next_tick(enter: Enter) -> None:
    desk = Recorder()
    house = await enter({"desk": desk})
    await report_all(house, "ferry")

    house.courier.wake()
    house.courier.wake()
    await desk.arrived.wait()

    assert len(desk.sent) == 1


async def test_stopping_finishes_the_send_in_flight_and_starts_no_other(enter: Enter) -> None:
    desk = Recorder()
    house = await enter({"desk": desk})
    await report_all(house)
    desk.open.clear()
    await house.courier.tick()
    await desk.tried.wait()

    desk.open.set()
    await house.courier.stop()

    states = sorted(delivery.state for delivery in house.deliveries())
    assert states == [State.PENDING] * 4 + [State.SENT]


async def test_what_was_being_sent_at_a_crash_is_sent_again_as_a_possible_repeat(
    enter: Enter,
) -> None:
    desk, clock = Recorder(), Clock()
    house = await enter({"desk": desk}, clock=clock)
    await report_all(house, "ferry", "volcano")
    desk.open.clear()
    await house.courier.tick()
    await desk.tried.wait()
    await house.courier.close()  # cut short, as by a crash: nothing is recorded
    assert sorted(d.state for d in house.deliveries()) == [State.PENDING, State.SENDING]

    again = Recorder()
    house = await enter({"desk": again}, clock=clock)
    await house.writer.run(lambda tx: tx.outbox.reclaim(clock()))
    await house.deliver()

    assert sorted(message.possible_repeat for message in again.sent) == [False, True]
    assert desk.sent == []


async def test_a_changed_configuration_closes_the_old_senders_when_they_are_done(
    enter: Enter,
) -> None:
    old, new = Recorder(), Recorder()
    house = await enter({"desk": old})
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


async def test_a_fault_of_ours_in_one_send_does_not_end_the_courier(enter: Enter) -> None:
    desk = Recorder(RuntimeError("a fault of ours"))
    house = await enter({"desk": desk})
    await report_all(house, "ferry", "volcano")

    with capture_logs():
        with suppress(RuntimeError):
            await house.deliver()
        await house.deliver()

    assert [titles(message) for message in desk.sent] == [{NEWS["volcano"]}]


async def test_a_database_that_cannot_grow_leaves_no_stack_in_the_log(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await enter({"desk": Recorder()})
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
    enter: Enter,
) -> None:
    desk, mail = Recorder(), Recorder()
    house = await enter({"desk": desk, "mail": mail})
    await report_all(house, "ferry")

    channels = {"mail": house.watch.settings.channels["mail"]}
    rest = house.watch.settings.model_copy(update={"channels": channels})
    house.courier.use(Watch.of(rest), {"mail": mail})
    await house.deliver()

    assert (len(mail.sent), desk.sent) == (1, [])


@pytest.mark.parametrize(
    ("channel", "hours"),
    [({"digest": "weekly mon 18:00"}, 24 * 7 + 6), ({"digest": "every 72h"}, 24 * 3 + 12)],
)
async def test_what_waited_longer_than_48_hours_for_its_time_is_tried_as_long_as_all_else(
    enter: Enter, channel: dict[str, object], hours: int
) -> None:
    mail = Recorder(*[DeliveryError("greylisted")] * 3)
    house = await enter({"mail": mail}, {"mail": channel})
    await report_all(house)
    await house.deliver()
    house.clock.forward(hours=hours)

    for _ in range(4):
        await house.deliver()
        house.clock.forward(hours=8)

    assert [len(message.views) for message in mail.sent] == [5]


@pytest.mark.parametrize(
    "held", [{"digest": "daily 18:00"}, {"quiet_hours": "12:00-18:00"}], ids=["digest", "quiet"]
)
async def test_what_follows_a_held_alert_is_held_with_it_though_another_channel_had_it_at_once(
    enter: Enter, held: dict[str, object]
) -> None:
    desk, mail = Recorder(), Recorder()
    house = await enter({"desk": desk, "mail": mail}, {"mail": held})
    for title in (MEETS, SIGNS.format(9), SIGNS.format(40)):
        await house.poll(house.report(title))
        await house.deliver(minutes=30)
    assert (len(desk.sent), mail.sent) == (3, [])

    await house.deliver(hours=6)

    assert [len(message.views) for message in mail.sent] == [3]
    assert titles(mail.sent[0]) == {MEETS, SIGNS.format(9), SIGNS.format(40)}
