"""The daily copies of the database: their names, which of them is newest, which ones go.

And what is said where they are all that is left.
"""

import glob
import os
import shlex
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from watcher.errors import StorageError
from watcher.storage.connect import connect

#: The folder beside the database that holds them.
FOLDER: Final = "backups"
#: A copy is made when the last one is this old.
EVERY: Final = timedelta(days=1)
_STAMP: Final = "%Y%m%dT%H%M%SZ"


class Backup(NamedTuple):
    """A copy of the database, and when it was made."""

    made: datetime
    path: Path


def backup_path(database: Path, now: datetime) -> Path:
    """Return the file that a copy made now belongs into."""
    return database.parent / FOLDER / f"{database.stem}-{now.astimezone(UTC):{_STAMP}}.db"


def backups_of(database: Path) -> list[Backup]:
    """Return the daily copies, oldest first; files of other names are nobody's business."""
    folder = database.parent / FOLDER
    named = folder.glob(f"{glob.escape(database.stem)}-*.db")
    found = (_read(database, path) for path in named)
    return sorted(backup for backup in found if backup is not None)


def newest(backups: Iterable[Backup], now: datetime) -> Backup | None:
    """Return the last copy; one from a time when the clock ran ahead does not count."""
    return max((backup for backup in backups if backup.made <= now), default=None)


def best(backups: Iterable[Backup]) -> Backup | None:
    """Return the copy to go back to: the last one with entries, or the last one if none has any."""
    return max(backups, key=lambda backup: (has_entries(backup), backup.made), default=None)


def has_entries(backup: Backup) -> bool:
    """Tell whether a copy holds news; one that cannot be read does not."""
    with suppress(sqlite3.Error), closing(connect(backup.path, mode="ro")) as connection:
        return connection.execute("SELECT 1 FROM entry LIMIT 1").fetchone() is not None
    return False


def superfluous(backups: Iterable[Backup], keep: int, now: datetime) -> list[Backup]:
    """Return the copies that may go when `keep` are kept: the oldest, and those of the future."""
    ranked = sorted(backups, key=lambda backup: (backup.made <= now, backup.made), reverse=True)
    return ranked[keep:]


def no_database(path: Path) -> StorageError:
    """Return the error for a command where there is nothing to read: yet, or any more."""
    return lost(path) or StorageError(f"no database yet at {path}: start `watcher run` first")


def lost(path: Path) -> StorageError | None:
    """Return the error for a database that is gone or empty while copies of it are there."""
    copy = best(backups_of(path))
    if copy is None:
        return None
    is_there = os.path.exists(path)  # noqa: PTH110  (Path raises where a folder is not ours)
    return StorageError(
        f"the database {path} is {'empty' if is_there else 'gone'}, and copies of it are not: bring"
        f" the newest back with `watcher db restore {shlex.quote(str(copy.path))}`; to begin anew,"
        f" move {copy.path.parent} away"
    )


def _read(database: Path, path: Path) -> Backup | None:
    stamp = path.stem.removeprefix(f"{database.stem}-")
    with suppress(ValueError):
        return Backup(datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), path)
    return None
