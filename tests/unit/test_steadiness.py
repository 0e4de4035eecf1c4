"""What `make soak` calls a leak, and what it does not."""

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadiness import (
    LEAST_SAMPLES,
    MOST_GROWTH_MB_PER_HOUR,
    MOST_NEW_FILES,
    SETTLED_S,
    Sample,
    judge_files,
    judge_memory,
    settled,
    slope_per_hour,
)

HOUR = 3600.0
Shape = Callable[[float, random.Random], float]


def series(shape: Shape, seconds: float = 450, every: float = 5) -> list[Sample]:
    """Return samples of a life whose memory and files have a shape over time."""
    chance, count = random.Random(7), int(seconds / every)  # noqa: S311 - a reproducible life
    values = [(n * every, shape(n * every, chance)) for n in range(count)]
    return [Sample(time, value, round(value)) for time, value in values]


def noise(of: float) -> Shape:
    return lambda _, chance: chance.gauss(0, of)


def leak(per_hour: float) -> Shape:
    return lambda time, _: per_hour * time / HOUR


def steps(height: float, every: float) -> Shape:
    """A heap grows by whole arenas."""
    return lambda time, _: height * (time // every)


def saw(height: float, every: float) -> Shape:
    """Garbage gathers until somebody looks for it."""
    return lambda time, _: height * (time % every) / every


def peaks(height: float, share: float) -> Shape:
    return lambda _, chance: height if chance.random() < share else 0


def wave(height: float, every: float) -> Shape:
    return lambda time, _: height * math.sin(time / every * math.tau)


def added(*shapes: Shape) -> Shape:
    return lambda time, chance: 150 + sum(shape(time, chance) for shape in shapes)


STEADY = {
    "flat": added(),
    "noise": added(noise(3)),
    "garbage that comes and goes": added(saw(15, 40), noise(1)),
    "a large document now and then": added(noise(1), peaks(80, 0.15)),
    "a slow wave": added(wave(4, 90), noise(1)),
    "less and less": added(leak(-60), noise(3)),
    "what a day of news adds": added(leak(MOST_GROWTH_MB_PER_HOUR / 3), noise(2)),
    "a process gone while it was looked at": added(noise(1), peaks(-60, 0.1)),
}
LEAKS = {
    "a leak": added(leak(2 * MOST_GROWTH_MB_PER_HOUR)),
    "a leak in noise": added(leak(2 * MOST_GROWTH_MB_PER_HOUR), noise(2)),
    "a leak by whole arenas": added(steps(1, 15), noise(1)),
    "a leak under garbage": added(leak(2 * MOST_GROWTH_MB_PER_HOUR), saw(10, 40)),
    "a leak under large documents": added(leak(2 * MOST_GROWTH_MB_PER_HOUR), peaks(80, 0.15)),
    "a leak of one task in a slow wave": added(leak(3 * MOST_GROWTH_MB_PER_HOUR), wave(4, 90)),
}


@pytest.mark.parametrize("shape", STEADY.values(), ids=STEADY)
def test_memory_that_stays_is_steady(shape: Shape) -> None:
    assert judge_memory(series(shape)).is_steady


@pytest.mark.parametrize("shape", LEAKS.values(), ids=LEAKS)
def test_memory_that_leaks_is_not(shape: Shape) -> None:
    assert judge_memory(series(shape)).is_steady is False


def test_files_that_come_and_go_are_steady() -> None:
    assert judge_files(series(added(noise(8), peaks(60, 0.2)))).is_steady


def test_fewer_files_at_the_end_are_no_leak() -> None:
    assert judge_files(series(added(leak(-600)))).is_steady


@pytest.mark.parametrize("per_hour", [6 * 60, 60 * 60])
def test_files_left_open_are_a_leak(per_hour: float) -> None:
    """Six a minute, and one a second."""
    assert judge_files(series(added(leak(per_hour), noise(8)))).is_steady is False


def test_the_reason_names_the_size_the_slope_and_the_limit() -> None:
    assert judge_memory(series(added(leak(12)))).reason == "151 MB, +12.0 MB an hour of at most +20"
    assert judge_files(series(added())).reason == "150 then 150, of at most 10 more"


@pytest.mark.parametrize(
    "samples", [[], series(added(), 600)[: LEAST_SAMPLES - 1], series(added(), 50)]
)
def test_too_little_is_not_judged(samples: list[Sample]) -> None:
    assert judge_memory(samples).is_steady is None
    assert judge_files(samples).is_steady is None


def test_of_a_long_life_counts_what_comes_after_memory_was_given_back() -> None:
    start_and_rest = added(lambda time, _: 70 if time < SETTLED_S else 0, leak(60))
    life = series(start_and_rest, 18 * 60)
    assert settled(life)[0].seconds >= SETTLED_S
    assert judge_memory(settled(life)).is_steady is False


def test_of_a_short_life_a_third_is_warm_up() -> None:
    life = series(added(lambda time, _: -0.5 * max(0, 60 - time)), 180)
    assert settled(life)[0].seconds == 60
    assert judge_memory(settled(life)).is_steady
    assert settled([]) == []


points = st.lists(
    st.tuples(st.integers(0, 10_000).map(float), st.integers(-1000, 1000).map(float)),
    min_size=2,
    max_size=20,
    unique_by=lambda point: point[0],
)


@given(points, st.integers(-100, 100))
def test_a_slope_is_what_each_hour_adds(points: list[tuple[float, float]], more: int) -> None:
    steeper = [(time, value + more * time / HOUR) for time, value in points]
    assert slope_per_hour(steeper) == pytest.approx(slope_per_hour(points) + more, abs=1e-6)


@given(points)
def test_a_slope_heeds_no_order(points: list[tuple[float, float]]) -> None:
    assert slope_per_hour(points[::-1]) == slope_per_hour(points)


def test_a_limit_may_be_reached() -> None:
    assert judge_files(series(lambda time, _: MOST_NEW_FILES * (time > 225))).is_steady
    assert not judge_files(series(lambda time, _: (MOST_NEW_FILES + 1) * (time > 225))).is_steady
