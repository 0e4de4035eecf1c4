"""A house with Telegram channels that people steer: real senders, real courier, a strict fake."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, cast

from fake_telegram import PERSON, FakeTelegram
from house import FEEDS, Clock, House, Recorder
from watchlists import settings

from watcher.alerts.senders import make_sender
from watcher.alerts.senders.telegram_bot import TelegramBot
from watcher.config.settings import Settings
from watcher.service.by_hand.mutes import muted_in
from watcher.service.chats.remote import Remote

TOPICS = [
    {"id": "summit", "name": "The <summit>", "match": "kim NEAR putin"},
    {"id": "ferry", "match": '"ferry"'},
]
#: What is under an alert that nobody has touched.
BUTTONS = [
    "🔇 Mute story",
    "👎 Not this topic",
    "💤 Snooze topic 1 h",
    "💤 Snooze till morning",
    "✓ Seen",
    "🔗 Sources",
]


class Desk:
    """A house with Telegram channels that people steer."""

    def __init__(self, house: House, remote: Remote, api: FakeTelegram) -> None:
        self.house, self.remote, self.api = house, remote, api

    async def alert(self, *titles: str) -> None:
        """Have news of these titles told."""
        await self.house.tell(*titles)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds of what the fake recorded."""
        await asyncio.to_thread(self.api.wait_until, condition)

    async def tap(self, label: str, message: int = 1, person: dict[str, Any] = PERSON) -> str:
        """Press a button; return what was answered."""
        query = self.api.tap(message, label, person)
        await self.until(lambda: any(self._is_to(a, query) for a in self.api.answered_callbacks))
        return next(str(a["text"]) for a in self.api.answered_callbacks if self._is_to(a, query))

    async def ask(self, text: str, chat: str = "-100", **how: Any) -> str:
        """Write a command; return the answer."""
        before = len(self.api.messages)
        self.api.write(chat, text, **how)
        await asyncio.to_thread(self.api.wait_for, before + 1)
        return self.api.messages[-1].visible

    async def operate(self, name: str, **values: object) -> None:
        """Do what a command asks for over the control socket, as the daemon does."""
        await self.remote.show(muted_in(await self.house.do(name, **values)))

    def labels(self, message: int = 1) -> list[str]:
        """Return what the buttons under a message say."""
        return self.api.labels(message)

    @staticmethod
    def _is_to(answer: Mapping[str, Any], query: str) -> bool:
        return bool(answer["callback_query_id"] == query)


#: Opens a desk by its channels; see the fixture `open_desk`.
OpenDesk = Callable[..., Awaitable[Desk]]


def configured(api: FakeTelegram, **tables: Mapping[str, Any]) -> Settings:
    """Return the settings of Telegram channels, by default of one."""
    table = {"chat": "-100", "token": api.token, "api": api.url}
    channels = {
        name: {key: value for key, value in changes.items() if key != "telegram"}
        | {"telegram": {**table, **changes.get("telegram", {})}}
        for name, changes in (tables or {"desk": {}}).items()
    }
    return settings(
        feeds=FEEDS,
        channels=channels,
        topics=TOPICS,
        watcher={"timezone": "UTC"},
        alerts={"group_wait": "0s"},
    )


@asynccontextmanager
async def desks(folder: Path, api: FakeTelegram) -> AsyncIterator[OpenDesk]:
    """Yield a function that opens a desk; opened again it is the same after a restart."""
    async with AsyncExitStack() as stack:
        clock = Clock()

        async def opened(ops: Recorder | None = None, **tables: Any) -> Desk:
            set_up = configured(api, **tables)
            senders = {
                name: make_sender(name, channel, console=cast("Any", None), clock=clock)
                for name, channel in set_up.channels.items()
            }
            house = House(folder, set_up, clock, cast("Any", senders))
            await stack.enter_async_context(house)
            if ops:
                house.ops.use("ops", {"ops": ops})
            channels = house.courier.channels
            await channels.restore()
            remote = Remote(
                house.database,
                house.writer,
                channels,
                clock,
                lambda token, api: TelegramBot(token, api, poll_s=5),
                house.paces,
            )
            await remote.use(house.watch)
            await remote.start()
            stack.push_async_callback(remote.close)
            if not house.decisions():
                await house.started()
            return Desk(house, remote, api)

        yield opened
