"""The remote control against the strict fake: real senders, real courier, real database."""

import asyncio
import re
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from fake_telegram import PERSON, FakeTelegram
from house import TIMES, WIRE, Clock, House, Recorder
from structlog.testing import capture_logs
from telegram_http import Fault
from watchlists import FERRY, MEETS, SIGNS, settings

from watcher.alerts.senders import make_sender
from watcher.alerts.senders.telegram_bot import TelegramBot
from watcher.alerts.views import Outgoing
from watcher.config.settings import Settings
from watcher.errors import StorageError
from watcher.model import FeedbackKind, Reason
from watcher.service.by_hand.mutes import muted_in
from watcher.service.chats import listener, remote_desk
from watcher.service.chats.remote import Remote
from watcher.service.delivery.alert_buttons import MOST_SHOWN
from watcher.service.delivery.ops import Once

TOPICS = [
    {"id": "summit", "name": "The <summit>", "match": "kim NEAR putin"},
    {"id": "ferry", "match": '"ferry"'},
]
IN_TWO_HOURS = "2026-11-22T14:10:00Z"
CHAT = {"id": -100, "type": "supergroup", "title": "Desk"}
BO = {"id": 78, "is_bot": False, "first_name": "Bo <b>"}


@pytest.fixture
def api() -> Iterator[FakeTelegram]:
    with FakeTelegram(chats={"-100", "-101", "77", "@desk"}, broadcasts={"-101"}) as fake:
        yield fake


class Desk:
    """A house with Telegram channels that people steer."""

    def __init__(self, house: House, remote: Remote, api: FakeTelegram) -> None:
        self.house, self.remote, self.api = house, remote, api

    async def alert(self, *titles: str) -> None:
        """Have news of these titles told."""
        await self.house.poll(*(self.house.report(title) for title in titles))
        await self.house.deliver()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds of what the fake recorded."""
        await asyncio.to_thread(self.api.wait_until, condition)

    async def tap(self, label: str, message: int = 1, person: dict[str, Any] = PERSON) -> str:
        """Press a button; return what was answered."""
        query = self.api.tap(message, label, person)
        await self.until(lambda: any(self._is_to(a, query) for a in self.api.answered_callbacks))
        return next(str(a["text"]) for a in self.api.answered_callbacks if self._is_to(a, query))

    async def ask(self, text: str, chat: str = "-100", **how: Any) -> str:
        """Write a command; return the answer."""
        before = len(self.api.messages)
        self.api.write(chat, text, **how)
        await asyncio.to_thread(self.api.wait_for, before + 1)
        return self.api.messages[-1].visible

    async def operate(self, name: str, **values: object) -> None:
        """Do what a command asks for over the control socket, as the daemon does."""
        await self.remote.show(muted_in(await self.house.do(name, **values)))

    def labels(self, message: int = 1) -> list[str]:
        return self.api.labels(message)

    @staticmethod
    def _is_to(answer: Mapping[str, Any], query: str) -> bool:
        return bool(answer["callback_query_id"] == query)


def configured(api: FakeTelegram, **tables: Mapping[str, Any]) -> Settings:
    table = {"chat": "-100", "token": api.token, "api": api.url}
    channels = {
        name: {key: value for key, value in changes.items() if key != "telegram"}
        | {"telegram": {**table, **changes.get("telegram", {})}}
        for name, changes in (tables or {"desk": {}}).items()
    }
    return settings(
        feeds=[{"url": WIRE, "name": "Wire"}, {"url": TIMES, "name": "Times"}],
        channels=channels,
        topics=TOPICS,
        watcher={"timezone": "UTC"},
        alerts={"group_wait": "0s"},
    )


Open = Callable[..., Any]


def edits(api: FakeTelegram) -> list[object]:
    """Return every change of buttons that was asked for."""
    return [call for call in api.calls if call.method == "editMessageReplyMarkup"]


def snoozed(desk: Desk, messages: int) -> int:
    """Return how many of the first messages show that their topic is snoozed."""
    return sum("Topic snoozed" in desk.labels(one)[0] for one in range(1, messages + 1))


@pytest.fixture
async def open_desk(
    tmp_path: Path, api: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Open]:
    """Return a function that opens a desk; opened again it is the same after a restart."""
    monkeypatch.setattr(listener, "TAKEN_WAITS_S", (0.0, 0.05))
    monkeypatch.setattr(listener, "FIRST_WAIT_S", 0.01)
    async with AsyncExitStack() as stack:
        clock = Clock()

        async def opened(ops: Recorder | None = None, **tables: Any) -> Desk:
            set_up = configured(api, **tables)
            senders = {
                name: make_sender(name, channel, console=cast("Any", None), clock=clock)
                for name, channel in set_up.channels.items()
            }
            house = House(tmp_path, set_up, clock, cast("Any", senders))
            await stack.enter_async_context(house)
            if ops:
                house.ops.use("ops", {"ops": ops})
            channels = house.courier.channels
            await channels.restore()
            remote = Remote(house.database, house.writer, channels, clock,
                            lambda token, api: TelegramBot(token, api, poll_s=5))  # fmt: skip
            await remote.use(house.watch)
            await remote.start()
            stack.push_async_callback(remote.close)
            if not house.decisions():
                await house.started()
            return Desk(house, remote, api)

        yield opened


#: Stories of their own about one ferry each.
FERRIES = (
    "Ferry sinks off Java, forty rescued by fishermen",
    "Strike stops the ferry between Dover and Calais",
    "New hydrogen ferry makes its maiden trip in Norway",
    "Ferry captain charged with drunkenness at Piraeus",
    "Istanbul raises ferry fares by a third from Monday",
    "Whale struck by ferry near Vancouver dies of wounds",
    "Museum buys the last steam ferry of Lake Geneva",
    "Ferry carrying cattle stranded for a week at Haifa",
    "Sydney names a ferry after the winner of a poll",
    "Customs find cocaine aboard a ferry in Gothenburg",
    "Ferry service to Zanzibar suspended after outbreak",
    "Staten Island ferry turns back with engine trouble",
)

BUTTONS = [
    "🔇 Mute story",
    "👎 Not this topic",
    "💤 Snooze topic 1 h",
    "💤 Snooze till morning",
    "✓ Seen",
    "🔗 Sources",
]


async def test_an_alert_carries_its_buttons(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)

    assert desk.labels() == BUTTONS


async def test_a_muted_story_shows_until_when_and_by_whom_and_rings_no_more(
    open_desk: Open,
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)

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


async def test_a_tap_is_answered_before_its_message_is_changed(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    await desk.tap("Mute story")
    await desk.until(lambda: "Story muted" in desk.labels()[0])

    methods = [call.method for call in desk.api.calls]
    answered, changed = (
        methods.index(name) for name in ("answerCallbackQuery", "editMessageReplyMarkup")
    )
    assert answered < changed


async def test_a_tap_is_answered_while_the_writer_is_busy(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
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
    open_desk: Open, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
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


async def test_not_this_topic_is_kept_as_feedback_and_can_be_taken_back(open_desk: Open) -> None:
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
    open_desk: Open,
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    await desk.house.poll(desk.house.report(SIGNS.format(9)))
    desk.house.clock.forward(hours=1)
    await desk.house.deliver()
    await desk.tap("Not this topic", message=1)
    await desk.until(lambda: "👍 It is this topic" in desk.labels(2))

    await desk.tap("It is this topic", message=2, person=BO)
    await desk.until(lambda: "👎 Not this topic" in desk.labels(1))

    with desk.house.database.read() as tx:
        since = desk.house.clock().replace(year=2020)
        assert tx.feedback.ratings(["summit"], since)["summit"] == (1, 0, 0)


async def test_morning_is_the_same_by_a_tap_and_by_a_command(open_desk: Open) -> None:
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
    open_desk: Open, label: str, ends: str, quiet: dict[str, str]
) -> None:
    desk = await open_desk(desk=quiet)
    await desk.alert(MEETS)

    assert await desk.tap(label) == f"The <summit> is muted till {ends} by Ana."
    await desk.until(lambda: desk.labels()[0] == f"💤 Topic snoozed till {ends} · Ana")
    assert await desk.tap("Wake topic") == "The <summit> is heard again."
    await desk.until(lambda: desk.labels() == BUTTONS)


async def test_several_people_have_seen_it_and_the_same_one_counts_once(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)

    for person in (PERSON, BO, PERSON):
        assert await desk.tap("✓ Seen", person=person) == "Marked as seen."
    await desk.until(lambda: desk.labels()[0] == "✓ Seen by Ana, Bo <b>")

    with desk.house.database.read() as tx:
        assert tx.feedback.names(FeedbackKind.SEEN, 1) == ("Ana", "Bo <b>")


async def test_an_edit_of_the_text_leaves_the_buttons_as_they_stand(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    await desk.tap("✓ Seen")
    await desk.until(lambda: "Seen by Ana" in desk.labels()[0])
    shown = list(desk.labels())

    desk.house.clock.forward(minutes=10)
    await desk.house.poll(desk.house.report(MEETS, "copy"), url=TIMES)
    await desk.house.deliver()

    assert "2 outlets" in desk.api.messages[0].visible
    assert desk.labels() == shown


async def test_sources_are_listed_below_the_alert_with_their_links(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)

    await desk.tap("Sources")
    await asyncio.to_thread(desk.api.wait_for, 2)

    sources = desk.api.messages[1]
    assert (sources.reply_to, sources.silent) == (1, True)
    assert sources.visible.startswith("Sources of story 1: 1 outlet\n• Wire: Kim Jong Un meets")
    assert 'href="https://news.example/' in sources.text


async def test_every_message_of_an_alert_shows_how_it_stands(open_desk: Open) -> None:
    desk = await open_desk(desk={}, other={"telegram": {"chat": "77"}})
    await desk.alert(MEETS)

    await desk.tap("Mute story", message=2)

    await desk.until(lambda: desk.labels(1)[0] == desk.labels(2)[0] != BUTTONS[0])
    assert desk.labels(1) == desk.labels(2)


async def test_every_message_of_a_story_shows_that_it_is_muted(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    desk.house.clock.forward(minutes=5)
    await desk.alert(SIGNS.format(9))

    await desk.tap("Mute story", message=2)
    await desk.until(lambda: desk.labels(1)[0] == desk.labels(2)[0] != BUTTONS[0])

    await desk.tap("Unmute story", message=1)
    await desk.until(lambda: desk.labels(1) == desk.labels(2) == BUTTONS)


async def test_every_message_of_a_topic_shows_that_it_is_snoozed_and_no_other_does(
    open_desk: Open,
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS, FERRY)
    desk.house.clock.forward(minutes=5)
    await desk.alert(SIGNS.format(9))

    await desk.tap("Snooze topic 1 h", message=3)

    await desk.until(lambda: "Topic snoozed" in desk.labels(1)[0] == desk.labels(3)[0])
    assert desk.labels(2) == BUTTONS


@pytest.mark.parametrize(
    ("mute", "shown"),
    [
        ("/mute topic summit 2h", "💤 Topic snoozed till 14:10 · Ana"),
        ("/mute story 1 2h", "🔇 Story muted till 14:10 · Ana"),
        ("/mute thread summit/1 2h", "👎 Not this topic · Ana"),
    ],
)
async def test_a_mute_by_command_shows_under_the_alerts_that_are_there(
    open_desk: Open, mute: str, shown: str
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)

    await desk.ask(mute)
    await desk.until(lambda: desk.labels()[0] == shown)
    await desk.ask("/unmute all")
    await desk.until(lambda: desk.labels() == BUTTONS)


async def test_a_mute_by_the_command_line_shows_under_the_alerts_that_are_there(
    open_desk: Open,
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)

    for name, shown in (("add", "💤 Topic snoozed till 14:10"), ("remove", BUTTONS[0])):
        await desk.operate(f"mutes.{name}", kind="topic", subject="summit", until=IN_TWO_HOURS)
        await desk.until(lambda: desk.labels()[0].startswith(shown))  # noqa: B023 - waited for


@pytest.mark.parametrize("mute", ["/mute topic summit 2h", "/mute story 1 2h"])
async def test_a_mute_that_ends_by_itself_leaves_the_buttons_as_they_were(
    open_desk: Open, mute: str
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    await desk.ask(mute)
    await desk.until(lambda: desk.labels() != BUTTONS)

    desk.house.clock.forward(minutes=119)
    await desk.remote.look_at_mutes()
    await desk.remote.look_at_mutes()
    assert desk.labels() != BUTTONS
    desk.house.clock.forward(minutes=1)
    await desk.remote.look_at_mutes()
    await desk.until(lambda: desk.labels() == BUTTONS)

    calls = len(edits(desk.api))
    await desk.remote.look_at_mutes()
    await desk.ask("/topics")  # is said after whatever the look would have said
    assert len(edits(desk.api)) == calls


async def test_a_mute_that_ends_under_another_leaves_the_other_on_show(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    await desk.ask("/mute topic summit 2h")
    await desk.ask("/mute story 1 1h")
    await desk.until(lambda: desk.labels()[0].startswith("🔇 Story muted till 13:10"))

    desk.house.clock.forward(hours=1)
    await desk.remote.look_at_mutes()

    await desk.until(lambda: desk.labels()[0] == "💤 Topic snoozed till 14:10 · Ana")


async def test_a_mute_that_ended_while_we_were_down_shows_after_the_start(
    open_desk: Open,
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    await desk.ask("/mute topic summit 2h")
    await desk.until(lambda: desk.labels() != BUTTONS)
    await desk.remote.close()
    desk.house.clock.forward(hours=30)

    again = await open_desk()
    await again.remote.look_at_mutes()

    await again.until(lambda: again.labels() == BUTTONS)


async def test_the_end_of_a_mute_changes_the_ten_newest_messages_that_showed_it(
    open_desk: Open,
) -> None:
    desk = await open_desk()
    for title in FERRIES:
        await desk.alert(title)
        desk.house.clock.forward(minutes=5)
    told = len(desk.api.messages)
    assert told == len(FERRIES) > MOST_SHOWN
    await desk.ask("/mute topic ferry 2h")
    await desk.until(lambda: snoozed(desk, told) == MOST_SHOWN)
    desk.house.clock.forward(minutes=1)
    await desk.alert(FERRY, "Ferry to Bornholm collides with a buoy in fog")  # these wait
    before = len(edits(desk.api))

    desk.house.clock.forward(hours=2)
    await desk.remote.look_at_mutes()

    await desk.until(lambda: snoozed(desk, told) == 0)
    assert len(edits(desk.api)) == before + MOST_SHOWN


async def test_mutes_that_end_at_once_all_show_it_some_messages_a_minute(open_desk: Open) -> None:
    desk = await open_desk()
    for title in FERRIES:
        await desk.alert(title)
        desk.house.clock.forward(minutes=5)
    await desk.alert(MEETS)
    told = len(desk.api.messages)
    await desk.ask("/mute topic ferry till 18:00")
    await desk.ask("/mute topic summit till 18:00")
    await desk.until(lambda: snoozed(desk, told) == MOST_SHOWN + 1)

    desk.house.clock.forward(hours=6)
    await desk.remote.look_at_mutes()
    await desk.until(lambda: snoozed(desk, told) == 1)
    desk.house.clock.forward(seconds=30)
    await desk.remote.look_at_mutes()
    await desk.ask("/topics")  # is said after whatever the look would have said
    assert snoozed(desk, told) == 1
    desk.house.clock.forward(seconds=30)
    await desk.remote.look_at_mutes()

    await desk.until(lambda: snoozed(desk, told) == 0)


@pytest.mark.parametrize("fault", [Fault.FLOOD, Fault.SERVER_ERROR])
async def test_a_change_of_buttons_that_failed_is_made_again(open_desk: Open, fault: Fault) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    desk.api.fail_next(fault, method="editMessageReplyMarkup", retry_after=1)

    await desk.operate("mutes.add", kind="topic", subject="summit", until=IN_TWO_HOURS, by="Bo")
    await desk.until(lambda: len(edits(desk.api)) == 1)
    await desk.operate("mutes.add", kind="topic", subject="summit", until=IN_TWO_HOURS, by="Al")
    await desk.until(lambda: len(edits(desk.api)) == 2)
    desk.house.clock.forward(seconds=10)
    await desk.remote.look_at_mutes()

    await desk.until(lambda: desk.labels()[0] == "💤 Topic snoozed till 14:10 · Al")


async def test_a_message_on_its_way_during_a_tap_shows_it_in_the_end(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    channels, sender = desk.house.courier.channels, desk.house.courier.channels.get("desk")
    send = sender.send

    async def slowly(outgoing: Outgoing) -> str | None:
        await desk.tap("💤 Snooze topic 1 h")
        await desk.until(lambda: "Topic snoozed" in desk.labels()[0])
        return cast("str | None", await send(outgoing))

    monkeypatch.setattr(sender, "send", slowly)
    await desk.house.poll(desk.house.report(SIGNS.format(9)))
    desk.house.clock.forward(minutes=5)
    await desk.house.deliver()
    assert (desk.labels(2), channels.outdated) == (BUTTONS, {("desk", "2")})
    await desk.remote.look_at_mutes()

    await desk.until(lambda: "Topic snoozed" in desk.labels(2)[0])
    assert channels.outdated == set()


async def test_a_mute_that_was_made_and_not_shown_before_a_crash_is_shown_after_it(
    open_desk: Open,
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    await desk.remote.close()
    await desk.operate("mutes.add", kind="topic", subject="summit", until=IN_TWO_HOURS, by="Bo")

    again = await open_desk()
    await again.remote.look_at_mutes()

    await again.until(lambda: again.labels()[0] == "💤 Topic snoozed till 14:10 · Bo")


async def test_buttons_of_before_a_restart_work_and_nothing_is_done_twice(
    open_desk: Open, api: FakeTelegram
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    await desk.tap("✓ Seen")
    await desk.until(lambda: "Seen by" in desk.labels()[0])
    await desk.remote.close()
    api.tap(1, "Mute story")
    polls = len([call for call in api.calls if call.method == "getUpdates"])

    again = await open_desk()
    await again.until(lambda: "Story muted" in again.labels()[0])

    offsets = [c.parameters["offset"] for c in api.calls[polls:] if "offset" in c.parameters]
    assert offsets[-1] >= "2"
    with again.house.database.read() as tx:
        assert tx.feedback.names(FeedbackKind.SEEN, 1) == ("Ana",)
        assert tx.feedback.names(FeedbackKind.MUTE_STORY, 1) == ("Ana",)


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
    open_desk: Open, data: str
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    with desk.house.database.read() as tx:
        query = desk.api.press(1, data.format(tx.instance))
    await desk.until(lambda: bool(desk.api.answered_callbacks))

    (answer,) = desk.api.answered_callbacks
    assert answer["callback_query_id"] == query
    assert answer["text"] == "This button is not of this Watcher, or its alert is gone."
    assert desk.labels() == BUTTONS


async def test_readers_of_a_broadcast_channel_steer_nothing(open_desk: Open) -> None:
    desk = await open_desk(desk={"telegram": {"chat": "-101"}})
    await desk.alert(MEETS)

    assert await desk.tap("Mute story") == (
        "Buttons work in groups and private chats, not in broadcast channels."
    )
    with desk.house.database.read() as tx:
        assert tx.mutes.current(desk.house.clock()) == ()


async def test_strangers_are_ignored_and_logged_once(open_desk: Open) -> None:
    with capture_logs() as logs:
        desk = await open_desk()
        await desk.alert(MEETS)
        for _ in range(3):
            desk.api.write("666", "/status")
        answer = await desk.ask("/status@Watcher_Test_Bot")

    assert answer.startswith("Watcher is running")
    assert {message.chat for message in desk.api.messages} == {"-100"}
    ignored = [one for one in logs if one["event"].startswith("ignored")]
    assert [one["chat"] for one in ignored] == ["666"]


async def test_each_command_answers(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.alert(MEETS, FERRY)

    status = await desk.ask("/status")
    assert "Last 24 h: 2 entries, 2 stories, 2 alerts, 0 replies" in status
    assert "Messages: 2 sent, 0 waiting, 0 dead" in status
    recent = await desk.ask("/recent")
    assert MEETS in recent
    assert "— The <summit> · story 1" in recent
    assert "🔵 The <summit> summit · 1 alert in 24 h" in await desk.ask("/topics")
    assert "/explain — why something did" in await desk.ask("/help")
    assert await desk.ask("/mute") == (
        "Nothing is muted. /mute topic NAME 2h mutes, /unmute ends it."
    )
    muted = await desk.ask("/mute ferry 2h")
    assert muted == "🔇 topic ferry is muted till 14:10. /unmute topic ferry ends it."
    assert "💤 till 14:10" in await desk.ask("/topics")
    assert await desk.ask("/mute") == ("🔇 topic ferry till 14:10 by Ana · /unmute topic ferry")
    desk.house.clock.forward(minutes=1)  # more answers than one minute allows
    assert await desk.ask("/unmute topic ferry") == "🔔 topic ferry is heard again."
    assert await desk.ask("/unmute ferry") == "topic ferry was not muted."
    assert await desk.ask("/unmute all") == "🔔 Ended 0 mutes."
    assert {message.silent for message in desk.api.messages[2:]} == {True}


async def test_a_topic_is_muted_by_the_name_that_alerts_show(open_desk: Open) -> None:
    desk = await open_desk()

    for name in ("The <summit>", "the <Summit>", "summit"):
        assert await desk.ask(f"/mute topic {name} 2h") == (
            "🔇 topic summit is muted till 14:10. /unmute topic summit ends it."
        )
    assert await desk.ask("/unmute The <summit>") == "🔔 topic summit is heard again."


async def test_an_alert_is_muted_and_explained_by_a_reply_to_it(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)

    assert await desk.ask("/mute 2h", reply_to=1) == (
        "🔇 story 1 is muted till 14:10. /unmute story 1 ends it."
    )
    assert await desk.ask("/unmute", reply_to=1) == "🔔 story 1 is heard again."
    explained = await desk.ask("/explain", reply_to=1)
    assert explained.startswith(MEETS)
    assert "✅ summit: matches → alert, first report" in explained


async def test_a_reply_to_a_summary_has_to_say_which_story(open_desk: Open) -> None:
    desk = await open_desk(desk={"quiet_hours": "12:00-13:00"})
    await desk.alert(MEETS, FERRY)
    desk.house.clock.forward(hours=1)
    await desk.house.deliver()

    for text in ("/mute", "/mute 2h", "/unmute", "/explain"):
        answer = await desk.ask(text, reply_to=1)
        assert answer.startswith("that message tells of the stories 1, 2; say which one")
    assert await desk.ask("/mute story 2 2h", reply_to=1) == (
        "🔇 story 2 is muted till 15:10. /unmute story 2 ends it."
    )


async def test_links_and_headlines_are_explained(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.house.poll(desk.house.report(MEETS, "7"))

    known = await desk.ask("/explain https://news.example/7?utm_source=x")
    assert "Polled: Wire · story 1: new" in known
    assert await desk.ask("/explain https://news.example/8") == (
        "No entry with the link https://news.example/8 is known; send its headline."
    )
    headline = await desk.ask("/explain Kim <i>goes</i> fishing")
    assert headline.startswith("Kim <i>goes</i> fishing\nNot polled")
    assert "▫️ summit: does not match\n   missing: " in headline


async def test_of_many_topics_the_nearest_are_explained_in_a_chat(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["putin", *["arms AND putin"] * 30, "kim AND putin"]
    topics = [{"id": f"t{at}", "match": line} for at, line in enumerate(lines)]
    monkeypatch.setattr(sys.modules[__name__], "TOPICS", topics)
    desk = await open_desk()

    told = await desk.ask("/explain Kim Jong Un goes fishing")

    assert re.findall(r"(\S+): does not match", told) == ["t31"]
    assert told.endswith("\nand 31 topics of which nothing was found")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/mute topic sumit", "there is no topic sumit; did you mean `summit`?"),
        ("/mute story 99", "there is no story 99"),
        ("/mute topic sum", "there is no topic sum; did you mean `summit`?"),
        ("/mute sum 2h", "sum is no topic; did you mean `summit`?"),
        ("/mute nothing", "nothing is no topic; say what it is: story, topic, channel, outlet"),
        ("/mute summit till yesterday", 'must be a time like "2h", "08:00"'),
        ("/unmute", "say what: /unmute topic NAME, /unmute story 12, or /unmute all"),
        ("/explain", "Explain what? /explain LINK, or a headline."),
        ("/dance@watcher_test_bot", "There is no /dance."),
    ],
)
async def test_a_mistake_is_answered_in_a_sentence(open_desk: Open, text: str, words: str) -> None:
    assert words in await (await open_desk()).ask(text)


async def test_what_is_for_others_is_left_to_them(open_desk: Open) -> None:
    desk = await open_desk()
    for text in ("/status@other_bot", "/dance", "hello", "/", "/ status"):
        desk.api.write("-100", text)

    assert "Watcher is running" in await desk.ask("/status")
    assert len(desk.api.messages) == 1


async def test_answers_are_bounded(open_desk: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_ANSWERS", 3)
    desk = await open_desk()
    await desk.alert(MEETS)
    for _ in range(10):
        desk.api.write("-100", "/help")
    assert (await desk.tap("✓ Seen")) == "Marked as seen."

    await desk.until(lambda: len(desk.api.messages) == 5)
    assert len([one for one in desk.api.messages if "/help" in one.visible]) == 3
    said = [one.visible for one in desk.api.messages]
    assert said.count("Too much at once; try again in a minute.") == 1


async def test_one_bot_polls_once_for_all_its_channels_and_offers_a_menu_in_each(
    open_desk: Open, api: FakeTelegram
) -> None:
    desk = await open_desk(
        a={}, b={"telegram": {"chat": "77"}}, c={"telegram": {"interactive": False}}
    )
    await desk.until(lambda: len(api.menus) == 2 and api._polls > 0)

    assert api.menus.keys() == {"-100", "77"}
    assert "explain" in api.menus["77"]
    assert api._polls == 1
    assert len(desk.remote._lines) == 1


async def test_a_channel_that_is_not_interactive_has_no_buttons_and_obeys_nobody(
    open_desk: Open, api: FakeTelegram
) -> None:
    desk = await open_desk(desk={"telegram": {"interactive": False}})
    await desk.alert(MEETS)

    assert desk.labels() == []
    assert not any(call.method == "getUpdates" for call in api.calls)


async def test_another_program_on_the_bot_is_told_once_and_alerts_go_on(
    open_desk: Open, api: FakeTelegram
) -> None:
    ops = Recorder()
    api.webhook = "https://other.example"
    desk = await open_desk(ops)
    await desk.until(lambda: len([c for c in api.calls if c.method == "getUpdates"]) > 4)
    await desk.alert(MEETS)
    await desk.house.ops.close()

    (notice,) = ops.notices
    assert notice.startswith("another program receives what is written to the bot of desk")
    assert "webhook" in notice
    assert "123:abc" not in notice
    assert len(api.messages) == 1


@pytest.mark.parametrize("trouble", [StorageError("the disk is full"), RuntimeError("a fault")])
async def test_a_bot_is_heard_again_though_its_other_program_could_not_be_told_of(
    open_desk: Open, api: FakeTelegram, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    async def refuse(*_: object) -> None:
        api.webhook = ""
        raise trouble

    monkeypatch.setattr(listener, "LONGEST_WAIT_S", 0.01)
    monkeypatch.setattr(Once, "tell", refuse)
    api.webhook = "https://other.example"
    desk = await open_desk()

    assert "Watcher is running" in await desk.ask("/status")


async def test_trouble_of_the_network_is_waited_out(open_desk: Open, api: FakeTelegram) -> None:
    for fault in (Fault.SERVER_ERROR, Fault.CLOSE_BEFORE, Fault.GARBAGE, Fault.FLOOD):
        api.fail_next(fault, method="getUpdates", retry_after=0)
    api.fail_next(Fault.SERVER_ERROR, method="getMe")
    api.fail_next(Fault.SERVER_ERROR, method="setMyCommands")
    desk = await open_desk()

    assert "Watcher is running" in await desk.ask("/status")


@pytest.mark.parametrize(
    "update",
    [
        {"callback_query": None},
        {"callback_query": {"id": 5, "data": [], "message": {"chat": {"id": -100}}}},
        {"message": {"chat": {"id": -100}, "text": "/status", "from": "nobody", "message_id": 1}},
        {"message": {"chat": {"id": 10**40}, "text": "/status"}},
        {"message": {"chat": {"id": -100}, "text": {"deep": [[]]}}},
        {"my_chat_member": {"chat": {"id": -100}, "new_chat_member": 3}},
        {"message": {"migrate_to_chat_id": "x", "chat": {"id": -100}, "message_id": 1}},
    ],
)
async def test_garbage_from_chats_stops_nothing(
    open_desk: Open, api: FakeTelegram, update: dict[str, Any]
) -> None:
    desk = await open_desk()
    api.tell_raw(update)
    for text in ("\ud83d", "/explain \ud83d<b>", "/mute topic \ud83d", "/mute \x00"):
        api.tell_raw(
            {"message": {"chat": CHAT, "from": PERSON, "message_id": 3, "date": 1, "text": text}}
        )
    api.tell_raw([])
    api.tell_raw("update")

    api.write("-100", "/status")
    await desk.until(lambda: any("Watcher is running" in one.visible for one in api.messages))
    assert all(call.status < 400 for call in api.calls)


async def test_a_reload_takes_over_who_is_listened_to(open_desk: Open, api: FakeTelegram) -> None:
    from watcher.service.in_force.watch import Watch

    desk = await open_desk()
    await desk.ask("/help")
    for unheard in ({"interactive": False}, {"token": "no-token"}):
        await desk.remote.use(Watch.of(configured(api, desk={"telegram": unheard})))
        assert desk.remote._lines == {}
    loud = Watch.of(configured(api, other={"telegram": {"chat": "77"}}))
    await desk.remote.use(loud)

    assert "Watcher is running" in await desk.ask("/status", chat="77")
