import asyncio
from threading import Event

import pytest

from watcher.daemon_threads import in_daemon_thread


async def test_who_waits_hears_the_answer_or_any_error() -> None:
    assert await in_daemon_thread(lambda: 7, "test") == 7
    with pytest.raises(ZeroDivisionError):
        await in_daemon_thread(lambda: 1 // 0, "test")


async def test_a_call_that_hangs_can_be_left_behind() -> None:
    hangs, ended = Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        hangs.wait()
        loop.call_soon_threadsafe(ended.set)

    call = in_daemon_thread(work, "test")
    call.cancel()
    hangs.set()
    await ended.wait()
    with pytest.raises(asyncio.CancelledError):
        await call
