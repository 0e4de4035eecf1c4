"""The only HTTP client for feeds: one polite, guarded, bounded GET.

Whatever the other side does, a fetch ends within the timeout, holds at most `max_body` decoded
bytes, connects to no closed address, and fails with a FeedError only.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Self

import aiohttp
from aiohttp import hdrs
from aiohttp.connector import Connection
from multidict import CIMultiDict
from yarl import URL

from watcher.errors import FeedError
from watcher.feeds.answers import HeadFirstConnector
from watcher.feeds.compression import (
    ACCEPTED,
    PIECE_BYTES,
    CompressionError,
    Unpacker,
    too_large,
)
from watcher.feeds.failures import (
    Phase,
    Progress,
    feed_failure,
    status_failure,
    transport_failure,
)
from watcher.feeds.guard import Guard, Network
from watcher.feeds.headers import (
    date_of,
    exact,
    freshness,
    listed,
    location,
    retry_after,
    sendable,
)
from watcher.feeds.hosts import host_of
from watcher.feeds.redirects import REDIRECTS, Hop, first_hop, next_hop
from watcher.feeds.resolver import ThreadedLookup
from watcher.feeds.stand_in import MOST_BYTES, mark_of

#: Connecting, TLS included, takes at most this: a dead address is given up while there is time
#: for the next one.
CONNECT_TIMEOUT = timedelta(seconds=10)

#: The page that comes with a failure is waited for no longer: what failed is known by then.
PAGE_PATIENCE = timedelta(seconds=2)

#: Longest header field taken: some sites' Content-Security-Policy exceeds aiohttp's 8 kB.
_LONGEST_FIELD = 64 * 1024

#: Most header fields taken; aiohttp stops at 128, which shops full of cookies exceed.
_MOST_FIELDS = 1000

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)


#: Told another host that a request is led to; tells whether that may be asked now.
Admit = Callable[[str], Awaitable[bool]]


class NotItsTurnError(FeedError):
    """A request was led to a host that may not be asked now; nothing failed."""

    def __init__(self, host: str) -> None:
        super().__init__("the host that it leads to is being asked something else", host=host)
        self.busy = host


@dataclass(frozen=True, slots=True)
class Limits:
    """How all feeds are asked, whatever is said of one.

    Attributes:
        timeout: for the whole fetch, redirects and a slow drip included.
        max_body: bytes, after decompression.
        user_agent: who we say we are.
        allow_private: networks that any feed may live in.
        proxy: asked for every feed that names none of its own.
    """

    timeout: timedelta
    max_body: int
    user_agent: str
    allow_private: tuple[Network, ...] = ()
    proxy: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for.

    Attributes:
        etag: the validators as `Fetched` gave them (Latin-1 text of their bytes).
        headers: the feed's own fields; they go to its own host only.
        basic_auth: "user:password", for its own host only.
        proxy: the feed's own; empty for none, and None for that of all feeds.
        allow_private: networks this feed may live in besides those allowed to all.
        admit: asked before each redirect to another host is followed, and never waited for long:
            who holds one host and waits for the next may be waited for there. None admits all.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    basic_auth: str | None = None
    proxy: str | None = None
    tls_verify: bool = True
    allow_private: tuple[Network, ...] = ()
    admit: Admit | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came.

    Attributes:
        body: decompressed; None when nothing changed since the validators (304).
        etag: the validators to send next time, byte for byte as Latin-1 text; after a 304 the
            old ones where it names none.
        url: where the answer came from, after redirects, without a login.
        moved_to: the same where every redirect was permanent; None if there was none.
        max_age: how long the answer stays fresh, by Cache-Control or Expires.
        links: what the answer names as related (RFC 8288), all Link fields as one list.
        date: the time by the server's clock, if it shows it.
        broken: that the answer broke off behind this body, whose last piece may be missing; None
            when it came to its end. Some servers miscount what they send.
    """

    status: int
    body: bytes | None
    etag: str | None
    last_modified: str | None
    content_type: str | None
    url: str
    moved_to: str | None
    max_age: timedelta | None
    links: str = ""
    date: datetime | None = None
    broken: FeedError | None = None


@dataclass(frozen=True, slots=True)
class _Visit:
    """The fetch that runs in this context: what it may connect to, and how far it is."""

    guard: Guard
    progress: Progress


_visit: ContextVar[_Visit] = ContextVar("visit")


class _RefusedError(OSError):
    """A closed address; an OSError, so that aiohttp tries the host's other addresses."""


class Fetcher:
    """Fetches feeds over one aiohttp session, at most `concurrency` at once.

    Args:
        limits: see there; `use` changes them.
        concurrency: fetches at once.
        clock: for the dates of a server that shows no clock of its own.
    """

    def __init__(self, limits: Limits, *, concurrency: int, clock: Callable[[], datetime]) -> None:
        self.use(limits)
        self._clock = clock
        self._slots = asyncio.Semaphore(concurrency)
        self._session: aiohttp.ClientSession | None = None

    def use(self, limits: Limits) -> None:
        """Fetch within these limits from now on."""
        self._limits = limits
        self._fixed = {
            hdrs.USER_AGENT: limits.user_agent,
            hdrs.ACCEPT: _ACCEPT,
            hdrs.ACCEPT_ENCODING: ACCEPTED,
        }

    async def __aenter__(self) -> Self:
        connect_s = min(CONNECT_TIMEOUT, self._limits.timeout).total_seconds()
        self._session = aiohttp.ClientSession(
            connector=_connector(),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_s),
            middlewares=(_ask_once,),
            max_field_size=_LONGEST_FIELD,
            max_headers=_MOST_FIELDS,
            auto_decompress=False,  # it takes nothing behind a compressed body
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(self, request: Request) -> Fetched:
        """Get a feed, following redirects; raise FeedError with one sentence if that fails.

        Raises:
            NotItsTurnError: it was led to a host that was not admitted.
        """
        async with self._slots:
            limits = self._limits
            if request.proxy is None:
                request = replace(request, proxy=limits.proxy)
            allow = (*limits.allow_private, *request.allow_private)
            visit = _Visit(Guard(allow), Progress(by_proxy=bool(request.proxy)))
            token = _visit.set(visit)
            try:
                async with asyncio.timeout(limits.timeout.total_seconds()):
                    return await self._follow(request, visit)
            except (FeedError, aiohttp.ClientError, OSError, ValueError) as error:
                failure = feed_failure(error, visit.progress)
                if failure is error:
                    raise
                raise failure from error
            finally:
                _visit.reset(token)

    async def _follow(self, request: Request, visit: _Visit) -> Fetched:
        hop = first_hop(request.url, request.headers, request.basic_auth)
        while True:
            async with self._asked(hop, request, visit) as response:
                if response.status not in REDIRECTS:
                    return await self._answer(response, hop, request, visit.progress)
                hop = next_hop(hop, response.status, location(response.raw_headers))
            visit.progress.is_redirected = True
            visit.guard.check_spelt(hop.url.raw_host or "")  # before its turn is waited for
            if request.admit is not None:
                await _demand_turn(request.admit, host_of(str(hop.url)), visit.progress)

    @asynccontextmanager
    async def _asked(
        self, hop: Hop, request: Request, visit: _Visit
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        if self._session is None:
            raise RuntimeError("the Fetcher is used outside its `async with`")
        if request.proxy:
            visit.guard.check_host(hop.url.raw_host or "")
        visit.progress.phase, visit.progress.refused = Phase.LOOKUP, None
        visit.progress.host = host_of(str(hop.url))
        response = await self._session.get(
            hop.url,
            headers=self._headers(hop, request),
            allow_redirects=False,
            proxy=_proxy(request.proxy),
            proxy_headers={hdrs.USER_AGENT: self._fixed[hdrs.USER_AGENT]},  # of a CONNECT only
            ssl=request.tls_verify,
        )
        try:
            visit.progress.phase = Phase.READ
            yield response
        finally:
            response.close()

    def _headers(self, hop: Hop, request: Request) -> CIMultiDict[str]:
        headers = CIMultiDict(self._fixed)
        headers.update(hop.headers)
        own = {
            hdrs.AUTHORIZATION: hop.authorization,
            hdrs.IF_NONE_MATCH: sendable(request.etag),
            hdrs.IF_MODIFIED_SINCE: sendable(request.last_modified),
        }
        headers.update({name: value for name, value in own.items() if value is not None})
        if _is_conditional(request):  # the server may leave out what we know (RFC 3229)
            headers.setdefault("A-IM", "feed")
        return headers

    async def _answer(
        self, response: aiohttp.ClientResponse, hop: Hop, request: Request, progress: Progress
    ) -> Fetched:
        unchanged = response.status == HTTPStatus.NOT_MODIFIED and _is_conditional(request)
        if not unchanged and not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            raise status_failure(
                response.status,
                retry_after=retry_after(response.raw_headers, self._clock()),
                progress=progress,
                had_login=hop.authorization is not None,
                stand_in=await self._stand_in(response, hop.url, progress),
            )
        body, broken = (None, None) if unchanged else await self._body(response, progress)
        etag = exact(response.raw_headers, hdrs.ETAG)
        last_modified = exact(response.raw_headers, hdrs.LAST_MODIFIED)
        return Fetched(
            status=response.status,
            body=body,
            etag=etag or request.etag if unchanged else etag,
            last_modified=last_modified or request.last_modified if unchanged else last_modified,
            content_type=exact(response.raw_headers, hdrs.CONTENT_TYPE),
            url=str(hop.url),
            moved_to=str(hop.url) if hop.moved else None,
            max_age=freshness(response.raw_headers, self._clock()),
            links=listed(response.raw_headers, hdrs.LINK),
            date=date_of(response.raw_headers),
            broken=broken,
        )

    async def _stand_in(
        self, response: aiohttp.ClientResponse, url: URL, progress: Progress
    ) -> str:
        """Return a mark of the page of a server's failure, by what comes of it soon."""
        if response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return ""
        page = bytearray()
        with suppress(FeedError, CompressionError, aiohttp.ClientError, OSError):  # also too late
            async with asyncio.timeout(PAGE_PATIENCE.total_seconds()):
                async for piece in _unpacked(response, self._limits.max_body, progress):
                    page += piece
                    if len(page) >= MOST_BYTES:
                        break
        return mark_of(response.status, bytes(page), url)

    async def _body(
        self, response: aiohttp.ClientResponse, progress: Progress
    ) -> tuple[bytes, FeedError | None]:
        """Read the decoded body, never holding more than the limit and one chunk.

        Of an answer that breaks off, return what came, and what there is to say of that.
        """
        if (response.content_length or 0) > self._limits.max_body:
            raise too_large(self._limits.max_body)
        body = bytearray()
        broken: FeedError | None = None
        try:
            async for piece in _unpacked(response, self._limits.max_body, progress):
                body += piece
        except aiohttp.ClientPayloadError as error:
            broken = transport_failure(error, progress)
            broken.host = progress.host
        if not body:
            raise broken or FeedError("the answer is empty", status=response.status)
        return bytes(body), broken


async def _unpacked(
    response: aiohttp.ClientResponse, limit: int, progress: Progress
) -> AsyncIterator[bytes]:
    """Yield the decoded body piece by piece."""
    unpacker = Unpacker(listed(response.raw_headers, hdrs.CONTENT_ENCODING), limit)
    async for chunk in response.content.iter_any():
        progress.received += len(chunk)
        for piece in unpacker.feed(chunk):
            yield piece
            if len(piece) >= PIECE_BYTES:  # more of it may follow, and others wait
                await asyncio.sleep(0)


async def _demand_turn(admit: Admit, host: str, progress: Progress) -> None:
    if host != progress.host and not await admit(host):
        raise NotItsTurnError(host)


def _is_conditional(request: Request) -> bool:
    return bool(sendable(request.etag) or sendable(request.last_modified))


def _proxy(url: str | None) -> URL | None:
    if not url:
        return None
    proxy = URL(url)
    if proxy.scheme not in ("http", "https") or not proxy.host:
        raise FeedError("the proxy's URL does not begin with http:// or https:// and a host")
    return proxy


def _connector() -> aiohttp.TCPConnector:
    """Make connections that are guarded, used once, and found without blocking the loop.

    A connection kept for the next feed of a host would pass that feed's guard unseen, and the
    next poll is minutes away.
    """
    return _Connector(
        limit=0,  # the Fetcher's own slots limit, outside the timeout
        force_close=True,
        resolver=ThreadedLookup(),
        ssl=_tls_context(os.environ.get("SSL_CERT_FILE")),
        socket_factory=_guarded_socket,
    )


@cache
def _tls_context(_authorities: str | None) -> ssl.SSLContext:
    """Trust the system's authorities, or those of SSL_CERT_FILE; read once, for 80 ms."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    context.sslobject_class = _Connection
    return context


class _Connection(ssl.SSLObject):
    """A TLS connection whose certificate is not spelled out.

    The loop asks each one for that, and nobody reads it: OpenSSL has checked chain and name by
    then. With fifty names in a certificate it was a twentieth of an unchanged poll.
    """

    def getpeercert(self, binary_form: bool = False) -> Any:
        return super().getpeercert(binary_form) if binary_form else {}


def _guarded_socket(address_info: tuple[Any, ...]) -> socket.socket:
    """Open a socket for an address about to be connected, unless it is closed to this fetch.

    By a proxy only the proxy is connected, which is the user's own word, not what data says; the
    hosts that it is asked for are judged as they are spelt.
    """
    family, kind, protocol, _, address = address_info
    visit = _visit.get()
    if not visit.progress.by_proxy and not visit.guard.allows(address[0]):
        visit.progress.refused = address[0]
        raise _RefusedError(f"closed address {address[0]}")
    visit.progress.phase = Phase.CONNECT
    return socket.socket(family, kind, protocol)


class _Connector(HeadFirstConnector):
    """Notes when a connection stands; having aiohttp trace that costs each poll ten calls more."""

    async def connect(self, *asked: Any, **named: Any) -> Connection:
        connection = await super().connect(*asked, **named)
        _visit.get().progress.phase = Phase.WAIT
        return connection


async def _ask_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from asking again at once when a server hangs up: that is for the schedule."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise transport_failure(error, _visit.get().progress) from error
