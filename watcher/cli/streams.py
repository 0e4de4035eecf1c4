"""Standard streams and arguments, whatever the shell made of them: closed, full, unread, odd."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import Any

import click
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


def remark(sentence: str) -> None:
    """Say on standard error what is no answer: that nothing was done, or what is odd."""
    click.echo(f"watcher: {sentence}", err=True)


def is_unicode() -> bool:
    """Tell whether the output can hold every letter."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")


def text_of(argument: str) -> str:
    """Return an argument as the UTF-8 that it is, also where the locale knows only ASCII."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Text(click.types.StringParamType):
    """A text that can be looked for and kept: UTF-8, or the name of a file, as of `parse FILE`."""

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """Return the text.

        Raises:
            UsageError: it is not UTF-8, and no file is called so.
        """
        text = super().convert(value, parameter, context)
        if not _is_utf_8(text) and not os.path.lexists(text):
            raise UsageError(
                f"the argument “{text_of(text)}” is not UTF-8, and no file is called so"
            )
        return text


def demand_text(command: click.Command) -> None:
    """Let a command and those below it take only UTF-8 as texts; files may be called anything."""
    for parameter in command.params:
        if parameter.type is click.STRING:
            parameter.type = Text()
    if isinstance(command, click.Group):
        for part in command.commands.values():
            demand_text(part)


def _is_utf_8(text: str) -> bool:
    with suppress(UnicodeDecodeError):
        text.encode("utf-8", "surrogateescape").decode("utf-8")
        return True
    return False


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
