"""The fixed jobs. What is due is in the database; the scheduler only looks often enough."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from watcher.service.monitoring.sd_notify import watchdog_interval

#: How often we look for what is due: the delay it adds to a poll or delivery.
TICK = timedelta(seconds=1)
#: A saved watchlist is in force after two looks: the second sees that nobody writes it any more.
CONFIG_LOOK = timedelta(seconds=1)
#: A heartbeat comes this much late at most.
HEARTBEAT_LOOK = timedelta(seconds=10)
#: The buttons under a message show this much late at most that a mute has ended.
MUTE_LOOK = timedelta(seconds=10)
#: What may go in an hour is a share of all (`housekeeping`), so it is looked at once an hour.
TIDY = timedelta(hours=1)
#: After a start a thousand feeds are read whole within minutes; what that took is not needed again.
GIVE_BACK = timedelta(minutes=10)
#: A disk of 100 MB a minute, which is a lot, loses no more than a sixth of what we keep free.
DISK_LOOK = timedelta(seconds=10)
#: A notice is tried for a minute; a service that took none then may be away for hours.
TELL_AGAIN = timedelta(minutes=5)
#: A backup comes this much late at most, also after a restart.
BACKUP_LOOK = timedelta(minutes=5)

#: How old the status that systemd shows may be; the watchdog asks for a sign every minute.
BEAT = timedelta(seconds=15)
#: Monitors expect a sign every minute or less often.
PING = timedelta(minutes=1)

#: The library's defaults drop a run that is 1 s late without a word; a late look is still a look.
JOB_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}

Job = Callable[[], Awaitable[None]]


def beat_interval() -> timedelta:
    """Return how often systemd is told that we are alive: as often as it asks for, at least."""
    return min(watchdog_interval() or BEAT, BEAT)


def make_scheduler(every: Mapping[Job, timedelta]) -> AsyncIOScheduler:
    """Return a scheduler, not yet started.

    Args:
        every: each job with the time from one run to the next.
    """
    # Of each look that a busy machine leaves out it would write a line, several a second; whether
    # anything is late is health's to say.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    logging.getLogger("apscheduler.executors.default").addFilter(is_fault)
    scheduler = AsyncIOScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": AsyncIOExecutor()},
        job_defaults=JOB_DEFAULTS,
        timezone=UTC,
    )
    for job, interval in every.items():
        scheduler.add_job(job, Every(interval), name=job.__qualname__)
    return scheduler


class Every(IntervalTrigger):  # type: ignore[misc]
    """Fires at an interval; what was missed, while the machine slept perhaps, is one late run.

    The library goes through all that was missed one by one, and makes one run of it in the end:
    for a job of each second, after a clock that jumps by a year, minutes and gigabytes.
    """

    def __init__(self, interval: timedelta) -> None:
        super().__init__(seconds=interval.total_seconds(), timezone=UTC)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return when to fire next: after now, if it fired before."""
        planned: datetime = super().get_next_fire_time(previous, now)
        missed = previous is not None and planned <= now
        return now + self.interval if missed else planned


def is_fault(record: logging.LogRecord) -> bool:
    """Tell whether a line is no job's that was cut short: its scheduler cancels it at the end."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
