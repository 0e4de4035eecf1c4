"""Directions, kept coarsely, and the frame they are seen in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.stories.vectors import Frame, Vector, frame_row

NUMBERS = st.lists(st.floats(-1, 1), min_size=4, max_size=4)


@given(NUMBERS, NUMBERS)
def test_a_cosine_is_the_same_from_both_sides_and_within_its_bounds(
    a: list[float], b: list[float]
) -> None:
    one, other = Vector.of(a), Vector.of(b)
    assert one.cosine(other) == other.cosine(one)
    assert -1.0001 <= one.cosine(other) <= 1.0001


@given(NUMBERS.filter(lambda values: any(value / 2 for value in values)))
def test_a_vector_points_its_own_way_whatever_its_length(values: list[float]) -> None:
    halved = Vector.of([value / 2 for value in values])
    assert Vector.of(values).cosine(halved) == pytest.approx(1, abs=0.02)


@given(NUMBERS)
def test_what_was_stored_is_the_same_vector(values: list[float]) -> None:
    vector = Vector.of(values)
    assert Vector.from_bytes(vector.codes) == vector


def test_nothing_points_nowhere() -> None:
    nowhere, east = Vector.of([0.0, 0.0]), Vector.of([1.0, 0.0])
    assert nowhere.cosine(east) == nowhere.cosine(nowhere) == 0


def test_vectors_of_two_encoders_have_nothing_in_common() -> None:
    assert Vector.of([1.0, 0.0]).cosine(Vector.of([1.0, 0.0, 0.0])) == 0


def test_a_frame_takes_out_what_all_share_and_what_parts_languages() -> None:
    frame = Frame(centre=(0.9, 0.0, 0.0), axes=((0.0, 1.0, 0.0),))
    english, korean = frame.place([0.9, 0.3, 0.2]), frame.place([0.9, -0.3, 0.2])
    assert english.cosine(korean) == pytest.approx(1)


@given(NUMBERS)
def test_a_frame_is_read_as_it_was_written(values: list[float]) -> None:
    frame = Frame.from_record({"rows": [frame_row(values), frame_row([1.0, 0.0, 0.0, 0.0])]})
    assert frame.centre == pytest.approx(values, abs=1e-4)
    assert frame.axes == ((1.0, 0.0, 0.0, 0.0),)
