"""A Telegram bot's half of a conversation: what comes in by long polling, and the answers.

Updates are read as plain JSON and not as the library's objects: one that it cannot read would
stop all that come after it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from watcher.alerts.senders.telegram import (
    ANSWER_TIMEOUT_S,
    API,
    deadline,
    limit_key,
    make_bot,
    make_request,
    markup,
    reply_to_message,
)
from watcher.alerts.senders.telegram_errors import failure
from watcher.alerts.senders.wording import clean
from watcher.alerts.views import Keyboard
from watcher.errors import DeliveryError
from watcher.lean import without

with without("rich", "cryptography"):  # whoever imports the library first decides
    from telegram import BotCommand, BotCommandScopeChat, LinkPreviewOptions
    from telegram.constants import ParseMode
    from telegram.error import BadRequest, Conflict, TelegramError

#: Telegram keeps a long poll open so long; a shorter one asks more often, a longer one is cut by
#: routers on the way.
POLL_S = 25
#: What we want to hear of; the service remembers it.
WANTED = '["message","callback_query","my_chat_member"]'
#: Updates in one answer: what is taken in between two looks at the clock.
AT_ONCE = 50

_log = logging.getLogger(__name__)


class TelegramBot:
    """One bot, whatever the number of channels that use it.

    Args:
        token: from @BotFather.
        api: address of a Bot API server; Telegram's own when None.
        poll_s: how long a poll waits for something to come in.
    """

    def __init__(self, token: str, api: str | None, poll_s: int = POLL_S) -> None:
        self._token, self._api = token, api
        self._bot = make_bot(token, api or API)
        self._poll_s = poll_s
        self._polling = make_request(pool_size=1)

    @property
    def limit_key(self) -> str:
        """As a sender's."""
        return limit_key(self._token)

    async def name(self) -> str:
        """Return what people write behind the @."""
        async with self._asking():
            return (await self._bot.get_me()).username or ""

    async def updates(self, first: int | None) -> list[object]:
        """Wait for what comes in, and return it; what is before `first` is never told again.

        Raises:
            DeliveryError: nobody can be asked now; `taken` when another program polls, or has it
                sent to itself by a webhook.
        """
        wanted = {"timeout": self._poll_s, "limit": AT_ONCE, "allowed_updates": WANTED}
        query = urlencode(wanted if first is None else {**wanted, "offset": first})
        try:
            async with self._asking(), asyncio.timeout(self._poll_s + ANSWER_TIMEOUT_S):
                found = await self._polling.post(
                    f"{self._bot.base_url}/getUpdates?{query}",
                    read_timeout=self._poll_s + ANSWER_TIMEOUT_S / 2,
                )
        except (TimeoutError, KeyError, TypeError) as error:
            raise DeliveryError("Telegram did not answer as it should") from error
        return list(found) if isinstance(found, list) else []

    async def answer(self, query: str, text: str) -> None:
        """Let whoever pressed a button read something at once; a press of long ago is let be."""
        async with self._asking(), deadline():
            try:
                await self._bot.answer_callback_query(query, text=text)
            except BadRequest as error:
                _log.debug("the tap was not answered", extra={"detail": str(error)})

    async def change_buttons(self, chat: str, message: str, keyboard: Keyboard) -> None:
        """Change the buttons under a message; one that is gone is let be."""
        async with self._asking(), deadline():
            try:
                await self._bot.edit_message_reply_markup(
                    chat_id=chat, message_id=int(message), reply_markup=markup(keyboard)
                )
            except BadRequest as error:
                _log.debug("the buttons were not changed", extra={"detail": str(error)})

    async def say(
        self, chat: str, html: str, *, reply_to: str | None = None, thread: int | None = None
    ) -> None:
        """Answer in a chat, without a sound."""
        async with self._asking(), deadline():
            await self._bot.send_message(
                chat_id=chat,
                text=html,
                parse_mode=ParseMode.HTML,
                disable_notification=True,
                message_thread_id=thread,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_parameters=reply_to_message(reply_to),
            )

    async def set_menu(self, chat: str, commands: Mapping[str, str]) -> None:
        """Let a chat, and no other, offer these commands with their help."""
        menu = [BotCommand(name, text) for name, text in commands.items()]
        async with self._asking(), deadline():
            await self._bot.set_my_commands(menu, scope=BotCommandScopeChat(chat))

    async def close(self) -> None:
        """Close the connections."""
        await self._polling.shutdown()
        await self._bot.request.shutdown()

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """Turn the library's errors into ours, without the token."""
        try:
            yield
        except Conflict as error:
            raise DeliveryError(clean(str(error), [self._token]), taken=True) from error
        except TelegramError as error:
            raise failure(error, self._token, "", self._api) from error
