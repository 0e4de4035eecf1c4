from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from alert_values import JAKARTA, NOW

from watcher.alerts.times import age, local_end, local_time


@pytest.mark.parametrize(
    ("ago", "zone", "shown"),
    [
        pytest.param(timedelta(minutes=12), JAKARTA, "13:53 WIB", id="today"),
        pytest.param(timedelta(hours=15), JAKARTA, "22 Nov 23:05 WIB", id="yesterday"),
        pytest.param(timedelta(days=327), JAKARTA, "31 Dec 2025 14:05 WIB", id="another year"),
        pytest.param(timedelta(0), ZoneInfo("America/Sao_Paulo"), "04:05 UTC-03", id="no name"),
    ],
)
def test_a_time_is_shown_with_as_much_of_its_date_as_it_needs(
    ago: timedelta, zone: ZoneInfo, shown: str
) -> None:
    assert local_time(NOW - ago, zone, NOW) == shown


def test_the_year_that_is_not_shown_is_the_readers() -> None:
    new_year = datetime(2026, 12, 31, 18, tzinfo=UTC)  # 2027 in Jakarta already

    assert local_time(new_year - timedelta(days=1), JAKARTA, new_year) == "31 Dec 2026 01:00 WIB"
    assert local_time(new_year - timedelta(days=1), ZoneInfo("UTC"), new_year) == "30 Dec 18:00 UTC"


@pytest.mark.parametrize(
    ("ahead", "shown"),
    [
        pytest.param(timedelta(minutes=15), "14:20", id="today"),
        pytest.param(timedelta(hours=10), "Tue 24 Nov 00:05", id="tomorrow"),
        pytest.param(timedelta(days=365), "Tue 23 Nov 2027 14:05", id="another year"),
    ],
)
def test_the_end_of_a_mute(ahead: timedelta, shown: str) -> None:
    assert local_end(NOW + ahead, JAKARTA, NOW) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        pytest.param(-5, "just now", id="ahead of us"),
        pytest.param(0, "just now", id="now"),
        pytest.param(59, "59 min ago", id="minutes"),
        pytest.param(60, "1 h ago", id="an hour"),
        pytest.param(47 * 60, "47 h ago", id="hours"),
        pytest.param(49 * 60, "2 days ago", id="days"),
    ],
)
def test_how_long_ago_is_told_in_minutes_hours_or_days(minutes: int, shown: str) -> None:
    assert age(NOW - timedelta(minutes=minutes), NOW) == shown
