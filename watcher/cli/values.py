"""Values of options that click has no type for."""

from datetime import timedelta

import click


def duration_option(_context: click.Context, _option: click.Parameter, text: str) -> timedelta:
    """Return an option's duration, as the configuration writes them ("36h", "14d")."""
    from watcher.config.values import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
