"""When a feed that failed is tried again, and its host with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import LONGEST_RETRY_AFTER, FeedError
from watcher.feeds.backoff import (
    HOST_FEEDS,
    LONGEST_BACKOFF,
    LONGEST_BACKOFF_GONE,
    SICK_FAILURES,
    SPREAD,
    HostTrouble,
    after_failure,
    after_refused_page,
    host_trouble,
    is_sick_as_its_host,
    network_down,
    plausible,
    spared,
    waits_until,
    while_offline,
)
from watcher.feeds.schedule import Pace, PollState, after_success

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PACE = Pace(start=15 * MINUTE, shortest=5 * MINUTE, longest=60 * MINUTE)
FRESH = PollState()


def failure(
    state: PollState = FRESH,
    pace: Pace = PACE,
    *,
    at: datetime = NOW,
    status: int | None = None,
    retry_after: timedelta | None = None,
    chance: float = 0,
) -> PollState:
    error = FeedError("no", status=status, retry_after=retry_after)
    return after_failure(state, pace, error, now=at, chance=chance)


def wait(state: PollState) -> timedelta:
    assert state.next_due is not None
    return state.next_due - NOW


def test_failures_back_off_to_six_hours_and_are_counted() -> None:
    state, waits = FRESH, []
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


@pytest.mark.parametrize("failures", [0, 1, 8])
def test_feeds_that_failed_together_do_not_return_together(failures: int) -> None:
    state = PollState(failures=failures, failing_since=NOW)
    waits = [wait(failure(state, chance=n / 10)) for n in range(10)]

    assert len(set(waits)) == 10
    assert max(waits) <= LONGEST_BACKOFF
    assert max(waits) - min(waits) > SPREAD / 2 * min(waits)


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


def test_a_feed_is_sick_after_three_failures_and_three_intervals() -> None:
    """Back-off without luck takes three intervals for three failures; a minute is not enough."""
    state = FRESH
    sick = []
    for minutes in (0, 1, 2, 44, 46):
        state = failure(state, at=NOW + minutes * MINUTE)
        sick.append(state.sick)

    assert sick == [False, False, False, False, True]
    assert not failure(failure(), at=NOW + DAY).sick  # only two
    assert not after_success(state, PACE, now=NOW, chance=0).sick


def test_the_first_wait_is_the_feeds_own_interval() -> None:
    assert wait(failure(PollState(interval=40 * MINUTE))) == 40 * MINUTE
    assert wait(failure(PollState(interval=40 * MINUTE), replace(PACE, fixed=MINUTE))) == MINUTE


@pytest.mark.parametrize(
    ("failures", "status", "is_hosts"),
    [
        pytest.param(1, 500, True, id="by the failures of others"),
        pytest.param(SICK_FAILURES, 500, False, id="by its own"),
        pytest.param(1, 410, False, id="at once"),
    ],
)
def test_a_feed_is_sick_as_its_host_if_its_own_failures_were_too_few(
    failures: int, status: int, *, is_hosts: bool
) -> None:
    state, error = PollState(failures=failures), FeedError("", status=status)

    assert is_sick_as_its_host(state, error) is is_hosts


def test_a_sick_feed_stays_sick_whatever_fails_next() -> None:
    assert failure(failure(status=410), status=500).sick


def test_a_first_document_without_its_end_is_asked_for_again_soon_and_is_no_sickness() -> None:
    state = PollState(failures=3, failing_since=NOW - DAY)

    state = after_failure(state, PACE, FeedError("half", unfinished=True), now=NOW, chance=0)

    assert (wait(state), state.failures, state.sick) == (PACE.shortest, 4, False)


def test_what_lacked_its_end_is_asked_for_no_sooner_than_an_interval_that_is_set() -> None:
    often = replace(PACE, fixed=2 * MINUTE)

    state = after_failure(FRESH, often, FeedError("half", unfinished=True), now=NOW, chance=0)

    assert wait(state) == 2 * MINUTE


@pytest.mark.parametrize(
    ("error", "planned", "due"),
    [
        pytest.param(FeedError("", status=404), 5, 5, id="gone: as planned"),
        pytest.param(FeedError("", status=503), 5, 5, id="in trouble: as planned"),
        pytest.param(FeedError("", status=429), 5, 15, id="sent away: a normal interval"),
        pytest.param(FeedError("", status=429), 30, 30, id="sent away: planned later still"),
        pytest.param(FeedError("", status=503, retry_after=HOUR), 5, 60, id="asked to wait"),
        pytest.param(FeedError("", status=429, retry_after=HOUR), 5, 60, id="sent away for long"),
    ],
)
def test_a_refused_page_of_the_past_delays_its_feed_only_if_the_host_wants_to_be_left_alone(
    error: FeedError, planned: int, due: int
) -> None:
    before = FRESH._replace(next_due=NOW + planned * MINUTE)

    state = after_refused_page(before, PACE, error, now=NOW)

    assert (wait(state), state.failures) == (due * MINUTE, 0)


@pytest.mark.parametrize(
    ("status", "told"), [(401, True), (410, True), (403, False), (404, False), (500, False)]
)
def test_what_waiting_cannot_mend_is_told_at_once(status: int, told: bool) -> None:
    assert failure(status=status).sick is told


@pytest.mark.parametrize(
    ("error", "rest"),
    [
        pytest.param(
            FeedError("", status=429, retry_after=10 * MINUTE), 10 * MINUTE, id="as asked"
        ),
        pytest.param(FeedError("", status=503, retry_after=3 * DAY), DAY, id="a day at most"),
        pytest.param(FeedError("", status=429), 15 * MINUTE, id="unsaid: a normal interval"),
        pytest.param(FeedError("", status=503), timedelta(), id="one feed out of service"),
        pytest.param(FeedError("", status=404), timedelta(), id="one feed not found"),
        pytest.param(FeedError("", network=True), timedelta(), id="one name not found"),
    ],
)
def test_how_long_the_whole_host_is_spared_after_one_failure(
    error: FeedError, rest: timedelta
) -> None:
    assert host_trouble(HostTrouble(), 1, error, 15 * MINUTE, NOW)[1] == rest


@pytest.mark.parametrize(
    "error",
    [
        FeedError("", status=500),
        FeedError("", status=503),
        FeedError("", network=True),
        FeedError("", server=True),
    ],
)
def test_when_several_feeds_fail_the_host_rests_ever_longer(error: FeedError) -> None:
    trouble, rests = HostTrouble(), []
    for feed in (1, 2, 1, 2, 1, 2, 1, 2):
        trouble, rest = host_trouble(trouble, feed, error, 15 * MINUTE, NOW)
        rests.append(rest / MINUTE)

    assert rests == [0, 15, 30, 60, 120, 240, 360, 360]


def test_a_retry_after_that_is_over_at_once_is_none() -> None:
    error = FeedError("", status=429, retry_after=timedelta())

    assert host_trouble(HostTrouble(), 1, error, 15 * MINUTE, NOW)[1] == 15 * MINUTE


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_goes_on_refusing_after_its_own_retry_after_rests_ever_longer(
    status: int,
) -> None:
    error = FeedError("", status=status, retry_after=20 * MINUTE)
    trouble, rests = HostTrouble(), []
    for feed in (1, 2, 1, 2):
        trouble, rest = host_trouble(trouble, feed, error, 15 * MINUTE, NOW)
        rests.append(rest / MINUTE)

    assert rests == [20, 20, 30, 60]


@pytest.mark.parametrize("status", [404, 410, 401, 403])
def test_wrong_addresses_and_logins_are_not_the_hosts_trouble(status: int) -> None:
    trouble = HostTrouble()
    for feed in range(HOST_FEEDS + 2):
        trouble, rest = host_trouble(trouble, feed, FeedError("", status=status), HOUR, NOW)
        assert rest == timedelta()


def test_a_host_that_rested_is_asked_for_one_feed_after_the_other() -> None:
    until, normal = NOW + 2 * HOUR, 15 * MINUTE
    dues = [
        spared(FRESH, "a.example", until, rest=2 * HOUR, normal=normal, chance=n / 10).next_due
        for n in range(10)
    ]

    assert len(set(dues)) == 10
    assert all(due is not None and until <= due <= until + normal * SPREAD for due in dues)


def test_after_a_short_rest_of_its_host_a_feed_is_asked_soon() -> None:
    state = spared(FRESH, "a.example", NOW, rest=MINUTE, normal=HOUR, chance=1)

    assert wait(state) == MINUTE * SPREAD


@pytest.mark.parametrize(
    ("rests", "due", "hours_ago", "until"),
    [
        pytest.param(60, 90, 3, 90, id="until it is due after the rest"),
        pytest.param(60, None, 3, 60, id="until the rest is over"),
        pytest.param(60, 30, 3, 60, id="due before that"),
        pytest.param(60, 90, 2, None, id="not for long yet"),
        pytest.param(-9, 0, 3, None, id="not any more"),
        pytest.param(None, 90, 3, None, id="not for its host"),
    ],
)
def test_a_feed_is_told_to_wait_for_its_host_after_three_intervals_without_a_poll(
    rests: int | None, due: int | None, hours_ago: int, until: int | None
) -> None:
    at = [None if minutes is None else NOW + minutes * MINUTE for minutes in (rests, due, until)]
    state = PollState(rests_until=at[0], next_due=at[1])

    assert waits_until(state, HOUR, since=NOW - hours_ago * HOUR, now=NOW) == at[2]


def test_offline_polls_are_nobodys_fault_and_soon_repeated() -> None:
    state = while_offline(FRESH, now=NOW, chance=0.5)

    assert state.failures == 0
    assert wait(state) == 45 * SECOND


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


def test_a_clock_set_back_cannot_silence_a_feed() -> None:
    planned_in_the_future = PollState(next_due=NOW + 400 * DAY)

    assert wait(plausible(planned_in_the_future, PACE, now=NOW)) <= DAY * (1 + SPREAD)


def test_a_clock_set_back_moves_a_plan_as_far_as_itself() -> None:
    tomorrow = PollState(last_attempt=NOW + DAY, next_due=NOW + DAY + timedelta(minutes=15))

    assert wait(plausible(tomorrow, PACE, now=NOW)) == timedelta(minutes=15)


seconds = st.integers(1, 7 * 24 * 3600).map(lambda count: timedelta(seconds=count))
chances = st.floats(0, 1, exclude_max=True)


@given(
    seconds,
    st.lists(
        st.tuples(st.sampled_from([None, 404, 410, 429, 500]), st.none() | seconds, chances),
        min_size=1,
    ),
)
def test_failing_feeds_are_never_given_up_nor_hammered(
    interval: timedelta, polls: list[tuple[int | None, timedelta | None, float]]
) -> None:
    state, pace = FRESH, Pace(interval, interval, interval)
    longest = max(LONGEST_BACKOFF_GONE, LONGEST_RETRY_AFTER, interval)
    for status, retry_after, chance in polls:
        state = failure(state, pace, status=status, retry_after=retry_after, chance=chance)

        assert min(interval, DAY) <= wait(state) <= longest
        assert wait(state) >= min(retry_after or timedelta(), LONGEST_RETRY_AFTER)


@pytest.mark.parametrize(
    ("tries", "chance", "wait_s"),
    [(0, 0.0, 30), (0, 0.5, 45), (1, 0.0, 60), (3, 0.0, 240), (4, 0.0, 300), (999, 0.5, 262.5)],
)
def test_while_offline_a_host_is_tried_ever_more_seldom(
    tries: int, chance: float, wait_s: float
) -> None:
    state = while_offline(FRESH, now=NOW, chance=chance, tries=tries)

    assert state.next_due == NOW + timedelta(seconds=wait_s)
