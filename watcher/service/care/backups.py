"""A copy of the database every day, beside it, checked; the last few are kept."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from watcher.errors import StorageError
from watcher.service.care.disk import Room, mark
from watcher.service.log import get_logger
from watcher.service.moments import Clock
from watcher.storage.backup import make_backup
from watcher.storage.backups import EVERY, backups_of, newest

log = get_logger(__name__)

#: After one that failed: copying a large file that is not sound is not tried all the time.
AGAIN: Final = timedelta(hours=1)


class Backups:
    """Makes the copies, and tells the operator once when one cannot be made.

    Args:
        database: the file.
        clock: the present time, aware UTC.
        tell: tells the operator.
        measure: returns the room on a folder's disk.
    """

    def __init__(
        self,
        database: Path,
        *,
        clock: Clock,
        tell: Callable[[str], None],
        measure: Callable[[Path], tuple[int, int, int]] = shutil.disk_usage,
    ) -> None:
        self._database = database
        self._clock = clock
        self._tell = tell
        self._measure = measure
        self._failed_at: datetime | None = None
        #: Why the last copy could not be made; None when it could.
        self.trouble: str | None = None

    async def look(self, keep: int) -> None:
        """Make a copy if one is due; without the event loop, which goes on meanwhile."""
        now = self._clock()
        if keep < 1 or not await asyncio.to_thread(self._is_due, now):
            return
        try:
            path = await asyncio.to_thread(self._make, now, keep)
        except StorageError as error:
            self._failed(error, now)
        else:
            self._failed_at = self.trouble = None
            log.info("backup made", path=str(path), bytes=path.stat().st_size)

    def _is_due(self, now: datetime) -> bool:
        if self._failed_at is not None and abs(now - self._failed_at) < AGAIN:
            return False
        last = newest(backups_of(self._database), now)
        return last is None or last.made <= now - EVERY

    def _make(self, now: datetime, keep: int) -> Path:
        room = Room(*self._measure(self._database.parent))
        needed = self._database.stat().st_size + mark(room)
        if room.free < needed:
            raise StorageError(
                f"no room for a backup: it takes {needed // 1_000_000} MB and"
                f" {room.free // 1_000_000} MB are free in {self._database.parent}"
            )
        return make_backup(self._database, now, keep)

    def _failed(self, error: StorageError, now: datetime) -> None:
        failed_before, self._failed_at = self._failed_at is not None, now
        self.trouble = str(error)
        if failed_before:
            log.warning("backup not made", error=str(error))
        else:
            self._tell(f"today's backup could not be made: {error}")
