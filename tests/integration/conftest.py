"""A database as commands find it after an hour of work; houses that watch."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from feed_server import FeedServer
from house import FEEDS, TIMES, WIRE, Clock, House, OpenHouse, Recorder
from newsroom import TOPICS, Newsroom, configured
from structlog.testing import capture_logs
from watchlists import FERRY, MEETS, SIGNS, settings, write_config

from watcher.config import load
from watcher.errors import DeliveryError, FeedError

if TYPE_CHECKING:
    from chat_desk import OpenDesk
    from fake_telegram import FakeTelegram

CONFIG = f"""
[alerts]
group_wait = "0s"

[[feeds]]
url = "{WIRE}"
name = "Wire"

[[feeds]]
url = "{TIMES}"
name = "Times"

[channels.mail]
console = true
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill a database beside a configuration: a sent alert, a dead reply, a feed that fails."""
    folder = tmp_path_factory.mktemp("filled")
    with capture_logs():
        asyncio.run(fill(write_config(folder, CONFIG)))
    return folder


@pytest.fixture
def stored(filled: Path, tmp_path: Path) -> Path:
    """Return a configuration with a filled database of its own."""
    copytree(filled, tmp_path, dirs_exist_ok=True)
    return tmp_path / "config.toml"


async def fill(config: Path) -> None:
    settings = load(config).settings
    assert settings
    clock = Clock()
    clock.time = datetime.now(UTC) - timedelta(hours=1)
    mail = Recorder()
    async with House(config.parent, settings, clock, {"screen": Recorder(), "mail": mail}) as house:
        await house.poll()
        await house.tell(house.report(MEETS, "1"), house.report(FERRY, "2"))
        clock.forward(minutes=5)
        mail.failures.append(DeliveryError("mailbox full", permanent=True))
        await house.poll(house.report(SIGNS.format(9), "3"))
        await house.tell(house.report(MEETS, "4"))
        failed = house.outcome(url=TIMES, error=FeedError("connection refused"))
        await house.writer.run(lambda tx: house.pipeline.take(tx, failed))


@pytest.fixture
def desk() -> Recorder:
    """Return a channel that keeps what it is sent."""
    return Recorder()


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """Return a server of feeds."""
    with FeedServer() as made:
        yield made


@pytest.fixture
def telegram() -> Iterator["FakeTelegram"]:
    """Return a bot's service with a group, a broadcast channel, a private chat and a named one."""
    from fake_telegram import FakeTelegram

    with FakeTelegram(chats={"-100", "-101", "77", "@desk"}, broadcasts={"-101"}) as fake:
        yield fake


@pytest.fixture
async def open_desk(
    tmp_path: Path, telegram: "FakeTelegram", monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator["OpenDesk"]:
    """Return what opens a desk that people steer; opened again it is the same after a restart."""
    from chat_desk import desks  # the library behind it takes long to load

    from watcher.service.chats import listener

    monkeypatch.setattr(listener, "TAKEN_WAITS_S", (0.0, 0.05))
    monkeypatch.setattr(listener, "FIRST_WAIT_S", 0.01)
    async with desks(tmp_path, telegram) as opened:
        yield opened


@pytest.fixture
def newsroom(open_house: OpenHouse) -> Newsroom:
    """Return what opens a house for news of many topics, whose feeds were polled before."""

    async def opened(
        senders: Mapping[str, Recorder],
        channels: Mapping[str, Mapping[str, object]] | None = None,
        topics: list[dict[str, Any]] = TOPICS,
        clock: Clock | None = None,
        watcher: Mapping[str, object] | None = None,
    ) -> House:
        tables = configured(senders, channels or {}, topics, watcher or {})
        return await open_house(tables, senders, clock)

    return opened


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """Return a house of two feeds that were polled before, with one channel."""
    tables = settings(feeds=FEEDS, channels={"desk": {"console": True}})
    return await open_house(tables, {"desk": Recorder()})
