"""Time the stories room on a database: what assigning an entry costs with many in the window.

    python benchmarks/stories.py [ENTRIES ...]        (default: 10000 100000)

The window is filled with titles recombined from halves of real ones where `../shared/data` is at
hand, else from words of the reference collection: hostile, because everything shares words with
everything. Behind them the labelled sets are assigned and stored one by one as the daemon does it
(wirepool: copies; uci: stories), or made-up repeats. Printed for each size, in milliseconds of
processor time per entry: signing, finding candidates and assigning, with no signature at hand
(cold) and with all of them (warm); storing; the share of entries with an earlier one of their
group for which the candidates hold one; file, memory, and the time from opening the file to the
first assignment.
"""

import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from filled import store_plainly

from watcher.model import Assignment, Entry, Reading, Relation
from watcher.service.intake.judge import find_story
from watcher.service.trials.items import read_items
from watcher.storage.database import Database, Transaction
from watcher.stories.cast import load_cast
from watcher.stories.signature import sign

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "stories"
FILLING = ("allsides2021.dev", "neus.dev", "basil.dev", "indonesian_stream")
LABELLED = {"wirepool.dev": "copies", "uci.dev": "stories"}
START = datetime(2023, 9, 12, tzinfo=UTC)
WINDOW = timedelta(hours=72)
#: The filling is reported within this time, the labelled entries after it.
FILLED = timedelta(hours=60)
#: Filling entries stored in one transaction.
CHUNK = 5_000
#: Labelled entries whose times are taken; recall is of all of them.
MEASURED = 500
#: Share of filling entries with a summary.
SUMMARISED = 0.3
#: Share of filling titles that get a figure beside those they have.
FIGURED = 0.2
UNREAD = Reading(None, (), ())


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry to be assigned; `group` names the labelled set and the group in it."""

    entry: Entry
    group: tuple[str, str]


def main() -> None:
    """Measure each size named on the command line."""
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]), int(sys.argv[3]))
        return
    columns = ("entries", "cold", "95 %", "warm", "95 %", "store", *LABELLED.values())
    print("".join(f"{name:>10}" for name in (*columns, "file MB", "RSS MB", "restart ms")))
    for size in map(int, sys.argv[1:] or ["10000", "100000"]):
        with TemporaryDirectory() as directory:
            fill(Path(directory), size)
            # In a process of its own: what building took is not the daemon's memory.
            again = [sys.executable, __file__, "--measure", directory, str(size)]
            subprocess.run(again, check=True)  # noqa: S603 - ourselves


def fill(directory: Path, size: int) -> None:
    """Store the filling the fast way, each entry in a story of its own."""
    dice = random.Random(size)  # noqa: S311 - made-up titles, repeatable on purpose
    with Database.open(directory / "bench.db") as database:
        with database.begin() as tx:
            tx.feeds.sync([("https://news.example/feed", None, None)], START)
        made = enumerate(filling(dice, size), 1)
        while chunk := list(islice(made, CHUNK)):
            with database.begin() as tx:
                store_plainly(tx, dict(chunk), UNREAD)


def filling(dice: random.Random, size: int) -> Iterator[Entry]:
    """Yield entries in time order, their titles put together from two halves."""
    titles, summaries = texts()
    heads = [title[: len(title) // 2] for title in titles]
    tails = [title[len(title) // 2 :] for title in titles]
    for number in range(size):
        figure = [str(dice.randrange(1_000))] if dice.random() < FIGURED else []
        title = " ".join([*dice.choice(heads), *dice.choice(tails), *figure])
        summary = dice.choice(summaries) if dice.random() < SUMMARISED else ""
        seen = START + FILLED * (number / size)
        yield Entry(f"f{number}", title, seen, summary, outlet=f"outlet {dice.randrange(300)}")


def texts() -> tuple[list[list[str]], list[str]]:
    """Return titles in words, and summaries."""
    if DATA.exists():
        entries = [item.entry for name in FILLING for item in read_items(DATA / f"{name}.jsonl")]
        titles = [entry.title.split() for entry in entries if entry.title]
        return titles, [entry.summary for entry in entries if entry.summary]
    dice = random.Random(7)  # noqa: S311 - made-up titles
    words = reference_words()
    made = [dice.choices(list(words), weights=list(words.values()), k=10) for _ in range(20_000)]
    return made, [" ".join(made[number] + made[number + 1]) for number in range(1_000)]


def reference_words() -> dict[str, float]:
    """Return the terms of the reference collection, and how often they are used."""
    text = resources.files("watcher.stories").joinpath("data/terms.txt").read_text("utf-8")
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {term: 2.718 ** -float(row[0]) for row in rows for term in row[1:]}


def labelled(size: int) -> list[Asked]:
    """Return the entries to be assigned, in the time after the filling."""
    if not DATA.exists():
        return repeats(size)
    found: list[Asked] = []
    for name in LABELLED:
        items = [item for item in read_items(DATA / f"{name}.jsonl") if item.cluster]
        step = (WINDOW - FILLED) / len(items) / 2
        for item in items:
            seen = START + FILLED + step * len(found)
            entry = replace(item.entry, id=f"{name}{len(found)}", seen=seen, published=None)
            found.append(Asked(entry, (name, str(item.cluster))))
    return found


def repeats(size: int) -> list[Asked]:
    """Return filling entries again, some words of each changed."""
    dice = random.Random(size)  # noqa: S311 - made-up titles
    found = []
    for number, entry in enumerate(islice(filling(dice, size), 2 * MEASURED)):
        words = entry.title.split()
        for name, changed in zip(LABELLED, (1, 4), strict=True):
            for place in dice.sample(range(len(words)), changed):
                words[place] = f"new{number}"
            seen = START + FILLED + timedelta(seconds=number)
            again = replace(entry, id=f"{name}{number}", title=" ".join(words), seen=seen)
            found.append(Asked(again, (name, str(number))))
    return found


def measure(directory: Path, size: int) -> None:
    """Assign and store the labelled entries, and print one line."""
    asked = labelled(size)
    load_cast()  # compiled once and for all, as a watchlist is, beside the first polls
    begun = time.perf_counter()
    database = Database.open(directory / "bench.db")
    with database.begin() as tx:
        find_story(UNREAD, sign(asked[0].entry, UNREAD), tx.archive, window=WINDOW)
    restart = (time.perf_counter() - begun) * 1000
    cold, warm, stored, found = run_through(database, asked)
    database.close()
    megabytes = (directory / "bench.db").stat().st_size / 1e6
    row = [f"{size:,}", *spread(cold), *spread(warm), f"{median(stored):.2f}"]
    row += [f"{sum(found[name]) / max(1, len(found[name])):.3f}" for name in LABELLED]
    row += [f"{megabytes:.0f}", f"{resident():.0f}", f"{restart:.0f}"]
    print("".join(f"{value:>10}" for value in row), flush=True)


def run_through(
    database: Database, asked: Sequence[Asked]
) -> tuple[list[float], list[float], list[float], dict[str, list[bool]]]:
    """Return the times of assigning and storing, and whether each found one of its group."""
    every = max(1, len(asked) // MEASURED)
    members: dict[tuple[str, str], set[int]] = defaultdict(set)
    found: dict[str, list[bool]] = defaultdict(list)
    times: tuple[list[float], list[float], list[float]] = ([], [], [])
    with database.begin() as tx:
        for number, one in enumerate(asked):
            if number % every == 0:
                for kept, spent in zip(times, timed(tx, one.entry), strict=False):
                    kept.append(spent)
            if members[one.group]:
                signature = sign(one.entry, UNREAD)
                near = tx.archive.candidates(signature, one.entry.seen - WINDOW)
                known = members[one.group]
                found[one.group[0]].append(any(member.entry in known for member in near))
            begun = time.process_time()
            members[one.group].add(store(tx, one.entry))
            times[2].append((time.process_time() - begun) * 1000)
    return *times, found


def timed(tx: Transaction, entry: Entry) -> tuple[float, float]:
    """Return the milliseconds of assigning an entry, without and with signatures at hand."""
    tx.signatures.clear()
    spent = []
    for _ in range(2):
        begun = time.process_time()
        find_story(UNREAD, sign(entry, UNREAD), tx.archive, window=WINDOW)
        spent.append((time.process_time() - begun) * 1000)
    return spent[0], spent[1]


def store(tx: Transaction, entry: Entry) -> int:
    """Store an entry in a story of its own."""
    alone = Assignment(Relation.NEW, None, None, 0.0, "")
    added = tx.entries.add(1, entry, UNREAD, alone)
    tx.archive.add(added.entry, sign(entry, UNREAD))
    return added.entry


def spread(times: Sequence[float]) -> tuple[str, str]:
    """Return median and 95th percentile."""
    return f"{median(times):.2f}", f"{quantiles(times, n=20)[-1]:.2f}"


def resident() -> float:
    """Return the megabytes of memory that this process has in use."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
