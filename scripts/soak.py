"""Half an hour of everything at once: many feeds, bad hosts, and kill -9 each minute.

    python scripts/soak.py [--feeds 1000] [--minutes 30]         # `make soak`

Each event is a topic of its own and is told by three feeds, so exactly one alert is expected for
it, or a second one marked as a possible repeat where the daemon died between a send and its record.
The first half kills the daemon every minute; the second lets it run, and measures memory and open
files. Prints what was expected and received, the slopes, and whether the database is sound; the
exit code is 1 when anything is missing, came twice unmarked, or the database is not.
"""

import argparse
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))
from fake_telegram import FakeTelegram  # noqa: E402 - these lie with the tests
from feed_documents import Story, rss  # noqa: E402
from feed_server import FeedServer  # noqa: E402
from watcher_process import WatcherProcess, run  # noqa: E402

#: A host is an address, so that feeds may be asked at once; so many share one.
PER_HOST = 50
#: Of the hosts, these answer badly: one in ten hangs, one in ten asks for patience.
BAD_HOSTS: dict[int, dict[str, Any]] = {
    3: {"mode": "hang"},
    7: {"status": 429, "headers": {"Retry-After": "30"}},
}
COPIES = 3
KILL_EVERY_S = 60.0
SAMPLE_EVERY_S = 5.0
#: An event is told this long before the end at the latest, so that its alert may still come.
SETTLE_S = 60.0


@dataclass
class Measured:
    """Memory and open files of the daemon and its workers, while it is let alone."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def take(self, pid: int) -> None:
        """Measure now; a process that is just gone counts for nothing."""
        processes = [pid, *_children(pid)]
        self.seconds.append(time.monotonic())
        self.megabytes.append(sum(map(_megabytes, processes)))
        self.files.append(len(list(Path(f"/proc/{pid}/fd").iterdir())))

    def slope(self, values: list[float]) -> float:
        """Return what is added in an hour, by a straight line through the second half."""
        half = len(values) // 2
        if len(values) - half < 3:
            return 0.0
        line = statistics.linear_regression(self.seconds[half:], values[half:])
        return line.slope * 3600


class World:
    """The feeds of many hosts, the events they tell, and the chat."""

    def __init__(self, folder: Path, servers: list[FeedServer], feeds: int) -> None:
        self.folder = folder
        self.servers = servers
        self.good = [n for n in range(feeds) if self._host(n) % 10 not in BAD_HOSTS]
        self.told: dict[int, list[Story]] = {number: [] for number in range(feeds)}
        self.events: list[str] = []
        for number in range(feeds):
            self._serve(number)

    def _host(self, feed: int) -> int:
        return feed // PER_HOST

    def url(self, feed: int) -> str:
        """Return the address of a feed."""
        return self.servers[self._host(feed)].url(f"/feed/{feed}")

    def tell(self) -> None:
        """Let three feeds tell the next event."""
        number = len(self.events)
        self.events.append(f"event{number:05}")
        title = (
            f"Harbour {_word(number)} reports {self.events[-1]} off quay {_word(number * 7 + 3)}"
        )
        for copy in range(COPIES):
            feed = self.good[(number * COPIES + copy) % len(self.good)]
            self.told[feed] = [Story(title), *self.told[feed]][:20]
            self._serve(feed)

    def _serve(self, feed: int) -> None:
        bad = BAD_HOSTS.get(self._host(feed) % 10, {})
        body = rss(f"Outlet {feed}", self.told[feed])
        self.servers[self._host(feed)].put(f"/feed/{feed}", body, **bad)


def main() -> int:
    """Run the soak and print what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=30.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, FakeTelegram() as telegram:
        with _servers(-(-asked.feeds // PER_HOST)) as servers:
            world = World(Path(folder), servers, asked.feeds)
            events = int(asked.minutes * 6)
            config = _configure(world, telegram, events)
            kills, measured = _soak(world, config, telegram, asked.minutes * 60, events)
        return _report(world, telegram, kills, measured)


def _soak(
    world: World, config: Path, telegram: FakeTelegram, seconds: float, events: int
) -> tuple[int, Measured]:
    """Tell the events evenly over the time; kill in the first half, measure in the second."""
    start, kills, measured = time.monotonic(), 0, Measured()
    every = (seconds - SETTLE_S) / events
    while (elapsed := time.monotonic() - start) < seconds / 2:
        with WatcherProcess(config) as daemon:
            until = min(KILL_EVERY_S, seconds / 2 - elapsed)
            _tell_for(world, start, every, until, events)
            daemon.signal(signal.SIGKILL)
            daemon.wait_for_exit()
            kills += 1
    with WatcherProcess(config) as daemon:
        while time.monotonic() - start < seconds:
            _tell_for(world, start, every, SAMPLE_EVERY_S, events)
            measured.take(daemon.process.pid)
        _wait_for_all(world, telegram)
        if daemon.stop() != 0:
            print(daemon.log[-2000:])
    return kills, measured


def _tell_for(world: World, start: float, every: float, seconds: float, events: int) -> None:
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        while len(world.events) < min(events, (now - start) / every):
            world.tell()
        time.sleep(min(0.5, max(0.0, end - now)))


def _wait_for_all(world: World, telegram: FakeTelegram) -> None:
    try:
        telegram.wait_until(lambda: not _missing(world, telegram), SETTLE_S)
    except AssertionError:
        print("not all alerts came in time")


def _missing(world: World, telegram: FakeTelegram) -> list[str]:
    texts = [message.visible for message in tuple(telegram._messages.values())]  # noqa: SLF001
    return [event for event in world.events if not any(event in text for text in texts)]


def _report(world: World, telegram: FakeTelegram, kills: int, measured: Measured) -> int:
    texts = [message.visible for message in telegram.messages]
    counts = {event: sum(event in text for text in texts) for event in world.events}
    marked = [text for text in texts if "possible repeat" in text.lower()]
    twice = [
        event
        for event, count in counts.items()
        if count - sum(event in text for text in marked) > 1
    ]
    missing = [event for event, count in counts.items() if not count]
    checked = run("db", "check", cwd=world.folder)
    with closing(sqlite3.connect(world.folder / "watcher.db")) as connection:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        (entries,) = connection.execute("SELECT count(*) FROM entry").fetchone()
    files = [float(number) for number in measured.files]
    print(f"events {len(world.events)}, received {len(world.events) - len(missing)}, kills {kills}")
    print(f"missing {missing}, twice and unmarked {twice}, possible repeats {len(marked)}")
    print(f"entries {entries}, integrity_check {sound}, db check {checked.stdout.strip()}")
    if measured.megabytes:
        median = statistics.median(measured.megabytes)
        slope = measured.slope(measured.megabytes)
        print(f"memory (PSS) median {median:.0f} MB, slope {slope:+.1f} MB an hour")
        growth = measured.slope(files)
        print(f"open files {files[0]:.0f} to {files[-1]:.0f}, {growth:+.1f} an hour")
    return int(bool(missing or twice or sound != "ok" or checked.returncode))


def _configure(world: World, telegram: FakeTelegram, events: int) -> Path:
    topics = "".join(
        f'[words.event{n:05}]\nen = ["event{n:05}"]\n'
        f'[[topics]]\nid = "event{n:05}"\nmatch = "event{n:05}"\npriority = "high"\n'
        for n in range(events)
    )
    feeds = "".join(f'[[feeds]]\nurl = "{world.url(n)}"\nlang = "en"\n' for n in world.told)
    path = world.folder / "config.toml"
    path.write_text(
        '[polling]\ninterval = "10s"\nmin_interval = "5s"\nmax_interval = "20s"\n'
        'per_host_delay = "0s"\nallow_private = ["127.0.0.0/8"]\ntimeout = "5s"\n'
        '[alerts]\ngroup_wait = "0s"\nupdates = "none"\n'
        f"{topics}{feeds}[channels.desk]\n"
        f'telegram = {{ chat = "-100", token = "{telegram.token}", api = "{telegram.url}",'
        " interactive = false }\n"
    )
    path.chmod(0o600)
    return path


@contextmanager
def _servers(hosts: int) -> Iterator[list[FeedServer]]:
    servers = [FeedServer(host=f"127.77.{n // 250}.{n % 250 + 1}") for n in range(hosts)]
    for server in servers:
        server.__enter__()
    try:
        yield servers
    finally:
        for server in servers:
            server.__exit__()


def _word(number: int) -> str:
    """Return a made-up word; events of near numbers have nothing in common."""
    letters = "bdfgklmnprstvz"
    vowels = "aeiou"
    made = ""
    number = number * 2_654_435_761 % 2**32
    for _ in range(4):
        number, consonant = divmod(number, len(letters))
        number, vowel = divmod(number, len(vowels))
        made += letters[consonant] + vowels[vowel]
    return made


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(number) for number in text.split()]


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


if __name__ == "__main__":
    sys.exit(main())
