"""The remote control: one listener for each bot with an interactive channel."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from watcher.alerts.incoming import Allowance
from watcher.config.channels import TelegramTable
from watcher.errors import ConfigError, StorageError
from watcher.service.chats.listener import MINUTE, Listener
from watcher.service.delivery.alert_buttons import (
    MOST_SHOWN,
    Change,
    Muted,
    changes,
    rings_about,
    rings_under,
)
from watcher.service.delivery.channel_state import Channels, Message
from watcher.service.delivery.paces import Paces
from watcher.service.in_force.watch import Watch
from watcher.service.log import get_logger
from watcher.service.moments import Clock
from watcher.service.writer import Writer
from watcher.storage.database import Database

if TYPE_CHECKING:
    from watcher.alerts.senders.telegram_bot import TelegramBot

log = get_logger(__name__)

#: A message of so long ago is looked at by nobody; a stop that lasts longer may leave one as it is.
ENDED_MEANWHILE: Final = timedelta(days=7)

Connect = Callable[[str, str | None], "TelegramBot"]


class Account(NamedTuple):
    """A bot at its server."""

    token: str
    api: str | None


@dataclass(slots=True)
class _Line:
    """A bot that is listened to."""

    client: "TelegramBot"
    listener: Listener
    task: asyncio.Task[None] | None = None
    tables: dict[str, TelegramTable] = field(default_factory=dict)


def connect_telegram(token: str, api: str | None) -> "TelegramBot":
    """Return a bot; the library is imported only when a channel asks for it."""
    from watcher.alerts.senders.telegram_bot import TelegramBot

    return TelegramBot(token, api)


class Remote:
    """Listens to the bots of the configuration in force.

    Args:
        database: for reading beside the writer.
        writer: runs its transactions.
        channels: know where chats are now, which are gone, and tell of what lasts.
        clock: the present time.
        connect: makes a bot's client; None for a run that listens to nobody.
        paces: count what chats get.
    """

    def __init__(
        self,
        database: Database,
        writer: Writer,
        channels: Channels,
        clock: Clock,
        connect: Connect | None,
        paces: Paces,
    ) -> None:
        self.database, self.writer = database, writer
        self.rests, self.once = channels.rests, channels.once
        self.now, self.paces = clock, paces
        self._channels, self._connect = channels, connect
        self._lines: dict[Account, _Line] = {}
        self._is_listening = False
        self._looked: datetime | None = None
        self._allowance = Allowance(MOST_SHOWN, MINUTE)

    async def use(self, watch: Watch) -> None:
        """Listen by this configuration from now on."""
        self.watch = watch
        wanted = _accounts(watch) if self._connect else {}
        for account in self._lines.keys() - wanted.keys():
            await self._end(self._lines.pop(account))
        for account, tables in wanted.items():
            line = self._lines.get(account) or self._open(account)
            line.tables = tables
            if self._is_listening and line.task is None:
                self._start(line)

    async def start(self) -> None:
        """Begin to listen."""
        await self.writer.run(lambda tx: tx.instance)  # buttons carry it; readers cannot make it
        self._is_listening = True
        for line in self._lines.values():
            self._start(line)

    async def close(self) -> None:
        """Stop listening."""
        lines, self._lines = list(self._lines.values()), {}
        await asyncio.gather(*map(self._end, lines))

    async def show(self, muted: Sequence[Muted]) -> None:
        """Let the messages of alerts show what was muted, or is heard again, elsewhere."""
        if not (self._lines and muted):
            return
        try:
            found = await asyncio.to_thread(self._changes, muted)
        except StorageError as error:  # it is done all the same
            log.warning("buttons do not show a mute", error=str(error))
            return
        for change in found:
            self.change(change)

    async def look_at_mutes(self) -> None:
        """Let the messages of alerts show which mutes came to their end since the last look.

        Nobody waits for that: some at a time. What could not be shown before is tried again.
        """
        if not self._lines:
            return
        now, waiting = self.now(), frozenset(self._channels.outdated)
        try:
            found = await asyncio.to_thread(self._to_show, waiting, now)
        except StorageError as error:
            log.warning("buttons do not show the end of a mute yet", error=str(error))
            return
        self._looked = now
        self._channels.outdated -= waiting
        for change in found:
            if self._allowance.take(change.channel, now):
                self.change(change)
            else:
                self.undone(change)

    def _to_show(self, waiting: Collection[Message], now: datetime) -> tuple[Change, ...]:
        """Return what messages are to show: those that wait, and those under mutes that ended.

        The first look is for what an earlier run left: mutes that ended since, and those that it
        made and may not have shown.
        """
        with self.database.read() as tx:
            ended = tx.mutes.ended(self._looked or now - ENDED_MEANWHILE, now)
            held = () if self._looked else tx.mutes.current(now)
            told = [first for one in waiting for first in tx.alerts.of_message(*one)[:1]]
            about = rings_about(tx, [(mute.kind, mute.subject) for mute in held])
            rings = (*about, *rings_under(tx, ended), *told)
            return tuple(changes(tx, rings, now, self.watch.settings.watcher.zone))

    def _changes(self, muted: Sequence[Muted]) -> tuple[Change, ...]:
        zone = self.watch.settings.watcher.zone
        with self.database.read() as tx:
            return tuple(changes(tx, rings_about(tx, muted), self.now(), zone))

    # -- for listeners ---------------------------------------------------------------------------

    def chats(self, key: str) -> Mapping[str, str]:
        """Return channel -> the chat it writes to, of a bot's interactive channels."""
        lines = (line for line in self._lines.values() if line.client.limit_key == key)
        return {
            name: self._channels.chat_of(table.chat)
            for line in lines
            for name, table in line.tables.items()
        }

    def thread(self, channel: str) -> int | None:
        """Return the forum topic that a channel writes to."""
        tables = (line.tables.get(channel) for line in self._lines.values())
        return next((table.thread for table in tables if table), None)

    def change(self, change: Change) -> None:
        """Show other buttons under a message, soon."""
        self._channels.changes += 1
        for line in self._lines.values():
            if table := line.tables.get(change.channel):
                chat = self._channels.chat_of(table.chat)
                line.listener.change(chat, change)

    def undone(self, change: Change) -> None:
        """Take note that buttons could not be shown now: at the next look."""
        self._channels.outdated.add((change.channel, change.message))

    async def moved(self, channels: Sequence[str], to: str) -> None:
        """Take note that the chat of these channels has another number."""
        for channel in channels:
            await self._channels.moved(channel, to)

    async def barred(self, channels: Sequence[str], *, is_barred: bool) -> None:
        """Take note that the bot may write to the chat of these channels no more, or again."""
        for channel in channels:
            if is_barred:
                await self._channels.gone(channel, "the bot was put out of its chat")
            else:
                await self._channels.back(channel)

    # -- the lines -------------------------------------------------------------------------------

    def _open(self, account: Account) -> _Line:
        assert self._connect  # noqa: S101 - without it nothing is wanted
        client = self._connect(*account)
        line = self._lines[account] = _Line(client, Listener(client, self))
        return line

    def _start(self, line: _Line) -> None:
        line.task = asyncio.create_task(line.listener.run(), name="listen to chats")

    async def _end(self, line: _Line) -> None:
        if line.task:
            line.task.cancel()
            await asyncio.gather(line.task, return_exceptions=True)
        await line.client.close()


def _accounts(watch: Watch) -> dict[Account, dict[str, TelegramTable]]:
    """Return each bot with its interactive channels; one without a usable token is down anyway."""
    found: dict[Account, dict[str, TelegramTable]] = {}
    for name, channel in watch.settings.channels.items():
        table = channel.telegram
        if table is None or not table.interactive:
            continue
        try:
            account = Account(table.bot_token(name), table.api)
        except ConfigError:
            continue
        found.setdefault(account, {})[name] = table
    return found
