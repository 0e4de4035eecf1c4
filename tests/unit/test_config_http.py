from pathlib import Path

import pytest

from watcher.config import load
from watcher.config.http import is_loopback, split_listen


@pytest.mark.parametrize(
    ("text", "host", "port", "own"),
    [
        ("127.0.0.1:8377", "127.0.0.1", 8377, True),
        ("localhost:80", "127.0.0.1", 80, True),
        ("[::1]:8377", "::1", 8377, True),
        ("0.0.0.0:8377", "0.0.0.0", 8377, False),
        ("192.168.1.2:65535", "192.168.1.2", 65535, False),
    ],
)
def test_an_address_with_a_port_is_read(text: str, host: str, port: int, *, own: bool) -> None:
    assert split_listen(text) == (host, port)
    assert is_loopback(text) is own


@pytest.mark.parametrize(
    "text",
    ["", "8377", ":8377", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:8377/metrics",
     "http://127.0.0.1:8377", "watcher.example:8377", "a@127.0.0.1:1", "::1:8377"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r'like "127\.0\.0\.1:8377"'):
        split_listen(text)


def messages(folder: Path, text: str) -> list[tuple[str, bool]]:
    file = folder / "config.toml"
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
    return [(problem.message, problem.warning) for problem in load(file).problems]


def test_an_open_door_is_a_warning(tmp_path: Path) -> None:
    assert messages(tmp_path, '[http]\nlisten = "127.0.0.1:8377"\n') == []
    assert messages(tmp_path, '[http]\nlisten = "0.0.0.0:8377"\n') == [
        ("not only this machine can read health and metrics there", True)
    ]


@pytest.mark.parametrize("url", ["hc.example.org/ping", "ftp://hc.example.org", "https:///x"])
def test_a_monitor_without_an_address_is_refused(tmp_path: Path, url: str) -> None:
    assert messages(tmp_path, f'[watcher]\nheartbeat_url = "{url}"\n') == [
        ("`heartbeat_url` must be an address like https://hc-ping.com/...", False)
    ]


def test_the_address_of_a_monitor_is_a_secret(tmp_path: Path) -> None:
    text = '[watcher]\nheartbeat_url = "https://hc.example.org/1-2-3"\n'
    assert messages(tmp_path, text) == []
    settings = load(tmp_path / "config.toml").settings

    assert settings
    assert "1-2-3" not in repr(settings)
    assert [secret.reveal() for secret in settings.secrets()] == ["https://hc.example.org/1-2-3"]
