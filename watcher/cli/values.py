"""Values of options that click has no type for."""

import os
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import click

from watcher.cli.streams import Text


class NewFile(click.Path):
    """A file to be written, as a Path; "folder/" names none, and Path would forget the slash."""

    def __init__(self, *, dir_okay: bool = True, allow_dash: bool = False) -> None:
        super().__init__(path_type=Path, dir_okay=dir_okay, allow_dash=allow_dash)

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """Return the path; a folder that is named and missing is wrong usage."""
        if isinstance(value, str) and value.endswith(os.sep) and not Path(value).is_dir():
            self.fail(f"there is no folder {value}: make it, or name a file", parameter, context)
        return super().convert(value, parameter, context)


class Number(click.IntRange):
    """A whole number within bounds; click calls it a range where a word stands in its place."""

    name = "number"


#: Our numbers of stories and alerts, and how many of them: what a column of SQLite holds.
NUMBER = Number(1, 2**63 - 1)


class Limit(click.Option):
    """How many of something; of its bounds, those of the database, the help says nothing."""

    def get_help_extra(self, ctx: click.Context) -> click.types.OptionHelpExtra:
        """Return what stands in brackets."""
        extra = super().get_help_extra(ctx)
        extra.pop("range", None)
        return extra


limit_option = click.option(
    "--limit",
    cls=Limit,
    default=30,
    show_default=True,
    type=NUMBER,
    metavar="NUMBER",
    help="How many at most.",
)

#: A file of items or pairs that is read; - is standard input.
ITEMS_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


class Parsed(Text):
    """What a function reads in a text; it raises ValueError with the sentence for users."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """Return what was read."""
        try:
            return self._parse(super().convert(value, parameter, context))
        except ValueError as error:
            self.fail(str(error), parameter, context)


def parse_duration(text: str) -> timedelta:
    """Return a duration, as the configuration writes them: "36h", "14d"."""
    from watcher.config import values  # which takes longer than to print a help

    return values.parse_duration(text)


def _parse_language(text: str) -> str:
    from watcher.config import values  # as above

    return values.parse_language(text)


DURATION = Parsed("duration", parse_duration)
LANGUAGE = Parsed("tag", _parse_language)

allow_private_option = click.option(
    "--allow-private",
    multiple=True,
    type=Parsed("cidr", ip_network),
    help="A private network that a URL may lead to, such as 127.0.0.0/8.",
)
