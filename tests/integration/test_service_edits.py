"""One message that grows: what is on a screen keeps up with its story."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from house import TIMES, WIRE, Clock, House, OpenHouse, Recorder, titles
from stored import claim
from watchlists import MEETS, SIGNS, settings

from watcher.alerts.outbox import ASKED_JITTER
from watcher.alerts.render import telegram_html
from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError
from watcher.model import Action, Errand, Hold
from watcher.storage.deliveries import delivery_counts
from watcher.storage.rows import Outcome, State

POST, BALLET = "https://post.example/feed", "Ballet company tours the provinces in spring"
SUMMIT: list[dict[str, object]] = [
    {"id": "summit", "name": "The summit", "match": "kim NEAR putin"}
]
DESK = {"telegram": {"chat": "-100", "token": "123456:token"}}

BLOCKED = DeliveryError("the bot is kept out", permanent=True, gone=True)
GONE = DeliveryError("message to edit not found", permanent=True, message_gone=True)
NINE, TEN = SIGNS.format(9), SIGNS.format(10)

Enter = Callable[..., Any]


@pytest.fixture
def enter(open_house: OpenHouse) -> Enter:
    """Return a function that builds a house with three feeds whose desk was told of the summit."""

    async def entered(
        desk: Recorder,
        *,
        channel: dict[str, object] | None = None,
        topics: list[dict[str, object]] | None = None,
        is_told: bool = True,
        **alerts: object,
    ) -> House:
        feeds = ((WIRE, "Wire"), (TIMES, "Times"), (POST, "Post"))
        configured = settings(
            feeds=[{"url": url, "name": name} for url, name in feeds],
            channels={"desk": {**DESK, **(channel or {})}},
            topics=topics or SUMMIT,
            watcher={"timezone": "UTC"},
            alerts={"group_wait": "0s", **alerts},
        )
        house = await open_house(configured, {"desk": desk})
        if is_told:
            await house.tell(MEETS)
        return house

    return entered


async def copied(house: House, url: str = TIMES) -> None:
    await house.poll(MEETS, url=url)


def outlets(outgoing: Outgoing) -> int:
    return len(outgoing.views[0].coverage.outlets)


def shown_in(outgoing: Outgoing) -> str:
    return telegram_html(outgoing).replace("<b>", "").replace("</b>", "")


async def reported(house: House, title: str, url: str = TIMES) -> None:
    """Report something later, a copy or what may be new, and deliver what comes of it."""
    house.clock.forward(minutes=5)
    await house.tell(title, url=url)


async def operated(house: House, name: str, **values: object) -> Mapping[str, object]:
    """Do what a command asks for, and deliver what comes of it."""
    done = await house.do(name, **values)
    await house.deliver(minutes=5)
    return done


async def test_a_copy_changes_the_same_message_and_rings_nobody(enter: Enter) -> None:
    house = await enter(desk := Recorder())

    await reported(house, MEETS)
    await house.deliver()

    assert len(desk.sent) == 1
    ((message_id, edited),) = desk.edited
    assert (message_id, outlets(edited)) == ("1", 2)
    assert [(d.kind, d.state) for d in house.deliveries()] == [
        (Errand.MESSAGE, State.SENT),
        (Errand.EDIT, State.SENT),
    ]


@pytest.mark.parametrize(
    ("channels", "topics"),
    [
        pytest.param({"desk": DESK, "boss": DESK}, ["summit"], id="two channels"),
        pytest.param({"desk": DESK}, ["summit", "russia"], id="two topics"),
        pytest.param({"desk": DESK, "boss": DESK}, ["summit", "russia"], id="two of both"),
    ],
)
async def test_every_message_of_a_story_is_edited_and_what_is_new_rings_in_each_thread(
    tmp_path: Path, channels: dict[str, Any], topics: list[str]
) -> None:
    configured = settings(
        feeds=[{"url": url, "name": url} for url in (WIRE, TIMES)],
        channels=channels,
        topics=[{"id": topic, "match": "kim NEAR putin"} for topic in topics],
        alerts={"group_wait": "0s"},
    )
    senders = {name: Recorder() for name in channels}
    async with House(tmp_path, configured, Clock(), senders) as house:
        await house.started()
        await house.tell(MEETS)
        for title in (MEETS, NINE):
            house.clock.forward(minutes=10)
            taken = await house.tell(title, url=TIMES)
            assert (taken.failed, taken.entries) == (0, 1)

    for sender in senders.values():
        assert len(sender.sent) == 2 * len(topics)
        assert sorted({outlets(edited) for _, edited in sender.edited}) == [2]
        assert len(sender.edited) == 2 * len(topics)


async def test_a_message_is_edited_no_more_often_than_its_interval(enter: Enter) -> None:
    house = await enter(desk := Recorder(), edit_interval="2m")

    house.clock.forward(seconds=30)
    await copied(house)
    await house.deliver()
    assert desk.edited == []
    house.clock.forward(seconds=30)
    await copied(house, POST)
    await house.deliver(seconds=60)
    assert [outlets(edited) for _, edited in desk.edited] == [3]

    house.clock.forward(seconds=119)
    await house.tell(house.report(MEETS, "again"), url=WIRE)
    assert len(desk.edited) == 1
    await house.deliver(seconds=1)
    assert len(desk.edited) == 2


async def test_only_what_changed_differs_so_that_ages_stand_still(enter: Enter) -> None:
    house = await enter(desk := Recorder())
    house.clock.forward(hours=30)
    await copied(house)
    await house.deliver()

    before, after = telegram_html(desk.sent[0]), telegram_html(desk.edited[0][1])
    assert "just now" in before
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    ending = " · <code>story 1</code>"
    assert changed == [
        (f"1 outlet{ending}", f"1 publisher (2 outlets) · first: Wire 12:10{ending}")
    ]


async def test_replies_are_counted_in_the_first_message_too(enter: Enter) -> None:
    house = await enter(desk := Recorder(), edit_interval="0s", reply_intervals=["0s"])
    await reported(house, NINE)

    assert [one.views[0].action for one in desk.sent] == [Action.ALERT, Action.REPLY]
    assert desk.sent[1].reply_to == "1"
    ((message_id, edited),) = desk.edited
    assert (message_id, outlets(edited)) == ("1", 2)
    assert edited.views[0].action is Action.ALERT


async def test_a_topic_that_wants_edits_alone_names_in_them_what_may_be_new(enter: Enter) -> None:
    house = await enter(desk := Recorder(), updates="edit")
    await reported(house, NINE)

    assert len(desk.sent) == 1
    ((_, edited),) = desk.edited
    assert NINE in shown_in(edited)


async def test_a_topic_without_updates_leaves_its_message_as_it_was(enter: Enter) -> None:
    house = await enter(desk := Recorder(), updates="none")
    house.clock.forward(minutes=5)
    await copied(house)
    await house.tell(NINE, url=TIMES)

    assert (len(desk.sent), desk.edited) == (1, [])


async def test_a_channel_that_cannot_edit_is_not_asked_to(enter: Enter) -> None:
    house = await enter(desk := Recorder(), channel={"telegram": None, "console": True})
    await reported(house, MEETS)

    assert (len(desk.sent), desk.edited) == (1, [])
    assert [d.kind for d in house.deliveries()] == [Errand.MESSAGE]


async def test_other_news_edits_nothing(enter: Enter) -> None:
    house = await enter(desk := Recorder())
    await reported(house, BALLET)

    assert desk.edited == []


async def test_an_edit_that_failed_is_made_again_and_never_called_a_repeat(enter: Enter) -> None:
    house = await enter(desk := Recorder())
    house.clock.forward(minutes=5)
    await copied(house)
    desk.failures = [DeliveryError("no answer", maybe_sent=True), DeliveryError("refused")]
    for _ in range(3):
        await house.deliver()
        house.clock.forward(minutes=1)

    ((_, edited),) = desk.edited
    assert not edited.possible_repeat
    assert not house.deliveries()[1].maybe_sent


async def test_a_message_that_was_deleted_is_let_be_and_nobody_is_told(enter: Enter) -> None:
    ops = Recorder()
    house = await enter(desk := Recorder())
    house.ops.use("ops", {"ops": ops})
    desk.failures = [GONE]
    for url in (TIMES, POST):
        await reported(house, MEETS, url)
    await house.ops.close()

    assert desk.edited == []
    assert [d.state for d in house.deliveries()] == [State.SENT, State.DEAD]
    assert ops.notices == []
    with house.database.read() as tx:
        assert delivery_counts(tx.connection)[State.DEAD] == 0


@pytest.mark.parametrize("updates", ["edit", "edit+reply"])
async def test_an_edit_that_was_refused_for_good_is_made_with_the_next_report(
    enter: Enter, updates: str
) -> None:
    house = await enter(desk := Recorder(), updates=updates)
    desk.failures = [BLOCKED]
    for url in (TIMES, POST):
        await reported(house, MEETS, url)

    assert [(number, outlets(edited)) for number, edited in desk.edited] == [("1", 3)]


@pytest.mark.parametrize("asked", [{}, {"alerts": [1]}, {"channel": "desk"}])
async def test_an_edit_that_was_refused_for_good_can_be_tried_again(
    enter: Enter, asked: dict[str, object]
) -> None:
    house = await enter(desk := Recorder(), updates="edit")
    desk.failures = [BLOCKED]
    await reported(house, NINE)

    assert await operated(house, "alerts.retry", **asked) == {"revived": 1}
    assert await operated(house, "alerts.retry", **asked) == {"revived": 0}

    ((_, edited),) = desk.edited
    assert NINE in shown_in(edited)


async def test_edits_of_stories_that_are_over_are_tried_again_only_where_one_names_them(
    enter: Enter,
) -> None:
    house = await enter(desk := Recorder(), updates="edit")
    desk.failures = [BLOCKED]
    await reported(house, NINE)
    house.clock.forward(days=30)

    for asked in ({}, {"channel": "desk"}):
        assert await operated(house, "alerts.retry", **asked) == {"revived": 0}
    assert await operated(house, "alerts.retry", alerts=[1]) == {"revived": 1}
    assert len(desk.edited) == 1


async def test_that_a_channel_refuses_edits_for_good_is_told(enter: Enter) -> None:
    ops = Recorder()
    house = await enter(desk := Recorder(), updates="edit")
    house.ops.use("ops", {"ops": ops})
    desk.failures = [BLOCKED]
    await reported(house, NINE)
    await reported(house, TEN)
    await house.ops.close()

    refused, well = ops.notices
    assert "messages of channel desk cannot be changed: the bot is kept out" in refused
    assert well == "messages of channel desk can be changed again"


async def test_that_edits_are_refused_is_told_once_while_messages_arrive(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise BLOCKED

    ops = Recorder()
    house = await enter(desk := Recorder(), reply_intervals=["1m"])
    monkeypatch.setattr(desk, "edit", refuse)
    house.ops.use("ops", {"ops": ops})
    for title in (NINE, TEN):
        await reported(house, title)
    monkeypatch.undo()
    await reported(house, SIGNS.format(11))
    await house.ops.close()

    assert len(desk.sent) == 4
    assert [text.split(":")[0] for text in ops.notices] == [
        "messages of channel desk cannot be changed",
        "messages of channel desk can be changed again",
    ]


async def test_news_of_a_message_that_was_deleted_come_in_one_of_their_own(enter: Enter) -> None:
    house = await enter(desk := Recorder(), updates="edit")
    desk.failures = [GONE]
    await reported(house, NINE)
    await reported(house, TEN)

    assert [titles(one) for one in desk.sent] == [{MEETS}, {NINE}]
    ((number, edited),) = desk.edited
    assert number == "2"
    assert TEN in shown_in(edited)
    assert await operated(house, "alerts.retry", alerts=[1]) == {"revived": 0}


async def test_copies_of_a_message_that_was_deleted_bring_it_back_for_nobody(enter: Enter) -> None:
    house = await enter(desk := Recorder(), updates="edit")
    desk.failures = [GONE]
    for url in (TIMES, POST):
        await reported(house, MEETS, url)

    assert (len(desk.sent), desk.edited) == (1, [])


async def test_news_of_a_message_that_stayed_behind_in_another_chat_come_in_one_of_their_own(
    enter: Enter,
) -> None:
    house = await enter(desk := Recorder(), updates="edit")
    await house.writer.run(lambda tx: tx.chats.settle({"desk": "-200"}, house.clock()))
    await reported(house, NINE)
    await reported(house, TEN)

    assert [titles(one) for one in desk.sent] == [{MEETS}, {NINE}]
    assert [(number, TEN in shown_in(edited)) for number, edited in desk.edited] == [("2", True)]


async def test_what_waits_to_be_named_when_a_chat_moves_comes_in_a_message_of_its_own(
    enter: Enter,
) -> None:
    house = await enter(desk := Recorder(), updates="edit", edit_interval="1h")
    await reported(house, NINE)
    await house.writer.run(lambda tx: tx.chats.settle({"desk": "-200"}, house.clock()))
    await house.deliver()

    assert [titles(one) for one in desk.sent] == [{MEETS}, {NINE}]
    assert desk.edited == []


async def test_an_edit_waits_for_the_services_patience_as_messages_do(enter: Enter) -> None:
    house = await enter(desk := Recorder())
    house.clock.forward(minutes=5)
    await copied(house)
    desk.failures = [DeliveryError("slow down", retry_after=timedelta(seconds=300))]
    await house.deliver()
    await house.deliver(seconds=299)
    assert desk.edited == []

    await house.deliver(seconds=1 + ASKED_JITTER.total_seconds())
    assert len(desk.edited) == 1


async def test_what_joins_while_an_edit_is_on_its_way_is_edited_in_after_it(enter: Enter) -> None:
    house = await enter(desk := Recorder(), edit_interval="0s")
    house.clock.forward(minutes=5)
    await copied(house)
    with house.database.begin() as tx:
        (claimed,) = claim(tx, house.clock(), timedelta(minutes=5))
    await copied(house, POST)
    with house.database.begin() as tx:
        tx.outbox.sent(claimed.deliveries, claimed.edits, house.clock())
    await house.deliver()

    assert [outlets(edited) for _, edited in desk.edited] == [3]


async def test_what_joins_while_the_alert_is_on_its_way_is_edited_in_after_it(enter: Enter) -> None:
    house = await enter(desk := Recorder(), is_told=False, edit_interval="1m")
    await house.poll(MEETS)
    with house.database.begin() as tx:
        (claimed,) = claim(tx, house.clock(), timedelta(minutes=5))
    await copied(house)
    await house.deliver(minutes=2)
    assert desk.edited == []
    with house.database.begin() as tx:
        tx.outbox.sent(claimed.deliveries, "77", house.clock())
    await house.deliver()

    assert [(message_id, outlets(edited)) for message_id, edited in desk.edited] == [("77", 2)]


async def test_a_death_between_an_edit_and_its_record_only_makes_it_again(enter: Enter) -> None:
    house = await enter(desk := Recorder())
    house.clock.forward(minutes=5)
    await copied(house)
    with house.database.begin() as tx:
        claim(tx, house.clock(), timedelta(minutes=5))
        tx.outbox.reclaim(house.clock())
    await house.deliver()

    ((_, edited),) = desk.edited
    assert not edited.possible_repeat
    with house.database.read() as tx:
        outcomes = [attempt.outcome for attempt in tx.alerts.attempts(1)]
    assert outcomes == [Outcome.SENT, Outcome.LOST, Outcome.SENT]


async def test_edits_pass_quiet_hours_and_the_hourly_limit(enter: Enter) -> None:
    limited = {"quiet_hours": "12:12-20:00", "max_per_hour": 1}
    house = await enter(desk := Recorder(), channel=limited)
    await reported(house, MEETS)

    assert len(desk.edited) == 1


async def test_a_digest_is_never_edited_but_a_held_alert_is(enter: Enter) -> None:
    house = await enter(desk := Recorder(), channel={"quiet_hours": "12:00-13:00"})
    await house.deliver(hours=1)
    (held,) = desk.sent
    assert (held.hold, len(held.views)) == (Hold.QUIET_HOURS, 1)
    await reported(house, MEETS)

    ((_, edited),) = desk.edited
    assert edited.hold is Hold.QUIET_HOURS


async def test_what_was_set_apart_is_counted_no_more_and_what_was_merged_is(enter: Enter) -> None:
    house = await enter(desk := Recorder())
    await copied(house)
    await house.deliver(minutes=5)
    assert outlets(desk.edited[-1][1]) == 2

    await operated(house, "stories.split", story=1, entries=[2])
    assert outlets(desk.edited[-1][1]) == 1

    await operated(house, "stories.merge", a=1, b=2)
    assert outlets(desk.edited[-1][1]) == 2
    assert len(desk.sent) == 1


async def test_alerts_of_stories_that_are_merged_both_show_the_one(enter: Enter) -> None:
    house = await enter(desk := Recorder(), topics=[*SUMMIT, {"id": "ballet", "match": '"ballet"'}])
    await house.tell(BALLET, url=TIMES)

    await operated(house, "stories.merge", a=1, b=2)

    assert [(edited.views[0].story, outlets(edited)) for _, edited in desk.edited] == [(1, 2)] * 2


async def test_a_correction_leaves_alone_what_wants_no_updates(enter: Enter) -> None:
    house = await enter(desk := Recorder(), updates="none")
    await copied(house)

    await operated(house, "stories.split", story=1, entries=[2])

    assert desk.edited == []
