from datetime import UTC, datetime, timedelta
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.rhythm import Rhythm
from watcher.feeds.schedule import PollState, Wish
from watcher.storage.feeds import decode_state, encode_state
from watcher.storage.tokens import stable_hash
from watcher.storage.types import from_microseconds, to_json, to_microseconds

TIMES = st.datetimes(timezones=st.just(UTC))
SPANS = st.timedeltas(timedelta(0), timedelta(days=400))


@given(TIMES)
def test_a_time_comes_back_to_the_microsecond(time: datetime) -> None:
    assert from_microseconds(to_microseconds(time)) == time


@given(TIMES, TIMES)
def test_stored_times_sort_as_times_do(one: datetime, other: datetime) -> None:
    assert (one < other) == (to_microseconds(one) < to_microseconds(other))


@given(st.text(st.characters()))
def test_a_hash_fits_into_the_column(text: str) -> None:
    assert -(1 << 63) <= stable_hash(text) < 1 << 63


def test_a_hash_never_changes_since_databases_hold_it() -> None:
    assert stable_hash("kim") == 7446169492351281312


def test_json_keeps_every_script_readable() -> None:
    assert to_json({"title": "金正恩"}) == '{"title":"金正恩"}'


MOMENTS = st.none() | TIMES
STATES = {datetime | None: MOMENTS, timedelta | None: st.none() | SPANS}


@given(
    st.builds(
        PollState,
        **{
            name: STATES[kind] for name, kind in get_type_hints(PollState).items() if kind in STATES
        },
        # What is learned is rounded.
        rhythm=st.builds(Rhythm, st.just(0.5), st.just(2.5), st.just((1.0, 0.0)), MOMENTS),
        firsts=st.just(0.5),
        wish=st.none() | st.builds(Wish, st.text(), SPANS),
    )
)
def test_a_poll_state_comes_back_whole(state: PollState) -> None:
    assert decode_state(encode_state(state)) == state


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(None, id="never polled"),
        pytest.param({}, id="empty"),
        pytest.param({"colour": "blue"}, id="of a later program"),
    ],
)
def test_what_a_state_does_not_say_has_its_default(stored: dict[str, object] | None) -> None:
    assert decode_state(stored) == PollState()
