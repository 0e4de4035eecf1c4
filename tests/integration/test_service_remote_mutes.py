"""Mutes as messages in chats show them: made anywhere, at their end, and after a crash."""

import pytest
from chat_desk import BUTTONS, Desk, OpenDesk
from fake_telegram import FakeTelegram
from telegram_http import Fault
from watchlists import FERRY, MEETS, SIGNS

from watcher.service.delivery.alert_buttons import MOST_SHOWN

IN_TWO_HOURS = "2026-11-22T14:10:00Z"


def edits(telegram: FakeTelegram) -> list[object]:
    """Return every change of buttons that was asked for."""
    return [call for call in telegram.calls if call.method == "editMessageReplyMarkup"]


def snoozed(desk: Desk, messages: int) -> int:
    """Return how many of the first messages show that their topic is snoozed."""
    return sum("Topic snoozed" in desk.labels(one)[0] for one in range(1, messages + 1))


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


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    """Return a desk whose chat was told of a meeting."""
    opened = await open_desk()
    await opened.alert(MEETS)
    return opened


async def test_every_message_of_a_story_shows_that_it_is_muted(desk: Desk) -> None:
    desk.house.clock.forward(minutes=5)
    await desk.alert(SIGNS.format(9))

    await desk.tap("Mute story", message=2)
    await desk.until(lambda: desk.labels(1)[0] == desk.labels(2)[0] != BUTTONS[0])

    await desk.tap("Unmute story", message=1)
    await desk.until(lambda: desk.labels(1) == desk.labels(2) == BUTTONS)


async def test_every_message_of_a_topic_shows_that_it_is_snoozed_and_no_other_does(
    open_desk: OpenDesk,
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
    desk: Desk, mute: str, shown: str
) -> None:
    await desk.ask(mute)
    await desk.until(lambda: desk.labels()[0] == shown)
    await desk.ask("/unmute all")
    await desk.until(lambda: desk.labels() == BUTTONS)


async def test_a_mute_by_the_command_line_shows_under_the_alerts_that_are_there(
    desk: Desk,
) -> None:
    for name, shown in (("add", "💤 Topic snoozed till 14:10"), ("remove", BUTTONS[0])):
        await desk.operate(f"mutes.{name}", kind="topic", subject="summit", until=IN_TWO_HOURS)
        await desk.until(lambda: desk.labels()[0].startswith(shown))  # noqa: B023 - waited for


@pytest.mark.parametrize("mute", ["/mute topic summit 2h", "/mute story 1 2h"])
async def test_a_mute_that_ends_by_itself_leaves_the_buttons_as_they_were(
    desk: Desk, mute: str
) -> None:
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


async def test_a_mute_that_ends_under_another_leaves_the_other_on_show(desk: Desk) -> None:
    await desk.ask("/mute topic summit 2h")
    await desk.ask("/mute story 1 1h")
    await desk.until(lambda: desk.labels()[0].startswith("🔇 Story muted till 13:10"))

    desk.house.clock.forward(hours=1)
    await desk.remote.look_at_mutes()

    await desk.until(lambda: desk.labels()[0] == "💤 Topic snoozed till 14:10 · Ana")


async def test_a_mute_that_ended_while_we_were_down_shows_after_the_start(
    open_desk: OpenDesk,
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
    open_desk: OpenDesk,
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


async def test_mutes_that_end_at_once_all_show_it_some_messages_a_minute(
    open_desk: OpenDesk,
) -> None:
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
async def test_a_change_of_buttons_that_failed_is_made_again(desk: Desk, fault: Fault) -> None:
    desk.api.fail_next(fault, method="editMessageReplyMarkup", retry_after=1)

    await desk.operate("mutes.add", kind="topic", subject="summit", until=IN_TWO_HOURS, by="Bo")
    await desk.until(lambda: len(edits(desk.api)) == 1)
    await desk.operate("mutes.add", kind="topic", subject="summit", until=IN_TWO_HOURS, by="Al")
    await desk.until(lambda: len(edits(desk.api)) == 2)
    desk.house.clock.forward(seconds=10)
    await desk.remote.look_at_mutes()

    await desk.until(lambda: desk.labels()[0] == "💤 Topic snoozed till 14:10 · Al")


async def test_a_mute_that_was_made_and_not_shown_before_a_crash_is_shown_after_it(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    await desk.remote.close()
    await desk.operate("mutes.add", kind="topic", subject="summit", until=IN_TWO_HOURS, by="Bo")

    again = await open_desk()
    await again.remote.look_at_mutes()

    await again.until(lambda: again.labels()[0] == "💤 Topic snoozed till 14:10 · Bo")
