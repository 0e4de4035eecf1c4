"""Half an hour of everything at once: many feeds, bad hosts, and kill -9 each minute.

    python scripts/soak.py [--feeds 1000] [--minutes 30]         # `make soak`

Two daemons read the same feeds all the time, each into a database and a chat of its own: one is
killed every minute, the other is let alone. Each event is a topic of its own and is told by three
feeds, so exactly one alert is expected for it in each chat, or a second one marked as a possible
repeat where the daemon died between a send and its record. Prints what was expected and received,
how memory and open files went in both, and whether the databases are sound; the exit code is 1 when
anything is missing, came twice unmarked, a process outlived its daemon, memory or files grow
(tests/steadiness.py has the limits), or a database is damaged. Memory is judged in runs of 30
minutes: before, it is still that of a start.
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
from contextlib import ExitStack, closing, contextmanager
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
SAMPLE_EVERY_S = 5.0
#: An event is told this long before the end at the latest, so that its alert may still come.
SETTLE_S = 60.0


@dataclass(frozen=True, slots=True)
class Watch:
    """One of the two daemons: where its configuration and database lie, and its chat."""

    folder: Path
    chat: str

    @property
    def config(self) -> Path:
        """The file that it is started with."""
        return self.folder / "config.toml"


@dataclass
class Measured:
    """A daemon and its workers: at the end of each life of the killed one, and of the other."""

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

    def __init__(self, servers: list[FeedServer], feeds: int) -> None:
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
    chats = ("-101", "-102")
    with tempfile.TemporaryDirectory() as folder, FakeTelegram(chats=chats) as telegram:
        killed, alone = map(Watch, (Path(folder, "killed"), Path(folder, "alone")), chats)
        with _servers(-(-asked.feeds // PER_HOST)) as servers:
            world = World(servers, asked.feeds)
            events = int(asked.minutes * 6)
            for watch in (killed, alone):
                _configure(watch, world, telegram, events)
            soak = Soak(world, telegram, asked.minutes * 60, events)
            measured = soak.run(killed, alone)
        polls = sum(len(server.requests) for server in servers)
        print(f"{polls} polls of two daemons in {asked.minutes:g} minutes")
        if asked.samples:
            measured.keep(asked.samples)
        return _report(world, telegram, measured, killed, alone)


class Soak:
    """The events told evenly over the time, while both daemons read them."""

    def __init__(self, world: World, telegram: FakeTelegram, seconds: float, events: int) -> None:
        self.world, self.telegram, self.events = world, telegram, events
        self.start = time.monotonic()
        self.end = self.start + seconds
        self.every = (seconds - SETTLE_S) / events
        self.measured = Measured()

    def run(self, killed: Watch, alone: Watch) -> Measured:
        """Kill one daemon every minute, and look at the other every few seconds."""
        with WatcherProcess(alone.config) as steady:
            while time.monotonic() < self.end:
                with WatcherProcess(killed.config) as daemon:
                    self._watch(steady, time.monotonic() + KILL_EVERY_S)
                    self.measured.lives.append(self.measured.look(daemon, self.start))
                    self.measured.kill(daemon)
            with WatcherProcess(killed.config) as daemon:
                self._wait_for_all(killed, alone)
                _stop(daemon)
            _stop(steady)
        return self.measured

    def _watch(self, steady: WatcherProcess, until: float) -> None:
        while time.monotonic() < until:
            self._tell_until(min(until, time.monotonic() + SAMPLE_EVERY_S))
            self.measured.alone.append(self.measured.look(steady, self.start))
            self.measured.whole_mb.append(_whole(steady.process.pid))

    def _tell_until(self, until: float) -> None:
        while (now := time.monotonic()) < until:
            while len(self.world.events) < min(self.events, (now - self.start) / self.every):
                self.world.tell()
            time.sleep(min(0.5, max(0.0, until - now)))

    def _wait_for_all(self, *watches: Watch) -> None:
        def have_all() -> bool:
            return not any(_missing(self.world, self.telegram, watch) for watch in watches)

        try:
            self.telegram.wait_until(have_all, SETTLE_S)
        except AssertionError:
            print("not all alerts came in time")


def _stop(daemon: WatcherProcess) -> None:
    if daemon.stop() != 0:
        print(daemon.log[-2000:])


def _missing(world: World, telegram: FakeTelegram, watch: Watch) -> list[str]:
    texts = _texts(telegram, watch)
    return [event for event in world.events if not any(event in text for text in texts)]


def _texts(telegram: FakeTelegram, watch: Watch) -> list[str]:
    return [one.visible for one in telegram.messages if one.chat == watch.chat]


def _report(
    world: World, telegram: FakeTelegram, measured: Measured, killed: Watch, alone: Watch
) -> int:
    """Print all that was found; return the exit code."""
    print(f"kills {measured.kills}")
    sound = [
        *(_are_alerts_right(world, telegram, watch) for watch in (killed, alone)),
        *(_is_database_sound(watch) for watch in (killed, alone)),
        _are_processes_gone(measured),
        _is_steady(measured),
    ]
    return int(not all(sound))


def _are_alerts_right(world: World, telegram: FakeTelegram, watch: Watch) -> bool:
    texts = _texts(telegram, watch)
    counts = {event: sum(event in text for text in texts) for event in world.events}
    marked = [text for text in texts if "possible repeat" in text.lower()]
    twice = [
        event
        for event, count in counts.items()
        if count - sum(event in text for text in marked) > 1
    ]
    missing = [event for event, count in counts.items() if not count]
    received = len(world.events) - len(missing)
    print(f"{watch.folder.name}: events {len(world.events)}, received {received}")
    print(f"  missing {missing}, twice and unmarked {twice}, possible repeats {len(marked)}")
    return not missing and not twice


def _is_database_sound(watch: Watch) -> bool:
    checked = run("db", "check", cwd=watch.folder)
    with closing(sqlite3.connect(watch.folder / "watcher.db")) as connection:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        (entries,) = connection.execute("SELECT count(*) FROM entry").fetchone()
    said = checked.stdout.strip()
    print(f"{watch.folder.name}: entries {entries}, integrity_check {sound}, db check: {said}")
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


def _configure(watch: Watch, world: World, telegram: FakeTelegram, events: int) -> None:
    topics = "".join(
        f'[words.event{n:05}]\nen = ["event{n:05}"]\n'
        f'[[topics]]\nid = "event{n:05}"\nmatch = "event{n:05}"\npriority = "high"\n'
        for n in range(events)
    )
    feeds = "".join(f'[[feeds]]\nurl = "{world.url(n)}"\nlang = "en"\n' for n in world.told)
    watch.folder.mkdir()
    watch.config.write_text(
        '[polling]\ninterval = "10s"\nmin_interval = "5s"\nmax_interval = "20s"\n'
        'per_host_delay = "0s"\nallow_private = ["127.0.0.0/8"]\ntimeout = "5s"\n'
        '[alerts]\ngroup_wait = "0s"\nupdates = "none"\n'
        f"{topics}{feeds}[channels.desk]\n"
        f'telegram = {{ chat = "{watch.chat}", token = "{telegram.token}", api = "{telegram.url}",'
        " interactive = false }\n"
    )
    watch.config.chmod(0o600)


@contextmanager
def _servers(hosts: int) -> Iterator[list[FeedServer]]:
    with ExitStack() as stack:
        servers = (FeedServer(host=f"127.77.{n // 250}.{n % 250 + 1}") for n in range(hosts))
        yield [stack.enter_context(server) for server in servers]


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
