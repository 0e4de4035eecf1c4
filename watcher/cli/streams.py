"""Standard streams and arguments, whatever the shell made of them: closed, full, unread, odd."""

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper

from click.exceptions import Exit

from watcher.errors import UsageError

#: What writing fails with when the disk behind a redirected output is the trouble.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def prepare() -> None:
    """Put nothing in the place of closed streams, and let no letter be a failure.

    In their order: so no database gets the number of a closed stream, and what is printed.
    A letter that the output's encoding lacks is printed as its number, after a backslash.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - a stream for the whole run
        elif mode == "w" and isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def is_unicode() -> bool:
    """Tell whether the output can hold every letter."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")


def text_of(argument: str) -> str:
    """Return an argument as the UTF-8 that it is, also where the locale knows only ASCII."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def demand_text(arguments: Sequence[str]) -> None:
    """Make sure that every argument is UTF-8, or names what is there: files may be called anything.

    Raises:
        UsageError: one is not, so that it can neither be looked for nor kept.
    """
    for argument in arguments:
        try:
            argument.encode("utf-8", "surrogateescape").decode("utf-8")
        except UnicodeDecodeError:
            if not os.path.lexists(argument):
                raise UsageError(
                    f"the argument “{text_of(argument)}” is not UTF-8, and no file is called so"
                ) from None


@contextmanager
def unread() -> Iterator[None]:
    """End well when the reader left: `watcher stories list | head -3` has what it wanted."""
    try:
        yield
    except BrokenPipeError as error:
        discard()
        raise Exit(0) from error


def discard() -> None:
    """Send nowhere what could not be written, or Python would try again and fail at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complaint(error: OSError) -> str:
    """Return a sentence about a file, or the output, that cannot be used."""
    trouble = error.strerror or str(error)
    if error.filename is None and error.errno in FULL:
        return f"the output cannot be written: {trouble}"
    return f"{error.filename}: {trouble}" if error.filename else trouble
