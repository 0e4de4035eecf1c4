"""Polling over TLS, the whole pipeline, beside `reader`: `python benchmarks/poll.py [feeds ...]`.

A thousand feeds by default, each at an address of its own, made of the real documents of
../shared/data/feeds; in each round 5, 30 or 95 % of them have new entries with real headlines.
First the floor is shown: what sockets and HTTP clients need to ask for an unchanged document and
do nothing else; most of it is the TLS handshake. Watcher runs as it does as a daemon, without the
pauses between rounds: fetch, parse, match with the watchlist of config.example.toml, story,
decision, commit. Server and clients share this machine, so CPU time and ratios say more than polls
a second.

`make bench-poll` installs `reader` into .venv-reader, where it is found; else it is left out. Feeds
that it cannot read are left out for both. Without a number of feeds ten thousand follow, in two
mixes, with six entries each and without `reader`, which would take a quarter of an hour.

    --entries N   of each document at most (20)     --fresh N    entries a change brings (2)
    --mixes 5,30  percent of changed feeds          --reader PYTHON   that has reader
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "polling"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from usage import cpu_s, pss_mb
from watchlists import example_watchlist

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).parent / "polling"
DATA = ROOT.parent / "shared" / "data"

#: How often the loop is looked at.
LOOK_S = 0.01

POLLING = """
[polling]
allow_private = ["127.0.0.0/8"]
per_host_delay = "0s"
timeout = "60s"

[channels.screen]
console = true

[channels.desk]
telegram = { chat = "1", token = "1:nobody", api = "http://127.0.0.1:9", interactive = false }
"""


def main() -> None:
    """Measure at each size asked for."""
    given = _arguments()
    if not DATA.is_dir():
        sys.exit(f"{DATA} is not there: this benchmark polls real documents")
    if given.side:
        asyncio_run(_side(Path(given.side), given.rounds))
        return
    if given.feeds:
        for count in given.feeds:
            measure(count, given.mixes, given)
        return
    measure(1_000, given.mixes, given)
    measure(10_000, "0,30", argparse.Namespace(**{**vars(given), "entries": 6, "reader": ""}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("feeds", nargs="*", type=int)
    parser.add_argument("--entries", type=int, default=20)
    parser.add_argument("--fresh", type=int, default=2)
    parser.add_argument("--mixes", default="0,5,30,95")
    parser.add_argument("--reader", default=str(ROOT / ".venv-reader" / "bin" / "python"))
    parser.add_argument("--side", help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(count: int, wanted: str, given: argparse.Namespace) -> None:
    """Print one size's figures, each round's when it is over."""
    mixes = [100, *map(int, wanted.split(","))]
    with TemporaryDirectory() as name:
        folder = Path(name)
        server = [str(HERE / "server.py"), str(count), str(given.entries), str(given.fresh), name]
        with process([sys.executable, *server]) as site:
            about = answer(site)
            print(f"{count:,} feeds of {about['documents']} real documents,"
                  f" {about['mean_bytes'] / 1000:.0f} kB on average")  # fmt: skip
            urls = urls_of(count, about["port"])
            floor(folder, urls)
            theirs = reader_rounds(site, folder, urls, mixes, given.reader) if given.reader else []
            refused = set(theirs[0]["refused"]) if theirs else set()
            if refused:
                print(f"{len(refused)} feeds that reader cannot read are left out for both")
            urls = [url for url in urls if url not in refused]
            ours = watcher_rounds(site, folder, urls, mixes)
            if theirs:
                compare(mixes, ours, theirs)
            judge(mixes, ours)


def urls_of(count: int, port: int) -> list[str]:
    """Return the feeds' addresses."""
    from server import address_of

    return [f"https://{address_of(number)}:{port}/feed" for number in range(count)]


def floor(folder: Path, urls: Sequence[str]) -> None:
    """Print what others need for an unchanged poll that does no more than to be asked."""
    (folder / "urls.json").write_text(json.dumps(list(urls)))
    with process(
        [sys.executable, str(HERE / "floor.py"), str(folder), str(folder / "urls.json")]
    ) as side:
        for name, one in answer(side).items():
            print(f"floor: {one['cpu_ms']:.2f} ms CPU, {one['polls_s']:.0f} polls/s: {name}")


def watcher_rounds(
    site: "subprocess.Popen[str]", folder: Path, urls: Sequence[str], mixes: Sequence[int]
) -> list[dict[str, Any]]:
    """Let Watcher poll in every round, as a process of its own."""
    feeds = "".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls)
    (folder / "config.toml").write_text(POLLING + example_watchlist() + feeds, "utf-8")
    command = [sys.executable, __file__, "--side", str(folder), "--rounds", str(len(mixes))]
    environment = {**os.environ, "SSL_CERT_FILE": str(folder / "authority.pem")}
    with process(command, environment) as side:
        return played(site, side, mixes, "watcher")


def reader_rounds(
    site: "subprocess.Popen[str]",
    folder: Path,
    urls: Sequence[str],
    mixes: Sequence[int],
    python: str,
) -> list[dict[str, Any]]:
    """Let `reader` poll in as many rounds more; nothing where it is not installed."""
    if not Path(python).exists():
        print(f"reader: skipped, there is no {python}; `make bench-poll` installs it")
        return []
    (folder / "urls.json").write_text(json.dumps(list(urls)))
    command = [python, str(HERE / "reader_side.py"), str(folder), str(folder / "urls.json")]
    with process(command) as side:
        about = answer(side)
        return played(site, side, mixes, f"reader {about['version']}")


def played(
    site: "subprocess.Popen[str]", side: "subprocess.Popen[str]", mixes: Sequence[int], name: str
) -> list[dict[str, Any]]:
    """Go through the rounds: the site changes, then the side polls, and its figures are shown."""
    columns = f"{'changed':>9}{'polls':>8}{'new':>9}{'failed':>8}{'polls/s':>9}{'CPU ms/poll':>13}"
    print(f"{name:<14}{columns}{'workers':>9}{'PSS MB':>8}{'lag p99':>9}{'lag max':>9}", flush=True)
    results = []
    for number, mix in enumerate(mixes):
        ask(site, f"{number} {mix if number else 0}")
        results.append(ask(side, "go"))
        row(f"{mix} %" if number else "first", results[-1])
    return results


@contextmanager
def process(
    command: Sequence[str], environment: dict[str, str] | None = None
) -> "Iterator[subprocess.Popen[str]]":
    """Yield a process that is spoken to by lines."""
    made = subprocess.Popen(  # noqa: S603 - ourselves, with other arguments
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    with made:
        try:
            yield made
        finally:
            if made.stdin:
                made.stdin.close()
            made.wait(60)


def ask(asked: "subprocess.Popen[str]", line: str) -> dict[str, Any]:
    """Say a line and return the answer."""
    assert asked.stdin
    asked.stdin.write(f"{line}\n")
    asked.stdin.flush()
    return answer(asked)


def answer(asked: "subprocess.Popen[str]") -> dict[str, Any]:
    """Return the next line that a process says."""
    assert asked.stdout
    line = asked.stdout.readline()
    if not line:
        sys.exit(f"{asked.args!r}: ended")
    said: dict[str, Any] = json.loads(line)
    return said


def row(label: str, one: dict[str, Any]) -> None:
    """Print what came of a round; CPU time is of the daemon and of its parse workers."""
    polls = one["polls"]
    main, workers = one["cpu_s"] / polls * 1000, one.get("workers_s", 0) / polls * 1000
    p99, most = one.get("lag_p99_ms", 0), one.get("lag_max_ms", 0)
    print(f"{'':<14}{label:>9}{polls:>8,}{one['new']:>9,}{one['failed']:>8}"
          f"{polls / one['wall_s']:>9.0f}{main:>13.2f}{workers:>9.2f}{one['pss_mb']:>8.0f}"
          f"{p99:>9.1f}{most:>9.1f}", flush=True)  # fmt: skip


def cpu_ms(one: dict[str, Any]) -> float:
    """Return the CPU time of a poll, parse workers included."""
    used, polls = one["cpu_s"] + one.get("workers_s", 0), one["polls"]
    return float(used / polls * 1000)


def compare(
    mixes: Sequence[int], ours: Sequence[dict[str, Any]], theirs: Sequence[dict[str, Any]]
) -> None:
    """Print the ratios: reader's time to ours."""
    for mix, a, b in zip(mixes[1:], ours[1:], theirs[1:], strict=True):
        speed = a["polls"] / a["wall_s"] * b["wall_s"] / b["polls"]
        print(f"{mix:>3} %: {speed:.1f} x the polls a second of reader,"
              f" {cpu_ms(b) / cpu_ms(a):.1f} x less CPU")  # fmt: skip


def judge(mixes: Sequence[int], ours: Sequence[dict[str, Any]]) -> None:
    """Print the figures that have a target, beside it."""
    rounds = dict(zip(mixes[1:], ours[1:], strict=True))
    most = max(one["pss_mb"] for one in ours)
    print(f"memory (PSS, workers included): {most:.0f} MB at most; target: under 200")
    if 0 in rounds:
        print(f"unchanged poll: {cpu_ms(rounds[0]):.2f} ms CPU; target: under 2")
    if 30 in rounds:
        speed = rounds[30]["polls"] / rounds[30]["wall_s"]
        print(f"30 % changed: {speed:.0f} polls/s; target: 300")


# -- Watcher's side, in a process of its own ------------------------------------------------------


def asyncio_run(work: Any) -> None:
    """Run as the daemon does."""
    from watcher.service import loop

    loop.run(work)


async def _side(folder: Path, rounds: int) -> None:
    import logging

    from watcher import heap
    from watcher.service import log
    from watcher.service.daemon import Daemon
    from watcher.service.in_force.watch import find_watch

    heap.keep_few_heaps()
    heap.look_seldom()
    log.configure("json", level=logging.ERROR)
    found = await find_watch(folder / "config.toml")
    assert found.watch, found.problems
    with (folder / "screen").open("w") as screen:
        daemon = Daemon(found.watch, database=folder / "watcher.db", screen=screen)
        async with daemon._started():  # noqa: SLF001 - the daemon's own parts, without its jobs
            await daemon.make_ready()
            for _ in range(rounds):
                await asyncio.to_thread(sys.stdin.readline)
                print(json.dumps(await _round(daemon)), flush=True)


async def _round(daemon: Any) -> dict[str, Any]:
    """Poll every feed once; the states are those that the daemon kept."""
    before = daemon._poll_log.taken.entries  # noqa: SLF001
    feeds = await daemon._feeds()  # noqa: SLF001
    lags: list[float] = []
    looking = asyncio.create_task(_look(lags))
    used, children, started = cpu_s(), _children_cpu(), time.perf_counter()
    outcomes = await daemon._poller.poll_due(feeds)  # noqa: SLF001
    wall = time.perf_counter() - started
    looking.cancel()
    polls, errors = len(outcomes), [str(one.error) for one in outcomes if one.error]
    del outcomes, feeds  # the daemon has no such lists while it runs
    await daemon.give_back()  # as the daemon does by itself, every ten minutes
    if errors:
        print(errors[0], file=sys.stderr)
    return {
        "polls": polls,
        "failed": len(errors),
        "new": daemon._poll_log.taken.entries - before,  # noqa: SLF001
        "wall_s": wall,
        "cpu_s": cpu_s() - used,
        "workers_s": _children_cpu() - children,
        "pss_mb": sum(map(pss_mb, [os.getpid(), *_children()])),
        "lag_p99_ms": quantiles(lags, n=100)[98] * 1000 if len(lags) > 1 else 0,
        "lag_max_ms": max(lags, default=0) * 1000,
    }


async def _look(lags: list[float]) -> None:
    """Note how much later than asked the loop comes back, as far as it is this process's doing.

    On a shared machine it also comes late because others compute; that is not ours.
    """
    while True:
        asked, used = time.perf_counter(), time.process_time()
        await asyncio.sleep(LOOK_S)
        late = time.perf_counter() - asked - LOOK_S
        lags.append(min(late, time.process_time() - used))


def _children() -> list[int]:
    tasks = Path("/proc/self/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


def _children_cpu() -> float:
    """Return the CPU time of the parse workers, in seconds; those that ended included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = sum(
        sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
        for pid in _children()
    )
    return ended.ru_utime + ended.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
