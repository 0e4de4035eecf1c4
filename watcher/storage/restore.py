"""Putting a backup in the place of the database; nothing is lost if it was the wrong one."""

import errno
import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from watcher.errors import StorageError, UsageError
from watcher.resources import shipped
from watcher.storage.backup import BESIDE, check_database, copy_database, discard
from watcher.storage.connect import MAGIC, connect, one_transaction, use_wal
from watcher.storage.migrate import HEAD, refuse_newer, revision, run_revisions
from watcher.storage.notes import forget_instance
from watcher.storage.outbox import Outbox
from watcher.storage.trouble import FAILURES, no_file, storage_error

#: What a file system answers that gives no file a second name.
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done.

    Attributes:
        schema: the backup's; the database has today's.
        kept: where the old database lies now; None where there was none.
    """

    schema: str
    kept: Path | None


def restore_database(path: Path, backup: Path, now: datetime) -> Restored:
    """Make a copy of `backup` the database at `path`; call it with the state locked.

    The old database is kept beside it, even a damaged one. What was on its way when the backup was
    made may have arrived since, so it goes out as a possible repeat; and messages are numbered as
    those of a new database, since mail servers drop what comes under a number they know. A symbolic
    link goes on leading to the database.

    Raises:
        UsageError: the backup is the database itself.
        StorageError: the backup is missing, not sound or newer than this program, or a file cannot
            be moved; the old database stays then.
    """
    path = Path(os.path.realpath(path))
    schema = _usable(path, backup)
    fresh = path.with_name(f".{path.name}.restoring")
    try:
        copy_database(backup, fresh)
        _make_ready(fresh, schema)
        kept = _set_aside(path, now) if path.exists() else None
        _take_place(fresh, path, kept)
    except FAILURES as error:
        raise storage_error(backup, error) from error
    except OSError as error:
        raise StorageError(f"{path} could not be replaced: {error.strerror}") from error
    finally:
        with suppress(OSError):
            discard(fresh)
    return Restored(schema, kept)


def _usable(path: Path, backup: Path) -> str:
    """Return the backup's schema; raise if it cannot take the database's place."""
    try:
        return _examined(path, backup)
    except StorageError as error:
        if not error.fact or error.is_full:
            raise
        raise StorageError(f"the backup {backup} {error.fact}; try an older one") from error


def _examined(path: Path, backup: Path) -> str:
    if not backup.is_file():
        raise StorageError(f"there is no backup {backup}")
    if path.is_dir():
        raise no_file(path)
    if path.exists() and backup.samefile(path):
        raise UsageError(f"{backup} is the database itself; name a backup of it")
    schema = revision(backup)
    if schema is None:
        raise StorageError(f"{backup} is empty: no database of Watcher")
    refuse_newer(backup, schema)
    found = check_database(backup)
    if not found.is_sound:
        problem = (*found.problems, *found.orphans)[0]
        raise StorageError(f"the backup {backup} is not sound ({problem}); try an older one")
    return schema


def _make_ready(fresh: Path, schema: str) -> None:
    if schema != HEAD:
        run_revisions(fresh, shipped("migrations"))
    with one_transaction(fresh) as connection:
        forget_instance(connection)
        Outbox(connection).doubt_open()
    use_wal(fresh)


def _set_aside(path: Path, now: datetime) -> Path:
    """Give the old database a second name, and take away what would be read into the new one.

    It keeps its own name until the new one takes it, so that a crash in between leaves one of both;
    unless the file system knows no second names, as those of memory cards and network shares.
    """
    kept = path.with_name(f"{path.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
    _fold(path)
    _name_also(path, kept)
    for suffix in BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).replace(kept.with_name(kept.name + suffix))
    return kept


def _name_also(path: Path, kept: Path) -> None:
    try:
        os.link(path, kept)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        path.rename(kept)


def _take_place(fresh: Path, path: Path, kept: Path | None) -> None:
    try:
        fresh.replace(path)
    except OSError:
        if kept and not path.exists():
            kept.rename(path)
        raise


def _fold(path: Path) -> None:
    """Put the commits of the log into the file, if it can still be read.

    SQLite would delete the log of a file that it does not take for a database.
    """
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return
    with suppress(sqlite3.Error), closing(connect(path, mode="rw")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
