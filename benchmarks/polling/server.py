"""A TLS server of many feeds, each at an address of its own in 127.0.0.0/8; run as a process.

    python server.py FEEDS ENTRIES FRESH FOLDER

It prints its port when it is ready. Each line on its standard input, "ROUND MIX", begins a round in
which MIX percent of the feeds have changed; it answers with how many have.
"""

import asyncio
import json
import socket
import ssl
import sys
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import cast

import trustme
from documents import Feed, bases, headlines

#: Feeds that share a certificate: a name more makes it 20 bytes longer.
PER_CERTIFICATE = 50

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def address_of(number: int) -> str:
    """Return the address of a feed: 127.1.0.1 and on, never the end of a net."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def number_of(address: str) -> int:
    """Return which feed has an address."""
    _, a, b, c = map(int, address.split("."))
    return (a - 1) * 62_500 + b * 250 + c - 1


@dataclass(slots=True)
class Site:
    """What is served: each feed's version."""

    feeds: list[Feed]
    versions: list[int]
    bodies: list[bytes]

    def begin(self, mix: int, round_: int) -> int:
        """Let some feeds change; return how many.

        Their documents are made here: a round tells what polling costs, not what writing them does.
        """
        changed = [n for n in range(len(self.feeds)) if (n * 37 + round_ * 61) % 100 < mix]
        for number in changed:
            self.versions[number] += 1
            self.bodies[number] = self.feeds[number].body(self.versions[number])
        return len(changed)

    def answer(self, number: int, request: bytes) -> bytes:
        """Return an HTTP answer."""
        version = self.versions[number]
        etag = b'"%d"' % version
        if b"\r\nif-none-match: " + etag in request.lower():
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\nConnection: close\r\n\r\n"
        body = self.bodies[number]
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/xml; charset=utf-8\r\n"
            b"Content-Length: %d\r\nETag: %s\r\nConnection: close\r\n\r\n"
        )
        return head % (len(body), etag) + body


class Exchange(asyncio.Protocol):
    """One connection: one request, one answer."""

    def __init__(self, site: Site, number: int) -> None:
        self._site, self._number, self._received = site, number, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer when the request is complete."""
        self._received += data
        if self._received.endswith(b"\r\n\r\n"):
            self._transport.write(self._site.answer(self._number, self._received))
            self._transport.close()


async def serve(site: Site, contexts: list[ssl.SSLContext], listener: socket.socket) -> None:
    """Take connections; the address that was asked says which feed is meant."""
    loop = asyncio.get_running_loop()
    tasks = set()
    while True:
        connection, _ = await loop.sock_accept(listener)
        number = number_of(connection.getsockname()[0])
        task = asyncio.create_task(_connected(connection, site, number, contexts))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _connected(
    connection: socket.socket, site: Site, number: int, contexts: list[ssl.SSLContext]
) -> None:
    try:
        await asyncio.get_running_loop().connect_accepted_socket(
            lambda: Exchange(site, number), connection, ssl=contexts[number // PER_CERTIFICATE]
        )
    except OSError:
        connection.close()


async def rounds(site: Site) -> None:
    """Begin a round for each line that comes."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        round_, mix = map(int, line.split())
        print(json.dumps({"changed": site.begin(mix, round_)}), flush=True)


def certified(count: int, folder: Path) -> list[ssl.SSLContext]:
    """Return contexts with certificates for all addresses; their authority goes to a file."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    contexts = []
    for first in range(0, count, PER_CERTIFICATE):
        names = [str(IPv4Address(address_of(first + n))) for n in range(PER_CERTIFICATE)]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names).configure_cert(context)
        contexts.append(context)
    return contexts


async def main() -> None:
    """Serve until standard input ends."""
    count, entries, fresh, folder = *map(int, sys.argv[1:4]), Path(sys.argv[4])
    documents = bases(DATA / "feeds" / "real", entries)
    titles = headlines(DATA / "stories" / "indonesian_stream.jsonl")
    feeds = [Feed(n, documents[n % len(documents)], titles, fresh) for n in range(count)]
    site = Site(feeds, [0] * count, [feed.body(0) for feed in feeds])
    contexts = certified(count, folder)
    listener = socket.create_server(("0.0.0.0", 0), backlog=1024)  # noqa: S104 - every 127.x.y.z
    listener.setblocking(False)
    serving = asyncio.create_task(serve(site, contexts, listener))
    mean = sum(map(len, site.bodies)) // count
    about = {"port": listener.getsockname()[1], "documents": len(documents), "mean_bytes": mean}
    print(json.dumps(about), flush=True)
    await rounds(site)
    serving.cancel()


if __name__ == "__main__":
    try:
        import uvloop

        uvloop.run(main())
    except ImportError:
        asyncio.run(main())
