"""How coverage went over time, as a small row of bars that needs no image."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

#: As many as fit beside a few words on a phone.
CELLS = 24
#: Heights of a cell; 0 is the line that the bars stand on.
LEVELS = 8
_BLOCKS = "▁▂▃▄▅▆▇█"
_LEAST_SPAN = timedelta(minutes=1)


def heights(times: Iterable[datetime], begin: datetime, end: datetime) -> tuple[int, ...]:
    """Return a height from 0 to `LEVELS` - 1 for each of `CELLS` parts of a stretch of time.

    The busiest part is the highest; one with anything in it is never 0. What lies outside counts
    to the first or last part.
    """
    span = max(end - begin, _LEAST_SPAN)
    counts = [0] * CELLS
    for time in times:
        place = int((time - begin) / span * CELLS)
        counts[min(max(place, 0), CELLS - 1)] += 1
    most = max(counts, default=0)
    return tuple(_height(count, most) for count in counts)


def blocks(levels: Sequence[int]) -> str:
    """Return bars as characters: "▁▁▃█▂"."""
    return "".join(_BLOCKS[level] for level in levels)


def _height(count: int, most: int) -> int:
    return -(-count * (LEVELS - 1) // most) if count else 0
