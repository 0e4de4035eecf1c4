"""A start that has to bring the database up to date, as systemd and the log see it."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from watcher.errors import StorageError
from watcher.service import daemon
from watcher.service.daemon import bring_up_to_date
from watcher.storage.migrate import UpgradeResult, upgrade


def test_systemd_gives_an_upgrade_the_time_that_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.settimeout(10)
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))

        def heard_first(path: Path) -> UpgradeResult:
            assert manager.recv(4096).startswith(b"EXTEND_TIMEOUT_USEC=")
            return upgrade(path)

        monkeypatch.setattr(daemon, "upgrade", heard_first)
        bring_up_to_date(tmp_path / "watcher.db")

    assert (tmp_path / "watcher.db").exists()


def test_an_upgrade_that_is_refused_is_told(tmp_path: Path) -> None:
    (tmp_path / "watcher.db").write_bytes(b"no database" * 100)

    with pytest.raises(StorageError, match="is not a SQLite database"):
        bring_up_to_date(tmp_path / "watcher.db")
