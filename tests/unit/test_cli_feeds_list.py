"""What `feeds list` says of a feed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.cli.feeds_list import _cells, health, record
from watcher.config.settings import FeedTable, Settings
from watcher.feeds.rhythm import Rhythm
from watcher.feeds.schedule import PollState, Wish
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
    assert health(row, state) == word


def cells(state: PollState, lag: timedelta | None = None, row: FeedRow = ROW) -> list[str]:
    (table,) = SETTINGS.feeds
    return [str(cell) for cell in _cells(record(row, state, lag, table, SETTINGS), NOW)]


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
    told = record(ROW, WELL._replace(wish=Wish("max-age", HOUR)), None, table, SETTINGS)

    assert told["publisher"] == {"word": "max-age", "asks_seconds": 3600, "counts_seconds": 0}
    assert _cells(told, NOW)[-1] == "its max-age asks for 1 h, your interval holds"
