"""Pipeline, courier and a real database under a clock of their own, with recording senders."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Self

from stored import entries_of, open_in
from watchlists import NOON

from watcher.alerts.views import Outgoing
from watcher.config.settings import Settings
from watcher.errors import FeedError
from watcher.feeds.fetch import Fetched
from watcher.feeds.parsed import ParsedEntry, ParsedFeed, entry_key
from watcher.feeds.schedule import PollState
from watcher.service.by_hand.desk import Desk
from watcher.service.by_hand.operations import operate
from watcher.service.delivery.courier import Courier
from watcher.service.delivery.ops import Ops
from watcher.service.delivery.paces import Paces
from watcher.service.delivery.rests import Rests
from watcher.service.encoder.encoders import Encoder
from watcher.service.encoder.encoding import Prepared
from watcher.service.in_force.watch import Watch
from watcher.service.intake.pipeline import Pipeline
from watcher.service.intake.taken import Taken
from watcher.service.polling.visit import PolledFeed, PollOutcome
from watcher.service.writer import Writer
from watcher.storage.rows import AlertRow, DecisionRow, DeliveryRow, State, StoredEntry

WIRE, TIMES = "https://wire.example/feed", "https://times.example/feed"
FEEDS = [{"url": WIRE, "name": "Wire"}, {"url": TIMES, "name": "Times"}]


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        """Move on; takes what timedelta takes."""
        self.time += timedelta(**by)


class WrongClock:
    """The machine's clock, wrong by so much."""

    def __init__(self) -> None:
        self.by = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


class Recorder:
    """A channel that keeps what it is given, after failing as it is told to."""

    def __init__(self, *failures: Exception, limit_key: str = "recorder") -> None:
        self.failures = list(failures)
        self.limit_key = limit_key
        self.sent: list[Outgoing] = []
        self.edited: list[tuple[str, Outgoing]] = []
        self.notices: list[str] = []
        self.refusals: list[Exception] = []
        self.tries = 0
        self.is_closed = False
        self.open = asyncio.Event()
        self.open.set()
        self.tried, self.arrived, self.noticed = (asyncio.Event() for _ in range(3))

    async def send(self, outgoing: Outgoing) -> str | None:
        """Take a message once the channel is open; its id is its place in `sent`, from 1."""
        self.tries += 1
        self.tried.set()
        await self.open.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(outgoing)
        self.arrived.set()
        return str(len(self.sent))

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:
        """Keep what a message was changed to."""
        await self.open.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.edited.append((message_id, outgoing))

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002
        """Keep a notice, after refusing some."""
        if self.refusals:
            raise self.refusals.pop(0)
        self.notices.append(text)
        self.noticed.set()

    async def close(self) -> None:
        """Remember it."""
        self.is_closed = True


#: Opens a house by settings and senders, and a clock of the test's; see the fixture `open_house`.
OpenHouse = Callable[..., Awaitable["House"]]


def titles(outgoing: Outgoing) -> set[str]:
    """Return the headlines of the reports that a message tells of."""
    return {report.title for view in outgoing.views for report in view.reports}


class House(AbstractAsyncContextManager["House"]):
    """What the daemon wires together, without its jobs and its network."""

    def __init__(
        self, folder: Path, settings: Settings, clock: Clock, senders: Mapping[str, Recorder]
    ) -> None:
        self.clock, self.senders = clock, senders
        self.watch = Watch.of(settings)
        self.database = open_in(folder)
        self.writer = Writer(self.database)
        self.ops = Ops(waits_s=())
        # A minute passes whenever somebody looks, so that no chat makes a test wait for its turn.
        self.steady: Callable[[], float] = count(step=60.0).__next__
        self.paces = Paces(lambda: self.steady())  # noqa: PLW0108 - a test may set another
        self.courier = Courier(
            self.writer,
            self.ops,
            clock,
            count=lambda *_: None,
            rests=Rests(clock),
            paces=self.paces,
        )
        self.courier.use(self.watch, senders)
        self.pipeline = Pipeline(self.watch, clock)
        feeds = settings.feeds
        with self.database.begin() as tx:
            tx.feeds.sync([(feed.url, feed.name, feed.lang) for feed in feeds], clock())
            tx.topics.sync(self.watch.digests, clock())
            tx.chats.settle(self.watch.chats, clock())

    async def __aexit__(self, *_: object) -> None:
        await self.ops.close()
        await self.courier.close()
        self.writer.close()
        self.database.close()

    async def started(self) -> Self:
        """Poll each feed once, so that all that comes afterwards, minutes later, is news."""
        for feed in self.watch.settings.feeds:
            await self.poll(url=feed.url)
        self.clock.forward(minutes=10)
        return self

    async def tell(self, *news: str | ParsedEntry, url: str = WIRE) -> Taken:
        """Take in a poll of a feed that brought these, and deliver what is due."""
        taken = await self.poll(*news, url=url)
        await self.deliver()
        return taken

    async def poll(
        self, *news: str | ParsedEntry, url: str = WIRE, encoder: Encoder | None = None
    ) -> Taken:
        """Take in a poll of a feed that brought these entries, or reports of these titles."""
        entries = (self.report(one) if isinstance(one, str) else one for one in news)
        outcome, vectors = self.outcome(*entries, url=url), None
        if encoder:
            vectors = Prepared(encoder)
            with self.database.read() as tx:
                self.pipeline.foresee(tx, outcome, vectors)
            vectors.close()
        taken = await self.writer.run(lambda tx: self.pipeline.take(tx, outcome, vectors))
        while taken.rest:  # a slow machine needs several turns
            turn = partial(self.pipeline.take, outcome=outcome, vectors=vectors, before=taken)
            taken = await self.writer.run(turn)
        return taken

    def outcome(
        self, *entries: ParsedEntry, url: str = WIRE, error: FeedError | None = None
    ) -> PollOutcome:
        """Return what a poll of a feed may bring."""
        table = next(feed for feed in self.watch.settings.feeds if feed.url == url)
        with self.database.read() as tx:
            (known,) = (feed for feed in tx.feeds.states() if feed.url == url)
        now, keys = self.clock(), b"".join(entry_key(entry.id) for entry in entries)
        # The same entries again stand for equal bytes, which nobody reads again.
        before = known.state
        is_equal = keys == before.keys and not before.emptied and keys != b""
        well = PollState(
            last_success=now,
            keys=keys or before.keys,
            emptied=not keys,
            read_at=before.read_at if is_equal else now,
        )
        return PollOutcome(
            feed=PolledFeed(known.id, table, known.state),
            at=now,
            fetched=None if error else Fetched(200, b"", None, None, None, url, None, None),
            parsed=None if error else ParsedFeed("The Wire", "", "en", entries, ()),
            error=error,
            state=PollState(failures=1) if error else well,
        )

    async def unchanged(self) -> None:
        """Take in a poll that was answered with "not modified"."""
        outcome = self.outcome()
        state = outcome.feed.state._replace(last_success=self.clock())
        outcome = outcome._replace(parsed=None, state=state)
        await self.writer.run(lambda tx: self.pipeline.take(tx, outcome))

    def report(self, title: str, id_: str = "", *, hours_ago: float = 0) -> ParsedEntry:
        """Return an entry of a feed, published some time ago."""
        published = self.clock() - timedelta(hours=hours_ago)
        link = f"https://news.example/{id_}"
        return ParsedEntry(id_ or title, title, link, "", published, None, "", None)

    async def do(self, name: str, **values: object) -> dict[str, object]:
        """Do what a command asks a running Watcher for."""
        done = await self.writer.run(
            lambda tx: operate(name, values, Desk(tx, self.watch.settings, self.clock()))
        )
        return dict(done)

    async def deliver(self, **later: float) -> None:
        """Deliver what is due by now, or so much later; takes what timedelta takes."""
        self.clock.forward(**later)
        await self.courier.drain()

    def entries(self) -> list[StoredEntry]:
        """Return what is stored, oldest first."""
        with self.database.read() as tx:
            return entries_of(tx)

    def alerts(self) -> list[AlertRow]:
        """Return the rings, oldest first."""
        with self.database.read() as tx:
            return list(reversed(tx.alerts.latest(limit=1000)))

    def deliveries(self) -> list[DeliveryRow]:
        """Return the deliveries of all rings, oldest first."""
        return [delivery for alert in self.alerts() for delivery in alert.deliveries]

    def next_due(self) -> datetime | None:
        """Return when the next pending delivery is due; None when nothing waits."""
        waiting = (one.due for one in self.deliveries() if one.state is State.PENDING)
        return min(waiting, default=None)

    def decisions(self) -> list[DecisionRow]:
        """Return every decision, in the order of entries."""
        with self.database.read() as tx:
            numbers = [entry.number for entry in entries_of(tx)]
            return list(tx.alerts.decisions(numbers))
