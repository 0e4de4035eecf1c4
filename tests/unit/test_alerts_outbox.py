from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.outbox import (
    AMBIGUOUS_BASE,
    AMBIGUOUS_CAP,
    ASKED_JITTER,
    BACKOFF_CAP,
    BACKOFF_FLOOR,
    GIVE_UP_AFTER,
    MOST_AT_ITS_WORD,
    MOST_REFUSED_ALONE,
    Dead,
    Part,
    Retry,
    after_failure,
    halves,
    time_spent,
)
from watcher.errors import LONGEST_RETRY_AFTER, DeliveryError

FIRST = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
NOW = FIRST + timedelta(minutes=10)
chances = st.floats(0, 1, exclude_max=True)


def tries(until: datetime) -> list[datetime]:
    """Return an hour between two tries, since the first."""
    return [FIRST + timedelta(hours=n) for n in range((until - FIRST) // timedelta(hours=1) + 1)]


def outcome(
    error: DeliveryError,
    attempts: int = 1,
    now: datetime = NOW,
    chance: float = 0.5,
    *,
    lost: int = 0,
    maybe_sent: bool = False,
    rings: int = 1,
    refused: int = 0,
) -> Retry | Part | Dead:
    return after_failure(
        error,
        attempts=attempts,
        lost=lost,
        tried=tries(now),
        now=now,
        chance=chance,
        maybe_sent=maybe_sent,
        rings=rings,
        refused=refused,
    )


def test_permanent_refusal_is_dead_with_the_services_own_words() -> None:
    assert outcome(DeliveryError("chat not found", permanent=True)) == Dead("chat not found")


def test_a_message_of_several_is_parted_where_something_in_it_is_refused() -> None:
    spam = DeliveryError("554 spam", permanent=True, text_refused=True)

    assert outcome(spam, rings=2) == Part()
    assert outcome(spam, rings=1) == Dead("554 spam")
    assert outcome(spam, rings=3, refused=MOST_REFUSED_ALONE - 1) == Part()
    assert outcome(spam, rings=3, refused=MOST_REFUSED_ALONE) == Dead("554 spam")
    assert outcome(spam, rings=2, refused=MOST_REFUSED_ALONE) == Part()
    assert outcome(DeliveryError("chat not found", permanent=True), rings=2) == Dead(
        "chat not found"
    )


@pytest.mark.parametrize(
    ("threads", "expected"),
    [
        pytest.param("ab", ([0], [1]), id="two"),
        pytest.param("abcde", ([0, 1], [2, 3, 4]), id="an odd number"),
        pytest.param("aabab", ([0, 1, 3], [2, 4]), id="a thread stays together"),
        pytest.param("aaa", ([0], [1, 2]), id="one thread"),
    ],
)
def test_a_message_is_halved_by_its_threads(
    threads: str, expected: tuple[list[int], list[int]]
) -> None:
    assert tuple(map(list, halves(threads))) == expected


def test_gives_up_after_48_hours_and_says_so() -> None:
    dead = outcome(DeliveryError("HTTP 502"), now=FIRST + GIVE_UP_AFTER)

    assert dead == Dead("gave up after 48 h: HTTP 502")


@pytest.mark.parametrize(
    ("hours", "spent"),
    [
        pytest.param([0, 1, 3], 3, id="the waits between"),
        pytest.param([0], 0, id="the first try"),
        pytest.param([], 0, id="no try"),
        pytest.param([0, 1, 1000], 13, id="a sleep of weeks"),
        pytest.param([0, 1, 25, 49, 73], 37, id="a laptop shut every night"),
        pytest.param([0, 2, -22, -21], 3, id="a clock set back by a day"),
    ],
)
def test_only_time_in_which_somebody_could_try_counts(hours: list[int], spent: int) -> None:
    times = [FIRST + timedelta(hours=hour) for hour in hours]

    assert time_spent(times) == timedelta(hours=spent)


def test_a_failure_right_after_a_long_sleep_is_no_reason_to_give_up() -> None:
    now = FIRST + timedelta(days=9)
    verdict = after_failure(
        DeliveryError("no network"), attempts=2, lost=0, tried=[FIRST, now], now=now, chance=0.5
    )

    assert isinstance(verdict, Retry)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        pytest.param(1, 1, id="first"),
        pytest.param(2, 2, id="second"),
        pytest.param(5, 16, id="fifth"),
        pytest.param(99, 450, id="capped"),
    ],
)
def test_waits_grow_with_every_failure(attempts: int, seconds: int) -> None:
    due = NOW + timedelta(seconds=seconds)

    assert outcome(DeliveryError("HTTP 502"), attempts) == Retry(due, maybe_sent=False)


def test_a_lost_answer_marks_the_repeat_for_good() -> None:
    first = outcome(DeliveryError("timeout", maybe_sent=True))
    later = outcome(DeliveryError("HTTP 502"), 2, maybe_sent=True)

    assert isinstance(first, Retry)
    assert first.maybe_sent
    assert isinstance(later, Retry)
    assert later.maybe_sent


def test_what_some_readers_have_is_marked_and_as_soon_tried_again_as_any_other() -> None:
    whole, part = DeliveryError("451 greylisted"), DeliveryError("451 for one", in_part=True)

    assert outcome(part) == replace(cast("Retry", outcome(whole)), maybe_sent=True)


def test_what_may_have_arrived_often_is_tried_again_within_twelve_hours() -> None:
    retry = outcome(DeliveryError("timeout", maybe_sent=True), 50, chance=1, lost=50)

    assert isinstance(retry, Retry)
    assert retry.due == NOW + AMBIGUOUS_CAP


def test_lost_answers_repeat_a_message_about_a_dozen_times_in_48_hours() -> None:
    now, sends = FIRST, 1
    timeout = DeliveryError("timeout", maybe_sent=True)
    while isinstance(retry := outcome(timeout, sends, now, chance=0, lost=sends - 1), Retry):
        now, sends = retry.due, sends + 1

    assert 8 <= sends <= 16


@given(st.integers(1, 10**6), chances)
def test_the_first_lost_answer_costs_the_same_whatever_was_refused_before(
    attempts: int, chance: float
) -> None:
    retry = outcome(DeliveryError("timeout", maybe_sent=True), attempts, chance=chance)

    assert isinstance(retry, Retry)
    assert AMBIGUOUS_BASE / 2 <= retry.due - NOW <= AMBIGUOUS_BASE


@given(st.integers(0, 10**6), chances)
def test_back_off_stays_between_floor_and_cap(attempts: int, chance: float) -> None:
    retry = outcome(DeliveryError("HTTP 502"), attempts, chance=chance)

    assert isinstance(retry, Retry)
    assert BACKOFF_FLOOR <= retry.due - NOW <= BACKOFF_CAP


@pytest.mark.parametrize("asked", [timedelta(0), timedelta(seconds=-30)])
def test_a_service_that_asks_for_no_wait_is_asked_again_after_ours(asked: timedelta) -> None:
    retry = outcome(DeliveryError("flood", retry_after=asked), 1, chance=0.0)

    assert retry == Retry(NOW + BACKOFF_FLOOR, maybe_sent=False)


@given(st.integers(1, 100), chances, st.timedeltas(timedelta(0), timedelta(days=2)), st.booleans())
def test_retry_after_is_never_undercut_up_to_a_day(
    attempts: int, chance: float, asked: timedelta, lost: bool
) -> None:
    error = DeliveryError("flood", retry_after=asked, maybe_sent=lost)
    retry = outcome(error, attempts, chance=chance)

    assert isinstance(retry, Retry)
    assert retry.due >= NOW + min(asked, LONGEST_RETRY_AFTER)
    assert not lost or retry.due >= NOW + AMBIGUOUS_BASE / 2


@given(st.integers(1, MOST_AT_ITS_WORD), chances, st.integers(1, 3600))
def test_a_service_that_names_its_pace_is_asked_again_at_that_pace_however_often_it_was(
    attempts: int, chance: float, seconds: int
) -> None:
    asked = timedelta(seconds=seconds)
    retry = outcome(DeliveryError("flood", retry_after=asked), attempts, chance=chance)

    assert isinstance(retry, Retry)
    assert NOW + asked <= retry.due <= NOW + asked + ASKED_JITTER


def test_a_service_that_never_keeps_the_pace_it_names_is_asked_ever_less_often() -> None:
    error = DeliveryError("flood", retry_after=timedelta(seconds=1))
    retry = outcome(error, MOST_AT_ITS_WORD + 1, chance=0.5)

    assert isinstance(retry, Retry)
    assert retry.due == NOW + BACKOFF_CAP / 2
