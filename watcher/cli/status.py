"""`watcher status`: how Watcher is doing, on one screen."""

import sys
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_option
from watcher.cli.output import ago, json_option, print_json
from watcher.cli.state import now, reading

if TYPE_CHECKING:
    from watcher.config.settings import Settings
    from watcher.storage.rows import Status

DAY = timedelta(days=1)
#: A healthy daemon polls at least this much sooner than twice its longest interval.
LATE_FACTOR = 2


@click.command()
@config_option
@json_option
def status(config: Path | None, *, as_json: bool) -> None:
    """Show on one screen how Watcher is doing.

    Exits with 1 when something is wrong.
    """
    with reading(config) as (settings, tx):
        found = tx.status(now() - DAY)
    complaints = complaints_of(found, settings, now())
    if as_json:
        counts = {str(state): number for state, number in found.deliveries.items()}
        record = {**asdict(found), "deliveries": counts, "complaints": complaints}
        print_json({"healthy": not complaints, **record})
    else:
        _print(found, complaints)
    if complaints:
        sys.exit(1)


def complaints_of(found: "Status", settings: "Settings", at: datetime) -> list[str]:
    """Return what is wrong, a sentence each; nothing when all is well."""
    from watcher.storage.rows import State

    complaints = []
    late = _longest_interval(settings) * LATE_FACTOR
    if found.feeds and found.last_success is None:
        complaints.append("no feed was ever polled with success: is `watcher run` running?")
    elif found.last_success and at - found.last_success > late:
        complaints.append(f"the last good poll was {ago(found.last_success, at)}")
    if found.feeds and found.feeds_failing == found.feeds:
        complaints.append("every feed fails: see `watcher feeds list`")
    if dead := found.deliveries[State.DEAD]:
        count = "1 delivery is" if dead == 1 else f"{dead} deliveries are"
        complaints.append(f"{count} dead: see `watcher alerts list --state dead`")
    return complaints


def _longest_interval(settings: "Settings") -> timedelta:
    fixed = (feed.interval for feed in settings.feeds if feed.interval)
    return max(settings.polling.max_interval, *fixed, timedelta())


def _print(found: "Status", complaints: list[str]) -> None:
    from watcher.storage.rows import State

    sent, waiting, dead = (found.deliveries[s] for s in (State.SENT, State.PENDING, State.DEAD))
    at = now()
    lines = [
        ("feeds", f"{found.feeds}, {found.feeds_failing} failing, {found.feeds_never_polled} new"),
        ("last good poll", ago(found.last_success, at)),
        ("entries", f"{found.entries}, {found.recent_entries} in the last 24 h"),
        ("stories", f"{found.stories}, {found.recent_stories} in the last 24 h"),
        ("alerts", f"{found.alerts}, {found.recent_alerts} in the last 24 h"),
        ("deliveries", f"{sent} sent, {waiting} waiting, {dead} dead"),
        ("last sent", ago(found.last_sent, at)),
        ("database", f"{found.database_bytes / 1e6:.1f} MB, schema {found.revision}"),
    ]
    for name, value in lines:
        click.echo(f"{name:>15}  {value}")
    for complaint in complaints:
        click.echo(f"{'!':>15}  {complaint}")
