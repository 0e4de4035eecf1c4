"""The daemon against a scripted server, its clock turned by the test: weeks in seconds.

    town = Town(tmp_path, min_interval="5m")
    with FeedServer() as server:
        town.feed(server, "/rss", interval="15m")
        server.put("/rss", status=404)
        await town.live(days=3)                      # poll after poll; each call is a restart
        assert town.waits("/rss")[-1] >= DAY * 0.75
        assert town.notices == [...]

Scheduler, fetcher, pipeline, database and notices are the daemon's own. The clock stands still
while anything is under way and then jumps to the next poll.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from feed_documents import Story, rss
from feed_server import FeedServer, Received
from poll_values import idle
from structlog.testing import capture_logs

from watcher.config.settings import Settings
from watcher.feeds.schedule import PollState
from watcher.service.daemon import Daemon
from watcher.service.in_force.watch import Watch
from watcher.storage.database import Database

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3600, 86400))


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as it came, and the daemon's time then."""

    at: datetime
    request: Received

    @property
    def path(self) -> str:
        return self.request.path


def document(
    count: int, *, start: int = 1, extra: str = "", page: str = "", now: datetime = START
) -> str:
    """Return a feed of so many entries, an hour apart; the numbers tell the entries.

    `page` is where it says that older ones are.
    """
    if page:
        extra += f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="{page}"/>'
    numbers = range(start, start + count)
    stories = [
        Story(f"Report {n} of the harbour office", age=(start + count - n) * HOUR) for n in numbers
    ]
    return rss("Harbour Times", stories, now=now).replace("<title>", f"{extra}<title>", 1)


def changing(
    server: FeedServer, path: str, every: timedelta, etag: str | None = None
) -> Callable[[datetime], None]:
    """Return what puts a new entry into a feed every so often."""

    def put(now: datetime) -> None:
        number = (now - START) // every
        server.put(path, document(8, start=number + 1), etag=etag)

    put(START)
    return put


class Clockwork(Daemon):
    """A daemon that lives as fast as it can."""

    async def live(self, town: "Town", end: datetime) -> None:
        async with self._started():
            await self._poller.replace(await self._feeds())
            while (due := await idle(self._poller)) is not None and due <= end:
                town.note()
                town.now = max(town.now, due)
                town.before_poll(town.now)
                await self._poller.tick()
            town.note()
            town.now = end


BeforePoll = Callable[[datetime], None]


def _nothing(_now: datetime) -> None:
    """Stand in where a scenario changes nothing."""


class Town:
    """Servers, a configuration and the daemon that lives by it; see the module."""

    def __init__(self, folder: Path, **polling: Any) -> None:
        self.now = START
        self.visits: list[Visit] = []
        self.logs: list[Any] = []
        self.before_poll: BeforePoll = _nothing
        self._database = folder / "watcher.db"
        self._polling = {
            "interval": "15m", "min_interval": "5m", "max_interval": "60m", "per_host_delay": "5s",
            "allow_private": ["127.0.0.0/8"], **polling,
        }  # fmt: skip
        self._feeds: list[dict[str, Any]] = []
        self._servers: list[FeedServer] = []
        self._topics: dict[str, Any] = {}
        self._seen: dict[int, int] = {}

    def feed(self, server: FeedServer, path: str, **settings: Any) -> str:
        """Have a feed of a server polled; return its URL."""
        return self.add(server.url(path), server, **settings)

    def add(self, url: str, *servers: FeedServer, **settings: Any) -> str:
        """Have a feed polled, and watch these servers."""
        self._feeds.append({"url": url, **settings})
        for server in servers:
            server.clock = lambda: self.now
        self._servers += [server for server in servers if server not in self._servers]
        return url

    def drop(self, url: str) -> None:
        """Have a feed no longer polled."""
        self._feeds = [feed for feed in self._feeds if feed["url"] != url]

    def watch(self, **tables: Any) -> None:
        """Have entities and topics watched for."""
        self._topics = tables

    async def live(self, **span: float) -> None:
        """Start the daemon, let it live so many days, hours or minutes, and end it."""
        tables = {"polling": self._polling, "feeds": self._feeds, **self._topics}
        watch = Watch.of(Settings.model_validate(tables))
        daemon = Clockwork(
            watch,
            database=self._database,
            screen=io.StringIO(),
            clock=lambda: self.now,
        )
        with capture_logs() as logs:
            await daemon.live(self, self.now + timedelta(**span))
        self.logs += logs

    def note(self) -> None:
        """Write down the requests that came since the last time."""
        for number, server in enumerate(self._servers):
            fresh = server.requests[self._seen.get(number, 0) :]
            self._seen[number] = self._seen.get(number, 0) + len(fresh)
            self.visits += [Visit(self.now, request) for request in fresh]

    def of(self, path: str) -> list[Visit]:
        """Return the visits to a path so far."""
        return [visit for visit in self.visits if visit.path == path]

    def times(self, path: str) -> list[datetime]:
        """Return when they came."""
        return [visit.at for visit in self.of(path)]

    def waits(self, path: str) -> list[timedelta]:
        """Return the times between them."""
        times = self.times(path)
        return [later - earlier for earlier, later in pairwise(times)]

    @property
    def notices(self) -> list[str]:
        """What the operator was told so far."""
        return [line["text"] for line in self.logs if line["event"] == "notice"]

    def logged(self, words: str) -> int:
        """Return how many log lines begin with these words."""
        return sum(line["event"].startswith(words) for line in self.logs)

    def state(self, url: str) -> PollState:
        """Return what the database remembers of a feed."""
        with Database.open(self._database) as database, database.read() as tx:
            return next(feed.state for feed in tx.feeds.states() if feed.url == url)
