"""Looking a feed up before it is added: one real fetch and parse, by way of its page if need be."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus

from watcher.config.settings import Settings
from watcher.errors import FeedError
from watcher.feeds.discover import Named, read_page
from watcher.feeds.fetch import Fetched, Fetcher, NotItsTurnError, Request
from watcher.feeds.guard import Network
from watcher.feeds.hosts import host_of
from watcher.feeds.parsed import ParsedFeed
from watcher.feeds.workers import ParsePool
from watcher.service.moments import Clock, utc_now
from watcher.service.polling.visit import limits_of

#: Looks at once; each host is asked one thing at a time besides.
AT_ONCE = 20

#: Answers that speak for the whole host: for now it wants to hear nothing more from us.
SENT_AWAY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

#: Pages that only lead on (`<meta http-equiv="refresh">`) to be followed one after the other.
MOST_LEADS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at an address.

    Attributes:
        url: the address to poll: the one asked for, or where it has moved for good.
        feed: None when it is no feed, or cannot be had.
        named: the feeds that it names, where it is a page.
        error: why there is no feed.
        is_open: its host wants to be left alone for now: it may well be a feed, nobody could see.
        is_unreached: nobody was there to be asked, or no secure connection could be made.
    """

    url: str
    feed: ParsedFeed | None = None
    named: tuple[Named, ...] = ()
    error: str = ""
    is_open: bool = False
    is_unreached: bool = False


@dataclass(slots=True)
class _Host:
    """A host that is looked at: whose turn it is, when it was asked last, why it is left alone."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: datetime | None = None
    rest: str = ""


@dataclass(slots=True)
class _Turn:
    """The turn at some hosts, which `stack` ends; others may be joined meanwhile."""

    hosts: dict[str, _Host]
    stack: AsyncExitStack


class Finder:
    """Looks at addresses over one fetcher and one parse worker.

    Args:
        fetcher: asks.
        pool: reads what came.
        clock: the present time.
        allow_private: networks that may be asked besides those of the fetcher.
        delay: the least time between two requests to one host.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        pool: ParsePool,
        clock: Clock,
        allow_private: Sequence[Network],
        *,
        delay: timedelta,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._fetcher, self._pool, self._clock = fetcher, pool, clock
        self._allow_private = tuple(allow_private)
        self._delay, self._sleep = delay, sleep
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._led_to: dict[str, str] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def look(self, url: str, leads: int = MOST_LEADS) -> Found:
        """Return what stands at an address, or where its page leads.

        Whatever is wrong with it is said in the answer.
        """
        others: set[str] = set()
        while True:
            try:
                fetched = await self._asked(url, others)
            except NotItsTurnError as error:  # it is asked anew when that one is free as well
                others.add(error.busy)
            else:
                break
        if isinstance(fetched, Found):
            return fetched
        return await self._read(fetched.moved_to or url, fetched, leads)

    async def _asked(self, url: str, others: AbstractSet[str]) -> Fetched | Found:
        """Return what comes from an address in the turn of its host and of others, or why not."""
        name = host_of(url)
        async with self._turn(name, others) as turn:
            hosts = list(turn.hosts.values())
            if rest := next((host.rest for host in hosts if host.rest), ""):
                why = f"not asked, for its host wants to be left alone: {rest}"
                return Found(url, error=why, is_open=True)
            for host in hosts:
                await self._pause(host)
            try:
                fetched = await self._fetch(url, turn)
            except NotItsTurnError:
                raise
            except FeedError as error:
                is_sent_away = error.status in SENT_AWAY
                answering = self._answered(name, error.host or name)
                answering.rest = str(error) if is_sent_away else ""
                return Found(
                    url, error=str(error), is_open=is_sent_away, is_unreached=error.network
                )
            self._answered(name, host_of(fetched.url))
            return fetched

    @asynccontextmanager
    async def _turn(self, name: str, others: AbstractSet[str]) -> AsyncIterator[_Turn]:
        """Have the turn at a host, at the one that it leads to as far as we know, and at others."""
        while True:
            names = self._asked_by(name, others)
            async with AsyncExitStack() as stack:
                for one in names:
                    await stack.enter_async_context(self._hosts[one].turn)
                if names == self._asked_by(name, others):  # else it was learned meanwhile
                    yield _Turn({one: self._hosts[one] for one in names}, stack)
                    return

    def _asked_by(self, name: str, others: AbstractSet[str]) -> list[str]:
        """Return all these hosts, always in one order: else two could wait for each other."""
        return sorted({name, self._led_to.get(name, name), *others})

    async def _admits(self, turn: _Turn, name: str) -> bool:
        """Tell whether a host may be asked that a request was led to; it is held from then on."""
        host = self._hosts[name]
        if name not in turn.hosts and not await self._joins(turn, name):
            return False
        host.asked = self._clock()
        return True

    async def _joins(self, turn: _Turn, name: str) -> bool:
        """Take the turn at another host if nobody has it, or waits for it, and it may be asked."""
        host = self._hosts[name]
        if host.rest or host.turn.locked() or self._left(host) > timedelta():
            return False
        try:
            async with asyncio.timeout(0):
                await turn.stack.enter_async_context(host.turn)
        except TimeoutError:
            return False
        turn.hosts[name] = host
        return True

    def _answered(self, name: str, answering: str) -> _Host:
        """Learn which host answered in the end; it was asked just now, too."""
        host = self._hosts[answering]
        if answering != name:
            self._led_to[name] = answering
            host.asked = self._clock()
        return host

    async def _pause(self, host: _Host) -> None:
        """Wait until the host may be asked again; never longer, should the clock be set back."""
        left = self._left(host)
        if left > timedelta():
            await self._sleep(left.total_seconds())

    def _left(self, host: _Host) -> timedelta:
        if host.asked is None:
            return timedelta()
        return min(host.asked + self._delay - self._clock(), self._delay)

    async def _fetch(self, url: str, turn: _Turn) -> Fetched:
        admit = partial(self._admits, turn)
        request = Request(url, allow_private=self._allow_private, admit=admit)
        async with self._slots:
            for host in turn.hosts.values():
                host.asked = self._clock()
            return await self._fetcher.fetch(request)

    async def _read(self, url: str, fetched: Fetched, leads: int) -> Found:
        body, kind = fetched.body or b"", fetched.content_type
        try:
            feed = await self._pool.parse(body, kind, fetched.url, self._clock())
        except FeedError as error:
            page = await asyncio.to_thread(read_page, body, kind, fetched.url, fetched.links)
            if page.leads_to and leads and not page.feeds:
                return await self.look(page.leads_to, leads - 1)
            return Found(url, named=page.feeds, error=str(fetched.broken or error))
        return Found(url, feed)

    async def look_at_all(
        self, urls: Iterable[str], seen: Callable[[], object] = lambda: None
    ) -> list[Found]:
        """Return what stands at each address, in order; `seen` is called after every one."""

        async def one(url: str) -> Found:
            found = await self.look(url)
            seen()
            return found

        return await asyncio.gather(*map(one, urls))


@asynccontextmanager
async def finding(
    settings: Settings, allow_private: Sequence[Network] = ()
) -> AsyncIterator[Finder]:
    """Yield a finder that asks as `[polling]` says.

    Args:
        settings: their limits, and who we say we are.
        allow_private: networks that may be asked besides those of the settings.
    """
    polling = settings.polling
    pool = ParsePool(max_body=polling.max_body)
    try:
        async with Fetcher(limits_of(polling), concurrency=AT_ONCE, clock=utc_now) as fetcher:
            yield Finder(fetcher, pool, utc_now, allow_private, delay=polling.per_host_delay)
    finally:
        await pool.close()
