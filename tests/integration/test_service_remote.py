"""Who is listened to in chats, and what is done when a bot, a network or an update is bad."""

from typing import Any

import pytest
from chat_desk import OpenDesk, configured
from fake_telegram import PERSON, FakeTelegram
from house import Recorder
from structlog.testing import capture_logs
from telegram_http import Fault
from watchlists import MEETS

from watcher.errors import StorageError
from watcher.model import FeedbackKind
from watcher.service.chats import listener
from watcher.service.delivery.ops import Once

CHAT = {"id": -100, "type": "supergroup", "title": "Desk"}


async def test_buttons_of_before_a_restart_work_and_nothing_is_done_twice(
    open_desk: OpenDesk, telegram: FakeTelegram
) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)
    await desk.tap("✓ Seen")
    await desk.until(lambda: "Seen by" in desk.labels()[0])
    await desk.remote.close()
    telegram.tap(1, "Mute story")
    polls = len([call for call in telegram.calls if call.method == "getUpdates"])

    again = await open_desk()
    await again.until(lambda: "Story muted" in again.labels()[0])

    offsets = [c.parameters["offset"] for c in telegram.calls[polls:] if "offset" in c.parameters]
    assert offsets[-1] >= "2"
    with again.house.database.read() as tx:
        assert tx.feedback.names(FeedbackKind.SEEN, 1) == ("Ana",)
        assert tx.feedback.names(FeedbackKind.MUTE_STORY, 1) == ("Ana",)


async def test_readers_of_a_broadcast_channel_steer_nothing(open_desk: OpenDesk) -> None:
    desk = await open_desk(desk={"telegram": {"chat": "-101"}})
    await desk.alert(MEETS)

    assert await desk.tap("Mute story") == (
        "Buttons work in groups and private chats, not in broadcast channels."
    )
    with desk.house.database.read() as tx:
        assert tx.mutes.current(desk.house.clock()) == ()


async def test_strangers_are_ignored_and_logged_once(open_desk: OpenDesk) -> None:
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


async def test_one_bot_polls_once_for_all_its_channels_and_offers_a_menu_in_each(
    open_desk: OpenDesk, telegram: FakeTelegram
) -> None:
    desk = await open_desk(
        a={}, b={"telegram": {"chat": "77"}}, c={"telegram": {"interactive": False}}
    )
    await desk.until(lambda: len(telegram.menus) == 2 and telegram._polls > 0)

    assert telegram.menus.keys() == {"-100", "77"}
    assert "explain" in telegram.menus["77"]
    assert telegram._polls == 1
    assert len(desk.remote._lines) == 1


async def test_a_channel_that_is_not_interactive_has_no_buttons_and_obeys_nobody(
    open_desk: OpenDesk, telegram: FakeTelegram
) -> None:
    desk = await open_desk(desk={"telegram": {"interactive": False}})
    await desk.alert(MEETS)

    assert desk.labels() == []
    assert not any(call.method == "getUpdates" for call in telegram.calls)


async def test_another_program_on_the_bot_is_told_once_and_alerts_go_on(
    open_desk: OpenDesk, telegram: FakeTelegram
) -> None:
    ops = Recorder()
    telegram.webhook = "https://other.example"
    desk = await open_desk(ops)
    await desk.until(lambda: len([c for c in telegram.calls if c.method == "getUpdates"]) > 4)
    await desk.alert(MEETS)
    await desk.house.ops.close()

    (notice,) = ops.notices
    assert notice.startswith("another program receives what is written to the bot of desk")
    assert "webhook" in notice
    assert "123:abc" not in notice
    assert len(telegram.messages) == 1


@pytest.mark.parametrize("trouble", [StorageError("the disk is full"), RuntimeError("a fault")])
async def test_a_bot_is_heard_again_though_its_other_program_could_not_be_told_of(
    open_desk: OpenDesk, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    async def refuse(*_: object) -> None:
        telegram.webhook = ""
        raise trouble

    monkeypatch.setattr(listener, "LONGEST_WAIT_S", 0.01)
    monkeypatch.setattr(Once, "tell", refuse)
    telegram.webhook = "https://other.example"
    desk = await open_desk()

    assert "Watcher is running" in await desk.ask("/status")


async def test_trouble_of_the_network_is_waited_out(
    open_desk: OpenDesk, telegram: FakeTelegram
) -> None:
    for fault in (Fault.SERVER_ERROR, Fault.CLOSE_BEFORE, Fault.GARBAGE, Fault.FLOOD):
        telegram.fail_next(fault, method="getUpdates", retry_after=0)
    telegram.fail_next(Fault.SERVER_ERROR, method="getMe")
    telegram.fail_next(Fault.SERVER_ERROR, method="setMyCommands")
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
    open_desk: OpenDesk, telegram: FakeTelegram, update: dict[str, Any]
) -> None:
    desk = await open_desk()
    telegram.tell_raw(update)
    for text in ("\ud83d", "/explain \ud83d<b>", "/mute topic \ud83d", "/mute \x00"):
        telegram.tell_raw(
            {"message": {"chat": CHAT, "from": PERSON, "message_id": 3, "date": 1, "text": text}}
        )
    telegram.tell_raw([])
    telegram.tell_raw("update")

    telegram.write("-100", "/status")
    await desk.until(lambda: any("Watcher is running" in one.visible for one in telegram.messages))
    assert all(call.status < 400 for call in telegram.calls)


async def test_a_reload_takes_over_who_is_listened_to(
    open_desk: OpenDesk, telegram: FakeTelegram
) -> None:
    from watcher.service.in_force.watch import Watch

    desk = await open_desk()
    await desk.ask("/help")
    for unheard in ({"interactive": False}, {"token": "no-token"}):
        await desk.remote.use(Watch.of(configured(telegram, desk={"telegram": unheard})))
        assert desk.remote._lines == {}
    loud = Watch.of(configured(telegram, other={"telegram": {"chat": "77"}}))
    await desk.remote.use(loud)

    assert "Watcher is running" in await desk.ask("/status", chat="77")
