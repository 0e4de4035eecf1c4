from datetime import UTC, datetime, timedelta

import pytest

from watcher.feeds.moves import LOST_AFTER, STABLE_POLLS, with_move, without_lost_address
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
