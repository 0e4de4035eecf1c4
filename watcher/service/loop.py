"""The event loop that the daemon runs on, and taking turns on it.

It is uvloop's where that is installed, asyncio's own elsewhere.
"""

import asyncio
import signal
from asyncio import FIRST_COMPLETED, CancelledError, Event
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import suppress
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")

#: So many items (feeds that are planned) come in one go: some milliseconds, in which nothing else
#: happens.
SLICE = 50


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end, as `asyncio.run` does."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(main)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the loop; None for asyncio's own.

    uvloop takes half of a poll's time on the loop; there are wheels of it for 64-bit Linux and
    macOS, and nobody should need a compiler.
    """
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def loop_name() -> str:
    """Return whose loop is running: "uvloop" or "asyncio"."""
    return type(asyncio.get_running_loop()).__module__.partition(".")[0]


async def with_pauses(items: Iterable[T]) -> AsyncIterator[T]:
    """Yield the items of a long list; now and then, and at last, others get their turn."""
    iterator = iter(items)
    while batch := list(islice(iterator, SLICE)):
        for item in batch:
            yield item
        await asyncio.sleep(0)


def end_on_signals(stop: Callable[[], None]) -> None:
    """Have SIGTERM and SIGINT call this, while the loop runs."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)


async def do_until(end: Event, work: Coroutine[Any, Any, None]) -> None:
    """Do a piece of work; cut it short when the end comes before."""
    ended, done = asyncio.create_task(end.wait()), asyncio.create_task(work)
    try:
        await asyncio.wait((ended, done), return_when=FIRST_COMPLETED)
    finally:
        ended.cancel()
        done.cancel()
    with suppress(*(CancelledError,) if end.is_set() else ()):
        await done
