"""`watcher feeds`: the feeds and their health."""

from dataclasses import asdict
from pathlib import Path

import click

from watcher.cli.config import config_option
from watcher.cli.feeds_add import add
from watcher.cli.feeds_opml import export_feeds, import_feeds
from watcher.cli.feeds_poll import poll
from watcher.cli.output import ago, json_option, print_json, print_table
from watcher.cli.state import now, reading


@click.group()
def feeds() -> None:
    """The feeds and their health."""


feeds.add_command(add)
feeds.add_command(import_feeds)
feeds.add_command(export_feeds)
feeds.add_command(poll)


@feeds.command("list")
@config_option
@click.option("--all", "every", is_flag=True, help="Also those that left the configuration.")
@json_option
def list_feeds(config: Path | None, *, every: bool, as_json: bool) -> None:
    """List the feeds: health, next poll, entries, last error in plain words."""
    with reading(config) as (_, tx):
        rows = tx.feeds.all(inactive=every)
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    at = now()
    print_table(
        ("feed", "health", "last good poll", "next", "entries", "newest", "error"),
        [
            (
                row.name or row.url,
                _health(row.failures, polled=row.last_success is not None),
                ago(row.last_success, at),
                ago(row.next_due, at) if row.next_due else "now",
                row.entries,
                ago(row.newest, at),
                row.last_error,
            )
            for row in rows
        ],
        "no feeds yet: name some in [[feeds]] and start `watcher run`",
    )


def _health(failures: int, *, polled: bool) -> str:
    if failures:
        return f"failed {failures}x"
    return "well" if polled else "new"
