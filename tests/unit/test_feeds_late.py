"""Dates of long ago that a feed gives to what is new in it."""

from datetime import UTC, datetime, timedelta

import pytest

from watcher.feeds.late import is_dated_late

NOW = datetime(2027, 1, 2, 9, 0, tzinfo=UTC)
AFTER = NOW - timedelta(minutes=15)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("date", "newest", "wrong"),
    [
        pytest.param(NOW - 4 * DAY, NOW - 5 * DAY, True, id="a clock that is days behind"),
        pytest.param(NOW - 4 * DAY, NOW - 4 * DAY, False, id="another of that hour"),
        pytest.param(NOW - 400 * DAY, NOW - HOUR, False, id="from the archive"),
        pytest.param(NOW - 4 * DAY, None, False, id="nothing dated before"),
        pytest.param(NOW.replace(year=2026) - HOUR, NOW - 3 * DAY, True, id="last year's number"),
        pytest.param(NOW.replace(year=2026) - DAY, NOW - 3 * DAY, False, id="a year ago yesterday"),
        pytest.param(NOW.replace(year=2026) + DAY, NOW - 3 * DAY, False, id="tomorrow a year ago"),
        pytest.param(datetime(2024, 2, 29, tzinfo=UTC), NOW, False, id="a day not of every year"),
    ],
)
def test_a_date_is_late_if_it_is_the_feeds_newest_or_a_year_behind(
    date: datetime, newest: datetime | None, *, wrong: bool
) -> None:
    assert is_dated_late(date, after=AFTER, now=NOW, newest=newest) is wrong
