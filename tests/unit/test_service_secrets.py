import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from watcher.config import pipes
from watcher.config.secrets import Form, Secret
from watcher.errors import ConfigError
from watcher.service.in_force.secrets import draw_pipes, pieces

TOKEN = "123456:Sesam-oeffne-dich"


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe", 0o600)
    return tmp_path / "pipe"


@pytest.fixture
def end(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Yield the reading end of a pipe into which a shell wrote a secret: `9< <(pass show bot)`."""
    monkeypatch.setattr(pipes, "_given", {})  # another test had a pipe of that number
    ours, theirs = os.pipe()
    os.write(theirs, f"{TOKEN}\n".encode())
    os.close(theirs)
    yield ours
    os.close(ours)


async def test_what_a_pipe_gave_is_kept_for_every_load(end: int) -> None:
    loads = [Secret(f"/dev/fd/{end}", Form.FILE) for _ in range(2)]
    for secret in loads:
        await draw_pipes([secret])

    assert [secret.reveal() for secret in loads * 2] == [TOKEN] * 4


async def test_a_pipe_whose_writer_waits_for_a_reader_is_read(pipe: Path) -> None:
    writer = asyncio.create_task(asyncio.to_thread(pipe.write_text, TOKEN))
    secret = Secret(str(pipe), Form.FILE)

    await draw_pipes([secret])
    await writer

    assert secret.reveal() == TOKEN


async def test_a_pipe_without_a_writer_is_empty_and_holds_nobody_up(pipe: Path) -> None:
    secret = Secret(str(pipe), Form.FILE)
    await draw_pipes([secret], wait_s=0)

    with pytest.raises(ConfigError, match=r"is empty$"):
        secret.reveal()


async def test_what_is_no_pipe_is_left_alone(tmp_path: Path) -> None:
    places = (tmp_path, tmp_path / "none", Path("/dev/null"), Path("a\0b"))

    await draw_pipes([Secret("value"), *(Secret(str(path), Form.FILE) for path in places)])


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        pytest.param("4711:tokentokentoken", {"tokentokentoken"}, id="the end of a bot's token"),
        pytest.param("reader:password", {"password"}, id="the password of a login"),
        pytest.param("reader:pass", set(), id="one too short to be told from a word"),
        pytest.param("a plain password", set(), id="a password alone"),
        pytest.param(
            "json://me:hook%20password@hooks.example.org:8080/api/T0KENT0KEN?-key=query-token&x=1",
            {"hook%20password", "hook password", "T0KENT0KEN", "query-token"},
            id="login, path and values of an address, not its host",
        ),
        pytest.param("slack://T1JJ3T3L2/A1BRTD4JD/", {"T1JJ3T3L2", "A1BRTD4JD"}, id="no host"),
        pytest.param("json://[bad/long-enough", set(), id="no address"),
    ],
)
def test_a_secret_is_known_in_pieces_too(secret: str, told: set[str]) -> None:
    assert set(pieces(secret)) == told
