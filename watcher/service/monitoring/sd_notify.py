"""Tell systemd how we are (sd_notify(3)); a no-op without NOTIFY_SOCKET."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

#: What a start that takes long asks for, and how often. When it last asked it has at least the 90 s
#: left that the unit gives to any start.
MORE_TIME: Final = timedelta(minutes=2)
ASK_EVERY: Final = timedelta(seconds=30)


def notify(**state: str) -> bool:
    """Send state such as READY="1" or STATUS="..."; return whether somebody listens."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]  # the abstract namespace
    message = "\n".join(f"{key}={_one_line(value)}" for key, value in state.items())
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.sendto(message.encode(), address)
    except OSError:
        return False  # a notification that does not arrive must not stop the daemon
    return True


def notify_reloading() -> bool:
    """Say that a reload begins, and when by the machine's clock, as Type=notify-reload asks."""
    now = str(time.monotonic_ns() // 1000)
    return notify(RELOADING="1", MONOTONIC_USEC=now, STATUS="reloading")


@contextmanager
def more_time(status: str) -> Iterator[None]:
    """Have systemd wait for a start as long as the work inside takes, and say what that is."""
    has_ended = threading.Event()
    asking = threading.Thread(target=_ask, args=(status, has_ended), name="more time", daemon=True)
    asking.start()
    try:
        yield
    finally:
        has_ended.set()
        asking.join()


def _ask(status: str, has_ended: threading.Event) -> None:
    wanted = str(MORE_TIME // timedelta(microseconds=1))
    while notify(EXTEND_TIMEOUT_USEC=wanted, STATUS=status):
        if has_ended.wait(ASK_EVERY.total_seconds()):
            return


def watchdog_interval() -> timedelta | None:
    """Return how often to ping: half of WATCHDOG_USEC, as sd_watchdog_enabled(3) advises."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    pid = os.environ.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or (pid and pid != str(os.getpid())):
        return None
    return timedelta(microseconds=int(microseconds)) / 2


def _one_line(value: str) -> str:
    return " ".join(value.split())
