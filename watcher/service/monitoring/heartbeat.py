"""The proof of life: one line to `ops_channel` at each time of a schedule, whoever looks when."""

from collections.abc import Callable
from datetime import datetime

from watcher.alerts.timing import next_time
from watcher.config.settings import Settings
from watcher.service.care.health import LOST
from watcher.service.delivery.ops import Ops
from watcher.service.monitoring.poll_log import PollLog, proof_of_life
from watcher.service.writer import Writer
from watcher.storage.notes import HEARTBEAT


class Heartbeat:
    """Tells that we live, once for each time that the schedule in force names.

    When it was told last is kept in the database: neither a restart around its time nor a clock
    that is set back makes it be missed or told twice.

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
        clock: Callable[[], datetime],
    ) -> None:
        self._writer, self._ops, self._poll_log = writer, ops, poll_log
        self._settings, self._clock = settings, clock
        self._told: datetime | None = None

    async def look(self) -> None:
        """Tell it when its time came since it was told last, or since there is a schedule."""
        table, now = self._settings().watcher, self._clock()
        if table.heartbeat is None:
            await self._forget()
        elif next_time(table.heartbeat, await self._told_last(now), table.zone) <= now:
            await self.tell()

    async def tell(self) -> None:
        """Tell it now."""
        now = self._clock()
        queues = await self._writer.run(lambda tx: tx.queues(lost_since=now - LOST))
        self._ops.tell(proof_of_life(self._poll_log, sick=queues.feeds_sick, lost=queues.lost))
        await self._remember(now)

    async def _told_last(self, now: datetime) -> datetime:
        told = self._told or await self._writer.run(lambda tx: tx.notices.current().get(HEARTBEAT))
        if told is None or self._is_by_a_clock_ahead(told, now):
            await self._remember(told := now)
        self._told = told
        return told

    def _is_by_a_clock_ahead(self, told: datetime, now: datetime) -> bool:
        """Tell whether it was told later than the time after the next: once more would be none."""
        table = self._settings().watcher
        assert table.heartbeat  # noqa: S101 - else nobody asks
        coming = next_time(table.heartbeat, now, table.zone)
        return told > next_time(table.heartbeat, coming, table.zone)

    async def _remember(self, now: datetime) -> None:
        await self._writer.run(lambda tx: tx.notices.remember(HEARTBEAT, now))
        self._told = now

    async def _forget(self) -> None:
        if self._told is not None:
            await self._writer.run(lambda tx: tx.notices.clear(HEARTBEAT))
            self._told = None
