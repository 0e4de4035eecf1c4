"""Letting go of what is old, in bounded steps between which polls and alerts have their turn."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from watcher.config.settings import Settings
from watcher.service.care.clock import CheckedClock
from watcher.service.writer import Writer
from watcher.storage.database import Transaction
from watcher.storage.retention import ENTRIES_AT_ONCE
from watcher.storage.rows import Swept
from watcher.stories.templates import FAMILY_DAYS

#: Of all entries no more go in an hour. With a retention of a day it is twice what comes; a clock
#: that is a year ahead for an hour, or `9d` where `90d` was meant, costs a tenth and not all.
MOST_PART: Final = 1 / 10
#: Of a handful of entries a tenth would never end.
MOST_AT_LEAST: Final = 50


async def tidy(
    writer: Writer, settings: Settings, now: datetime, is_stopping: Callable[[], bool]
) -> None:
    """Let go of postings outside the window, and of entries and mutes past their retention.

    Their age is counted from the newest entry, where the clock is ahead of it: a clock that nobody
    can contradict, because no feed is reached, does not make all of them old.
    It is for the caller to call it every hour.
    """
    newest = await writer.run(lambda tx: tx.retention.newest())
    now = min(now, newest or now)

    async def sweep(step: Callable[[Transaction], Swept]) -> None:
        """Take one step after the other until nothing is left to let go, or we stop."""
        while not is_stopping():
            if (await writer.run(step)).done:
                break

    window, retention = settings.stories.window, settings.watcher.retention
    await sweep(lambda tx: tx.retention.prune_postings(now - 2 * window))
    await sweep(lambda tx: tx.retention.prune_masks(now - 2 * FAMILY_DAYS))
    await _let_go(writer, now - retention, is_stopping)
    await writer.run(lambda tx: tx.mutes.forget(now - retention))


async def shorten_mutes(writer: Writer, clock: CheckedClock) -> bool:
    """Have mutes that a clock made which was ahead hold no longer than they were made for.

    Only once hosts have told that it is now: by a clock that is behind all mutes are ahead.

    Returns:
        Whether there were any.
    """
    if not clock.is_confirmed:
        return False
    return await writer.run(lambda tx: tx.mutes.follow_clock(clock())) > 0


async def _let_go(writer: Writer, before: datetime, is_stopping: Callable[[], bool]) -> None:
    """Let go of entries of before a time, as many as may go in an hour."""
    entries = await writer.run(lambda tx: tx.retention.entries())
    left, swept = most_in_an_hour(entries), Swept(0, done=False)
    while left > 0 and not (swept.done or is_stopping()):
        last, limit = swept.last, min(left, ENTRIES_AT_ONCE)
        swept = await writer.run(
            lambda tx: tx.retention.delete_entries(before, last, limit)  # noqa: B023 - run at once
        )
        left -= swept.removed


def most_in_an_hour(entries: int) -> int:
    """Return how many of so many entries may go in an hour."""
    return max(int(entries * MOST_PART), MOST_AT_LEAST)
