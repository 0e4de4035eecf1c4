"""Much comes in at once: does the loop still turn? `python benchmarks/intake.py`.

First a single document of 2,000 new entries, then a hundred documents of fifty, all answered at the
same moment, then the large one again with 200 entries more. From the answer's arrival on all is the
daemon's own: hash, parse worker, hand-over, match with the watchlist of config.example.toml, story,
decision, commit. Only the fetcher is left out: its TLS is measured by `benchmarks/poll.py`.

Printed is how late the loop came back, target: never more than 50 ms. On a machine that others use
it also comes late because they compute; "ours" is what this process itself computed meanwhile.

    --entries 2000   --feeds 100   --each 50
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from watchlists import example_watchlist

from watcher import heap
from watcher.config import load
from watcher.feeds.fetch import Fetched, Request
from watcher.service import log, loop
from watcher.service.daemon import Daemon
from watcher.service.in_force.watch import Watch
from watcher.topics.detector import load_detector

ROOT = Path(__file__).resolve().parents[1]
STREAM = ROOT.parent / "shared" / "data" / "stories" / "indonesian_stream.jsonl"

#: How often the loop is looked at, and the pause that must not be exceeded.
LOOK_S, STALL_S = 0.005, 0.05


def main() -> None:
    """Take in, and print how late the loop was."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=2_000)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--each", type=int, default=50)
    if not STREAM.is_file():
        sys.exit(f"{STREAM} is not there: this benchmark takes in real headlines")
    loop.run(_measure(parser.parse_args()))


async def _measure(given: argparse.Namespace) -> None:
    heap.keep_few_heaps()
    heap.look_seldom()
    load_detector()  # as the daemon does before it is ready
    log.configure("json", level=logging.ERROR)
    titles = _titles(given.entries + 200 + given.feeds * given.each)
    documents = {"https://large.example/": _document("large", titles[: given.entries])}
    for number in range(given.feeds):
        first = given.entries + 200 + number * given.each
        url = f"https://small{number}.example/"
        documents[url] = _document(url, titles[first : first + given.each])
    more = titles[: given.entries + 200]
    with TemporaryDirectory() as name, (Path(name) / "screen").open("w") as screen:
        settings = load(_configured(Path(name), list(documents))).settings
        assert settings
        daemon = Daemon(Watch.of(settings), database=Path(name) / "watcher.db", screen=screen)
        async with daemon._started():  # noqa: SLF001 - the daemon's own parts, without its jobs
            with heap.making_to_last():  # what lasts is never looked through, as in the daemon
                feeds = await daemon._feeds()  # noqa: SLF001
                # The first host asked for reads the list of suffixes: the daemon's start does so
                # in a thread, too.
                await asyncio.to_thread(lambda: [feed.host for feed in feeds])
            print(f"{'':<24}{'entries':>8}{'wall s':>8}{'late p99':>10}{'most':>8}{'ours':>8}"
                  f"{'over 50 ms':>14}")  # fmt: skip
            await _round(daemon, "one large document", documents, lambda url: "large" in url)
            await _round(daemon, "many documents at once", documents, lambda url: "small" in url)
            documents["https://large.example/"] = _document("large", more)
            await _round(daemon, "the large one, 200 more", documents, lambda url: "large" in url)


async def _round(
    daemon: Daemon, label: str, documents: dict[str, bytes], wanted: Callable[[str], bool]
) -> None:
    """Poll the feeds wanted once, and print what the loop made of it."""

    async def answered(request: Request) -> Fetched:
        body = documents[request.url]
        return Fetched(200, body, None, None, "application/rss+xml", request.url, None, None)

    poller = daemon._poller  # noqa: SLF001
    poller._visit = partial(poller._visit, fetch=answered)  # noqa: SLF001
    feeds = [feed for feed in await daemon._feeds() if wanted(feed.url)]  # noqa: SLF001
    before, started = daemon._poll_log.taken.entries, time.perf_counter()  # noqa: SLF001
    lates: list[tuple[float, float]] = []
    looking = asyncio.create_task(_look(lates))
    outcomes = await poller.poll_due(feeds)
    wall, new = time.perf_counter() - started, daemon._poll_log.taken.entries - before  # noqa: SLF001
    looking.cancel()
    assert not any(outcome.error for outcome in outcomes), outcomes
    all_late, ours = zip(*lates, strict=True)
    stalls = sum(late > STALL_S for late in ours)
    p99 = quantiles(all_late, n=100)[98] * 1000
    print(f"{label:<24}{new:>8,}{wall:>8.1f}{p99:>10.1f}{max(all_late) * 1000:>8.1f}"
          f"{max(ours) * 1000:>8.1f}{stalls:>14}", flush=True)  # fmt: skip


async def _look(lates: list[tuple[float, float]]) -> None:
    """Note how much later than asked the loop comes back, and how much of it this process computed.

    That has the writer's thread in it, too: while it computes, the loop waits for its turn.
    """
    while True:
        asked, used = time.perf_counter(), time.process_time()
        await asyncio.sleep(LOOK_S)
        late = time.perf_counter() - asked - LOOK_S
        lates.append((late, min(late, time.process_time() - used)))


def _titles(count: int) -> list[str]:
    with STREAM.open(encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in islice(lines, count)]
    return [titles[n % len(titles)] + f" {n}" * (n >= len(titles)) for n in range(count)]


def _document(name: str, titles: list[str]) -> bytes:
    """Return a feed of these headlines, newest first, each with some lines of text."""
    items = "".join(
        f"<item><guid>{name}-{number}</guid><title>{escape(title)}</title>"
        f"<link>https://outlet.example/{name.strip('/:')}/{number}</link>"
        f"<description>{escape(title)}. {'Berita selengkapnya hari ini. ' * 8}</description></item>"
        for number, title in reversed(list(enumerate(titles)))
    )
    head = "<rss version='2.0'><channel><title>Outlet</title>"
    return f"{head}{items}</channel></rss>".encode()


def _configured(folder: Path, urls: list[str]) -> Path:
    """Return a configuration with these feeds and the example's watchlist."""
    lines = ["[channels.screen]", "console = true", "[polling]", 'per_host_delay = "0s"']
    lines.append(example_watchlist())
    lines += [f'[[feeds]]\nurl = "{url}"' for url in urls]
    (folder / "config.toml").write_text("\n".join(lines), "utf-8")
    return folder / "config.toml"


if __name__ == "__main__":
    main()
