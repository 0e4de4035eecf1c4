"""What comes in from chats, read: taps, commands, chats that move or bar the bot.

Anybody can write to a bot, so nothing about an update is sure; what cannot be read is None.
"""

import re
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from watcher.alerts.clean import clean
from watcher.alerts.lines import cut

#: Longer names are somebody's joke.
NAME_UNITS: Final = 60
#: Chats that answers are counted for; strangers are never answered, so these are our own.
_MOST_CHATS: Final = 1_000
#: What a column of SQLite holds.
_LARGEST: Final = 2**63 - 1
#: Statuses of a bot that can write to a chat no more.
_BARRED: Final = frozenset({"kicked", "left"})

#: What marks a message that was written elsewhere (Bot API 7.0, and before it).
_FORWARDED: Final = frozenset({"forward_origin", "forward_date"})

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Chat:
    """Where something comes from.

    Attributes:
        id: its number, as text.
        username: what "@name" calls it; "" for most chats.
        kind: private, group, supergroup or channel.
        title: for people.
    """

    id: str
    username: str = ""
    kind: str = ""
    title: str = ""

    @property
    def is_broadcast(self) -> bool:
        """Whether it has readers who are not members with a say: a channel of Telegram's."""
        return self.kind == "channel"


@dataclass(frozen=True, slots=True)
class Person:
    """Who did it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Tap:
    """A button was pressed; `query` is what an answer goes to, `message` the message's id."""

    chat: Chat
    person: Person
    query: str
    data: str
    message: int


@dataclass(frozen=True, slots=True)
class Command:
    """A message that begins with a command.

    Attributes:
        name: in lower case, without the slash.
        bot: whom it is for, if it says so: the name behind the @, in lower case.
        text: what follows.
        message: the id of the message.
        reply_to: the id of the message that it replies to.
        thread: the forum topic it was written in.
    """

    chat: Chat
    person: Person
    name: str
    bot: str
    text: str
    message: int
    reply_to: int | None = None
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup, which has another number."""

    chat: Chat
    to: str


@dataclass(frozen=True, slots=True)
class Barred:
    """The bot can write to this chat no more, or (not `is_barred`) can again."""

    chat: Chat
    is_barred: bool


Incoming = Tap | Command | Moved | Barred


def update_id(raw: object) -> int | None:
    """Return an update's number; None when it has none."""
    number = raw.get("update_id") if isinstance(raw, Mapping) else None
    return number if _is_number(number) else None


def read_update(raw: object) -> Incoming | None:
    """Return what an update says; None when it says nothing to us, whatever it is."""
    if not isinstance(raw, Mapping):
        return None
    try:
        if "callback_query" in raw:
            return _tap(raw["callback_query"])
        if "message" in raw:
            return _message(raw["message"])
        return _membership(raw["my_chat_member"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def is_ours(chat: Chat, chats: Collection[str]) -> bool:
    """Tell whether a chat is configured, by its number or its @name."""
    names = {name.casefold() for name in chats}
    return chat.id in names or (bool(chat.username) and f"@{chat.username}".casefold() in names)


def is_for(command: Command, bot: str) -> bool:
    """Tell whether a command is for the bot of this name: by its name, or for whoever listens."""
    return command.bot in {"", bot.lower()}


@dataclass(slots=True)
class Allowance:
    """How much is answered: so many in a chat in so long; a flood from a chat ends here.

    Attributes:
        most: answers to one chat within `span`.
        span: of time.
    """

    most: int
    span: timedelta
    _given: dict[str, deque[datetime]] = field(default_factory=dict)

    def take(self, chat: str, now: datetime) -> bool:
        """Take one answer to a chat; False when none is left now."""
        if len(self._given) >= _MOST_CHATS:
            self._given.clear()
        given = self._given.setdefault(chat, deque())
        while given and abs(now - given[0]) >= self.span:  # or of a clock that has been set back
            given.popleft()
        if len(given) >= self.most:
            return False
        given.append(now)
        return True


def _tap(query: Mapping[str, object]) -> Tap | None:
    message = _mapping(query["message"])
    data = query["data"]
    if not isinstance(data, str) or not isinstance(query["id"], str):
        return None
    return Tap(
        chat=_chat(message["chat"]),
        person=_person(query["from"]),
        query=query["id"],
        data=data,
        message=_number(message["message_id"]),
    )


def _message(message: Mapping[str, object]) -> Command | Moved | None:
    chat = _chat(message["chat"])
    if "migrate_to_chat_id" in message:
        return Moved(chat, str(_number(message["migrate_to_chat_id"])))
    if not _FORWARDED.isdisjoint(message):  # what a stranger wrote, and a member only passed on
        return None
    text = message.get("text")
    found = _COMMAND.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    name, bot, rest = found.groups()
    return Command(
        chat=chat,
        person=_person(message["from"]),
        name=name.lower(),
        bot=(bot or "").lower(),
        text=" ".join((rest or "").split()),
        message=_number(message["message_id"]),
        reply_to=_replied(message.get("reply_to_message")),
        thread=_thread(message),
    )


def _membership(change: Mapping[str, object]) -> Barred:
    status = _mapping(change["new_chat_member"])["status"]
    return Barred(_chat(change["chat"]), status in _BARRED)


def _replied(message: object) -> int | None:
    return _number(message["message_id"]) if isinstance(message, Mapping) else None


def _thread(message: Mapping[str, object]) -> int | None:
    """Return the forum topic; replies outside of forums have a thread of their own kind."""
    return _number(message["message_thread_id"]) if message.get("is_topic_message") else None


def _chat(raw: object) -> Chat:
    chat = _mapping(raw)
    title = chat.get("title") or chat.get("first_name") or ""
    return Chat(
        id=str(_number(chat["id"])),
        username=_text(chat.get("username")),
        kind=_text(chat.get("type")),
        title=cut(clean(_text(title)), NAME_UNITS),
    )


def _person(raw: object) -> Person:
    person = _mapping(raw)
    names = (_text(person.get(key)) for key in ("first_name", "last_name"))
    name = clean(" ".join(name for name in names if name)) or clean(_text(person.get("username")))
    return Person(_number(person["id"]), cut(name, NAME_UNITS) or "somebody")


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return value


def _number(value: object) -> int:
    if not _is_number(value):
        raise TypeError(value)
    return value  # type: ignore[return-value]


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
