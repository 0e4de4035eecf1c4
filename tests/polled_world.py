"""A world for a poller: a clock of its own, and outlets that answer when the test says so."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from poll_values import hear_nothing

from watcher.config.settings import FeedTable, PollingTable
from watcher.errors import FeedError, StorageError
from watcher.feeds.fetch import Fetched, NotItsTurnError, Request
from watcher.feeds.parsed import ParsedEntry, ParsedFeed
from watcher.feeds.schedule import PollState
from watcher.service.polling.outage import Outage
from watcher.service.polling.poller import Poller
from watcher.service.polling.unkept import Finish
from watcher.service.polling.visit import Fetch, PolledFeed, PollOutcome

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

LOST = FeedError("the host name cannot be found", network=True)
TROUBLE = FeedError("the server is in trouble (500)", status=500)

Answer = bytes | FeedError | Exception | Fetched


def answered(body: bytes | None = b"a", status: int = 200, **fields: Any) -> Fetched:
    blank: dict[str, Any] = {
        "etag": None,
        "last_modified": None,
        "content_type": None,
        "url": "",
        "moved_to": None,
        "max_age": None,
    }
    return Fetched(status=status, body=body, **{**blank, **fields})


@dataclass
class World:
    """Clock, outlets and storage in one; what happens is written down.

    A body is a comma-separated list of entry ids; b"html" is no feed. What comes from the address
    `refused` cannot be kept. `leads` names the host that an address leads to.
    """

    now: datetime = START
    answers: dict[str, Answer] = field(default_factory=dict)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    in_flight: list[str] = field(default_factory=list)
    kept: list[PollOutcome] = field(default_factory=list)
    announced: list[bool] = field(default_factory=list)
    remembered: list[bytes] = field(default_factory=list)
    keeps: PollState | None = None
    broken: Exception | None = None
    refused: str = ""
    leads: dict[str, str] = field(default_factory=dict)
    turned_away: int = 0
    has_way_out: bool = True
    is_cut_off: bool = False
    on_excuse: Callable[[], Awaitable[None]] | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def poller(
        self, *, fetch: Fetch | None = None, finish: Finish | None = None, **polling: Any
    ) -> Poller:
        return Poller(
            fetch or self.fetch,
            self.parse,
            finish or self.finish,
            settings=PollingTable.model_validate({"per_host_delay": "5s", **polling}),
            clock=lambda: self.now,
            hear=hear_nothing,
            announce=self.announce,
            chance=lambda: 0.0,
            has_way_out=lambda: self.has_way_out,
        )

    async def polling(self, feeds: list[PolledFeed], **parts: Any) -> Poller:
        """Return a poller that has these feeds, and waits for its first tick."""
        poller = self.poller(**parts)
        await poller.replace(feeds)
        return poller

    async def tick(self, poller: Poller, *, kept: int) -> list[PollOutcome]:
        """Have a poller start what is due, and return all that was kept, so much of it."""
        await poller.tick()
        return await self.kept_in_all(kept)

    @property
    def urls(self) -> list[str]:
        return [request.url for request in self.asked]

    async def fetch(self, request: Request) -> Fetched:
        self.asked.append(request)
        self.in_flight.append(request.url)
        try:
            await self.notify()
            if host := self.leads.get(request.url):
                assert request.admit is not None
                if not await request.admit(host):
                    self.turned_away += 1
                    await self.notify()
                    raise NotItsTurnError(host)
            if gate := self.gates.get(request.url):
                await gate.wait()
            answer = self.answers.get(request.url, b"a")
            if isinstance(answer, Exception):
                raise answer
            fetched = answered(answer) if isinstance(answer, bytes) else answer
            return replace(fetched, url=fetched.url or request.url)
        finally:
            self.in_flight.remove(request.url)

    async def parse(
        self, body: bytes, _type: str | None, _url: str, _now: datetime, memory: bytes = b"", /
    ) -> ParsedFeed:
        self.remembered.append(memory)
        if body == b"html":
            raise FeedError("this is a web page, not a feed")
        entries = tuple(
            ParsedEntry(name, name, "", "", None, None, "", None)
            for name in body.decode().split(",")
        )
        return ParsedFeed("", "", None, entries, (), ttl=None, memory=body, cut_off=self.is_cut_off)

    async def finish(self, outcome: PollOutcome) -> PollState:
        if self.broken is not None:
            raise self.broken
        if outcome.parsed and outcome.feed.settings.url == self.refused:
            raise StorageError("the database refuses it")
        self.kept.append(outcome)
        if self.on_excuse and not outcome.is_poll:
            excuse, self.on_excuse = self.on_excuse, None
            await excuse()
        await self.notify()
        return self.keeps or outcome.state

    async def announce(self, outage: Outage | None) -> None:
        self.announced.append(outage is not None)

    async def notify(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(60), self.changed:
            await self.changed.wait_for(condition)

    async def kept_in_all(self, count: int) -> list[PollOutcome]:
        await self.until(lambda: len(self.kept) >= count)
        await asyncio.sleep(0)  # the poll's own task ends after it was kept
        await asyncio.sleep(0)
        assert len(self.kept) == count
        return self.kept


def feed(
    number: int = 1, url: str = "", state: PollState | None = None, **settings: Any
) -> PolledFeed:
    table = FeedTable.model_validate({"url": url or f"https://{number}.example/", **settings})
    return PolledFeed(number, table, state or PollState())


def siblings(count: int) -> list[PolledFeed]:
    return [feed(number, f"https://a.example/{number}") for number in range(1, count + 1)]


async def poll_one(world: World, polled: PolledFeed, **polling: Any) -> PollOutcome:
    await world.poller(**{"per_host_delay": "0s", **polling}).poll_due([polled])
    return world.kept[-1]
