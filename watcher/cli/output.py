"""How commands print: helps, JSON for programs, tables for people, progress for the patient."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import click

from watcher.cli.streams import is_unicode
from watcher.service.moments import rfc3339
from watcher.surrogates import encodable

T = TypeVar("T")

#: Columns of a table that is not shown on a terminal: wider than any row.
UNFOLDED = 10_000

#: Letters of the sentence that tells a command: as many as it has, it is wrapped.
LONGEST_HELP = 200

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066\u2067\ud800-\udfff]+")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


class Group(click.Group):
    """A group that tells each of its commands by a whole sentence; click cuts it to one line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands."""
        names = self.list_commands(ctx)
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self.commands[name].get_short_help_str(LONGEST_HELP)) for name in names]
            )


def print_json(value: object) -> None:
    """Print one JSON document on one line."""
    click.echo(json_text(value))


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return a JSON document, on one line unless indented.

    In UTF-8, with lone surrogates replaced; or all escaped where the output knows fewer letters.
    """
    text = json.dumps(value, ensure_ascii=not is_unicode(), default=_encode, indent=indent)
    return encodable(text)


def _encode(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    return sorted(value) if isinstance(value, frozenset | set) else str(value)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]], empty: str = "") -> None:
    """Print rows as a table, or the sentence that says that there are none."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    shown = [[_cell(value) for value in row] for row in rows]
    if not shown:
        click.echo(empty)
        return
    table = Table(*headings, box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for row in shown:
        table.add_row(*row)
    # Into a pipe or file a line is never folded: grep and cut must find whole cells.
    width = None if sys.stdout.isatty() else UNFOLDED
    console = Console(width=width, highlight=False, markup=False, emoji=False)
    # Printed by click like all else: rich has ways of its own when the reader left.
    with console.capture() as captured:
        console.print(table)
    click.echo(captured.get(), nl=False)


def _cell(value: object) -> str:
    return "-" if value is None or value == "" else one_line(str(value))


def one_line(text: str) -> str:
    """Return a text of a feed's without what would begin a line or steer a terminal."""
    return _CONTROLS.sub(" ", text)


@contextmanager
def progress(things: Sequence[T], label: str, *, prints: bool = False) -> Iterator[Iterable[T]]:
    """Yield the things with a progress bar on stderr, when that is a terminal.

    Args:
        things: what is gone through.
        label: what is done with them.
        prints: a line is printed for each, so that on a terminal those are progress enough.
    """
    if not sys.stderr.isatty() or (prints and sys.stdout.isatty()):
        yield things
        return
    with click.progressbar(things, label=label, file=sys.stderr) as bar:
        yield bar


def ticking(label: str) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """Return what goes through things and shows the progress, for work that is done elsewhere."""

    def tick(things: Iterable[Any]) -> Iterator[Any]:
        with progress(list(things), label) as bar:
            yield from bar

    return tick


def ago(time: datetime | None, now: datetime) -> str:
    """Return a time as people say it: "3 min ago", "in 2 h", "never"."""
    if time is None:
        return "never"
    seconds = (now - time).total_seconds()
    text = span_text(abs(seconds))
    return f"{text} ago" if seconds >= 0 else f"in {text}"


def span_text(seconds: float) -> str:
    """Return a length of time in one unit: "3 min"."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
