"""`watcher feeds poll`: one poll that can be watched."""

import asyncio
import logging
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.config import config_option, load_or_exit
from watcher.cli.output import ago, json_option, one_line, print_json
from watcher.cli.state import database_of
from watcher.service.moments import utc_now
from watcher.wording import plural

if TYPE_CHECKING:
    from watcher.config.settings import Settings

#: The daemon has so long to answer when it has waited for the poll as long as it does.
ANSWER_S = 5.0


@click.command()
@click.argument("feed", metavar="URL-or-NAME")
@config_option
@json_option
def poll(feed: str, config: Path | None, *, as_json: bool) -> None:
    """Poll one feed of the configuration now, and show what came back.

    The running daemon does it, with the usual pause between two requests to one host; without one
    the command polls by itself, and alerts wait for the next `watcher run`. Exit code 1 when the
    poll failed.
    """
    settings = load_or_exit(config)
    result = asyncio.run(_poll(settings, feed))
    if as_json:
        print_json(result)
    else:
        _show(result)
    if result["error"]:
        sys.exit(1)


async def _poll(settings: "Settings", feed: str) -> Mapping[str, Any]:
    from watcher.service import log
    from watcher.service.by_hand.awaited_poll import longest_wait_s, named
    from watcher.service.by_hand.control import ask_or_do
    from watcher.service.by_hand.operations import POLL, Result
    from watcher.service.daemon import Daemon
    from watcher.service.in_force.watch import Watch
    from watcher.service.polling.roster import unpolled_feeds

    log.configure("auto", level=logging.ERROR)
    database = database_of(settings)

    async def alone() -> Result:
        # A mistyped name must not make a database, nor a poll bring one up to date in passing.
        named(unpolled_feeds(settings, _names(database)), feed)
        return await Daemon(Watch.of(settings), database=database, screen=sys.stdout).poll_one(feed)

    patience_s = longest_wait_s(settings.polling) + ANSWER_S
    return await ask_or_do(database, POLL, {"feed": feed}, alone, patience_s)


def _names(database: Path) -> Mapping[str, str]:
    """Return what the feeds call themselves, in a database that is of this version.

    Raises:
        LockHeldError: a daemon has it, which may just be bringing it up to date.
        StorageError: it is older or newer, or cannot be read.
    """
    from watcher.storage.database import Database
    from watcher.storage.lock import sole_use

    if not database.exists():
        return {}
    with (
        sole_use(database),
        Database.open(database, read_only=True) as opened,
        opened.read() as tx,
    ):
        return {row.url: row.name or "" for row in tx.feeds.all()}


def _show(result: Mapping[str, Any]) -> None:
    click.echo(" - ".join(filter(None, (one_line(result["name"] or ""), result["url"]))))
    click.echo(f"  {_answer(result)}")
    if result["came_from"] not in (None, result["url"]):
        click.echo(f"  redirected to {result['came_from']}")
    if not result["error"]:
        click.echo(f"  {_brought(result)}")
    for match in result["matches"]:
        click.echo(f"  {match['topic']}: {match['action']} ({match['reason']}), story"
                   f" {match['story']}: {one_line(match['title'])}")  # fmt: skip
    for problem in result["problems"]:
        click.echo(f"  problem: {one_line(problem)}")
    if result["next_due"]:
        click.echo(f"  next poll {ago(datetime.fromisoformat(result['next_due']), utc_now())}")


def _answer(result: Mapping[str, Any]) -> str:
    """Say what the server answered, and how soon."""
    if result["error"]:
        ours = "we seem to be offline: " if result["offline"] else ""
        return f"failed after {result['ms']} ms: {ours}{one_line(result['error'])}"
    size = f", {result['bytes'] / 1000:.1f} kB" if result["bytes"] else ""
    return f"status {result['status']}{size}, in {result['ms']} ms"


def _brought(result: Mapping[str, Any]) -> str:
    if result["unchanged"]:
        return "nothing changed since the last poll"
    brought = (
        plural(result["entries"], "entry", "entries"),
        f"{result['new']} new",
        plural(result["stories"], "new story", "new stories"),
        plural(len(result["matches"]), "match", "matches"),
        plural(result["alerts"], "alert"),
        plural(result["replies"], "reply", "replies"),
    )
    return ", ".join(brought)
