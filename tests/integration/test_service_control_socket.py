"""Whether a daemon listens, asked without connecting to it in earnest."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from watchlists import settings

from watcher.service.by_hand import control
from watcher.service.by_hand.control_socket import is_listening, short_name, socket_path
from watcher.storage.database import Database
from watcher.storage.lock import LockHeldError, database_lock, state_lock

#: A socket's address has room for some hundred bytes.
DEEP = "d" * 120


@pytest.fixture(params=["state", DEEP], ids=["short", "long"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / str(request.param)
    folder.mkdir()
    return folder / "watcher.db"


@pytest.fixture
def bound(database: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as server:
        with short_name(socket_path(database)) as name:
            server.bind(name)
        yield server


def test_nobody_listens_where_nothing_is(database: Path) -> None:
    assert not is_listening(database)
    assert not is_listening(database / "of a file" / "watcher.db")


@pytest.mark.usefixtures("bound")
def test_a_socket_that_a_killed_daemon_left_is_nobodys(database: Path) -> None:
    assert not is_listening(database)


def test_a_daemon_listens_also_when_it_hangs(database: Path, bound: socket.socket) -> None:
    bound.listen(0)

    # It accepts none: the first connection waits, and for the others there is no room.
    assert [is_listening(database) for _ in range(3)] == [True] * 3


@pytest.mark.parametrize(
    ("command", "said", "needless"),
    [("status", "  daemon  not running\n", "aiohttp"), ("check", "config.toml: ok", "sqlalchemy")],
)
def test_a_command_loads_only_what_it_needs(
    tmp_path: Path, command: str, said: str, needless: str
) -> None:
    (tmp_path / "config.toml").write_text("[channels.screen]\nconsole = true\n")
    with Database.open(tmp_path / "watcher.db"):
        pass
    loaded = (
        "import json, sys\n"
        "from watcher.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", loaded, command],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert said in ended.stdout
    assert needless not in json.loads(ended.stderr.splitlines()[-1])


def test_a_command_by_another_link_of_a_database_in_use_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "_CHANGEOVER_S", 0.0)
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "watcher.db").symlink_to(tmp_path / "large.db")
    with Database.open(tmp_path / "one" / "watcher.db"):
        pass
    ours = settings(watcher={"database": f"sqlite:///{tmp_path}/other/watcher.db"})
    mute = {"kind": "topic", "subject": "summit", "until": None}

    with (
        state_lock(tmp_path / "one"),
        database_lock(tmp_path / "one" / "watcher.db"),
        pytest.raises(LockHeldError, match=f"works in {tmp_path}: stop it first"),
    ):
        control.perform("mutes.add", mute, ours, {}, lambda: datetime.now(UTC))
