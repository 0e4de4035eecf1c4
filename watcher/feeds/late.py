"""Whether an entry that its feed dates long ago is new all the same.

A publisher's clock may be days behind, its software names last year in the first days of January.
We saw the feed without the entry, and lately; so its date is wrong. But feeds bring old entries
anew as well: whole archives, when they move, or one for being read much.
"""

from datetime import datetime, timedelta

from watcher.feeds.dates import FUTURE_GRACE

#: From an entry's date to its coming up in the feed, where both clocks are right.
LONGEST_WAY = timedelta(hours=6)


def is_dated_late(
    date: datetime, *, after: datetime, now: datetime, newest: datetime | None
) -> bool:
    """Tell whether a date of long ago is wrong, of an entry that came with few others.

    Args:
        date: the entry's, by its feed.
        after: when its feed did not have it yet.
        now: the clock.
        newest: the latest date of all that the feed had before; None if it had none.
    """
    is_newest = newest is not None and date > newest
    return is_newest or _is_a_year_behind(date, after, now)


def _is_a_year_behind(date: datetime, after: datetime, now: datetime) -> bool:
    try:
        meant = date.replace(year=date.year + 1)
    except ValueError:  # 29 February
        return False
    return after - LONGEST_WAY <= meant <= now + FUTURE_GRACE
