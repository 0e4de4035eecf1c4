"""How people read a time: as little of it as they need."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def local_time(time: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return "14:05 WIB", with the day when it is not today."""
    name = time.astimezone(zone).tzname() or ""
    name = f"UTC{name}" if name[:1] in {"+", "-"} else name
    return f"{local_clock(time, zone, now)} {name}"


def local_clock(time: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return "14:05", with the day when it is not today: "23 Nov 14:05"."""
    local = time.astimezone(zone)
    return f"{_day_before(local, now)}{local:%H:%M}"


def local_end(until: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return the same of a time to come, with the day of the week: "Sat 28 Nov 00:30"."""
    clock = local_clock(until, zone, now)
    local = until.astimezone(zone)
    return f"{local:%a} {clock}" if _day_before(local, now) else clock


def age(time: datetime, now: datetime) -> str:
    """Return how long ago, in one unit: "12 min ago"."""
    passed = now - time
    if passed < MINUTE:
        return "just now"
    if passed < HOUR:
        return f"{passed // MINUTE} min ago"
    if passed < 2 * DAY:
        return f"{passed // HOUR} h ago"
    return f"{passed // DAY} days ago"


def _day_before(local: datetime, now: datetime) -> str:
    """Return what stands before a time of day: "" of today, "23 Nov ", "23 Nov 2025 "."""
    today = now.astimezone(local.tzinfo).date()
    if local.date() == today:
        return ""
    year = "" if local.year == today.year else f"{local.year} "
    return f"{local.day} {local:%b} {year}"
