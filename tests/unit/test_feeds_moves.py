from datetime import UTC, datetime, timedelta

import pytest

from watcher.errors import FeedError
from watcher.feeds.moves import (
    LOST_AFTER,
    STABLE_POLLS,
    with_move,
    with_refuser,
    without_lost_address,
)
from watcher.feeds.schedule import PollState

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEW, OTHER = "https://new.example/", "https://other.example/"
OWN = "https://own.example/"


def redirected(times: int, every: timedelta, to: str | None = NEW) -> PollState:
    state = PollState()
    for number in range(times):
        state = with_move(state, to, own=OWN, now=NOW + number * every)
    return state


@pytest.mark.parametrize(
    ("times", "every", "address"),
    [
        pytest.param(STABLE_POLLS, DAY / 4, NEW, id="five polls over a day"),
        pytest.param(STABLE_POLLS - 1, DAY, None, id="four polls, however long"),
        pytest.param(90, timedelta(minutes=15), None, id="many polls within a day"),
        pytest.param(97, timedelta(minutes=15), NEW, id="the first one after a day"),
    ],
)
def test_a_move_is_believed_after_five_polls_over_a_day(
    times: int, every: timedelta, address: str | None
) -> None:
    state = redirected(times, every)

    assert state.address == address
    assert (state.moved_to is None) is (address is not None)


def test_another_place_or_none_begins_anew() -> None:
    state = redirected(4, DAY)

    elsewhere = with_move(state, OTHER, own=OWN, now=NOW + 5 * DAY)
    assert (elsewhere.moved_to, elsewhere.moved_count) == (OTHER, 1)
    assert with_move(elsewhere, None, own=OWN, now=NOW) == PollState()


def test_a_new_place_that_is_lost_is_given_up_for_the_old_one() -> None:
    state = PollState(address=NEW, failures=LOST_AFTER - 1)
    assert without_lost_address(state).address == NEW

    lost = without_lost_address(PollState(address=NEW, failures=LOST_AFTER))
    assert lost.address is None
    assert lost.failures == LOST_AFTER


def test_a_feed_that_never_moved_keeps_its_host_however_often_it_fails() -> None:
    state = PollState(host="cdn.example", failures=LOST_AFTER)

    assert without_lost_address(state) == state


@pytest.mark.parametrize(
    ("error", "host"),
    [
        pytest.param(FeedError("busy", status=503, host="led.example"), "led.example", id="led to"),
        pytest.param(FeedError("busy", status=503, host="own.example"), "cdn.example", id="asked"),
        pytest.param(FeedError("no answer"), "cdn.example", id="nobody answered"),
        pytest.param(
            FeedError("closed", host="led.example", refused="10.0.0.1"), "cdn.example", id="closed"
        ),
    ],
)
def test_a_feed_waits_for_the_host_that_refused_it_on_its_way(error: FeedError, host: str) -> None:
    state = with_refuser(PollState(host="cdn.example"), error, asked="own.example")

    assert state.host == host
