"""The state as commands reach it: reading beside a running daemon, changing through it."""

import os
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.errors import StorageError, UsageError
from watcher.service.moments import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watcher.config.settings import Settings
    from watcher.storage.database import Database, Transaction

Report = Mapping[str, object]


@contextmanager
def reading(config: Path | None) -> "Iterator[tuple[Settings, Transaction]]":
    """Yield the settings and a transaction that sees one state and writes nothing.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    from watcher.cli.config import load_or_exit

    settings = load_or_exit(config)
    with reading_of(settings) as transaction:
        yield settings, transaction


@contextmanager
def reading_of(settings: "Settings") -> "Iterator[Transaction]":
    """Yield a transaction on the database of a configuration, for reading only.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    demand_in_place(settings)
    with opened(database_of(settings)) as database, database.read() as transaction:
        yield transaction


def database_of(settings: "Settings") -> Path:
    """Return where the database of a configuration is, in the environment of this process."""
    from watcher.storage.lock import database_path

    return database_path(settings, os.environ)


def opened(path: Path) -> "Database":
    """Open a database for reading only.

    Raises:
        StorageError: there is none yet, it cannot be read, or is still that of an older daemon.
    """
    from watcher.storage.database import Database
    from watcher.storage.migrate import OlderSchemaError

    try:
        return Database.open(path, read_only=True)
    except OlderSchemaError:
        demand_no_older_daemon(path)
        raise


def demand_no_older_daemon(path: Path) -> None:
    """Make sure that no daemon works on a database of an older schema: it brings none up to date.

    Raises:
        StorageError: one does; restarted, it would.
    """
    from watcher.service.by_hand.control_socket import OTHER_VERSION, is_listening
    from watcher.storage.migrate import is_older

    if is_listening(path) and is_older(path):
        raise StorageError(OTHER_VERSION)


def demand_ours(settings: "Settings") -> None:
    """Make sure that a Watcher that runs for us works on the database, and has it there.

    Raises:
        StorageError: it works on another one, or the file is gone.
    """
    _demand_no_other(settings)
    demand_in_place(settings)


def demand_in_place(settings: "Settings") -> None:
    """Make sure that a running Watcher has its file where we look for it.

    Raises:
        StorageError: it runs, and works on another one, or the file is gone from there.
    """
    database = database_of(settings)
    if database.exists():
        return
    from watcher.service.by_hand.control_socket import is_listening

    _demand_no_other(settings)
    if is_listening(database):
        raise StorageError(
            f"the database {database} was moved or deleted under the running Watcher: put it back,"
            " or stop Watcher and run `watcher db restore BACKUP`"
        )


def _demand_no_other(settings: "Settings") -> None:
    """Make sure that no Watcher works on another database, where ours lies or the state does.

    In the state directory it may be that of another configuration, whose database is no matter.
    """
    from watcher.service.by_hand.control_socket import is_listening
    from watcher.storage.lock import database_in_use, state_directory

    database, home = database_of(settings), state_directory(settings, os.environ)
    for used in (database_in_use(database.parent), database_in_use(home, settings.file)):
        if used and not _is_same(used, database) and is_listening(used):
            raise StorageError(
                f"the running Watcher works on {used}: another `database`, like {database}, counts"
                " after a restart"
            )


def _is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one place, which neither needs to be at."""
    return os.path.realpath(one) == os.path.realpath(other)


def perform(
    settings: "Settings", operation: str, arguments: Mapping[str, object]
) -> Mapping[str, object]:
    """Change the state: through the running daemon if there is one, else by ourselves.

    Raises:
        UsageError: it cannot be done so; nothing was changed.
        StorageError: there is no database yet, or it cannot be used.
    """
    from watcher.service.by_hand import control

    demand_ours(settings)
    return control.perform(operation, arguments, settings, os.environ, utc_now)


def when_sent(settings: "Settings") -> str:
    """Return what to add to "this is sent": nothing, or that nobody runs who sends it."""
    from watcher.service.by_hand.control_socket import is_listening

    return "" if is_listening(database_of(settings)) else " when Watcher runs again"


def has_state(settings: "Settings") -> bool:
    """Tell whether there is a database yet."""
    return database_of(settings).exists()


def unknown_topic(topic: str | None, settings: "Settings") -> str:
    """Return what to say of a topic that is named and not in the watchlist; else ""."""
    from watcher.config.suggest import did_you_mean

    ids = [one.id for one in settings.topics]
    if topic is None or topic in ids:
        return ""
    hint = did_you_mean(topic, ids) or "; `watcher topics list` shows them"
    return f"there is no topic `{topic}`{hint}"


def demand_topic(topic: str | None, settings: "Settings") -> None:
    """Make sure that a topic, if one is named, is in the watchlist.

    Raises:
        UsageError: it is not; the nearest one is named.
    """
    if unknown := unknown_topic(topic, settings):
        raise UsageError(unknown)


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


def vitals(database: Path) -> tuple[Report | None, str | None]:
    """Return what the daemon says of itself, or why one that runs says nothing."""
    from watcher.service.by_hand.control_socket import is_listening

    if not is_listening(database):  # asking takes libraries that cost more than all the rest
        return None, _elsewhere(database)
    from watcher.service.by_hand.control import ask_vitals

    try:
        return ask_vitals(database), None
    except (StorageError, UsageError) as error:
        return None, str(error)


def _elsewhere(database: Path) -> str | None:
    from watcher.storage.lock import held_elsewhere

    holder = held_elsewhere(database)
    if holder is None:
        return None
    return (
        f"a Watcher (pid {holder}) works on this database by another path to it: ask by the"
        " configuration that it runs with"
    )


def now_by(report: Report | None) -> datetime:
    """Return the present time, as a running Watcher has it where this machine's clock is wrong."""
    return utc_now() + timedelta(seconds=number(report or {}, "clock_behind"))


def number(report: Report, key: str) -> float:
    """Return a number of which a running Watcher tells; 0 if it does not."""
    value = report.get(key)
    return float(value) if isinstance(value, int | float) else 0.0
