"""Memory goes back to the system where the C library knows how, and nothing breaks elsewhere."""

import ctypes
import gc
from collections.abc import Iterator

import pytest

from watcher import heap


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    heap._trim.cache_clear()
    yield
    heap._trim.cache_clear()


def test_it_can_be_called_at_any_time() -> None:
    heap.give_back()
    heap.give_back()


def test_a_library_without_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())

    heap.keep_few_heaps()
    heap.give_back()

    assert heap._trim() is None


def test_what_is_made_to_last_is_not_looked_through() -> None:
    try:
        with heap.making_to_last():
            assert not gc.isenabled()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_garbage_is_looked_for_less_often_than_by_default() -> None:
    before, default = gc.get_threshold(), (700, 10, 10)  # another test may have run a daemon here
    try:
        gc.set_threshold(*default)
        heap.look_seldom()
        assert all(ours > theirs for ours, theirs in zip(gc.get_threshold(), default, strict=True))
    finally:
        gc.set_threshold(*before)
