import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from feed_server import FeedServer
from house import WIRE, Clock, House
from watchlists import MEETS, NOON, write_config

from watcher.cli.run import _dry_daemon
from watcher.config import load
from watcher.errors import StorageError
from watcher.service.care.health import Part
from watcher.service.dry_run import copy_into
from watcher.service.in_force.watch import find_watch_here
from watcher.storage.backup import make_backup
from watcher.storage.migrate import create, upgrade

FEED = f'[alerts]\ngroup_wait = "0s"\n[[feeds]]\nurl = "{WIRE}"\n'
HEARD = """
[watcher]
heartbeat_url = "{}"
[http]
listen = "127.0.0.1:9464"
[polling]
allow_private = ["127.0.0.0/8"]
"""


def dry_run(config: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "watcher", "run", "--once", "--dry-run", "-c", str(config)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


async def leave_an_alert_waiting(config: Path) -> None:
    settings = load(config).settings
    assert settings
    async with House(config.parent, settings, Clock(), {}) as house:
        await house.poll()
        await house.poll(MEETS)


def test_a_dry_run_tells_what_it_would_send_and_leaves_the_database_as_it_is(
    tmp_path: Path,
) -> None:
    config = write_config(tmp_path, FEED)
    asyncio.run(leave_an_alert_waiting(config))
    config.write_text(config.read_text().replace(f'[[feeds]]\nurl = "{WIRE}"', ""))
    database = tmp_path / "watcher.db"
    before = sha256(database.read_bytes()).digest()

    ended = dry_run(config)

    assert ended.returncode == 0
    assert 'event="would send" channel=screen' in ended.stderr
    assert MEETS in ended.stderr
    assert ended.stdout == (
        "0 feeds polled (0 failed): 0 entries, 0 stories, 0 alerts, 0 replies\n"
    )
    assert sha256(database.read_bytes()).digest() == before


@pytest.mark.parametrize(("left", "word"), [(None, "gone"), (b"", "empty")])
def test_a_dry_run_takes_no_lost_database_for_a_new_one(
    tmp_path: Path, left: bytes | None, word: str
) -> None:
    config, database = write_config(tmp_path), tmp_path / "watcher.db"
    create(database)
    copy = make_backup(database, NOON, keep=1)
    database.unlink()
    if left is not None:
        database.write_bytes(left)

    ended = dry_run(config)

    assert ended.returncode == 1
    assert f"the database {database} is {word}, and copies of it are not: bring" in ended.stderr
    assert f"`watcher db restore {copy}`" in ended.stderr


def test_a_dry_run_without_a_database_makes_none(tmp_path: Path) -> None:
    config = write_config(tmp_path)

    assert dry_run(config).returncode == 0
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "the database {} has schema 9999"),
        ("DROP TABLE alembic_version", "{} is a database of another program"),
        ("DELETE FROM alembic_version", "the database {} does not say which schema it has"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_and_not_its_copy(
    tmp_path: Path, change: str, words: str
) -> None:
    database, scratch = tmp_path / "watcher.db", tmp_path / "scratch"
    scratch.mkdir()
    create(database)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(change)

    with pytest.raises(StorageError) as caught:
        upgrade(copy_into(scratch, database))

    assert str(caught.value).startswith(words.format(database))


@pytest.mark.parametrize("content", ["not a database", "SQLite format 3\0 and no more"])
def test_a_damaged_database_is_named_and_not_its_copy(tmp_path: Path, content: str) -> None:
    database, scratch = tmp_path / "watcher.db", tmp_path / "scratch"
    scratch.mkdir()
    database.write_text(content * 100)

    with pytest.raises(StorageError) as caught:
        upgrade(copy_into(scratch, database))

    assert str(database) in str(caught.value)
    assert str(scratch) not in str(caught.value)


async def test_no_monitor_takes_a_dry_run_for_the_daemon_also_after_a_reload(
    tmp_path: Path,
) -> None:
    async with FeedServer() as monitor:
        url = monitor.put("/ping", b"OK")
        config = write_config(tmp_path, HEARD.format(url))
        watch = find_watch_here(config).watch
        assert watch
        (tmp_path / "scratch").mkdir()
        daemon = _dry_daemon(watch, config, tmp_path / "scratch")
        async with daemon._started():
            for _ in range(2):
                for part in Part:
                    daemon._caretaker.pulse.mark(part)
                await daemon._caretaker.ping()
                assert daemon.settings.http.listen is None
                await daemon.reload()

    assert monitor.requests_for("/ping") == []
