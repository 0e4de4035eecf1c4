"""Daily copies of the database: when they are made, how many stay, what stops them."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stored import DAY, HOUR, NOW, open_in, store

from watcher.service.care.backups import Backups
from watcher.storage.backup import check_database
from watcher.storage.backups import Backup, backup_path, backups_of, newest, superfluous

ROOMY = (10**12, 0, 10**12)


class House:
    """A database, a clock, and what the operator hears."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.told: list[str] = []
        self.room = ROOMY
        self.database = folder / "watcher.db"
        with open_in(folder) as database, database.begin() as tx:
            store(tx)
        self.backups = Backups(
            self.database,
            clock=lambda: self.now,
            tell=self.told.append,
            measure=lambda _: self.room,
        )

    def names(self) -> list[str]:
        return [backup.path.name for backup in backups_of(self.database)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def test_a_copy_is_made_every_day_and_the_last_ones_stay(house: House) -> None:
    for _ in range(4 * 24):
        await house.backups.look(keep=2)
        house.now += HOUR

    assert house.names() == ["watcher-20261124T120000Z.db", "watcher-20261125T120000Z.db"]
    assert all(check_database(backup.path).is_sound for backup in backups_of(house.database))
    assert house.told == []


@pytest.mark.parametrize("name", ["news[eu].db", "news*.db", "n?ws.db", "news[.db"])
def test_copies_are_known_whatever_the_database_is_called(tmp_path: Path, name: str) -> None:
    copy = backup_path(tmp_path / name, NOW)
    copy.parent.mkdir()
    copy.touch()
    backup_path(tmp_path / "newse.db", NOW).touch()

    assert backups_of(tmp_path / name) == [Backup(NOW, copy)]


@pytest.mark.parametrize("keep", [0, -1])
async def test_who_wants_none_gets_none(house: House, keep: int) -> None:
    await house.backups.look(keep)

    assert not house.database.with_name("backups").exists()


async def test_files_of_other_names_are_let_alone(house: House) -> None:
    folder = house.database.with_name("backups")
    folder.mkdir()
    for name in ("watcher-before-the-move.db", "notes.txt"):
        (folder / name).write_text("mine")

    await house.backups.look(keep=1)

    assert len(house.names()) == 1
    assert (folder / "watcher-before-the-move.db").read_text() == "mine"
    assert (folder / "notes.txt").read_text() == "mine"


async def test_a_clock_that_ran_ahead_does_not_stop_the_copies(house: House) -> None:
    house.now = NOW + 300 * DAY
    await house.backups.look(keep=2)
    house.now = NOW
    for _ in range(3):
        await house.backups.look(keep=2)
        house.now += DAY

    assert house.names() == ["watcher-20261123T120000Z.db", "watcher-20261124T120000Z.db"]


async def test_without_room_the_operator_hears_of_it_once(house: House) -> None:
    house.room = (10**12, 0, 50_000_000)
    for _ in range(3):
        await house.backups.look(keep=2)

    assert house.names() == []
    (told,) = house.told
    assert told.startswith("today's backup could not be made: no room for a backup: it takes 100 ")
    assert house.backups.trouble is not None
    assert told.endswith(house.backups.trouble)

    house.room = ROOMY
    house.now += HOUR
    await house.backups.look(keep=2)
    assert len(house.names()) == 1
    assert house.backups.trouble is None


async def test_a_damaged_database_leaves_the_older_copies(house: House) -> None:
    await house.backups.look(keep=1)
    house.database.write_bytes(b"no database" * 1000)
    house.now += DAY
    await house.backups.look(keep=1)

    assert house.names() == ["watcher-20261122T120000Z.db"]
    assert "is not a SQLite database" in house.told[0]


@given(st.lists(st.integers(-100, 100), unique=True, max_size=12), st.integers(1, 5))
def test_what_stays_holds_the_newest_and_as_many_as_wanted(hours: list[int], keep: int) -> None:
    backups = [Backup(NOW + timedelta(hours=h), Path(str(h))) for h in hours]
    gone = superfluous(backups, keep, NOW)
    stays = set(backups) - set(gone)

    assert len(stays) == min(keep, len(backups))
    assert newest(backups, NOW) is None or newest(backups, NOW) in stays


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001 - made aware below
def test_a_name_tells_when_the_copy_was_made(moment: datetime) -> None:
    now = moment.replace(tzinfo=NOW.tzinfo, microsecond=0)
    path = backup_path(Path("/state/my.news.db"), now)

    assert path.parent == Path("/state/backups")
    assert path.name == f"my.news-{now:%Y%m%dT%H%M%SZ}.db"


async def test_a_copy_without_entries_costs_none_that_has_some(house: House) -> None:
    await house.backups.look(keep=1)
    with closing(sqlite3.connect(house.database)) as connection, connection:
        connection.execute("DELETE FROM entry")
    for _ in range(3):
        house.now += DAY
        await house.backups.look(keep=1)

    assert house.names() == ["watcher-20261122T120000Z.db", "watcher-20261125T120000Z.db"]
