"""Settings of the whole suite."""

import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings
from in_process import Watcher, command

if TYPE_CHECKING:
    from house import Clock, House, OpenHouse, Recorder

    from watcher.config.settings import Settings

# Time limits say more about a shared machine than about the code.
settings.register_profile(
    "watcher", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("watcher")


def pytest_configure() -> None:
    """Keep what is compiled, where the machine says not to as well: some hundred processes start.

    Each would compile the program anew, which takes as long as what most of them do.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_xdist_auto_num_workers() -> int:
    """Return how many tests run at once: one more than cores, for a third of the time they wait."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True, scope="session")
def loggers_heed_each_configuration() -> object:
    """Let no logger keep the configuration that a command set up in an earlier test.

    `capture_logs` would hear nothing of it then.
    """
    configure = structlog.configure

    def uncached(**options: object) -> None:
        configure(**{**options, "cache_logger_on_first_use": False})  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structlog, "configure", uncached)
        yield


@pytest.fixture(autouse=True)
def the_level_of_the_log_is_each_tests_own() -> Iterator[None]:
    """Put back the levels that a command run in this process set: `demo` lets only errors pass."""
    levels = {logger: logger.level for logger in map(logging.getLogger, (None, "watcher"))}
    yield
    for logger, level in levels.items():
        logger.setLevel(level)


@pytest.fixture
def watcher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Watcher:
    """Return the command as a function, working in tmp_path and knowing no other configuration."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("WATCHER_CONFIG", "XDG_CONFIG_HOME", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    return command(monkeypatch, capsys)


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator["OpenHouse"]:
    """Return what opens a house whose feeds were polled before; the test's end closes it."""
    from house import Clock, House  # tests of units do without the whole service

    async with AsyncExitStack() as stack:

        async def opened(
            settings: "Settings", senders: Mapping[str, "Recorder"], clock: "Clock | None" = None
        ) -> "House":
            house = House(tmp_path, settings, clock or Clock(), senders)
            await stack.enter_async_context(house)
            return await house.started()

        yield opened
