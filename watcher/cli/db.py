"""`watcher db`: bring the database up to date, copy it, look whether it is sound."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from watcher.cli.config import config_option, load_or_exit
from watcher.cli.output import Group, json_option, print_json
from watcher.cli.state import database_of, demand_no_older_daemon
from watcher.cli.values import NewFile
from watcher.errors import StorageError, UsageError
from watcher.service.moments import utc_now


@click.group(cls=Group)
def db() -> None:
    """The database: upgrade, backup, restore, check."""


@db.command()
@config_option
@json_option
def upgrade(config: Path | None, as_json: bool) -> None:
    """Bring the database to the schema of this Watcher, after a copy of the old file.

    `watcher run` does the same when it starts.
    """
    from watcher.storage.lock import sole_use
    from watcher.storage.migrate import upgrade as upgrade_database

    path = _database(config, warn=True)
    demand_no_older_daemon(path)
    with sole_use(path):
        result = upgrade_database(path)
    if as_json:
        print_json({"database": path, **asdict(result)})
    elif result.before is None:
        click.echo(f"{path}: made, schema {result.after}")
    elif result.backup is None:
        click.echo(f"{path}: schema {result.after} already, nothing to do")
    else:
        click.echo(
            f"{path}: schema {result.before} -> {result.after}; the old file is {result.backup}"
        )


@db.command()
@click.argument("destination", required=False, type=NewFile())
@config_option
@json_option
def backup(destination: Path | None, config: Path | None, as_json: bool) -> None:
    """Copy the database to DESTINATION, also while the daemon runs; the copy is checked.

    DESTINATION is a file or a directory; without one the copy lies beside the database, with the
    date in its name.
    """
    from watcher.storage.backup import copy_database

    path = _database(config)
    target = _target(path, destination)
    copy_database(path, target)
    if as_json:
        print_json({"database": path, "backup": target, "bytes": target.stat().st_size})
    else:
        click.echo(f"{target}: {target.stat().st_size:,} bytes, checked")


@db.command()
@click.argument("backup_file", metavar="BACKUP", type=click.Path(path_type=Path))
@config_option
@json_option
def restore(backup_file: Path, config: Path | None, as_json: bool) -> None:
    """Put BACKUP in the place of the database; the old one is kept beside it.

    Stop the daemon first. The backup is checked before anything changes, brought to today's schema,
    and refused when a newer Watcher wrote it. Stories that were told after it was made may be told
    again: Watcher knows nothing of them any more.
    """
    from watcher.storage.lock import sole_use
    from watcher.storage.restore import restore_database

    path = _database(config)
    if not backup_file.is_file():
        raise UsageError(f"there is no backup {backup_file}")
    with sole_use(path):
        result = restore_database(path, backup_file, utc_now())
    if as_json:
        print_json({"database": path, "restored": backup_file, **asdict(result)})
        return
    click.echo(f"{path}: restored from {backup_file}")
    if result.kept is not None:
        click.echo(f"the database that was there is kept as {result.kept}")


@db.command()
@config_option
@json_option
def check(config: Path | None, as_json: bool) -> None:
    """Read the whole database and say what is wrong with it; exits with 1 when something is."""
    from watcher.storage.backup import check_database
    from watcher.storage.backups import lost
    from watcher.storage.migrate import HEAD, revision, unknown

    path = _database(config)
    found = check_database(path)
    schema = revision(path)
    problems = [*found.problems, *found.orphans]
    if schema is None:
        begin = "it is empty: start `watcher run`, or `watcher db restore BACKUP` if there was more"
        problems.append(str(lost(path) or begin))
    elif schema != HEAD:
        problems.append(f"schema {schema}, {unknown(schema)}")
    if as_json:
        print_json({"database": path, "ok": not problems, "schema": schema, "problems": problems})
    else:
        click.echo("\n".join(problems) or f"{path}: ok, schema {schema}")
    sys.exit(bool(problems))


def _database(config: Path | None, *, warn: bool = False) -> Path:
    return database_of(load_or_exit(config, warn=warn))


def _target(path: Path, destination: Path | None) -> Path:
    name = f"{path.stem}-{utc_now():%Y%m%dT%H%M%SZ}{path.suffix}"
    if destination is None:
        return path.with_name(name)
    target = destination / name if destination.is_dir() else destination
    if target.resolve() == path.resolve():
        raise StorageError(f"{target} is the database itself; name another file")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}: make it, or name another place")
    return target
