"""A database of any release becomes one of this release, or stays as it was."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError
from stored import NOW, TITLE, open_in, store

from watcher.errors import StorageError
from watcher.resources import shipped
from watcher.storage import migrate
from watcher.storage.connect import create_file, use_wal, writer_engine
from watcher.storage.database import Database
from watcher.storage.migrate import HEAD, UpgradeResult, require_head, run_revisions, upgrade

REVISION = """
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute("CREATE TABLE half (id INTEGER PRIMARY KEY)")
    op.execute("INSERT INTO half VALUES (1)")
    op.execute("ALTER TABLE feed ADD COLUMN colour TEXT DEFAULT 'blue'")
    op.execute("{last}")
"""


def scripts_with(tmp_path: Path, last: str) -> Path:
    """Copy the revisions and plant one more that ends in this statement."""
    scripts = tmp_path / "migrations"
    shutil.copytree(shipped("migrations"), scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "0002_planted.py").write_text(REVISION.format(last=last))
    return scripts


def migrated(path: Path) -> None:
    """Make a database by the revisions alone, as a release before this one would have."""
    create_file(path)
    use_wal(path)
    engine = writer_engine(path)
    with engine.begin() as connection:
        migrate._run_alembic(connection, shipped("migrations"))
    engine.dispose()


def schema(path: Path) -> dict[str, Any]:
    """What SQLite itself says of tables, columns, keys and indexes."""
    with closing(sqlite3.connect(path)) as connection:

        def ask(pragma: str, name: str) -> list[tuple[Any, ...]]:
            return connection.execute(f"SELECT * FROM pragma_{pragma}(?)", (name,)).fetchall()  # noqa: S608 - a constant

        tables = {row[1]: row[2:] for row in connection.execute("PRAGMA table_list")}
        return {
            name: {
                "kind": kind,
                "columns": ask("table_xinfo", name),
                "keys": sorted(ask("foreign_key_list", name)),
                "indexes": sorted(
                    (row[1:], ask("index_xinfo", row[1])) for row in ask("index_list", name)
                ),
                "conditions": _conditions(connection, name),
                "numbered": _is_numbered(connection, name),
            }
            for name, kind in tables.items()
            if not name.startswith("sqlite_")
        }


def _conditions(connection: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    """The WHERE of each partial index."""
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? ORDER BY name"
    )
    rows = connection.execute(query, (table,))
    return [(name, (sql or "").partition(" WHERE ")[2]) for name, sql in rows]


def _is_numbered(connection: sqlite3.Connection, table: str) -> bool:
    sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    return "AUTOINCREMENT" in sql


def test_head_is_the_newest_revision_of_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")))

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_revisions_lead_to_the_schema_that_the_program_works_with(tmp_path: Path) -> None:
    migrated(tmp_path / "migrated.db")
    upgrade(tmp_path / "new.db", NOW)

    assert schema(tmp_path / "migrated.db") == schema(tmp_path / "new.db")


def test_a_database_made_by_the_revisions_works(tmp_path: Path) -> None:
    migrated(tmp_path / "watcher.db")

    with open_in(tmp_path) as database, database.begin() as tx:
        assert store(tx).entry == 1


def test_upgrade_makes_a_new_database_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    path = tmp_path / "state" / "watcher.db"

    assert upgrade(path, NOW) == UpgradeResult(None, HEAD, None)
    assert upgrade(path, NOW) == UpgradeResult(HEAD, HEAD, None)
    assert not list(path.parent.glob("*.before-*"))


def test_a_start_that_was_cut_short_is_made_good(tmp_path: Path) -> None:
    create_file(tmp_path / "watcher.db")
    use_wal(tmp_path / "watcher.db")

    assert upgrade(tmp_path / "watcher.db", NOW) == UpgradeResult(None, HEAD, None)


def test_a_later_revision_keeps_every_row(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)

    run_revisions(tmp_path / "watcher.db", scripts_with(tmp_path, "SELECT 1"), NOW)

    with closing(sqlite3.connect(tmp_path / "watcher.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("0002",)
        ]
        assert connection.execute("SELECT title FROM entry").fetchall() == [(TITLE,)]
        assert connection.execute("SELECT colour FROM feed").fetchall() == [("blue",)]
        upgraded = connection.execute("SELECT value FROM meta WHERE key = 'upgraded'").fetchone()
        assert upgraded == (NOW.isoformat(),)


@pytest.mark.parametrize(
    "last",
    [
        pytest.param("INSERT INTO nowhere VALUES (1)", id="no such table"),
        pytest.param("THIS IS NO SQL", id="syntax"),
    ],
)
def test_a_revision_that_fails_half_way_leaves_the_file_as_it_was(
    tmp_path: Path, last: str
) -> None:
    path = tmp_path / "watcher.db"
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)
    before = schema(path)

    with pytest.raises(DBAPIError):
        run_revisions(path, scripts_with(tmp_path, last), NOW)

    assert schema(path) == before
    require_head(path)
    with Database.open(path) as database, database.read() as tx:
        assert [found.entry.title for found in tx.entries.search()] == [TITLE]


def test_a_revision_that_loses_a_parent_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)

    with pytest.raises(StorageError, match="a row of entry lost its parent"):
        run_revisions(path, scripts_with(tmp_path, "DELETE FROM story"), NOW)

    require_head(path)


def test_an_older_database_is_copied_before_it_is_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "watcher.db"
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)
    scripts = scripts_with(tmp_path, "SELECT 1")
    # A later release: it knows 0002 and ships the revision.
    monkeypatch.setattr(migrate, "HEAD", "0002")
    monkeypatch.setattr(migrate, "shipped", lambda _name: scripts)

    with pytest.raises(StorageError, match="has the older schema 0001; bring it to 0002"):
        require_head(path)
    result = upgrade(path, NOW)

    assert result == UpgradeResult("0001", "0002", tmp_path / "watcher.db.before-0002")
    require_head(path)
    assert result.backup is not None
    with closing(sqlite3.connect(result.backup)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("0001",)
        ]
        assert connection.execute("SELECT title FROM entry").fetchall() == [(TITLE,)]


def test_a_failed_upgrade_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_in(tmp_path).close()
    scripts = scripts_with(tmp_path, "INSERT INTO nowhere VALUES (1)")
    monkeypatch.setattr(migrate, "HEAD", "0002")
    monkeypatch.setattr(migrate, "shipped", lambda _name: scripts)

    with pytest.raises(StorageError, match="refused: no such table: nowhere"):
        upgrade(tmp_path / "watcher.db", NOW)


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    open_in(tmp_path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = path.read_bytes()

    for refused in (lambda: upgrade(path, NOW), lambda: open_in(tmp_path)):
        with pytest.raises(
            StorageError, match=f"has schema 9999, this Watcher knows {HEAD} and older"
        ):
            refused()
    assert path.read_bytes() == before


def test_a_database_that_lost_its_revision_is_refused(tmp_path: Path) -> None:
    open_in(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "watcher.db")) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()

    with pytest.raises(StorageError, match="does not say which schema it has"):
        open_in(tmp_path)
