"""Opening the database for the commands that read it, beside a running daemon or without one."""

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watcher.config.settings import Settings
    from watcher.storage.database import Transaction


@contextmanager
def reading(config: Path | None) -> "Iterator[tuple[Settings, Transaction]]":
    """Yield the settings and a transaction that sees one state and writes nothing.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    from watcher.cli.config import load_or_exit
    from watcher.storage.database import Database
    from watcher.storage.lock import database_path

    settings, _ = load_or_exit(config)
    path = database_path(settings, os.environ)
    with Database.open(path, read_only=True) as database, database.read() as transaction:
        yield settings, transaction


def now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)
