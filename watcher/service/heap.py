"""Giving memory back: what polls took for a moment should not be ours for ever."""

import ctypes
import gc
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Final

#: glibc's name for the number of heaps (malloc.h). By default it is eight for each core, and every
#: thread that looks up a name or writes would keep what it once needed in one of its own.
_ARENAS: Final = -8
_FEW: Final = 2


def keep_few_heaps() -> None:
    """Let threads share heaps; where the C library is another, nothing happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENAS, _FEW)


def settle() -> None:
    """Have what lasts as long as the program never looked through again for garbage.

    With ten thousand feeds each look would stop the loop for 50 to 90 ms. What is garbage already
    stays, and is little: it was looked for while all of this was made.
    """
    gc.freeze()


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
