"""Where the state is kept, and the lock that keeps two daemons off it."""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from watcher.config import Settings
from watcher.config.fields import LOCK_NAME
from watcher.errors import StorageError
from watcher.storage.connect import MAGIC, create_file, sqlite_path
from watcher.storage.trouble import no_access

#: Between the names that a lock holds; none of a file can have it within.
_BETWEEN = b"\0"


def state_directory(settings: Settings, environ: Mapping[str, str]) -> Path:
    """Return where state is kept: systemd's $STATE_DIRECTORY, else beside the configuration."""
    given = environ.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(given) if given else settings.directory


def database_path(settings: Settings, environ: Mapping[str, str]) -> Path:
    """Return the database's file."""
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


@contextmanager
def state_lock(directory: Path, database: str = "", config: Path | None = None) -> Iterator[None]:
    """Hold the state for the one process that writes; the kernel lets go of it when that dies.

    The file stays: removing it would race with the next taker.

    Args:
        directory: where the state is.
        database: the file in it that a daemon works on, for `database_in_use`.
        config: the daemon's configuration file, if it has one.

    Raises:
        LockHeldError: another process holds it.
        StorageError: the directory cannot be written.
    """
    names = [database] if database else []
    if names and config:
        names.append(os.path.realpath(config))
    with _locked(directory / LOCK_NAME, names):
        yield


@contextmanager
def database_lock(database: Path) -> Iterator[None]:
    """Hold, besides the state, a database that links in other folders may lead to as well.

    Sockets, locks and backups stay beside such a link, where each state has its own.

    Args:
        database: the file, or a link to it.

    Raises:
        LockHeldError: another process holds it.
        StorageError: the folder is missing, or cannot be written.
    """
    itself = Path(os.path.realpath(database))
    if not itself.parent.is_dir():  # made, it would hide that a disk is not mounted
        raise StorageError(f"the folder of the database {itself} is missing")
    with _locked(_beside(itself)):
        yield


@contextmanager
def sole_use(database: Path) -> Iterator[None]:
    """Hold a state and its database for a command, by whatever path others may come to it.

    Args:
        database: the file, or a link to it.

    Raises:
        LockHeldError: another process holds one of them.
        StorageError: a folder is missing, or cannot be written.
    """
    with state_lock(database.parent), database_lock(database):
        yield


def held_elsewhere(database: Path) -> int | None:
    """Return the process that works on a database from another folder, by a link; None if none.

    It is asked of the kernel: to try the lock could keep a daemon from starting.
    """
    itself = Path(os.path.realpath(database))
    holder = _holder(_beside(itself))
    return None if holder == _holder(database.parent / LOCK_NAME) else holder


def _holder(lock: Path) -> int | None:
    try:
        number = lock.stat().st_ino
        locks = [line.split() for line in Path("/proc/locks").read_text("ascii").splitlines()]
    except OSError:
        return None
    held = (line for line in locks if line[1] == "FLOCK" and line[5].endswith(f":{number}"))
    return next((int(line[4]) for line in held), None)


def _beside(database: Path) -> Path:
    """Return a database's own lock; that of one named "watcher" is not the state's."""
    name = f"{database.name}.lock"
    return database.with_name(f"{name}.lock" if name == LOCK_NAME else name)


@contextmanager
def _locked(path: Path, names: Sequence[str] = ()) -> Iterator[None]:
    """Hold a file, with our number and these names in it.

    Raises:
        LockHeldError: another process holds it.
        StorageError: it cannot be written, or is no lock.
    """
    with ExitStack() as stack:
        try:
            create_file(path)
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            stack.callback(os.close, file)
            _take(file, path)
            os.ftruncate(file, 0)
            listed = _BETWEEN.join(map(os.fsencode, names)) + (b"\n" if names else b"")
            os.pwrite(file, b"%d\n%s" % (os.getpid(), listed), 0)
        except OSError as error:
            raise no_access("the state directory", path.parent, error) from error
        yield


def _take(file: int, path: Path) -> None:
    held = os.pread(file, 32, 0)
    if held.startswith(MAGIC):
        raise StorageError(f"{path} is a database, where a lock is to be: give it another name")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = held.decode("ascii", "replace").partition("\n")[0] or "unknown"
        raise LockHeldError(
            f"another Watcher (pid {holder}) works in {path.parent}: stop it first"
        ) from error
