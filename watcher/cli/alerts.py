"""`watcher alerts`: the alerts and their deliveries."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_option
from watcher.cli.output import (
    NUMBER,
    ago,
    json_option,
    limit_option,
    print_json,
    print_table,
    rfc3339,
)
from watcher.cli.state import now, reading
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.storage.rows import AlertRow


@click.group()
def alerts() -> None:
    """The alerts and their deliveries."""


@alerts.command("list")
@config_option
@click.option("--topic", help="Only this topic's.")
@click.option(
    "--state", type=click.Choice(["pending", "sending", "sent", "dead"]), help="Only these."
)
@limit_option
@json_option
def list_alerts(
    config: Path | None, topic: str | None, state: str | None, limit: int, *, as_json: bool
) -> None:
    """List the newest alerts and replies with where they went."""
    from watcher.storage.rows import State

    with reading(config) as (_, tx):
        rows = tx.alerts.latest(topic=topic, state=State(state) if state else None, limit=limit)
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    at = now()
    print_table(
        ("alert", "made", "topic", "kind", "story", "deliveries", "headline"),
        [
            (row.id, ago(row.created, at), row.topic, row.action, row.story, _went(row), row.title)
            for row in rows
        ],
        "no alerts yet",
    )


@alerts.command("show")
@click.argument("number", type=NUMBER)
@config_option
@json_option
def show_alert(number: int, config: Path | None, *, as_json: bool) -> None:
    """Show an alert: its entries, the reasons, its deliveries and every attempt."""
    with reading(config) as (_, tx):
        row = tx.alerts.get(number)
        if row is None:
            raise UsageError(f"there is no alert {number}; `watcher alerts list` shows them")
        entries = tx.entries.by_numbers(tx.alerts.entries(number))
        decisions = [d for d in tx.alerts.decisions(tuple(entries)) if d.topic == row.topic]
        attempts = tx.alerts.attempts(number)
    if as_json:
        told = [
            {
                "entry": decision.entry,
                "title": entries[decision.entry].entry.title,
                "outlet": entries[decision.entry].entry.outlet,
                "action": str(decision.action),
                "reason": str(decision.reason),
            }
            for decision in decisions
        ]
        print_json({**asdict(row), "told": told, "attempts": [asdict(a) for a in attempts]})
        return
    click.echo(f"alert {row.id}: {row.action} for {row.topic}, story {row.story}, {row.priority}")
    for decision in decisions:
        entry = entries[decision.entry].entry
        click.echo(f"  {decision.reason:<14} {entry.outlet}: {entry.title}")
    for delivery in row.deliveries:
        tries = "1 attempt" if delivery.attempts == 1 else f"{delivery.attempts} attempts"
        click.echo(f"  to {delivery.channel}: {delivery.state}, {tries}")
        for attempt in (a for a in attempts if a.delivery == delivery.id):
            outcome = attempt.outcome or "under way"
            click.echo(f"    {rfc3339(attempt.started)}  {outcome}  {attempt.error or ''}".rstrip())


def _went(row: "AlertRow") -> str:
    return ", ".join(f"{delivery.channel}: {delivery.state}" for delivery in row.deliveries)
