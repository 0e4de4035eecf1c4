"""What an error of python-telegram-bot means: is it for good, may the message have arrived?"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from watcher.lean import without

#: The library's own opt-in to `RetryAfter.retry_after` as a timedelta; without it each 429 warns.
os.environ.setdefault("PTB_TIMEDELTA", "1")

with without("rich", "cryptography"):
    import httpx
    from telegram.error import (
        BadRequest,
        ChatMigrated,
        Forbidden,
        InvalidToken,
        NetworkError,
        RetryAfter,
        TelegramError,
        TimedOut,
    )

from watcher.alerts.senders.wording import clean
from watcher.errors import DeliveryError

#: Refusals of the text itself, that a plain and shorter text does not meet.
_TEXT_REFUSED = re.compile(
    r"can't parse|too long|entit|text is empty|must be non-empty", re.IGNORECASE
)
#: Refusals of the chat as it is now, whatever the text.
_CHAT_GONE = re.compile(
    r"deactivated|was deleted|kicked|not a member|no rights|not enough rights|administrator rights"
    r"|TOPIC_CLOSED|CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED",
    re.IGNORECASE,
)
#: Refusals to change a message that stand whatever it is to say.
_MESSAGE_GONE = re.compile(
    r"message (to edit )?(not found|can't be edited)|MESSAGE_ID_INVALID", re.IGNORECASE
)
#: Of these, what is said of a message that is there.
_MESSAGE_STAYS = "can't be edited"
#: The gateway asked the API server and lost the answer.
_GATEWAY = re.compile(r"gateway", re.IGNORECASE)
#: What httpx raises before a byte of the request went out.
_BEFORE_THE_REQUEST = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


class TextRefusedError(DeliveryError):
    """The text itself was refused; a plain one may pass."""


def failure(error: TelegramError, token: str, chat: str, api: str | None) -> DeliveryError:
    """Return what an error of the library means for a delivery, without the bot's token.

    `api` is the address of the server that was asked, where it is not Telegram's own.
    """
    detail = clean(str(error), [token])
    match error:
        case RetryAfter():
            wait = error.retry_after
            wait = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
            return DeliveryError(
                f"Telegram asks the bot to wait {wait.total_seconds():g} s", retry_after=wait
            )
        case ChatMigrated():
            return DeliveryError(
                f'Telegram moved chat {chat} again; set chat = "{error.new_chat_id}"'
            )
        case InvalidToken() | Forbidden() | BadRequest():
            return _refusal(error, detail, chat)
    return _unanswered(error, detail, f" at {_host(api)}" if api else "")


def _host(api: str) -> str:
    """Return the host and port of an address, without a login."""
    return urlsplit(api).netloc.rpartition("@")[2]


def _refusal(error: TelegramError, detail: str, chat: str) -> DeliveryError:
    if isinstance(error, BadRequest) and _TEXT_REFUSED.search(detail):
        return TextRefusedError(
            f"Telegram refused the text ({detail})", permanent=True, text_refused=True
        )
    if sentence := _chat_gone(error, detail, chat):
        return DeliveryError(sentence, permanent=True, gone=True)
    is_about_message = _MESSAGE_GONE.search(detail) is not None
    return DeliveryError(
        f"Telegram refused the message ({detail})",
        permanent=True,
        message_gone=is_about_message,
        message_stays=is_about_message and _MESSAGE_STAYS in detail.lower(),
        text_refused=not is_about_message,
    )


def _chat_gone(error: TelegramError, detail: str, chat: str) -> str:
    """Return why nothing reaches a chat any more, and what to do; "" where it is not that."""
    if isinstance(error, InvalidToken):
        return f"Telegram does not know the bot's token ({detail}); ask @BotFather for a valid one"
    if isinstance(error, Forbidden):
        return (
            f"Telegram keeps the bot out of chat {chat} ({detail}); "
            "unblock it, or add it to the chat again"
        )
    if _CHAT_GONE.search(detail):
        return f"Telegram takes nothing for chat {chat} ({detail}); does it still exist?"
    if "chat not found" in detail.lower():
        return (
            f"Telegram finds no chat {chat}; check `chat`, and write to the bot "
            "or add it to the group first"
        )
    return ""


def _unanswered(error: TelegramError, detail: str, where: str) -> DeliveryError:
    """Judge an error without a verdict: might the message have arrived?"""
    causes = tuple(_causes(error))
    if any(isinstance(cause, _BEFORE_THE_REQUEST) for cause in causes):
        return DeliveryError(f"Telegram could not be reached{where} ({detail})")
    asked = any(isinstance(cause, httpx.HTTPError) for cause in causes)
    garbled = type(error) is TelegramError
    if asked or garbled or isinstance(error, TimedOut) or _GATEWAY.search(detail):
        return DeliveryError(f"Telegram's answer was lost ({detail})", maybe_sent=True)
    trouble = "has trouble" if isinstance(error, NetworkError) else "refused the message"
    return DeliveryError(f"Telegram {trouble} ({detail})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__
    while cause is not None:
        yield cause
        cause = cause.__cause__
