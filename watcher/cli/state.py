"""The state as commands reach it: reading beside a running daemon, changing through it."""

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from watcher.config.settings import Settings
    from watcher.storage.database import Transaction


@contextmanager
def reading(config: Path | None) -> "Iterator[tuple[Settings, Transaction]]":
    """Yield the settings and a transaction that sees one state and writes nothing.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    from watcher.cli.config import load_or_exit

    settings, _ = load_or_exit(config, warn=False)
    with reading_of(settings) as transaction:
        yield settings, transaction


@contextmanager
def reading_of(settings: "Settings") -> "Iterator[Transaction]":
    """Yield a transaction on the database of a configuration, for reading only.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    from watcher.storage.database import Database
    from watcher.storage.lock import database_path

    path = database_path(settings, os.environ)
    demand_in_place(path)
    with Database.open(path, read_only=True) as database, database.read() as transaction:
        yield transaction


def demand_in_place(database: Path) -> None:
    """Make sure that a running Watcher has its file where we look for it.

    Raises:
        StorageError: it runs, and the file is gone from there.
    """
    if database.exists():
        return
    from watcher.errors import StorageError
    from watcher.service.control_socket import is_listening

    if is_listening(database):
        raise StorageError(
            f"the database {database} was moved or deleted under the running Watcher: put it back,"
            " or stop Watcher and run `watcher db restore BACKUP`"
        )


def perform(
    settings: "Settings", operation: str, arguments: "Mapping[str, object]"
) -> "Mapping[str, object]":
    """Change the state: through the running daemon if there is one, else by ourselves.

    Raises:
        UsageError: it cannot be done so; nothing was changed.
        StorageError: there is no database yet, or it cannot be used.
    """
    from watcher.service import control
    from watcher.storage.lock import database_path

    demand_in_place(database_path(settings, os.environ))
    return control.perform(operation, arguments, settings, os.environ, now)


def has_state(settings: "Settings") -> bool:
    """Tell whether there is a database yet."""
    from watcher.storage.lock import database_path

    return database_path(settings, os.environ).exists()


def unknown_topic(topic: str | None, settings: "Settings") -> str:
    """Return what to say of a topic that is named and not in the watchlist; else ""."""
    from watcher.config.suggest import did_you_mean

    ids = [one.id for one in settings.topics]
    if topic is None or topic in ids:
        return ""
    hint = did_you_mean(topic, ids) or "; `watcher topics list` shows them"
    return f"there is no topic `{topic}`{hint}"


def demand_channel(channel: str, settings: "Settings") -> None:
    """Make sure that a channel is in the configuration.

    Raises:
        UsageError: it is not; the nearest one, or all of them, are named.
    """
    from watcher.config.suggest import did_you_mean

    if channel not in settings.channels:
        known = "; configured: " + (", ".join(settings.channels) or "none")
        hint = did_you_mean(channel, settings.channels) or known
        raise UsageError(f"there is no channel `{channel}`{hint}")


def now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)
