"""Large databases for benchmarks: entries stored the fast way, without deciding anything."""

from collections.abc import Callable, Mapping
from itertools import accumulate

from watcher.model import Entry, Reading
from watcher.storage.database import Transaction
from watcher.storage.sketches import add_sketches
from watcher.storage.tokens import add_postings
from watcher.storage.types import to_microseconds
from watcher.stories.computed import sketch
from watcher.stories.signature import sign


def zipf_weights(count: int) -> list[float]:
    """Return how often words are used, the commonest first: cumulated, as `choices` takes them."""
    return list(accumulate(1 / (rank + 3) for rank in range(count)))


def alone(number: int) -> int:
    """Return the story of an entry that has one of its own."""
    return number


def store_plainly(
    tx: Transaction,
    entries: Mapping[int, Entry],
    reading: Reading,
    *,
    story_of: Callable[[int], int] = alone,
    per_story: int = 1,
) -> None:
    """Store entries of the first feed, under given numbers.

    Args:
        tx: the transaction.
        entries: number -> entry.
        reading: what was found in each.
        story_of: an entry's number -> its story's.
        per_story: how many entries a story has in the end.
    """
    run = tx.connection.exec_driver_sql
    seen = {number: to_microseconds(entry.seen) for number, entry in entries.items()}
    stories = {story_of(number): at for number, at in seen.items()}
    run(
        "INSERT INTO story (id, opened, last_seen, entries) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen",
        [(story, at, at, per_story) for story, at in stories.items()],
    )
    run(
        "INSERT INTO entry (id, feed, guid, title, summary, author, url, outlet, language,"
        " seen, story, relation, score, reason)"
        " VALUES (?, 1, ?, ?, ?, '', ?, ?, ?, ?, ?, 'new', 0.0, '')",
        [
            (n, e.id, e.title, e.summary, e.url, e.outlet, reading.language, seen[n], story_of(n))
            for n, e in entries.items()
        ],
    )
    signed = {number: sign(entry, reading) for number, entry in entries.items()}
    add_postings(tx.connection, {number: one.headline.terms for number, one in signed.items()})
    add_sketches(tx.connection, {number: sketch(one) for number, one in signed.items()})
