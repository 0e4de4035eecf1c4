"""A database beside a configuration, as commands find them after an hour of work."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from house import TIMES, WIRE, Clock, House, Recorder
from structlog.testing import capture_logs
from watchlists import FERRY, MEETS, SIGNS, write_config

from watcher.config import load
from watcher.errors import DeliveryError, FeedError

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
        await house.poll(house.report(MEETS, "1"), house.report(FERRY, "2"))
        await house.deliver()
        clock.forward(minutes=5)
        mail.failures.append(DeliveryError("mailbox full", permanent=True))
        await house.poll(house.report(SIGNS.format(9), "3"))
        await house.poll(house.report(MEETS, "4"))
        await house.deliver()
        failed = house.outcome(url=TIMES, error=FeedError("connection refused"))
        await house.writer.run(lambda tx: house.pipeline.take(tx, failed))
