"""Listens to one bot: takes in what comes, lets the desk decide, answers.

A tap is answered before anything is written, so that nobody waits for the writer; what it does is
committed together with the number of the next update, so that it is done once. What is only asked
for is looked up aside, however long that takes. Everything else that is said goes through one
queue: in order, and not while the bot has to rest.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from watcher.alerts.answers import Lines, said
from watcher.alerts.incoming import (
    Allowance,
    Barred,
    Chat,
    Command,
    Incoming,
    Moved,
    Tap,
    is_for,
    is_ours,
    read_update,
    update_id,
)
from watcher.alerts.pace import chat_key
from watcher.alerts.remote import BROADCAST, COMMANDS, NOT_LOOKED_UP, NOT_STORED, TOO_FAST, toast_of
from watcher.alerts.render import lines_html
from watcher.errors import DeliveryError, StorageError
from watcher.service.chats.remote_desk import Done, RemoteDesk
from watcher.service.delivery.alert_buttons import Change
from watcher.service.log import get_logger
from watcher.storage.database import Transaction

if TYPE_CHECKING:  # loaded only where a channel is of Telegram
    from watcher.alerts.senders.telegram_bot import TelegramBot
    from watcher.service.chats.remote import Remote

log = get_logger(__name__)

MINUTE: Final = timedelta(minutes=1)
#: Telegram takes 20 messages a minute in a group; alerts want a share of them.
MOST_ANSWERS: Final = 10
#: More than a team taps; a toy with a stuck finger ends here.
MOST_TAPS: Final = 60
#: Waits after polls that failed, doubling; a tap should not wait much longer than the network.
FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 60.0
#: A poll that brings nothing takes this long at least; a tap may wait so long and no longer.
SHORTEST_POLL_S: Final = 0.5
#: A bot that the service does not know will not be known a second later either.
REFUSED_WAIT_S: Final = 600.0
#: Another program polls: each of our polls ends one of its own, so we ask rarely. The first time
#: may be a poll of our own that a killed run left behind.
TAKEN_WAITS_S: Final = (3.0, 300.0)
#: So long without a conflict and the other program is gone.
FREE_AFTER: Final = timedelta(hours=1)
#: Things to say that wait; what is beyond would come too late to be understood.
MOST_TO_SAY: Final = 200
#: Commands that change something.
CHANGING: Final = frozenset({"mute", "unmute"})
#: Strangers that are logged by name, once each.
_MOST_STRANGERS: Final = 1_000


class Listener:
    """Listens to one bot until it is cancelled.

    Args:
        client: the bot.
        remote: all that listeners share, and know of channels and chats.
    """

    def __init__(self, client: "TelegramBot", remote: "Remote") -> None:
        self._client, self._remote = client, remote
        self._key = client.limit_key
        self._name = ""
        self._answers = Allowance(MOST_ANSWERS, MINUTE)
        self._complaints = Allowance(1, MINUTE)
        self._taps = Allowance(MOST_TAPS, MINUTE)
        self._strangers: set[str] = set()
        self._to_say: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue(MOST_TO_SAY)
        self._to_look_up: asyncio.Queue[Command] = asyncio.Queue()
        self._menus: set[str] = set()
        self._failures = self._conflicts = 0
        self._last_conflict = remote.now()

    async def run(self) -> None:
        """Listen; whatever goes wrong, go on later."""
        aside = [
            asyncio.create_task(self._speak(), name="answer chats"),
            asyncio.create_task(self._look_up(), name="look up for chats"),
        ]
        try:
            while True:
                wait_s = await self._listen()
                await asyncio.sleep(wait_s)
        finally:
            for task in aside:
                task.cancel()
            await asyncio.gather(*aside, return_exceptions=True)

    def change(self, chat: str, change: Change) -> None:
        """Show other buttons under a message, soon."""
        if not self._later(partial(self._change, chat, change)):
            self._remote.undone(change)

    async def _listen(self) -> float:
        """Hear the bot until something fails; return after how many seconds to try again."""
        try:
            return await self._hear()
        except StorageError as error:
            log.warning("what chats say cannot be stored; will try again", error=str(error))
        except Exception:
            # The border of one bot: the alerts go on whatever happens here.
            log.exception("listening to chats failed; will go on")
        return LONGEST_WAIT_S

    async def _hear(self) -> float:
        """Take in what comes until the bot cannot be asked; return how long to leave it alone."""
        try:
            first = await self._remote.writer.run(lambda tx: tx.bots.next_update(self._key))
            self._name = self._name or await self._ask_name()
            while True:
                self._offer_menus()
                batch = await self._poll(first)
                await self._went_well()
                first = await self._take(batch, first)
        except DeliveryError as error:
            return await (self._taken(error) if error.taken else self._failed(error))

    async def _ask_name(self) -> str:
        """Return the bot's name; without it, what names a bot in a group is not for us."""
        try:
            return await self._client.name()
        except DeliveryError as error:
            log.warning("the bot's name is not known", error=str(error))
            return ""

    async def _poll(self, first: int | None) -> list[object]:
        """Wait for what comes in, and not spin when a server answers at once that nothing did."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        batch = await self._client.updates(first)
        if not batch and loop.time() - begun < SHORTEST_POLL_S:
            await asyncio.sleep(SHORTEST_POLL_S)
        return batch

    # -- what comes in ---------------------------------------------------------------------------

    async def _take(self, batch: Sequence[object], first: int | None) -> int | None:
        """Take in what came, the taps answered before all else; return what to ask for next."""
        taken = [
            (number, self._obeyed(read_update(raw)))
            for raw in batch
            if (number := update_id(raw)) is not None
        ]
        taps = (incoming for _, incoming in taken if isinstance(incoming, Tap))
        await asyncio.gather(*map(self._answer_tap, taps))
        for number, incoming in taken:
            await self._take_one(number + 1, incoming)
            first = number + 1
        return first

    def _obeyed(self, incoming: Incoming | None) -> Incoming | None:
        """Return what came in if we do what it says: it is from a chat of ours, and of measure."""
        if incoming is None:
            return None
        chat, now = incoming.chat, self._remote.now()
        if not is_ours(chat, self._remote.chats(self._key).values()):
            self._stranger(chat)
            return None
        match incoming:
            case Tap() if chat.is_broadcast:
                self._later(partial(self._client.answer, incoming.query, BROADCAST))
                return None
            case Tap() if not self._taps.take(chat.id, now):
                self._later(partial(self._client.answer, incoming.query, TOO_FAST))
                return None
            case Command():
                return incoming if self._is_heard(incoming, now) else None
        return incoming

    def _is_heard(self, command: Command, now: datetime) -> bool:
        """Tell whether a command is for us and of measure; of too many the first is told so."""
        chat = command.chat
        if not self._is_meant(command):
            return False
        if self._answers.take(chat.id, now):
            return True
        if self._complaints.take(chat.id, now):
            self._say(chat, said(TOO_FAST), command.message, command.thread)
        return False

    def _is_meant(self, command: Command) -> bool:
        """Tell whether a command is for us; in a group an unknown one is another bot's."""
        is_known = command.name in COMMANDS or command.bot or command.chat.kind == "private"
        return bool(is_known) and is_for(command, self._name)

    def _stranger(self, chat: Chat) -> None:
        if chat.id not in self._strangers and len(self._strangers) < _MOST_STRANGERS:
            self._strangers.add(chat.id)
            log.info("ignored: this chat is no channel of ours", chat=chat.id, title=chat.title)

    async def _answer_tap(self, tap: Tap) -> None:
        """Answer at once: what will be done is read, not yet written."""
        text = await asyncio.to_thread(self._toast, tap)
        try:
            await self._client.answer(tap.query, toast_of(text))
        except DeliveryError as error:
            self._note_rest(error)
            log.warning("a tap was not answered", error=str(error))

    def _toast(self, tap: Tap) -> str:
        try:
            with self._remote.database.read() as tx:
                return self._desk(tx, tap.chat).toast(tap)
        except StorageError as error:
            log.warning("a tap could not be looked up", error=str(error))
            return NOT_STORED

    async def _take_one(self, following: int, incoming: Incoming | None) -> None:
        """Do what an update says; a fault of ours over it must not stop those behind it."""
        try:
            await self._obey(following, incoming)
        except StorageError:
            raise
        except Exception:
            log.exception("an update from a chat could not be taken in", update=following - 1)
            await self._advance(following)

    async def _obey(self, following: int, incoming: Incoming | None) -> None:
        match incoming:
            case Tap():
                self._show(incoming, await self._do(following, incoming))
            case Command() if incoming.name in CHANGING:
                done = await self._do(following, incoming)
                self._reply(incoming, done)
                for change in done.changes:
                    self._remote.change(change)
            case Command():
                await self._advance(following)
                self._to_look_up.put_nowait(incoming)
            case Moved():
                await self._advance(following)
                await self._remote.moved(self._channels(incoming.chat), incoming.to)
            case Barred():
                await self._advance(following)
                channels = self._channels(incoming.chat)
                await self._remote.barred(channels, is_barred=incoming.is_barred)
            case _:
                await self._advance(following)

    async def _advance(self, following: int) -> None:
        await self._remote.writer.run(lambda tx: tx.bots.advance(self._key, following))

    async def _do(self, following: int, incoming: Tap | Command) -> Done:
        def work(tx: Transaction) -> Done:
            tx.bots.advance(self._key, following)
            desk = self._desk(tx, incoming.chat)
            return desk.tap(incoming) if isinstance(incoming, Tap) else desk.command(incoming)

        return await self._remote.writer.run(work)

    def _show(self, tap: Tap, done: Done) -> None:
        """Let every message of the alert show how it stands, the tapped one first."""
        own = [one for one in done.changes if one.message == str(tap.message)]
        for change in (*own, *(one for one in done.changes if one not in own)):
            self._remote.change(change)
        if not own and done.keyboard:  # its record was lost, or it stands in the chat from before
            self.change(tap.chat.id, Change("", str(tap.message), done.keyboard))
        if done.answer:
            channel = own[0].channel if own else next(iter(self._channels(tap.chat)), "")
            self._say(tap.chat, done.answer, tap.message, self._remote.thread(channel))

    async def _look_up(self) -> None:
        """Answer what is only asked for, in order, while taps and changes go on."""
        while True:
            command = await self._to_look_up.get()
            try:
                self._reply(command, await asyncio.to_thread(self._looked_up, command))
            except StorageError as error:
                log.warning("a chat's question could not be looked up", error=str(error))
                self._reply(command, Done(answer=said(NOT_LOOKED_UP)))
            except Exception:
                log.exception("a chat's question could not be looked up")
                self._reply(command, Done(answer=said(NOT_LOOKED_UP)))

    def _looked_up(self, command: Command) -> Done:
        with self._remote.database.read() as tx:
            return self._desk(tx, command.chat).command(command)

    def _reply(self, command: Command, done: Done) -> None:
        self._say(command.chat, done.answer, command.message, command.thread)

    def _desk(self, tx: Transaction, chat: Chat) -> RemoteDesk:
        return RemoteDesk(self._remote.watch, tx, self._remote.now(), self._channels(chat))

    def _channels(self, chat: Chat) -> list[str]:
        """Return the channels that write to a chat."""
        chats = self._remote.chats(self._key)
        return [name for name, where in chats.items() if is_ours(chat, [where])]

    # -- what is said ----------------------------------------------------------------------------

    def _say(self, chat: Chat, lines: Lines, message: int, thread: int | None) -> None:
        answer = partial(self._client.say, chat.id, lines_html(lines), thread=thread)
        self._later(partial(self._counted, chat.id, partial(answer, reply_to=str(message))))

    def _offer_menus(self) -> None:
        """Let each chat offer the commands, once."""
        for chat in self._remote.chats(self._key).values():
            if chat not in self._menus:
                self._menus.add(chat)
                self._later(partial(self._client.set_menu, chat, COMMANDS))

    def _later(self, say: Callable[[], Awaitable[None]]) -> bool:
        """Say it in its turn; False when too much waits already."""
        try:
            self._to_say.put_nowait(say)
        except asyncio.QueueFull:
            log.warning("too much to say to chats; an answer was dropped")
            return False
        return True

    async def _change(self, chat: str, change: Change) -> None:
        try:
            buttons = change.message, change.keyboard
            await self._counted(chat, partial(self._client.change_buttons, chat, *buttons))
        except DeliveryError as error:
            if not error.permanent:
                self._remote.undone(change)
            raise

    async def _counted(self, chat: str, say: Callable[[], Awaitable[None]]) -> None:
        """Say something that the chat counts as a message, so that alerts leave it the time."""
        with self._remote.paces.counted_in(chat_key(self._key, chat)):
            await say()

    async def _speak(self) -> None:
        """Say what is to be said, in order, while the bot need not rest."""
        while True:
            say = await self._to_say.get()
            try:
                await asyncio.sleep(self._remote.rests.left(self._key).total_seconds())
                await say()
            except DeliveryError as error:
                self._note_rest(error)
                log.warning("a chat was not answered", error=str(error))
            except Exception:
                log.exception("a chat was not answered")

    def _note_rest(self, error: DeliveryError) -> None:
        if error.retry_after:
            self._remote.rests.rest(self._key, error.retry_after)

    # -- what goes wrong -------------------------------------------------------------------------

    async def _went_well(self) -> None:
        self._failures = self._conflicts = 0
        if self._remote.now() - self._last_conflict > FREE_AFTER:
            self._last_conflict = self._remote.now()
            await self._remote.once.take_back(self._taken_key)

    async def _failed(self, error: DeliveryError) -> float:
        """Return how long to wait after a poll that failed; the first of a row is logged."""
        self._failures += 1
        level = log.warning if self._failures == 1 else log.debug
        level("chats cannot be heard; will try again", error=str(error))
        if error.retry_after is not None:
            return error.retry_after.total_seconds()
        if error.permanent:
            return REFUSED_WAIT_S
        return min(FIRST_WAIT_S * (1 << min(self._failures - 1, 10)), LONGEST_WAIT_S)

    async def _taken(self, error: DeliveryError) -> float:
        """Tell that another program receives what is said; return how long to leave it in peace."""
        self._conflicts += 1
        self._last_conflict = self._remote.now()
        if self._conflicts == 1:
            return TAKEN_WAITS_S[0]
        channels = ", ".join(self._remote.chats(self._key))
        await self._remote.once.tell(
            self._taken_key,
            f"another program receives what is written to the bot of {channels}, so buttons and"
            f" commands do nothing here ({error}); alerts go out as before. Stop that program, give"
            " Watcher a bot of its own, or write interactive = false",
        )
        return TAKEN_WAITS_S[1]

    @property
    def _taken_key(self) -> str:
        return f"bot taken {self._key}"
