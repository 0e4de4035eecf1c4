from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.schedule import PollState
from watcher.storage.feeds import decode_state, encode_state
from watcher.storage.tokens import stable_hash
from watcher.storage.types import from_microseconds, storable, to_json, to_microseconds

TIMES = st.datetimes(timezones=st.just(UTC))
SPANS = st.timedeltas(timedelta(0), timedelta(days=400))


@given(TIMES)
def test_a_time_comes_back_to_the_microsecond(time: datetime) -> None:
    assert from_microseconds(to_microseconds(time)) == time


@given(TIMES, TIMES)
def test_stored_times_sort_as_times_do(one: datetime, other: datetime) -> None:
    assert (one < other) == (to_microseconds(one) < to_microseconds(other))


@given(st.text(st.characters(categories=("Cs", "L", "N", "P", "Cc"))))
def test_stored_text_is_utf8_and_every_place_stays(text: str) -> None:
    stored = storable(text)

    stored.encode()
    assert len(stored) == len(text)
    assert storable(stored) == stored


@given(st.text())
def test_text_that_utf8_can_hold_is_stored_as_it_is(text: str) -> None:
    assert storable(text) == text


@given(st.text(st.characters()))
def test_a_hash_fits_into_the_column(text: str) -> None:
    assert -(1 << 63) <= stable_hash(text) < 1 << 63


def test_a_hash_never_changes_since_databases_hold_it() -> None:
    assert stable_hash("kim") == 7446169492351281312


def test_json_keeps_every_script_readable() -> None:
    assert to_json({"title": "金正恩"}) == '{"title":"金正恩"}'


@given(
    st.builds(
        PollState,
        next_due=st.none() | TIMES,
        last_success=st.none() | TIMES,
        failures=st.integers(0, 1000),
        interval=st.none() | SPANS,
        etag=st.none() | st.text(),
        last_modified=st.none() | st.text(),
        body_hash=st.none() | st.binary(),
        ttl=st.none() | SPANS,
        moved_count=st.integers(0, 9),
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
