import asyncio
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alert_values import messages
from fake_telegram import FakeTelegram
from hypothesis import given, settings
from sender_samples import TITLE, outgoing, sender
from telegram_http import Fault
from telegram_rules import utf16_length

from watcher.alerts.lines import text_of
from watcher.alerts.render import telegram_lines
from watcher.alerts.senders import telegram
from watcher.alerts.views import Button, Outgoing
from watcher.errors import ConfigError, DeliveryError
from watcher.model import Priority

WORDS = "word " * 20
TOKEN = "123456789:AAHcanary-canary_canary-canary_canary0"


@pytest.fixture
def api() -> Iterator[FakeTelegram]:
    with FakeTelegram(
        token=TOKEN,
        chats={"-100", "@desk"},
        blocked={"-500"},
        migrated={"-200": "-100200", "-300": "-400", "-400": "-300"},
    ) as fake:
        yield fake


@asynccontextmanager
async def desk(api: FakeTelegram | str, **table: Any) -> AsyncIterator[telegram.TelegramSender]:
    url = api if isinstance(api, str) else api.url
    channel = {"telegram": {"chat": "-100", "token": TOKEN, "api": url, **table}}
    made = sender(channel)
    assert isinstance(made, telegram.TelegramSender)
    try:
        yield made
    finally:
        await made.close()


async def failure(api: FakeTelegram | str, **table: Any) -> DeliveryError:
    async with desk(api, **table) as channel:
        with pytest.raises(DeliveryError) as caught:
            await channel.send(outgoing())
    return caught.value


async def test_an_alert_arrives_as_html_without_preview_and_tells_its_id(api: FakeTelegram) -> None:
    async with desk(api) as channel:
        message_id = await channel.send(outgoing())

    (message,) = api.messages
    assert message_id == str(message.message_id)
    assert TITLE in message.visible.replace("\u2068", "").replace("\u2069", "")
    assert '<a href="https://www.idxchannel.com/news/1?a=1&amp;b=2">' in message.text
    assert not message.preview
    assert not message.silent
    assert [call.method for call in api.calls] == ["sendMessage"]


async def test_a_reply_stands_in_the_thread_of_its_message(api: FakeTelegram) -> None:
    async with desk(api) as channel:
        first = await channel.send(outgoing())
        await channel.send(outgoing("Putin Beri Kim Mobil", reply_to=first))

    assert [message.reply_to for message in api.messages] == [None, 1]


@pytest.mark.parametrize("reply_to", ["999", "<a1@example.org>", ""])
async def test_a_reply_to_a_message_that_is_gone_arrives_all_the_same(
    api: FakeTelegram, reply_to: str
) -> None:
    async with desk(api) as channel:
        await channel.send(outgoing(reply_to=reply_to))

    assert [message.reply_to for message in api.messages] == [None]


@pytest.mark.parametrize(
    ("table", "priority", "silent"),
    [
        pytest.param({}, Priority.HIGH, False, id="high-rings"),
        pytest.param({}, Priority.LOW, True, id="low-is-silent"),
        pytest.param({"silent": True}, Priority.HIGH, True, id="silent-channel"),
    ],
)
async def test_silence_follows_channel_and_priority(
    api: FakeTelegram, table: dict[str, Any], priority: Priority, *, silent: bool
) -> None:
    async with desk(api, **table) as channel:
        await channel.send(outgoing(priority=priority))

    assert [message.silent for message in api.messages] == [silent]


async def test_a_forum_topic_and_a_public_name_are_sent_to(api: FakeTelegram) -> None:
    async with desk(api, thread=9, chat="@desk") as channel:
        await channel.send(outgoing())

    assert [(message.chat, message.thread) for message in api.messages] == [("@desk", 9)]


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param({"forums": {"-100": {1}}}, id="deleted"),
        pytest.param({"closed": {9}}, id="closed"),
    ],
)
async def test_what_a_forum_topic_does_not_take_any_more_goes_to_the_group(
    api: FakeTelegram, rules: dict[str, Any]
) -> None:
    for name, value in rules.items():
        setattr(api, name, value)
    async with desk(api, thread=9) as channel:
        await channel.send(outgoing())

    assert [(message.chat, message.thread) for message in api.messages] == [("-100", None)]


@pytest.mark.parametrize(
    "title",
    [
        pytest.param('<script>alert(1)</script> & <b> &amp; "x"', id="markup"),
        pytest.param("푸틴·김정은 <회담> 🇰🇵🤝🇷🇺", id="emoji"),
        pytest.param("😀" * 5000, id="longer-than-a-message"),
        pytest.param("a\x00b\ud800c\u202e", id="not-text"),
    ],
)
async def test_any_headline_is_taken(api: FakeTelegram, title: str) -> None:
    async with desk(api) as channel:
        await channel.send(outgoing(title, summary="<i>" * 3000))

    assert [call.status for call in api.calls] == [200]


async def test_markup_that_is_refused_goes_out_as_plain_text(api: FakeTelegram) -> None:
    api.fail_next(Fault.BAD_MARKUP)
    async with desk(api) as channel:
        await channel.send(outgoing("<b>" + "x" * 9000))

    (message,) = api.messages
    assert [call.parameters.get("parse_mode") for call in api.calls] == ["HTML", None]
    assert "<b>xxx" in message.visible
    assert utf16_length(message.visible) <= 4096


async def test_a_long_summary_whose_markup_is_refused_still_names_every_story(
    api: FakeTelegram,
) -> None:
    api.fail_next(Fault.BAD_MARKUP)
    one = outgoing("x").views[0]
    told = [replace(one.reports[0], title=f"Story {n} {WORDS}", number=n) for n in range(60)]
    views = tuple(replace(one, story=n, reports=(report,)) for n, report in enumerate(told))
    async with desk(api) as channel:
        await channel.send(replace(outgoing("x"), views=views))

    (message,) = api.messages
    assert all(f"Story {n} " in message.visible for n in range(60))


async def test_plain_text_that_is_refused_too_is_given_up(api: FakeTelegram) -> None:
    api.fail_next(Fault.BAD_MARKUP, times=2)

    error = await failure(api)

    assert error.permanent
    assert len(api.calls) == 2


async def test_flood_control_says_how_long_to_wait(api: FakeTelegram) -> None:
    api.fail_next(Fault.FLOOD, retry_after=17)

    error = await failure(api)

    assert error.retry_after == timedelta(seconds=17)
    assert not error.permanent
    assert not error.maybe_sent


async def test_channels_of_one_bot_share_a_limit_and_tell_no_token(api: FakeTelegram) -> None:
    async with desk(api) as one, desk(api, chat="-7") as same, desk(api, token="1:x") as other:
        assert one.limit_key == same.limit_key != other.limit_key
        assert TOKEN not in one.limit_key


async def test_a_chat_that_moved_is_followed_at_once_and_from_then_on(api: FakeTelegram) -> None:
    async with desk(api, chat="-200") as channel:
        await channel.send(outgoing())
        await channel.send(outgoing())

    assert [message.chat for message in api.messages] == ["-100200", "-100200"]
    assert len(api.calls) == 3


async def test_a_chat_that_moves_in_circles_is_reported(api: FakeTelegram) -> None:
    error = await failure(api, chat="-300")

    assert str(error).endswith('again; set chat = "-300"')


@pytest.mark.parametrize(
    ("table", "words"),
    [
        pytest.param({"chat": "-999"}, "finds no chat -999", id="unknown-chat"),
        pytest.param({"chat": "-500"}, "keeps the bot out of chat -500", id="blocked"),
        pytest.param({"token": "1:wrong"}, "does not know the bot's token", id="wrong-token"),
    ],
)
async def test_refusals_that_no_repeat_cures_are_permanent(
    api: FakeTelegram, table: dict[str, Any], words: str
) -> None:
    error = await failure(api, **table)

    assert error.permanent
    assert words in str(error)
    assert not error.maybe_sent


@pytest.mark.parametrize(
    ("fault", "maybe_sent", "delivered"),
    [
        pytest.param(Fault.SERVER_ERROR, False, 0, id="500"),
        pytest.param(Fault.BAD_GATEWAY, True, 0, id="502-of-a-gateway"),
        pytest.param(Fault.CLOSE_BEFORE, True, 0, id="closed-before"),
        pytest.param(Fault.DELIVER_THEN_CLOSE, True, 1, id="delivered-then-closed"),
        pytest.param(Fault.GARBAGE, True, 1, id="answer-is-no-json"),
    ],
)
async def test_trouble_of_the_moment_is_tried_again_and_marked_when_it_may_have_arrived(
    api: FakeTelegram, fault: Fault, *, maybe_sent: bool, delivered: int
) -> None:
    api.fail_next(fault)

    error = await failure(api)

    assert not error.permanent
    assert error.maybe_sent is maybe_sent
    assert len(api.messages) == delivered


@pytest.mark.parametrize(
    ("fault", "limit"),
    [
        pytest.param(Fault.HANG, "DEADLINE_S", id="silence-until-the-deadline"),
        pytest.param(Fault.DRIP, "DEADLINE_S", id="dripping-answer"),
        pytest.param(Fault.HANG, "ANSWER_TIMEOUT_S", id="silence-until-the-read-timeout"),
    ],
)
async def test_a_slow_answer_is_given_up_and_may_have_arrived(
    api: FakeTelegram, fault: Fault, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram, limit, 0.3)
    api.fail_next(fault)

    error = await failure(api)

    assert error.maybe_sent
    assert not error.permanent


async def test_a_server_that_is_not_there_has_surely_sent_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{unused.getsockname()[1]}"
        error = await failure(f"http://{host}")

    assert not error.maybe_sent
    assert not error.permanent
    assert f"could not be reached at {host} (" in str(error)


async def test_a_server_that_comes_back_is_used_again(api: FakeTelegram) -> None:
    async with desk(api) as channel:
        await channel.send(outgoing())
        port = api.port
        api.stop()
        with pytest.raises(DeliveryError, match="could not be reached"):
            await channel.send(outgoing())
        api.start(port)
        await channel.send(outgoing())

    assert len(api.messages) == 2


async def test_several_sends_at_once_all_arrive(api: FakeTelegram) -> None:
    async with desk(api) as channel:
        ids = await asyncio.gather(*(channel.send(outgoing()) for _ in range(20)))

    assert len(set(ids)) == 20


async def test_a_notice_is_plain_text(api: FakeTelegram) -> None:
    async with desk(api) as channel:
        await channel.notice("feed <Antara> is sick & quiet")

    assert [message.visible for message in api.messages] == ["feed <Antara> is sick & quiet"]
    assert "parse_mode" not in api.calls[0].parameters


async def test_a_notice_is_repeated_only_when_telegram_answers(api: FakeTelegram) -> None:
    api.fail_next(Fault.BAD_GATEWAY, method="getMe")
    async with desk(api) as channel:
        with pytest.raises(DeliveryError, match="nothing is repeated") as caught:
            await channel.repeat("feed x is sick")
        assert api.messages == []
        await channel.repeat("feed x is sick")

    assert not caught.value.maybe_sent
    assert [one.visible for one in api.messages] == ["feed x is sick (possible repeat)"]


@pytest.mark.parametrize(
    "fault", [*(f for f in Fault if f not in {Fault.HANG, Fault.DRIP}), "wrong", "no server"]
)
async def test_the_token_shows_in_no_error_traceback_or_log(
    api: FakeTelegram, fault: Fault | str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    if isinstance(fault, Fault):
        api.fail_next(fault, times=2)
    if fault == "wrong":
        api.token = "1:other"
    error = await failure(api if fault != "no server" else "http://127.0.0.1:1")

    said = "\n".join([*traceback.format_exception(error), caplog.text, repr(error)])
    assert TOKEN not in said
    assert "canary" not in said


@pytest.mark.parametrize("token", ["no-token", "123:a b", "123:abc/../x", "123:abc\n456"])
def test_what_cannot_be_a_token_is_the_configurations_fault(token: str) -> None:
    with pytest.raises(ConfigError, match="channel desk: this is no Telegram token") as caught:
        sender({"telegram": {"chat": "-1", "token": token}})

    assert token not in str(caught.value)


def test_a_missing_token_file_is_the_configurations_fault() -> None:
    with pytest.raises(ConfigError, match="missing"):
        sender({"telegram": {"chat": "-1", "token_file": "/nowhere/telegram.token"}})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("", "…", id="empty"),
        pytest.param("x" * 4096, "x" * 4096, id="fits"),
        pytest.param("x" * 4097, "x" * 4095 + "…", id="too-long"),
        pytest.param("x" + "😀" * 2048, "x" + "😀" * 2047 + "…", id="no-half-emoji"),
        pytest.param("x" * 4090 + "👨\u200d👩\u200d👧", "x" * 4090 + "…", id="no-half-family"),
        pytest.param("a\ud800b", "a?b", id="lone-surrogate"),
    ],
)
def test_plain_text_is_cut_by_utf16_units(text: str, shown: str) -> None:
    assert telegram.shorten(text) == shown


async def test_an_edit_changes_the_same_message_and_sends_none(api: FakeTelegram) -> None:
    async with desk(api) as channel:
        message_id = await channel.send(outgoing())
        await channel.edit(outgoing("Putin Beri Kim Mobil"), message_id)

    (message,) = api.messages
    assert "Putin Beri Kim Mobil" in message.visible
    assert (message.edits, message.preview) == (1, False)
    assert [call.method for call in api.calls] == ["sendMessage", "editMessageText"]


async def test_an_edit_that_changes_nothing_is_success(api: FakeTelegram) -> None:
    async with desk(api) as channel:
        message_id = await channel.send(outgoing())
    async with desk(api) as another:  # that knows nothing of what was sent
        await another.edit(outgoing(), message_id)

    assert [message.edits for message in api.messages] == [0]


async def test_what_a_message_shows_already_is_not_asked_for(api: FakeTelegram) -> None:
    other, button = outgoing("Putin Beri Kim Mobil"), ((Button("Seen", "seen"),),)
    async with desk(api) as channel:
        message_id = await channel.send(outgoing())
        await channel.edit(outgoing(), message_id)
        for _ in range(2):
            await channel.edit(other, message_id)
            await channel.edit(replace(other, keyboard=button), message_id)

    edits = [call for call in api.calls if call.method == "editMessageText"]
    assert [call.status for call in edits] == [200] * 4


async def test_after_an_edit_whose_answer_was_lost_nobody_knows_what_is_shown(
    api: FakeTelegram,
) -> None:
    async with desk(api) as channel:
        message_id = await channel.send(outgoing())
        api.fail_next(Fault.DELIVER_THEN_CLOSE, method="editMessageText")
        with pytest.raises(DeliveryError):
            await channel.edit(outgoing("Putin Beri Kim Mobil"), message_id)
        await channel.edit(outgoing(), message_id)

    assert "Temui Putin" in api.messages[0].visible


async def test_an_edit_whose_markup_is_refused_is_made_as_plain_text(api: FakeTelegram) -> None:
    async with desk(api) as channel:
        message_id = await channel.send(outgoing())
        api.fail_next(Fault.BAD_MARKUP, method="editMessageText")
        await channel.edit(outgoing("Putin Beri Kim Mobil"), message_id)

    (message,) = api.messages
    assert "<b>" not in message.text
    assert "Putin Beri Kim Mobil" in message.visible


@pytest.mark.parametrize(
    ("fault", "permanent", "retry_after"),
    [
        pytest.param(None, True, None, id="message is gone"),
        pytest.param(Fault.NO_EDIT, True, None, id="message stays as it is"),
        pytest.param(Fault.FLOOD, False, timedelta(seconds=3), id="429"),
        pytest.param(Fault.SERVER_ERROR, False, None, id="500"),
        pytest.param(Fault.DELIVER_THEN_CLOSE, False, None, id="answer lost"),
    ],
)
async def test_an_edit_that_fails_says_what_to_do(
    api: FakeTelegram, fault: Fault | None, retry_after: timedelta | None, *, permanent: bool
) -> None:
    async with desk(api) as channel:
        message_id = await channel.send(outgoing())
        if fault:
            api.fail_next(fault, method="editMessageText", retry_after=3)
        with pytest.raises(DeliveryError) as caught:
            await channel.edit(outgoing("Putin Beri Kim Mobil"), message_id if fault else "999")

    assert (caught.value.permanent, caught.value.retry_after) == (permanent, retry_after)
    assert caught.value.message_gone is permanent
    assert caught.value.message_stays is (fault is Fault.NO_EDIT)


async def test_a_message_of_a_chat_that_moved_stays_behind(api: FakeTelegram) -> None:
    async with desk(api) as channel:
        message_id = await channel.send(outgoing())
        api.migrate(channel.chat, "-100777")
        with pytest.raises(DeliveryError, match="stayed behind") as caught:
            await channel.edit(outgoing("Putin Beri Kim Mobil"), message_id)

        assert (caught.value.permanent, caught.value.message_gone) == (True, True)
        assert channel.chat == "-100777"


@settings(max_examples=25, deadline=None)
@given(messages)
def test_whatever_feeds_write_arrives_and_shows_what_was_meant(message: Outgoing) -> None:
    """Over HTTP, to a fake that refuses whatever Telegram would."""

    async def send(api: FakeTelegram) -> None:
        async with desk(api) as channel:
            await channel.send(message)

    with FakeTelegram(token=TOKEN) as api:
        asyncio.run(send(api))
        (arrived,) = api.messages

    assert [call.status for call in api.calls if call.method == "sendMessage"] == [200]
    assert arrived.visible == text_of(telegram_lines(message))
