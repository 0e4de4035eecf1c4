"""`watcher parse`: what Watcher reads in one feed document. Needs no configuration."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from watcher.cli.config import config_option, load_or_exit, settings_in_use
from watcher.cli.output import json_option, print_json
from watcher.cli.values import DURATION, allow_private_option
from watcher.errors import FeedError, UsageError
from watcher.feeds.guard import Network, with_option
from watcher.service.moments import rfc3339, utc_now

if TYPE_CHECKING:
    from watcher.config.settings import PollingTable
    from watcher.feeds.parsed import ParsedEntry, ParsedFeed

#: Bytes read of a file: the limit for feeds and one more, so that a larger one is noticed.
MAX_READ_BYTES = 10_000_001

#: Characters of a summary in the listing for people.
SHOWN = 100

#: Patience for parsing: with the start of two processes the command is over within ten seconds.
PATIENCE = "8s"

#: Where a URL's patience ends beside that for parsing; as `[polling] timeout`.
FETCH_TIMEOUT = timedelta(seconds=30)


class _Body(NamedTuple):
    """A document as it came: its bytes, their kind, their address, and that they broke off."""

    body: bytes
    content_type: str | None
    url: str
    broken: FeedError | None


@click.command
@click.argument("source", metavar="FILE-or-URL")
@json_option
@click.option(
    "--timeout",
    default=PATIENCE,
    show_default=True,
    type=DURATION,
    help="Patience for parsing.",
)
@allow_private_option
@config_option
def parse(
    source: str,
    as_json: bool,
    timeout: timedelta,
    allow_private: tuple[Network, ...],
    config: Path | None,
) -> None:
    """Parse one feed document and show its entries.

    The document is a file, an http(s) address, or - for standard input. Where it is no feed,
    the reason is shown and the exit code is 1. No configuration is needed; of one that can be used
    `proxy` and `user_agent` count.
    """
    try:
        feed = asyncio.run(_read(source, timeout, allow_private, config))
    except UsageError as error:  # a program that reads JSON gets its object here too
        if as_json:
            _show_failure(str(error), as_json=True)
        raise
    except FeedError as error:
        _show_failure(with_option(str(error)), as_json=as_json)
        sys.exit(1)
    if as_json:
        print_json(as_object(feed))
    else:
        _show(feed)


async def _read(
    source: str, patience: timedelta, allow_private: tuple[Network, ...], config: Path | None
) -> "ParsedFeed":
    from watcher.feeds.parsed import broken_off
    from watcher.feeds.workers import ParsePool

    body, content_type, url, broken = await _body(source, allow_private, config)
    pool = ParsePool(timeout=patience)
    try:
        feed = await pool.parse(body, content_type, url, utc_now())
    except FeedError as error:
        if broken:
            raise broken from error
        raise
    finally:
        await pool.close()
    return broken_off(feed, broken) if broken else feed


async def _body(source: str, allow_private: tuple[Network, ...], config: Path | None) -> _Body:
    if source.lower().startswith(("http://", "https://")):
        return await _fetch(source, allow_private, _polling(config))
    return _Body(_file(source), None, "", None)


def _file(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read(MAX_READ_BYTES)
    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_READ_BYTES)
    except OSError as error:
        raise UsageError(f"{source}: {error.strerror or error}") from error


async def _fetch(url: str, allow_private: tuple[Network, ...], polling: "PollingTable") -> _Body:
    from watcher.feeds.fetch import Fetcher, Limits, Request

    limits = Limits(
        timeout=FETCH_TIMEOUT,
        max_body=MAX_READ_BYTES - 1,
        user_agent=polling.user_agent,
        allow_private=allow_private,
        proxy=polling.proxy,
    )
    async with Fetcher(limits, concurrency=1, clock=utc_now) as fetcher:
        fetched = await fetcher.fetch(Request(url=url))
    return _Body(fetched.body or b"", fetched.content_type, fetched.url, fetched.broken)


def _polling(config: Path | None) -> "PollingTable":
    """Return how feeds are asked: by the file that is named, or by one that can be used."""
    from watcher.config.settings import PollingTable

    settings = settings_in_use() if config is None else load_or_exit(config)
    return settings.polling if settings else PollingTable()


def as_object(feed: "ParsedFeed") -> dict[str, Any]:
    """Return what `--json` prints; scripts rely on its keys."""
    return {
        "feed": {
            "title": feed.title,
            "link": feed.link,
            "language": feed.language,
            "ttl_seconds": feed.ttl.total_seconds() if feed.ttl else None,
        },
        "entries": list(map(_entry_object, feed.entries)),
        "problems": list(feed.problems),
    }


def _entry_object(entry: "ParsedEntry") -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "link": entry.link,
        "summary": entry.summary,
        "published": rfc3339(entry.published),
        "updated": rfc3339(entry.updated),
        "author": entry.author,
        "lang": entry.language,
    }


def _show_failure(error: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"feed": None, "entries": [], "problems": [error]})
    else:
        click.echo(f"no feed: {error}", err=True)


def _show(feed: "ParsedFeed") -> None:
    about = ", ".join(filter(None, (feed.language, feed.link)))
    click.echo(f"{feed.title or '(no title)'}{f' ({about})' if about else ''}")
    for entry in feed.entries:
        click.echo(f"\n{entry.title or '(no title)'}")
        click.echo(f"  {rfc3339(entry.time) or 'no date':<20}  {entry.link or entry.id}")
        if entry.summary:
            click.echo(f"  {_shortened(entry.summary)}")
    click.echo(f"\n{len(feed.entries)} entries, {len(feed.problems)} problems")
    for problem in feed.problems:
        click.echo(f"  problem: {problem}")


def _shortened(summary: str) -> str:
    line = " ".join(summary.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1].rstrip() + "…"
