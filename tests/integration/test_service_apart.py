"""Work is done by a process of its own, or here where that fails."""

import asyncio
import gc
import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from watchlists import WATCHLIST, write_config

from watcher.cli import EXIT_CONFIG
from watcher.cli.config import load_watch
from watcher.model import Entry
from watcher.service import apart as room
from watcher.service.apart import apart
from watcher.service.in_force import watch as watch_room
from watcher.service.in_force.watch import (
    Compiled,
    Watch,
    compile_file,
    find_watch,
    find_watch_here,
)
from watcher.service.intake.names import load_names
from watcher.service.loop import do_until
from watcher.stories import cast
from watcher.topics.engine import NO_TIME
from watcher.topics.pack import forget_packs, load_pack


@pytest.fixture
def unloaded() -> Iterator[None]:
    """No names are ready, and nothing of the pack is; afterwards no name is of this test."""
    cast._loaded.cache_clear()
    forget_packs()
    yield
    cast._loaded.cache_clear()


async def test_another_process_does_the_work() -> None:
    assert await apart(os.getpid) != os.getpid()
    assert await apart(divmod, 7, 2) == (3, 1)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("", id="says nothing"),
        pytest.param("import os; os.kill(os.getpid(), 9)", id="is killed"),
        pytest.param(
            "import pickle, sys; sys.stdout.buffer.write(pickle.dumps('x' * 99)[:50])",
            id="is killed while it sends",
        ),
        pytest.param("import time; time.sleep(60)", id="does not end"),
    ],
)
async def test_work_is_done_here_where_the_other_process_fails(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "command", lambda _: (sys.executable, "-c", program))
    monkeypatch.setattr(room, "PATIENCE_S", 1.0)

    assert await apart(os.getpid) == os.getpid()
    gc.collect()  # a pipe left open is told of here


async def test_work_is_done_here_where_the_other_process_has_another_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "_code", lambda: b"as it was before the upgrade")

    assert await apart(os.getpid) == os.getpid()


async def test_work_is_done_here_where_no_process_can_be_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "command", lambda _: ("/nonexistent/python",))

    assert await apart(os.getpid) == os.getpid()


async def test_what_goes_wrong_there_goes_wrong_here_and_nothing_is_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with capture_logs() as logs, pytest.raises(ValueError, match="invalid literal"):
        await apart(int, "x")

    assert [one["work"] for one in logs] == ["int"]
    assert capfd.readouterr() == ("", "")


async def test_who_is_ended_meanwhile_ends_the_other_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pipe, end, done = tmp_path / "pipe", asyncio.Event(), []
    os.mkfifo(pipe)
    program = f"import time; file = open({str(pipe)!r}, 'w'); time.sleep(600)"
    monkeypatch.setattr(room, "command", lambda _: (sys.executable, "-c", program))

    async def work() -> None:
        done.append(await apart(os.getpid))

    working = asyncio.create_task(do_until(end, work()))
    with await asyncio.to_thread(pipe.open) as opened:  # by both: the process runs
        end.set()
        await working

        assert await asyncio.to_thread(opened.read) == ""  # it is closed: the process ended
    assert not done


def test_another_state_of_our_program_is_known_by_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "watcher"
    (package / "__pycache__").mkdir(parents=True)
    (package / "room.py").write_text("")
    monkeypatch.setattr(room, "ROOT", str(tmp_path))
    code = room._code.__wrapped__
    first = code()
    (package / ".#room.py").symlink_to("somebody@somewhere.1:2")  # as Emacs does while it is edited
    (package / "__pycache__" / "room.cpython-311.pyc.1234").write_bytes(b"half of it")

    assert code() == first
    (package / "room.py").write_text("import os")
    assert code() != first


def test_another_state_of_a_zipapp_is_known_by_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = tmp_path / "watcher.pyz"
    app.write_bytes(b"one")
    monkeypatch.setattr(room, "ROOT", str(app))
    first = room._code.__wrapped__()
    app.write_bytes(b"another")

    assert room._code.__wrapped__() != first


@pytest.mark.usefixtures("unloaded")
async def test_names_that_were_compiled_elsewhere_are_as_good() -> None:
    await load_names()

    assert cast.find_cast("Kim Jong Un meets Putin", "en") == ("kim-jong-un", "putin")
    assert cast.telling("kim-jong-un") > cast.telling("US") > 0
    assert cast.is_person("kim-jong-un")
    assert cast.label("CN") == "China"
    assert not load_pack.cache_info().currsize  # what only compiling needs was not read here


def test_names_are_sent_as_they_were_compiled() -> None:
    compiled = cast.compile_names()

    sent = pickle.loads(pickle.dumps(compiled))  # noqa: S301 - our own
    assert sent.known == compiled.known
    keys = range(len(compiled.terms))
    assert [sent.terms[key] for key in keys] == [compiled.terms[key] for key in keys]


async def test_a_watch_that_was_compiled_elsewhere_is_as_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = '[channels.desk]\ntelegram = { chat = "1", token = "1:nobody" }\n'
    path = write_config(tmp_path, secret)
    monkeypatch.setattr(Watch, "of", lambda _: pytest.fail("compiled here"))
    there = await find_watch(path)
    monkeypatch.undo()
    here = find_watch_here(path)

    assert here.watch
    assert there.watch
    assert there.watch.settings == here.watch.settings
    assert there.watch.digests == here.watch.digests
    assert there.problems == here.problems
    assert "1:nobody" in {one.reveal() for one in there.watch.settings.secrets()}
    entry = Entry("1", "Kim Jong Un meets Putin", NO_TIME)
    reading = there.watch.watchlist.read(entry)
    assert reading == here.watch.watchlist.read(entry)
    assert [match.topic for match in reading.matches] == ["summit"]


async def test_a_configuration_that_changes_while_it_is_compiled_elsewhere_is_compiled_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_config(tmp_path)
    (tmp_path / "former").mkdir()
    former = compile_file(
        write_config(tmp_path / "former", watchlist=WATCHLIST.replace("kim", "k"))
    )

    async def too_late(*_: object) -> Compiled:
        return former

    monkeypatch.setattr(watch_room, "apart", too_late)
    watch = (await find_watch(path)).watch

    assert watch
    assert watch.digests == Watch.of(watch.settings).digests != former.digests


def test_a_configuration_that_cannot_be_used_is_told_before_the_names_are_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def for_ever() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("watcher.service.intake.names.load_names", for_ever)

    with pytest.raises(SystemExit) as end:
        load_watch(write_config(tmp_path, "[no_such_table]\n"), lasting=True)

    assert end.value.code == EXIT_CONFIG
    assert "no_such_table" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_other_process_ends_with_ours(tmp_path: Path, number: signal.Signals) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    program = (
        "import asyncio, pathlib, watcher.service.apart as room;"
        f"asyncio.run(room.apart(pathlib.Path.read_text, pathlib.Path({str(pipe)!r})))"
    )
    with subprocess.Popen([sys.executable, "-c", program]) as ours:
        written = os.open(pipe, os.O_WRONLY)  # once the other process reads it
        ours.send_signal(number)
        ours.wait(60)

    until_unread = select.poll()
    until_unread.register(written, 0)
    assert until_unread.poll(60_000)  # it is gone
    os.close(written)


async def test_a_configuration_that_cannot_be_used_has_no_watch(tmp_path: Path) -> None:
    found = await find_watch(write_config(tmp_path, "[no_such_table]\n"))

    assert found.watch is None
    assert any("no_such_table" in problem.message for problem in found.errors)
