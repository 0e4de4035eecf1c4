"""What was held comes in one message: at its time, beyond a limit, and when parts are refused."""

from datetime import timedelta

import pytest
from house import TIMES, House, Recorder, titles
from newsroom import NEWS, SUMMIT, Newsroom, report_all
from unrelated import headline, topics
from watchlists import MEETS, SIGNS

from watcher.alerts.outbox import MOST_REFUSED_ALONE
from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError
from watcher.model import Hold, MuteKind
from watcher.storage.rows import State


async def with_a_digest_due(newsroom: Newsroom, mail: Recorder) -> House:
    """Return a house whose digest of all the news goes out with the next delivery."""
    house = await newsroom({"mail": mail}, {"mail": {"digest": "daily 18:00"}})
    await report_all(house)
    await house.deliver()
    house.clock.forward(hours=6)
    return house


async def test_a_summary_that_died_comes_back_as_one_message(newsroom: Newsroom) -> None:
    desk = Recorder(DeliveryError("mailbox full", permanent=True))
    house = await newsroom({"desk": desk}, {"desk": {"digest": "daily 07:00"}})
    await report_all(house)
    await house.deliver()
    await house.deliver(hours=24)
    assert {delivery.state for delivery in house.deliveries()} == {State.DEAD}

    house.clock.forward(hours=1)
    await house.writer.run(lambda tx: tx.revival.retry_dead(house.clock()))
    await house.deliver()

    assert [titles(message) for message in desk.sent] == [set(NEWS.values())]
    assert desk.sent[0].hold is Hold.DIGEST


async def test_beyond_the_hourly_limit_all_else_is_one_digest(newsroom: Newsroom) -> None:
    desk = Recorder()
    house = await newsroom({"desk": desk}, {"desk": {"max_per_hour": 2}})
    await report_all(house)

    await house.deliver()
    assert [len(message.views) for message in desk.sent] == [1, 1]
    await house.deliver(minutes=59)
    assert len(desk.sent) == 2

    await house.deliver(minutes=1)

    digest = desk.sent[2]
    assert (digest.hold, len(digest.views)) == (Hold.RATE_LIMITED, 3)
    assert set().union(*map(titles, desk.sent)) == set(NEWS.values())


async def test_quiet_hours_end_in_one_summary(newsroom: Newsroom) -> None:
    desk = Recorder()
    house = await newsroom({"desk": desk}, {"desk": {"quiet_hours": "12:00-18:00"}})
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
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.config.channels.MOST_STORIES", 30)
    desk, screen = Recorder(DeliveryError("no")), Recorder()
    quiet = {"quiet_hours": "12:00-18:00"}
    telegram = {"console": False, "telegram": {"chat": "-100", "token": "1:a"}}
    house = await newsroom(
        {"desk": desk, "screen": screen},
        {"desk": {**quiet, **telegram}, "screen": quiet},
        topics=topics(40),
    )
    for number in range(40):
        await house.poll(headline(number))
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


async def test_what_a_services_short_messages_cannot_hold_comes_in_several(
    newsroom: Newsroom,
) -> None:
    class Short(Recorder):
        most_stories = 2

    desk = Short()
    house = await newsroom({"desk": desk}, {"desk": {"quiet_hours": "12:00-18:00"}})
    await report_all(house)
    await house.deliver()
    house.clock.forward(hours=6)

    await house.deliver()

    assert [len(message.views) for message in desk.sent] == [2, 2, 1]
    assert set().union(*map(titles, desk.sent)) == set(NEWS.values())


async def test_what_is_urgent_passes_quiet_hours(newsroom: Newsroom) -> None:
    desk = Recorder()
    house = await newsroom(
        {"desk": desk},
        {"desk": {"quiet_hours": "12:00-18:00"}},
        topics=[SUMMIT | {"priority": "high"}],
    )
    await house.tell(MEETS)

    assert len(desk.sent) == 1


async def test_a_daily_digest_collects_until_its_time(newsroom: Newsroom) -> None:
    mail = Recorder()
    house = await newsroom({"mail": mail}, {"mail": {"digest": "daily 18:00"}})
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
    newsroom: Newsroom,
) -> None:
    mail, desk = Recorder(), Recorder()
    house = await newsroom(
        {"mail": mail, "desk": desk},
        {"mail": {"digest": "weekly sun 18:00"}},
        topics=[SUMMIT, {"id": "ferry", "match": '"ferry"', "priority": "high"}],
    )
    evening = house.clock().replace(hour=18, minute=0)
    house.clock.time = evening - timedelta(seconds=90)
    await house.poll(MEETS)
    await house.tell(NEWS["ferry"])
    house.clock.forward(seconds=60)
    await house.poll(SIGNS.format(9))  # rings two minutes after the alert
    await house.poll(SIGNS.format(20), url=TIMES)
    await house.tell(f"{NEWS['ferry']}, 20 wait")

    house.clock.time = evening
    await house.deliver()

    urgent, digest = mail.sent
    assert titles(urgent) == {NEWS["ferry"]}
    assert titles(digest) == {MEETS, SIGNS.format(9), SIGNS.format(20)}
    await house.deliver(hours=3)
    assert {one.state for one in house.deliveries()} == {State.SENT}
    assert len(mail.sent) == 3  # the urgent topic's update, at its own time


async def test_what_gathered_over_a_digest_of_nothing_does_not_wait_for_the_next(
    newsroom: Newsroom,
) -> None:
    mail = Recorder()
    house = await newsroom({"mail": mail}, {"mail": {"digest": "weekly sun 12:12"}})
    await house.poll(MEETS)
    house.clock.forward(minutes=1)
    await house.poll(SIGNS.format(9))
    await house.deliver(minutes=2)

    assert titles(mail.sent[0]) == {MEETS, SIGNS.format(9)}


async def test_a_mute_till_the_time_of_a_digest_does_not_cost_it_that_digest(
    newsroom: Newsroom,
) -> None:
    desk = Recorder()
    house = await newsroom({"desk": desk}, {"desk": {"digest": "daily 18:00"}})
    evening = house.clock().replace(hour=18, minute=0)
    await house.writer.run(
        lambda tx: tx.mutes.add(MuteKind.TOPIC, "ferry", evening, house.clock(), "Ana")
    )
    await report_all(house, "ferry", "volcano")
    await house.deliver()

    house.clock.time = evening
    await house.deliver()

    assert [titles(message) for message in desk.sent] == [{NEWS["ferry"], NEWS["volcano"]}]


async def test_a_digest_that_fails_is_sent_again_whole(newsroom: Newsroom) -> None:
    mail = Recorder(DeliveryError("refused"))
    house = await with_a_digest_due(newsroom, mail)

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


async def test_of_a_digest_with_something_refused_in_it_all_the_rest_arrives(
    newsroom: Newsroom,
) -> None:
    mail, ops = Strict("orchid"), Recorder()
    house = await with_a_digest_due(newsroom, mail)
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


async def test_what_was_refused_of_a_digest_is_retried_alone(newsroom: Newsroom) -> None:
    mail = Strict("o")  # in each of them
    house = await with_a_digest_due(newsroom, mail)
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

    async def deliver(self, newsroom: Newsroom) -> tuple[House, Recorder]:
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
        house = await newsroom({"mail": mail}, daily, topics(30))
        house.ops.use("ops", {"ops": self.ops})
        await house.tell(*(headline(number) for number in range(30)))
        await house.deliver(hours=6)
        await house.ops.close()
        return house, mail


async def test_a_digest_that_is_refused_whatever_is_in_it_costs_few_tries_and_one_notice(
    newsroom: Newsroom,
) -> None:
    parted = Parted("")

    house, mail = await parted.deliver(newsroom)

    assert mail.tries <= 4 * MOST_REFUSED_ALONE
    assert {one.state for one in house.deliveries()} == {State.DEAD}
    (notice,) = parted.ops.notices
    assert notice.startswith("alerts 1-30 did not reach mail")
    assert "554 spam" in notice


@pytest.mark.parametrize(
    "bad", [pytest.param(range(0, 30, 2), id="every other"), pytest.param(range(9), id="in a row")]
)
async def test_stories_refused_for_themselves_cost_no_other_one_and_are_told_in_one_notice(
    newsroom: Newsroom, bad: range
) -> None:
    refused = [headline(number) for number in bad]
    parted = Parted(*refused)

    house, mail = await parted.deliver(newsroom)

    dead = [one for one in house.deliveries() if one.state is State.DEAD]
    assert len(dead) == len(refused) > MOST_REFUSED_ALONE
    arrived = {title for message in mail.sent for title in titles(message)}
    assert arrived == {headline(number) for number in range(30)} - set(refused)
    assert len(parted.ops.notices) == 1


async def test_many_numbers_in_a_notice_are_told_in_short(newsroom: Newsroom) -> None:
    mail, ops = Recorder(DeliveryError("no such mailbox", permanent=True)), Recorder()
    house = await with_a_digest_due(newsroom, mail)
    house.ops.use("ops", {"ops": ops})

    await house.deliver()
    await house.ops.close()

    (notice,) = ops.notices
    assert notice.startswith("alerts 1-5 did not reach mail")


async def test_what_was_given_up_of_a_digest_goes_out_when_it_is_retried(
    newsroom: Newsroom,
) -> None:
    parted = Parted("")
    house, mail = await parted.deliver(newsroom)

    parted.words = ()
    await house.writer.run(lambda tx: tx.revival.retry_dead(house.clock()))
    await house.deliver()

    assert sum(len(message.views) for message in mail.sent) == 30


@pytest.mark.parametrize(
    ("channel", "hours"),
    [({"digest": "weekly mon 18:00"}, 24 * 7 + 6), ({"digest": "every 72h"}, 24 * 3 + 12)],
)
async def test_what_waited_longer_than_48_hours_for_its_time_is_tried_as_long_as_all_else(
    newsroom: Newsroom, channel: dict[str, object], hours: int
) -> None:
    mail = Recorder(*[DeliveryError("greylisted")] * 3)
    house = await newsroom({"mail": mail}, {"mail": channel})
    await report_all(house)
    await house.deliver()
    house.clock.forward(hours=hours)

    for _ in range(4):
        await house.deliver()
        house.clock.forward(hours=8)

    assert [len(message.views) for message in mail.sent] == [5]
