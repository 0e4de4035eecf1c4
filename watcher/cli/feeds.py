"""`watcher feeds`: the feeds and their health."""

import click

from watcher.cli.feeds_add import add
from watcher.cli.feeds_list import list_feeds
from watcher.cli.feeds_opml import export_feeds, import_feeds
from watcher.cli.feeds_poll import poll
from watcher.cli.output import Group


@click.group(cls=Group)
def feeds() -> None:
    """The feeds and their health."""


for command in (list_feeds, add, import_feeds, export_feeds, poll):
    feeds.add_command(command)
