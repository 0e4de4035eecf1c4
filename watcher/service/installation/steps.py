"""Steps: what an installation does to the machine, each looked at before anything is done.

A step says in one line what it brings about, whether that is so already, and how to do it. So a
plan can be shown, asked about, repeated, and broken off anywhere.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from watcher.errors import WatcherError

READABLE = 0o644


class InstallationError(WatcherError):
    """The machine refused a step."""


class Run(Protocol):
    """Runs a command of the machine."""

    def __call__(
        self, command: Sequence[str], *, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Return what came of it; raise InstallationError if it failed and `check` is set."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to bring about.

    Attributes:
        what: the thing, such as a file's path or a command line.
        why: what it is for, in a few words.
        is_done: nothing is to do.
        do: brings it about.
    """

    what: str
    why: str
    is_done: bool
    do: Callable[[], object]


def run(command: Sequence[str], *, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command and return what it said.

    Raises:
        InstallationError: it is missing, or it failed and `check` is set.
    """
    try:
        ended = subprocess.run(  # noqa: S603 - our own commands, no shell
            list(command), capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        raise InstallationError(f"{command[0]} cannot be run: {error.strerror}") from error
    if check and ended.returncode:
        raise InstallationError(f"`{' '.join(command)}` failed: {_last_words(ended)}")
    return ended


def look(command: Sequence[str], *, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Do as `run`; of a program that is missing nothing is heard: a plan can be shown without."""
    if shutil.which(command[0]) is None:
        return subprocess.CompletedProcess(list(command), returncode=1, stdout="", stderr="")
    return run(command, check=check)


def write(path: Path, text: str, why: str) -> Step:
    """Have a file with a text; one that reads otherwise is overwritten."""
    return Step(f"write {path}", why, _reads(path) == text, lambda: _write(path, text))


def write_once(path: Path, text: Callable[[], str], why: str) -> Step:
    """Have a file; one that is there stays as it is."""
    return Step(f"write {path}", why, path.exists(), lambda: _write(path, text()))


def folder(path: Path, mode: int, why: str) -> Step:
    """Have a folder; one that is there stays as it is."""
    return Step(f"make {path}", why, path.is_dir(), lambda: _make(path, mode))


def link(path: Path, target: Path, why: str) -> Step:
    """Have a link; what somebody else put there stays, since it may be theirs."""
    is_done = os.path.lexists(path)
    return Step(f"link {path} to {target}", why, is_done, lambda: _link(path, target))


def remove(path: Path, why: str) -> Step:
    """Have no such file, link or folder."""
    return Step(f"remove {path}", why, not os.path.lexists(path), lambda: _remove(path))


def remove_link(path: Path, target: Path, why: str) -> Step:
    """Have no link to a target; one that leads elsewhere is not ours."""
    return Step(f"remove {path}", why, not _is_ours(path, target), lambda: _remove(path))


def command(line: Sequence[str], why: str, run: Run, *, is_done: bool = False) -> Step:
    """Run a command of the machine."""
    return Step(" ".join(line), why, is_done, lambda: run(line))


def perform(steps: Iterable[Step], tell: Callable[[Step], object]) -> None:
    """Do what is not done yet, in order; `tell` hears of each step before it begins.

    Raises:
        InstallationError: a step failed; those before it stay done, and a new try goes on there.
    """
    for step in steps:
        if step.is_done:
            continue
        tell(step)
        try:
            step.do()
        except OSError as error:
            raise InstallationError(f"{step.what}: {error.strerror or error}") from error


def _reads(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _write(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.chmod(READABLE)
    partial.replace(path)


def _make(path: Path, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)


def _link(path: Path, target: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def _is_ours(path: Path, target: Path) -> bool:
    return path.is_symlink() and path.readlink() == target


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _last_words(ended: subprocess.CompletedProcess[str]) -> str:
    """Return the end of what a failed command said; the reason is rarely at the beginning."""
    lines = [line for line in (ended.stderr or ended.stdout).splitlines() if line.strip()]
    return "; ".join(lines[-3:]) or f"exit code {ended.returncode}"
