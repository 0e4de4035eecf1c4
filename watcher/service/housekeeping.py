"""Letting go of what is old, in bounded steps between which polls and alerts have their turn."""

from collections.abc import Callable
from datetime import datetime

from watcher.config.settings import Settings
from watcher.service.writer import Writer
from watcher.storage.database import Transaction
from watcher.storage.rows import Seen, Swept
from watcher.stories.templates import FAMILY_DAYS


async def tidy(
    writer: Writer, settings: Settings, now: datetime, is_stopping: Callable[[], bool]
) -> None:
    """Let go of postings outside the window, and of entries and mutes past their retention."""

    async def sweep(step: Callable[[Transaction, Seen | None], Swept]) -> None:
        """Take one step after the other until nothing is left to let go, or we stop."""
        swept = Swept(0, done=False)
        while not (swept.done or is_stopping()):
            last = swept.last
            swept = await writer.run(lambda tx: step(tx, last))  # noqa: B023 - run before the next

    window, retention = settings.stories.window, settings.watcher.retention
    await sweep(lambda tx, _: tx.retention.prune_postings(now - 2 * window))
    await sweep(lambda tx, _: tx.retention.prune_masks(now - 2 * FAMILY_DAYS))
    await sweep(lambda tx, last: tx.retention.delete_entries(now - retention, last))
    await writer.run(lambda tx: tx.mutes.forget(now - retention))
