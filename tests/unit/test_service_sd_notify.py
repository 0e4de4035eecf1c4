import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from watcher.service.monitoring import sd_notify
from watcher.service.monitoring.sd_notify import (
    more_time,
    notify,
    notify_reloading,
    watchdog_interval,
)


@pytest.fixture(params=["path", "abstract"])
def manager(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    """Listen as systemd does."""
    abstract = f"watcher-test-{uuid4()}"
    bound, named = {
        "path": (str(tmp_path / "notify"),) * 2,
        "abstract": (f"\0{abstract}", f"@{abstract}"),
    }[request.param]
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listener:
        listener.settimeout(10)
        listener.bind(bound)
        monkeypatch.setenv("NOTIFY_SOCKET", named)
        yield listener


def test_state_arrives_as_one_datagram_of_assignments(manager: socket.socket) -> None:
    assert notify(READY="1", STATUS="watching 3 feeds")

    assert manager.recv(4096) == b"READY=1\nSTATUS=watching 3 feeds"


def test_a_reload_says_when_it_began_by_the_clock_that_systemd_reads(
    manager: socket.socket,
) -> None:
    before = time.monotonic_ns() // 1000
    notify_reloading()

    state = dict(line.split("=") for line in manager.recv(4096).decode().splitlines())
    assert (state["RELOADING"], state["STATUS"]) == ("1", "reloading")
    assert before <= int(state["MONOTONIC_USEC"]) <= time.monotonic_ns() // 1000


def test_a_status_of_several_lines_cannot_smuggle_in_state(manager: socket.socket) -> None:
    notify(STATUS="last error: x\nSTOPPING=1\r\nMAINPID=1")

    assert manager.recv(4096) == b"STATUS=last error: x STOPPING=1 MAINPID=1"


def test_work_that_takes_long_asks_for_more_time_until_it_ends(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sd_notify, "ASK_EVERY", timedelta(milliseconds=1))

    with more_time("bringing the database up to date"):
        asked = [manager.recv(4096) for _ in range(3)]
    notify(READY="1")
    while (after := manager.recv(4096)) in asked:
        pass

    expected = b"EXTEND_TIMEOUT_USEC=120000000\nSTATUS=bringing the database up to date"
    assert asked == [expected] * 3
    assert after == b"READY=1"


@pytest.mark.usefixtures("manager")
def test_work_that_takes_long_and_fails_asks_no_more() -> None:
    with pytest.raises(ValueError, match="a reason"), more_time("at work"):
        raise ValueError("a reason")

    assert not [thread for thread in threading.enumerate() if thread.name == "more time"]


def test_without_a_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    assert not notify(READY="1")


def test_a_manager_that_does_not_listen_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))

    assert not notify(READY="1")


@pytest.mark.parametrize(
    ("microseconds", "pid", "interval"),
    [
        pytest.param("60000000", None, timedelta(seconds=30), id="half of the limit"),
        pytest.param("60000000", str(os.getpid()), timedelta(seconds=30), id="meant for us"),
        pytest.param("60000000", "1", None, id="meant for another process"),
        pytest.param(None, None, None, id="no watchdog"),
        pytest.param("soon", None, None, id="no number"),
        pytest.param("²", None, None, id="no number, though a digit"),
    ],
)
def test_the_watchdog_is_fed_twice_as_often_as_it_asks(
    monkeypatch: pytest.MonkeyPatch,
    microseconds: str | None,
    pid: str | None,
    interval: timedelta | None,
) -> None:
    for name, value in (("WATCHDOG_USEC", microseconds), ("WATCHDOG_PID", pid)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)

    assert watchdog_interval() == interval
