"""`watcher topics`: what is watched for."""

import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.backtest import backtest
from watcher.cli.config import config_option, load_or_exit
from watcher.cli.coverage import coverage
from watcher.cli.labels import tell_of_labels
from watcher.cli.output import Group, json_option, one_line, print_json, print_table
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.config.settings import Settings
    from watcher.service.trials.topic_tests import Result

#: Characters of an example that are shown: a line of an analyst's terminal.
HEADLINE = 120
#: Lines of a match line that are shown on a terminal: the shipped ones would fill it.
MATCH_LINES = 3


@click.group(cls=Group)
def topics() -> None:
    """The topics of the watchlist."""


topics.add_command(backtest)
topics.add_command(coverage)


@topics.command("list")
@config_option
@json_option
def list_topics(config: Path | None, *, as_json: bool) -> None:
    """List the topics with their channels, and beneath them their match lines.

    On a terminal a long match line is shortened; `--json` has it whole.
    """
    from watcher.topics.query import in_one_row

    settings = load_or_exit(config)
    every = tuple(settings.channels)
    rows = [
        {
            "id": topic.id,
            "name": topic.name,
            "priority": str(topic.priority),
            "channels": list(every if topic.channels is None else topic.channels),
            "match": in_one_row(topic.match),
        }
        for topic in settings.topics
    ]
    if as_json:
        print_json(rows)
        return
    headings = ("id", "name", "priority", "channels")
    table = [(r["id"], r["name"], r["priority"], ", ".join(r["channels"])) for r in rows]
    print_table(headings, table, "no topics yet: name some in [[topics]]")
    for row in rows:
        line = one_line(f"{row['id']}: {row['match']}")
        click.echo(f"\n{_shortened(line)}")


def _shortened(line: str) -> str:
    """Return a line folded to the terminal, at most MATCH_LINES; whole where there is none."""
    if not sys.stdout.isatty():
        return line
    width = shutil.get_terminal_size().columns
    return textwrap.fill(
        line, width, subsequent_indent="  ", max_lines=MATCH_LINES, placeholder=" …"
    )


@topics.command("test")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@config_option
@json_option
def test_topics(file: Path | None, config: Path | None, *, as_json: bool) -> None:
    """Run every topic's own examples (`tests.yes`, `tests.no`); exit 1 when one fails.

    With FILE, items (JSONL) whose `labels` name the topics that they must meet, and no other.
    Labels that no topic has are told, and count for nothing.
    """
    settings = load_or_exit(config)
    results = _results(settings, file)
    failed = [result for result in results if not result.passed]
    if as_json:
        print_json([result.as_record() for result in results])
    else:
        for result in failed:
            expected = "should match" if result.expected else "should not match"
            headline = one_line(result.headline[:HEADLINE])
            click.echo(f"{result.topic}: {expected}: {headline} ({result.reason})")
        click.echo(f"{len(results) - len(failed)} of {len(results)} examples pass")
    if failed:
        sys.exit(1)


def _results(settings: "Settings", file: Path | None) -> "list[Result]":
    from watcher.service.trials.items import read_items
    from watcher.service.trials.topic_tests import run_examples, run_tests

    if file is None:
        return list(run_tests(settings))
    items = read_items(file)
    if all(item.labels is None for item in items):
        raise UsageError(f'{file}: no item has "labels", so nothing says what it should match')
    tell_of_labels(items, settings)
    return list(run_examples(settings, items))
