"""A database of any release becomes one of this release, or stays as it was."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError
from stored import DAY, NOW, TITLE, entries_of, open_in, store

from watcher.errors import StorageError
from watcher.resources import shipped
from watcher.storage import migrate
from watcher.storage.backup import make_backup
from watcher.storage.connect import create_file, use_wal, writer_engine
from watcher.storage.database import Database
from watcher.storage.migrate import HEAD, UpgradeResult, require_head, run_revisions, upgrade
from watcher.storage.restore import restore_database

#: The revision that a later release would bring.
NEXT = f"{int(HEAD) + 1:04}"
REVISION = """
from alembic import op

revision = "{next}"
down_revision = "{head}"


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
    (scripts / "versions" / f"{NEXT}_planted.py").write_text(
        REVISION.format(last=last, next=NEXT, head=HEAD)
    )
    return scripts


def migrated(path: Path, revision: str = HEAD) -> None:
    """Make a database by the revisions alone, as a release before this one would have."""
    create_file(path)
    use_wal(path)
    engine = writer_engine(path)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(shipped("migrations")))
        command.upgrade(config, revision)
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


def test_stored_entries_get_the_key_of_their_page(tmp_path: Path) -> None:
    """A database of the first release, with more entries than one batch."""
    path = tmp_path / "watcher.db"
    migrated(path, "0001")
    urls = [f"http://www.news.example/{number}?utm_source=rss" for number in range(5_001)]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO feed VALUES (1,'u',NULL,NULL,1,0,NULL,NULL,0,NULL,NULL)")
        connection.execute("INSERT INTO story VALUES (1, 0, 0, 1)")
        values = "?, 1, ?, 't', '', '', ?, '', NULL, NULL, NULL, 0, 1, 'new', NULL, 0, '', NULL"
        entry = f"INSERT INTO entry VALUES ({values})"  # noqa: S608 - constants
        connection.executemany(entry, [(n, str(n), url) for n, url in enumerate(["", *urls], 1)])

    upgrade(path)

    with Database.open(path) as database, database.read() as tx:
        assert tx.sightings.namesakes("") == ()
        for number in (0, 4_998, 5_000):
            (found,) = tx.sightings.namesakes(f"https://news.example/{number}/")
            assert found.number == number + 2
        assert [one.number for one in tx.entries.find("https://news.example/7")] == [9]


@pytest.mark.parametrize(
    ("failures", "stored", "sick"),
    [
        pytest.param(3, '{"failures":3,"moved_count":0}', True, id="told by an old program"),
        pytest.param(2, '{"failures":2,"moved_count":0}', False, id="not told by an old program"),
        pytest.param(3, '{"failures":3}', False, id="not told yet by today's program"),
        pytest.param(3, '{"failures":3,"sick":true}', True, id="told by today's program"),
        pytest.param(3, '{"failures":3,"moved_count":0,"sick":false}', False, id="said to be not"),
    ],
)
def test_a_feed_that_was_told_as_sick_before_the_upgrade_is_not_told_again(
    tmp_path: Path, failures: int, stored: str, sick: bool
) -> None:
    path = tmp_path / "watcher.db"
    migrated(path, "0001")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO feed VALUES (1, 'u', NULL, NULL, 1, 0, NULL, NULL, ?, 'error', ?)",
            (failures, stored),
        )

    upgrade(path)

    with Database.open(path) as database, database.read() as tx:
        state = tx.feeds.state(1)
    assert (state.failures, state.sick) == (failures, sick)


def test_head_is_the_newest_revision_of_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")))

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_revisions_lead_to_the_schema_that_the_program_works_with(tmp_path: Path) -> None:
    migrated(tmp_path / "migrated.db")
    upgrade(tmp_path / "new.db")

    assert schema(tmp_path / "migrated.db") == schema(tmp_path / "new.db")


def test_a_database_made_by_the_revisions_works(tmp_path: Path) -> None:
    migrated(tmp_path / "watcher.db")

    with open_in(tmp_path) as database, database.begin() as tx:
        assert store(tx).entry == 1


def test_upgrade_makes_a_new_database_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    path = tmp_path / "state" / "watcher.db"

    assert upgrade(path) == UpgradeResult(None, HEAD, None)
    assert upgrade(path) == UpgradeResult(HEAD, HEAD, None)
    assert not list(path.parent.glob("*.before-*"))


def test_a_start_that_was_cut_short_is_made_good(tmp_path: Path) -> None:
    create_file(tmp_path / "watcher.db")
    use_wal(tmp_path / "watcher.db")

    assert upgrade(tmp_path / "watcher.db") == UpgradeResult(None, HEAD, None)


@pytest.mark.parametrize("lost", [Path.unlink, lambda path: path.write_bytes(b"")])
@pytest.mark.parametrize("opened", [upgrade, Database.open])
def test_a_lost_database_with_copies_is_taken_for_no_new_one(
    tmp_path: Path, lost: Callable[[Path], object], opened: Callable[[Path], object]
) -> None:
    path = tmp_path / "watcher.db"
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)
    make_backup(path, NOW - DAY, keep=2)
    newest = make_backup(path, NOW, keep=2)
    lost(path)
    before = path.exists()

    with pytest.raises(StorageError, match=rf"`watcher db restore {newest}`; to begin anew, move"):
        opened(path)

    assert path.exists() is before
    restore_database(path, newest, NOW)
    with Database.open(path) as database, database.read() as tx:
        assert [found.entry.title for found in entries_of(tx)] == [TITLE]


def test_of_the_copies_the_newest_with_entries_is_named(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)
    full = make_backup(path, NOW - DAY, keep=2)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM entry")
    make_backup(path, NOW, keep=2)
    path.unlink()

    with pytest.raises(StorageError, match=f"`watcher db restore {full}`"):
        upgrade(path)


def test_who_moved_the_copies_away_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    open_in(tmp_path).close()
    make_backup(path, NOW, keep=2)
    path.unlink()
    (tmp_path / "backups").rename(tmp_path / "before")

    assert upgrade(path) == UpgradeResult(None, HEAD, None)


def test_a_later_revision_keeps_every_row(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)

    run_revisions(tmp_path / "watcher.db", scripts_with(tmp_path, "SELECT 1"))

    with closing(sqlite3.connect(tmp_path / "watcher.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEXT,)]
        assert connection.execute("SELECT title FROM entry").fetchall() == [(TITLE,)]
        assert connection.execute("SELECT colour FROM feed").fetchall() == [("blue",)]


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
        run_revisions(path, scripts_with(tmp_path, last))

    assert schema(path) == before
    require_head(path)
    with Database.open(path) as database, database.read() as tx:
        assert [found.entry.title for found in entries_of(tx)] == [TITLE]


def test_a_revision_that_loses_a_parent_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)

    with pytest.raises(StorageError, match="a row of entry lost its parent"):
        run_revisions(path, scripts_with(tmp_path, "DELETE FROM story"))

    require_head(path)


def test_an_older_database_is_copied_before_it_is_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "watcher.db"
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)
    scripts = scripts_with(tmp_path, "SELECT 1")
    # A later release: it knows one more and ships it.
    monkeypatch.setattr(migrate, "HEAD", NEXT)
    monkeypatch.setattr(migrate, "shipped", lambda _name: scripts)

    with pytest.raises(StorageError, match=f"has the older schema {HEAD}; bring it to {NEXT}"):
        require_head(path)
    result = upgrade(path)

    assert result == UpgradeResult(HEAD, NEXT, tmp_path / f"watcher.db.before-{NEXT}")
    require_head(path)
    assert result.backup is not None
    with closing(sqlite3.connect(result.backup)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("SELECT title FROM entry").fetchall() == [(TITLE,)]


def test_a_failed_upgrade_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_in(tmp_path).close()
    scripts = scripts_with(tmp_path, "INSERT INTO nowhere VALUES (1)")
    monkeypatch.setattr(migrate, "HEAD", NEXT)
    monkeypatch.setattr(migrate, "shipped", lambda _name: scripts)

    with pytest.raises(StorageError, match="refused: no such table: nowhere"):
        upgrade(tmp_path / "watcher.db")


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    open_in(tmp_path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = path.read_bytes()

    for refused in (lambda: upgrade(path), lambda: open_in(tmp_path)):
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
