"""A strict fake of the Telegram Bot API on 127.0.0.1, for tests that run the real client.

It refuses what Telegram refuses, in Telegram's words, and fails on demand the way networks do.
"""

import json
import math
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self, cast

from telegram_http import HANG_LIMIT_S, DroppedError, Fault, Json, Reply, Server
from telegram_rules import check_html

BOT = {"id": 123, "is_bot": True, "first_name": "Watcher", "username": "watcher_test_bot"}
PERSON = {"id": 77, "is_bot": False, "first_name": "Ana"}
#: A request that was under way when its bot was told to wait is nobody's fault.
UNDER_WAY_S = 0.25
#: Limits of the Bot API: the text over a chat, a button's data, a command's description.
MOST_TOAST, MOST_DATA_BYTES, MOST_DESCRIPTION = 200, 64, 256


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was accepted; an edit replaces it, keeping its id.

    Attributes:
        text: as it was sent, with its markup.
        visible: as people read it.
        time: monotonic seconds.
    """

    chat: str
    message_id: int
    text: str
    visible: str
    time: float
    reply_to: int | None = None
    silent: bool = False
    thread: int | None = None
    preview: bool = True
    markup: Json | None = None
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in, whatever became of it."""

    method: str
    parameters: Json
    time: float
    status: int


@dataclass(slots=True)
class _Planned:
    fault: Fault
    method: str
    chat: str | None
    retry_after: int
    left: int

    def suits(self, method: str, chat: str) -> bool:
        return self.method == method and self.chat in {None, chat}


class RefusalError(Exception):
    """The answer is an error, in Telegram's words."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.content: Json = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.content["parameters"] = parameters


@dataclass(slots=True)
class FakeTelegram:
    """The server; a context manager.

    Args:
        token: the one bot it knows.
        chats: chats the bot may write to; numeric ids or @names.
        blocked: chats that keep the bot out (403).
        migrated: old chat id -> new one; the new one is a chat too.
        forums: chat -> its topics; another chat takes any thread.
        closed: of forums' topics, those that take no messages.
        broadcasts: chats whose readers are no members.
        per_second: messages that a chat takes; more are answered with 429. Zero for no limit.
        clock: seconds, by which a bot that was answered with 429 has to wait.
    """

    token: str = "123:abc"
    chats: Collection[str] = frozenset({"-100"})
    blocked: Collection[str] = frozenset()
    migrated: Mapping[str, str] = field(default_factory=dict)
    forums: Mapping[str, Collection[int]] = field(default_factory=dict)
    closed: Collection[int] = frozenset()
    broadcasts: Collection[str] = frozenset()
    per_second: float = 0.0
    clock: Callable[[], float] = time.monotonic
    calls: list[Call] = field(default_factory=list, init=False)
    answered_callbacks: list[Json] = field(default_factory=list, init=False)
    #: What was sent before a 429's `retry_after` was over.
    impatient: list[Call] = field(default_factory=list, init=False)
    #: chat -> the commands that it offers.
    menus: dict[str, dict[str, str]] = field(default_factory=dict, init=False)
    webhook: str = field(default="", init=False)
    stopped: threading.Event = field(default_factory=threading.Event, init=False)
    _pressed: set[str] = field(default_factory=set, init=False)
    _resting_until: float = field(default=-math.inf, init=False)
    _told_at: float = field(default=-math.inf, init=False)
    _sent_at: dict[str, float] = field(default_factory=dict, init=False)
    _messages: dict[int, Message] = field(default_factory=dict, init=False)
    _updates: deque[Json] = field(default_factory=deque, init=False)
    _planned: list[_Planned] = field(default_factory=list, init=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, init=False)
    _server: Server | None = field(default=None, init=False)
    _next_update: int = field(default=1, init=False)
    _polls: int = field(default=0, init=False)
    _newest_poll: int = field(default=0, init=False)
    _allowed: list[str] = field(default_factory=list, init=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, port: int = 0) -> None:
        """Serve on a port of 127.0.0.1, a free one by default."""
        self.stopped.clear()
        self._server = Server(port, self)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Stop serving; what was recorded stays."""
        self.stopped.set()
        with self._changed:
            self._changed.notify_all()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def port(self) -> int:
        """The port it serves on."""
        assert self._server
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """What a configuration gives as `api`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[Message]:
        """The messages accepted so far, oldest first, as they now read."""
        with self._changed:
            return list(self._messages.values())

    def fail_next(
        self,
        fault: Fault | str,
        *,
        times: int = 1,
        method: str = "sendMessage",
        chat: str | None = None,
        retry_after: int = 3,
    ) -> None:
        """Fail the next calls of a method (of one chat, if given)."""
        with self._changed:
            self._planned.append(_Planned(Fault(fault), method, chat, retry_after, times))

    def wait_for(self, count: int, timeout: float = 60.0) -> list[Message]:
        """Wait until so many messages were accepted; return them all."""
        self.wait_until(lambda: len(self._messages) >= count, timeout)
        return self.messages

    def wait_until(self, condition: Callable[[], bool], timeout: float = 60.0) -> None:
        """Wait until something holds of what was recorded."""
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                said = "\n".join(f"  {m.chat}: {m.visible!r}" for m in self._messages.values())
                raise AssertionError(
                    f"not so within {timeout:g} s; {len(self._messages)} messages:\n{said}\n"
                    f"calls: {[(call.method, call.status) for call in self.calls]}"
                )

    def wait_for_poll(self, timeout: float = 60.0) -> None:
        """Wait until somebody polls for updates."""
        self.wait_until(lambda: self._polls > 0, timeout)

    def press(self, message_id: int, data: str, person: Json = PERSON) -> str:
        """Let a person press a button under a message; return the callback's id."""
        with self._changed:
            message = self._messages[message_id]
            callback_id = f"callback-{self._next_update}"
            self._pressed.add(callback_id)
            pressed = {
                "id": callback_id,
                "from": person,
                "chat_instance": "1",
                "data": data,
                "message": self._message_json(message),
            }
            self.tell_raw({"callback_query": pressed})
        return callback_id

    def tap(self, message_id: int, label: str, person: Json = PERSON) -> str:
        """Let a person press the button that says so; return the callback's id."""
        buttons = _buttons(self._messages[message_id].markup)
        for button in sorted(buttons, key=lambda one: one["text"] != label):
            if label in button["text"]:
                return self.press(message_id, button["callback_data"], person)
        raise AssertionError(f"no button says {label!r}: {buttons}")

    def write(
        self, chat: str, text: str, *, reply_to: int | None = None, person: Json = PERSON
    ) -> None:
        """Let a person write to the bot."""
        with self._changed:
            message = Message(chat, 10_000 + self._next_update, text, text, time.monotonic())
            content = {**self._message_json(message), "from": person}
            if reply_to is not None:
                content["reply_to_message"] = self._message_json(self._messages[reply_to])
            self.tell_raw({"message": content})

    def tell_raw(self, update: Any) -> None:
        """Let anything come in as an update; its number, if it has one, is ours."""
        with self._changed:
            if isinstance(update, dict):
                update = {"update_id": self._next_update, **update}
                self._next_update += 1
            self._updates.append(update)
            self._changed.notify_all()

    def migrate(self, chat: str, to: str) -> None:
        """Let a group become a supergroup, as its members see it."""
        with self._changed:
            self.migrated = {**self.migrated, chat: to}
            message = Message(chat, 10_000 + self._next_update, "", "", time.monotonic())
            content = {**self._message_json(message), "migrate_to_chat_id": int(to)}
            self.tell_raw({"message": {**content, "from": PERSON}})

    def bar(self, chat: str, *, is_barred: bool = True) -> None:
        """Let somebody put the bot out of a chat, or take it in again."""
        with self._changed:
            self.blocked = {*self.blocked, chat} if is_barred else set(self.blocked) - {chat}
            status = "kicked" if is_barred else "member"
            message = Message(chat, 1, "", "", time.monotonic())
            change = {
                "chat": self._message_json(message)["chat"],
                "from": PERSON,
                "date": int(time.time()),
                "old_chat_member": {"user": BOT, "status": "member"},
                "new_chat_member": {"user": BOT, "status": status},
            }
            self.tell_raw({"my_chat_member": change})

    def labels(self, message_id: int) -> list[str]:
        """Return what the buttons under a message say."""
        return [button["text"] for button in _buttons(self._messages[message_id].markup)]

    def _message_json(self, message: Message) -> Json:
        numeric = message.chat.lstrip("-").isdecimal()
        answer: Json = {
            "message_id": message.message_id,
            "date": int(time.time()),
            "chat": {
                "id": int(message.chat) if numeric else -1001,
                "type": "channel" if message.chat in self.broadcasts else "supergroup",
                "title": "Test",
            },
            "from": BOT,
            "text": message.visible,
        }
        if not numeric:
            answer["chat"]["username"] = message.chat.removeprefix("@")
        if message.thread:
            answer |= {"message_thread_id": message.thread, "is_topic_message": True}
        if message.markup:
            answer["reply_markup"] = message.markup
        return answer

    def _record(self, call: Call) -> None:
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()

    def reply(self, bot: str, method: str, parameters: Json) -> Reply:
        """Answer a request; see `telegram_http.Api`."""
        planned, status = self._fault(method, parameters), 0
        try:
            self._check(bot, planned)
            content: Json = {"ok": True, "result": self._handle(method, parameters)}
            status = 200
        except RefusalError as refusal:
            status, content = refusal.code, refusal.content
        finally:
            self._record(Call(method, parameters, time.monotonic(), status))
        return Reply(status, content, planned.fault if planned else None)

    def _fault(self, method: str, parameters: Json) -> _Planned | None:
        with self._changed:
            for planned in self._planned:
                if planned.left and planned.suits(method, str(parameters.get("chat_id"))):
                    planned.left -= 1
                    return planned
        return None

    def _check(self, bot: str, planned: _Planned | None) -> None:
        if bot != f"bot{self.token}":
            raise RefusalError(401, "Unauthorized")
        if planned:
            self._fail(planned)

    def _fail(self, planned: _Planned) -> None:
        """Fail where there is to be no answer, or none that says yes."""
        match planned.fault:
            case Fault.SERVER_ERROR:
                raise RefusalError(500, "Internal Server Error")
            case Fault.BAD_GATEWAY:
                raise RefusalError(502, "Bad Gateway")
            case Fault.FLOOD:
                self._refuse(planned.retry_after)
            case Fault.BAD_MARKUP:
                raise RefusalError(400, "Bad Request: can't parse entities: as the test demands")
            case Fault.NO_EDIT:
                raise RefusalError(400, "Bad Request: message can't be edited")
            case Fault.HANG:
                self.stopped.wait(HANG_LIMIT_S)
                raise DroppedError
            case Fault.CLOSE_BEFORE:
                raise DroppedError

    def _handle(self, method: str, parameters: Json) -> object:
        handler = _METHODS.get(method)
        if handler is None:
            raise RefusalError(404, "Not Found: method not found")
        return handler(self, parameters)

    def _chat(self, parameters: Json) -> str:
        chat = str(parameters.get("chat_id", ""))
        if not chat:
            raise RefusalError(400, "Bad Request: chat_id is empty")
        if chat in self.blocked:
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        if moved := self.migrated.get(chat):
            raise RefusalError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=int(moved),
            )
        if chat not in {*self.chats, *self.migrated.values()}:
            raise RefusalError(400, "Bad Request: chat not found")
        return chat

    def _take_time(self, chat: str, method: str, parameters: Json) -> None:
        """Refuse what comes faster than a chat takes it, or while the whole bot has to wait."""
        with self._changed:
            now = self.clock()
            if now < self._resting_until:
                if now - self._told_at > UNDER_WAY_S:
                    self.impatient.append(Call(method, parameters, time.monotonic(), 429))
                self._refuse(self._resting_until - now)
            left = self._sent_at.get(chat, -math.inf) + 1 / (self.per_second or math.inf) - now
            if self.per_second and left > 0:
                self._refuse(left)
            self._sent_at[chat] = now

    def _refuse(self, left: float) -> NoReturn:
        """Let the whole bot wait, for whole seconds as the service says them."""
        wait = math.ceil(left)
        self._told_at = self.clock()
        self._resting_until = max(self._resting_until, self._told_at + wait)
        raise RefusalError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)

    def _thread(self, chat: str, parameters: Json) -> int | None:
        thread = _number(parameters, "message_thread_id")
        if thread is not None and chat in self.forums and thread not in self.forums[chat]:
            raise RefusalError(400, "Bad Request: message thread not found")
        if thread in self.closed:
            raise RefusalError(400, "Bad Request: TOPIC_CLOSED")
        return thread

    def _send_message(self, parameters: Json) -> Json:
        chat = self._chat(parameters)
        text, visible = _text(parameters)
        thread, markup = self._thread(chat, parameters), _keyboard(parameters)
        self._take_time(chat, "sendMessage", parameters)
        with self._changed:
            reply_to = self._reply_to(chat, _object(parameters, "reply_parameters"))
            preview = _object(parameters, "link_preview_options")
            message = Message(
                chat=chat,
                message_id=len(self._messages) + 1,
                text=text,
                visible=visible,
                time=time.monotonic(),
                reply_to=reply_to,
                silent=_flag(parameters, "disable_notification"),
                thread=thread,
                preview=not (preview or {}).get("is_disabled", False),
                markup=markup,
            )
            self._messages[message.message_id] = message
            self._changed.notify_all()
        return self._message_json(message)

    def _reply_to(self, chat: str, reply: Json | None) -> int | None:
        if reply is None:
            return None
        target = self._messages.get(int(reply["message_id"]))
        if target and target.chat == chat:
            return target.message_id
        if reply.get("allow_sending_without_reply"):
            return None
        raise RefusalError(400, "Bad Request: message to be replied not found")

    def _edit_text(self, parameters: Json) -> Json:
        text, visible = _text(parameters)
        markup = _keyboard(parameters)
        return self._edit(parameters, text=text, visible=visible, markup=markup)

    def _edit_markup(self, parameters: Json) -> Json:
        return self._edit(parameters, markup=_keyboard(parameters))

    def _edit(self, parameters: Json, **changes: object) -> Json:
        chat = self._chat(parameters)
        with self._changed:
            old = self._messages.get(_number(parameters, "message_id") or 0)
            if old is None or old.chat != chat:
                raise RefusalError(400, "Bad Request: message to edit not found")
            if all(getattr(old, name) == value for name, value in changes.items()):
                raise RefusalError(
                    400,
                    "Bad Request: message is not modified: specified new message content and reply "
                    "markup are exactly the same as a current content and reply markup of the "
                    "message",
                )
            fields = {name: getattr(old, name) for name in Message.__slots__}
            new = Message(**{**fields, **changes, "edits": old.edits + 1})
            self._messages[new.message_id] = new
            self._changed.notify_all()
        return self._message_json(new)

    def _answer_callback(self, parameters: Json) -> bool:
        if len(str(parameters.get("text", ""))) > MOST_TOAST:
            raise RefusalError(400, "Bad Request: MESSAGE_TOO_LONG")
        with self._changed:
            if parameters.get("callback_query_id") not in self._pressed:
                raise RefusalError(
                    400,
                    "Bad Request: query is too old and response timeout expired or query ID is "
                    "invalid",
                )
            self.answered_callbacks.append(parameters)
            self._changed.notify_all()
        return True

    def _set_commands(self, parameters: Json) -> bool:
        commands = json.loads(str(parameters.get("commands", "[]")))
        scope = _object(parameters, "scope") or {}
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise RefusalError(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= MOST_DESCRIPTION:
                raise RefusalError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        with self._changed:
            chat = self._chat(scope) if "chat_id" in scope else ""
            self.menus[chat] = {one["command"]: one["description"] for one in commands}
            self._changed.notify_all()
        return True

    def _get_me(self, _: Json) -> Json:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False}

    def _get_updates(self, parameters: Json) -> list[Json]:
        offset = _number(parameters, "offset") or 0
        patience = _number(parameters, "timeout") or 0
        limit = _number(parameters, "limit") or 100
        with self._changed:
            if self.webhook:
                raise RefusalError(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active; use "
                    "deleteWebhook to delete the webhook first",
                )
            if "allowed_updates" in parameters:
                self._allowed = json.loads(str(parameters["allowed_updates"]))
            self._newest_poll = own = self._newest_poll + 1
            self._polls += 1
            self._changed.notify_all()
            try:
                while self._updates and _id_of(self._updates[0]) < offset:
                    self._updates.popleft()
                self._changed.wait_for(
                    lambda: (
                        bool(self._updates) or self.stopped.is_set() or self._newest_poll != own
                    ),
                    patience,
                )
                if self._newest_poll != own:
                    raise RefusalError(
                        409,
                        "Conflict: terminated by other getUpdates request; make sure that only one "
                        "bot instance is running",
                    )
                return [one for one in self._updates if self._is_wanted(one)][:limit]
            finally:
                self._polls -= 1

    def _is_wanted(self, update: Any) -> bool:
        if not self._allowed or not isinstance(update, dict):
            return True
        return not update.keys().isdisjoint(self._allowed)

    def _accept(self, _: Json) -> bool:
        return True


_METHODS: dict[str, Callable[[FakeTelegram, Json], object]] = {
    "sendMessage": FakeTelegram._send_message,
    "editMessageText": FakeTelegram._edit_text,
    "editMessageReplyMarkup": FakeTelegram._edit_markup,
    "answerCallbackQuery": FakeTelegram._answer_callback,
    "getMe": FakeTelegram._get_me,
    "getUpdates": FakeTelegram._get_updates,
    "deleteWebhook": FakeTelegram._accept,
    "setMyCommands": FakeTelegram._set_commands,
}


def _text(parameters: Json) -> tuple[str, str]:
    text = str(parameters.get("text", ""))
    mode = str(parameters.get("parse_mode", ""))
    try:
        if mode.upper() == "HTML":
            return text, check_html(text)
        return text, check_html(text.replace("&", "&amp;").replace("<", "&lt;"))
    except ValueError as error:
        raise RefusalError(400, f"Bad Request: {error}") from error


def _object(parameters: Json, name: str) -> Json | None:
    value = parameters.get(name)
    return cast("Json | None", json.loads(value) if isinstance(value, str) else value)


def _keyboard(parameters: Json) -> Json | None:
    """Return the buttons, each as Telegram takes it; an empty keyboard is none."""
    markup = _object(parameters, "reply_markup")
    for button in _buttons(markup):
        if not str(button.get("text", "")).strip():
            raise RefusalError(
                400, "Bad Request: text buttons are unallowed in the inline keyboard"
            )
        if not 1 <= len(str(button.get("callback_data", "")).encode()) <= MOST_DATA_BYTES:
            raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup if markup and markup.get("inline_keyboard") else None


def _buttons(markup: Json | None) -> list[Json]:
    return [button for row in (markup or {}).get("inline_keyboard", []) for button in row]


def _id_of(update: Any) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else 0


def _number(parameters: Json, name: str) -> int | None:
    value = parameters.get(name)
    return None if value is None else int(value)


def _flag(parameters: Json, name: str) -> bool:
    return str(parameters.get(name, "")).lower() == "true"
