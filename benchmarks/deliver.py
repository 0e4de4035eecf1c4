"""What delivering costs: `python benchmarks/deliver.py [alerts]`, by default 1,000 to 5 channels.

Real courier, database and Telegram senders against the strict fake of the tests, which runs in a
process of its own. Three pictures: all alerts at once with one channel hanging, the same with a
limit of 30 messages a second in each chat, and news that come in evenly, of which the time from
seen to handed over counts. `group_wait` is zero, so that all of it is ours. On a busy machine look
at the CPU time: what is beyond it, others took.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import monotonic, process_time
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fake_telegram import FakeTelegram
from house import House
from telegram_http import Fault

from watcher.alerts.senders import make_sender
from watcher.config.settings import Settings
from watcher.model import (
    Action,
    Assignment,
    Entry,
    Evidence,
    Field,
    Match,
    Priority,
    Reading,
    Relation,
    Rule,
)
from watcher.service.delivery.courier import Courier
from watcher.service.jobs import TICK
from watcher.service.moments import utc_now
from watcher.storage.database import Transaction

CHATS = ("-1", "-2", "-3", "-4", "-5")
HANGING = "-5"
#: Alerts a second in the even flow: far above any news day, far below what a free core can do.
EVEN_PER_S = 2
EVEN_S = 40
TITLE = "Report {} of things that happened far away from each other"


def main() -> None:
    """Print the three pictures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    asyncio.run(at_once(count, per_second=0))
    asyncio.run(at_once(count // 4, per_second=30))
    asyncio.run(evenly())


class Service:
    """The fake Telegram in its own process; asked over a pipe for what has arrived."""

    def __init__(self, *, hanging: bool, per_second: float) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, hanging, per_second))
        self._process.start()
        self.url = str(self._pipe.recv())

    def count(self) -> int:
        """Return how many messages have arrived so far."""
        self._pipe.send("count")
        return int(self._pipe.recv())

    def arrived(self) -> list[tuple[str, str, float]]:
        """Return chat, text and monotonic time of each message so far."""
        self._pipe.send("arrived")
        return list(self._pipe.recv())

    def close(self) -> None:
        """End the process."""
        self._pipe.send("end")
        self._process.join()


def serve(pipe: Connection, hanging: bool, per_second: float) -> None:
    """Serve until told to end."""
    with FakeTelegram(chats=set(CHATS), per_second=per_second) as fake:
        if hanging:
            fake.fail_next(Fault.HANG, chat=HANGING, times=1_000_000)
        pipe.send(fake.url)
        while (asked := pipe.recv()) != "end":
            told = fake.messages
            is_count = asked == "count"
            pipe.send(len(told) if is_count else [(m.chat, m.visible, m.time) for m in told])


def opened_house(folder: Path, service: Service) -> House:
    """Return courier and database with a Telegram channel for each chat, a bot each."""
    settings = configured(service.url)
    senders = {
        name: make_sender(name, channel, console=sys.stdout, clock=utc_now)
        for name, channel in settings.channels.items()
    }
    return House(folder, settings, cast("Any", utc_now), cast("Any", senders))


async def at_once(count: int, *, per_second: float) -> None:
    """Print how fast the others finish when all alerts are due at once and one channel hangs."""
    with opened(hanging=True, per_second=per_second) as (folder, service):
        async with opened_house(folder, service) as house:
            await house.writer.run(lambda tx: report_all(tx, count))
            begun, cpu = monotonic(), process_time()
            ticking = asyncio.create_task(tick_for_ever(house.courier))
            others = len(CHATS) - 1
            await arrival(service, others * count)
            cpu = process_time() - cpu
            ticking.cancel()
            arrived = service.arrived()
    limit = f"{per_second:g} messages/s and chat" if per_second else "no limit"
    print(f"{count:,} alerts at once to {len(CHATS)} channels, {HANGING} hangs, {limit}:")
    for chat in CHATS:
        times = [time - begun for where, _, time in arrived if where == chat]
        speed = f"{len(times) / max(times):6.0f}/s, done after {max(times):5.1f} s" if times else ""
        print(f"  chat {chat}: {len(times):5,} messages {speed}")
    print(f"  {1e3 * cpu / len(arrived):.1f} ms of our CPU a message")


async def evenly() -> None:
    """Print the time from seen to handed over for news that come in evenly."""
    with opened(hanging=True, per_second=0) as (folder, service):
        async with opened_house(folder, service) as house:
            ticking = asyncio.create_task(tick_for_ever(house.courier))
            seen: dict[str, float] = {}
            for number in range(EVEN_PER_S * EVEN_S):
                seen[TITLE.format(number)] = monotonic()
                await house.writer.run(partial(report, number=number))
                house.courier.wake()
                await asyncio.sleep(1 / EVEN_PER_S)
            await arrival(service, (len(CHATS) - 1) * len(seen))
            ticking.cancel()
            arrived = service.arrived()
    delays = [time - seen[_title(text)] for _, text, time in arrived]
    p95 = quantiles(delays, n=20)[-1]
    print(f"{EVEN_PER_S} alerts/s for {EVEN_S} s to {len(CHATS)} channels, {HANGING} hangs:")
    print(f"  seen -> arrived: median {median(delays):.2f} s, p95 {p95:.2f} s (< 2 s)")


async def arrival(service: Service, count: int) -> None:
    """Wait until so many messages have arrived."""
    while await asyncio.to_thread(service.count) < count:  # noqa: ASYNC110 - of another process
        await asyncio.sleep(0.2)


async def tick_for_ever(courier: Courier) -> None:
    """Look for what is due as often as the daemon does."""
    while True:
        await courier.tick()
        await asyncio.sleep(TICK.total_seconds())


def report_all(tx: Transaction, count: int) -> None:
    """Store so many entries, and an alert about each."""
    for number in range(count):
        report(tx, number)


def report(tx: Transaction, number: int) -> None:
    """Store an entry with a story of its own, and an alert about it for every channel."""
    title = TITLE.format(number)
    found = Evidence("report", "report", title[:6], Field.TITLE, 0, 6, Rule.EXACT)
    match = Match("news", (found,), (Field.TITLE, 0, len(title)))
    now = utc_now()
    entry = Entry(f"{number}", title, now, "", f"https://wire.example/{number}", "Wire", "en", now)
    added = tx.entries.add(
        1,
        entry,
        Reading("en", (found,), (match,)),
        Assignment(Relation.NEW, None, None, 0.0, "new"),
    )
    tx.alerts.add(
        topic="news",
        story=added.story,
        action=Action.ALERT,
        priority=Priority.HIGH,
        now=now,
        due=now,
        lead=added.entry,
        channels=[f"chat{chat}" for chat in CHATS],
    )


def configured(url: str) -> Settings:
    """Return settings with an own bot for each chat, so that a limit of one is no other's."""
    telegram = {"token": "123:abc", "api": url, "interactive": True}
    channels: dict[str, Any] = {
        f"chat{chat}": {"telegram": telegram | {"chat": chat}} for chat in CHATS
    }
    topic = {"id": "news", "match": '"report"', "priority": "high"}
    feed = {"url": "https://wire.example/feed", "name": "Wire"}
    return Settings.model_validate({"feeds": [feed], "channels": channels, "topics": [topic]})


@contextmanager
def opened(*, hanging: bool, per_second: float) -> Iterator[tuple[Path, Service]]:
    """Yield a folder and a service for one picture."""
    service = Service(hanging=hanging, per_second=per_second)
    try:
        with TemporaryDirectory() as folder:
            yield Path(folder), service
    finally:
        service.close()


def _title(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("Report "))


if __name__ == "__main__":
    main()
