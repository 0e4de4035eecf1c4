"""Looking up host names without stalling anything, and whether there is a way out at all.

asyncio's own executor has six threads on two cores, so that a few slow names hold up every feed,
and it is waited for at exit. These threads are many, and daemons: a hanging name server delays
neither the other lookups nor the end of the program.
"""

import asyncio
import socket
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from watcher.daemon_threads import in_daemon_thread

#: Lookups at once. With 100 ms a lookup, 200 names took 0.41 s with 64 threads, 3.4 s with six.
LOOKUPS_AT_ONCE = 64


#: Addresses of the public Internet (for documentation, RFC 5737 and RFC 3849): any would do.
_OUT = ((socket.AF_INET, "198.51.100.1"), (socket.AF_INET6, "2001:db8::1"))


def has_way_out() -> bool:
    """Tell whether this machine has a route to the Internet, without sending anything."""
    return any(_is_routed(family, address) for family, address in _OUT)


def _is_routed(family: socket.AddressFamily, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))  # of a datagram it is nothing but the choice of a route
    except OSError:
        return False
    return True


class ThreadedLookup(AbstractResolver):
    """Resolves by getaddrinfo, each lookup in a daemon thread, at most `LOOKUPS_AT_ONCE`.

    aiohttp caches the answers for ten seconds and shields a lookup from its caller's
    cancellation, so a slot is held until the name server has answered.
    """

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(LOOKUPS_AT_ONCE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host; OSError when it has none."""
        async with self._slots:
            return await in_daemon_thread(lambda: _look_up(host, port, family), "lookup")

    async def close(self) -> None:
        """Do nothing: threads that still hang are daemons."""


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    # Without a network AI_ADDRCONFIG hides even this machine's own address.
    flags = 0 if host.rstrip(".") == "localhost" else socket.AI_ADDRCONFIG
    try:
        infos = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=flags)
    except UnicodeError as error:  # a name that DNS cannot spell
        raise OSError(socket.EAI_NONAME, str(error)) from error
    return [
        ResolveResult(
            hostname=host,
            host=_with_scope(sockaddr),
            port=port,
            family=found,
            proto=0,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for found, _, _, _, sockaddr in infos
    ]


def _with_scope(sockaddr: tuple[Any, ...]) -> str:
    """Keep the scope of a link-local IPv6 address: it cannot be connected without."""
    address, *_, scope = sockaddr
    return f"{address}%{scope}" if ":" in address and scope else str(address)
