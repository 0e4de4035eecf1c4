"""Time the stories room: sign, find candidates and assign, with many entries in the window.

    python benchmarks/stories.py [ENTRIES ...]        (default: 10000 100000)

Titles are put together from a made-up vocabulary whose words are as unevenly used as real ones;
every tenth entry repeats an earlier one with a word changed. Prints the median and the 95th
percentile in milliseconds of processor time per entry, and the share of repeats found again.
"""

import random
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from statistics import median, quantiles

from watcher.model import Entry, Relation
from watcher.stories.archive import MemoryArchive
from watcher.stories.assign import assign
from watcher.stories.signature import sign

START = datetime(2023, 9, 12, tzinfo=UTC)
WINDOW = timedelta(hours=72)
VOCABULARY = 60_000
WORDS = 10
REPEATED = 0.1
MEASURED = 1_000


def main() -> None:
    """Measure each size named on the command line."""
    for size in map(int, sys.argv[1:] or ["10000", "100000"]):
        _measure(size)


def _measure(size: int) -> None:
    chance = random.Random(size)  # noqa: S311 - made-up titles, repeatable on purpose
    vocabulary = ["".join(chance.choices("abcdefghiklmnoprstuvy", k=7)) for _ in range(VOCABULARY)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))
    archive = MemoryArchive()
    titles: list[list[str]] = []
    step = WINDOW / (size + 1)
    spent: list[float] = []
    repeats = found = 0
    for number in range(size):
        repeated = bool(titles) and chance.random() < REPEATED
        title = _title(chance, vocabulary, weights, titles, repeated)
        entry = Entry(str(number), " ".join(title), START + step * number, outlet=f"o{number % 97}")
        if number < size - MEASURED:
            archive.add(number, number, sign(entry, None))
            continue
        begun = time.process_time()
        signature = sign(entry, None)
        members = archive.candidates(signature, entry.time - WINDOW)
        made = assign(signature, members, window=WINDOW)
        archive.add(number, number if made.story is None else made.story, signature)
        spent.append((time.process_time() - begun) * 1000)
        repeats += repeated
        found += repeated and made.relation is not Relation.NEW
    print(
        f"{size:>9,} entries: median {median(spent):.2f} ms, "
        f"95 % {quantiles(spent, n=20)[-1]:.2f} ms, repeats found {found}/{repeats}"
    )


def _title(
    chance: random.Random,
    vocabulary: list[str],
    weights: list[float],
    titles: list[list[str]],
    repeated: bool,
) -> list[str]:
    if repeated:
        title = chance.choice(titles).copy()
        title[chance.randrange(WORDS)] = chance.choice(vocabulary)
        return title
    title = chance.choices(vocabulary, cum_weights=weights, k=WORDS)
    titles.append(title)
    return title


if __name__ == "__main__":
    main()
