"""How a feed's rhythm is learned from polls and dates."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.rhythm import (
    Rhythm,
    from_dates,
    observed,
    pull_at,
    pulls,
    rate,
    rate_at,
    rates,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def watched(days: int, per_hour: dict[int, int], every: timedelta = HOUR) -> Rhythm:
    """Return what is learned in so many days from a feed with so many entries in each hour."""
    rhythm, at = Rhythm(), NOON - days * DAY
    while at < NOON:
        rhythm = observed(rhythm, at, at + every, per_hour.get(at.hour, 0))
        at += every
    return rhythm


def test_the_rate_is_what_was_counted_over_the_time() -> None:
    steady = watched(20, dict.fromkeys(range(24), 3))

    assert rate(steady) == pytest.approx(3, rel=0.03)
    assert rates(steady) == pytest.approx([3] * 24, rel=0.1)


def test_a_feed_that_falls_silent_is_known_to_be_after_two_weeks() -> None:
    busy = watched(20, dict.fromkeys(range(24), 3))
    silent = observed(busy, NOON, NOON + 14 * DAY, 0)

    assert rate(silent) < rate(busy) / 5


def test_how_often_we_look_does_not_change_what_we_learn() -> None:
    often = watched(20, dict.fromkeys(range(24), 3))
    seldom = watched(20, dict.fromkeys(range(24), 12), every=4 * HOUR)

    assert rate(often) == pytest.approx(rate(seldom), rel=0.1)


def test_the_hours_of_the_day_are_learned() -> None:
    daily = rates(watched(20, dict.fromkeys(range(8, 20), 6)))

    assert min(daily[8:20]) > 3 * max(daily[0:7])
    assert sum(daily) / 24 == pytest.approx(3, rel=0.2)


@given(st.lists(st.floats(0, 1e4), min_size=24, max_size=24), st.floats(0.1, 100))
def test_one_hour_is_told_as_it_is_among_all(counts: list[float], weight: float) -> None:
    for rhythm in (Rhythm(), Rhythm(entries=sum(counts), hours=100, profile=tuple(counts))):
        hours = range(24)
        assert rates(rhythm) == tuple(rate_at(rhythm, hour) for hour in hours)
        assert pulls(rhythm, weight) == tuple(pull_at(rhythm, weight, hour) for hour in hours)


def test_a_span_over_hours_counts_for_each_of_them() -> None:
    rhythm = observed(Rhythm(), NOON - 90 * MINUTE, NOON, 3)

    assert [round(count, 6) for count in rhythm.profile[9:13]] == [0, 1, 2, 0]


def test_the_first_document_tells_its_rhythm_by_its_dates() -> None:
    dates = [NOON - n * 20 * MINUTE for n in range(1, 60)]

    rhythm = from_dates(dates, NOON)

    assert rate(rhythm) == pytest.approx(3, rel=0.1)
    assert rhythm.last_news == NOON - 20 * MINUTE
    assert rhythm.longest_silence == 20 * MINUTE


def test_one_old_entry_that_is_pinned_is_no_habit_of_silence() -> None:
    dates = [NOON - 2000 * DAY, *(NOON - n * HOUR for n in range(1, 48))]

    assert from_dates(dates, NOON).longest_silence == HOUR


def test_a_long_silence_that_was_followed_by_news_for_as_long_is_a_habit() -> None:
    dates = [NOON - days * DAY for days in (60, 55, 25, 20, 12)]

    assert from_dates(dates, NOON).longest_silence == 30 * DAY


def test_dates_to_come_and_no_dates_teach_nothing() -> None:
    assert from_dates([], NOON) == Rhythm() == from_dates([NOON + HOUR], NOON)


def test_the_longest_silence_is_remembered_and_slowly_forgotten() -> None:
    rhythm = observed(Rhythm(), NOON, NOON + HOUR, 1)
    rhythm = observed(rhythm, NOON + HOUR, NOON + 9 * HOUR, 1)
    assert rhythm.longest_silence == 8 * HOUR
    for _ in range(24 * 60):
        assert rhythm.last_news is not None
        rhythm = observed(rhythm, rhythm.last_news, rhythm.last_news + HOUR, 1)

    assert HOUR < (rhythm.longest_silence or DAY) < 4 * HOUR


def test_a_silence_that_a_server_made_us_believe_is_not_the_feeds_own() -> None:
    rhythm = observed(Rhythm(last_news=NOON - 9 * DAY), NOON - HOUR, NOON, 5, usual=False)

    assert (rhythm.last_news, rhythm.longest_silence) == (NOON, None)


polls = st.lists(
    st.tuples(st.integers(0, 400_000).map(lambda s: timedelta(seconds=s)), st.integers(0, 1000)),
    max_size=30,
)


@given(polls, st.floats(0.01, 100))
def test_whatever_comes_the_rates_are_finite_and_positive(
    steps: list[tuple[timedelta, int]], weight: float
) -> None:
    rhythm, at, count = Rhythm(), NOON, 0
    for span, entries in steps:
        rhythm = observed(rhythm, at, at + span, entries)
        at, count = at + span, count + entries

    assert all(0 < pull < 1e5 for pull in pulls(rhythm, weight))
    assert 0 <= rhythm.entries <= count * 1.000001
    assert sum(rhythm.profile) <= count * 1.000001


@given(st.lists(st.integers(-3 * 365 * 1440, 1440).map(lambda n: NOON + n * MINUTE)))
def test_any_dates_can_be_learned_from(dates: list[datetime]) -> None:
    rhythm = from_dates(dates, NOON)

    assert rate(rhythm) > 0
    assert rhythm.last_news is None or rhythm.last_news <= NOON
