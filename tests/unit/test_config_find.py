from pathlib import Path

import pytest

from watcher.config import find_config
from watcher.errors import ConfigError


def make(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "config.toml"
    file.touch()
    return file


def test_the_first_place_that_has_one_counts(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "xdg"), "HOME": str(tmp_path / "home")}
    here = tmp_path / "here"

    personal = make(tmp_path / "xdg" / "watcher")
    assert find_config(None, environ, here) == personal

    beside = make(here)
    assert find_config(None, environ, here) == beside

    environ["WATCHER_CONFIG"] = "named.toml"
    assert find_config(None, environ, here) == here / "named.toml"
    assert find_config(Path("/other.toml"), environ, here) == Path("/other.toml")


def test_without_xdg_the_home_folder_has_it(tmp_path: Path) -> None:
    file = make(tmp_path / ".config" / "watcher")

    assert find_config(None, {"HOME": str(tmp_path)}, tmp_path / "here") == file


def test_a_closed_folder_holds_nothing_for_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make(tmp_path / ".config" / "watcher")
    make(tmp_path / "closed")
    is_file = Path.is_file

    def closed(path: Path) -> bool:
        if path.parent.name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", closed)

    assert find_config(None, {"HOME": str(tmp_path)}, tmp_path / "closed") == file


def test_when_none_exists_the_error_names_every_place(tmp_path: Path) -> None:
    if Path("/etc/watcher/config.toml").exists():
        pytest.skip("this machine has a configuration of its own in /etc/watcher")

    with pytest.raises(ConfigError) as caught:
        find_config(None, {"HOME": "/home/me"}, tmp_path)

    assert str(caught.value) == (
        f"no configuration found: looked for {tmp_path}/config.toml, "
        "/home/me/.config/watcher/config.toml, /etc/watcher/config.toml; name one with --config "
        "or $WATCHER_CONFIG, or write one with `watcher init`"
    )
