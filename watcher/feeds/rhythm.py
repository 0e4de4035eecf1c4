"""How often a feed brings entries, learned online from its polls; pure.

Counts and the time they were counted in fade together, so that their quotient follows the feed. The
hour of the day is learned beside them: most outlets sleep. Times of day are UTC throughout.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from math import exp, sqrt
from typing import NamedTuple

#: What was counted this long ago weighs 1/e of what is counted now. From two days to four the
#: delay of busy feeds does not change (`benchmarks/schedule.py`, first halves); quiet ones need a
#: week to show that they are quiet: with it the mean over a list with many of them is 15 % less.
#: The hours of the day have no less to go by: a week has each of them seven times.
MEMORY = timedelta(days=7)

#: The profile of a feed counts as flat until it has brought some entries more than this: with 30
#: the mean delay is 2 to 9 % longer, because chance is taken for habit; from 72 to 150 it is equal.
FLAT_ENTRIES = 72.0

#: Before anything is known a feed is taken to bring this many entries in that many hours, 30 a
#: day, as the median outlet of `../shared/data/streams` does. Half an hour of polls outweighs it:
#: most feeds of a user's list are quiet, and a stronger belief spends polls on finding nothing.
PRIOR_ENTRIES, PRIOR_HOURS = 0.5, 0.4

#: The longest silence is forgotten by half in this time, so that one long holiday is not for ever
#: what is usual.
SILENCE_HALF_LIFE = timedelta(days=30)

HOURS_A_DAY = 24
#: A silence between the dates of a first document is a habit unless it is this much longer than all
#: that came after it: one old entry that a site pins for good would else count as years of silence.
PINNED_FACTOR = 3

_FLAT = FLAT_ENTRIES / HOURS_A_DAY
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Rhythm(NamedTuple):
    """What is remembered of a feed's past.

    Attributes:
        entries: how many it brought, faded.
        hours: how long we watched, faded the same.
        profile: entries by hour of the day, faded; empty until there are some.
        last_news: when it last brought an entry that was new to us.
        longest_silence: between two such moments, slowly forgotten; None before there were two.
    """

    entries: float = 0.0
    hours: float = 0.0
    profile: tuple[float, ...] = ()
    last_news: datetime | None = None
    longest_silence: timedelta | None = None


def observed(
    rhythm: Rhythm, since: datetime, now: datetime, entries: int, *, usual: bool = True
) -> Rhythm:
    """Return the rhythm after a poll.

    Args:
        rhythm: as before.
        since: when the feed was last polled with success.
        now: when this poll ended.
        entries: how many new ones it brought.
        usual: the silence before it was the feed's own, not one that a server made us believe.
    """
    span = max(now - since, timedelta())
    faded = exp(-span / MEMORY)
    profile = tuple(count * faded for count in rhythm.profile)
    if entries:
        profile = _spread(profile or (0.0,) * HOURS_A_DAY, since, now, entries)
    counted = rhythm._replace(
        entries=rhythm.entries * faded + entries,
        # The integral of what fades over the span, which long spans need.
        hours=rhythm.hours * faded + (1 - faded) * (MEMORY / _HOUR),
        profile=profile,
    )
    return _with_news(counted, now, usual=usual) if entries else counted


def _with_news(rhythm: Rhythm, now: datetime, *, usual: bool) -> Rhythm:
    longest = rhythm.longest_silence
    if usual and rhythm.last_news is not None:
        silence = max(now - rhythm.last_news, timedelta())
        kept = (longest or timedelta()) * 0.5 ** (silence / SILENCE_HALF_LIFE)
        longest = max(kept, silence)
    return rhythm._replace(last_news=now, longest_silence=longest)


def from_dates(dates: Sequence[datetime], now: datetime) -> Rhythm:
    """Return the rhythm that the dates of a first document tell of; they need not be in order."""
    past = sorted(date for date in dates if date <= now)
    if not past:
        return Rhythm()
    rhythm = Rhythm(profile=(0.0,) * HOURS_A_DAY)
    for before, date in pairwise([past[0], *past, now]):
        is_entry = date is not now
        rhythm = observed(rhythm._replace(last_news=None), before, date, int(is_entry))
    longest = max(_habitual(past, now), default=None)
    return rhythm._replace(last_news=past[-1], longest_silence=longest)


def _habitual(dates: Sequence[datetime], now: datetime) -> list[timedelta]:
    """Return the silences between dates, in order, that may be the feed's habit."""
    return [
        after - before
        for before, after in pairwise(dates)
        if after - before <= PINNED_FACTOR * (now - after)
    ]


def rate(rhythm: Rhythm) -> float:
    """Return how many entries an hour the feed brings, over the day."""
    return (rhythm.entries + PRIOR_ENTRIES) / (rhythm.hours + PRIOR_HOURS)


def rates(rhythm: Rhythm) -> tuple[float, ...]:
    """Return how many entries an hour it brings, for each hour of the day (UTC)."""
    scale = _scale(rhythm)
    profile = rhythm.profile or (0.0,) * HOURS_A_DAY
    return tuple([(count + _FLAT) * scale for count in profile])


def rate_at(rhythm: Rhythm, hour: int) -> float:
    """Return what `rates` says of one hour; most plans look no further than the next."""
    count = rhythm.profile[hour] if rhythm.profile else 0.0
    return (count + _FLAT) * _scale(rhythm)


def pulls(rhythm: Rhythm, weight: float) -> tuple[float, ...]:
    """Return how strongly a feed asks for polls at each hour of the day: the root of w * lambda."""
    return tuple([sqrt(weight * rate) for rate in rates(rhythm)])


def pull_at(rhythm: Rhythm, weight: float, hour: int) -> float:
    """Return what `pulls` says of one hour."""
    return sqrt(weight * rate_at(rhythm, hour))


def _scale(rhythm: Rhythm) -> float:
    """Return the factor from what the profile counts, flat part included, to entries an hour."""
    return rate(rhythm) * HOURS_A_DAY / (sum(rhythm.profile) + FLAT_ENTRIES)


def _spread(
    profile: tuple[float, ...], since: datetime, now: datetime, entries: int
) -> tuple[float, ...]:
    """Add entries to the hours in which they must have come; of a long span to its last day."""
    start = max(since, now - _DAY)
    counts = list(profile)
    span = now - start
    if span <= timedelta():
        counts[now.hour] += entries
        return tuple(counts)
    at = start
    while at < now:
        end = min(at.replace(minute=0, second=0, microsecond=0) + _HOUR, now)
        counts[at.hour] += entries * ((end - at) / span)
        at = end
    return tuple(counts)
