"""A copy of the running database, and whether a database is sound."""

import os
import sqlite3
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from watcher.errors import StorageError
from watcher.storage.backups import backup_path, backups_of, has_entries, no_database, superfluous
from watcher.storage.connect import connect, create_file
from watcher.storage.trouble import storage_error

#: The whole file in one step: a copy in several begins anew whenever the writer has committed in
#: between (sqlite.org/backup.html), and would never end. With a WAL, no writer waits for a reader.
_ALL_PAGES = -1
#: What SQLite keeps beside a database: commits that are not yet in it, and an index of them.
BESIDE: Final = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong with a database; both empty when it is sound."""

    problems: tuple[str, ...]
    orphans: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems and not self.orphans


def copy_database(source: Path, destination: Path) -> None:
    """Copy the database at one moment, beside a running writer; the copy is checked.

    The destination appears only when the copy is whole; a file there is replaced, and a symbolic
    link goes on leading to it.

    Raises:
        StorageError: there is no database, what stands there is no file, or the copy failed or is
            not sound.
    """
    if not source.exists():
        raise no_database(source)
    target = Path(os.path.realpath(destination))
    partial = target.with_name(f".{target.name}.partial")
    try:
        _demand_a_file(destination, target)
        discard(partial)
        create_file(partial)
        _copy(source, partial)
        _keep(partial, target)
    except sqlite3.Error as error:
        raise _copy_error(source, destination, error) from error
    except OSError as error:
        raise StorageError(
            f"the backup {destination} could not be written: {error.strerror}"
        ) from error
    finally:
        with suppress(OSError):
            discard(partial)


def make_backup(database: Path, now: datetime, keep: int) -> Path:
    """Make and check a copy, then let go of those beyond `keep`; return where it is.

    Copies without an entry are counted for themselves, so that none takes the place of a full one.

    Raises:
        StorageError: it could not be made, or is not sound; the older ones stay then.
    """
    path = backup_path(database, now)
    copy_database(database, path)
    backups = backups_of(database)
    full = [backup for backup in backups if has_entries(backup)]
    empty = [backup for backup in backups if backup not in full]
    for backup in (*superfluous(full, keep, now), *superfluous(empty, keep, now)):
        with suppress(OSError):
            backup.path.unlink()
    return path


def check_database(path: Path) -> Check:
    """Read the whole file and say what is wrong with it.

    Raises:
        StorageError: there is no database, or it cannot be read at all.
    """
    if not path.exists():
        raise no_database(path)
    try:
        with closing(connect(path, mode="ro")) as connection:
            return _check(connection, quick=False)
    except sqlite3.Error as error:
        raise storage_error(path, error) from error


def _demand_a_file(destination: Path, target: Path) -> None:
    """Let no device, pipe or folder be replaced by a backup."""
    if target.exists() and not target.is_file():
        raise StorageError(f"{destination} is no file that a backup could replace; name another")


def discard(partial: Path) -> None:
    """Take away what is left of a copy, and what SQLite keeps beside one that is broken off.

    Each file goes, though another one may have to stay.

    Raises:
        OSError: one cannot be taken away.
    """
    with ExitStack() as files:
        for beside in ("", "-journal", *BESIDE):
            files.callback(partial.with_name(partial.name + beside).unlink, missing_ok=True)


def _copy(source: Path, partial: Path) -> None:
    with (
        closing(connect(source, mode="ro")) as reading,
        closing(connect(partial, mode="rw")) as writing,
    ):
        reading.backup(writing, pages=_ALL_PAGES)
        writing.execute("PRAGMA journal_mode = DELETE").fetchone()  # one file, nothing beside it
        check = _check(writing, quick=True)
    if not check.is_sound:
        raise StorageError(
            f"the backup of {source} is not sound: {check.problems[0]}; run `watcher db check`"
        )


def _copy_error(source: Path, destination: Path, error: sqlite3.Error) -> StorageError:
    """Return the error of the one that is at fault: only the copy grows."""
    found = storage_error(source, error)
    if not found.is_full:
        return found
    return StorageError(
        f"the backup {destination} could not be written: the disk is full; free some space"
    )


def _keep(partial: Path, destination: Path) -> None:
    """Move the copy to its place so that a power cut leaves either the old file or the new."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(destination)
    directory = os.open(destination.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _check(connection: sqlite3.Connection, *, quick: bool) -> Check:
    pragma = "quick_check" if quick else "integrity_check"
    problems = tuple(row[0] for row in connection.execute(f"PRAGMA {pragma}") if row[0] != "ok")
    if quick:
        return Check(problems, ())
    orphans = tuple(
        f"{row[0]} {row[1]}: no {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")
    )
    return Check(problems, orphans)
