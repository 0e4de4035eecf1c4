"""Values of options that click has no type for."""

from datetime import timedelta
from ipaddress import ip_network

import click

from watcher.feeds.guard import Network


def duration_option(_context: click.Context, _option: click.Parameter, text: str) -> timedelta:
    """Return an option's duration, as the configuration writes them ("36h", "14d")."""
    from watcher.config.values import parse_duration

    try:
        return parse_duration(text)
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
