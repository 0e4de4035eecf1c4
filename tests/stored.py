"""Small databases for tests: real SQLite files with a feed, entries and rings in them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

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
from watcher.storage.database import Database, Transaction
from watcher.storage.migrate import create
from watcher.storage.rows import Added, Claimed, StoredEntry
from watcher.stories.signature import sign

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
LEASE = 5 * MINUTE
FEED = "https://news.example/feed"
TITLE = "Kim meets Putin in Vladivostok"
KIM = Evidence("kim", "Kim", "Kim", Field.TITLE, 0, 3, Rule.SHORT)
READ = Reading("en", (KIM,), (Match("summit", (KIM,), (Field.TITLE, 0, len(TITLE))),))
UNREAD = Reading(None, (), ())


def open_in(directory: Path) -> Database:
    """Open (or make) a database."""
    put_empty(directory / "watcher.db")
    return Database.open(directory / "watcher.db")


def put_empty(path: Path) -> None:
    """Put an empty database into a folder that has none; to make its tables takes 12 ms more."""
    if path.parent.is_dir() and not any(path.parent.glob(f"{path.name}*")):
        path.write_bytes(_empty())
        path.chmod(0o600)


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "watcher.db")
        create(path)
        return path.read_bytes()


def an_entry(id_: str = "1", title: str = TITLE, **changes: object) -> Entry:
    """Return an entry seen at NOW."""
    plain = Entry(id_, title, NOW, "A summary.", f"https://news.example/{id_}", "Antara", "en")
    return replace(plain, **changes)  # type: ignore[arg-type]


def store(
    tx: Transaction,
    entry: Entry | None = None,
    *,
    story: int | None = None,
    reading: Reading = READ,
    copy_of: int | None = None,
    follows: int | None = None,
) -> Added:
    """Store an entry of the one feed; without a story it opens one."""
    entry = entry or an_entry()
    feed = feed_number(tx)
    relation = Relation.NEW if story is None else Relation.COPY if copy_of else Relation.SAME
    assignment = Assignment(relation, story, copy_of, 91.5, "ratio 91", follows)
    added = tx.entries.add(feed, entry, reading, assignment)
    tx.archive.add(added.entry, sign(entry, reading))
    return added


def feed_number(tx: Transaction) -> int:
    """Return the number of the one feed."""
    known = tx.feeds.states()
    return known[0].id if known else tx.feeds.sync([(FEED, "Antara", None)], NOW)[FEED]


def ring(
    tx: Transaction,
    added: Added,
    *,
    channels: Sequence[str] = ("desk",),
    action: Action = Action.ALERT,
    wait: timedelta = timedelta(0),
    topic: str = "summit",
    priority: Priority = Priority.NORMAL,
) -> int:
    """Open a ring about an entry, due after a wait."""
    return tx.alerts.add(
        topic=topic,
        story=added.story,
        action=action,
        priority=priority,
        now=NOW,
        due=NOW + wait,
        lead=added.entry,
        channels=channels,
    )


def entries_of(tx: Transaction) -> list[StoredEntry]:
    """Return the entries of a small database, oldest first."""
    return sorted(tx.entries.by_numbers(range(1, 1000)).values(), key=lambda one: one.number)


def claim(
    tx: Transaction,
    now: datetime,
    lease: timedelta = LEASE,
    *,
    limit: int | None = None,
    channels: Collection[str] | None = None,
) -> tuple[Claimed, ...]:
    """Take what is due, channel by channel as the courier does; return it oldest first."""
    taken = islice(_claims(tx, now, lease, channels or tx.outbox.due_channels(now)), limit)
    return tuple(sorted(taken, key=lambda one: (one.edits is not None, one.deliveries)))


def _claims(
    tx: Transaction, now: datetime, lease: timedelta, channels: Collection[str]
) -> Iterator[Claimed]:
    for channel in channels:
        while claimed := tx.claims.claim_next(now, lease, channel):
            yield claimed
