"""Giving memory back: what polls took for a moment should not be ours for ever."""

import ctypes
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Final

#: glibc's name for the number of heaps (malloc.h). By default it is eight for each core, and every
#: thread that looks up a name or writes would keep what it once needed in one of its own.
_ARENAS: Final = -8
_FEW: Final = 2
#: Its name for how much may be free at the end of a heap before it is given back; by itself it
#: keeps ever more. In `benchmarks/poll.py` the daemon holds 2 to 4 MB less so, and is as fast.
_TRIM_THRESHOLD: Final = -1
_KEPT_BYTES: Final = 128 << 10

#: New objects between two looks for garbage, and looks at the young between those at older ones.
#: Python's own 700 and 10 suit a program that makes few; one poll makes thousands, nearly all of
#: which go by themselves. In `benchmarks/poll.py` the looks took 0.2 ms of an unchanged poll, 6.4
#: of a first one and 0.5 in a round of 30 %; so seldom they take 0.1, 4.6 and 0.2 ms.
_YOUNG: Final = 5_000
_LOOKS: Final = 20


def look_seldom() -> None:
    """Look for garbage less often: each look takes time, and finds little."""
    gc.set_threshold(_YOUNG, _LOOKS, _LOOKS)


def keep_few_heaps() -> None:
    """Let threads share heaps, of short ends; where the C library is another, nothing happens."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_ARENAS, _FEW)
        library.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)


@contextmanager
def making_to_last() -> Iterator[None]:
    """Have what is made in this block, and lasts, never looked through for garbage.

    With ten thousand feeds each look would stop the loop for 50 to 100 ms, at the start and later.
    What is garbage before goes first: it would be kept for ever.
    """
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def give_back() -> None:
    """Return free memory to the system; where the C library is another, nothing happens.

    Called in a thread: a hundred megabytes take some ten milliseconds.
    """
    if trim := _trim():
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    with suppress(OSError, AttributeError):
        return ctypes.CDLL(None).malloc_trim
    return None
