"""Mutes: when one ends, what it covers, and how people read it.

Who mutes a topic or a channel says "not now": what comes meanwhile is held until the mute ends, and
then told in one summary. Who mutes a story, an outlet or a thread (a story for one topic) says "not
this": what is decided meanwhile is kept quiet about (`muted`), and so is what was decided before
and would be told meanwhile. Only if the mute is ended by hand does that come after all.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from watcher.alerts.timing import Held, next_time
from watcher.config.values import (
    CLOCK_PATTERN,
    LONGEST_DURATION,
    QuietHours,
    Schedule,
    parse_clock,
    parse_duration,
)
from watcher.model import Hold, Mute, MuteKind

#: A story takes reports for `window` (72 h) after its last one; a week outlives nearly all.
STORY_MUTE: Final = timedelta(days=7)
#: Nobody remembers a mute that they forgot to end: the others last a day unless told otherwise.
OTHER_MUTE: Final = timedelta(days=1)
#: "Till morning" where no quiet hours say when that is.
MORNING: Final = time(7)
#: Quiet hours that end in this time of day end a night; those of a siesta or an evening do not.
NIGHT_ENDS: Final = (time(3), time(12))

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

Ends = Mapping[tuple[MuteKind, str], datetime]


@dataclass(frozen=True, slots=True)
class Unwanted:
    """What waits is not told, unless its mute is ended before `until`.

    Attributes:
        until: aware UTC; when the mute ends by itself.
        why: for the record.
    """

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What waits for a channel, as mutes see it.

    Attributes:
        outlets: who the entries of the ring are from.
        feeds: the names of the feeds that they came by: an aggregator brings other outlets'.
    """

    topic: str
    story: int
    channel: str
    outlets: Collection[str] = ()
    feeds: Collection[str] = ()


def default_end(kind: MuteKind, now: datetime) -> datetime:
    """Return when a mute ends that nobody gave an end."""
    return now + (STORY_MUTE if kind in {MuteKind.STORY, MuteKind.THREAD} else OTHER_MUTE)


def morning(now: datetime, zone: ZoneInfo, quiet: Iterable[QuietHours | None] = ()) -> datetime:
    """Return the next morning: when the first of these that are of the night end, else at seven."""
    ends = (hours.end for hours in quiet if hours and NIGHT_ENDS[0] <= hours.end <= NIGHT_ENDS[1])
    return next_time(Schedule(at=next(ends, MORNING)), now, zone)


def end_of(
    text: str, now: datetime, zone: ZoneInfo, quiet: Iterable[QuietHours | None] = ()
) -> datetime:
    """Return the time that people mean by "2h", "08:00", "morning", "2026-12-01" or RFC 3339.

    Args:
        text: what they wrote.
        now: the clock.
        zone: theirs.
        quiet: hours of the channels that it is about; see `morning`.

    Raises:
        ValueError: it is none of these, it is past, or further away than ten years.
    """
    end = _end(text.strip(), now, zone, quiet)
    if not now < end <= now + LONGEST_DURATION:
        raise ValueError(f'must be in the next {LONGEST_DURATION.days} days, got "{text}"')
    return end


def _end(text: str, now: datetime, zone: ZoneInfo, quiet: Iterable[QuietHours | None]) -> datetime:
    if text.lower() == "morning":
        return morning(now, zone, quiet)
    if re.fullmatch(CLOCK_PATTERN, text):
        return next_time(Schedule(at=parse_clock(text)), now, zone)
    try:
        if not _DATE.match(text):
            return now + parse_duration(text)
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        raise ValueError(
            f'must be a time like "2h", "08:00", "morning" or "2026-12-01", got "{text}"'
        ) from None


def thread(topic: str, story: int) -> str:
    """Return how a mute names a story's thread of one topic."""
    return f"{topic}/{story}"


def parts_of(thread: str) -> tuple[str, str]:
    """Return the topic and the story's number of a thread that a mute names."""
    topic, _, story = thread.rpartition("/")
    return topic, story


def ends(mutes: Collection[Mute]) -> Ends:
    """Return when each mute ends."""
    return {(mute.kind, mute.subject): mute.until for mute in mutes}


def hold_muted(subject: Subject, mutes: Ends, now: datetime) -> Held | Unwanted | None:
    """Tell whether a mute keeps back what waits, or has it not told at all; None when none does."""
    by, until = max(_unwanted(subject, mutes), key=_end_of, default=("", now))
    if until > now:
        return Unwanted(until, by)
    keys = ((MuteKind.TOPIC, subject.topic), (MuteKind.CHANNEL, subject.channel))
    until = max((mutes[key] for key in keys if key in mutes), default=now)
    return Held(Hold.MUTED, until) if until > now else None


def _unwanted(subject: Subject, mutes: Ends) -> Iterator[tuple[str, datetime]]:
    """Yield what is muted of that which waits, and until when.

    A mute of an outlet covers a ring only if nobody else reports in it.
    """
    keys = (
        (MuteKind.STORY, str(subject.story)),
        (MuteKind.THREAD, thread(subject.topic, subject.story)),
    )
    yield from ((reason_of(*key), mutes[key]) for key in keys if key in mutes)
    for names in (subject.outlets, subject.feeds):
        outlets = [(MuteKind.OUTLET, name) for name in names]
        if outlets and all(key in mutes for key in outlets):
            yield min(((reason_of(*key), mutes[key]) for key in outlets), key=_end_of)


def reason_of(kind: MuteKind, subject: str) -> str:
    """Return why something was not told, for the record."""
    return f"{name_of(kind, subject)} was muted"


def _end_of(muted: tuple[str, datetime]) -> datetime:
    return muted[1]


def name_of(kind: MuteKind, subject: str) -> str:
    """Return what a mute is about, as people say it."""
    if kind is MuteKind.THREAD:
        topic, story = parts_of(subject)
        return f"story {story} for topic {topic}"
    return f"{kind} {subject}"
