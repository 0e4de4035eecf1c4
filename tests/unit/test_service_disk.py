from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import StorageError
from watcher.service.care.disk import ENOUGH, LEAST_BYTES, DiskWatch, Room, is_short, mark

MB = 1_000_000
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
LARGE = 500_000 * MB


class Disk:
    """A disk whose room the test decides about, and a daemon that polls or not."""

    def __init__(self, free: int, total: int = LARGE) -> None:
        self.free, self.total = free, total
        self.takes_more = True
        self.files: int | None = None
        self.pauses: list[bool] = []
        self.told: list[str] = []
        self.watch = DiskWatch(
            Path("/state"),
            pause=self.pauses.append,
            tell=self.told.append,
            can_grow=self.can_grow,
            measure=lambda _: (self.total, self.total - self.free, self.free),
            files_left=lambda _: self.files,
        )

    async def can_grow(self) -> bool:
        return self.takes_more


@pytest.mark.parametrize(
    ("total", "free", "was_short", "short"),
    [
        pytest.param(LARGE, 100 * MB, False, False, id="just enough"),
        pytest.param(LARGE, 99 * MB, False, True, id="too little"),
        pytest.param(LARGE, 150 * MB, True, True, id="not yet enough to go on"),
        pytest.param(LARGE, 200 * MB, True, False, id="enough to go on"),
        pytest.param(64 * MB, 4 * MB, False, False, id="a small disk is no trouble"),
        pytest.param(64 * MB, 3 * MB, False, True, id="a small disk is nearly full"),
    ],
)
def test_a_disk_is_short_below_a_mark_and_enough_above_twice_that(
    total: int, free: int, was_short: bool, short: bool
) -> None:
    assert is_short(Room(total, total - free, free), was_short=was_short) is short


@given(st.integers(1, 10**15), st.integers(0, 10**15))
def test_who_has_enough_to_go_on_had_enough_to_begin(total: int, free: int) -> None:
    room = Room(total, 0, free)
    assert 0 <= mark(room) <= LEAST_BYTES
    if not is_short(room, was_short=True):
        assert not is_short(room, was_short=False)
        assert free >= ENOUGH * mark(room)


async def test_polling_stops_once_and_goes_on_by_itself() -> None:
    disk = Disk(free=50 * MB)

    await disk.watch.look()
    await disk.watch.look()
    assert disk.pauses == [True]
    (told,) = disk.told
    assert told == (
        "only 50 MB are left on the disk of /state: polling stops, alerts are still sent;"
        " free some space and polling goes on by itself"
    )

    disk.free = 150 * MB
    await disk.watch.look()
    assert disk.pauses == [True]

    disk.free = 300 * MB
    await disk.watch.look()
    assert disk.pauses == [True, False]
    assert disk.told[1:] == ["there is room again on the disk of /state: polling goes on"]


async def test_a_database_that_cannot_grow_stops_polling_whatever_the_disk_says() -> None:
    disk = Disk(free=LARGE)
    disk.takes_more = False

    disk.watch.failed(StorageError("the database cannot grow", is_full=True), NOW)
    disk.watch.failed(StorageError("the database cannot grow", is_full=True), NOW)
    await disk.watch.look()
    assert disk.pauses == [True]
    assert len(disk.told) == 1

    disk.takes_more = True
    await disk.watch.look()
    assert disk.pauses == [True, False]


async def test_a_disk_that_can_hold_hardly_any_file_more_is_told_once_and_stops_nothing() -> None:
    disk = Disk(free=LARGE)
    for left in (None, 5000, 12, 0, 60, 5000, 49):
        disk.files = left
        await disk.watch.look()

    assert disk.pauses == []
    assert [text.partition(":")[0] for text in disk.told] == [
        "the disk of /state can hold 12 files more (inodes)",
        "the disk of /state can hold 49 files more (inodes)",
    ]


async def test_other_trouble_of_the_database_stops_nothing() -> None:
    disk = Disk(free=LARGE)

    disk.watch.failed(StorageError("the database is locked"), NOW)

    assert disk.pauses == []
    assert disk.told == []


async def test_a_damaged_database_is_told_once_a_day_with_what_to_do() -> None:
    disk = Disk(free=LARGE)
    damaged = StorageError("the database is damaged; run this", fact="is damaged")
    sentence = "what comes in cannot be kept: the database is damaged; run this"

    for minutes in (0, 1, 23 * 60):
        disk.watch.failed(damaged, NOW + timedelta(minutes=minutes))
    assert disk.told == [sentence]

    disk.watch.failed(damaged, NOW + timedelta(days=1))
    assert disk.told == [sentence, sentence]
    assert disk.pauses == []


async def test_a_database_locked_for_a_moment_weeks_later_is_told_too() -> None:
    disk = Disk(free=LARGE)
    locked = StorageError("the database is locked; close it", fact="is locked")
    damaged = StorageError("the database is damaged; run this", fact="is damaged")

    for error in (locked, damaged, locked, damaged):
        disk.watch.failed(error, NOW)
    assert len(disk.told) == 2

    disk.watch.failed(locked, NOW - timedelta(weeks=3))  # a clock set back is a later time, too
    assert len(disk.told) == 3
