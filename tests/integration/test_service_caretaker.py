import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from health_values import WELL
from stored import open_in
from structlog.testing import capture_logs
from watchlists import settings

from watcher.service.care.health import Part, Pulse
from watcher.service.monitoring.caretaker import Caretaker
from watcher.service.monitoring.metrics import Metrics
from watcher.storage.database import Database

LOOPBACK = {"allow_private": ["127.0.0.0/8"]}


class Monitor:
    """A monitor elsewhere, which counts how often it is told that all is well."""

    def __init__(self) -> None:
        self.status, self.body = 200, "OK"
        self.told = 0
        self.url = ""

    async def answer(self, _: web.Request) -> web.Response:
        self.told += 1
        return web.Response(status=self.status, text=self.body)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        application = web.Application()
        application.add_routes([web.get("/ping/secret-uuid", self.answer)])
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/ping/secret-uuid"
        yield
        await runner.cleanup()


@pytest.fixture
async def monitor() -> AsyncIterator[Monitor]:
    monitor = Monitor()
    async with monitor.serving():
        yield monitor


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_in(tmp_path) as database:
        yield database


class Nurse:
    """A caretaker of a daemon that says of itself what the test wants."""

    def __init__(self, database: Database, **tables: Any) -> None:
        self.vitals = WELL
        self.told: list[str] = []
        self.settings = settings("", **tables)
        self.caretaker = Caretaker(
            database,
            Metrics(self.settings),
            lambda: self.vitals,
            lambda: self.settings,
            self.told.append,
        )


def told_to(monitor: Monitor, **polling: Any) -> dict[str, Any]:
    return {"watcher": {"heartbeat_url": monitor.url}, "polling": polling}


async def test_a_database_that_was_moved_away_is_no_readiness(database: Database) -> None:
    nurse = Nurse(database)
    assert (await nurse.caretaker.health())["ready"] is True

    database.path.rename(database.path.with_name("elsewhere.db"))
    database.path.write_bytes(b"another one")

    health = await nurse.caretaker.health()
    assert health["ready"] is False
    assert health["reasons"] == [
        "the database was moved or deleted while it was in use: restart Watcher"
    ]


async def test_a_monitor_is_told_while_all_is_well(monitor: Monitor, database: Database) -> None:
    nurse = Nurse(database, **told_to(monitor, **LOOPBACK))

    await nurse.caretaker.ping()
    monitor.status, monitor.body = 204, ""
    with capture_logs() as logs:
        await nurse.caretaker.ping()

    assert (monitor.told, logs) == (2, [])


async def test_nothing_is_told_while_something_hangs(monitor: Monitor, database: Database) -> None:
    nurse = Nurse(database, **told_to(monitor, **LOOPBACK))
    nurse.vitals = replace(WELL, disk_short=True)

    with capture_logs() as logs:
        await nurse.caretaker.ping()

    assert monitor.told == 0
    assert [line["event"] for line in logs] == ["heartbeat held back"]


@pytest.mark.parametrize(
    ("status", "polling", "words"),
    [(500, LOOPBACK, "500"), (200, {}, "is private")],
    ids=["it refuses", "its address is closed to us"],
)
async def test_a_monitor_that_does_not_take_it_is_told_of_once_and_not_by_its_address(
    monitor: Monitor, database: Database, status: int, polling: dict[str, Any], words: str
) -> None:
    monitor.status = status
    nurse = Nurse(database, **told_to(monitor, **polling))

    with capture_logs() as logs:
        await nurse.caretaker.ping()
        await nurse.caretaker.ping()

    (line,) = logs
    assert line["event"] == "heartbeat not taken"
    assert words in line["error"]
    assert "secret-uuid" not in str(logs)


async def test_without_a_monitor_nobody_is_told(monitor: Monitor, database: Database) -> None:
    with capture_logs() as logs:
        await Nurse(database).caretaker.ping()

    assert (monitor.told, logs) == (0, [])


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Listen as systemd does."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listener:
        listener.settimeout(10)
        listener.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listener


async def test_the_watchdog_is_fed_while_everything_moves(
    manager: socket.socket, database: Database
) -> None:
    Nurse(database).caretaker.beat("watching 3 feeds")

    assert manager.recv(4096) == b"WATCHDOG=1\nSTATUS=watching 3 feeds"


@pytest.mark.parametrize("part", Part)
async def test_a_part_that_stands_still_starves_it_and_is_named(
    manager: socket.socket, database: Database, part: Part
) -> None:
    nurse = Nurse(database)
    seconds = [0.0]
    pulse = nurse.caretaker.pulse = Pulse(lambda: seconds[0])
    seconds[0] = 90.0
    for moving in set(Part) - {part}:
        pulse.mark(moving)

    with capture_logs() as logs:
        nurse.caretaker.beat("watching 3 feeds")

    assert manager.recv(4096) == f"STATUS=hangs: {part} has not moved for 90 s".encode()
    assert logs[0]["log_level"] == "error"


async def test_the_report_is_what_json_can_say(database: Database) -> None:
    nurse = Nurse(database)
    nurse.vitals = replace(WELL, channels_down={"desk": "no token"})
    async with nurse.caretaker:
        report = await nurse.caretaker.report()

    assert report["ready"] is True
    assert report["warnings"] == ["the channel desk is down: no token"]
    assert report["uptime"] == WELL.uptime.total_seconds()
    ages = report["ages"]
    assert isinstance(ages, dict)
    assert ages.keys() == {"polling", "outbox", "database"}
