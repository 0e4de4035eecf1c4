"""What becomes of plans when the clock is set back: by its new time they would come a day late."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from watcher.service.tidings import OFFLINE
from watcher.storage.database import Transaction

log = structlog.get_logger(__name__)

#: Clocks are put right by less than this all the time, and then a plan comes so much later.
LEAST_BACK: Final = timedelta(minutes=1)
LOOK_S: Final = 1.0


async def is_set_back_before(end: asyncio.Event, clock: Callable[[], datetime]) -> bool:
    """Wait for the end of a run; return True at once when the clock is set back before.

    One that jumps ahead, as after a machine slept, asks for nothing: what is due then is late.
    """
    steady = timedelta(seconds=time.monotonic())
    begun = clock() - steady
    while not end.is_set():
        await _look_again(end)
        begun, before = clock() - timedelta(seconds=time.monotonic()), begun
        if before - begun >= LEAST_BACK:
            log.warning("the clock was set back; all is planned anew", by=str(before - begun))
            return True
    return False


async def _look_again(end: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_S):
            await end.wait()
    except TimeoutError:
        return


def resume(tx: Transaction, now: datetime) -> None:
    """Take up what an earlier run left, whose clock may have been ahead of ours."""
    tx.outbox.reclaim(now)
    tx.outbox.follow_clock(now)
    tx.notices.clear(OFFLINE)
