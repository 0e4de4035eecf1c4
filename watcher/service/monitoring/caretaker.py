"""Looks after the running daemon: is it alive, is it well, and do those who ask hear of it.

Systemd's watchdog is pinged, and a monitor elsewhere told, only while polling, the outbox and the
database move; so a hang ends in a restart or an alarm, and not in silence.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Final, Self

from watcher.config.settings import Settings
from watcher.errors import ConfigError, FeedError
from watcher.feeds.fetch import Fetcher, Request
from watcher.feeds.hosts import host_of
from watcher.service.care.health import LOST, Pulse, Vitals, reasons, unmoved, warnings
from watcher.service.log import get_logger
from watcher.service.moments import rfc3339, utc_now
from watcher.service.monitoring.endpoint import Endpoint, Health
from watcher.service.monitoring.metrics import Metrics
from watcher.service.monitoring.sd_notify import notify
from watcher.service.polling.network import is_near
from watcher.service.polling.pace import waits_in
from watcher.service.polling.visit import limits_of
from watcher.storage.backups import backups_of, newest
from watcher.storage.database import Database
from watcher.storage.rows import Queues

log = get_logger(__name__)

#: Whatever keeps the loop for longer than this is seen.
LAG_LOOK_S: Final = 1.0
#: `status` shows the worst lag of this many looks.
LAGS: Final = 60
#: A monitor that answers later than this is no monitor.
PING_TIMEOUT: Final = timedelta(seconds=10)
#: What its answer says does not count; a larger one is no monitor's.
PING_MOST_BYTES: Final = 1_000_000
_GOOD: Final = range(200, 300)


class Caretaker:
    """Watches over one daemon.

    Args:
        database: read when somebody asks.
        metrics: shown at /metrics.
        situation: what the daemon knows of itself; pulse, lag and address are known here.
        settings: the configuration in force.
        tell: tells the operator.
    """

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        situation: Callable[[], Vitals],
        settings: Callable[[], Settings],
        tell: Callable[[str], None],
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._situation = situation
        self._settings = settings
        self._tell = tell
        self._lags: deque[float] = deque([0.0], maxlen=LAGS)
        self._ping_error = ""
        self.pulse = Pulse(time.monotonic)
        self.endpoint = Endpoint(self.health, self.metrics)

    async def __aenter__(self) -> Self:
        self._measuring = asyncio.create_task(self._measure(), name="loop lag")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._measuring.cancel()
        with suppress(asyncio.CancelledError):
            await self._measuring
        await self.endpoint.close()

    async def use(self, settings: Settings) -> None:
        """Show topics, channels and health as a configuration wants it."""
        self._metrics.use(settings)
        if trouble := await self.endpoint.use(settings.http.listen):
            self._tell(trouble)

    def vitals(self) -> Vitals:
        """Return how the daemon is at this moment."""
        return replace(
            self._situation(),
            loop_lag=timedelta(seconds=max(self._lags)),
            ages=self.pulse.ages(),
            listen=self.endpoint.listen,
            database_moved=not self._database.is_in_place,
        )

    def beat(self, status: str) -> None:
        """Tell systemd how we are; the watchdog is fed only while everything moves."""
        still = unmoved(self.pulse.ages())
        if still:
            log.error("not alive: systemd will restart us", reasons="; ".join(still))
            notify(STATUS=f"hangs: {'; '.join(still)}")
        else:
            notify(WATCHDOG="1", STATUS=status)

    async def ping(self) -> None:
        """Tell the monitor elsewhere that all is well; nothing is told while it is not."""
        settings = self._settings()
        secret = settings.watcher.heartbeat_url
        if secret is None:
            return
        queues = await asyncio.to_thread(self._queues)
        if found := reasons(self.vitals(), queues, settings):
            log.warning("heartbeat held back", reasons="; ".join(found))
            return
        try:
            await _get(secret.reveal(), settings)
        except (ConfigError, FeedError) as error:
            self._ping_failed(str(error))
        else:
            self._ping_error = ""

    async def health(self) -> Health:
        """Return what /health shows."""
        queues = await asyncio.to_thread(self._queues)
        vitals, settings = self.vitals(), self._settings()
        found = reasons(vitals, queues, settings)
        return {
            "ready": not found,
            "reasons": found,
            "warnings": warnings(vitals, queues, settings),
        }

    async def metrics(self) -> bytes:
        """Return what /metrics shows."""
        queues, backup = await asyncio.to_thread(lambda: (self._queues(), self._last_backup()))
        return self._metrics.render(self.vitals(), queues, backup)

    async def report(self) -> dict[str, object]:
        """Return what `watcher status` asks a running daemon for, as JSON can say it."""
        vitals, health = self.vitals(), await self.health()
        ages = {part.name.lower(): age.total_seconds() for part, age in vitals.ages.items()}
        loaded = vitals.config_loaded
        return {
            **asdict(vitals),
            **health,
            "now": rfc3339(vitals.now),
            "uptime": vitals.uptime.total_seconds(),
            "clock_behind": vitals.clock_behind.total_seconds(),
            "loop_lag": vitals.loop_lag.total_seconds(),
            "config_loaded": rfc3339(loaded),
            "ages": ages,
        }

    def _queues(self) -> Queues:
        now = self._situation().now
        with self._database.read() as tx:
            return tx.queues(waits_in(self._settings(), now), now - LOST)

    def _last_backup(self) -> datetime | None:
        last = newest(backups_of(self._database.path), self.vitals().now)
        return last and last.made

    async def _measure(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            asked = loop.time() + LAG_LOOK_S
            await asyncio.sleep(LAG_LOOK_S)
            lag = max(loop.time() - asked, 0.0)
            self._lags.append(lag)
            self._metrics.lagged(lag)

    def _ping_failed(self, error: str) -> None:
        """Say so once while it stays the same."""
        if error != self._ping_error:
            log.warning("heartbeat not taken", error=error)
        self._ping_error = error


async def _get(url: str, settings: Settings) -> None:
    """Ask for an address under the same rules as feeds; any answer that says yes will do.

    A monitor nearby is not asked by way of the proxy, which leads out.

    Raises:
        FeedError: nobody said yes.
    """
    limits = replace(limits_of(settings.polling), timeout=PING_TIMEOUT, max_body=PING_MOST_BYTES)
    own_proxy = "" if is_near(host_of(url)) else None
    async with Fetcher(limits, concurrency=1, clock=utc_now) as fetcher:
        try:
            await fetcher.fetch(Request(url=url, proxy=own_proxy))
        except FeedError as error:
            if error.status not in _GOOD:  # an empty answer is one too
                raise
