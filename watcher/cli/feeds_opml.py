"""`watcher feeds import|export`: subscriptions from and for other readers, as OPML."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from watcher.cli.config import config_option, load_or_exit, load_with_document
from watcher.cli.growing import (
    Addition,
    add_feeds,
    file_option,
    mistake_in,
    parted,
    without_login,
)
from watcher.cli.output import json_option, print_json, progress
from watcher.cli.state import has_state, reading_of
from watcher.cli.streams import remark
from watcher.cli.values import NewFile
from watcher.cli.writing import writing
from watcher.errors import StorageError, UsageError
from watcher.service.moments import utc_now

if TYPE_CHECKING:
    from watcher.config.growing import NewFeed
    from watcher.config.settings import Settings
    from watcher.feeds.opml import Outline
    from watcher.service.polling.feed_finder import Found

#: Bytes of a list that are read; ten thousand feeds take 3 MB.
MAX_READ_BYTES = 50_000_000

Skipped = list[tuple[str, str]]


@click.command("import")
@click.argument("source", metavar="FILE", type=click.File("rb"))
@click.option("--check", is_flag=True, help="Fetch each once, and leave out what is no feed.")
@click.option("--tag", "tags", multiple=True, help="A word for all of them; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Change nothing; show what would be added.")
@file_option
@config_option
@json_option
def import_feeds(
    source: BinaryIO,
    tags: tuple[str, ...],
    *,
    check: bool,
    dry_run: bool,
    file: Path | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Add the feeds of an OPML file to the configuration.

    FILE is a list of subscriptions as other readers export it, or - for standard input. Its
    folders become tags. What is there already is told and left as it is; nothing is fetched
    unless you say --check. That asks each host at the pace of `per_host_delay`, and no more once it
    wants to be left alone (429, 503): what could not be checked for it is added and told.
    """
    from watcher.feeds.opml import read_opml

    settings, document = load_with_document(config)
    try:
        outlines = read_opml(source.read(MAX_READ_BYTES))
    except UsageError as error:
        raise UsageError(f"{source.name}: {error}") from error
    if not outlines:
        raise UsageError(f"{source.name}: the OPML names no feed")
    feeds, skipped = _usable(outlines, tags)
    if check:
        feeds, failed = _checked(settings, feeds)
        skipped += failed
    if dry_run:
        fresh, known = parted(feeds, settings)
        addition = Addition(document.files[0], 0, tuple(fresh), known, runs=False)
    else:
        addition = add_feeds(settings, document, feeds, file)
    _tell(addition, skipped, dry_run=dry_run, as_json=as_json)


def _usable(outlines: "Sequence[Outline]", tags: Sequence[str]) -> "tuple[list[NewFeed], Skipped]":
    """Part the outlines that can stand in a configuration from the others, with the reason."""
    from watcher.config.growing import NewFeed
    from watcher.feeds.links import address

    feeds: list[NewFeed] = []
    skipped: Skipped = []
    for outline in outlines:
        name = "" if outline.title == outline.url else outline.title
        labels = tuple(dict.fromkeys((*outline.folders, *tags)))
        feed = NewFeed(address(outline.url), name=name, tags=labels)
        if mistake := mistake_in(feed):
            skipped.append((without_login(outline.url), mistake))
        else:
            feeds.append(feed)
    return feeds, skipped


def _checked(settings: "Settings", feeds: "Sequence[NewFeed]") -> "tuple[list[NewFeed], Skipped]":
    """Part those that are feeds indeed from the others, with the reason."""
    from watcher.service.polling.feed_finder import finding

    fresh, _ = parted(feeds, settings)

    async def look(seen: Callable[[], object]) -> "list[Found]":
        async with finding(settings) as finder:
            return await finder.look_at_all([feed.url for feed in fresh], seen)

    with _bar(len(fresh), "checking") as step:
        found = asyncio.run(look(step))
    errors = {feed.url: one for feed, one in zip(fresh, found, strict=True) if not one.feed}
    left_out = {url: one.error for url, one in errors.items() if not one.is_open}
    kept = [
        replace(feed, unseen=errors[feed.url].error) if feed.url in errors else feed
        for feed in feeds
        if feed.url not in left_out
    ]
    return kept, list(left_out.items())


@contextmanager
def _bar(count: int, label: str) -> Iterator[Callable[[], object]]:
    """Yield what is called after each of `count` steps; on a terminal a bar shows them."""
    with progress(range(count), label) as steps:
        walk = iter(steps)
        next(walk, None)
        yield lambda: next(walk, None)


def _tell(addition: Addition, skipped: Skipped, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        left_out = [{"url": url, "reason": reason} for url, reason in skipped]
        print_json({**addition.record(), "skipped": left_out, "dry_run": dry_run})
        return
    for url, reason in skipped:
        click.echo(f"left out: {url}: {reason}", err=True)
    addition.tell(would=dry_run)
    count, unseen = len(addition.added), len(addition.unseen)
    click.echo(
        f"{count} {'would be added' if dry_run else 'added'}"
        f"{f' ({unseen} of them without a check)' if unseen else ''},"
        f" {len(addition.known)} already there,"
        f" {len(skipped)} left out"
    )


@click.command("export")
@click.argument("target", metavar="[FILE]", type=NewFile(allow_dash=True), required=False)
@config_option
def export_feeds(target: Path | None, config: Path | None) -> None:
    """Print the feeds as OPML 2.0, which other readers import; or write FILE.

    FILE may be - for standard output. Tags become folders. Logins, headers and proxies are not
    part of it.
    """
    from watcher.feeds.opml import Outline, write_opml
    from watcher.wording import plural

    settings = load_or_exit(config)
    names = _names(settings)
    outlines = [
        Outline(feed.url, feed.name or names.get(feed.url, ""), feed.tags)
        for feed in settings.feeds
    ]
    document = write_opml(outlines, utc_now())
    private = sum(bool(feed.headers or feed.basic_auth or feed.proxy) for feed in settings.feeds)
    if private:
        feeds = f"{plural(private, 'feed')} {'needs' if private == 1 else 'need'}"
        remark(f"{feeds} a login, headers or a proxy: not in it")
    if target is None or target == Path("-"):
        sys.stdout.buffer.write(document)
        return
    with writing(target, is_private=False) as file:
        file.write(document.decode())
    click.echo(f"wrote {len(outlines)} feeds to {target}", err=True)


def _names(settings: "Settings") -> dict[str, str]:
    """Return the feeds' own titles, as far as they were polled and the database can be read."""
    if not has_state(settings):
        return {}
    try:
        with reading_of(settings) as tx:
            return {row.url: row.name for row in tx.feeds.all() if row.name}
    except StorageError as error:
        remark(f"without the titles that feeds give themselves: {error}")
        return {}
