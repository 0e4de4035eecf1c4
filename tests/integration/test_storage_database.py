import errno
import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from no_room import no_room
from sqlalchemy.pool import QueuePool
from stored import NOW, TITLE, UNREAD, an_entry, entries_of, open_in, store

from watcher.errors import ConfigError, StorageError
from watcher.model import Assignment, MuteKind, Relation
from watcher.storage.backup import check_database, copy_database
from watcher.storage.connect import sqlite_path
from watcher.storage.database import Database
from watcher.storage.migrate import revision, upgrade
from watcher.storage.restore import restore_database
from watcher.storage.trouble import no_access, storage_error
from watcher.stories.signature import sign


def test_a_new_database_is_ours_alone(tmp_path: Path) -> None:
    directory = tmp_path / "state"

    with open_in(directory) as database, database.begin() as tx:
        store(tx)
        files = list(directory.iterdir())

        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert {file.name for file in files} == {"watcher.db", "watcher.db-wal", "watcher.db-shm"}


def test_the_writer_runs_with_wal_full_syncs_and_foreign_keys(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:

        def pragma(name: str) -> object:
            return tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
        assert pragma("foreign_keys") == 1


def test_a_transaction_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with open_in(tmp_path) as database:
        with pytest.raises(ZeroDivisionError), database.begin() as tx:
            tx.mutes.add(MuteKind.STORY, str(store(tx).story / 0), NOW, NOW)

        with database.read() as tx:
            assert tx.feeds.all() == ()
            assert entries_of(tx) == []
            assert tx.stories.latest() == ()
            assert tx.connection.exec_driver_sql("SELECT * FROM posting, sketch").all() == []


def test_a_number_given_anew_after_a_rollback_has_its_own_signature(tmp_path: Path) -> None:
    first, second = an_entry(), an_entry("2", "Flood in Jakarta closes the toll road")
    with open_in(tmp_path) as database:
        with pytest.raises(ZeroDivisionError), database.begin() as tx:
            assert store(tx, first).entry == len(tx.archive.candidates(sign(first, None), NOW)) / 0
        with database.begin() as tx:
            assert store(tx, second).entry == 1
            (member,) = tx.archive.candidates(sign(second, None), NOW)

    assert member.signature.title == sign(second, None).title


def test_a_reader_sees_neither_half_a_write_nor_waits_for_it(tmp_path: Path) -> None:
    with (
        open_in(tmp_path) as database,
        Database.open(tmp_path / "watcher.db", read_only=True) as beside,
    ):
        with database.begin() as tx:
            store(tx)
            with beside.read() as reading:
                assert entries_of(reading) == []

        with beside.read() as reading:
            assert [found.entry.title for found in entries_of(reading)] == [TITLE]


def test_a_reader_keeps_its_view_while_others_write(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.read() as reading:
        assert entries_of(reading) == []
        with database.begin() as tx:
            store(tx)

        assert entries_of(reading) == []


def test_who_finds_no_reader_free_is_told_to_ask_again(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, ExitStack() as readers:
        pool = database._readers.pool
        assert isinstance(pool, QueuePool)
        pool._timeout = 0  # half a minute otherwise
        while pool.checkedout() < pool.size():
            readers.enter_context(database.read()).feeds.states()

        with pytest.raises(StorageError, match="ask again in a moment"):
            readers.enter_context(database.read())


def test_a_second_writer_waits_for_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.storage.database.BUSY_TIMEOUT_S", 60)
    asks = threading.Event()

    def write_second() -> int:
        asks.set()
        with database.begin() as tx:
            return len(entries_of(tx))

    with open_in(tmp_path) as database, ThreadPoolExecutor(1) as beside:
        with database.begin() as tx:
            second = beside.submit(write_second)
            assert asks.wait(60)
            store(tx)
            store(tx, an_entry("2"))

        assert second.result(60) == 2


def test_a_reading_transaction_cannot_write(tmp_path: Path) -> None:
    with (
        open_in(tmp_path) as database,
        pytest.raises(StorageError, match="cannot be written"),
        database.read() as tx,
    ):
        store(tx)


def test_a_database_opened_for_reading_cannot_be_written(tmp_path: Path) -> None:
    open_in(tmp_path).close()

    with (
        Database.open(tmp_path / "watcher.db", read_only=True) as database,
        pytest.raises(StorageError, match="is open for reading only"),
        database.begin(),
    ):
        pass


def test_what_was_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)

    with open_in(tmp_path) as database, database.read() as tx:
        assert tx.entries.get(added.entry) is not None


def test_without_a_database_a_reading_command_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        Database.open(tmp_path / "watcher.db", read_only=True)

    assert (
        str(caught.value) == f"no database yet at {tmp_path}/watcher.db: start `watcher run` first"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    path.write_text("my diary " * 1000)

    with pytest.raises(
        StorageError,
        match=r"is not a SQLite database, .*; stop Watcher and run `watcher db restore",
    ):
        open_in(tmp_path)
    assert path.read_text() == "my diary " * 1000


@pytest.mark.parametrize("read_only", [False, True])
def test_a_directory_is_no_database(tmp_path: Path, read_only: bool) -> None:
    with pytest.raises(StorageError, match="is a directory; let `database` name a file in it"):
        Database.open(tmp_path, read_only=read_only)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "watcher.db")) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")

    with pytest.raises(StorageError, match="is a database of another program"):
        open_in(tmp_path)


def test_a_disk_without_room_to_open_the_database_is_told_as_full(tmp_path: Path) -> None:
    open_in(tmp_path).close()

    with no_room(), pytest.raises(StorageError, match="the disk is full; free some") as caught:
        revision(tmp_path / "watcher.db")

    assert caught.value.is_full


def test_a_disk_without_room_is_no_fault_of_the_backup(tmp_path: Path) -> None:
    open_in(tmp_path).close()

    with no_room(), pytest.raises(StorageError, match="the disk is full; free some space"):
        restore_database(tmp_path / "other.db", tmp_path / "watcher.db", NOW)


def test_a_damaged_database_is_told_as_such(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for number in range(200):
            store(tx, an_entry(str(number), f"{TITLE} {number}"))
    path = tmp_path / "watcher.db"
    body = bytearray(path.read_bytes())
    body[8192:] = b"\x55" * (len(body) - 8192)
    path.write_bytes(body)

    with (
        pytest.raises(StorageError, match="is damaged; stop Watcher"),
        open_in(tmp_path) as database,
        database.read() as tx,
    ):
        entries_of(tx)


def test_a_full_disk_is_told_as_such_and_loses_nothing(tmp_path: Path) -> None:
    long = an_entry("2", summary="word " * 100_000)
    with open_in(tmp_path) as database:
        with database.begin() as tx:
            store(tx)
            tx.connection.exec_driver_sql("PRAGMA max_page_count = 100")
        with pytest.raises(StorageError, match="the disk is full"), database.begin() as tx:
            store(tx, long)
        with database.read() as tx:
            assert [found.entry.id for found in entries_of(tx)] == ["1"]


def test_a_lock_of_another_program_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    open_in(tmp_path).close()
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as holder,
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as late,
    ):
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as caught:
            late.execute("BEGIN IMMEDIATE")

    message = str(storage_error(path, caught.value))
    assert message == f"the database {path} is locked by another program; close it and try again"


@pytest.mark.parametrize(
    ("inodes", "left", "is_full"),
    [
        pytest.param(1000, 0, True, id="none left"),
        pytest.param(1000, 7, False, id="some left"),
        pytest.param(0, 0, False, id="a disk that counts none"),
    ],
)
def test_where_no_file_can_be_made_the_owner_is_not_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inodes: int, left: int, is_full: bool
) -> None:
    disk = os.statvfs_result((4096, 4096, 9999, 9999, 9999, inodes, left, left, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda _folder: disk)
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(f"file:{tmp_path}/nowhere/watcher.db?mode=ro", uri=True).execute("SELECT 1")
    error = storage_error(tmp_path / "watcher.db", caught.value)
    refused = no_access("the lock", tmp_path, OSError(errno.ENOSPC, "No space left on device"))

    assert error.is_full is is_full
    assert ("no inodes are left" in str(error)) is is_full
    assert ("no inodes are left" in str(refused)) is is_full


@pytest.mark.parametrize(
    "used",
    [
        pytest.param(lambda path, _other: upgrade(path), id="upgraded"),
        pytest.param(lambda path, _other: check_database(path), id="checked"),
        pytest.param(lambda path, _other: revision(path), id="asked for its schema"),
        pytest.param(copy_database, id="copied"),
        pytest.param(lambda path, other: restore_database(path, other, NOW), id="restored"),
    ],
)
def test_a_directory_is_told_as_one_however_it_is_used(
    tmp_path: Path, used: Callable[[Path, Path], object]
) -> None:
    (tmp_path / "folder").mkdir()
    open_in(tmp_path).close()

    with pytest.raises(StorageError, match="is a directory; let `database` name a file in it"):
        used(tmp_path / "folder", tmp_path / "watcher.db")


@pytest.mark.parametrize(
    ("url", "file"),
    [
        pytest.param("sqlite:///watcher.db", "/state/watcher.db", id="relative"),
        pytest.param("sqlite:////var/lib/w.db", "/var/lib/w.db", id="absolute"),
        pytest.param("sqlite:///a%20b/w.db", "/state/a b/w.db", id="escaped"),
    ],
)
def test_a_relative_database_lies_in_the_state_directory(url: str, file: str) -> None:
    assert sqlite_path(url, Path("/state")) == Path(file)


def test_a_database_may_lie_in_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")

    assert sqlite_path("sqlite:///~/news.db", Path("/state")) == Path("/home/ana/news.db")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql://me:hunter2@db/watcher", id="another engine"),
        pytest.param("sqlite://", id="memory"),
        pytest.param("sqlite:///:memory:", id="memory by name"),
        pytest.param("sqlite://host/watcher.db", id="host"),
        pytest.param("watcher.db", id="no URL"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_no_sqlite_file_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        sqlite_path(url, Path("/state"))

    assert str(caught.value).startswith("database: ")
    assert "hunter2" not in str(caught.value)


def test_odd_names_of_directories_are_no_trouble(tmp_path: Path) -> None:
    with open_in(tmp_path / "50% off? #1 ёж & co") as database, database.begin() as tx:
        store(tx)


def test_text_that_utf8_cannot_hold_stops_nothing(tmp_path: Path) -> None:
    broken = an_entry("id\ud800", "half a \udc00 character", summary="\x00\ud800", url="\udfff")
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx, broken)
        stored = tx.entries.get(added.entry)

        assert stored is not None
        assert stored.entry.title == "half a ? character"
        assert stored.entry.summary == "\x00?"
        assert set(tx.sightings.known(stored.feed, ["id\ud800"])) == {"id\ud800"}


def test_an_entry_of_no_feed_is_refused(tmp_path: Path) -> None:
    alone = Assignment(Relation.NEW, None, None, 0.0, "new")
    with (
        open_in(tmp_path) as database,
        pytest.raises(StorageError, match="refused: FOREIGN KEY"),
        database.begin() as tx,
    ):
        tx.entries.add(999, an_entry(), UNREAD, alone)
