"""The polls that all feeds share."""

from datetime import timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.budget import Budget

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def flat(rate: float) -> list[float]:
    return [sqrt(rate)] * 24


def polls_an_hour(
    budget: Budget, rates: list[float], shortest: timedelta, longest: timedelta
) -> float:
    waits = (HOUR * min(budget.price / sqrt(rate), 1e4) for rate in rates)
    return sum(HOUR / max(shortest, min(wait, longest)) for wait in waits)


@given(
    st.lists(st.floats(0.001, 100), min_size=1, max_size=50),
    st.integers(6, 600).map(lambda minutes: minutes * MINUTE),
)
def test_all_feeds_together_are_polled_as_often_as_if_they_shared_evenly(
    rates: list[float], mean: timedelta
) -> None:
    budget = Budget(mean, 5 * MINUTE, DAY)
    for number, rate in enumerate(rates):
        budget.put(number, flat(rate), timedelta())

    spent = polls_an_hour(budget, rates, 5 * MINUTE, DAY)

    assert spent == pytest.approx(len(rates) * (HOUR / mean), rel=0.05)


def test_what_publishers_do_not_want_others_get() -> None:
    free, bound = Budget(HOUR, MINUTE, DAY), Budget(HOUR, MINUTE, DAY)
    for number in range(10):
        free.put(number, flat(1), timedelta())
        bound.put(number, flat(1), DAY if number < 5 else timedelta())

    assert bound.price < 0.6 * free.price


def test_feeds_come_go_and_change() -> None:
    budget = Budget(HOUR, MINUTE, DAY)
    budget.put(1, flat(1), timedelta())
    alone = budget.price
    for number in range(2, 12):
        budget.put(number, flat(100), timedelta())
    crowded = budget.price
    for number in range(2, 12):
        budget.drop(number)
    budget.drop(99)

    assert crowded > 5 * alone
    assert budget.price == pytest.approx(alone)


def test_without_feeds_there_is_a_price_all_the_same() -> None:
    assert Budget(HOUR, MINUTE, DAY).price > 0


def test_one_interval_for_all_is_possible() -> None:
    budget = Budget(timedelta(seconds=1), timedelta(seconds=1), timedelta(seconds=1))
    budget.put(1, flat(3), timedelta(days=9))

    assert budget.price > 0
