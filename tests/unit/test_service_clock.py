"""A clock set back is noticed, and a wrong one is not believed where most hosts deny it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.service.care import clock
from watcher.service.care.clock import LEAST_WRONG, PATIENCE, WITNESSES, CheckedClock, most_say

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

    read = readings(end, *minutes)

    assert await clock.set_back_before(end, read) == ([read] if is_set_back else ())


async def test_of_two_clocks_only_the_one_is_set_back_that_was_wrong() -> None:
    """Ours went by the hosts' time; now the machine's own is put right."""
    end = asyncio.Event()
    ours, machines = readings(end, 0, 0, 0, 0), readings(end, 1440, 1440, 0, 0)

    assert await clock.set_back_before(end, ours, machines) == [machines]


async def test_a_run_that_is_over_is_not_waited_for() -> None:
    end = asyncio.Event()
    end.set()

    assert not await clock.set_back_before(end, lambda: NOON)


class World:
    """The true time, the machine's clock, and what hosts say, all in hours."""

    def __init__(self) -> None:
        self.hours, self.wrong = 0.0, 0.0
        self.clock = CheckedClock(
            lambda: NOON + timedelta(hours=self.hours + self.wrong),
            lambda: timedelta(hours=self.hours),
        )

    def hear(self, *wrong: float) -> None:
        """Have as many hosts say what time it is, each wrong by so much."""
        for number, by in enumerate(wrong):
            self.clock.hear(f"{number}.example", NOON + timedelta(hours=self.hours + by))

    @property
    def error(self) -> float:
        """By how much the clock is wrong in the end."""
        return (self.clock() - NOON) / timedelta(hours=1) - self.hours


@pytest.mark.parametrize(
    ("machine", "hosts", "error"),
    [
        pytest.param(0, (), 0, id="all is well"),
        pytest.param(8760, (), 8760, id="nobody says anything"),
        pytest.param(8760, (0, 0), 0, id="a year ahead, two hosts"),
        pytest.param(8760, (0,), 8760, id="a year ahead, says one host alone"),
        pytest.param(0, (96,), 0, id="right, and the only host is four days ahead"),
        pytest.param(-490_000, (0, 0, 0), 0, id="in 1970"),
        pytest.param(-490_000, (0,), 0, id="in 1970, which nobody else need deny"),
        pytest.param(24, (0, 0), 0, id="a day ahead"),
        pytest.param(-24, (0, 24, 0), 0, id="a day behind, and one host is a day ahead"),
        pytest.param(0, (-30, 0, 0), 0, id="one of three hosts is wrong"),
        pytest.param(0, (-30, 0), 0, id="one of two hosts is wrong"),
        pytest.param(0, (14,), 0, id="the only host is in the wrong zone"),
        pytest.param(5, (0, 0, 0), 5, id="hours are survived"),
        pytest.param(0, (10_000_000,), 0, id="a host of another millennium"),
    ],
)
def test_the_machine_is_believed_until_most_hosts_deny_it(
    machine: float, hosts: Sequence[float], error: float
) -> None:
    world = World()
    world.wrong = machine
    world.hear(*hosts)

    assert world.error == pytest.approx(error)


def test_one_host_is_enough_where_an_earlier_life_was_later_than_the_machine_is_now() -> None:
    world = World()
    world.clock.worked = NOON
    world.wrong = -48
    told: list[str] = []
    world.clock.tell = told.append
    world.hear(0)

    assert world.error == 0
    (sentence,) = told
    assert sentence.startswith("the clock of this machine is 48 h behind, say the hosts that are")


def test_what_a_host_brings_that_alone_denies_the_clock_waits_for_another_but_not_for_ever() -> (
    None
):
    world = World()
    date = NOON + timedelta(days=4)
    alone = [world.clock.hear("a.example", date) for _ in range(PATIENCE + 1)]
    agreed = world.clock.hear("b.example", NOON)

    assert alone == [False] * PATIENCE + [True]
    assert agreed
    assert world.error == 0


@pytest.mark.parametrize(
    ("machine", "hosts", "confirmed"),
    [
        pytest.param(0, (), False, id="nobody says anything"),
        pytest.param(0, (0, 0), True, id="right"),
        pytest.param(12, (0, 0), False, id="hours ahead, and believed"),
        pytest.param(-12, (0, 0), False, id="hours behind, and believed"),
        pytest.param(8760, (0, 0), True, id="a year ahead, and not believed"),
    ],
)
def test_a_clock_is_confirmed_by_hosts_that_say_the_same(
    machine: float, hosts: Sequence[float], *, confirmed: bool
) -> None:
    world = World()
    world.wrong = machine
    world.hear(*hosts)

    assert world.clock.is_confirmed is confirmed


def test_a_clock_that_is_put_right_is_right_at_once_and_one_put_wrong_at_two_words() -> None:
    world = World()
    world.wrong = 8760
    world.hear(0, 0, 0)
    world.hours += 3
    errors = [world.error]
    world.wrong = 0
    errors.append(world.error)
    world.wrong = -48
    world.hear(0, 0)

    assert [*errors, world.error] == pytest.approx([0, 0, 0])


@pytest.mark.parametrize("said", [(0, -30), (-30, 0), (0, 30, -50, 70)], ids=str)
def test_a_host_of_two_clocks_moves_ours_no_more_once_one_agreed(said: Sequence[float]) -> None:
    world = World()
    for hours in said:
        world.hear(hours)

    assert world.error == 0


def test_a_machine_that_slept_is_believed() -> None:
    world = World()
    world.hear(0, 0, 0)
    world.hours += 60

    assert world.error == 0


def test_hosts_that_answered_long_ago_are_forgotten() -> None:
    world = World()
    for number in range(WITNESSES * 2):
        world.clock.hear(f"old{number}.example", NOON - timedelta(days=9))
    world.hear(*[0.0] * WITNESSES)

    assert world.error == 0


#: What hosts say is of plausible years.
ERRORS = st.timedeltas(-timedelta(days=200_000), timedelta(days=200_000))


@given(st.lists(ERRORS, min_size=1), ERRORS)
def test_what_fewer_than_half_say_moves_nothing(liars: list[timedelta], truth: timedelta) -> None:
    assert most_say([*liars, *[truth] * (len(liars) + 1)]) == truth
    assert most_say([*liars, *[timedelta(0)] * len(liars)]) == timedelta(0)


def test_less_than_a_wrong_zone_is_no_wrong_clock() -> None:
    assert timedelta(hours=14) < LEAST_WRONG
