"""`watcher stories`: the stories found so far."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli import corrections
from watcher.cli.config import config_option
from watcher.cli.output import Group, ago, json_option, print_json, print_table
from watcher.cli.state import reading, unknown_topic
from watcher.cli.story_record import story_record
from watcher.cli.streams import remark
from watcher.cli.values import DURATION, NUMBER, limit_option
from watcher.errors import no_story
from watcher.service.moments import utc_now
from watcher.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watcher.config.settings import Settings
    from watcher.outlets.coverage import Coverage
    from watcher.storage.rows import StoryRow


@click.group(cls=Group)
def stories() -> None:
    """The stories found so far."""


stories.add_command(corrections.split)
stories.add_command(corrections.merge)


@stories.command("list")
@config_option
@click.option("--topic", help="Only stories with an entry that matches this topic.")
@limit_option
@json_option
def list_stories(config: Path | None, topic: str | None, limit: int, *, as_json: bool) -> None:
    """List the newest stories: entries, outlets, languages, topics."""
    with reading(config) as (settings, tx):
        rows = tx.stories.latest(topic=topic, limit=limit)
    if not rows and (unknown := unknown_topic(topic, settings)):
        remark(unknown)  # one that was watched once may have some
    told = _told(settings, rows)
    if as_json:
        print_json([story_record(row, one) for row, one in told])
        return
    none = "no such stories" if topic else "no stories yet"
    _print_list([(row, one, row.title) for row, one in told], "first headline", none)


@stories.command("show")
@click.argument("number", type=NUMBER)
@config_option
@json_option
def show_story(number: int, config: Path | None, *, as_json: bool) -> None:
    """Show a story as a tree: who told it, who repeated whom, and why each entry belongs to it."""
    from watcher.cli.story_tree import Shown, print_story, record

    with reading(config) as (settings, tx):
        row = tx.stories.get(number)
        if row is None:
            raise no_story(number)
        shown = Shown(
            row,
            tx.stories.matched(row.id),
            settings,
            utc_now(),
            follows=tx.stories.followed(row.id),
            followed_by=tx.stories.followers(row.id),
        )
    if row.id != number:
        click.echo(f"story {number} was merged into story {row.id}", err=True)
    print_json(record(shown)) if as_json else print_story(shown)


@stories.command("search")
@click.argument("words", nargs=-1, required=True)
@config_option
@click.option("--since", type=DURATION,
              help='Only entries seen in the last, e.g. "36h".')  # fmt: skip
@limit_option
@json_option
def search_stories(
    words: tuple[str, ...],
    config: Path | None,
    since: timedelta | None,
    limit: int,
    *,
    as_json: bool,
) -> None:
    """Find stories by words of their headlines, newest first.

    A headline must hold all WORDS, in any order; case and accents do not matter.
    """
    from watcher.cli.streams import text_of
    from watcher.stories.search import finder

    oldest = None if since is None else utc_now() - since
    with reading(config) as (settings, tx):
        wanted = finder(" ".join(map(text_of, words)))
        found = tx.stories.search(wanted, since=oldest, limit=limit)
    told = _told(settings, [row for row, _ in found])
    titles = [title for _, title in found]
    if as_json:
        records = (story_record(row, one) for row, one in told)
        print_json([{**r, "headline": title} for r, title in zip(records, titles, strict=True)])
        return
    rows = [(row, one, title) for (row, one), title in zip(told, titles, strict=True)]
    _print_list(rows, "headline", "no headline holds these words")


def _told(settings: "Settings", rows: "Sequence[StoryRow]") -> "list[tuple[StoryRow, Coverage]]":
    from watcher.outlets.coverage import coverage
    from watcher.outlets.publishers import Publishers

    publishers = Publishers(settings.publishers)
    return [(row, coverage(row.accounts, publishers)) for row in rows]


def _print_list(rows: "list[tuple[StoryRow, Coverage, str]]", headline: str, nothing: str) -> None:
    at = utc_now()
    print_table(
        ("story", "last entry", "entries", "outlets", "languages", "topics", headline),
        [
            (
                row.id,
                ago(row.last_seen, at),
                row.entries,
                _outlets(told),
                " ".join(told.languages),
                ", ".join(row.topics),
                title,
            )
            for row, told, title in rows
        ],
        nothing,
    )


def _outlets(told: "Coverage") -> str:
    """Return "9", or "9 (5 publishers)" where several outlets are one publisher's."""
    outlets, publishers = len(told.outlets), len(told.publishers)
    return (
        f"{outlets}" if outlets == publishers else f"{outlets} ({plural(publishers, 'publisher')})"
    )
