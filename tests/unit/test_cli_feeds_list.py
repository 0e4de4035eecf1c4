"""What `feeds list` says of a feed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.cli.feeds_list import _cells, record
from watcher.config.settings import FeedTable, Settings
from watcher.feeds.rhythm import Rhythm
from watcher.feeds.schedule import PollState, Wish
from watcher.service.care.health import feed_health
from watcher.storage.rows import FeedRow

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://wire.example/rss"
ROW = FeedRow(1, URL, "Wire", "en", True, NOW, NOW + HOUR, NOW - HOUR, 0, None, 40, NOW)
WELL = PollState(last_success=NOW - HOUR, interval=HOUR / 4)
SETTINGS = Settings.model_validate({"feeds": [{"url": URL}]})


@pytest.mark.parametrize(
    ("row", "state", "word"),
    [
        (replace(ROW, last_success=None), PollState(), "new"),
        (ROW, WELL, "well"),
        (replace(ROW, failures=1), WELL._replace(failures=1), "failing"),
        (replace(ROW, failures=9), WELL._replace(failures=9, sick=True), "sick"),
        (ROW, WELL._replace(stale=True), "stale"),
        (replace(ROW, active=False), WELL, "left"),
    ],
)
def test_health_is_one_word(row: FeedRow, state: PollState, word: str) -> None:
    assert feed_health(row, state, waits=False) == word


RESTING = WELL._replace(next_due=NOW + 4 * HOUR, rests_until=NOW + 3 * HOUR)


@pytest.mark.parametrize(
    ("state", "row", "word"),
    [
        pytest.param(RESTING, ROW, "waiting", id="four intervals without a good poll"),
        pytest.param(RESTING._replace(interval=HOUR), ROW, "well", id="one interval"),
        pytest.param(RESTING._replace(rests_until=None), ROW, "well", id="no rest"),
        pytest.param(RESTING._replace(rests_until=NOW - HOUR), ROW, "waiting", id="due soon after"),
        pytest.param(
            RESTING._replace(rests_until=NOW - 2 * HOUR, next_due=NOW - HOUR), ROW, "well", id="due"
        ),
        pytest.param(RESTING, replace(ROW, last_success=None), "new", id="added just now"),
        pytest.param(
            RESTING,
            replace(ROW, last_success=None, added=NOW - 9 * HOUR),
            "waiting",
            id="never asked since it was added",
        ),
        pytest.param(RESTING._replace(failures=1), ROW, "failing", id="it failed itself"),
    ],
)
def test_a_feed_that_its_host_keeps_from_us_for_long_is_waiting(
    state: PollState, row: FeedRow, word: str
) -> None:
    (table,) = SETTINGS.feeds

    assert record(row, state, None, table, SETTINGS, NOW)["health"] == word


def test_a_feed_that_left_the_file_is_judged_by_the_general_interval() -> None:
    state = RESTING._replace(interval=None)

    assert record(ROW, state, None, None, SETTINGS, NOW)["waits_until"] == NOW + 4 * HOUR


def cells(state: PollState, lag: timedelta | None = None, row: FeedRow = ROW) -> list[str]:
    (table,) = SETTINGS.feeds
    return [str(cell) for cell in _cells(record(row, state, lag, table, SETTINGS, NOW), NOW)]


def test_rhythm_lag_and_times_are_told_in_plain_words() -> None:
    state = WELL._replace(rhythm=Rhythm(entries=96, hours=48))

    assert cells(state, timedelta(minutes=7))[:7] == [
        *("Wire", "well", "2/h, every 15 min", "1 h ago", "in 1 h", "7 min", "40"),
    ]


def test_a_feed_polled_once_and_without_dates_shows_its_interval() -> None:
    assert cells(WELL._replace(rhythm=Rhythm()))[2] == "every 15 min"


@pytest.mark.parametrize(
    ("state", "row", "said"),
    [
        (WELL, ROW, ""),
        (WELL, replace(ROW, last_error="connection refused"), "connection refused"),
        (RESTING, ROW, "waits for its host, which is left alone: to be asked in 4 h"),
        (
            WELL._replace(wish=Wish("ttl", 4 * HOUR)),
            ROW,
            "its ttl asks for 4 h, 1 h are granted",
        ),
        (WELL._replace(wish=Wish("ttl", HOUR)), ROW, ""),
        (
            WELL._replace(stale=True, rhythm=Rhythm(last_news=NOW - 48 * HOUR)),
            ROW,
            "answers, but nothing new since 2 d ago",
        ),
    ],
)
def test_what_is_wrong_is_said(state: PollState, row: FeedRow, said: str) -> None:
    assert cells(state, row=row)[-1] == said


def test_a_fixed_interval_leaves_nothing_of_a_wish() -> None:
    table = FeedTable.model_validate({"url": URL, "interval": "5m"})
    told = record(ROW, WELL._replace(wish=Wish("max-age", HOUR)), None, table, SETTINGS, NOW)

    assert told["publisher"] == {"word": "max-age", "asks_seconds": 3600, "counts_seconds": 0}
    assert _cells(told, NOW)[-1] == "its max-age asks for 1 h, your interval holds"
