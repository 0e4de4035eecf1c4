"""`watcher topics`: what is watched for."""

import sys
from pathlib import Path

import click

from watcher.cli.backtest import backtest
from watcher.cli.config import config_option, load_or_exit
from watcher.cli.coverage import coverage
from watcher.cli.output import json_option, print_json, print_table


@click.group()
def topics() -> None:
    """The topics of the watchlist."""


topics.add_command(backtest)
topics.add_command(coverage)


@topics.command("list")
@config_option
@json_option
def list_topics(config: Path | None, *, as_json: bool) -> None:
    """List the topics with their match lines and channels."""
    settings, _ = load_or_exit(config, warn=False)
    every = tuple(settings.channels)
    rows = [
        {
            "id": topic.id,
            "name": topic.name,
            "priority": str(topic.priority),
            "channels": list(every if topic.channels is None else topic.channels),
            "match": " ".join(topic.match.split()),
        }
        for topic in settings.topics
    ]
    if as_json:
        print_json(rows)
        return
    headings = ("id", "name", "priority", "channels", "match")
    table = [
        (r["id"], r["name"], r["priority"], ", ".join(r["channels"]), r["match"]) for r in rows
    ]
    print_table(headings, table, "no topics yet: name some in [[topics]]")


@topics.command("test")
@config_option
@json_option
def test_topics(config: Path | None, *, as_json: bool) -> None:
    """Run every topic's own examples (`tests.yes`, `tests.no`); exit 1 when one fails."""
    from watcher.service.topic_tests import run_tests

    settings, _ = load_or_exit(config, warn=False)
    results = list(run_tests(settings))
    failed = [result for result in results if not result.passed]
    if as_json:
        print_json([result.as_record() for result in results])
    else:
        for result in failed:
            expected = "should match" if result.expected else "should not match"
            click.echo(f"{result.topic}: {expected}: {result.headline} ({result.reason})")
        click.echo(f"{len(results) - len(failed)} of {len(results)} examples pass")
    if failed:
        sys.exit(1)
