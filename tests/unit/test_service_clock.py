"""A clock set back is noticed; one that runs, jumps ahead or is put right is not."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from watcher.service import clock

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "LOOK_S", 0.001)


def readings(end: asyncio.Event, *minutes: float) -> Callable[[], datetime]:
    """Return a clock that shows these times one after the other, and then ends the run."""
    left = list(minutes)

    def read() -> datetime:
        shown = left.pop(0)
        if not left:
            end.set()
        return NOON + timedelta(minutes=shown)

    return read


@pytest.mark.parametrize(
    ("minutes", "is_set_back"),
    [
        pytest.param((0, 0, 0, 0), False, id="it runs"),
        pytest.param((0, 0, 600, 600), False, id="it jumps ahead: the machine slept"),
        pytest.param((0, -0.5, -0.5, -0.5), False, id="it is put right by half a minute"),
        pytest.param((0, -0.9, -1.8, -2.7), False, id="it is put right bit by bit"),
        pytest.param((0, 0, -2, -2), True, id="two minutes back"),
        pytest.param((0, 1440, 0, 0), True, id="a day ahead and back again"),
    ],
)
async def test_only_a_clock_set_back_ends_a_run(
    minutes: Sequence[float], *, is_set_back: bool
) -> None:
    end = asyncio.Event()

    assert await clock.is_set_back_before(end, readings(end, *minutes)) is is_set_back


async def test_a_run_that_is_over_is_not_waited_for() -> None:
    end = asyncio.Event()
    end.set()

    assert not await clock.is_set_back_before(end, lambda: NOON)
