"""Telegram by python-telegram-bot's `Bot` alone: replies, silence, retry_after, own API servers.

The first send needs no getMe: the bot learns of a wrong token from the send itself. A token stands
in every URL of the Bot API, so nothing of a request may reach a log or an error unredacted.
"""

import asyncio
import hashlib
import logging
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import TypeVar

from watcher.lean import without

with without("rich", "cryptography"):
    import httpx
    from telegram import (
        Bot,
        InlineKeyboardButton,
        InlineKeyboardMarkup,
        LinkPreviewOptions,
        Message,
        ReplyParameters,
    )
    from telegram.constants import MessageLimit, ParseMode
    from telegram.error import BadRequest, ChatMigrated, TelegramError
    from telegram.request import HTTPXRequest

from watcher.alerts.compose import POSSIBLE_REPEAT
from watcher.alerts.lines import ELLIPSIS, cut
from watcher.alerts.pace import Pace, chat_key
from watcher.alerts.render import telegram_html, telegram_text
from watcher.alerts.senders.telegram_errors import TextRefusedError, failure
from watcher.alerts.views import Keyboard, Outgoing
from watcher.config.channels import TelegramTable
from watcher.errors import DeliveryError
from watcher.model import Priority
from watcher.surrogates import encodable

API = "https://api.telegram.org"
#: Connecting takes one round trip; an answer comes after Telegram has stored the message.
CONNECT_TIMEOUT_S = 10.0
ANSWER_TIMEOUT_S = 20.0
#: One send, with its fallbacks; a dripping answer defeats the timeouts above, not this one.
DEADLINE_S = 30.0
#: Sends of one channel follow each other; a few more serve the other channels of the same bot.
POOL_SIZE = 8
#: What a chat takes by Telegram's FAQ for bots ("My bot is hitting limits"): a message a second,
#: and in a group twenty a minute; of what is more it refuses, and has the whole bot wait. The
#: numbers of groups and broadcast channels are negative, as are names (@...) theirs alone.
APART_S, MOST_IN_A_GROUP = 1.0, 20
#: A service that is well answers this question, which changes nothing, in a tenth of a second.
HEAR_TIMEOUT_S = 10.0
#: Messages of a chat whose content is remembered: of more stories nobody reports within three days.
MAX_REMEMBERED = 1000

#: A forum topic that was deleted, or closed: the group itself is still there. Only that its general
#: topic is closed too says something of the group.
_TOPIC_GONE = re.compile(r"message thread not found|TOPIC_DELETED|TOPIC_CLOSED", re.IGNORECASE)

_T = TypeVar("_T")

_log = logging.getLogger(__name__)


class TelegramSender:
    """Sends to one chat of one bot."""

    def __init__(self, name: str, table: TelegramTable) -> None:
        self._name = name
        self._table = table
        self._token = table.bot_token(name)
        self._chat = table.chat
        self._bot = make_bot(self._token, table.api or API)
        self._shown: dict[tuple[str, str], str] = {}

    @property
    def limit_key(self) -> str:
        """A digest of the token: Telegram limits the bot, not the chat alone."""
        return limit_key(self._token)

    @property
    def pace(self) -> Pace:
        """What the chat takes of this bot."""
        is_person = self._chat.isdecimal()
        most = None if is_person else MOST_IN_A_GROUP
        return Pace(chat_key(self.limit_key, self._chat), APART_S, most)

    @property
    def chat(self) -> str:
        """The chat that is sent to: the configured one, or the one it migrated to."""
        return self._chat

    @property
    def home(self) -> str:
        """The chat that the configuration names."""
        return self._table.chat

    def follow(self, chat: str) -> None:
        """Send to the number that the chat has now."""
        self._chat = chat

    async def send(self, outgoing: Outgoing) -> str:
        """Send as HTML; when Telegram cannot read that, once more as plain text."""
        if outgoing.possible_repeat:
            await self._hear()
        is_quiet = outgoing.is_echo or all(v.priority is Priority.LOW for v in outgoing.views)
        html = telegram_html(outgoing)
        post = partial(
            self._post,
            silent=self._table.silent or is_quiet,
            reply_to=outgoing.reply_to,
            keyboard=outgoing.keyboard,
        )
        async with deadline():
            message_id = await _readable(post, html, outgoing)
        self._remember(message_id, html, outgoing.keyboard)
        return message_id

    def _remember(self, message_id: str, html: str, keyboard: Keyboard) -> None:
        self._shown[self._chat, message_id] = _digest(html, keyboard)
        while len(self._shown) > MAX_REMEMBERED:
            del self._shown[next(iter(self._shown))]

    async def _hear(self) -> None:
        """Make sure that the service answers at all, before it gets a message a second time.

        While it takes messages and loses its answers, each try shows the reader one copy more.

        Raises:
            DeliveryError: it does not answer; nothing was sent.
        """
        try:
            async with asyncio.timeout(HEAR_TIMEOUT_S):
                await self._bot.get_me()
        except TimeoutError as error:
            raise DeliveryError("Telegram does not answer yet; nothing is repeated") from error
        except TelegramError as error:
            told = self._failure(error)
            if not told.permanent:  # a refusal is an answer, and the send will get it too
                raise DeliveryError(
                    f"{told}; nothing is repeated", retry_after=told.retry_after
                ) from error

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:
        """Change a message as HTML; when Telegram cannot read that, once more as plain text.

        One that shows it already, as far as we know, is let be.
        """
        html = telegram_html(outgoing)
        shown = self._shown.pop((self._chat, message_id), None)
        if shown != _digest(html, outgoing.keyboard):
            change = partial(self._change, message_id=message_id, keyboard=outgoing.keyboard)
            async with deadline():
                await _readable(change, html, outgoing)
        self._remember(message_id, html, outgoing.keyboard)

    async def notice(self, text: str, *, silent: bool = False) -> None:
        """Send one plain line."""
        async with deadline():
            await self._post(shorten(text), None, silent=silent or self._table.silent)

    async def repeat(self, text: str, *, silent: bool = False) -> None:
        """Send a notice again, once the service answers."""
        await self._hear()
        await self.notice(text + POSSIBLE_REPEAT, silent=silent)

    async def close(self) -> None:
        """Close the connections."""
        await self._bot.request.shutdown()

    async def _post(
        self,
        text: str,
        mode: ParseMode | None,
        *,
        silent: bool,
        reply_to: str | None = None,
        keyboard: Keyboard = (),
    ) -> str:
        send = partial(
            self._bot.send_message,
            text=text,
            parse_mode=mode,
            disable_notification=silent,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=markup(keyboard),
        )
        try:
            try:
                message = await self._in_thread(send, reply_to)
            except ChatMigrated as moved:
                self._follow(moved)
                message = await self._in_thread(send, None)
        except TelegramError as error:
            raise self._failure(error) from error
        return str(message.message_id)

    def _follow(self, moved: ChatMigrated) -> None:
        _log.warning(
            "the chat has moved, change it in the configuration",
            extra={"channel": self._name, "chat": self._chat, "moved_to": moved.new_chat_id},
        )
        self._chat = str(moved.new_chat_id)

    async def _change(
        self, text: str, mode: ParseMode | None, *, message_id: str, keyboard: Keyboard
    ) -> None:
        try:
            await self._bot.edit_message_text(
                chat_id=self._chat,
                message_id=int(message_id),
                text=text,
                parse_mode=mode,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=markup(keyboard),
            )
        except ChatMigrated as moved:
            self._follow(moved)
            raise DeliveryError(
                "the chat has moved, and the message stayed behind",
                permanent=True,
                message_gone=True,
            ) from moved
        except TelegramError as error:
            if "not modified" not in str(error).lower():
                raise self._failure(error) from error

    async def _in_thread(
        self, send: Callable[..., Awaitable[Message]], reply_to: str | None
    ) -> Message:
        """Send to the channel's forum topic, or to the group where that is gone."""
        send = partial(send, chat_id=self._chat, reply_parameters=reply_to_message(reply_to))
        try:
            return await send(message_thread_id=self._table.thread)
        except BadRequest as error:
            if self._table.thread is None or not _TOPIC_GONE.search(str(error)):
                raise
        _log.warning(
            "the forum topic is gone or closed, the message goes to the group",
            extra={"channel": self._name, "topic": self._table.thread},
        )
        return await send()

    def _failure(self, error: TelegramError) -> DeliveryError:
        return failure(error, self._token, self._chat, self._table.api)


async def _readable(
    say: Callable[[str, ParseMode | None], Awaitable[_T]], html: str, outgoing: Outgoing
) -> _T:
    """Say something as HTML; when Telegram cannot read that, once more as plain text."""
    try:
        return await say(html, ParseMode.HTML)
    except TextRefusedError as error:
        _log.warning("Telegram refused the markup", extra={"detail": str(error)})
    return await say(shorten(telegram_text(outgoing)), None)


@asynccontextmanager
async def deadline() -> AsyncIterator[None]:
    """Turn the total deadline into a DeliveryError; by then the request was surely written."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            yield
    except TimeoutError as error:
        raise DeliveryError(
            f"Telegram did not answer within {DEADLINE_S:g} s", maybe_sent=True
        ) from error


def shorten(text: str) -> str:
    """Return plain text that Telegram takes: not empty, at most 4,096 UTF-16 units."""
    return cut(encodable(text.strip()), MessageLimit.MAX_TEXT_LENGTH) or ELLIPSIS


def _digest(html: str, keyboard: Keyboard) -> str:
    return hashlib.sha256(f"{html}\0{keyboard}".encode("utf-8", "replace")).hexdigest()


def limit_key(token: str) -> str:
    """Return a digest of a bot's token: what is told to wait is the bot, not the chat alone."""
    return "telegram-" + hashlib.sha256(token.encode()).hexdigest()[:16]


def make_request(pool_size: int = POOL_SIZE) -> HTTPXRequest:
    """Return connections to a Bot API server."""
    _hush()
    return HTTPXRequest(
        connection_pool_size=pool_size,
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=ANSWER_TIMEOUT_S,
        write_timeout=ANSWER_TIMEOUT_S,
        pool_timeout=ANSWER_TIMEOUT_S,
        httpx_kwargs={"verify": _authorities()},
    )


def make_bot(token: str, api: str) -> Bot:
    """Return a bot that nothing was asked of yet."""
    request = make_request()
    base = api.rstrip("/")
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request,
        get_updates_request=request,
    )


@cache
def _authorities() -> ssl.SSLContext:
    """Return the trusted authorities, read once for all bots: 40 ms and 1 MB each time."""
    return httpx.create_ssl_context()


def _hush() -> None:
    """Silence loggers that print URLs (with the token), and tracebacks of what we report."""
    for name in ("httpx", "httpcore", "telegram.Bot"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Return buttons as Telegram takes them; None for none."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(one.text, callback_data=one.data) for one in row]
            for row in keyboard
        ]
    )


def reply_to_message(reply_to: str | None) -> ReplyParameters | None:
    """Return the message to reply to, which may be gone by now."""
    if reply_to is None or not reply_to.isdecimal():
        return None
    return ReplyParameters(int(reply_to), allow_sending_without_reply=True)
