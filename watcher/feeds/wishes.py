"""What publishers ask of those who poll: intervals, and hours and days of rest; pure."""

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from watcher.feeds.rhythm import HOURS_A_DAY

#: RSS 2.0 names the days of skipDays in English.
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

#: What a block of all hours or days, indented, at most takes.
_HOURS = re.compile(r"<skipHours>(.{0,4000}?)</skipHours>", re.IGNORECASE | re.DOTALL)
_DAYS = re.compile(r"<skipDays>(.{0,4000}?)</skipDays>", re.IGNORECASE | re.DOTALL)
_HOUR_NUMBER = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
# In ASCII alone: to any other pattern a Turkish "ı" is an "i".
_DAY_NAME = re.compile(rf"<day>\s*({'|'.join(DAYS)})\s*</day>", re.IGNORECASE | re.ASCII)

_HOUR = timedelta(hours=1)
_HOURS_A_WEEK = 7 * 24


def end_of_rest(at: datetime, hours: Collection[int], days: Collection[int]) -> datetime:
    """Return the first moment from `at` on that lies in no hour and on no day to be skipped.

    Args:
        at: when we would poll.
        hours: hours of the day to be skipped, GMT.
        days: days of the week to be skipped, Monday 0, GMT.
    """
    moment = at.astimezone(UTC)
    for _ in range(_HOURS_A_WEEK):
        if moment.hour not in hours and moment.weekday() not in days:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
    return at  # who skips all of the week says nothing


def skipped(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the hours and the days that a document in XML asks to be skipped.

    Read from its text, because feedparser keeps the last of each only. Some outlets count hours
    from 1 to 24.
    """
    numbers = map(int, _members(text, _HOURS, _HOUR_NUMBER))
    hours = {number % HOURS_A_DAY for number in numbers if number <= HOURS_A_DAY}
    days = {DAYS.index(word.lower()) for word in _members(text, _DAYS, _DAY_NAME)}
    return tuple(sorted(hours)), tuple(sorted(days))


def _members(text: str, block: re.Pattern[str], member: re.Pattern[str]) -> list[str]:
    found = block.search(text)
    return member.findall(found[1]) if found else []
