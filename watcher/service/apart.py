"""Work done by a process of its own, for what it needs for a moment never to be ours.

What compiling takes lies between what stays: a daemon that compiles the example watchlist and the
names of the cast itself has some 70 MB more at its first poll than one that takes them over; and
for seconds none of its threads gets a turn.
"""

import asyncio
import ctypes
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeVar

from watcher.feeds.workers import ROOT, command
from watcher.service.log import get_logger

log = get_logger(__name__)

T = TypeVar("T")

#: Linux's name for the signal that a process gets at its parent's end (prctl(2)).
_PR_SET_PDEATHSIG: Final = 1

#: Seconds that the other process may take; 3 are usual. After them we do it ourselves.
PATIENCE_S: Final = 60.0


async def apart(work: Callable[..., T], *given: object) -> T:
    """Return what a function returns that another process calls; we do where that fails.

    Args:
        work: of a module, so that it can be found there.
        given: its arguments, which can be pickled, as what it returns.
    """
    sent = await _sent(pickle.dumps((_code(), work, given)))
    return await asyncio.to_thread(_taken, sent, work, given)


def _taken(sent: bytes, work: Callable[..., T], given: tuple[object, ...]) -> T:
    try:
        done: T = pickle.loads(sent)  # noqa: S301 - made by `main`, below
    except (EOFError, pickle.UnpicklingError):  # it failed, or was killed, maybe while it sent
        log.info("not done by a process of its own, but here", work=work.__qualname__)
        return work(*given)
    return done


@cache
def _code() -> bytes:
    """Return what tells one state of our program and its data from another, as it was at first.

    What another one made, after an upgrade say, fits no longer.
    """
    root = Path(ROOT)  # a zipapp is a file
    files = [root] if root.is_file() else sorted(root.joinpath("watcher").rglob("*.*"))
    stamps = [stamp for file in files if "__pycache__" not in file.parts for stamp in _stamp(file)]
    return blake2b(repr(stamps).encode(errors="surrogatepass"), digest_size=16).digest()


def _stamp(file: Path) -> Iterator[tuple[str, int, int]]:
    """Yield what tells one state of a file from another, if it is there: editors leave links."""
    with suppress(OSError):
        found = file.stat()
        yield str(file), found.st_mtime_ns, found.st_size


async def _sent(order: bytes) -> bytes:
    """Return what the other process sends, as much as there is of it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command(__name__), stdin=PIPE, stdout=PIPE, start_new_session=True
        )
    except OSError:  # no memory for it, or no more processes allowed
        return b""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return (await process.communicate(order))[0]
    except TimeoutError:
        return b""
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    """Have the process gone, and its pipes closed."""
    with suppress(ProcessLookupError):
        if process.returncode is None:
            process.kill()
    await process.communicate()


def main() -> None:
    """Do what whoever started this process asks for, and send it there, if that still runs."""
    _end_with_parent()
    done = b""
    with suppress(Exception):  # who asks will try itself, and see why
        code, work, given = pickle.load(sys.stdin.buffer)  # noqa: S301 - made by `apart`, above
        if code == _code():
            done = pickle.dumps(work(*given), pickle.HIGHEST_PROTOCOL)
    with suppress(BrokenPipeError), open(sys.stdout.fileno(), "wb", closefd=False) as out:
        out.write(done)


def _end_with_parent() -> None:
    """Have the kernel end this process with the one that started it: a kill is no word to us."""
    with suppress(OSError, AttributeError):  # elsewhere than on Linux it does its work for nobody
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
