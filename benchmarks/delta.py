"""Delta parse against full parse on all real feeds of ../shared/data/feeds.

    python benchmarks/delta.py

Each document is read whole, then again as if 0, 1, 2 or half of its entries were new. The entries
have to be equal, or the document was read whole; times are CPU time of this process.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from watcher.errors import FeedError
from watcher.feeds.delta import recall
from watcher.feeds.parse import parse_feed
from watcher.feeds.parsed import ParsedFeed, entry_key

FEEDS = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds" / "real"
NOW = datetime(2026, 11, 22, 21, tzinfo=UTC)
CASES = ("0", "1", "2", "half")


def main() -> None:
    """Print a line for each case."""
    if not FEEDS.is_dir():
        sys.exit(f"{FEEDS} is not there: this benchmark reads real documents")
    documents = [(path.name, path.read_bytes()) for path in sorted(FEEDS.iterdir())]
    wholes = {name: whole for name, body in documents if (whole := timed(body, b""))}
    size, each = sum(len(body) for _, body in documents), spent(wholes) / len(wholes)
    about = f"{size / 1000 / len(documents):.0f} kB and {each:.1f} ms each when read whole"
    print(f"{len(wholes)} documents, {about}")
    print(f"{'new':>6}{'cut':>6}{'whole':>7}{'differ':>8}{'ms each':>9}{'ratio':>7}")
    for case in CASES:
        rests = {
            name: timed(body, before(wholes[name][0], case))
            for name, body in documents
            if name in wholes
        }
        compare(case, wholes, {name: rest for name, rest in rests.items() if rest})


Timed = tuple[ParsedFeed, float]


def timed(body: bytes, memory: bytes) -> Timed | None:
    """Return what a document says and the milliseconds that it took; None where it is no feed."""
    started = process_time()
    try:
        feed = parse_feed(body, content_type=None, url="", now=NOW, memory=memory)
    except FeedError:
        return None
    return feed, (process_time() - started) * 1000


def before(whole: ParsedFeed, case: str) -> bytes:
    """Return the memory of the document before its newest entries came."""
    known = [b"".join(one) for one in recall(whole.memory)]
    new = len(known) // 2 if case == "half" else int(case)
    return b"".join(known[new:])


def spent(all_: dict[str, Timed]) -> float:
    """Return the milliseconds that all took."""
    return sum(took for _, took in all_.values())


def compare(case: str, wholes: dict[str, Timed], rests: dict[str, Timed]) -> None:
    """Print how many were cut, how many differ, and the ratio of times."""
    cut = [name for name, (rest, _) in rests.items() if rest.known]
    differ = [name for name in cut if not equal(wholes[name][0], rests[name][0])]
    each, ratio = spent(rests) / len(rests), spent(wholes) / spent(rests)
    whole, line = len(rests) - len(cut), f"{case:>6}{len(cut):>6}"
    print(f"{line}{whole:>7}{len(differ):>8}{each:>9.2f}{ratio:>7.1f}")
    if differ:
        sys.exit(f"these differ: {', '.join(differ)}")


def equal(whole: ParsedFeed, rest: ParsedFeed) -> bool:
    """Tell whether the two ways read the same."""
    left = tuple(entry for entry in whole.entries if entry_key(entry.id) not in rest.known)
    about = (whole.title, whole.link, whole.language, whole.keys, whole.memory)
    return (rest.entries, rest.title, rest.link, rest.language, rest.keys, rest.memory) == (
        left,
        *about,
    )


if __name__ == "__main__":
    main()
