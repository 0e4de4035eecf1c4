"""Whether a daemon that is let alone stays as it is: its memory and open files, judged.

Pure: samples in, a judgement with its reason out. `make soak` takes the samples.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from watcher.service.jobs import GIVE_BACK

#: What a start took for a moment is given back after this long; only then is the size its own.
#: The half minute is for the giving back itself, and for a job that comes late on a busy machine.
SETTLED_S: Final = GIVE_BACK.total_seconds() + 30
#: Of fewer samples, or in less time, one poll under way says more than a leak.
LEAST_SAMPLES: Final = 6
LEAST_S: Final = 60.0
TOO_FEW: Final = f"fewer than {LEAST_SAMPLES} samples or {LEAST_S:.0f} s"
#: An hour of a soak makes 285,000 polls, as a thousand feeds do in three days: one small object
#: kept of each poll, 70 bytes, is this much. Measured were +10: of each new event some signatures
#: stay, until there are as many as storage keeps at most. From life to life: +2.
MOST_GROWTH_MB_PER_HOUR: Final = 20.0
#: Between two moments so many sockets of polls may be under way or not. A file that one poll in a
#: thousand left open would make twenty from the first third to the last.
MOST_NEW_FILES: Final = 10.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the daemon.

    Attributes:
        seconds: since the daemon started, or since the first of several lives did.
        megabytes: anonymous memory of the daemon and its workers, with what is swapped out. What
            it maps from files is shared, and changes with what else the machine runs.
        files: how many the daemon has open, sockets included.
    """

    seconds: float
    megabytes: float
    files: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether it stays as it is; None where the samples are too few to tell."""

    is_steady: bool | None
    reason: str


def settled(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Leave out the warm-up: until memory was given back, or a third where it was too short."""
    if not samples:
        return samples
    first, last = samples[0].seconds, samples[-1].seconds
    begin = SETTLED_S if last >= SETTLED_S + GIVE_BACK.total_seconds() / 2 else 0.0
    return [one for one in samples if one.seconds >= max(begin, first + (last - first) / 3)]


def can_tell(samples: Sequence[Sample]) -> bool:
    """Tell whether there is enough to judge."""
    return len(samples) >= LEAST_SAMPLES and samples[-1].seconds - samples[0].seconds >= LEAST_S


def judge_memory(samples: Sequence[Sample]) -> Judgement:
    """Tell whether memory grows no faster than it may."""
    if not can_tell(samples):
        return Judgement(None, TOO_FEW)
    slope = slope_per_hour([(one.seconds, one.megabytes) for one in samples])
    size = statistics.median(one.megabytes for one in samples)
    reason = f"{size:.0f} MB, {slope:+.1f} MB an hour of at most {MOST_GROWTH_MB_PER_HOUR:+.0f}"
    return Judgement(slope <= MOST_GROWTH_MB_PER_HOUR, reason)


def judge_files(samples: Sequence[Sample]) -> Judgement:
    """Tell whether as many files are open at the end as at the beginning."""
    if not can_tell(samples):
        return Judgement(None, TOO_FEW)
    third = len(samples) // 3
    first = statistics.median(one.files for one in samples[:third])
    last = statistics.median(one.files for one in samples[-third:])
    reason = f"{first:.0f} then {last:.0f}, of at most {MOST_NEW_FILES:.0f} more"
    return Judgement(last - first <= MOST_NEW_FILES, reason)


def slope_per_hour(points: Sequence[tuple[float, float]]) -> float:
    """Return the median slope of all pairs of points (Theil and Sen): outliers do not move it.

    Args:
        points: seconds and a value, in any order.
    """
    slopes = [
        (later - earlier) / (end - begin)
        for (begin, earlier), (end, later) in combinations(sorted(points), 2)
        if end > begin
    ]
    return statistics.median(slopes) * 3600 if slopes else 0.0
