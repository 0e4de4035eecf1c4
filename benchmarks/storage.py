"""What storage costs as it grows: `python benchmarks/storage.py [entries ...]`.

Entries are made up: titles of eight words drawn by Zipf's law from 60,000, as in a news corpus.
Figures are medians and 95th percentiles in ms, on whatever else this machine does meanwhile.
"""

import random
import resource
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from filled import store_plainly, zipf_weights

from watcher.model import Action, Assignment, Entry, Priority, Reading, Relation
from watcher.storage.database import Database, Transaction
from watcher.stories.signature import sign

T = TypeVar("T")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
WINDOW = timedelta(hours=72)
WORDS = [
    f"{stem}{number}"
    for number in range(6_000)
    for stem in ("ka", "to", "mi", "re", "su", "lo", "ne", "vi", "da", "po")
]
WEIGHTS = zipf_weights(len(WORDS))
READ = Reading("id", (), ())
NEW = Assignment(Relation.NEW, None, None, 0.0, "new")
QUERIES = 300
CHUNK = 3_000


def main() -> None:
    """Measure at each size asked for."""
    for size in [int(text) for text in sys.argv[1:]] or [10_000, 100_000]:
        with TemporaryDirectory() as directory:
            measure(size, Path(directory))


def measure(size: int, directory: Path) -> None:
    """Print one size's figures."""
    dice = random.Random(7)  # noqa: S311 - made-up titles
    started = perf_counter()
    with Database.open(directory / "bench.db") as database:
        fill(database, size, dice)
    print(f"{size:>9,} entries, filled in {perf_counter() - started:.0f} s")

    started = perf_counter()
    with Database.open(directory / "bench.db") as database:
        with database.begin() as tx:
            tx.archive.candidates(sign(entry(size + 1, dice), READ), NOW - WINDOW)
        report("restart to first candidates", [perf_counter() - started])
        measure_archive(database, size, dice)
        measure_outbox(database)
        measure_retention(database)
    file = directory / "bench.db"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"    file {file.stat().st_size / 1e6:.0f} MB, peak memory {peak:.0f} MB\n")


def measure_archive(database: Database, size: int, dice: random.Random) -> None:
    """Look for candidates, and add entries to so many."""
    with database.begin() as tx:
        asked = [sign(entry(size + number, dice), READ) for number in range(QUERIES)]
        report("candidates", times(asked, lambda s: tx.archive.candidates(s, NOW - WINDOW)))
        report("... signed before", times(asked, lambda s: tx.archive.candidates(s, NOW - WINDOW)))
        fresh = [entry(size + number, dice) for number in range(1, QUERIES + 1)]
        report("add to an open transaction", times(fresh, lambda made: add(tx, made)))
        ids = [[str(number + dice.randrange(size)) for number in range(50)] for _ in range(QUERIES)]
        report("known, 50 ids", times(ids, lambda some: tx.sightings.known(1, some)))

    def add_and_commit(number: int) -> None:
        with database.begin() as tx:
            add(tx, entry(size + QUERIES + 1 + number, dice))

    report("a transaction of one entry", times(range(QUERIES), add_and_commit))


def measure_outbox(database: Database) -> None:
    """Claim one message after the other while a thousand wait."""
    with database.begin() as tx:
        for number in range(1, 1001):
            tx.alerts.add(
                topic="t",
                story=number,
                action=Action.ALERT,
                priority=Priority.NORMAL,
                now=NOW,
                due=NOW,
                lead=number,
                channels=["desk", "mail"],
            )

    def claim_and_send(_: int) -> None:
        with database.begin() as tx:
            claimed = tx.claims.claim_next(NOW, timedelta(minutes=5), "desk")
        assert claimed
        with database.begin() as tx:
            tx.outbox.sent(claimed.deliveries, "1", NOW)

    report("claim, then record, 2,000 waiting", times(range(QUERIES), claim_and_send))


def measure_retention(database: Database) -> None:
    """Let go of what is older than half of it, step by step."""
    half = NOW - timedelta(hours=70) + timedelta(seconds=0.05) * 10_000

    def prune(_: int) -> None:
        with database.begin() as tx:
            tx.retention.prune_postings(half)

    def delete(_: int) -> None:
        with database.begin() as tx:
            tx.retention.delete_entries(half)

    report("prune, 2,000 terms a step", times(range(5), prune))
    report("delete, 500 entries a step", times(range(5), delete))


def entry(number: int, dice: random.Random) -> Entry:
    """Return a made-up entry; a tenth of a second passes between two."""
    title = " ".join(dice.choices(WORDS, cum_weights=WEIGHTS, k=8))
    return Entry(str(number), title, NOW - timedelta(hours=70) + number * timedelta(seconds=0.1))


def add(tx: Transaction, made: Entry) -> None:
    """Store an entry in a story of its own."""
    tx.archive.add(tx.entries.add(1, made, READ, NEW).entry, sign(made, READ))


def fill(database: Database, size: int, dice: random.Random) -> None:
    """Store entries the fast way, each in a story of its own."""
    with database.begin() as tx:
        tx.feeds.sync([("https://news.example/feed", None, None)], NOW)
    for first in range(0, size, CHUNK):
        numbers = range(first + 1, min(first + CHUNK, size) + 1)
        with database.begin() as tx:
            store_plainly(tx, {number: entry(number, dice) for number in numbers}, READ)


def times(things: Iterable[T], work: Callable[[T], object]) -> list[float]:
    """Return the seconds that the work took for each thing."""
    taken = []
    for thing in things:
        started = perf_counter()
        work(thing)
        taken.append(perf_counter() - started)
    return taken


def report(what: str, seconds: list[float]) -> None:
    """Print a line of figures in ms."""
    most = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    print(f"    {what:36} {median(seconds) * 1000:8.2f}   p95 {most * 1000:8.2f}")


if __name__ == "__main__":
    main()
