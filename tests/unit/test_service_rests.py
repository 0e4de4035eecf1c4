from datetime import UTC, datetime, timedelta

from watcher.service.delivery.rests import Rests

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_rest_of_years_that_an_earlier_run_kept_is_forgotten() -> None:
    rests = Rests(lambda: NOW)

    rests.restore({"bot": NOW + DAY, "headline": NOW + 1157 * DAY})

    assert rests.left("bot") == DAY
    assert not rests.is_resting("headline")
