"""Reading the secrets that pipes bring, while everything else goes on."""

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from watcher.config.pipes import given, is_pipe, keep
from watcher.config.secrets import Secret

#: Somebody may have to type a passphrase first.
PIPE_WAIT_S: Final = 30.0


async def draw_pipes(secrets: Iterable[Secret], wait_s: float = PIPE_WAIT_S) -> None:
    """Have the secrets that pipes bring at hand: each pipe is read until it gave something, once.

    One that gives nothing within the wait is left for the next time; to reveal it fails.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(wait_s):
            await asyncio.gather(*map(_draw, _pipes(secrets)))


def _pipes(secrets: Iterable[Secret]) -> set[Path]:
    """Return the pipes that were not read yet."""
    found = set()
    for secret in secrets:
        with suppress(OSError, KeyError, ValueError):  # revealing it says so
            path = secret.path()
            if path and is_pipe(path) and not given(path):
                found.add(path)
    return found


async def _draw(path: Path) -> None:
    """Keep what a pipe gives until its writer is done."""
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    with suppress(OSError, ValueError):  # revealing it says so
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # else it waits for a writer
        pipe = os.fdopen(descriptor, "rb", buffering=0)
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        try:
            keep(path, await reader.read())
        finally:
            transport.close()
