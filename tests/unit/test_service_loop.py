"""The loop is uvloop's where it is installed, and everything starts without it."""

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
