import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from daemons import daemon_on

from watcher.config import Settings
from watcher.errors import StorageError
from watcher.storage.connect import create_file, use_wal
from watcher.storage.lock import (
    LockHeldError,
    database_in_use,
    database_lock,
    database_path,
    state_directory,
    state_lock,
)
from watcher.storage.trouble import no_access

HOLD = """
import pathlib, sys
from watcher.storage.lock import state_lock
with state_lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_which_one_holds_the_state(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StorageError) as caught, state_lock(tmp_path):
            pass

        message = f"another Watcher (pid {holder.pid}) works in {tmp_path}: stop it first"
        assert str(caught.value) == message
        holder.kill()
        holder.wait()

    with state_lock(tmp_path):  # the kernel let go of it
        pass


def test_the_database_that_a_daemon_works_on_is_known_beside_it(tmp_path: Path) -> None:
    assert database_in_use(tmp_path) is None
    with state_lock(tmp_path, "w\u00e4chter.db"):
        assert database_in_use(tmp_path) == tmp_path / "w\u00e4chter.db"
        with pytest.raises(StorageError, match=rf"another Watcher \(pid {os.getpid()}\) works in"):
            state_lock(tmp_path).__enter__()
    with state_lock(tmp_path):  # a command, for a moment
        assert database_in_use(tmp_path) is None


def test_a_database_in_use_is_that_of_the_configuration_that_is_asked_about(tmp_path: Path) -> None:
    ours, other = tmp_path / "ours.toml", tmp_path / "other.toml"
    (tmp_path / "link.toml").symlink_to(ours)
    with state_lock(tmp_path, "w.db", ours):
        assert database_in_use(tmp_path) == tmp_path / "w.db"
        assert database_in_use(tmp_path, tmp_path / "link.toml") == tmp_path / "w.db"
        assert database_in_use(tmp_path, other) is None
    with state_lock(tmp_path, "w.db"):  # of no configuration file
        assert database_in_use(tmp_path, other) == tmp_path / "w.db"


async def test_two_daemons_never_run_on_one_database_also_by_way_of_a_link(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "other", "large")]
    for folder in folders:
        folder.mkdir()
    one, other, file = (folder / "watcher.db" for folder in folders)
    one.symlink_to(file)
    other.symlink_to(file)

    async with daemon_on(one)._started():
        for path in (other, file):
            with pytest.raises(LockHeldError, match=f"works in {file.parent}: stop it first"):
                await daemon_on(path)._started().__aenter__()


async def test_two_daemons_run_on_two_databases_in_one_folder_by_way_of_links(
    tmp_path: Path,
) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "watcher.db").symlink_to(tmp_path / f"{name}.db")

    async with (
        daemon_on(tmp_path / "one" / "watcher.db")._started(),
        daemon_on(tmp_path / "other" / "watcher.db")._started(),
    ):
        assert (tmp_path / "one.db").is_file()
        assert (tmp_path / "other.db").is_file()


def test_a_link_to_a_disk_that_is_not_mounted_makes_no_folder(tmp_path: Path) -> None:
    link, missing = tmp_path / "watcher.db", tmp_path / "mounted" / "watcher.db"
    link.symlink_to(missing)

    with pytest.raises(StorageError, match=f"folder of the database {missing} is missing"):
        database_lock(link).__enter__()

    assert not missing.parent.exists()


@pytest.mark.parametrize("name", ["watcher", "watcher.db", "watcher.lock.lock", "watcher.sqlite"])
async def test_a_database_of_any_name_has_a_lock_of_its_own_beside_that_of_the_state(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "watcher.db").symlink_to(tmp_path / name)

    for _ in range(2):
        async with daemon_on(tmp_path / name)._started():
            with pytest.raises(LockHeldError):
                await daemon_on(tmp_path / "other" / "watcher.db")._started().__aenter__()


def test_a_database_is_never_overwritten_by_a_lock(tmp_path: Path) -> None:
    for name in ("watcher.lock", "watcher.db.lock"):
        create_file(tmp_path / name)
        use_wal(tmp_path / name)
    before = (tmp_path / "watcher.lock").read_bytes()

    for locked in (state_lock(tmp_path), database_lock(tmp_path / "watcher.db")):
        with pytest.raises(StorageError, match="is a database, where a lock is to be"):
            locked.__enter__()

    assert (tmp_path / "watcher.lock").read_bytes() == before


def test_the_lock_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), state_lock(tmp_path):
        _ = 1 / 0
    with state_lock(tmp_path):
        assert stat.S_IMODE((tmp_path / "watcher.lock").stat().st_mode) == 0o600


def test_a_state_directory_that_cannot_be_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with (
        pytest.raises(StorageError, match="cannot be used: not a directory"),
        state_lock(tmp_path / "file" / "state"),
    ):
        pass


@pytest.mark.parametrize(
    ("user", "advice"),
    [(0, ""), (1, "; it belongs to OWNER: run Watcher as that user, or as root")],
    ids=["ours", "another's"],
)
def test_whose_state_it_is_that_cannot_be_used_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, advice: str
) -> None:
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr("os.geteuid", lambda: owner + user)
    error = no_access("the database", tmp_path, PermissionError(13, "Permission denied"))

    advice = advice.replace("OWNER", pwd.getpwuid(owner).pw_name)
    assert str(error) == f"the database {tmp_path} cannot be used: permission denied{advice}"


@pytest.mark.parametrize(
    ("environ", "directory"),
    [
        pytest.param({}, "/etc/watcher", id="beside the configuration"),
        pytest.param({"STATE_DIRECTORY": ""}, "/etc/watcher", id="empty"),
        pytest.param({"STATE_DIRECTORY": "/var/lib/watcher"}, "/var/lib/watcher", id="systemd"),
        pytest.param({"STATE_DIRECTORY": "/var/lib/a:/var/lib/b"}, "/var/lib/a", id="several"),
    ],
)
def test_state_is_kept_where_systemd_says_or_beside_the_configuration(
    environ: dict[str, str], directory: str
) -> None:
    read = Settings.model_validate({}, context={"file": Path("/etc/watcher/config.toml")})

    assert state_directory(read, environ) == Path(directory)


def test_the_database_lies_in_the_state_directory() -> None:
    read = Settings.model_validate({}, context={"file": Path("/etc/watcher/config.toml")})

    assert database_path(read, {}) == Path("/etc/watcher/watcher.db")
    assert database_path(read, {"STATE_DIRECTORY": "/s"}) == Path("/s/watcher.db")
