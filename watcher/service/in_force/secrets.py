"""The secrets of the configuration in force: read from pipes, and kept out of the log."""

import asyncio
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from watcher.config.pipes import given, is_pipe, keep
from watcher.config.secrets import Secret
from watcher.config.settings import Settings
from watcher.errors import ConfigError

#: Somebody may have to type a passphrase first.
PIPE_WAIT_S: Final = 30.0
#: Shorter pieces of an address are words such as "notify", and would be cut out of honest lines.
LEAST_PIECE: Final = 8
_HOST = re.compile(r"localhost|[\w-]+(\.[\w-]+)+", re.ASCII)


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


def hide_secrets(settings: Settings) -> None:
    """Have no log line show the secrets of these settings from now on."""
    from watcher.service.log import redactor  # loads what commands need not

    redactor.know(set(_secrets(settings)))


def _secrets(settings: Settings) -> Iterator[str]:
    """Yield every secret that can be revealed, whole and in pieces."""
    for secret in settings.secrets():
        with suppress(ConfigError):
            revealed = secret.reveal()
            yield revealed
            yield from pieces(revealed)
    yield from pieces(settings.polling.proxy or "")
    for feed in settings.feeds:
        yield from (value for value in feed.headers.values() if len(value) >= LEAST_PIECE)
        yield from pieces(feed.proxy or "")


def pieces(secret: str) -> Iterator[str]:
    """Yield the parts of a secret that others may show without the rest.

    They are the password of `user:password`, the end of a bot's token, and what an address holds
    beside its host and the names of its parameters: an error of a library tells a path alone.
    """
    for piece in _address_pieces(secret) if "://" in secret else [secret.partition(":")[2]]:
        if len(piece) >= LEAST_PIECE and not _HOST.fullmatch(piece):
            yield piece
            yield unquote(piece)


def _address_pieces(address: str) -> list[str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return []
    values = [value for _, value in parse_qsl(parts.query)]
    return re.split("[/:@,]", f"{parts.netloc}/{parts.path}/{parts.fragment}") + values
