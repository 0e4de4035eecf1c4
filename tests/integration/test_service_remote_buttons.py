"""Buttons under alerts: what a tap is answered, what it does, and what the message shows then."""

import asyncio
import threading

import pytest
from chat_desk import BUTTONS, Desk, OpenDesk
from fake_telegram import PERSON
from house import TIMES
from watchlists import FERRY, MEETS, SIGNS

from watcher.alerts.views import Outgoing
from watcher.errors import StorageError
from watcher.model import FeedbackKind, Reason
from watcher.service.chats import remote_desk

BO = {"id": 78, "is_bot": False, "first_name": "Bo <b>"}


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    """Return a desk whose chat was told of a meeting."""
    opened = await open_desk()
    await opened.alert(MEETS)
    return opened


async def test_an_alert_carries_its_buttons(desk: Desk) -> None:
    assert desk.labels() == BUTTONS


async def test_a_muted_story_shows_until_when_and_by_whom_and_rings_no_more(
    desk: Desk,
) -> None:
    toast = await desk.tap("Mute story")
    await desk.until(lambda: "🔊 Unmute story" in desk.labels())

    assert toast == "Story 1 is muted till Sun 29 Nov 12:10 by Ana."
    assert desk.labels()[0] == "🔇 Story muted till Sun 29 Nov 12:10 · Ana"
    desk.house.clock.forward(hours=1)
    await desk.alert(SIGNS.format(9))
    assert len(desk.api.messages) == 1
    assert desk.house.decisions()[-1].reason is Reason.MUTED

    assert await desk.tap("Unmute story") == "Story 1 is heard again."
    await desk.until(lambda: desk.labels() == BUTTONS)


async def test_alerts_leave_a_chat_the_time_for_what_a_tap_changes(desk: Desk) -> None:
    sender, desk.house.steady = desk.house.senders["desk"], lambda: 1e6
    assert desk.house.paces.left_s(sender) == 0

    await desk.tap("Mute story")
    await desk.until(lambda: "Story muted" in desk.labels()[0])

    assert desk.house.paces.left_s(sender) > 0


async def test_a_tap_is_answered_before_its_message_is_changed(desk: Desk) -> None:
    await desk.tap("Mute story")
    await desk.until(lambda: "Story muted" in desk.labels()[0])

    methods = [call.method for call in desk.api.calls]
    answered, changed = (
        methods.index(name) for name in ("answerCallbackQuery", "editMessageReplyMarkup")
    )
    assert answered < changed


async def test_a_tap_is_answered_while_the_writer_is_busy(desk: Desk) -> None:
    entered, leave = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def busy(_: object) -> None:
        loop.call_soon_threadsafe(entered.set)
        leave.wait(30)

    working = asyncio.create_task(desk.house.writer.run(busy))
    await entered.wait()
    toast = await desk.tap("Mute story")
    before = list(desk.labels())
    leave.set()
    await working

    assert toast.startswith("Story 1 is muted")
    assert before == BUTTONS
    await desk.until(lambda: "Story muted" in desk.labels()[0])


@pytest.mark.parametrize("trouble", [StorageError("the disk is gone"), RuntimeError("a fault")])
async def test_a_tap_is_answered_while_a_question_takes_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    asked, leave = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow(*_: object, **__: object) -> object:
        loop.call_soon_threadsafe(asked.set)
        leave.wait(30)
        raise trouble

    monkeypatch.setattr(remote_desk, "judge", slow)
    desk.api.write("-100", "/explain Kim Jong Un meets nobody")
    await asked.wait()

    toast = await desk.tap("Mute story")
    await desk.until(lambda: "Story muted" in desk.labels()[0])
    leave.set()

    assert toast.startswith("Story 1 is muted")
    await desk.until(lambda: "could not be looked up" in desk.api.messages[-1].visible)


async def test_not_this_topic_is_kept_as_feedback_and_can_be_taken_back(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS, FERRY)

    toast = await desk.tap("Not this topic")
    await desk.until(lambda: "👍 It is this topic" in desk.labels())
    assert toast == "Noted: not The <summit>. Story 1 rings no more for it."
    assert desk.labels()[0] == "👎 Not this topic · Ana"
    with desk.house.database.read() as tx:
        since = desk.house.clock().replace(year=2020)
        ratings = tx.feedback.ratings(["summit", "ferry"], since)
        assert ratings["summit"] == (1, 1, 0)
        assert ratings["ferry"] == (1, 0, 0)

    await desk.tap("It is this topic")
    await desk.until(lambda: "👎 Not this topic" in desk.labels())
    with desk.house.database.read() as tx:
        assert tx.feedback.ratings(["summit"], since)["summit"] == (1, 0, 0)


async def test_what_one_said_below_the_alert_another_takes_back_below_its_reply(
    desk: Desk,
) -> None:
    await desk.house.poll(SIGNS.format(9))
    await desk.house.deliver(hours=1)
    await desk.tap("Not this topic", message=1)
    await desk.until(lambda: "👍 It is this topic" in desk.labels(2))

    await desk.tap("It is this topic", message=2, person=BO)
    await desk.until(lambda: "👎 Not this topic" in desk.labels(1))

    with desk.house.database.read() as tx:
        since = desk.house.clock().replace(year=2020)
        assert tx.feedback.ratings(["summit"], since)["summit"] == (1, 0, 0)


async def test_morning_is_the_same_by_a_tap_and_by_a_command(open_desk: OpenDesk) -> None:
    desk = await open_desk(desk={"quiet_hours": "22:00-05:30"})

    answer = await desk.ask("/mute topic ferry till morning")

    assert "topic ferry is muted till Mon 23 Nov 05:30" in answer


@pytest.mark.parametrize(
    ("label", "ends", "quiet"),
    [
        ("1 h", "13:10", {}),
        ("till morning", "Mon 23 Nov 07:00", {}),
        ("till morning", "Mon 23 Nov 05:30", {"quiet_hours": "22:00-05:30"}),
    ],
)
async def test_a_topic_is_snoozed_and_woken(
    open_desk: OpenDesk, label: str, ends: str, quiet: dict[str, str]
) -> None:
    desk = await open_desk(desk=quiet)
    await desk.alert(MEETS)

    assert await desk.tap(label) == f"The <summit> is muted till {ends} by Ana."
    await desk.until(lambda: desk.labels()[0] == f"💤 Topic snoozed till {ends} · Ana")
    assert await desk.tap("Wake topic") == "The <summit> is heard again."
    await desk.until(lambda: desk.labels() == BUTTONS)


async def test_several_people_have_seen_it_and_the_same_one_counts_once(
    desk: Desk,
) -> None:
    for person in (PERSON, BO, PERSON):
        assert await desk.tap("✓ Seen", person=person) == "Marked as seen."
    await desk.until(lambda: desk.labels()[0] == "✓ Seen by Ana, Bo <b>")

    with desk.house.database.read() as tx:
        assert tx.feedback.names(FeedbackKind.SEEN, 1) == ("Ana", "Bo <b>")


async def test_an_edit_of_the_text_leaves_the_buttons_as_they_stand(desk: Desk) -> None:
    await desk.tap("✓ Seen")
    await desk.until(lambda: "Seen by Ana" in desk.labels()[0])
    shown = list(desk.labels())

    desk.house.clock.forward(minutes=10)
    await desk.house.tell(desk.house.report(MEETS, "copy"), url=TIMES)

    assert "2 outlets" in desk.api.messages[0].visible
    assert desk.labels() == shown


async def test_sources_are_listed_below_the_alert_with_their_links(desk: Desk) -> None:
    await desk.tap("Sources")
    await asyncio.to_thread(desk.api.wait_for, 2)

    sources = desk.api.messages[1]
    assert (sources.reply_to, sources.silent) == (1, True)
    assert sources.visible.startswith("Sources of story 1: 1 outlet\n• Wire: Kim Jong Un meets")
    assert 'href="https://news.example/' in sources.text


async def test_every_message_of_an_alert_shows_how_it_stands(open_desk: OpenDesk) -> None:
    desk = await open_desk(desk={}, other={"telegram": {"chat": "77"}})
    await desk.alert(MEETS)

    await desk.tap("Mute story", message=2)

    await desk.until(lambda: desk.labels(1)[0] == desk.labels(2)[0] != BUTTONS[0])
    assert desk.labels(1) == desk.labels(2)


async def test_a_message_on_its_way_during_a_tap_shows_it_in_the_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels, sender = desk.house.courier.channels, desk.house.courier.channels.get("desk")
    send = sender.send

    async def slowly(outgoing: Outgoing) -> str | None:
        await desk.tap("💤 Snooze topic 1 h")
        await desk.until(lambda: "Topic snoozed" in desk.labels()[0])
        return await send(outgoing)

    monkeypatch.setattr(sender, "send", slowly)
    await desk.house.poll(SIGNS.format(9))
    await desk.house.deliver(minutes=5)
    assert (desk.labels(2), channels.outdated) == (BUTTONS, {("desk", "2")})
    await desk.remote.look_at_mutes()

    await desk.until(lambda: "Topic snoozed" in desk.labels(2)[0])
    assert channels.outdated == set()


@pytest.mark.parametrize(
    "data",
    [
        "mute:7",
        "w1:000000000000:mute:1",
        "w1:{}:mute:99",
        "w1:{}:dance:1",
        "w1:{}:mute:0",
        "x" * 64,
    ],
)
async def test_a_button_that_is_none_of_ours_does_nothing_and_says_so(
    desk: Desk, data: str
) -> None:
    with desk.house.database.read() as tx:
        query = desk.api.press(1, data.format(tx.instance))
    await desk.until(lambda: bool(desk.api.answered_callbacks))

    (answer,) = desk.api.answered_callbacks
    assert answer["callback_query_id"] == query
    assert answer["text"] == "This button is not of this Watcher, or its alert is gone."
    assert desk.labels() == BUTTONS
