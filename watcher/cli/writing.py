"""Files that commands write: whole, or not at all."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, TextIO

from watcher.cli import streams
from watcher.errors import UsageError, WatcherError

#: As many symbolic links as Linux follows.
_MOST_LINKS = 40
#: The mode of a file that is no secret, before the umask.
_PUBLIC = 0o666


@contextmanager
def writing(output: Path, *, is_private: bool = True) -> Iterator[TextIO]:
    """Yield what is written to; a file takes its place when it is whole, with the old one's mode.

    Args:
        output: a file, or a device, a pipe or an open file of this program.
        is_private: a file that was not there is ours alone.

    Raises:
        WatcherError: it cannot be written.
    """
    if descriptor := _descriptor(output):
        with _inherited(output, descriptor) as file:
            yield file
    elif _is_device(output):
        with _opened(output, output) as file:
            yield file
    else:
        with _replacing(output, is_private=is_private) as file:
            yield file


def _descriptor(output: Path) -> Path | None:
    """Return what a name leads to if that is an open file of a program: /dev/stdout, /dev/fd/3.

    The file behind it is the shell's: what `>>` adds to is not replaced.
    """
    with suppress(OSError):  # it ends where nothing is a link any more, or can be looked at
        for _ in range(_MOST_LINKS):
            output = Path(os.path.realpath(output.parent), output.name)
            if output.parent.match("/dev/fd") or output.parent.match("/proc/*/fd"):
                return output if os.path.lexists(output) else None
            output = output.parent / output.readlink()
    return None


def _inherited(output: Path, descriptor: Path) -> TextIO:
    """Open what a program has open, to go on where it is; of ours only what the shell gave us."""
    if descriptor.parent not in {Path("/dev/fd"), Path(os.path.realpath("/proc/self/fd"))}:
        return _opened(output, descriptor, "a")
    number = int(descriptor.name)
    if not os.get_inheritable(number):  # the database, say
        raise UsageError(f"{output} cannot be written: {os.strerror(errno.EBADF)}")
    return _opened(output, os.dup(number))


def _is_device(output: Path) -> bool:
    """Tell whether a device or a pipe stands there: one writes to it, and never in its place."""
    with suppress(OSError):
        return not stat.S_ISREG(output.stat().st_mode)
    return False


@contextmanager
def _replacing(output: Path, *, is_private: bool) -> Iterator[TextIO]:
    """Yield what takes a file's place in the end; a symbolic link goes on leading to it."""
    target = Path(os.path.realpath(output))
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise unwritable(output, error) from error
    try:
        with _opened(output, descriptor) as file:
            if not is_private:
                os.fchmod(descriptor, _PUBLIC & ~_umask())
            yield file
            _look_like(file, target)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _opened(output: Path, file: Path | int, mode: Literal["w", "a"] = "w") -> TextIO:
    try:
        return open(file, mode, encoding="utf-8", errors="replace", newline="")  # noqa: PTH123 - also a descriptor
    except OSError as error:
        raise unwritable(output, error) from error


def unwritable(output: Path, error: OSError) -> WatcherError:
    """Return the error for a file that cannot be written; a full disk is no wrong usage."""
    sentence = f"{output} cannot be written: {error.strerror or error}"
    return WatcherError(sentence) if error.errno in streams.FULL else UsageError(sentence)


def _umask() -> int:
    mask = os.umask(0o777)
    os.umask(mask)
    return mask


def _look_like(file: TextIO, target: Path) -> None:
    """Take over owner and mode of a file that is there; where it is another's, stay private."""
    from watcher.config.growing import be_like

    with suppress(FileNotFoundError, PermissionError):
        be_like(file.fileno(), target.stat())
