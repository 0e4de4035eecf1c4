"""Half an hour of everything at once: many feeds, bad hosts, and kill -9 each minute.

    python scripts/soak.py [--feeds 1000] [--minutes 30]         # `make soak`

Each event is a topic of its own and is told by three feeds, so exactly one alert is expected for
it, or a second one marked as a possible repeat where the daemon died between a send and its record.
The first part kills the daemon every minute, and looks at it just before; the second lets it run.
Prints what was expected and received, how memory and open files went in both, and whether the
database is sound; the exit code is 1 when anything is missing, came twice unmarked, a process
outlived its daemon, memory or files grow (tests/steadiness.py has the limits), or the database is
damaged. Memory is judged in runs of 30 minutes: before, it is still that of a start.
"""

import argparse
import csv
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
from steadiness import Judgement, Sample, judge_files, judge_memory, settled  # noqa: E402
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
#: The rest, 18 of 30 minutes, is one life: memory counts from the eleventh on.
KILLING_SHARE = 0.4
SAMPLE_EVERY_S = 5.0
#: An event is told this long before the end at the latest, so that its alert may still come.
SETTLE_S = 60.0


@dataclass
class Measured:
    """The daemon and its workers: at the end of each life it was killed in, and while let alone."""

    lives: list[Sample] = field(default_factory=list)
    alone: list[Sample] = field(default_factory=list)
    whole_mb: list[float] = field(default_factory=list)
    kills: int = 0
    workers: list[tuple[int, str]] = field(default_factory=list)

    def look(self, daemon: WatcherProcess, since: float) -> Sample:
        """Measure now; a process that is just gone counts for nothing."""
        pid = daemon.process.pid
        processes = [pid, *_children(pid)]
        files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        own = sum(_megabytes(one, "Anonymous", "Swap") for one in processes)
        return Sample(time.monotonic() - since, own, files)

    def kill(self, daemon: WatcherProcess) -> None:
        """End the daemon at once, and remember the processes that must not outlive it."""
        self.workers += [(child, _started(child)) for child in _children(daemon.process.pid)]
        daemon.signal(signal.SIGKILL)
        daemon.wait_for_exit()
        self.kills += 1

    def orphans(self) -> list[int]:
        """Return the processes that outlived their daemon."""
        return [pid for pid, started in self.workers if started and _started(pid) == started]

    def judged(self) -> dict[str, Judgement]:
        """Return what is thought of each."""
        alone = settled(self.alone)
        return {
            "memory at each kill": judge_memory(self.lives),
            "files at each kill": judge_files(self.lives),
            "memory let alone": judge_memory(alone),
            "files let alone": judge_files(alone),
        }

    def keep(self, path: Path) -> None:
        """Write every look down."""
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["part", "seconds", "megabytes", "files"])
            for part, samples in (("lives", self.lives), ("alone", self.alone)):
                table.writerows((part, s.seconds, s.megabytes, s.files) for s in samples)


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
    parser.add_argument("--samples", type=Path, help="write each look at the daemon here, as CSV")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, FakeTelegram() as telegram:
        with _servers(-(-asked.feeds // PER_HOST)) as servers:
            world = World(Path(folder), servers, asked.feeds)
            events = int(asked.minutes * 6)
            config = _configure(world, telegram, events)
            measured = _soak(world, config, telegram, asked.minutes * 60, events)
        print(
            f"{sum(len(server.requests) for server in servers)} polls in {asked.minutes:g} minutes"
        )
        if asked.samples:
            measured.keep(asked.samples)
        return _report(world, telegram, measured)


def _soak(
    world: World, config: Path, telegram: FakeTelegram, seconds: float, events: int
) -> Measured:
    """Tell the events evenly over the time; kill in the first part, let alone in the second."""
    start, measured = time.monotonic(), Measured()
    every = (seconds - SETTLE_S) / events
    while time.monotonic() - start < seconds * KILLING_SHARE:
        with WatcherProcess(config) as daemon:
            _tell_for(world, start, every, KILL_EVERY_S, events)
            measured.lives.append(measured.look(daemon, start))
            measured.kill(daemon)
    with WatcherProcess(config) as daemon:
        alone = time.monotonic()
        while time.monotonic() - start < seconds:
            _tell_for(world, start, every, SAMPLE_EVERY_S, events)
            measured.alone.append(measured.look(daemon, alone))
            measured.whole_mb.append(_whole(daemon.process.pid))
        _wait_for_all(world, telegram)
        if daemon.stop() != 0:
            print(daemon.log[-2000:])
    return measured


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


def _report(world: World, telegram: FakeTelegram, measured: Measured) -> int:
    """Print all that was found; return the exit code."""
    sound = [
        _are_alerts_right(world, telegram, measured.kills),
        _is_database_sound(world),
        _are_processes_gone(measured),
        _is_steady(measured),
    ]
    return int(not all(sound))


def _are_alerts_right(world: World, telegram: FakeTelegram, kills: int) -> bool:
    texts = [message.visible for message in telegram.messages]
    counts = {event: sum(event in text for text in texts) for event in world.events}
    marked = [text for text in texts if "possible repeat" in text.lower()]
    twice = [
        event
        for event, count in counts.items()
        if count - sum(event in text for text in marked) > 1
    ]
    missing = [event for event, count in counts.items() if not count]
    print(f"events {len(world.events)}, received {len(world.events) - len(missing)}, kills {kills}")
    print(f"missing {missing}, twice and unmarked {twice}, possible repeats {len(marked)}")
    return not missing and not twice


def _is_database_sound(world: World) -> bool:
    checked = run("db", "check", cwd=world.folder)
    with closing(sqlite3.connect(world.folder / "watcher.db")) as connection:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        (entries,) = connection.execute("SELECT count(*) FROM entry").fetchone()
    print(f"entries {entries}, integrity_check {sound}, db check {checked.stdout.strip()}")
    return bool(sound == "ok" and checked.returncode == 0)


def _are_processes_gone(measured: Measured) -> bool:
    orphans = measured.orphans()
    print(f"processes that outlived their daemon: {len(orphans)} of {len(measured.workers)}")
    return not orphans


def _is_steady(measured: Measured) -> bool:
    words = {True: "steady", False: "GROWS", None: "not judged"}
    judged = measured.judged()
    for what, judgement in judged.items():
        print(f"{what}: {words[judgement.is_steady]}, {judgement.reason}")
    if measured.whole_mb:
        print(f"memory (PSS) median {statistics.median(measured.whole_mb):.0f} MB")
    return all(judgement.is_steady is not False for judgement in judged.values())


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


def _started(pid: int) -> str:
    """Return when a process started, in ticks since the boot; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def _whole(pid: int) -> float:
    return sum(_megabytes(one, "Pss") for one in [pid, *_children(pid)])


def _megabytes(pid: int, *names: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    table = dict(line.split()[:2] for line in lines[1:])
    return sum(int(table[f"{name}:"]) for name in names) / 1000


if __name__ == "__main__":
    sys.exit(main())
