"""The loop is uvloop's where it is installed, and everything starts without it."""

import asyncio
import sys

import pytest

from watcher.service import loop


async def name() -> str:
    return loop.loop_name()


def test_without_uvloop_asyncio_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)

    assert loop.loop_factory() is None
    assert loop.run(name()) == "asyncio"


def test_where_uvloop_is_installed_it_runs() -> None:
    pytest.importorskip("uvloop")

    assert loop.run(name()) == "uvloop"


@pytest.mark.parametrize("ended", [False, True])
async def test_work_is_done_unless_the_end_comes_before(*, ended: bool) -> None:
    end, done = asyncio.Event(), []

    async def work() -> None:
        if ended:
            end.set()
            await asyncio.Event().wait()
        done.append("all")

    await loop.do_until(end, work())

    assert done == ([] if ended else ["all"])


async def test_what_goes_wrong_with_work_is_told() -> None:
    async def fail() -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        await loop.do_until(asyncio.Event(), fail())
