"""How long `watcher topics backtest` takes over a large archive.

    python benchmarks/backtest.py [--entries 900000] [--config config.example.toml]

900,000 entries are what 1,000 feeds bring in 90 days at ten a day. The texts are made of words
drawn from the everyday words of many languages and from the watchlist's own labels, so that about
one in fifty mentions a list; each is as long as a title with a short summary.
"""

import argparse
import random
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from watcher.config import Settings, load
from watcher.service.trials.backtest import backtest
from watcher.storage.database import Database
from watcher.storage.schema import entry, story
from watcher.topics.language import COMMON_WORDS

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAYS = 90
TITLE_WORDS, WORDS = 9, 32
#: One word in so many names something that the watchlist knows.
NAMES_SHARE = 1 / 1500
CHUNK = 20_000


def main() -> None:
    """Fill an archive, run the backtest, print times and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=900_000)
    parser.add_argument("--config", type=Path, default=Path("config.example.toml"))
    arguments = parser.parse_args()
    settings = load(arguments.config).settings
    if settings is None:
        sys.exit(f"{arguments.config} cannot be used: see watcher check")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "watcher.db"
        fill(path, settings, arguments.entries)
        measure(arguments.config, settings, path)


def measure(config: Path, settings: Settings, path: Path) -> None:
    """Run once and print what it took."""
    started, used = perf_counter(), process_time()
    since = NOW - timedelta(days=DAYS)
    found = backtest(config, settings, path, since=since, now=NOW, tick=iter)
    seconds = perf_counter() - started
    matched = sum(topic.matched[1] for topic in found.topics)
    print(f"{found.entries:,} entries, {matched:,} matches: {seconds:.1f} s,", end=" ")
    print(
        f"{found.entries / seconds:,.0f} entries/s, {process_time() - used:.1f} s in this process"
    )
    peak = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"largest process {peak / 1024:.0f} MB")


def fill(path: Path, settings: Settings, entries: int) -> None:
    """Store made-up entries, each with a story of its own."""
    with Database.open(path) as database:
        with database.begin() as tx:
            feed = tx.feeds.sync([("https://wire.example/feed", "Wire", None)], NOW)
        rows = make_rows(settings, entries, next(iter(feed.values())))
        for _ in range(0, entries, CHUNK):
            chunk = [row for row, _ in zip(rows, range(CHUNK), strict=False)]
            with database.begin() as tx:
                tx.connection.execute(story.insert(), [make_story(row) for row in chunk])
                tx.connection.execute(entry.insert(), chunk)


def make_story(row: dict[str, object]) -> dict[str, object]:
    """Return the story that an entry opens."""
    return {"id": row["story"], "opened": row["seen"], "last_seen": row["seen"], "entries": 1}


def make_rows(settings: Settings, entries: int, feed: int) -> Iterator[dict[str, object]]:
    """Yield rows of the entry table, oldest first."""
    dice = random.Random(3)  # noqa: S311 - the same texts every time, no secret
    names = [name for entity in settings.entities.values() for name in entity.names] or ["nobody"]
    vocabularies = [(language, sorted(words)) for language, words in COMMON_WORDS.items()]
    step = timedelta(days=DAYS) / entries
    for number in range(1, entries + 1):
        language, known = dice.choice(vocabularies)
        words = [
            dice.choice(names) if dice.random() < NAMES_SHARE else dice.choice(known)
            for _ in range(WORDS)
        ]
        yield {
            "id": number, "feed": feed, "guid": str(number), "title": " ".join(words[:TITLE_WORDS]),
            "summary": " ".join(words[TITLE_WORDS:]), "author": "", "url": f"https://wire.example/{number}",
            "outlet": "Wire", "declared_language": language, "language": language,
            "seen": NOW - timedelta(days=DAYS) + step * (number - 1), "story": number,
            "relation": "new", "score": 100.0, "reason": "made up",
        }  # fmt: skip


if __name__ == "__main__":
    main()
