"""Ten thousand feeds, all overdue at start: what the scheduler does to memory, loop and hosts.

    python benchmarks/start.py [--feeds 10000] [--hosts 4000] [--crowded 500]

The feeds are read from a real database and handed to the program's poller, whose outcomes a real
writer keeps; only the outlets are made up: they answer "not modified" after 20 ms. The feeds share
some hosts, as on a blogging platform, and one host has several hundred of them. Printed are the
time until all but the crowded host's are polled, how late the event loop is (other programs on the
machine count there too) and how long it computes at a stretch (they do not), the memory that it
took, and how politely each host was asked. `benchmarks/poll.py` measures the same with
fetcher, TLS and parsing.
"""

import argparse
import asyncio
import contextlib
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from watcher.config.settings import FeedTable, PollingTable
from watcher.feeds.fetch import Fetched, Request
from watcher.feeds.hosts import host_of
from watcher.feeds.parsed import ParsedFeed
from watcher.feeds.rhythm import Rhythm
from watcher.feeds.schedule import PollState
from watcher.heap import making_to_last
from watcher.service.polling.poller import Poller
from watcher.service.polling.visit import PolledFeed, PollOutcome
from watcher.service.writer import Writer
from watcher.storage.database import Database
from watcher.storage.migrate import upgrade

ANSWER_S = 0.02
BEAT_S = 0.005
DELAY = timedelta(seconds=1)


@dataclass
class Outlets:
    """Made-up outlets that answer soon, and remember who asked when."""

    in_flight: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: int = 0
    most: int = 0
    most_of_a_host: int = 0
    starts: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answered: int = 0

    async def fetch(self, request: Request) -> Fetched:
        host = host_of(request.url)
        self.starts[host].append(time.monotonic())
        self.in_flight[host] += 1
        self.most_of_a_host = max(self.most_of_a_host, self.in_flight[host])
        self.asked += 1
        self.most = max(self.most, self.asked - self.answered)
        await asyncio.sleep(ANSWER_S)
        self.in_flight[host] -= 1
        self.answered += 1
        return Fetched(304, None, '"1"', None, None, request.url, None, None)

    @property
    def shortest_pause_s(self) -> float:
        pauses = (
            later - earlier
            for starts in self.starts.values()
            for earlier, later in pairwise(starts)
        )
        return min(pauses, default=0.0)


async def no_parse(
    _body: bytes, _type: str | None, _url: str, _now: datetime, _memory: bytes = b"", /
) -> ParsedFeed:
    raise AssertionError("nothing was modified")


def urls_of(feeds: int, hosts: int, crowded: int) -> list[str]:
    """Return the feeds' addresses: `crowded` of one host, the others dealt to the rest."""
    alone = [f"https://outlet-{n % hosts}.example/feed/{n}" for n in range(feeds - crowded)]
    return [*(f"https://crowded.example/{n}" for n in range(crowded)), *alone]


def fill(path: Path, urls: list[str], now: datetime) -> None:
    """Make a database in which every feed has been due for an hour."""
    upgrade(path)
    rhythm = Rhythm(3.0, 40.0, (0.1,) * 24, now - timedelta(hours=3), timedelta(hours=9))
    state = PollState(
        next_due=now - timedelta(hours=1),
        last_success=now - timedelta(hours=2),
        interval=timedelta(minutes=30),
        rhythm=rhythm,
        etag='"1"',
        keys=bytes(120),
    )
    with Database.open(path) as database, database.begin() as tx:
        for number in tx.feeds.sync([(url, None, None) for url in urls], now).values():
            tx.feeds.save_state(number, state, None)


@dataclass
class Stalls:
    """By how much the loop is late, beat after beat, and what it computed meanwhile."""

    late_s: list[float] = field(default_factory=list)
    busy_s: list[float] = field(default_factory=list)

    async def watch(self) -> None:
        while True:
            before, busy = time.monotonic(), time.thread_time()
            await asyncio.sleep(BEAT_S)
            self.late_s.append(time.monotonic() - before - BEAT_S)
            self.busy_s.append(time.thread_time() - busy)


async def start(
    path: Path, tables: dict[str, FeedTable], wanted: int
) -> tuple[Outlets, Stalls, float, float]:
    """Start on a database; return what was seen when so many feeds were polled."""
    outlets, stalls = Outlets(), Stalls()
    with Database.open(path) as database:
        writer = Writer(database)

        async def keep(outcome: PollOutcome) -> PollState:
            await writer.run(lambda tx: tx.feeds.save_state(outcome.feed.id, outcome.state, None))
            return outcome.state

        async def announce(_outage: object) -> None:
            pass

        settings = PollingTable().model_copy(update={"per_host_delay": DELAY})
        poller = Poller(
            outlets.fetch,
            no_parse,
            keep,
            settings=settings,
            clock=lambda: datetime.now(UTC),
            hear=lambda _host, _date: True,
            announce=announce,
        )
        beat = asyncio.create_task(stalls.watch())
        began = time.monotonic()
        with making_to_last():  # as the daemon does
            known = await writer.run(lambda tx: tx.feeds.states())
            await poller.replace(PolledFeed(f.id, tables[f.url], f.state) for f in known)
        read_s = time.monotonic() - began
        while outlets.answered < wanted:
            await poller.tick()
            await asyncio.sleep(0.1)
        took_s = time.monotonic() - began
        await poller.stop()
        beat.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beat
        writer.close()
    return outlets, stalls, read_s, took_s


def main() -> None:
    """Print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=4_000)
    parser.add_argument("--crowded", type=int, default=500)
    arguments = parser.parse_args()
    urls = urls_of(arguments.feeds, arguments.hosts, arguments.crowded)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "watcher.db"
        fill(path, urls, datetime.now(UTC))
        tables = {url: FeedTable(url=url) for url in urls}  # as the configuration has them
        before = resource.getrusage(resource.RUSAGE_SELF)
        wanted = arguments.feeds - arguments.crowded
        outlets, stalls, read_s, took_s = asyncio.run(start(path, tables, wanted))
        after = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    late, busy = (statistics.quantiles(found, n=1000) for found in (stalls.late_s, stalls.busy_s))
    grown_mb = (after.ru_maxrss - before.ru_maxrss) / 1024
    pause_s, delay_s = outlets.shortest_pause_s, DELAY.total_seconds()
    for what, value in {
        "feeds read and planned": f"{read_s:.2f} s",
        "polls answered": f"{outlets.answered} in {took_s:.1f} s",
        "CPU per poll, all of it": f"{cpu_s / outlets.answered * 1000:.2f} ms",
        "loop late, median / p99.9": f"{_ms(late[499])} / {_ms(late[-1])}",
        "computed at a stretch, p99.9": _ms(busy[-1]),
        "computed at a stretch, at most": _ms(max(stalls.busy_s)),
        "memory grew by at most": f"{grown_mb:.1f} MB",
        "in flight at once, of all / of a host": f"{outlets.most} / {outlets.most_of_a_host}",
        "shortest pause at a host": f"{pause_s:.3f} s of {delay_s:g} s",
    }.items():
        print(f"{what:38} {value}")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    main()
