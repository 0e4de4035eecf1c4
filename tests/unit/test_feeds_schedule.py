from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.rhythm import Rhythm
from watcher.feeds.schedule import (
    FIRST_HALF_LIFE,
    FIRST_SPREAD,
    JITTER,
    MOST_WORTH,
    Pace,
    PollState,
    Wish,
    after_success,
    credited,
    firsts,
    reconsidered,
    worth,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PACE = Pace(start=15 * MINUTE, shortest=5 * MINUTE, longest=60 * MINUTE)
KNOWN = PollState(last_success=NOW - HOUR)


def success(
    state: PollState = KNOWN,
    pace: Pace = PACE,
    *,
    wishes: tuple[Wish, ...] = (),
    gap: bool = False,
    now: datetime = NOW,
    chance: float = 0,
) -> PollState:
    return after_success(state, pace, now=now, wishes=wishes, gap=gap, chance=chance)


def wait(state: PollState, now: datetime = NOW) -> timedelta:
    assert state.next_due is not None
    return state.next_due - now


def of_rate(hourly: float, *, hours: float = 1000.0, **fields: object) -> PollState:
    """Return a feed that brings so many entries an hour, known for long."""
    return KNOWN._replace(rhythm=Rhythm(entries=hourly * hours, hours=hours), **fields)  # type: ignore[arg-type]


def test_without_a_price_the_interval_is_the_configured_one() -> None:
    assert wait(success()) == 15 * MINUTE


def test_a_feed_that_brings_four_times_as_much_is_polled_twice_as_often() -> None:
    wide = Pace(HOUR, MINUTE, DAY, price=0.5)

    slow, fast = wait(success(of_rate(0.25), wide)), wait(success(of_rate(1.0), wide))

    assert slow / fast == pytest.approx(2, rel=0.02)
    assert fast == pytest.approx(HOUR / 2, rel=0.02)  # price / sqrt(rate)


def test_weight_shortens_by_its_root() -> None:
    wide = Pace(HOUR, MINUTE, DAY, price=0.5)

    usual, heavy = success(of_rate(1.0), wide), success(of_rate(1.0), replace(wide, weight=4))

    assert wait(usual) / wait(heavy) == pytest.approx(2, rel=0.01)


def test_a_feed_that_was_first_on_watched_stories_weighs_more_for_a_while() -> None:
    first = credited(KNOWN, 1, NOW)

    assert worth(KNOWN, PACE, NOW) == 1
    assert worth(first, PACE, NOW) == 2
    assert worth(first, PACE, NOW + FIRST_HALF_LIFE) == pytest.approx(1.5)
    assert worth(credited(KNOWN, 1000, NOW), replace(PACE, weight=2), NOW) == 2 * MOST_WORTH
    assert firsts(credited(credited(KNOWN, 1, NOW), 2, NOW), NOW) == 3
    assert credited(first, 0, NOW + DAY) is first


def test_at_night_a_feed_that_sleeps_is_polled_less() -> None:
    profile = tuple(30.0 if 8 <= hour < 20 else 0.0 for hour in range(24))
    sleeper = KNOWN._replace(rhythm=Rhythm(entries=48.0, hours=48.0, profile=profile))
    wide = Pace(HOUR, MINUTE, DAY, price=1.0)
    midnight = NOW + 12 * HOUR

    assert wait(success(sleeper, wide, now=midnight), midnight) > 2 * wait(success(sleeper, wide))


def test_a_document_is_not_left_until_it_has_overflowed() -> None:
    """Ten entries at ten an hour are new after an hour; half of them must still be known."""
    state = of_rate(10.0, keys=b"0123" * 10)
    wide = Pace(HOUR, MINUTE, DAY, price=1e9)

    assert wait(success(state, wide)) == pytest.approx(HOUR / 2, rel=0.01)
    assert wait(success(state._replace(keys=b""), wide)) == DAY


def test_after_a_gap_the_next_poll_comes_in_half_the_time_but_not_below_the_least() -> None:
    assert wait(success(gap=True)) == 7.5 * MINUTE
    assert wait(success(pace=replace(PACE, start=6 * MINUTE), gap=True)) == 5 * MINUTE


@pytest.mark.parametrize(
    ("wishes", "least"),
    [
        pytest.param((), 15, id="none"),
        pytest.param((10,), 15, id="below our own"),
        pytest.param((30,), 30, id="above it"),
        pytest.param((20, 40), 40, id="the longer one"),
        pytest.param((36_000,), 60, id="a wrong ttl cannot silence a feed"),
    ],
)
def test_the_publisher_sets_a_capped_floor(wishes: tuple[int, ...], least: int) -> None:
    state = success(wishes=tuple(Wish("ttl", count * MINUTE) for count in wishes))

    assert wait(state) == least * MINUTE
    assert state.wish == max(
        (Wish("ttl", count * MINUTE) for count in wishes),
        key=lambda wish: wish.interval,
        default=None,
    )


def test_no_poll_falls_into_hours_of_rest_as_far_as_the_longest_interval() -> None:
    resting = KNOWN._replace(skip_hours=(12, 13, 14, 15))
    patient = replace(PACE, longest=DAY)

    assert wait(success(resting, patient)) == 4 * HOUR
    assert wait(success(resting)) == HOUR
    assert success(resting).wish == Wish("skipHours/skipDays", 4 * HOUR)
    assert wait(success(KNOWN._replace(skip_hours=(11, 13)), patient)) == 15 * MINUTE


def test_what_a_publisher_asks_for_does_not_lead_into_hours_of_rest() -> None:
    resting = KNOWN._replace(skip_hours=(13,))

    state = success(resting, replace(PACE, longest=DAY), wishes=(Wish("ttl", HOUR),))

    assert state.next_due == NOW + 2 * HOUR
    assert state.wish == Wish("skipHours/skipDays", 2 * HOUR)


def test_jitter_does_not_lead_into_hours_of_rest() -> None:
    resting = KNOWN._replace(skip_hours=(12, 13))
    before = NOW - 15 * MINUTE - SECOND

    state = success(resting, replace(PACE, longest=DAY), now=before, chance=0.5)

    assert state.next_due == NOW + 2 * HOUR


def test_a_fixed_interval_wins_over_rhythm_and_wishes() -> None:
    fixed = Pace(15 * MINUTE, 5 * MINUTE, 60 * MINUTE, fixed=2 * MINUTE, price=1e9)

    state = success(of_rate(9.0), fixed, wishes=(Wish("ttl", HOUR),))

    assert wait(state) == 2 * MINUTE
    assert state.wish == Wish("ttl", HOUR)  # still told


def test_success_forgets_the_failures() -> None:
    well = success(PollState(failures=3, failing_since=NOW, sick=True, last_success=NOW))

    assert (well.failures, well.failing_since, well.sick) == (0, None, False)


def test_feeds_added_together_are_spread_from_the_second_poll_on() -> None:
    waits = [wait(success(PollState(), chance=n / 10)) for n in range(10)]

    assert min(waits) < (1 - FIRST_SPREAD * 0.8) * max(waits)
    assert max(waits) == 15 * MINUTE
    assert len(set(waits)) == 10


def test_a_shorter_interval_in_the_configuration_takes_effect_at_once() -> None:
    planned = success()
    faster = Pace(MINUTE, MINUTE, 60 * MINUTE, fixed=MINUTE)

    assert wait(reconsidered(planned, faster, now=NOW)) == MINUTE * (1 + JITTER)


def test_new_wishes_delay_nothing_and_leave_a_host_alone_that_wants_it() -> None:
    each_minute = Pace(MINUTE, MINUTE, MINUTE)
    soon = PollState(next_due=NOW + SECOND)
    resting = PollState(next_due=NOW + 6 * HOUR, rests_until=NOW + 5 * HOUR)

    assert reconsidered(soon, each_minute, now=NOW) == soon
    assert reconsidered(resting, each_minute, now=NOW) == resting
    rested = reconsidered(resting, each_minute, now=NOW + 5 * HOUR)
    assert wait(rested) == 5 * HOUR + MINUTE * (1 + JITTER)


def test_new_wishes_do_not_disturb_a_failing_feed() -> None:
    sick = PollState(next_due=NOW + DAY, failures=1)

    assert reconsidered(sick, Pace(MINUTE, MINUTE, MINUTE), now=NOW) == sick


seconds = st.integers(1, 7 * 24 * 3600).map(lambda count: timedelta(seconds=count))
chances = st.floats(0, 1, exclude_max=True)
rhythms = st.builds(
    Rhythm,
    st.floats(0, 1e4),
    st.floats(0, 48),
    st.just(()) | st.lists(st.floats(0, 100), min_size=24, max_size=24).map(tuple),
)


@st.composite
def paces(draw: st.DrawFn) -> Pace:
    shortest, longest = sorted((draw(seconds), draw(seconds)))
    fixed = draw(st.none() | seconds)
    price = draw(st.none() | st.floats(1e-6, 1e6))
    return Pace(draw(seconds), shortest, longest, fixed, draw(st.floats(0.01, 100)), price)


@given(
    paces(),
    rhythms,
    st.lists(st.tuples(st.booleans(), seconds, chances), min_size=1, max_size=5),
    st.sets(st.integers(0, 23)),
)
def test_healthy_feeds_are_polled_within_the_users_bounds(
    pace: Pace, rhythm: Rhythm, polls: list[tuple[bool, timedelta, float]], rest: set[int]
) -> None:
    state = PollState(rhythm=rhythm, skip_hours=tuple(rest), keys=b"k123k456")
    for gap, floor, chance in polls:
        state = success(state, pace, wishes=(Wish("ttl", floor),), gap=gap, chance=chance)

        least, most = (pace.fixed, pace.fixed) if pace.fixed else (pace.shortest, pace.longest)
        slack = timedelta(microseconds=2)
        assert least - slack <= wait(state) <= most * (1 + JITTER) + slack
