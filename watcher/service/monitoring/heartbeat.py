"""The proof of life: one line to `ops_channel` at each time of a schedule, whoever looks when."""

from collections.abc import Callable
from datetime import datetime

from watcher.alerts.notices import Notice
from watcher.alerts.timing import next_time
from watcher.config.settings import Settings
from watcher.config.values import Schedule
from watcher.service.care.health import LOST
from watcher.service.delivery.ops import Ops
from watcher.service.moments import Clock
from watcher.service.monitoring.poll_log import PollLog, proof_of_life
from watcher.service.writer import Writer
from watcher.storage.database import Transaction
from watcher.storage.notes import HEARTBEAT


class Heartbeat:
    """Tells that we live, once for each time that the schedule in force names.

    When it was told last is kept in the database: neither a restart around its time nor a clock
    that is set back makes it be missed or told twice. Another schedule begins anew.

    Args:
        writer: runs its transactions.
        ops: sends the line.
        poll_log: what was done since the start.
        settings: the configuration in force.
        clock: the present time.
    """

    def __init__(
        self,
        writer: Writer,
        ops: Ops,
        poll_log: PollLog,
        settings: Callable[[], Settings],
        clock: Clock,
    ) -> None:
        self._writer, self._ops, self._poll_log = writer, ops, poll_log
        self._settings, self._clock = settings, clock
        self._key = ""
        self._told: datetime | None = None

    async def look(self) -> None:
        """Tell it when its time came since it was told last, or since there is a schedule."""
        table, now = self._settings().watcher, self._clock()
        schedule = table.heartbeat
        await self._follow(schedule)
        if schedule is None:
            return

        def following(time: datetime) -> datetime:
            return next_time(schedule, time, table.zone)

        told = self._told
        # Later than the time after the next it was told by a clock that was ahead.
        if told is None or told > following(following(now)):
            await self._remember(told := now)
        if following(told) <= now:
            await self._tell(now)

    async def _tell(self, now: datetime) -> None:
        queues = await self._writer.run(lambda tx: tx.queues(lost_since=now - LOST))
        text = proof_of_life(self._poll_log, sick=queues.feeds_sick, lost=queues.lost)
        await self._remember(now, Notice(text))
        self._ops.tell(text)

    async def _follow(self, schedule: Schedule | None) -> None:
        """Take over when it was told last by a schedule; by another one it was not."""
        key = f"{HEARTBEAT} {schedule}"
        if key != self._key:
            self._told = await self._writer.run(lambda tx: _told_by(tx, key))
            self._key = key

    async def _remember(self, now: datetime, *told: Notice) -> None:
        key = self._key

        def note(tx: Transaction) -> None:
            tx.notices.remember(key, now)
            tx.notices.keep(told, now)

        await self._writer.run(note)
        self._told = now


def _told_by(tx: Transaction, key: str) -> datetime | None:
    """Return when it was told last under a key, and forget those of all other schedules."""
    told = tx.notices.current()
    for other in told:
        if other.startswith(HEARTBEAT) and other != key:
            tx.notices.clear(other)
    return told.get(key)
