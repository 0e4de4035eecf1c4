"""`watcher stories`: the stories found so far."""

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
    from watcher.storage.rows import StoredEntry


@click.group()
def stories() -> None:
    """The stories found so far."""


@stories.command("list")
@config_option
@click.option("--topic", help="Only stories with an entry that matches this topic.")
@limit_option
@json_option
def list_stories(config: Path | None, topic: str | None, limit: int, *, as_json: bool) -> None:
    """List the newest stories: entries, outlets, languages, topics."""
    with reading(config) as (_, tx):
        rows = tx.stories.latest(topic=topic, limit=limit)
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    at = now()
    print_table(
        ("story", "last entry", "entries", "outlets", "languages", "topics", "first headline"),
        [
            (
                row.id,
                ago(row.last_seen, at),
                row.entries,
                len(row.outlets),
                " ".join(row.languages),
                ", ".join(row.topics),
                row.title,
            )
            for row in rows
        ],
        "no stories yet",
    )


@stories.command("show")
@click.argument("number", type=NUMBER)
@config_option
@json_option
def show_story(number: int, config: Path | None, *, as_json: bool) -> None:
    """Show a story's entries, and why each belongs to it."""
    with reading(config) as (_, tx):
        row = tx.stories.get(number)
        if row is None:
            raise UsageError(f"there is no story {number}; `watcher stories list` shows them")
        entries = sorted(tx.entries.search(story=number, limit=1000), key=lambda e: e.number)
    if as_json:
        print_json({**asdict(row), "members": [_record(entry) for entry in entries]})
        return
    click.echo(f"story {row.id}: {len(entries)} entries, {len(row.outlets)} outlets")
    for entry in entries:
        click.echo(_line(entry))


def _record(stored: "StoredEntry") -> dict[str, object]:
    return {
        "number": stored.number,
        "title": stored.entry.title,
        "url": stored.entry.url,
        "outlet": stored.entry.outlet,
        "lang": stored.reading.language,
        "time": rfc3339(stored.entry.time),
        "seen": rfc3339(stored.entry.seen),
        "relation": str(stored.relation),
        "copy_of": stored.copy_of,
        "score": stored.score,
        "reason": stored.reason,
        "topics": [match.topic for match in stored.reading.matches],
    }


def _line(stored: "StoredEntry") -> str:
    entry, language = stored.entry, stored.reading.language or "?"
    head = f"  {rfc3339(entry.time)}  {stored.relation:<4} {entry.outlet} [{language}]"
    why = f"copy of {stored.copy_of}: {stored.reason}" if stored.copy_of else stored.reason
    return f"{head} {entry.title}\n      entry {stored.number}, score {stored.score:.0f}: {why}"
