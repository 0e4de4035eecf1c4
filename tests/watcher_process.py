"""The installed `watcher` command as a subprocess, for acceptance tests."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

#: The console script beside this Python: what a user would start.
COMMAND = Path(sys.executable).with_name("watcher")

WATCHLIST = """
[entities.kim]
names = ["Kim Jong Un", "Ким Чен Ын", "김정은"]
short = ["Kim"]

[entities.putin]
names = ["Putin", "Путин", "푸틴"]

[[topics]]
id = "kim-putin-summit"
name = "Kim–Putin summit"
match = "kim NEAR putin"
priority = "high"
"""


def write_config(folder: Path, *, feeds: list[str], channels: str, extra: str = "") -> Path:
    """Write a configuration that polls local feeds every second; return its path."""
    tables = "".join(f'[[feeds]]\nurl = "{url}"\nlang = "en"\n\n' for url in feeds)
    path = folder / "config.toml"
    path.write_text(
        '[polling]\ninterval = "1s"\nmin_interval = "1s"\nmax_interval = "1s"\n'
        'per_host_delay = "0s"\nallow_private = ["127.0.0.0/8"]\n'
        f'[alerts]\ngroup_wait = "0s"\n{extra}\n{WATCHLIST}\n{channels}\n{tables}',
        encoding="utf-8",
    )
    return path


def run(
    *arguments: object, cwd: Path, env: Mapping[str, str] | None = None, timeout_s: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=environment(env),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout_s,
        check=False,
    )


class Process(Protocol):
    """What tests need of a process."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int, /) -> None: ...
    def kill(self) -> None: ...


class WatcherProcess:
    """`watcher run` in the background; its log is read as it comes."""

    def __init__(self, config: Path, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self._arguments = ["run", "--config", str(config), *arguments]
        self._folder, self._env = config.parent, env
        self._lines: list[str] = []
        self._changed = threading.Condition()

    def __enter__(self) -> Self:
        self.process, self._output = self._start()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(30)
        self._reader.join(30)
        self._output.close()
        if error:
            print(self.log)  # noqa: T201 - pytest shows it with the failure

    @property
    def log(self) -> str:
        """What was logged so far."""
        with self._changed:
            return "".join(self._lines)

    def wait_for_log(self, text: str, count: int = 1, timeout_s: float = 60) -> None:
        """Block until a text was logged so many times; fail the test otherwise."""
        self.wait_until(lambda: sum(text in line for line in self._lines) >= count, timeout_s)

    def wait_until(self, condition: Callable[[], bool], timeout_s: float = 60) -> None:
        """Block until something holds of the log."""
        with self._changed:
            assert self._changed.wait_for(condition, timeout_s), "".join(self._lines)

    def wait_for_exit(self, timeout_s: float = 60) -> int:
        """Block until the process ended; return its exit code (negative for a signal)."""
        return self.process.wait(timeout_s)

    def stop(self, timeout_s: float = 60) -> int:
        """End it as systemd would, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait_for_exit(timeout_s)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def _start(self) -> tuple[Process, IO[str]]:
        """Start it; return it and what it writes."""
        process = subprocess.Popen(
            [COMMAND, *self._arguments],
            cwd=self._folder,
            env=environment(self._env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        assert process.stdout
        return process, process.stdout

    def _read(self) -> None:
        for line in self._output:
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()


def environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    """Return our environment without what would steer the command from outside."""
    steering = {"WATCHER_CONFIG", "WATCHER_FAILPOINT", "STATE_DIRECTORY", "NOTIFY_SOCKET"}
    kept = {name: value for name, value in os.environ.items() if name not in steering}
    return {**kept, "PYTHONUNBUFFERED": "1", **(extra or {})}
