"""What the running daemon knows of itself: kept where it happens, told when somebody asks."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from watcher import __version__
from watcher.config.settings import Settings
from watcher.service.care.backups import Backups
from watcher.service.care.clock import CheckedClock
from watcher.service.care.disk import DiskWatch
from watcher.service.care.health import Vitals
from watcher.service.in_force.reloading import Reloading
from watcher.service.monitoring.poll_log import PollLog
from watcher.service.polling.poller import Poller
from watcher.wording import plural


@dataclass(slots=True)
class OwnState:
    """One daemon's state, as it knows it.

    Attributes:
        down: the channels that cannot be used, and why.
    """

    clock: CheckedClock
    poll_log: PollLog
    poller: Poller
    disk: DiskWatch
    backups: Backups
    reloading: Reloading
    down: Mapping[str, str] = field(default_factory=dict)
    started_s: float = field(default_factory=time.monotonic)

    def vitals(self) -> Vitals:
        """Return all of it as of now; pulse, lag and address are the caretaker's to add."""
        return Vitals(
            version=__version__,
            pid=os.getpid(),
            now=self.clock(),
            clock_behind=self.clock.behind,
            uptime=timedelta(seconds=time.monotonic() - self.started_s),
            polls=self.poll_log.polls,
            failed_polls=self.poll_log.failed,
            offline=self.poller.is_offline,
            outage=str(self.poller.outage or ""),
            disk_short=self.disk.is_short,
            config_loaded=self.reloading.loaded,
            config_refused=self.reloading.refused or None,
            channels_down=self.down,
            backup_failed=self.backups.trouble,
        )

    def summary(self, settings: Settings) -> str:
        """Return what systemd shows of us, on one line."""
        feeds = plural(len(settings.feeds), "feed")
        topics = plural(len(settings.topics), "topic")
        polls = plural(self.poll_log.polls, "poll")
        alerts = plural(self.poll_log.taken.alerts, "alert")
        return f"watching {feeds} for {topics}; since the start {polls}, {alerts}"
