"""The fixed jobs. What is due is in the database; the scheduler only looks often enough."""

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from watcher.alerts.timing import next_time
from watcher.service.sd_notify import watchdog_interval

if TYPE_CHECKING:
    from watcher.service.daemon import Daemon

#: How often we look for what is due: the delay it adds to a poll or delivery.
TICK = timedelta(seconds=1)
#: A saved watchlist is in force within this time.
CONFIG_LOOK = timedelta(seconds=2)
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
    }
    if watchdog := watchdog_interval():
        every[daemon.beat] = watchdog
    for job, interval in every.items():
        scheduler.add_job(job, "interval", seconds=interval.total_seconds(), name=job.__name__)
    _plan_heartbeat(scheduler, daemon)
    return scheduler


def _plan_heartbeat(scheduler: AsyncIOScheduler, daemon: "Daemon") -> None:
    """Plan the next heartbeat; each plans the one after it, by the configuration of that time."""
    table = daemon.settings.watcher
    if table.heartbeat is None:
        return

    async def beat() -> None:
        await daemon.tell_heartbeat()
        _plan_heartbeat(scheduler, daemon)

    due = next_time(table.heartbeat, daemon.now(), table.zone)
    scheduler.add_job(beat, DateTrigger(due), name="heartbeat")
