"""Bringing the file to the schema that this program knows, or refusing it in one sentence.

A new database is made from the tables in `schema`; an old one runs the revisions in `migrations/`
in one transaction, after a copy of the file. Alembic costs 0.3 s to import, so that happens only
when there is something to run.
"""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from watcher.errors import StorageError
from watcher.resources import shipped
from watcher.storage import schema
from watcher.storage.backup import copy_database
from watcher.storage.backups import lost, no_database
from watcher.storage.connect import connect, create_file, one_transaction, use_wal
from watcher.storage.trouble import no_access, no_file, storage_error

#: The newest revision in `migrations/versions`; a test holds it equal to the folder's.
HEAD = "0010"


class OlderSchemaError(StorageError):
    """An older program made the database, and may still be running."""


@dataclass(frozen=True, slots=True)
class UpgradeResult:
    """What was done: `before` is None for a new file, `backup` None where nothing changed."""

    before: str | None
    after: str
    backup: Path | None


def upgrade(path: Path) -> UpgradeResult:
    """Make the database at `path` ready for this program; nothing is changed if that fails.

    Raises:
        StorageError: it is newer than the program, no database of ours, gone while copies of it are
            there, or a revision failed.
    """
    try:
        before = revision(path) if path.exists() else None
        if before is None:
            create(path)
            return UpgradeResult(None, HEAD, None)
        return _upgrade(path, before)
    except sqlite3.Error as error:
        raise storage_error(path, error) from error
    except DBAPIError as error:
        raise storage_error(path, error.orig) from error


def create(path: Path) -> None:
    """Make a new database unless there is one.

    Raises:
        StorageError: there was one, of which copies are left, or the system does not let us have
            the file.
    """
    demand_none_lost(path)
    try:
        create_file(path)
    except IsADirectoryError as error:
        raise no_file(path) from error
    except OSError as error:
        raise no_access("the database", path, error) from error
    if revision(path) is not None:
        return
    use_wal(path)
    with one_transaction(path) as connection:
        schema.metadata.create_all(connection)
        connection.execute(schema.alembic_version.insert().values(version_num=HEAD))


def demand_none_lost(path: Path) -> None:
    """Take no lost database for a new one: all that was told would be told again.

    Raises:
        StorageError: it is gone or empty, and copies of it are left.
    """
    is_there = os.path.exists(path)  # noqa: PTH110  (Path raises where a folder is not ours)
    if is_there and revision(path) is not None:
        return
    if error := lost(path):
        raise error


def demand_made(path: Path) -> None:
    """Raise StorageError where the file is empty: of lost ones with the copy to go back to."""
    if revision(path) is None:
        raise no_database(path)


def require_head(path: Path) -> None:
    """Make sure that the database has exactly the schema that this program knows.

    Raises:
        OlderSchemaError: it has an older one.
        StorageError: it has a newer one, or none.
    """
    found = revision(path)
    if found is None:
        raise no_database(path)
    refuse_newer(path, found)
    if found != HEAD:
        raise OlderSchemaError(
            f"the database {path} has the older schema {found}; bring it to {HEAD} with"
            " `watcher db upgrade`, or start `watcher run`, which does so by itself"
        )


def is_older(path: Path) -> bool:
    """Tell whether a database has an older schema than this program's."""
    found = revision(path) if path.exists() else None
    return found is not None and found < HEAD


def run_revisions(path: Path, scripts: Path) -> None:
    """Run the revisions in `scripts` that the database lacks: all of them or none.

    Foreign keys are off meanwhile, so that a table can be rebuilt, and checked before the commit.
    """
    with one_transaction(path, foreign_keys=False) as connection:
        _run_alembic(connection, scripts)
        _require_sound_keys(path, connection)


def _upgrade(path: Path, before: str) -> UpgradeResult:
    refuse_newer(path, before)
    if before == HEAD:
        return UpgradeResult(before, HEAD, None)
    backup = path.with_name(f"{path.name}.before-{HEAD}")
    copy_database(path, backup)
    run_revisions(path, shipped("migrations"))
    return UpgradeResult(before, HEAD, backup)


def _run_alembic(connection: Connection, scripts: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")


def _require_sound_keys(path: Path, connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken:
        raise StorageError(
            f"the database {path} could not be upgraded: a row of {broken[0]} lost its parent"
        )


def refuse_newer(path: Path, revision: str) -> None:
    """Raise StorageError if a newer program wrote the database."""
    if revision > HEAD:
        raise StorageError(f"the database {path} has schema {revision}, {unknown(revision)}")


def unknown(revision: str | None) -> str:
    """Say what to do about a database whose schema is not today's."""
    if revision is None or revision < HEAD:
        return f"this Watcher knows {HEAD}: see `watcher db upgrade`"
    return (
        f"this Watcher knows {HEAD} and older: install the newer Watcher again, or use the backup"
        " that was made before the upgrade"
    )


def revision(path: Path) -> str | None:
    """Return the stored revision; None for an empty file.

    Raises:
        StorageError: the file cannot be read, or is another program's.
    """
    try:
        with closing(connect(path, mode="ro")) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not tables:
                return None
            if "alembic_version" not in tables:
                raise StorageError(
                    f"{path} is a database of another program; set another `database`"
                )
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise storage_error(path, error) from error
    if row is None:
        raise StorageError(f"the database {path} does not say which schema it has; use a backup")
    return str(row[0])
