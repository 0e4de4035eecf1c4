"""The names of the cast come from a process of their own, or are compiled here."""

import asyncio
import gc
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from watcher.service.intake import names
from watcher.service.loop import do_until
from watcher.stories import cast
from watcher.topics.shelf import Shelf


@pytest.fixture
def unloaded() -> Iterator[None]:
    """No names are ready; afterwards none is of this test."""
    cast._loaded.cache_clear()
    yield
    cast._loaded.cache_clear()


@pytest.fixture
def compiled_here(monkeypatch: pytest.MonkeyPatch) -> list[cast.Names]:
    """What is compiled in this process."""
    made: list[cast.Names] = []

    def compile_names() -> cast.Names:
        made.append(cast.Names(Shelf(()), {"XK": 1.0}))
        return made[-1]

    monkeypatch.setattr(cast, "compile_names", compile_names)
    return made


@pytest.mark.usefixtures("unloaded")
async def test_names_are_compiled_by_another_process(compiled_here: list[cast.Names]) -> None:
    await names.load_names()

    assert not compiled_here
    assert cast.find_cast("Kim Jong Un meets Putin", "en") == ("kim-jong-un", "putin")
    assert cast.telling("kim-jong-un") > cast.telling("US") > 0


@pytest.mark.usefixtures("unloaded")
@pytest.mark.parametrize(
    "program",
    [
        pytest.param("", id="says nothing"),
        pytest.param("import os; os.kill(os.getpid(), 9)", id="is killed"),
        pytest.param("import sys; sys.stdout.write('half')", id="is killed while it sends"),
        pytest.param("import time; time.sleep(60)", id="does not end"),
    ],
)
async def test_names_are_compiled_here_where_the_other_process_fails(
    program: str, compiled_here: list[cast.Names], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "command", lambda _: (sys.executable, "-c", program))
    monkeypatch.setattr(names, "PATIENCE_S", 1.0)
    await names.load_names()
    gc.collect()  # a pipe left open is told of here

    assert len(compiled_here) == 1
    assert cast.telling("XK") == 1.0


@pytest.mark.usefixtures("unloaded")
async def test_names_are_compiled_here_where_no_process_can_be_started(
    compiled_here: list[cast.Names], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "command", lambda _: ("/nonexistent/python",))
    await names.load_names()

    assert len(compiled_here) == 1


@pytest.mark.usefixtures("unloaded")
async def test_who_is_ended_while_names_are_compiled_ends_the_process_that_does(
    compiled_here: list[cast.Names], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pipe, end = tmp_path / "pipe", asyncio.Event()
    os.mkfifo(pipe)
    program = f"import time; file = open({str(pipe)!r}, 'w'); time.sleep(600)"
    monkeypatch.setattr(names, "command", lambda _: (sys.executable, "-c", program))
    loading = asyncio.create_task(do_until(end, names.load_names()))
    with await asyncio.to_thread(pipe.open) as opened:  # by both: the process runs
        end.set()
        await loading

        assert await asyncio.to_thread(opened.read) == ""  # it is closed: the process ended
    assert not compiled_here


async def test_names_that_are_ready_are_not_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await asyncio.to_thread(cast.load_cast)
    monkeypatch.setattr(names, "command", lambda _: pytest.fail("started"))

    await names.load_names()


def test_what_is_sent_is_what_was_compiled() -> None:
    compiled = cast.compile_names()

    sent = pickle.loads(pickle.dumps(compiled))  # noqa: S301 - our own
    assert sent.telling == compiled.telling
    keys = range(len(compiled.terms))
    assert [sent.terms[key] for key in keys] == [compiled.terms[key] for key in keys]
