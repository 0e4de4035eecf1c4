"""A machine whose clock is wrong, as before its network put it right: nothing is lost by it."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import interval
from daemons import EACH_SECOND, daemon_on, running
from feed_documents import Story, rss
from feed_server import FeedServer
from house import Recorder, WrongClock
from watchlists import settings

from watcher.feeds.dates import EARLIEST
from watcher.model import MuteKind
from watcher.service.daemon import Daemon
from watcher.service.monitoring.poll_log import Summary
from watcher.storage.database import Database
from watcher.storage.rows import AlertRow

MEETS = "Kim Jong Un meets Putin"
SIGNS = "Kim Jong Un meets Putin and signs treaty"
DAY = timedelta(days=1)
#: In 1970, where the machine was switched off, a day and a year ahead.
WRONG = (-56 * 365 * DAY, -30 * DAY, DAY, 365 * DAY)


class Machine:
    """A machine with a clock that may be wrong; Watcher is started on it again and again.

    Attributes:
        feeds: server and path of each.
    """

    def __init__(self, folder: Path, feeds: list[tuple[FeedServer, str]], desk: Recorder) -> None:
        self.clock, self.feeds, self.delay = WrongClock(), feeds, "0s"
        self._desk, self._database = desk, folder / "watcher.db"
        self.show()

    def show(self, *stories: Story) -> None:
        """Have every feed bring these from now on."""
        for server, path in self.feeds:
            server.put(path, rss(f"Wire {server.host}", stories))

    def daemon(self) -> Daemon:
        return daemon_on(
            self._database,
            settings(
                feeds=[{"url": server.url(path)} for server, path in self.feeds],
                channels={"desk": {"console": True}},
                watcher={"backups": 0},
                alerts={"group_wait": "0s", "reply_intervals": ["0s"]},
                polling={**EACH_SECOND, "per_host_delay": self.delay},
            ),
            desk=self._desk,
            clock=self.clock,
        )

    async def round(self, *, wrong_by: timedelta) -> Summary:
        """Start Watcher for one round of polls, all of which are due."""
        with Database.open(self._database) as database, database.begin() as tx:
            for feed in tx.feeds.states():
                tx.feeds.save_state(feed.id, feed.state._replace(next_due=None), None)
        return await self.round_of_the_timer(wrong_by=wrong_by)

    async def round_of_the_timer(self, *, wrong_by: timedelta) -> Summary:
        """Start Watcher for one round of polls, of what is due by the machine's clock."""
        self.clock.by = wrong_by
        async with asyncio.timeout(60):
            return await self.daemon().run_once()

    async def polled(self, *, times: int) -> None:
        """Wait until the first feed was asked for so often from now on."""
        server, path = self.feeds[0]
        await asyncio.to_thread(server.wait_for, path, server.count(path) + times)

    def alerts(self) -> list[AlertRow]:
        with Database.open(self._database) as database, database.read() as tx:
            return list(tx.alerts.latest(limit=10))

    def mute(self, until: datetime, now: datetime) -> None:
        with Database.open(self._database) as database, database.begin() as tx:
            tx.mutes.add(MuteKind.TOPIC, "summit", until, now)

    def muted_until(self) -> datetime:
        with Database.open(self._database) as database, database.read() as tx:
            (mute,) = tx.mutes.current(EARLIEST)
        return mute.until


@pytest.fixture
def machine(tmp_path: Path, desk: Recorder) -> Iterator[Machine]:
    """Return one with two hosts around it that know what time it is."""
    with FeedServer() as one, FeedServer(host="127.0.0.2") as other:
        yield Machine(tmp_path, [(one, "/wire"), (other, "/wire")], desk)


@pytest.fixture
def scheduler(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the scheduler read the machine's clock, as it does where it is the real one."""

    class OfTheMachine(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return machine.clock().astimezone(tz)

    for module in (base, interval):
        monkeypatch.setattr(module, "datetime", OfTheMachine)


def told(desk: Recorder) -> list[str]:
    return sorted(
        report.title for sent in desk.sent for view in sent.views for report in view.reports
    )


def are_of_today(machine: Machine) -> bool:
    return all(abs(datetime.now(UTC) - alert.created) < DAY for alert in machine.alerts())


@pytest.mark.parametrize("wrong_by", WRONG, ids=lambda by: f"{by.days} days")
async def test_news_of_a_wrong_hour_is_told_and_told_once(
    machine: Machine, desk: Recorder, wrong_by: timedelta
) -> None:
    await machine.round(wrong_by=timedelta(0))
    machine.show(Story(MEETS))
    await machine.round(wrong_by=wrong_by)
    during = told(desk)
    machine.show(Story(MEETS), Story(SIGNS))
    await machine.round(wrong_by=timedelta(0))

    assert during == [MEETS]
    assert told(desk) == [MEETS, SIGNS]
    assert are_of_today(machine)


@pytest.mark.parametrize("wrong_by", WRONG, ids=lambda by: f"{by.days} days")
async def test_what_a_feed_lists_at_the_first_poll_of_all_is_judged_by_the_right_time(
    machine: Machine, desk: Recorder, wrong_by: timedelta
) -> None:
    machine.show(Story(MEETS), Story("Putin meets Kim again", age=timedelta(hours=5)))
    await machine.round(wrong_by=wrong_by)

    assert told(desk) == [MEETS]


async def test_a_round_goes_on_when_the_clock_is_put_right_in_it(machine: Machine) -> None:
    """The pause of a host was planned by the clock of a year ahead."""
    machine.feeds = [(machine.feeds[0][0], f"/{number}") for number in range(3)]
    machine.show(Story(MEETS))
    machine.delay = "1s"

    summary = await machine.round(wrong_by=365 * DAY)

    assert (summary.feeds, summary.failed) == (3, 0)


@pytest.mark.parametrize("ahead", [timedelta(hours=12), 365 * DAY], ids=str)
async def test_a_mute_of_a_clock_that_was_ahead_holds_no_longer_after_a_restart(
    machine: Machine, ahead: timedelta
) -> None:
    await machine.round(wrong_by=timedelta(0))
    hour, made = timedelta(hours=1), datetime.now(UTC) + ahead
    machine.mute(made + hour, made)
    await machine.round(wrong_by=timedelta(0))

    assert timedelta(0) < machine.muted_until() - datetime.now(UTC) <= hour


async def test_a_mute_outlives_a_start_by_a_clock_that_is_hours_behind(machine: Machine) -> None:
    hour, made = timedelta(hours=1), datetime.now(UTC)
    await machine.round(wrong_by=timedelta(0))
    machine.mute(made + hour, made)
    await machine.round(wrong_by=timedelta(hours=-10))

    assert machine.muted_until() == made + hour


async def test_what_is_planned_by_a_clock_that_nobody_denies_is_forgotten(
    machine: Machine, desk: Recorder
) -> None:
    """A year ahead no certificate is valid: no host is reached that could say so."""
    for server, _ in machine.feeds:
        server.go_away()
    await machine.round(wrong_by=365 * DAY)
    for server, _ in machine.feeds:
        server.come_back()
    machine.show(Story(MEETS))
    summary = await machine.round_of_the_timer(wrong_by=timedelta(0))

    assert (summary.feeds, summary.failed) == (2, 0)
    assert told(desk) == [MEETS]


async def test_a_daemon_that_starts_in_another_year_lives_in_this_one(
    machine: Machine, desk: Recorder
) -> None:
    await machine.round(wrong_by=timedelta(0))
    machine.show(Story(MEETS))
    machine.clock.by = 365 * DAY
    daemon = machine.daemon()
    async with running(daemon):
        async with asyncio.timeout(60):
            await desk.arrived.wait()
            desk.arrived.clear()
            machine.clock.by = timedelta(0)
            machine.show(Story(MEETS), Story(SIGNS))
            await desk.arrived.wait()

    assert told(desk) == [MEETS, SIGNS]
    assert are_of_today(machine)


@pytest.mark.usefixtures("scheduler")
async def test_a_daemon_that_goes_by_the_hosts_goes_on_when_the_machine_is_put_right(
    machine: Machine, desk: Recorder
) -> None:
    await machine.round(wrong_by=timedelta(0))
    machine.clock.by = DAY
    daemon = machine.daemon()
    async with running(daemon):
        async with asyncio.timeout(60):
            await machine.polled(times=4)  # the last one by a life that was planned tomorrow
            machine.clock.by = timedelta(0)
            machine.show(Story(MEETS))
            await desk.arrived.wait()

    assert told(desk) == [MEETS]
