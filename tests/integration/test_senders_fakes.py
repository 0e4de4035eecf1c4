"""The fakes refuse what the real services refuse; other tests rest on that."""

import asyncio
import smtplib
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
from fake_telegram import FakeTelegram
from mail_server import MailServer
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, Conflict, InvalidToken
from telegram.request import HTTPXRequest
from telegram_http import Fault

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Mute", callback_data="mute:7")]])


@pytest.fixture
def api() -> Iterator[FakeTelegram]:
    with FakeTelegram(chats={"-100", "-101"}) as fake:
        yield fake


@pytest.fixture
async def bot(api: FakeTelegram) -> AsyncIterator[Bot]:
    async with Bot("123:abc", base_url=f"{api.url}/bot") as made:
        yield made


async def test_a_bot_gets_to_know_itself(bot: Bot) -> None:
    assert (await bot.get_me()).username == "watcher_test_bot"
    assert await bot.delete_webhook()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("<b>oops", "Can't parse entities", id="unclosed"),
        pytest.param("a < b", "Can't parse entities", id="unescaped"),
        pytest.param("<h1>a</h1>", "Can't parse entities", id="unknown-tag"),
        pytest.param("<b> </b>", "Message text is empty", id="empty"),
        pytest.param("x" * 4097, "Message is too long", id="too-long"),
        pytest.param("😀" * 2049, "Message is too long", id="too-long-in-utf16"),
    ],
)
async def test_a_text_that_telegram_refuses_is_refused(bot: Bot, text: str, words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message("-100", text, parse_mode="HTML")


async def test_plain_text_needs_no_escapes_but_has_the_same_limit(bot: Bot) -> None:
    message = await bot.send_message("-100", "<b>a & b &amp;")
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message("-100", "x" * 4097)

    assert message.text == "<b>a & b &amp;"


async def test_a_reply_across_chats_is_refused(bot: Bot) -> None:
    first = await bot.send_message("-100", "a")

    with pytest.raises(BadRequest, match="replied not found"):
        await bot.send_message("-101", "b", reply_parameters=ReplyParameters(first.message_id))


async def test_an_edit_replaces_the_text_and_an_empty_edit_is_refused(
    api: FakeTelegram, bot: Bot
) -> None:
    first = await bot.send_message("-100", "a", reply_markup=BUTTONS)
    await bot.edit_message_text("<b>b</b>", "-100", first.message_id, parse_mode="HTML")
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("<b>b</b>", "-100", first.message_id, parse_mode="HTML")
    with pytest.raises(BadRequest, match="not found"):
        await bot.edit_message_text("c", "-101", first.message_id)

    (message,) = api.messages
    assert (message.visible, message.edits, message.markup) == ("b", 1, None)


async def test_buttons_can_be_changed_pressed_and_answered(api: FakeTelegram, bot: Bot) -> None:
    first = await bot.send_message("-100", "a")
    await bot.edit_message_reply_markup("-100", first.message_id, reply_markup=BUTTONS)
    pressed = api.press(first.message_id, "mute:7")
    (update,) = await bot.get_updates(timeout=5)
    assert update.callback_query
    await bot.answer_callback_query(update.callback_query.id, "muted")

    assert update.callback_query.data == "mute:7"
    (answer,) = api.answered_callbacks
    assert (answer["callback_query_id"], answer["text"]) == (pressed, "muted")
    assert await bot.get_updates(offset=update.update_id + 1) == ()


async def test_a_long_poll_waits_for_what_is_written_and_is_alone(
    api: FakeTelegram, bot: Bot
) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.to_thread(api.wait_for_poll)
    async with Bot("123:abc", base_url=f"{api.url}/bot") as other:
        poll = asyncio.create_task(other.get_updates(timeout=20))
        with pytest.raises(Conflict):  # the newer one ends the older
            await first
        api.write("-100", "/status")
        (update,) = await poll

    assert update.message
    assert update.message.text == "/status"


async def test_another_token_is_refused(api: FakeTelegram) -> None:
    async with HTTPXRequest() as request:
        stranger = Bot(
            "123:other", base_url=f"{api.url}/bot", request=request, get_updates_request=request
        )
        with pytest.raises(InvalidToken):
            await stranger.send_message("-100", "a")


async def test_a_fault_of_one_chat_leaves_the_others_alone(api: FakeTelegram, bot: Bot) -> None:
    api.fail_next(Fault.BAD_MARKUP, chat="-101")
    await bot.send_message("-100", "a")
    with pytest.raises(BadRequest):
        await bot.send_message("-101", "b")
    await bot.send_message("-101", "b")

    assert [message.chat for message in api.messages] == ["-100", "-101"]


def test_waiting_in_vain_tells_what_was_there_instead(api: FakeTelegram) -> None:
    with pytest.raises(AssertionError, match="0 messages"):
        api.wait_for(1, timeout=0.05)


def test_waiting_ends_when_the_message_comes() -> None:
    with MailServer() as server:

        def send() -> None:
            with smtplib.SMTP("127.0.0.1", server.port) as client:
                client.sendmail("a@example.org", ["b@example.org"], "Subject: hi\n\nthere")

        thread = threading.Thread(target=send)
        thread.start()
        (mail,) = server.wait_for(1)
        thread.join()

    assert mail.message["Subject"] == "hi"
    assert mail.body().strip() == "there"


def test_a_server_that_wants_a_login_takes_no_mail_without() -> None:
    with MailServer(users={"ana": "x"}) as server, smtplib.SMTP("127.0.0.1", server.port) as client:
        client.ehlo()
        code, _ = client.docmd("MAIL FROM:<a@example.org>")

    assert code == 530
