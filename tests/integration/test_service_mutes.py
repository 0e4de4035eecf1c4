from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from house import FEEDS, TIMES, House, OpenHouse, Recorder, titles
from stored import open_in, ring, store
from watchlists import FERRY, MEETS, SIGNS, settings

from watcher.config.settings import Settings
from watcher.errors import DeliveryError, UsageError
from watcher.model import Action, Hold, MuteKind, Reason
from watcher.service.by_hand.mutes import end_said
from watcher.service.moments import rfc3339
from watcher.storage.rows import State

#: Another story of the topic.
MINISTER = "Putin fires minister of transport; Kim of Korean railways sees Putin about trains"
TOPICS = [{"id": "summit", "match": "kim NEAR putin"}, {"id": "ferry", "match": '"ferry"'}]


def configured() -> Settings:
    return settings(
        feeds=FEEDS,
        channels={"desk": {"console": True}, "mail": {"console": True}},
        topics=TOPICS,
        alerts={"group_wait": "10s"},
        watcher={"timezone": "UTC"},
    )


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    return await open_house(configured(), {"desk": Recorder(), "mail": Recorder()})


def sent(house: House, channel: str) -> list[set[str]]:
    return [titles(message) for message in house.senders[channel].sent]


UNWANTED = [("story", "1"), ("outlet", "wire"), ("thread", "summit/1")]


async def test_what_waits_for_a_muted_topic_comes_when_the_mute_ends(house: House) -> None:
    await house.poll(MEETS)
    house.clock.forward(minutes=1)
    done = await house.do("mutes.add", kind="topic", subject="SUMMIT", by="Ana")
    assert (done["changed"], done["by"]) == (True, "Ana")

    await house.deliver()
    assert (sent(house, "desk"), sent(house, "mail")) == ([], [])
    assert {(d.state, d.hold) for d in house.deliveries()} == {(State.PENDING, Hold.MUTED)}

    await house.deliver(days=7)
    assert sent(house, "desk") == [{MEETS}]
    assert house.senders["desk"].sent[0].hold is Hold.MUTED


@pytest.mark.parametrize(("kind", "subject"), UNWANTED)
async def test_what_waits_when_its_story_or_outlet_is_muted_is_not_told_and_on_record(
    house: House, kind: str, subject: str
) -> None:
    await house.poll(MEETS)
    house.clock.forward(minutes=1)
    await house.do("mutes.add", kind=kind, subject=subject)

    await house.deliver()
    assert {d.state for d in house.deliveries()} == {State.MUTED}
    assert all(d.last_error and d.last_error.endswith("was muted") for d in house.deliveries())
    assert await house.do("alerts.retry", alerts=[1]) == {"revived": 0, "muted": 2}

    await house.deliver(days=7)
    assert (sent(house, "desk"), sent(house, "mail")) == ([], [])
    assert await house.do("alerts.retry") == {"revived": 0}

    assert await house.do("alerts.retry", alerts=[1], channel="desk") == {"revived": 1}
    await house.deliver()
    assert (sent(house, "desk"), sent(house, "mail")) == ([{MEETS}], [])


@pytest.mark.parametrize("until", ["", " ", "soon", "2" * 501])
async def test_an_end_that_is_no_time_is_told_what_a_time_looks_like(
    house: House, until: str
) -> None:
    with pytest.raises(UsageError, match='must be a time like "2h", "08:00", "morning"'):
        await house.do("mutes.add", kind="topic", subject="summit", until=until)


@pytest.mark.parametrize(("kind", "subject"), UNWANTED)
async def test_a_mute_that_is_taken_back_costs_nothing(
    house: House, kind: str, subject: str
) -> None:
    await house.poll(MEETS)
    house.clock.forward(minutes=1)
    await house.do("mutes.add", kind=kind, subject=subject)
    await house.deliver()
    await house.do("mutes.add", kind=kind, subject=subject, until="2026-11-22T14:00:00Z")
    await house.deliver()
    assert sent(house, "desk") == []

    done = await house.do("mutes.remove", kind=kind, subject=subject)
    await house.deliver()

    assert done["released"] == 2
    assert sent(house, "desk") == sent(house, "mail") == [{MEETS}]
    assert {(d.state, d.last_error) for d in house.deliveries()} == {(State.SENT, None)}


async def test_a_reply_that_gathers_when_its_story_is_muted_is_not_told_after_the_mute(
    house: House,
) -> None:
    await house.poll(MEETS)
    await house.deliver(minutes=1)
    await house.poll(SIGNS.format(9))
    await house.do("mutes.add", kind="story", subject="1", until="2026-11-22T14:00:00Z")
    await house.deliver(minutes=30)
    await house.deliver(hours=5)
    assert sent(house, "desk") == [{MEETS}]

    await house.poll(SIGNS.format(12))
    await house.deliver(hours=1)

    assert sent(house, "desk") == [{MEETS}, {SIGNS.format(12)}]


async def test_a_muted_outlet_keeps_the_report_of_another_one_from_nobody(house: House) -> None:
    await house.poll(url=TIMES)
    house.clock.forward(minutes=10)
    await house.poll(MEETS)
    await house.do("mutes.add", kind="outlet", subject="Wire")
    await house.deliver(minutes=1)
    assert {d.state for d in house.deliveries()} == {State.MUTED}

    house.clock.forward(minutes=1)
    await house.poll(house.report(MEETS, "copy"), url=TIMES)
    assert house.decisions()[-1].reason is Reason.COPY
    await house.deliver()

    assert len(sent(house, "desk")) == len(sent(house, "mail")) == 1
    (view,) = house.senders["desk"].sent[0].views
    assert {report.outlet for report in view.reports} == {"Wire", "Times"}
    await house.tell(house.report(MEETS, "another"), url=TIMES)
    assert len(sent(house, "desk")) == 1


async def test_what_waits_is_told_where_an_outlet_that_is_not_muted_reports_it_too(
    house: House,
) -> None:
    await house.poll(url=TIMES)
    house.clock.forward(minutes=10)
    await house.poll(MEETS)
    await house.do("mutes.add", kind="outlet", subject="Wire")
    await house.poll(house.report(MEETS, "copy"), url=TIMES)
    await house.deliver(minutes=1)

    assert sent(house, "desk") == [{MEETS}]


@pytest.mark.parametrize(
    "subject", [pytest.param("mill courier", id="its outlet"), pytest.param("Wire", id="its feed")]
)
async def test_what_an_aggregator_passes_on_is_muted_by_its_outlet_and_by_its_feed(
    house: House, subject: str
) -> None:
    link, courier = "https://news.google.com/rss/articles/CBMi", "Mill Courier"
    first = replace(house.report(f"{MEETS} - {courier}"), link=link, source=courier)
    await house.poll(first)
    await house.do("mutes.add", kind="outlet", subject=subject)
    await house.deliver(minutes=1)
    second = replace(house.report(f"{MINISTER} - {courier}"), link=f"{link}2", source=courier)
    await house.poll(second)

    assert sent(house, "desk") == []
    assert house.decisions()[-1].reason is Reason.MUTED


@pytest.mark.parametrize(
    ("kind", "subject"), [("story", "1"), ("outlet", "Wire"), ("thread", "summit/1")]
)
async def test_what_comes_in_under_a_mute_is_kept_and_not_told(
    house: House, kind: str, subject: str
) -> None:
    await house.poll(MEETS)
    await house.do("mutes.add", kind=kind, subject=subject)
    house.clock.forward(hours=1)
    await house.poll(SIGNS.format(9))

    assert [one.reason for one in house.decisions()] == [Reason.FIRST_REPORT, Reason.MUTED]


async def test_what_a_muted_topic_brings_comes_when_the_mute_ends_in_one_summary(
    house: House,
) -> None:
    await house.poll(MEETS)
    await house.deliver(minutes=1)
    await house.do("mutes.add", kind="topic", subject="summit", until="2026-11-22T14:00:00Z")
    for title in (SIGNS.format(9), MINISTER, FERRY):
        house.clock.forward(minutes=10)
        await house.tell(title)
    await house.deliver(minutes=1)
    assert sent(house, "desk") == [{MEETS}, {FERRY}]
    assert Reason.MUTED not in {one.reason for one in house.decisions()}

    await house.deliver(hours=2)

    summary = house.senders["desk"].sent[2]
    assert (summary.hold, len(summary.views)) == (Hold.MUTED, 2)
    assert sent(house, "desk")[2:] == sent(house, "mail")[2:] == [{SIGNS.format(9), MINISTER}]


async def test_a_topic_that_is_heard_again_tells_at_once_what_it_missed(house: House) -> None:
    await house.do("mutes.add", kind="topic", subject="summit")
    await house.poll(MEETS)
    await house.deliver(minutes=1)

    done = await house.do("mutes.remove", kind="topic", subject="summit")
    await house.deliver()

    assert done["released"] == 2
    assert sent(house, "desk") == sent(house, "mail") == [{MEETS}]


async def test_a_muted_channel_hears_later_and_the_others_at_once(house: House) -> None:
    await house.do("mutes.add", kind="channel", subject="desk", until="2026-11-22T14:00:00Z")
    await house.poll(MEETS, FERRY)
    await house.deliver(minutes=1)
    assert (sent(house, "desk"), len(sent(house, "mail"))) == ([], 2)

    await house.deliver(hours=3)
    assert [len(message.views) for message in house.senders["desk"].sent] == [2]


async def test_an_ended_mute_lets_go_what_waited_and_the_others_stay_quiet(house: House) -> None:
    await house.do("mutes.add", kind="topic", subject="summit")
    await house.do("mutes.add", kind="channel", subject="mail")
    await house.poll(FERRY)
    await house.deliver(minutes=1)
    assert (len(sent(house, "desk")), sent(house, "mail")) == (1, [])

    done = await house.do("mutes.remove", kind="channel", subject="MAIL")
    assert done == {"changed": True, "kind": "channel", "subject": "mail", "released": 1}
    await house.deliver()
    assert sent(house, "mail") == [{FERRY}]

    again = await house.do("mutes.remove", kind="channel", subject="mail")
    assert (again["changed"], again["released"]) == (False, 0)
    await house.poll(MEETS)
    await house.deliver(minutes=1)
    assert (len(sent(house, "desk")), len(sent(house, "mail"))) == (1, 1)


async def test_a_mute_that_is_made_shorter_holds_only_so_long(house: House) -> None:
    await house.poll(MEETS)
    house.clock.forward(minutes=1)
    await house.do("mutes.add", kind="topic", subject="summit")
    await house.deliver()
    await house.do("mutes.add", kind="topic", subject="summit", until="2026-11-22T12:30:00Z")
    await house.deliver()
    await house.deliver(minutes=30)

    assert sent(house, "desk") == [{MEETS}]


async def test_every_mute_is_ended_at_once(house: House) -> None:
    await house.do("mutes.add", kind="topic", subject="summit")
    await house.do("mutes.add", kind="outlet", subject="Wire")

    done = await house.do("mutes.clear")

    assert len(done["ended"]) == 2  # type: ignore[arg-type]
    assert (await house.do("mutes.clear"))["changed"] is False


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("2h", timedelta(hours=2)),
        ("3d", timedelta(days=3)),
        ("2026-11-22T15:10:00+01:00", timedelta(hours=2)),
    ],
)
async def test_a_mute_lasts_as_long_as_was_said_by_the_clock_of_who_makes_it(
    house: House, until: str, end: timedelta
) -> None:
    made = await house.do("mutes.add", kind="topic", subject="summit", until=until)

    assert made["until"] == rfc3339(house.clock() + end)


async def test_it_is_morning_when_the_quiet_hours_of_the_channel_end(house: House) -> None:
    quiet = {"console": True, "quiet_hours": "22:00-06:30"}
    tables = settings(channels={"desk": {"console": True}, "mail": quiet}, topics=TOPICS)
    things = (("channel", "desk"), ("channel", "mail"), ("topic", "summit"))

    ends = [end_said("morning", tables, *thing, house.clock()) for thing in things]

    assert [end.astimezone(tables.watcher.zone).strftime("%H:%M") for end in ends] == [
        "07:00",
        "06:30",
        "06:30",
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "planet", "subject": "mars"}, "'planet' cannot be muted; story, topic"),
        ({"kind": "topic", "subject": "sumit"}, "no topic sumit; did you mean `summit`"),
        ({"kind": "channel", "subject": "x"}, "no channel x"),
        ({"kind": "outlet", "subject": "Wir"}, "no outlet Wir; did you mean `Wire`"),
        ({"kind": "story", "subject": "99"}, "no story 99"),
        ({"kind": "story", "subject": "9" * 40}, "no story 9999"),
        ({"kind": "story", "subject": "٣"}, "no story"),
        ({"kind": "thread", "subject": "summit"}, "no topic"),
        ({"kind": "topic"}, "`subject` is a text"),
        ({"kind": "topic", "subject": "summit", "until": "noon"}, "must be a time"),
        ({"kind": "topic", "subject": "summit", "until": 7}, "`until` is a text"),
        ({"kind": "topic", "subject": "summit", "until": "2020-01-01T00:00:00Z"}, "the next 3660"),
    ],
)
async def test_what_cannot_be_muted_is_refused_in_a_sentence(
    house: House, values: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        await house.do("mutes.add", **values)


async def test_a_topic_that_left_the_configuration_can_still_be_unmuted(house: House) -> None:
    await house.writer.run(
        lambda tx: tx.mutes.add(
            MuteKind.TOPIC, "gone", house.clock() + timedelta(days=1), house.clock()
        )
    )

    assert (await house.do("mutes.remove", kind="topic", subject="gone"))["changed"] is True


async def test_dead_deliveries_are_brought_back_to_life(house: House) -> None:
    house.senders["desk"].failures = [DeliveryError("blocked", permanent=True)] * 2
    await house.poll(MEETS, FERRY)
    await house.deliver(minutes=1)
    assert sent(house, "desk") == []

    assert await house.do("alerts.retry", alerts=[1], channel="mail") == {"revived": 0}
    assert await house.do("alerts.retry", alerts=[1]) == {"revived": 1}
    assert await house.do("alerts.retry", channel="desk") == {"revived": 1}
    assert await house.do("alerts.retry") == {"revived": 0}
    with pytest.raises(UsageError, match="no alert 99"):
        await house.do("alerts.retry", alerts=[99])
    await house.deliver()
    assert sent(house, "desk") == [{MEETS}, {FERRY}]


def test_a_thread_stays_muted_when_its_story_is_split_or_merged(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        ring(tx, added)
        now = tx.alerts.get(1).created  # type: ignore[union-attr]
        tx.mutes.add(MuteKind.THREAD, f"summit/{added.story}", now + timedelta(days=1), now)
        opened = tx.corrections.split(added.story, [added.entry], now, lambda *_: None)

        assert tx.mutes.until("summit", opened, now) == now + timedelta(days=1)
        assert tx.mutes.until("arms", opened, now) is None


@pytest.mark.parametrize(
    ("kind", "subject"), [("story", "1"), ("outlet", "Wire"), ("thread", "summit/1")]
)
async def test_what_came_in_under_a_mute_comes_if_it_is_taken_back(
    house: House, kind: str, subject: str
) -> None:
    await house.poll(MEETS)
    await house.deliver(minutes=1)
    await house.do("mutes.add", kind=kind, subject=subject)
    house.clock.forward(hours=1)
    await house.poll(SIGNS.format(9))
    await house.poll(house.report(SIGNS.format(9), "copy"))
    await house.deliver(hours=3)
    assert sent(house, "desk") == [{MEETS}]

    assert (await house.do("mutes.remove", kind=kind, subject=subject))["released"] == 2
    await house.deliver(minutes=10)

    assert sent(house, "desk") == sent(house, "mail") == [{MEETS}, {SIGNS.format(9)}]


async def test_the_first_report_under_a_mute_is_the_alert_when_that_is_taken_back(
    house: House,
) -> None:
    await house.do("mutes.add", kind="outlet", subject="Wire")
    await house.poll(MEETS)
    await house.poll(SIGNS.format(9))
    assert (await house.do("mutes.remove", kind="outlet", subject="Wire"))["released"] == 2
    await house.deliver(minutes=1)

    (message,) = house.senders["desk"].sent
    assert [view.action for view in message.views] == [Action.ALERT]
    assert sent(house, "desk") == [{MEETS, SIGNS.format(9)}]


async def test_what_was_kept_under_a_mute_answers_what_another_outlet_told_meanwhile(
    house: House,
) -> None:
    await house.poll(url=TIMES)
    await house.do("mutes.add", kind="outlet", subject="Wire")
    await house.poll(MEETS)
    house.clock.forward(minutes=5)
    await house.poll(SIGNS.format(9), url=TIMES)
    await house.deliver(minutes=5)
    (view,) = house.senders["desk"].sent[0].views
    assert view.action is Action.ALERT

    await house.do("mutes.remove", kind="outlet", subject="Wire")
    await house.deliver(minutes=10)

    assert sent(house, "desk") == [{SIGNS.format(9)}, {MEETS}]
    (view,) = house.senders["desk"].sent[1].views
    assert view.action is Action.REPLY


async def test_what_came_in_under_a_mute_that_ended_by_itself_is_not_told(house: House) -> None:
    await house.do("mutes.add", kind="outlet", subject="Wire", until="2026-11-22T14:00:00Z")
    await house.poll(MEETS)
    house.clock.forward(hours=12)
    await house.do("mutes.add", kind="outlet", subject="Wire")
    await house.do("mutes.remove", kind="outlet", subject="Wire")
    await house.deliver(minutes=5)

    assert sent(house, "desk") == []


async def test_a_mute_that_was_made_longer_is_taken_back_as_a_whole(house: House) -> None:
    await house.do("mutes.add", kind="outlet", subject="Wire", until="2026-11-22T14:00:00Z")
    await house.poll(MEETS)
    house.clock.forward(minutes=5)
    await house.do("mutes.add", kind="outlet", subject="Wire")
    await house.do("mutes.remove", kind="outlet", subject="Wire")
    await house.deliver(minutes=1)

    assert sent(house, "desk") == [{MEETS}]


async def test_what_another_outlet_told_meanwhile_does_not_come_again(house: House) -> None:
    await house.poll(url=TIMES)
    await house.do("mutes.add", kind="outlet", subject="Wire")
    await house.poll(MEETS)
    house.clock.forward(minutes=5)
    await house.poll(house.report(MEETS, "copy"), url=TIMES)
    await house.deliver(minutes=5)
    assert sent(house, "desk") == [{MEETS}]

    assert (await house.do("mutes.remove", kind="outlet", subject="Wire"))["released"] == 0
    await house.deliver(hours=1)

    assert sent(house, "desk") == [{MEETS}]


async def test_what_two_mutes_cover_comes_when_the_second_is_taken_back(house: House) -> None:
    await house.poll(MEETS)
    await house.deliver(minutes=1)
    for kind, subject in (("story", "1"), ("outlet", "Wire")):
        await house.do("mutes.add", kind=kind, subject=subject)
    await house.poll(SIGNS.format(9))

    assert (await house.do("mutes.remove", kind="story", subject="1"))["released"] == 0
    assert (await house.do("mutes.remove", kind="outlet", subject="Wire"))["released"] == 2
    await house.deliver(hours=1)

    assert sent(house, "desk") == [{MEETS}, {SIGNS.format(9)}]


async def test_another_mute_lets_nothing_go_that_one_keeps_from_people(house: House) -> None:
    await house.poll(url=TIMES)
    await house.poll(MEETS)
    await house.do("mutes.add", kind="story", subject="1", until="2026-11-22T14:00:00Z")
    await house.deliver(minutes=5)
    await house.do("mutes.add", kind="outlet", subject="Times")

    await house.deliver(hours=12)

    assert {one.state for one in house.deliveries()} == {State.MUTED}
    assert sent(house, "desk") == []
