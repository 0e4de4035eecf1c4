"""The fixed jobs. What is due is in the database; the scheduler only looks often enough."""

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from watcher.alerts.timing import next_time
from watcher.service.sd_notify import watchdog_interval

if TYPE_CHECKING:
    from watcher.service.daemon import Daemon

#: How often we look for what is due: the delay it adds to a poll or delivery.
TICK = timedelta(seconds=1)
#: A saved watchlist is in force after two looks: the second sees that nobody writes it any more.
CONFIG_LOOK = timedelta(seconds=1)
#: A heartbeat comes this much late at most.
HEARTBEAT_LOOK = timedelta(seconds=10)
TIDY = timedelta(hours=1)

#: The library's defaults drop a run that is 1 s late without a word; a late look is still a look.
JOB_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


def make_scheduler(daemon: "Daemon") -> AsyncIOScheduler:
    """Return a scheduler with the daemon's jobs, not yet started."""
    scheduler = AsyncIOScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": AsyncIOExecutor()},
        job_defaults=JOB_DEFAULTS,
        timezone=UTC,
    )
    every = {
        daemon.poll: TICK,
        daemon.deliver: TICK,
        daemon.look_at_config: CONFIG_LOOK,
        daemon.tidy: TIDY,
        Heartbeat(daemon).look: HEARTBEAT_LOOK,
    }
    if watchdog := watchdog_interval():
        every[daemon.beat] = watchdog
    for job, interval in every.items():
        scheduler.add_job(job, "interval", seconds=interval.total_seconds(), name=job.__name__)
    return scheduler


class Heartbeat:
    """Tells that we live when the schedule in force at that time says so."""

    def __init__(self, daemon: "Daemon") -> None:
        self._daemon = daemon
        self._looked = daemon.now()

    async def look(self) -> None:
        """Tell it when its time came since the last look."""
        table, now = self._daemon.settings.watcher, self._daemon.now()
        looked, self._looked = self._looked, now
        if table.heartbeat and next_time(table.heartbeat, looked, table.zone) <= now:
            await self._daemon.tell_heartbeat()
