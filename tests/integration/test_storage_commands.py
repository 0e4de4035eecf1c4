"""`watcher db`, as a user runs it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from stored import open_in, store

from watcher.cli import group
from watcher.errors import StorageError, UsageError
from watcher.storage.migrate import HEAD


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        '[channels.screen]\nconsole = true\n[[feeds]]\nurl = "https://news.example/feed"\n'
    )
    return path


def run(config: Path, *words: str) -> Result:
    return CliRunner(env={"STATE_DIRECTORY": ""}).invoke(
        group, ["db", *words, "--config", str(config)]
    )


def answer(config: Path, *words: str) -> dict[str, object]:
    result = run(config, *words, "--json")
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_upgrade_makes_the_database_and_says_so(config: Path) -> None:
    path = config.with_name("watcher.db")

    assert run(config, "upgrade").stdout == f"{path}: made, schema {HEAD}\n"
    assert run(config, "upgrade").stdout == f"{path}: schema {HEAD} already, nothing to do\n"
    assert answer(config, "upgrade") == {
        "database": str(path),
        "before": HEAD,
        "after": HEAD,
        "backup": None,
    }


def test_backup_goes_where_it_is_told_or_beside_the_database(config: Path, tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)
    (tmp_path / "copies").mkdir()

    into_file = answer(config, "backup", str(tmp_path / "copy.db"))
    into_directory = answer(config, "backup", str(tmp_path / "copies"))
    beside = answer(config, "backup")

    assert into_file["backup"] == str(tmp_path / "copy.db")
    assert Path(str(into_directory["backup"])).parent == tmp_path / "copies"
    assert Path(str(beside["backup"])).parent == tmp_path
    for made in (into_file, into_directory, beside):
        with closing(sqlite3.connect(str(made["backup"]))) as connection:
            assert connection.execute("SELECT count(*) FROM entry").fetchone() == (1,)


def test_backup_never_overwrites_the_database_itself(config: Path, tmp_path: Path) -> None:
    open_in(tmp_path).close()

    result = run(config, "backup", str(tmp_path / "watcher.db"))

    assert isinstance(result.exception, StorageError)
    assert "is the database itself" in str(result.exception)


def test_backup_makes_no_folders(config: Path, tmp_path: Path) -> None:
    open_in(tmp_path).close()

    result = run(config, "backup", str(tmp_path / "usb-stick" / "b.db"))

    assert isinstance(result.exception, UsageError)
    assert f"there is no folder {tmp_path}/usb-stick:" in str(result.exception)
    assert not (tmp_path / "usb-stick").exists()


def test_check_of_a_sound_database(config: Path, tmp_path: Path) -> None:
    open_in(tmp_path).close()

    assert run(config, "check").stdout == f"{tmp_path}/watcher.db: ok, schema {HEAD}\n"
    assert answer(config, "check")["ok"] is True


def test_check_of_a_broken_database_says_what_is_wrong(config: Path, tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)
    with closing(sqlite3.connect(tmp_path / "watcher.db")) as connection:
        connection.execute("DELETE FROM story")
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
        connection.commit()

    result = run(config, "check")

    assert result.exit_code == 1
    orphan, schema = result.stdout.splitlines()
    assert orphan == "entry 1: no story"
    assert schema == f"schema 0000, this Watcher knows {HEAD}: see `watcher db upgrade`"


def test_check_of_an_empty_file_says_that_it_is_empty(config: Path, tmp_path: Path) -> None:
    (tmp_path / "watcher.db").touch()

    result = run(config, "check")

    assert result.exit_code == 1
    assert result.stdout.startswith("it is empty: start `watcher run`")


def test_check_of_a_newer_database_says_what_to_do(config: Path, tmp_path: Path) -> None:
    run(config, "upgrade")
    with closing(sqlite3.connect(tmp_path / "watcher.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    result = run(config, "check")

    assert result.exit_code == 1
    assert "install the newer Watcher again" in result.stdout
    assert "db upgrade" not in result.stdout


@pytest.mark.parametrize("command", ["backup", "check"])
def test_without_a_database_there_is_a_sentence(config: Path, command: str) -> None:
    result = run(config, command)

    assert isinstance(result.exception, StorageError)
    assert "no database yet" in str(result.exception)
