"""What an unchanged poll costs before anybody does anything with it; run as a process.

    python floor.py FOLDER URLS.json

Each way asks every feed once, over a new TLS connection with a checked certificate, and reads the
304: a socket and ssl, http.client, a bare protocol on the event loop, aiohttp. It prints, for each,
the CPU time of a poll in milliseconds and the polls a second.
"""

import asyncio
import http.client
import json
import socket
import ssl
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import aiohttp
from usage import cpu_s
from yarl import URL

from watcher.service import loop

#: Connections at once, where there are several.
AT_ONCE = 8

UNCHANGED = {"If-None-Match": '"0"'}
HEAD = b'GET /feed HTTP/1.1\r\nHost: feed\r\nIf-None-Match: "0"\r\n\r\n'


def main() -> None:
    """Measure each way twice, and print the second time."""
    folder, urls = (
        Path(sys.argv[1]),
        [URL(url) for url in json.loads(Path(sys.argv[2]).read_text())],
    )
    context = ssl.create_default_context(cafile=str(folder / "authority.pem"))
    ways: dict[str, Callable[[], None]] = {
        "socket + ssl": lambda: _one_by_one(_by_socket, urls, context),
        "http.client": lambda: _one_by_one(_by_http_client, urls, context),
        "loop + ssl": lambda: loop.run(_together([_by_protocol(url, context) for url in urls])),
        "aiohttp": lambda: loop.run(_by_aiohttp(urls, context)),
    }
    measured = {}
    for name, way in ways.items():
        _measured(way, len(urls))
        measured[name] = _measured(way, len(urls))
    print(json.dumps(measured))


def _one_by_one(
    ask: Callable[[URL, ssl.SSLContext], None], urls: list[URL], context: ssl.SSLContext
) -> None:
    for url in urls:
        ask(url, context)


def _measured(way: Callable[[], None], polls: int) -> dict[str, float]:
    used, started = cpu_s(), time.perf_counter()
    way()
    wall = time.perf_counter() - started
    return {"cpu_ms": (cpu_s() - used) / polls * 1000, "polls_s": polls / wall}


def _by_socket(url: URL, context: ssl.SSLContext) -> None:
    with (
        socket.create_connection((url.host or "", url.port or 443)) as plain,
        context.wrap_socket(plain, server_hostname=url.host) as connection,
    ):
        connection.sendall(HEAD)
        _check(connection.recv(4096))


def _by_http_client(url: URL, context: ssl.SSLContext) -> None:
    connection = http.client.HTTPSConnection(url.host or "", url.port, context=context)
    connection.request("GET", url.path, headers=UNCHANGED)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    _check(b"HTTP/1.1 %d" % answer.status)


class _Exchange(asyncio.Protocol):
    """One request and its answer."""

    def __init__(self, answered: "asyncio.Future[bytes]") -> None:
        self._answered = answered

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._transport.write(HEAD)

    def data_received(self, data: bytes) -> None:
        self._answered.set_result(data)
        self._transport.abort()


async def _by_protocol(url: URL, context: ssl.SSLContext) -> None:
    running = asyncio.get_running_loop()
    answered: asyncio.Future[bytes] = running.create_future()
    place = (url.host or "", url.port or 443)
    await running.create_connection(lambda: _Exchange(answered), *place, ssl=context)
    _check(await answered)


async def _by_aiohttp(urls: list[URL], context: ssl.SSLContext) -> None:
    connector = aiohttp.TCPConnector(limit=0, force_close=True, ssl=context)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(url: URL) -> None:
            async with session.get(url, headers=UNCHANGED) as answer:
                await answer.read()
            _check(b"HTTP/1.1 %d" % answer.status)

        await _together([ask(url) for url in urls])


async def _together(polls: list[Coroutine[Any, Any, None]]) -> None:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(poll: Coroutine[Any, Any, None]) -> None:
        async with slots:
            await poll

    await asyncio.gather(*map(one, polls))


def _check(head: bytes) -> None:
    if not head.startswith(b"HTTP/1.1 304"):
        sys.exit(f"the server says {head[:40]!r} of a document that did not change")


if __name__ == "__main__":
    main()
