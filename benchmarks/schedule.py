"""How soon entries are seen: our schedule, fixed intervals and Miniflux's, at equal budgets.

    python benchmarks/schedule.py [--minutes 60 15] [--data ../shared/data]

The publication moments of real outlets are played against each schedule. All feeds run side by
side; each schedule learns on the first half of a feed's time and is scored on the second. Ours is
the very code of the program (rhythm, budget, schedule) and has to keep its budget by itself, from
poll to poll; the constant of Miniflux's rule is fitted to the budget on the scored half.

Two lists of feeds:

  streams  the outlets of streams/dev.jsonl alone, each by its longest run without two days of
           missing snapshots, a day and a half at most to either side of its middle. Nearly all
           of them are busy, so that there is little to be shifted.
  list     what a user's list looks like: the outlets with two weeks of history, among feeds of
           every kind with as much (the dates in feeds/), each by its last two weeks.

`bound` is what the best interval for each feed would leave of the mean if its rate in the scored
half were known beforehand; only the hours of the day lead below it. `first` is the delay of a
story's first report: from the first outlet's publication to the moment at which any of its reports
is seen. Stories are found by the program too; those told by several outlets stand apart.
"""

import argparse
import heapq
import json
import random
import statistics
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from math import sqrt
from pathlib import Path

from watcher.config import Settings
from watcher.errors import FeedError
from watcher.feeds.budget import Budget, asks_anew
from watcher.feeds.parse import parse_feed
from watcher.feeds.rhythm import observed, pulls
from watcher.feeds.schedule import JITTER, Pace, PollState, after_success, worth
from watcher.model import Entry
from watcher.service.trials.replay import Replay
from watcher.topics.watchlist import Watchlist

DATA = Path(__file__).parents[2] / "shared/data"
#: Bounds of every schedule: as Miniflux has them.
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)
HOUR, DAY = 3600.0, 86400.0
#: Snapshots were missing when an outlet of news seems silent for so long.
MISSING = 2 * DAY
STREAM_HALF, LIST_HALF = 1.5 * DAY, 7 * DAY
EPOCH = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Feed:
    """A feed's publications, in seconds from EPOCH, and what is scored of them."""

    name: str
    times: Sequence[float]
    middle: float
    end: float
    shift: float = 0.0  # to be added for the real time
    titles: Sequence[str] = ()

    def is_scored(self, time: float) -> bool:
        return self.middle < time <= self.end


@dataclass
class Score:
    """What a schedule did in the scored half."""

    polls: float = 0
    seen: dict[tuple[int, int], float] = field(default_factory=dict)  # (feed, entry) -> when


#: Given a feed's number, the time, the last poll's time and the new entries: seconds to wait.
Schedule = Callable[[int, float, float, int], float]


def play(feeds: Sequence[Feed], schedule: Schedule) -> Score:
    """Play all feeds against a schedule, from the start of each to its end."""
    chance, score = random.Random(1), Score()  # noqa: S311 - the same every time, no secret
    queue = [(feed.times[0] + chance.random() * HOUR, n) for n, feed in enumerate(feeds)]
    heapq.heapify(queue)
    known, last = [0] * len(feeds), [feed.times[0] for feed in feeds]
    while queue:
        now, n = heapq.heappop(queue)
        feed = feeds[n]
        upto = bisect_right(feed.times, now)
        for entry in range(known[n], upto):
            if feed.is_scored(feed.times[entry]):
                score.seen[n, entry] = now
        score.polls += feed.is_scored(now)
        wait = schedule(n, now, last[n], upto - known[n])
        known[n], last[n] = upto, now
        if now < feed.end or (upto < len(feed.times) and feed.times[upto] <= feed.end):
            heapq.heappush(queue, (now + wait, n))
    return score


def fixed(minutes: float) -> Schedule:
    """Return the schedule that knows one interval."""
    return lambda _n, _now, _last, _new: minutes * 60


def miniflux(feeds: Sequence[Feed], factor: float) -> Schedule:
    """Return entry_frequency: a week divided by the week's entries times a factor."""

    def wait(n: int, now: float, _last: float, _new: int) -> float:
        times = feeds[n].times
        weekly = bisect_right(times, now) - bisect_left(times, now - 7 * DAY)
        interval = 7 * DAY / (weekly * factor) if weekly else LONGEST.total_seconds()
        return min(max(interval, SHORTEST.total_seconds()), LONGEST.total_seconds())

    return wait


def fitted_miniflux(feeds: Sequence[Feed], minutes: float) -> Schedule:
    """Return entry_frequency with the factor that spends the budget on the scored half."""
    budget, low, high = budget_of(feeds, minutes), 0.01, 1e4
    for _ in range(16):
        middle = sqrt(low * high)
        is_over = play(feeds, miniflux(feeds, middle)).polls > budget
        low, high = (low, middle) if is_over else (middle, high)
    return miniflux(feeds, low)


def ours(feeds: Sequence[Feed], minutes: float) -> Schedule:
    """Return the program's own schedule."""
    mean, chance = timedelta(minutes=minutes), random.Random(2)  # noqa: S311 - no secret
    budget = Budget(mean, SHORTEST, LONGEST, stretch=1 + JITTER / 2)
    pace = Pace(mean, SHORTEST, LONGEST)
    states = [PollState() for _ in feeds]

    def wait(n: int, now: float, last: float, new: int) -> float:
        at, before = moment(now), states[n]
        state = before._replace(rhythm=observed(before.rhythm, moment(last), at, new))
        priced = replace(pace, price=budget.price)
        states[n] = state = after_success(state, priced, now=at, chance=chance.random())
        if asks_anew(before, state):
            budget.put(n, pulls(state.rhythm, worth(state, pace, at)), timedelta())
        if now >= feeds[n].end:
            budget.drop(n)
        return ((state.next_due or at) - at).total_seconds()

    return wait


def moment(seconds: float) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def budget_of(feeds: Sequence[Feed], minutes: float) -> float:
    return sum(feed.end - feed.middle for feed in feeds) / 60 / minutes


def bound(feeds: Sequence[Feed]) -> float:
    """Return the share of a fixed interval's mean delay that the best intervals would leave.

    One interval for each feed, its rate in the scored half known beforehand, and no bounds:
    mean(sqrt(rate))^2 / mean(rate).
    """
    rates = [sum(map(feed.is_scored, feed.times)) / (feed.end - feed.middle) for feed in feeds]
    return statistics.fmean(map(sqrt, rates)) ** 2 / statistics.fmean(rates)


# -- the feeds ------------------------------------------------------------------------------------


def streams(data: Path) -> list[Feed]:
    """Return the outlets of dev.jsonl side by side, around the middle of each one's run."""
    feeds = []
    for name, items in read_streams(data).items():
        half = (items[-1][0] - items[0][0]) / 2
        if half >= 0.95 * DAY and len(items) >= 10:
            middle = (items[0][0] + items[-1][0]) / 2
            feeds.append(placed(name, items, middle, min(half, STREAM_HALF)))
    return feeds


def user_list(data: Path) -> list[Feed]:
    """Return the outlets with two weeks of history among feeds of every kind with as much."""
    pool = {**read_streams(data), **read_documents(data)}
    return [
        placed(name, items, items[-1][0] - LIST_HALF, LIST_HALF)
        for name, items in pool.items()
        if items[-1][0] - items[0][0] >= 2 * LIST_HALF - DAY / 2
    ]


def placed(name: str, items: Sequence[tuple[float, str]], middle: float, half: float) -> Feed:
    """Return a feed moved by whole weeks, so that all middles lie within one week."""
    shift = middle // (7 * DAY) * 7 * DAY
    kept = [(time - shift, title) for time, title in items if time > middle - half]
    start = middle - shift - half
    times, titles = [start, *(t for t, _ in kept)], ["", *(title for _, title in kept)]
    return Feed(name, times, middle - shift, middle - shift + half, shift, titles)


def read_streams(data: Path) -> dict[str, list[tuple[float, str]]]:
    found: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    with (data / "streams/dev.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            found[item["stream"]].append((item["published"], item["title"]))
    return {name: longest_run(sorted(items)) for name, items in found.items()}


def longest_run(items: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Return the longest part in which no snapshots seem to be missing."""
    breaks = [n for n, (a, b) in enumerate(pairwise(items), 1) if b[0] - a[0] > MISSING]
    parts = [items[start:end] for start, end in pairwise([0, *breaks, len(items)])]
    return max(parts, key=lambda part: part[-1][0] - part[0][0])


def read_documents(data: Path) -> dict[str, list[tuple[float, str]]]:
    """Return the dated entries of real documents; those of one feed reach back far enough."""
    found = {}
    for line in (data / "feeds/manifest.jsonl").read_text("utf-8").splitlines():
        name = json.loads(line)["file"]
        times = sorted(dates_of(data / "feeds" / name))
        if len(times) > 2:
            found[name] = [(time, "") for time in times]
    return found


def dates_of(path: Path) -> Iterator[float]:
    try:
        feed = parse_feed(path.read_bytes(), content_type=None, url="", now=datetime.now(UTC))
    except FeedError:
        return
    yield from (entry.time.timestamp() for entry in feed.entries if entry.time)


# -- stories --------------------------------------------------------------------------------------

Story = list[tuple[int, int]]


def stories(feeds: Sequence[Feed]) -> list[Story]:
    """Return the scored entries, grouped as the program groups them, in their real time."""
    items = sorted(
        (feed.times[entry] + feed.shift, n, entry)
        for n, feed in enumerate(feeds)
        for entry in range(len(feed.times))
        if feed.is_scored(feed.times[entry]) and feed.titles[entry]
    )
    settings = Settings()
    run, groups = Replay(settings, Watchlist(settings)), defaultdict(list)
    for time, n, entry in items:
        feed = feeds[n]
        report = Entry(f"{n}-{entry}", feed.titles[entry], datetime.fromtimestamp(time, UTC))
        groups[run.take(replace(report, outlet=feed.name)).story].append((n, entry))
    return list(groups.values())


def first_delays(feeds: Sequence[Feed], groups: Iterable[Story], score: Score) -> list[float]:
    """Return, for each story, the minutes from its first publication until it is seen at all."""
    delays = []
    for group in groups:
        published = min(feeds[n].times[e] + feeds[n].shift for n, e in group)
        seen = min(score.seen[n, e] + feeds[n].shift for n, e in group)
        delays.append((seen - published) / 60)
    return delays


# -- the table ------------------------------------------------------------------------------------


def scored(name: str, minutes: float, data: Path) -> list[list[str]]:
    """Return the rows of one list at one budget."""
    feeds = {"streams": streams, "list": user_list}[name](data)
    schedules = {
        "fixed": fixed(minutes),
        "Miniflux": fitted_miniflux(feeds, minutes),
        "Watcher": ours(feeds, minutes),
    }
    groups = stories(feeds) if name == "streams" else []
    told_by_several = [group for group in groups if len({n for n, _ in group}) > 1]
    rows, reference = [], 0.0
    for schedule, rule in schedules.items():
        score = play(feeds, rule)
        delays = [(seen - feeds[n].times[e]) / 60 for (n, e), seen in score.seen.items()]
        reference = reference or statistics.fmean(delays)
        spent = score.polls / budget_of(feeds, minutes)
        row = [name, f"{minutes:g}", schedule, f"{spent:.0%}", *figures(delays)]
        row += [f"{statistics.fmean(delays) / reference:.2f}"]
        row += [mean_of(first_delays(feeds, some, score)) for some in (groups, told_by_several)]
        rows.append(row)
    rows.append([name, f"{minutes:g}", "bound", *[""] * 5, f"{bound(feeds):.2f}", "", ""])
    return rows


def figures(delays: Sequence[float]) -> list[str]:
    cuts = statistics.quantiles(delays, n=100)
    return [f"{value:.1f}" for value in (statistics.fmean(delays), cuts[49], cuts[89], cuts[98])]


def mean_of(delays: Sequence[float]) -> str:
    return f"{statistics.fmean(delays):.1f}" if delays else ""


HEADS = ("feeds", "budget", "schedule", "spent", "mean", "median", "p90", "p99", "of fixed",
         "first", "first of several")  # fmt: skip


def main() -> None:
    """Print delays in minutes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, nargs="+", default=[60.0, 15.0])
    parser.add_argument("--data", type=Path, default=DATA)
    arguments = parser.parse_args()
    if not (arguments.data / "streams/dev.jsonl").exists():
        sys.exit(f"no streams in {arguments.data}: they belong to their outlets; name yours")
    jobs = [(name, minutes) for minutes in arguments.minutes for name in ("list", "streams")]
    work = partial(_scored, data=arguments.data)
    print("minutes from publication to the poll that sees it; as many polls for each schedule")
    print_row(HEADS)
    with ProcessPoolExecutor(2) as pool:
        for rows in pool.map(work, jobs):
            for row in rows:
                print_row(row)


def _scored(job: tuple[str, float], data: Path) -> list[list[str]]:
    return scored(*job, data)


def print_row(cells: Sequence[str]) -> None:
    widths = (8, 7, 9, 6, 7, 7, 7, 8, 9, 6, 17)
    print(
        " ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)), flush=True
    )


if __name__ == "__main__":
    main()
