"""Where the state is kept, and the lock that keeps two daemons off it."""

import fcntl
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from watcher.config import Settings
from watcher.errors import StorageError
from watcher.storage.connect import create_file, sqlite_path
from watcher.storage.trouble import no_access

LOCK_NAME = "watcher.lock"
#: Between the names that a lock holds; none of a file can have it within.
_BETWEEN = b"\0"


def state_directory(settings: Settings, environ: Mapping[str, str]) -> Path:
    """Return where state is kept: systemd's $STATE_DIRECTORY, else beside the configuration."""
    given = environ.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(given) if given else settings.directory


def database_path(settings: Settings, environ: Mapping[str, str]) -> Path:
    """Return the database's file.

    Raises:
        ConfigError: the URL names no SQLite file.
    """
    return sqlite_path(settings.watcher.database, state_directory(settings, environ))


def database_in_use(directory: Path, config: Path | None = None) -> Path | None:
    """Return the database in a state directory that its daemon works on, or worked on last.

    None is returned where nobody says so, or where that daemon is of another configuration file
    than `config`: several may keep their databases elsewhere, beside one whose is here.
    """
    try:
        held = (directory / LOCK_NAME).read_bytes()
    except OSError:
        return None
    name, _, of = held.partition(b"\n")[2].removesuffix(b"\n").partition(_BETWEEN)
    if not name or (of and config and os.fsdecode(of) != os.path.realpath(config)):
        return None
    return directory / os.fsdecode(name)


class LockHeldError(StorageError):
    """Another process writes to the state."""


class StateLock:
    """Held by the one process that writes; the kernel lets go of it when the process dies.

    Args:
        directory: where the state is.
        database: the file in it that a daemon works on, for `database_in_use`.
        config: the daemon's configuration file, if it has one.
    """

    def __init__(self, directory: Path, database: str = "", config: Path | None = None) -> None:
        self._path = directory / LOCK_NAME
        self._database, self._config = database, config
        self._file = -1

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            LockHeldError: another process holds it.
            StorageError: the directory cannot be written.
        """
        try:
            create_file(self._path)
            self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
            self._take()
        except OSError as error:
            raise no_access("the state directory", self._path.parent, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let go of the lock; the file stays, since removing it would race with the next taker."""
        os.close(self._file)

    def _take(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held = os.pread(self._file, 32, 0).decode("ascii", "replace")
            holder = held.partition("\n")[0] or "unknown"
            os.close(self._file)
            raise LockHeldError(
                f"another Watcher (pid {holder}) works in {self._path.parent}: stop it first"
            ) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, b"%d\n%s" % (os.getpid(), self._names()), 0)

    def _names(self) -> bytes:
        names = [self._database] if self._database else []
        if names and self._config:
            names.append(os.path.realpath(self._config))
        return _BETWEEN.join(map(os.fsencode, names)) + (b"\n" if names else b"")


class DatabaseLock(StateLock):
    """Held besides by who runs on a database or replaces it: links in other folders may lead to it.

    Sockets, locks and backups stay beside such a link, where each state has its own.

    Args:
        database: the file, or a link to it.
    """

    def __init__(self, database: Path) -> None:
        self._file_itself = Path(os.path.realpath(database))
        super().__init__(self._file_itself.parent)
        self._path = self._file_itself.with_name(f"{self._file_itself.name}.lock")

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            LockHeldError: another process holds it.
            StorageError: the folder is missing, or cannot be written.
        """
        if not self._path.parent.is_dir():  # made, it would hide that a disk is not mounted
            raise StorageError(f"the folder of the database {self._file_itself} is missing")
        return super().__enter__()
