"""The names of the cast, compiled by a process of its own.

What compiling takes for a moment lies between what stays: a daemon that does it itself keeps 43 MB,
and 6 where it takes them over; and for a second none of its threads gets a turn.
"""

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import Final

from watcher.feeds.workers import command, environment
from watcher.stories.cast import Names, compile_names, is_loaded, load_cast

#: Seconds that the other process may take; 2 are usual. After them we do it ourselves.
PATIENCE_S: Final = 60.0


async def load_names() -> None:
    """Make the names ready for use, compiled elsewhere where that goes well."""
    if not is_loaded():
        await asyncio.to_thread(_take, await _sent())


def _take(sent: bytes) -> None:
    names: Names | None = None
    with suppress(EOFError, pickle.UnpicklingError):  # it was killed, maybe while it sent
        names = pickle.loads(sent)  # noqa: S301 - made by `main`, below
    load_cast(names)


async def _sent() -> bytes:
    """Return what the other process sends, as much as there is of it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command(__name__), stdout=PIPE, env=environment(), start_new_session=True
        )
    except OSError:  # no memory for it, or no more processes allowed
        return b""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return (await process.communicate())[0]
    except TimeoutError:
        return b""
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    """Have the process gone, and its pipe closed."""
    with suppress(ProcessLookupError):
        if process.returncode is None:
            process.kill()
    await process.communicate()


def main() -> None:
    """Compile the names, and send them to whoever started this process, if it still runs."""
    names = pickle.dumps(compile_names(), pickle.HIGHEST_PROTOCOL)
    with suppress(BrokenPipeError), open(sys.stdout.fileno(), "wb", closefd=False) as out:
        out.write(names)
