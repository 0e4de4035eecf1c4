"""Values of options that click has no type for."""

import os
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import click

from watcher.feeds.guard import Network


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


def duration_option(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> timedelta | None:
    """Return an option's duration, as the configuration writes them ("36h", "14d"), or None."""
    from watcher.config.values import parse_duration

    try:
        return None if text is None else parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def language_option(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> tuple[str, ...]:
    """Return an option's language tags, as the configuration takes them."""
    from watcher.config.values import parse_language

    try:
        return tuple(map(parse_language, texts))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _networks(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> tuple[Network, ...]:
    try:
        return tuple(map(ip_network, texts))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


allow_private_option = click.option(
    "--allow-private",
    metavar="CIDR",
    multiple=True,
    callback=_networks,
    help="A private network that a URL may lead to, such as 127.0.0.0/8.",
)
