"""When a message may go out: quiet hours, hourly limits, digests, and recurring schedules.

Wall-clock rules meet daylight saving here: a time that the clocks skip happens at the end of
the gap; a time that happens twice counts the first time for schedules, both for quiet hours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from watcher.alerts.times import DAY, HOUR
from watcher.config.channels import ChannelTable
from watcher.config.values import QuietHours, Schedule
from watcher.model import Hold, Priority

#: Enough days ahead to meet any weekday, and one that a zone skipped whole (Samoa, 2011).
_DAYS_AHEAD = 9
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """A message waits.

    Attributes:
        until: aware UTC; never before now.
    """

    reason: Hold
    until: datetime


def hold(
    channel: ChannelTable,
    priority: Priority,
    now: datetime,
    zone: ZoneInfo,
    sent_last_hour: Sequence[datetime],
    *,
    known: datetime | None = None,
    is_collected: bool = False,
) -> Held | None:
    """Tell whether a message for a channel must wait; None when it may go now.

    Args:
        channel: its quiet hours, hourly limit and digest.
        priority: high passes quiet hours and digests, but not the hourly limit, nor do digests.
        now: when it would be sent.
        zone: in which quiet hours and schedules are meant.
        sent_last_hour: when the channel's messages of the last hour went out, in any order.
        known: since when there is something to tell; what a mute, a machine that was off, or the
            wait for more reports kept from its digest does not wait for the next. Now by default.
        is_collected: it waited for a digest whose time has come.
    """
    now = now.astimezone(UTC)
    reason, until = _collected(channel, priority, now, zone, min(known or now, now))
    if is_collected and channel.digest is not None:
        reason, until = Hold.DIGEST, now
    if until <= now and (room := _room(channel.max_per_hour, now, sent_last_hour)) > now:
        reason, until = reason or Hold.RATE_LIMITED, room
    if priority is not Priority.HIGH and channel.quiet_hours is not None:
        reason = reason or Hold.QUIET_HOURS
        until = _quiet_end(channel.quiet_hours, until, zone)
    if reason is None or until <= now:
        return None
    return Held(reason, until)


def bundle_of(until: datetime) -> str:
    """Return the key under which a channel's messages that wait for one time become one."""
    return f"held-{until.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"


def next_time(schedule: Schedule, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the schedule's next time after now, in UTC."""
    now = now.astimezone(UTC)
    if schedule.every is not None:
        return _next_multiple(schedule.every, now, zone)
    today = now.astimezone(zone).date()
    days = (today + DAY * ahead for ahead in range(-1, _DAYS_AHEAD))
    times = (
        _instants(day, schedule.at or time(), zone)[0]
        for day in days
        if schedule.weekday is None or day.weekday() == schedule.weekday
    )
    return min(instant for instant in times if instant > now)


def is_quiet(hours: QuietHours, at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the wall clock of the zone shows quiet hours; equal ends mean never."""
    clock = at.astimezone(zone).time()
    if hours.start <= hours.end:
        return hours.start <= clock < hours.end
    return clock >= hours.start or clock < hours.end


def _collected(
    channel: ChannelTable, priority: Priority, now: datetime, zone: ZoneInfo, known: datetime
) -> tuple[Hold | None, datetime]:
    """Return the digest's delay; the hourly limit and quiet hours come on top of it."""
    if channel.digest is None or priority is Priority.HIGH:
        return None, now
    return Hold.DIGEST, max(next_time(channel.digest, known, zone), now)


def _room(limit: int | None, now: datetime, sent: Sequence[datetime]) -> datetime:
    """Return when the last hour will hold fewer messages than the limit."""
    recent = sorted(time.astimezone(UTC) for time in sent if now - HOUR < time)
    if limit is None or len(recent) < max(limit, 1):
        return now
    return recent[-max(limit, 1)] + HOUR


def _quiet_end(hours: QuietHours, at: datetime, zone: ZoneInfo) -> datetime:
    """Return `at`, or the end of the quiet hours it falls into.

    Clocks that are set back before that end may show loud hours again: then there.
    """
    if not is_quiet(hours, at, zone):
        return at
    ends = _ends(hours, at, zone)
    end = min(end for end in ends if end > at and not is_quiet(hours, end, zone))
    if _offset(end, zone) == _offset(at, zone):
        return end
    change = _offset_change(at.replace(microsecond=0), end, zone)
    return end if is_quiet(hours, change, zone) else change


def _ends(hours: QuietHours, at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield when quiet hours may end: at their end, or where a change of clocks jumps over it."""
    today = at.astimezone(zone).date()
    for ahead in range(-1, _DAYS_AHEAD):
        yield from _instants(today + DAY * ahead, hours.end, zone)


def _instants(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first and last instant at which a zone shows this wall clock.

    They differ only when clocks are set back; where clocks skip it, both are the gap's end.
    """
    wall = datetime.combine(day, clock, zone)
    first, last = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if first <= last:
        return first, last
    return (gap_end := _offset_change(last, first, zone)), gap_end


def _offset_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first whole second at which the zone has the offset it has at `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def _next_multiple(every: timedelta, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next point of a grid that starts at a midnight of the zone, on its wall clocks.

    Where a change of clocks comes before it, and does not leave the grid in place (as one by an
    hour leaves that of each hour), the clocks show the point sooner or later than they would have.
    """
    offset = _offset(now, zone)
    point = now + every - (now - _EPOCH + offset) % every
    if not (_offset(point, zone) - offset) % every:
        return point
    wall = (point + offset).replace(tzinfo=None)
    return _instants(wall.date(), wall.time(), zone)[0]


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
