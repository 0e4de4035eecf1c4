"""The present time, and times as programs read them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import overload

#: Tells the present time, aware UTC.
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time by the machine's clock."""
    return datetime.now(UTC)


@overload
def rfc3339(time: datetime) -> str: ...
@overload
def rfc3339(time: None) -> None: ...
@overload
def rfc3339(time: datetime | None) -> str | None: ...
def rfc3339(time: datetime | None) -> str | None:
    """Return a time as RFC 3339 UTC to the second, such as 2023-09-13T07:05:00Z."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None
