"""`watcher db restore`: a backup takes the database's place, and nothing is lost by a mistake."""

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path
from unittest.mock import Mock, patch

import pytest
from click.testing import CliRunner, Result
from stored import MINUTE, NOW, an_entry, claim, entries_of, open_in, ring, store

from watcher.cli import group
from watcher.errors import StorageError, UsageError
from watcher.resources import shipped
from watcher.storage import restore as restoring
from watcher.storage.backup import copy_database
from watcher.storage.connect import connect, create_file
from watcher.storage.database import Database
from watcher.storage.lock import LockHeldError, sole_use, state_lock
from watcher.storage.migrate import HEAD, run_revisions
from watcher.storage.restore import restore_database

CONFIG = '[channels.screen]\nconsole = true\n[[feeds]]\nurl = "https://news.example/feed"\n'


def run(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def made_by_another(path: Path) -> None:
    path.unlink()
    run(path, "CREATE TABLE notes(text)")


def without_replacing(take_place: Callable[..., None], *paths: Path) -> None:
    """Do it where no file may take another's place."""
    refused = Mock(side_effect=OSError(errno.ENOSPC, "no room"))
    with patch.object(Path, "replace", refused):
        take_place(*paths)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Return a backup that holds one entry of the two that the database has by now."""
    copy = tmp_path / "copies" / "yesterday.db"
    with open_in(tmp_path) as database:
        with database.begin() as tx:
            store(tx)
        copy_database(tmp_path / "watcher.db", copy)
        with database.begin() as tx:
            store(tx, an_entry("2"))
    return copy


def entries(path: Path) -> list[str]:
    with Database.open(path, read_only=True) as database, database.read() as tx:
        return sorted(found.entry.id for found in entries_of(tx))


def restore(folder: Path, *words: str) -> Result:
    config = folder / "config.toml"
    config.write_text(CONFIG)
    arguments = ["db", "restore", *words, "--config", str(config)]
    return CliRunner(env={"STATE_DIRECTORY": ""}).invoke(group, arguments)


def test_a_backup_takes_the_place_of_the_database_which_is_kept(
    tmp_path: Path, backup: Path
) -> None:
    result = restore(tmp_path, str(backup), "--json")

    told = json.loads(result.stdout)
    assert told == {
        "database": str(tmp_path / "watcher.db"),
        "restored": str(backup),
        "schema": HEAD,
        "kept": told["kept"],
    }
    assert entries(tmp_path / "watcher.db") == ["1"]
    assert entries(Path(told["kept"])) == ["1", "2"]
    assert entries(backup) == ["1"]


def test_it_says_in_words_where_the_old_database_is(tmp_path: Path, backup: Path) -> None:
    lines = restore(tmp_path, str(backup)).stdout.splitlines()

    assert lines[0] == f"{tmp_path / 'watcher.db'}: restored from {backup}"
    assert "is kept as" in lines[1]


def test_a_link_goes_on_leading_to_the_database(tmp_path: Path, backup: Path) -> None:
    link, large = tmp_path / "watcher.db", tmp_path / "large"
    large.mkdir()
    link.rename(large / "watcher.db")
    link.symlink_to("large/watcher.db")

    told = json.loads(restore(tmp_path, str(backup), "--json").stdout)

    assert link.readlink() == Path("large/watcher.db")
    assert entries(large / "watcher.db") == ["1"]
    assert Path(told["kept"]).parent == large
    assert entries(Path(told["kept"])) == ["1", "2"]


@pytest.mark.parametrize(
    ("held", "name"),
    [(sole_use, "watcher.db"), (sole_use, "elsewhere/watcher.db"), (state_lock, ".")],
)
def test_a_daemon_that_runs_by_any_name_of_the_database_is_not_pulled_from_under(
    tmp_path: Path, backup: Path, held: Callable[[Path], AbstractContextManager[None]], name: str
) -> None:
    link = tmp_path / "elsewhere" / "watcher.db"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "watcher.db")

    with held(tmp_path / name):
        refused = restore(tmp_path, str(backup))

    assert isinstance(refused.exception, LockHeldError)
    assert entries(tmp_path / "watcher.db") == ["1", "2"]


@pytest.mark.parametrize("trouble", [errno.EPERM, errno.ENOTSUP])
def test_a_file_system_without_hard_links_keeps_the_old_database_too(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch, trouble: int
) -> None:
    monkeypatch.setattr(os, "link", Mock(side_effect=OSError(trouble, "no links here")))

    told = json.loads(restore(tmp_path, str(backup), "--json").stdout)

    assert entries(tmp_path / "watcher.db") == ["1"]
    assert entries(Path(told["kept"])) == ["1", "2"]


def test_without_hard_links_the_database_stays_where_the_backup_cannot_take_its_place(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", Mock(side_effect=PermissionError(errno.EPERM, "no links here")))
    monkeypatch.setattr(restoring, "_take_place", partial(without_replacing, restoring._take_place))

    with pytest.raises(StorageError, match="could not be replaced: no room"):
        restore_database(tmp_path / "watcher.db", backup, NOW)

    assert entries(tmp_path / "watcher.db") == ["1", "2"]


def test_a_damaged_database_makes_way_too_with_what_lies_beside_it(
    tmp_path: Path, backup: Path
) -> None:
    path = tmp_path / "watcher.db"
    path.write_bytes(b"no database any more" * 1000)
    (tmp_path / "watcher.db-wal").write_bytes(b"commits of another file")

    kept = restore_database(path, backup, NOW).kept

    assert entries(path) == ["1"]
    assert kept is not None
    assert kept.read_bytes().startswith(b"no database any more")
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"commits of another file"


def test_commits_that_are_still_in_the_log_are_kept(tmp_path: Path, backup: Path) -> None:
    path = tmp_path / "watcher.db"
    with closing(connect(path, mode="rw")) as crashed:  # open, so that the log is not folded in
        crashed.execute("UPDATE entry SET title = 'edited' WHERE id = 2")

        kept = restore_database(path, backup, NOW).kept

    assert kept is not None
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT title FROM entry WHERE id = 2").fetchone() == ("edited",)
    assert entries(path) == ["1"]


def test_without_a_database_nothing_has_to_be_kept(tmp_path: Path, backup: Path) -> None:
    path = tmp_path / "elsewhere" / "watcher.db"

    assert restore_database(path, backup, NOW).kept is None
    assert entries(path) == ["1"]


def test_what_was_on_its_way_goes_out_as_a_possible_repeat_under_new_numbers(
    tmp_path: Path, backup: Path
) -> None:
    with Database.open(backup) as database, database.begin() as tx:
        ring(tx, store(tx, an_entry("3")))
        before = tx.instance

    restore_database(tmp_path / "watcher.db", backup, NOW)

    with open_in(tmp_path) as database, database.begin() as tx:
        (claimed,) = claim(tx, NOW + MINUTE, MINUTE, limit=5)
        assert claimed.maybe_sent
        assert tx.instance != before


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(lambda p: p.unlink(), "there is no backup", id="missing"),
        pytest.param(lambda p: p.write_bytes(b""), "is empty", id="empty"),
        pytest.param(
            lambda p: p.write_bytes(b"x" * 9000),
            r"the backup .* is not a SQLite database.*; try an older one$",
            id="other",
        ),
        pytest.param(
            lambda p: p.write_bytes(p.read_bytes()[:9000]),
            r"the backup .* is damaged; try an older one$",
            id="cut off",
        ),
        pytest.param(lambda p: run(p, "DELETE FROM story"), "is not sound", id="orphans"),
        pytest.param(
            lambda p: run(p, "UPDATE alembic_version SET version_num = '9999'"),
            "has schema 9999",
            id="newer",
        ),
        pytest.param(
            made_by_another,
            "of another program",
            id="notes",
        ),
    ],
)
def test_an_unusable_backup_is_refused_and_the_database_stays(
    tmp_path: Path, backup: Path, spoil: object, message: str
) -> None:
    assert callable(spoil)
    spoil(backup)

    with pytest.raises(StorageError, match=message):
        restore_database(tmp_path / "watcher.db", backup, NOW)

    assert entries(tmp_path / "watcher.db") == ["1", "2"]
    assert [f.name for f in tmp_path.iterdir() if "restor" in f.name] == []


def test_the_database_is_no_backup_of_itself(tmp_path: Path, backup: Path) -> None:
    path = tmp_path / "watcher.db"
    (tmp_path / "link.db").symlink_to(path)

    with pytest.raises(UsageError, match="is the database itself"):
        restore_database(path, tmp_path / "link.db", NOW)
    assert entries(backup) == ["1"]


def test_a_backup_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    result = restore(tmp_path, "nope.db")

    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == "there is no backup nope.db"


def test_an_older_backup_is_brought_to_todays_schema(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    create_file(old)
    run_revisions(old, first_revision(tmp_path))

    assert restore_database(tmp_path / "watcher.db", old, NOW).schema == "0001"
    open_in(tmp_path).close()


def first_revision(folder: Path) -> Path:
    """Return the scripts that the first release came with."""
    scripts = folder / "migrations"
    shutil.copytree(shipped("migrations"), scripts, ignore=shutil.ignore_patterns("0*.py"))
    shutil.copy(shipped("migrations") / "versions" / "0001_initial.py", scripts / "versions")
    return scripts
