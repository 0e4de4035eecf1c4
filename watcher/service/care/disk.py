"""Room on the disk of the state: polling stops before it is full, so that alerts still go out.

What is left below the mark is for the outbox: a message is marked sent in the database, and one
that cannot be would be sent again.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from watcher.errors import StorageError
from watcher.service.writer import Writer
from watcher.storage.trouble import inodes_left

#: Polling stops below this: more than the write-ahead log may grow to (64 MB) before a checkpoint.
LEAST_BYTES: Final = 100_000_000
#: A small disk of its own is no trouble as long as a twentieth of it is free.
LEAST_PART: Final = 1 / 20
#: Polling goes on from twice the mark, so that it does not start and stop all the time.
ENOUGH: Final = 2
#: A start makes a handful of files beside the database, a backup some more: below this it is told.
LEAST_FILES: Final = 50
#: What is wrong with the database is told so often: once a poll buries everything else, and once
#: for ever is not heard when it comes back after weeks.
TELL_AGAIN: Final = timedelta(days=1)


class Room(NamedTuple):
    """What a disk holds, in bytes, as `shutil.disk_usage` tells it."""

    total: int
    used: int
    free: int


def mark(room: Room) -> int:
    """Return how many bytes have to stay free."""
    return min(LEAST_BYTES, int(room.total * LEAST_PART))


def is_short(room: Room, *, was_short: bool) -> bool:
    """Whether too little is left to take in more."""
    return room.free < mark(room) * (ENOUGH if was_short else 1)


async def can_grow(writer: Writer) -> bool:
    """Whether the database takes something new."""
    try:
        await writer.run(lambda tx: tx.fill())
        await writer.run(lambda tx: tx.unfill())
    except StorageError:
        return False
    return True


class DiskWatch:
    """Pauses polling while the disk is short or the database cannot grow.

    Attributes:
        is_short: polling is paused for want of room.

    Args:
        folder: where the state lies.
        pause: stops (True) or resumes (False) polling.
        tell: tells the operator.
        can_grow: writes a little and says whether the database took it.
        measure: returns the room on a folder's disk.
        files_left: returns how many files more it can hold; None where it counts none.
    """

    def __init__(
        self,
        folder: Path,
        *,
        pause: Callable[[bool], None],
        tell: Callable[[str], None],
        can_grow: Callable[[], Awaitable[bool]],
        measure: Callable[[Path], tuple[int, int, int]] = shutil.disk_usage,
        files_left: Callable[[Path], int | None] = inodes_left,
    ) -> None:
        self._folder = folder
        self._pause = pause
        self._tell = tell
        self._can_grow = can_grow
        self._measure = measure
        self._files_left = files_left
        self._is_crowded = False
        self.is_short = False
        self._told: dict[str, datetime] = {}

    def failed(self, error: StorageError, now: datetime) -> None:
        """Note that the database refused a poll; a quota is no business of `disk_usage`.

        That it is damaged or locked is told once a day, and tried again with each poll.
        """
        if error.is_full and not self.is_short:
            self._stop(f"{error}; polling stops until it can grow, alerts are still sent")
        elif not error.is_full and error.fact and self._may_tell(error.fact, now):
            self._told[error.fact] = now
            self._tell(f"what comes in cannot be kept: {error}")

    async def look(self) -> None:
        """Stop polling when the room gets short, and go on when there is enough again."""
        room = Room(*await asyncio.to_thread(self._measure, self._folder))
        self._look_at_files(await asyncio.to_thread(self._files_left, self._folder))
        short = is_short(room, was_short=self.is_short)
        if short and not self.is_short:
            self._stop(
                f"only {room.free // 1_000_000} MB are left on the disk of {self._folder}: polling"
                " stops, alerts are still sent; free some space and polling goes on by itself"
            )
        elif self.is_short and not short and await self._can_grow():
            self.is_short = False
            self._pause(False)
            self._tell(f"there is room again on the disk of {self._folder}: polling goes on")

    def _look_at_files(self, left: int | None) -> None:
        """Tell once that a disk can hold hardly any file more: what is open goes on."""
        is_crowded = left is not None and left < LEAST_FILES * (ENOUGH if self._is_crowded else 1)
        if is_crowded and not self._is_crowded:
            self._tell(
                f"the disk of {self._folder} can hold {left} files more (inodes): delete some, or"
                " Watcher cannot start again, nor make a backup"
            )
        self._is_crowded = is_crowded

    def _may_tell(self, fact: str, now: datetime) -> bool:
        last = self._told.get(fact)
        return last is None or abs(now - last) >= TELL_AGAIN

    def _stop(self, text: str) -> None:
        self.is_short = True
        self._pause(True)
        self._tell(text)
