"""Connections to the SQLite file, set up the one way that keeps the promises.

WAL, so that readers and the writer never wait for each other; synchronous FULL, so that a commit
survives a power cut (0.16 ms each); foreign keys on; transactions begun by us, because the driver's
own would commit before DDL and break the rollback of a migration.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from watcher.errors import ConfigError

#: How every database begins (sqlite.org/fileformat2.html, section 1.3.1).
MAGIC = b"SQLite format 3\0"
#: How long to wait for another program's write lock; the longest batch of ours takes far less.
BUSY_TIMEOUT_S = 10
#: Pages a connection may cache, in KiB: enough for the inner pages of a million postings.
_WRITER_CACHE_KIB = 4_096
_READER_CACHE_KIB = 2_048
#: Threads that may read at the same time.
_READERS = 4
#: Statements kept compiled per connection; more than the room has.
_STATEMENTS = 512
#: The write-ahead log is cut back to this after a checkpoint.
_LOG_LIMIT_BYTES = 64 * 1024 * 1024
_PRIVATE_FILE = 0o600
_PRIVATE_DIRECTORY = 0o700


def sqlite_path(url: str, directory: Path) -> Path:
    """Return the file that a database URL names; a relative one lies in `directory`.

    `~` at its beginning is the home, as everywhere in a configuration.

    Raises:
        ConfigError: it is no `sqlite:///` URL of a file.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() != "sqlite" or parsed.host:
        raise ConfigError(
            f"database: only SQLite for now, such as sqlite:///watcher.db, not {_safe(url)}"
        )
    if parsed.database in (None, "", ":memory:"):
        raise ConfigError("database: it needs a file, such as sqlite:///watcher.db")
    file = os.path.expanduser(str(parsed.database))  # noqa: PTH111  (Path fails without a home)
    return directory / file


def create_file(path: Path) -> None:
    """Make an empty file that only we can read, and its directory likewise, where missing.

    In another user's directory root makes a file of that user, who could not open it otherwise;
    SQLite does so with the files that it makes beside a database.
    """
    path.parent.mkdir(mode=_PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    file = os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE_FILE)
    try:
        owner = path.parent.stat()
        if os.geteuid() == 0 == os.fstat(file).st_uid != owner.st_uid:
            os.fchown(file, owner.st_uid, owner.st_gid)
    finally:
        os.close(file)


def connect(path: Path, *, mode: str) -> sqlite3.Connection:
    """Open an existing file; mode is SQLite's `ro` or `rw`."""
    return sqlite3.connect(
        f"file:{quote(os.fsencode(path))}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        cached_statements=_STATEMENTS,
        check_same_thread=False,
    )


def use_wal(path: Path) -> None:
    """Switch the file to write-ahead logging; it remembers."""
    with closing(connect(path, mode="rw")) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()


def writer_engine(path: Path, *, foreign_keys: bool = True) -> Engine:
    """Return the engine of the one writer: its transactions begin by taking the write lock."""
    pragmas: dict[str, int | str] = {
        "synchronous": "FULL",
        "foreign_keys": int(foreign_keys),
        "cache_size": -_WRITER_CACHE_KIB,
        "temp_store": "MEMORY",
        "journal_size_limit": _LOG_LIMIT_BYTES,
    }
    return _engine(path, mode="rw", begin="BEGIN IMMEDIATE", pragmas=pragmas, pool_size=1)


@contextmanager
def one_transaction(path: Path, *, foreign_keys: bool = True) -> Iterator[Connection]:
    """Open the file for a single write transaction: committed at the end, or rolled back."""
    engine = writer_engine(path, foreign_keys=foreign_keys)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def reader_engine(path: Path, *, mode: str) -> Engine:
    """Return an engine for reading: each transaction sees one unchanging snapshot."""
    pragmas: dict[str, int | str] = {
        "query_only": 1,
        "cache_size": -_READER_CACHE_KIB,
        "temp_store": "MEMORY",
    }
    return _engine(path, mode=mode, begin="BEGIN", pragmas=pragmas, pool_size=_READERS)


def _engine(
    path: Path, *, mode: str, begin: str, pragmas: Mapping[str, int | str], pool_size: int
) -> Engine:
    engine = create_engine(
        "sqlite://",
        creator=lambda: _prepared(path, mode, pragmas),
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
    )

    @event.listens_for(engine, "begin")
    def begin_ourselves(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _prepared(path: Path, mode: str, pragmas: Mapping[str, int | str]) -> sqlite3.Connection:
    connection = connect(path, mode=mode)
    for pragma, value in pragmas.items():
        connection.execute(f"PRAGMA {pragma} = {value}")
    return connection


def _safe(url: str) -> str:
    """Name the kind of URL only: it may hold a password."""
    return f"{url.split(':', 1)[0]}:…" if ":" in url else repr(url)
