"""`watcher` as `watcher_process` has it, without the second that it takes to load the program.

Each is a process of its own, with its directory, environment, streams, signals and exit code; it
is forked from one that has everything imported. Tests of the start itself, and of what depends on
how Python was started, use `watcher_process`.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import watcher_process
from watcher_process import environment

NURSERY = Path(__file__).with_name("nursery.py")


class Child:
    """A process of the nursery; what tests need of `subprocess.Popen`."""

    def __init__(self, told: int) -> None:
        self._told = os.fdopen(told, "rb", buffering=0)
        self.pid = int(self._told.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return its exit code; None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Block until it ended; return its exit code (negative for a signal)."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("watcher", timeout or 0)
        return code

    def send_signal(self, number: int, /) -> None:
        """Send a signal, unless it ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout_s: float | None) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], timeout_s)[0]:
            self.returncode = int(self._told.readline())
            self._told.close()
        return self.returncode


class WatcherProcess(watcher_process.WatcherProcess):
    """`watcher run` in the background; its log is read as it comes."""

    def _start(self) -> tuple[Child, IO[str]]:
        log, written = os.pipe()
        with TemporaryFile() as nothing, open(written, "wb") as file:  # noqa: PTH123 - a pipe
            child = _bear(self._arguments, self._folder, self._env, (nothing, file, file))
        return child, os.fdopen(log, encoding="utf-8")


def run(
    *arguments: object,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    timeout_s: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    words = [str(argument) for argument in arguments]
    with TemporaryFile() as read, TemporaryFile() as output, TemporaryFile() as errors:
        read.write(stdin)
        read.seek(0)
        child = _bear(words, cwd, env, (read, output, errors))
        try:
            code = child.wait(timeout_s)
        finally:
            child.kill()  # nothing where it ended
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(
            words, code, output.read().decode(), errors.read().decode()
        )


def _bear(
    arguments: Sequence[str],
    cwd: Path,
    env: Mapping[str, str] | None,
    streams: Sequence[IO[bytes]],
) -> Child:
    request = {"arguments": arguments, "cwd": str(cwd), "env": environment(env)}
    told, tells = os.pipe()
    descriptors = [*(stream.fileno() for stream in streams), tells]
    socket.send_fds(_nursery(), [json.dumps(request).encode()], descriptors)
    os.close(tells)
    return Child(told)


@cache
def _nursery() -> socket.socket:
    """Start the nursery of this process; it ends with it."""
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, str(NURSERY), str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        env=environment(None),
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait(30)

    atexit.register(end)
    return ours
