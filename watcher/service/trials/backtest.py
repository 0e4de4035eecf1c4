"""What an edited watchlist would have alerted about, against what matched as it came in.

Stories stay as they are stored: a topic alerts once per story, by the first entry that matches.
Quiet hours, mutes and limits are left out on both sides: the question is what the watchlist finds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from watcher.config import Settings, load
from watcher.errors import ConfigError, StorageError
from watcher.storage.database import Database
from watcher.storage.rows import Headline
from watcher.topics.watchlist import Watchlist

#: Entries of one piece of work: a tenth of a second, so that a progress bar moves.
PIECE = 2_000
#: From so many entries on, starting processes (half a second) pays.
WORTH_PROCESSES = 20_000

Span = tuple[int, int]
Found = tuple[int, str]
Tick = Callable[[Sequence[Span]], Iterable[Span]]


@dataclass(frozen=True, slots=True)
class TopicChange:
    """What becomes of one topic.

    Attributes:
        matched: entries that matched as they came in, and that match now.
        alerts: stories alerted about, then and now.
        days: for each day of the time, alerts then and now.
    """

    topic: str
    matched: tuple[int, int]
    alerts: tuple[int, int]
    gained: tuple[Headline, ...]
    lost: tuple[Headline, ...]
    days: Mapping[date, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Backtest:
    """An archive read again."""

    since: datetime
    until: datetime
    entries: int
    topics: tuple[TopicChange, ...]

    @property
    def days(self) -> float:
        """How many days the archive covers; less than one counts as one."""
        return max((self.until - self.since).total_seconds() / 86400, 1.0)


class Reader:
    """Matches pieces of an archive; one per process."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._watchlist = Watchlist(settings)
        self._database = database
        self._limits = {feed.url: feed.topics for feed in settings.feeds}

    def read(self, span: Span) -> list[Found]:
        """Return which entries between two numbers match which topics."""
        with self._database.read() as tx:
            return [
                (text.number, topic)
                for text in tx.texts.read(*span)
                for topic in self._watchlist.matching(
                    text.title, text.summary, text.language, self._limits.get(text.feed_url)
                )
            ]


def backtest(
    config: Path, settings: Settings, path: Path, *, since: datetime, now: datetime, tick: Tick
) -> Backtest:
    """Match the stored entries since a time again and compare.

    Args:
        config: the file that `settings` come from: processes load it themselves.
        settings: the edited configuration.
        path: the database.
        since: entries seen from then on.
        now: the present.
        tick: wraps the pieces of work to show progress.
    """
    with Database.open(path, read_only=True) as database, database.read() as tx:
        stretch = tx.texts.since(since)
        if stretch is None:
            return Backtest(since, now, 0, compare(settings, (), (), {}))
        pieces = stretch.pieces(PIECE)
        then = tx.texts.matched(stretch.first, stretch.last)
        found = list(_found(config, settings, database, pieces, stretch.entries, tick))
        heads = tx.texts.headlines({number for number, _ in (*then, *found)})
    return Backtest(stretch.begun, now, stretch.entries, compare(settings, then, found, heads))


def compare(
    settings: Settings,
    then: Iterable[Found],
    now: Iterable[Found],
    heads: Mapping[int, Headline],
) -> tuple[TopicChange, ...]:
    """Return topic by topic what matched before and what matches now; topics gone come last."""
    before, after, zone = _by_topic(then), _by_topic(now), settings.watcher.zone
    current = [topic.id for topic in settings.topics]
    gone = sorted(set(before) - set(current))
    return tuple(
        _change(topic, before.get(topic, ()), after.get(topic, ()), heads, zone)
        for topic in (*current, *gone)
    )


def _change(
    topic: str,
    before: Sequence[int],
    after: Sequence[int],
    heads: Mapping[int, Headline],
    zone: tzinfo,
) -> TopicChange:
    then, now = _alerts(before, heads), _alerts(after, heads)
    gained = [now[story] for story in now if story not in then]
    lost = [then[story] for story in then if story not in now]
    counts = (_per_day(then.values(), zone), _per_day(now.values(), zone))
    days = sorted({*counts[0], *counts[1]})
    return TopicChange(
        topic=topic,
        matched=(len(before), len(after)),
        alerts=(len(then), len(now)),
        gained=tuple(sorted(gained)),
        lost=tuple(sorted(lost)),
        days={day: (counts[0][day], counts[1][day]) for day in days},
    )


def _by_topic(found: Iterable[Found]) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, topic in sorted(found):
        numbers[topic].append(number)
    return numbers


def _alerts(numbers: Iterable[int], heads: Mapping[int, Headline]) -> dict[int, Headline]:
    """Return story -> the first of the entries in it."""
    first: dict[int, Headline] = {}
    for number in numbers:
        first.setdefault(heads[number].story, heads[number])
    return first


def _per_day(heads: Iterable[Headline], zone: tzinfo) -> Counter[date]:
    return Counter(head.seen.astimezone(zone).date() for head in heads)


def _found(
    config: Path,
    settings: Settings,
    database: Database,
    pieces: Sequence[Span],
    entries: int,
    tick: Tick,
) -> Iterator[Found]:
    """Yield what matches now, read by as many processes as there are cores where that pays."""
    if entries < WORTH_PROCESSES:
        reader = Reader(settings, database)
        for piece in tick(pieces):
            yield from reader.read(piece)
        return
    with _processes(config, database.path) as pool:
        answers = pool.map(_read, pieces)
        for _, answer in zip(tick(pieces), answers, strict=True):
            yield from answer


@contextmanager
def _processes(config: Path, path: Path) -> Iterator[ProcessPoolExecutor]:
    context = get_context("spawn")  # a fork would share the open database
    pool = ProcessPoolExecutor(cpu_count(), context, _start, (config, path))
    try:
        yield pool
    except BrokenProcessPool as error:
        raise StorageError(
            f"a process that read {path} ended: was {config} changed meanwhile, or memory short?"
            " run it again"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


_reader: list[Reader] = []


def _start(config: Path, path: Path) -> None:
    """Make the one reader of a process."""
    settings = load(config).settings
    if settings is None:
        raise ConfigError(f"{config} cannot be used any more")
    _reader.append(Reader(settings, Database.open(path, read_only=True)))


def _read(span: Span) -> list[Found]:
    return _reader[0].read(span)
