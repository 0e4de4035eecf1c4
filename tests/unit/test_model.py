"""What the words of the domain tell of themselves."""

from datetime import UTC, datetime, timedelta

import pytest

from watcher.model import WHOLE_DAY, is_whole_day, reported

MIDNIGHT = datetime(2026, 12, 31, tzinfo=UTC)
DAY = MIDNIGHT + WHOLE_DAY
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("published", "seen", "time"),
    [
        pytest.param(None, MIDNIGHT + HOUR, MIDNIGHT + HOUR, id="undated"),
        pytest.param(MIDNIGHT, MIDNIGHT + HOUR, MIDNIGHT, id="dated to the hour"),
        pytest.param(MIDNIGHT + HOUR, MIDNIGHT, MIDNIGHT, id="ahead of the clock"),
        pytest.param(DAY, MIDNIGHT + 17 * HOUR, MIDNIGHT + 17 * HOUR, id="that day in New York"),
        pytest.param(DAY, MIDNIGHT + 35 * HOUR, MIDNIGHT + 35 * HOUR, id="that day in Honolulu"),
        pytest.param(DAY, MIDNIGHT - 13 * HOUR, MIDNIGHT - 13 * HOUR, id="that day in Kiritimati"),
        pytest.param(DAY, MIDNIGHT + 37 * HOUR, MIDNIGHT + 12 * HOUR, id="over everywhere: noon"),
    ],
)
def test_an_entry_was_reported_when_its_feed_says_and_at_first_sight_where_it_says_a_day(
    published: datetime | None, seen: datetime, time: datetime
) -> None:
    assert reported(published, seen) == time


def test_a_date_of_a_day_is_told_from_one_of_an_hour() -> None:
    assert is_whole_day(DAY)
    assert not is_whole_day(MIDNIGHT)
