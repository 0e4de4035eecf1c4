"""How people read the day of a time: as little of it as they need."""

from datetime import datetime


def day_before(local: datetime, now: datetime) -> str:
    """Return what stands before a time of day: "" of today, "23 Nov ", "23 Nov 2025 ".

    Args:
        local: the time in the reader's zone, in which the day and year of now are taken too.
        now: the present time.
    """
    today = now.astimezone(local.tzinfo).date()
    if local.date() == today:
        return ""
    year = "" if local.year == today.year else f"{local.year} "
    return f"{local.day} {local:%b} {year}"
