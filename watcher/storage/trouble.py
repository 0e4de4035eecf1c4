"""What SQLite's errors mean for a user: what happened, where, what to do."""

import errno
import os
import pwd
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFreeError

from watcher.errors import StorageError

#: What a failing database raises: through SQLAlchemy, or from a statement handed to the driver.
FAILURES: Final = (DBAPIError, sqlite3.Error, NoneFreeError)

_RESTORE: Final = (
    "stop Watcher and run `watcher db restore BACKUP`; the daily ones lie beside it in backups/"
)
_OWNER: Final = "check the owner and mode of file and directory"
_PLACE: Final = (
    "check that file and directory exist, are yours and can be written: SQLite writes beside a"
    " database also to read it"
)
_CLOSE: Final = "close it and try again"
_LOOK: Final = "see what the kernel says of it (`dmesg`)"
#: What was found, and what to do.
_ADVICE = {
    sqlite3.SQLITE_NOTADB: ("is not a SQLite database, or its beginning is damaged", _RESTORE),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _RESTORE),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "free some space"),
    sqlite3.SQLITE_READONLY: ("cannot be written", _OWNER),
    sqlite3.SQLITE_PERM: ("cannot be written", _OWNER),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", _PLACE),
    sqlite3.SQLITE_BUSY: ("is locked by another program", _CLOSE),
    sqlite3.SQLITE_LOCKED: ("is locked by another program", _CLOSE),
    sqlite3.SQLITE_IOERR: ("cannot be read or written: the disk reports an error", _LOOK),
}
#: Where there is no room for the index of the log, SQLite says no more than that it went wrong; a
#: database is opened so, also to be read, and on a disk that has failed nothing would come so far.
_FULL: Final = frozenset({sqlite3.SQLITE_IOERR_SHMSIZE})
#: A database is opened by making files beside it; where none can be made SQLite blames the place.
_OF_FILES: Final = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR})
_NO_INODES: Final = "the disk can hold no file more (no inodes are left); delete some files"
#: The low byte of an extended result code is the code itself (sqlite.org/rescode.html).
_CODE = 0xFF


def storage_error(path: Path, error: BaseException | None) -> StorageError:
    """Return the error to raise for what SQLite reported about the database at `path`."""
    if os.path.isdir(path):  # noqa: PTH112  (of SQLite's errors it is an odd one; Path may raise)
        return no_file(path)
    kinds = [kind for kind in map(_kind, _with_those_before(error)) if kind in _ADVICE]
    if isinstance(error, NoneFreeError):
        return StorageError(f"the database {path} is asked too much at once; ask again in a moment")
    if kinds and kinds[-1] in _OF_FILES and has_no_inodes(path.parent):
        fact = f"cannot be used: {_NO_INODES}"
        return StorageError(f"the database {path} {fact}", is_full=True, fact=fact)
    if not kinds:
        error = error.orig if isinstance(error, DBAPIError) else error
        return StorageError(f"the database {path} refused: {error}")
    fact, advice = _ADVICE[kinds[-1]]
    return StorageError(
        f"the database {path} {fact}; {advice}",
        is_full=kinds[-1] == sqlite3.SQLITE_FULL,
        fact=fact,
    )


def inodes_left(folder: Path) -> int | None:
    """Return how many files more a disk can hold; None where it counts none, or cannot be asked."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return None
    return disk.f_favail if disk.f_files else None


def has_no_inodes(folder: Path) -> bool:
    """Tell whether no file more can be made on a disk, whatever room there is."""
    return inodes_left(folder) == 0


def _with_those_before(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those while whose handling it came up, the first of them last.

    When the disk is full, SQLite takes back the whole transaction by itself; that a savepoint of it
    is gone says nothing then.
    """
    while error is not None:
        yield error
        error = error.__context__


def _kind(error: BaseException) -> int | None:
    """Return the kind of an error of SQLite's; None for any other."""
    error = error.orig or error if isinstance(error, DBAPIError) else error
    code = getattr(error, "sqlite_errorcode", None)
    if code in _FULL:
        return sqlite3.SQLITE_FULL
    return code & _CODE if isinstance(code, int) else None


def no_access(what: str, path: Path, error: OSError) -> StorageError:
    """Return the error for a file or folder that the system does not let us have."""
    reason = (error.strerror or str(error)).lower()
    if error.errno == errno.ENOSPC and has_no_inodes(path.parent):
        reason = _NO_INODES
    return StorageError(f"{what} {path} cannot be used: {reason}{_whose(path)}")


def _whose(path: Path) -> str:
    """Say whose a file or folder is, if it is not ours, and what to do."""
    try:
        owner = path.stat().st_uid
        name = pwd.getpwuid(owner).pw_name
    except (OSError, KeyError):
        return ""
    if owner == os.geteuid():
        return ""
    return f"; it belongs to {name}: run Watcher as that user, or as root"


def no_file(path: Path) -> StorageError:
    """Return the error for a configuration that names a directory."""
    return StorageError(f"the database {path} is a directory; let `database` name a file in it")
