"""Calls that may hang, in threads that never hold up the exit of the process."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")


def in_daemon_thread(work: Callable[[], _T], name: str) -> asyncio.Future[_T]:
    """Run a call in a thread of its own; return what will hold its answer, or its error.

    Who waits for it no longer may cancel that: the call goes on, and nobody hears of it.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_T] = loop.create_future()

    def tell(settle: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if answer.done() else settle())

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - whoever waits has to hear of any
            tell(partial(answer.set_exception, error))
        else:
            tell(partial(answer.set_result, result))

    Thread(target=run, name=name, daemon=True).start()
    return answer
