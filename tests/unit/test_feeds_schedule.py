from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import FeedError
from watcher.feeds.schedule import (
    JITTER,
    LONGEST_BACKOFF,
    LONGEST_BACKOFF_GONE,
    LONGEST_RETRY_AFTER,
    Pace,
    PollState,
    after_failure,
    after_success,
    host_rest,
    network_down,
    plausible,
    reconsidered,
    while_offline,
    with_move,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PACE = Pace(start=15 * MINUTE, shortest=5 * MINUTE, longest=60 * MINUTE)
FRESH = PollState()


def success(
    state: PollState = FRESH,
    pace: Pace = PACE,
    *,
    has_news: bool = True,
    floors: tuple[timedelta | None, ...] = (),
    chance: float = 0,
) -> PollState:
    return after_success(state, pace, now=NOW, has_news=has_news, floors=floors, chance=chance)


def failure(
    state: PollState = FRESH,
    pace: Pace = PACE,
    *,
    status: int | None = None,
    retry_after: timedelta | None = None,
    chance: float = 0,
) -> PollState:
    error = FeedError("no", status=status, retry_after=retry_after)
    return after_failure(state, pace, error, now=NOW, chance=chance)


def wait(state: PollState) -> timedelta:
    assert state.next_due is not None
    return state.next_due - NOW


def test_the_first_interval_is_the_configured_one() -> None:
    assert wait(success()) == 15 * MINUTE


def test_news_brings_polls_nearer_down_to_the_least_interval() -> None:
    state = success()
    waits = []
    for _ in range(4):
        state = success(state, has_news=True)
        waits.append(wait(state))

    assert waits == [9 * MINUTE, 5.4 * MINUTE, 5 * MINUTE, 5 * MINUTE]


def test_silence_draws_polls_apart_up_to_the_longest_interval() -> None:
    state = success()
    for _ in range(20):
        state = success(state, has_news=False)

    assert wait(state) == PACE.longest


@pytest.mark.parametrize(
    ("floors", "least"),
    [
        pytest.param((), 15, id="none"),
        pytest.param((None, None), 15, id="unsaid"),
        pytest.param((10 * MINUTE, None), 15, id="below our own"),
        pytest.param((30 * MINUTE, None), 30, id="max-age"),
        pytest.param((20 * MINUTE, 40 * MINUTE), 40, id="the longer one"),
        pytest.param((600 * HOUR,), 60, id="a wrong ttl cannot silence a feed"),
    ],
)
def test_the_publisher_sets_a_capped_floor(
    floors: tuple[timedelta | None, ...], least: int
) -> None:
    assert wait(success(floors=floors)) == least * MINUTE


def test_a_fixed_interval_wins_over_all_but_failure() -> None:
    fixed = Pace(15 * MINUTE, 5 * MINUTE, 60 * MINUTE, fixed=2 * MINUTE)

    assert wait(success(pace=fixed, floors=(HOUR,))) == 2 * MINUTE
    assert wait(success(success(pace=fixed), fixed, has_news=False)) == 2 * MINUTE
    assert wait(failure(success(pace=fixed), fixed)) >= 2 * MINUTE


@pytest.mark.parametrize(
    ("weight", "minutes"),
    [
        pytest.param(1, 15, id="usual"),
        pytest.param(4, 7.5, id="four times the weight, twice as often"),
        pytest.param(100, 5, id="not below the least interval"),
        pytest.param(0.25, 30, id="half as often"),
        pytest.param(0.0001, 60, id="not beyond the longest"),
    ],
)
def test_weight_shortens_by_its_root(weight: float, minutes: float) -> None:
    pace = Pace(15 * MINUTE, 5 * MINUTE, 60 * MINUTE, weight=weight)

    assert wait(success(pace=pace)) == minutes * MINUTE


def test_failures_back_off_to_six_hours_and_are_counted() -> None:
    state = success()
    waits = []
    for _ in range(8):
        state = failure(state)
        waits.append(wait(state) / MINUTE)

    assert waits == [15, 30, 60, 120, 240, 360, 360, 360]
    assert state.failures == 8
    assert state.failing_since == NOW


@pytest.mark.parametrize(
    ("status", "first", "at_last"),
    [
        pytest.param(500, 15 * MINUTE, 6 * HOUR, id="in trouble"),
        pytest.param(None, 15 * MINUTE, 6 * HOUR, id="not reached"),
        pytest.param(404, 15 * MINUTE, DAY, id="not found"),
        pytest.param(410, DAY, DAY, id="gone"),
    ],
)
def test_how_far_a_failing_feed_is_put_off(
    status: int | None, first: timedelta, at_last: timedelta
) -> None:
    state = failure(status=status)
    assert wait(state) == first
    for _ in range(30):
        state = failure(state, status=status)
    assert wait(state) == at_last


def test_success_forgets_the_failures_and_goes_on_at_the_old_rhythm() -> None:
    sick = failure(failure(success(success())))

    well = success(sick, has_news=False)

    assert (well.failures, well.failing_since) == (0, None)
    assert wait(well) == 11.25 * MINUTE


@pytest.mark.parametrize(
    ("status", "retry_after", "due"),
    [
        pytest.param(429, 2 * HOUR, 2 * HOUR, id="longer than our own"),
        pytest.param(429, MINUTE, 15 * MINUTE, id="never sooner than our own"),
        pytest.param(503, 3 * DAY, DAY, id="a day at most"),
        pytest.param(429, None, 15 * MINUTE, id="unsaid"),
        pytest.param(500, HOUR, HOUR, id="with any status"),
    ],
)
def test_retry_after_is_obeyed(status: int, retry_after: timedelta | None, due: timedelta) -> None:
    assert wait(failure(status=status, retry_after=retry_after)) == due


@pytest.mark.parametrize(
    ("status", "retry_after", "rest"),
    [
        pytest.param(429, 10 * MINUTE, 10 * MINUTE, id="as asked"),
        pytest.param(429, 3 * DAY, DAY, id="a day at most"),
        pytest.param(429, None, HOUR, id="unsaid: the feed's own back-off"),
        pytest.param(503, None, HOUR, id="not available: the same"),
        pytest.param(404, None, timedelta(), id="one feed's own trouble"),
        pytest.param(None, None, timedelta(), id="not reached"),
    ],
)
def test_how_long_the_whole_host_is_spared(
    status: int | None, retry_after: timedelta | None, rest: timedelta
) -> None:
    assert host_rest(FeedError("no", status=status, retry_after=retry_after), HOUR) == rest


def test_offline_polls_are_nobodys_fault_and_soon_repeated() -> None:
    state = while_offline(success(), now=NOW, chance=0.5)

    assert state.failures == 0
    assert wait(state) == timedelta(seconds=45)


@pytest.mark.parametrize(
    ("unreached", "asked", "down"),
    [
        pytest.param(0, 0, False, id="nothing known"),
        pytest.param(1, 1, False, id="one host may be down"),
        pytest.param(2, 2, True, id="two of two"),
        pytest.param(2, 3, False, id="two of three"),
        pytest.param(4, 5, True, id="four of five"),
        pytest.param(15, 20, False, id="three in four"),
    ],
)
def test_when_most_hosts_fail_at_once_it_is_our_network(
    unreached: int, asked: int, down: bool
) -> None:
    assert network_down(unreached=unreached, asked=asked) is down


def test_a_shorter_interval_in_the_configuration_takes_effect_at_once() -> None:
    planned = success(success(pace=PACE), has_news=False)
    faster = Pace(MINUTE, MINUTE, 60 * MINUTE, fixed=MINUTE)

    assert wait(reconsidered(planned, faster, now=NOW)) == MINUTE * (1 + JITTER)


def test_new_wishes_do_not_disturb_a_failing_feed() -> None:
    sick = failure(retry_after=DAY)

    assert reconsidered(sick, Pace(MINUTE, MINUTE, MINUTE), now=NOW) == sick


def test_a_clock_set_back_cannot_silence_a_feed() -> None:
    planned_in_the_future = PollState(next_due=NOW + 400 * DAY)

    assert wait(plausible(planned_in_the_future, PACE, now=NOW)) <= DAY * (1 + JITTER)


def test_permanent_moves_are_counted_while_they_lead_to_the_same_place() -> None:
    state = with_move(FRESH, "https://new.example/", now=NOW)
    state = with_move(state, "https://new.example/", now=NOW + HOUR)

    assert (state.moved_count, state.moved_since) == (2, NOW)

    elsewhere = with_move(state, "https://other.example/", now=NOW + DAY)
    assert (elsewhere.moved_count, elsewhere.moved_since) == (1, NOW + DAY)
    assert with_move(elsewhere, None, now=NOW) == FRESH


seconds = st.integers(1, 7 * 24 * 3600).map(lambda count: timedelta(seconds=count))
chances = st.floats(0, 1, exclude_max=True)


@st.composite
def paces(draw: st.DrawFn) -> Pace:
    shortest, longest = sorted((draw(seconds), draw(seconds)))
    fixed = draw(st.none() | seconds)
    weight = draw(st.floats(0.01, 100))
    return Pace(draw(seconds), shortest, longest, fixed, weight)


@given(paces(), st.lists(st.tuples(st.booleans(), seconds, chances), min_size=1))
def test_healthy_feeds_are_polled_within_the_users_bounds(
    pace: Pace, polls: list[tuple[bool, timedelta, float]]
) -> None:
    state = FRESH
    for has_news, floor, chance in polls:
        state = success(state, pace, has_news=has_news, floors=(floor,), chance=chance)

        least, most = (pace.fixed, pace.fixed) if pace.fixed else (pace.shortest, pace.longest)
        assert least <= wait(state) <= most * (1 + JITTER) + timedelta(microseconds=1)


@given(
    paces(),
    st.lists(
        st.tuples(st.sampled_from([None, 404, 410, 429, 500]), st.none() | seconds, chances),
        min_size=1,
    ),
)
def test_failing_feeds_are_never_given_up_nor_hammered(
    pace: Pace, polls: list[tuple[int | None, timedelta | None, float]]
) -> None:
    state = success(pace=pace)
    longest = max(LONGEST_BACKOFF_GONE, LONGEST_RETRY_AFTER, LONGEST_BACKOFF)
    for status, retry_after, chance in polls:
        state = failure(state, pace, status=status, retry_after=retry_after, chance=chance)

        assert min(pace.shortest, DAY) <= wait(state)
        assert wait(state) <= max(longest, pace.fixed or pace.longest, pace.shortest)
        assert wait(state) >= min(retry_after or timedelta(), LONGEST_RETRY_AFTER)
