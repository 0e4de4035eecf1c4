"""Tell systemd how we are (sd_notify(3)); a no-op without NOTIFY_SOCKET."""

import os
import socket
import time
from datetime import timedelta


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


def watchdog_interval() -> timedelta | None:
    """Return how often to ping: half of WATCHDOG_USEC, as sd_watchdog_enabled(3) advises."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    pid = os.environ.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or (pid and pid != str(os.getpid())):
        return None
    return timedelta(microseconds=int(microseconds)) / 2


def _one_line(value: str) -> str:
    return " ".join(value.split())
