"""The proof of life: when it is told, and what it says."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from daemons import LOCAL, daemon_on, running
from feed_documents import Story, rss
from feed_server import FeedServer
from house import Clock, Recorder, WrongClock
from watchlists import MEETS, NOON, settings

from watcher.service.daemon import Daemon
from watcher.service.delivery.ops import Ops
from watcher.service.monitoring.heartbeat import Heartbeat
from watcher.service.monitoring.metrics import Metrics
from watcher.service.monitoring.poll_log import PollLog
from watcher.service.writer import Writer
from watcher.storage.database import Database

TWO = NOON.replace(hour=14)


class Patient:
    """What a heartbeat needs of a daemon; restarts on the same database."""

    def __init__(self, folder: Path, schedule: str | None) -> None:
        self.clock = Clock()
        self.told: list[datetime] = []
        self.database = Database.open(folder / "watcher.db")
        self.writer = Writer(self.database)
        self.schedule(schedule)
        self.restart()

    def schedule(self, schedule: str | None) -> None:
        ops = {"heartbeat": schedule, "ops_channel": "desk"} if schedule else {}
        self.settings = settings(
            "", watcher={"timezone": "UTC", **ops}, channels={"desk": {"console": True}}
        )

    def restart(self) -> None:
        patient = self

        class Heard(Ops):
            def tell(self, text: str, **_: object) -> None:
                assert text.startswith("Watcher is alive")
                patient.told.append(patient.clock())

        ops = Heard()
        log = PollLog(ops, Metrics(self.settings))
        self.heartbeat = Heartbeat(self.writer, ops, log, lambda: self.settings, self.clock)

    async def pass_time(self, until: datetime) -> None:
        while self.clock() < until:
            await self.heartbeat.look()
            self.clock.forward(minutes=30)
        await self.heartbeat.look()


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    made = Patient(tmp_path, "daily 14:00")
    yield made
    made.writer.close()
    made.database.close()


async def test_a_heartbeat_comes_once_each_time_it_is_due(patient: Patient) -> None:
    await patient.pass_time(NOON + timedelta(hours=48))

    assert patient.told == [TWO, TWO + timedelta(days=1)]


async def test_a_reload_brings_a_heartbeat_and_takes_it_away(patient: Patient) -> None:
    patient.schedule(None)
    await patient.pass_time(NOON + timedelta(hours=24))
    assert patient.told == []

    patient.schedule("daily 14:00")
    await patient.pass_time(NOON + timedelta(hours=48))
    patient.schedule(None)
    await patient.pass_time(NOON + timedelta(hours=72))
    patient.schedule("daily 14:00")
    await patient.pass_time(NOON + timedelta(hours=73))

    assert patient.told == [TWO + timedelta(days=1)]


@pytest.mark.parametrize("restarts", [False, True])
async def test_another_schedule_brings_no_heartbeat_before_its_time(
    patient: Patient, *, restarts: bool
) -> None:
    await patient.pass_time(TWO)
    patient.clock.forward(hours=30)
    patient.schedule("daily 16:00")
    if restarts:
        patient.restart()

    await patient.heartbeat.look()

    assert patient.told == [TWO]


async def test_a_heartbeat_taken_away_while_stopped_and_brought_back_begins_anew(
    patient: Patient,
) -> None:
    await patient.pass_time(TWO)
    patient.schedule(None)
    patient.restart()
    await patient.heartbeat.look()
    patient.clock.forward(days=2, hours=1)
    patient.schedule("daily 14:00")

    await patient.heartbeat.look()

    assert patient.told == [TWO]


async def test_a_restart_around_its_time_costs_no_heartbeat_and_brings_no_second(
    patient: Patient,
) -> None:
    await patient.pass_time(TWO - timedelta(minutes=30))
    patient.clock.time = TWO + timedelta(minutes=3)
    patient.restart()
    await patient.heartbeat.look()
    patient.restart()
    await patient.pass_time(TWO + timedelta(hours=3))

    assert patient.told == [TWO + timedelta(minutes=3)]


@pytest.mark.parametrize("by", [timedelta(minutes=10), timedelta(hours=20)])
async def test_a_clock_that_is_set_back_brings_no_second_heartbeat(
    patient: Patient, by: timedelta
) -> None:
    await patient.pass_time(TWO)
    patient.clock.time = TWO - by
    patient.restart()
    await patient.pass_time(TWO + timedelta(hours=1))

    assert patient.told == [TWO]


async def test_after_a_clock_that_was_ahead_by_months_heartbeats_go_on(patient: Patient) -> None:
    await patient.heartbeat.look()
    patient.clock.forward(days=90)
    await patient.heartbeat.look()
    patient.clock.time = NOON
    await patient.pass_time(TWO)

    assert patient.told == [NOON + timedelta(days=90), TWO]


async def test_a_run_of_one_round_tells_what_is_due_since_the_last(tmp_path: Path) -> None:
    desk, clock = Recorder(), Clock()

    def daemon() -> Daemon:
        return daemon_on(
            tmp_path / "watcher.db",
            settings(
                channels={"desk": {"console": True}},
                watcher={"ops_channel": "desk", "heartbeat": "daily 14:00", "timezone": "UTC"},
            ),
            desk=desk,
            clock=clock,
        )

    for _ in range(6):
        await daemon().run_once()
        clock.forward(minutes=45)

    assert len(desk.notices) == 1


async def test_a_running_daemon_tells_how_it_fares(tmp_path: Path) -> None:
    desk, clock = Recorder(), WrongClock()
    async with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Wire", [Story(MEETS)]))
        daemon = daemon_on(
            tmp_path / "watcher.db",
            settings(
                feeds=[{"url": url}],
                channels={"desk": {"console": True}},
                watcher={"ops_channel": "desk", "backups": 0, "heartbeat": "every 1h"},
                polling=LOCAL,
                alerts={"group_wait": "0s"},
            ),
            desk=desk,
            clock=clock,
        )
        async with running(daemon):
            async with asyncio.timeout(60):
                await desk.arrived.wait()
                await daemon._heartbeat.look()
                clock.by = timedelta(hours=1)
                await daemon._heartbeat.look()

    (line,) = desk.notices
    assert line == (
        "Watcher is alive; since the start 1 poll, 1 entry, 1 story, 1 alert, 0 replies;"
        " sick feeds 0, messages lost 0"
    )
