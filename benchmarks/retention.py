"""Letting go of much at once, while polls go on: `python benchmarks/retention.py [entries]`.

As when Watcher starts after a summer, or `retention` is lowered: by default 200,000 entries of
stories of three are past it, with summaries, matches, decisions and sightings; one in fifty is told
of by an alert and stays for ever, with its story. The daemon's own job lets go of them with the
daemon's writer; beside it somebody asks for the writer every 20 ms, as polls and deliveries do.

Printed are, of each kind of step, how many there were, the most that one removed and how long they
took, and how long the others waited for their turn. Ends with an error if a step removed more than
it may, or something stays that should go, or goes that should stay.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from filled import store_plainly, zipf_weights

from watcher.config.settings import Settings
from watcher.model import Action, Entry, Priority, Reading
from watcher.service.care.housekeeping import tidy
from watcher.service.writer import Writer
from watcher.storage.database import Database, Transaction
from watcher.storage.rows import Swept
from watcher.storage.types import to_microseconds

T = TypeVar("T")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
READ = Reading("id", (), ())
CHUNK = 3_000
WORDS = [f"ka{number}" for number in range(60_000)]
WEIGHTS = zipf_weights(len(WORDS))
#: The steps of the daemon's job, in its order.
KINDS = ("terms' postings", "days' masks", "entries")
PER_STORY, TOLD_OF, MATCHED_OF, SEEN_AGAIN_OF = 3, 50, 10, 5
YOUNG = 3_000
MOST_A_STEP = 500
ASK_EVERY_S = 0.02
SUMMARY = "Officials said on Monday that the matter would be looked into at once. " * 4


def main() -> None:
    """Fill, let go, and print what it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("entries", type=int, nargs="?", default=200_000)
    given = parser.parse_args()
    given.entries -= given.entries % PER_STORY  # no story is both old and young
    with TemporaryDirectory() as name:
        database = Database.open(Path(name) / "watcher.db")
        started = time.perf_counter()
        told = fill(database, given.entries)
        print(f"{given.entries:,} old entries, filled in {time.perf_counter() - started:.0f} s")
        steps, waits = asyncio.run(let_go(database))
        entries = [removed for removed, _ in steps[KINDS[-1]]]
        left = rows_left(database)
        database.close()
    report(steps, waits)
    wrong = max(entries) > MOST_A_STEP or left != told + YOUNG
    print(f"{sum(entries):,} entries gone, {left:,} stay, of which {told:,} with alerts")
    sys.exit(int(wrong))


Steps = dict[str, list[tuple[int, float]]]


class Timed(Writer):
    """The daemon's writer, which notes what each step took and removed."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.steps: Steps = {kind: [] for kind in KINDS}
        self.begin_round()

    def begin_round(self) -> None:
        """Note what follows as an hour's work."""
        self._kinds = iter(KINDS)
        self._kind = next(self._kinds)

    async def run(self, work: Callable[[Transaction], T], *, shares: bool = False) -> T:
        """Do some work, and note it if it lets go of something."""
        started = time.perf_counter()
        done = await super().run(work, shares=shares)
        if isinstance(done, Swept):
            self.steps[self._kind].append((done.removed, time.perf_counter() - started))
            self._kind = next(self._kinds, "") if done.done else self._kind
        return done


async def let_go(database: Database) -> tuple[Steps, list[float]]:
    """Return the steps by their kind, and how long others waited for the writer, in seconds."""
    writer, waits = Timed(database), []
    job = asyncio.create_task(all_hours(writer))
    while not job.done():
        asked = time.perf_counter()
        await writer.run(lambda tx: tx.feeds.state(0))
        waits.append(time.perf_counter() - asked)
        await asyncio.sleep(ASK_EVERY_S)
    await job
    writer.close()
    return writer.steps, waits


async def all_hours(writer: Timed) -> None:
    """Do each hour's work, without the hours between, until nothing is left to let go of."""
    before, left = -1, await entries_in(writer)
    while before != left:
        writer.begin_round()
        await tidy(writer, Settings(), NOW, lambda: False)
        before, left = left, await entries_in(writer)


async def entries_in(writer: Timed) -> int:
    """Return how many entries there are."""
    return await writer.run(lambda tx: tx.retention.entries())


def report(steps: Steps, waits: list[float]) -> None:
    """Print the table."""
    print(f"{'':<18}{'steps':>7}{'most':>8}{'ms median':>11}{'p95':>8}{'max':>8}{'total s':>9}"
          f"{'first tenth':>13}{'last tenth':>12}")  # fmt: skip
    for name, done in steps.items():
        took = [seconds for _, seconds in done]
        tenth = max(1, len(took) // 10)
        print(f"{name:<18}{len(done):>7}{max(removed for removed, _ in done):>8}"
              f"{figures(took)}{sum(took):>9.1f}"
              f"{median(took[:tenth]) * 1000:>13.1f}"
              f"{median(took[-tenth:]) * 1000:>12.1f}")  # fmt: skip
    print(f"{'others waited':<18}{len(waits):>7}{'':>8}{figures(waits)}")


def figures(seconds: list[float]) -> str:
    """Return median, 95th percentile and maximum in ms."""
    p95 = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    return f"{median(seconds) * 1000:>11.1f}{p95 * 1000:>8.1f}{max(seconds) * 1000:>8.1f}"


def rows_left(database: Database) -> int:
    """Return how many entries there are."""
    with database.read() as tx:
        return int(tx.connection.exec_driver_sql("SELECT count(*) FROM entry").scalar() or 0)


def fill(database: Database, old: int) -> int:
    """Store old entries and some young ones; return how many are of stories that were told."""
    dice = random.Random(7)  # noqa: S311 - made-up titles
    with database.begin() as tx:
        tx.feeds.sync([("https://news.example/feed", None, None)], NOW)
        tx.feeds.sync([(f"https://news.example/{n}", None, None) for n in range(2)], NOW)
    for first in range(0, old + YOUNG, CHUNK):
        numbers = range(first + 1, min(first + CHUNK, old + YOUNG) + 1)
        with database.begin() as tx:
            store(tx, numbers, old, dice)
    return PER_STORY * len({story_of(number) for number in range(TOLD_OF, old + 1, TOLD_OF)})


def store(tx: Transaction, numbers: range, old: int, dice: random.Random) -> None:
    """Store entries with all that hangs on them."""
    made = {number: entry(number, old, dice) for number in numbers}
    store_plainly(tx, made, READ, story_of=story_of, per_story=PER_STORY)
    hang_on(tx, made)
    for number in numbers:
        if number <= old and number % TOLD_OF == 0:
            ring(tx, number)


def entry(number: int, old: int, dice: random.Random) -> Entry:
    """Return an entry of eight made-up words, of which a few are used all the time."""
    title = " ".join(dice.choices(WORDS, cum_weights=WEIGHTS, k=8))
    seen = NOW - timedelta(days=0 if number > old else 100) + timedelta(microseconds=number)
    return Entry(str(number), title, seen, SUMMARY, f"https://news.example/{number}", "Outlet")


def story_of(number: int) -> int:
    """Return the story of an entry."""
    return (number - 1) // PER_STORY + 1


def hang_on(tx: Transaction, made: Mapping[int, Entry]) -> None:
    """Store matches, decisions and sightings of some."""
    run = tx.connection.exec_driver_sql
    seen = {number: to_microseconds(entry.seen) for number, entry in made.items()}
    matched = [n for n in made if n % MATCHED_OF == 0]
    run(
        "INSERT INTO match (topic, entry, evidence, sentence) VALUES ('t', ?, '[]', '[]')",
        [(n,) for n in matched],
    )
    run(
        "INSERT INTO decision (entry, topic, action, reason, time)"
        " VALUES (?, 't', 'suppress', 'copy', ?)",
        [(n, seen[n]) for n in matched],
    )
    run(
        "INSERT INTO sighting (feed, guid, entry, seen) VALUES (2, ?, ?, ?)",
        [(f"again {n}", n, seen[n]) for n in made if n % SEEN_AGAIN_OF == 0],
    )


def ring(tx: Transaction, number: int) -> None:
    """Have an alert tell of an entry."""
    tx.alerts.add(
        topic="t",
        story=story_of(number),
        action=Action.ALERT,
        priority=Priority.NORMAL,
        now=NOW,
        due=NOW,
        lead=number,
        channels=["desk"],
    )


if __name__ == "__main__":
    main()
