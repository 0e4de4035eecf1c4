import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from stored import TITLE, an_entry, entries_of, open_in, store

from watcher.errors import StorageError
from watcher.storage.backup import check_database, copy_database, discard
from watcher.storage.connect import connect
from watcher.storage.database import Database


def test_a_backup_is_made_while_a_transaction_runs_and_holds_what_was_committed(
    tmp_path: Path,
) -> None:
    copy = tmp_path / "copies" / "copy.db"
    with open_in(tmp_path) as database:
        with database.begin() as tx:
            store(tx)
        with database.begin() as tx:
            store(tx, an_entry("2"))
            copy_database(tmp_path / "watcher.db", copy)

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]
    with Database.open(copy, read_only=True) as restored, restored.read() as tx:
        assert [found.entry.title for found in entries_of(tx)] == [TITLE]


def test_a_backup_ends_beside_a_writer_that_never_rests(tmp_path: Path) -> None:
    """SQLite begins a copy anew at each commit of another connection, unless it is one step."""
    path, copy = tmp_path / "watcher.db", tmp_path / "copy.db"
    open_in(tmp_path).close()
    with closing(sqlite3.connect(path)) as connection:  # some 160 MB: copying takes a while
        connection.execute("CREATE TABLE filler(bytes)")
        connection.executemany("INSERT INTO filler VALUES (zeroblob(?))", [(4_000_000,)] * 40)
        connection.commit()

    with commits_beside(path) as commits:
        copying = threading.Thread(target=copy_database, args=(path, copy), daemon=True)
        copying.start()
        copying.join(30)
        assert not copying.is_alive()

    assert commits
    assert check_database(copy).is_sound


@contextmanager
def commits_beside(path: Path) -> Iterator[list[int]]:
    """Commit one row after the other meanwhile; yields the numbers committed so far."""
    has_ended, first, commits = threading.Event(), threading.Event(), list[int]()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE busy(number)")
            while not has_ended.is_set():
                connection.execute("INSERT INTO busy VALUES (1)")
                commits.append(1)
                first.set()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert first.wait(30)
        yield commits
    finally:
        has_ended.set()
        thread.join()


def test_a_backup_replaces_an_older_one(tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("the day before")
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)

    copy_database(tmp_path / "watcher.db", copy)

    assert check_database(copy).is_sound


def test_a_link_goes_on_leading_to_the_backup_that_is_replaced(tmp_path: Path) -> None:
    copy, latest = tmp_path / "copy.db", tmp_path / "latest.db"
    latest.symlink_to(copy.name)
    open_in(tmp_path).close()

    copy_database(tmp_path / "watcher.db", latest)

    assert latest.is_symlink()
    assert check_database(copy).is_sound


def test_a_backup_replaces_no_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    open_in(tmp_path).close()

    with pytest.raises(StorageError, match="pipe is no file that a backup could replace"):
        copy_database(tmp_path / "watcher.db", pipe)

    assert pipe.is_fifo()


def test_a_backup_that_fails_leaves_the_older_one(tmp_path: Path) -> None:
    (tmp_path / "watcher.db").write_text("no database " * 100)
    copy = tmp_path / "copy.db"
    copy.write_text("the day before")

    with pytest.raises(StorageError, match="is not a SQLite database"):
        copy_database(tmp_path / "watcher.db", copy)

    assert copy.read_text() == "the day before"
    assert {file.name for file in tmp_path.iterdir()} == {"watcher.db", "copy.db"}


def test_a_backup_into_a_place_that_cannot_be_is_a_storage_error(tmp_path: Path) -> None:
    open_in(tmp_path).close()
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="could not be written"):
        copy_database(tmp_path / "watcher.db", tmp_path / "file" / "copy.db")


def test_where_the_copy_has_no_room_the_database_is_not_to_blame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_small_disk(path: Path, *, mode: str) -> sqlite3.Connection:
        connection = connect(path, mode=mode)
        if mode == "rw":
            connection.execute("PRAGMA max_page_count = 2")
        return connection

    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)
    monkeypatch.setattr("watcher.storage.backup.connect", on_a_small_disk)

    with pytest.raises(StorageError, match=r"copy\.db .*: the disk is full; free some space$"):
        copy_database(tmp_path / "watcher.db", tmp_path / "copy.db")

    assert not list(tmp_path.glob("*copy*"))


def test_a_copy_that_is_broken_off_leaves_no_journal_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Path, partial: Path) -> None:
        for suffix in ("-journal", "-wal", "-shm"):
            partial.with_name(partial.name + suffix).touch()
        raise StorageError("the disk is full")

    open_in(tmp_path).close()
    monkeypatch.setattr("watcher.storage.backup._copy", interrupted)

    with pytest.raises(StorageError, match="the disk is full"):
        copy_database(tmp_path / "watcher.db", tmp_path / "copy.db")

    assert [file.name for file in tmp_path.iterdir() if "copy" in file.name] == []


@pytest.mark.parametrize("stuck", ["", "-journal", "-wal", "-shm"])
def test_what_is_left_of_a_copy_goes_though_one_file_of_it_has_to_stay(
    tmp_path: Path, stuck: str
) -> None:
    partial = tmp_path / "copy"
    (tmp_path / f"copy{stuck}").mkdir()
    for suffix in {"", "-journal", "-wal", "-shm"} - {stuck}:
        (tmp_path / f"copy{suffix}").touch()

    with pytest.raises(OSError, match=f"copy{stuck}"):
        discard(partial)

    assert [file.name for file in tmp_path.iterdir()] == [f"copy{stuck}"]


def test_without_a_database_there_is_nothing_to_copy_or_check(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no database yet"):
        copy_database(tmp_path / "watcher.db", tmp_path / "copy.db")
    with pytest.raises(StorageError, match="no database yet"):
        check_database(tmp_path / "watcher.db")


def test_a_check_finds_a_row_without_its_parent(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)
    assert check_database(path).is_sound

    with closing(sqlite3.connect(path)) as connection:  # foreign keys are off by default
        connection.execute("DELETE FROM story")
        connection.commit()

    found = check_database(path)
    assert found.problems == ()
    assert found.orphans == ("entry 1: no story",)
