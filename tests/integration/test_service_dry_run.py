import asyncio
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from house import WIRE, Clock, House
from watchlists import MEETS, write_config

from watcher.config import load
from watcher.service.dry_run import copy_into

FEED = f'[alerts]\ngroup_wait = "0s"\n[[feeds]]\nurl = "{WIRE}"\n'


def dry_run(config: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "watcher", "run", "--once", "--dry-run", "-c", str(config)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


async def leave_an_alert_waiting(config: Path) -> None:
    settings = load(config).settings
    assert settings
    async with House(config.parent, settings, Clock(), {}) as house:
        await house.poll()
        await house.poll(house.report(MEETS))


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


def test_a_dry_run_without_a_database_makes_none(tmp_path: Path) -> None:
    config = write_config(tmp_path)

    assert dry_run(config).returncode == 0
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


def test_what_is_not_there_is_not_copied(tmp_path: Path) -> None:
    copy = copy_into(tmp_path / "scratch", tmp_path / "watcher.db")

    assert copy == tmp_path / "scratch" / "watcher.db"
    assert not copy.exists()
