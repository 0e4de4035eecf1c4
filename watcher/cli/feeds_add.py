"""`watcher feeds add`: a feed into the configuration, by its address or that of its page."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_option, load_with_document
from watcher.cli.growing import (
    Addition,
    add_feeds,
    file_option,
    holds_login,
    mistake_in,
    without_login,
)
from watcher.cli.output import json_option, one_line, print_json
from watcher.cli.values import allow_private_option
from watcher.errors import UsageError
from watcher.feeds.guard import Network, with_option
from watcher.feeds.links import address

if TYPE_CHECKING:
    from watcher.config.growing import NewFeed
    from watcher.config.settings import Settings
    from watcher.feeds.discover import Named
    from watcher.service.polling.feed_finder import Finder, Found


#: Why an address is not added.
_NO_LOGIN = (
    "an address must not hold a user or password, it is shown in listings: add it without,"
    " by --unchecked, and give its feed `basic_auth_file`"
)
_WITH_LOGIN = "add it by --unchecked and give its feed `basic_auth_file`"


@click.command("add")
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@click.option("--name", default="", help="The outlet. Default: the feed's own title.")
@click.option("--lang", default="", metavar="TAG", help="Its language, such as id. A hint.")
@click.option("--tag", "tags", multiple=True, help="A word to sort feeds by; may be repeated.")
@click.option("--all", "every", is_flag=True, help="Every feed that a page names.")
@click.option("--unchecked", is_flag=True, help="Fetch nothing: add the address as it is.")
@allow_private_option
@file_option
@config_option
@json_option
def add(
    urls: tuple[str, ...],
    name: str,
    lang: str,
    tags: tuple[str, ...],
    *,
    every: bool,
    unchecked: bool,
    allow_private: tuple[Network, ...],
    file: Path | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Add feeds to the configuration.

    URL is a feed, or a page that names its feeds: then the one is taken, or you choose. Each is
    fetched and read once before it is added, as a block at the end of the file; nothing else in
    it changes. A feed that a page names is added without that where its host wants to be left alone
    for now (429, 503). Exit code 1 when one of them is no feed, 2 when you have to choose.
    """
    from watcher.config.growing import NewFeed

    settings, document = load_with_document(config)
    wanted = [address(url) for url in urls]
    if any(map(holds_login, wanted)):  # before it is sent anywhere or shown
        raise UsageError(_NO_LOGIN)
    found = [NewFeed(url) for url in wanted]
    failed: list[Found] = []
    if not unchecked:
        found, failed = asyncio.run(
            _find(settings, urls, allow_private, every=every, as_json=as_json)
        )
    private = tuple(map(str, allow_private))
    feeds = [
        replace(feed, name=name, lang=lang, tags=tags, allow_private=private) for feed in found
    ]
    for feed in feeds:
        if mistake := mistake_in(feed):
            raise UsageError(f"{without_login(feed.url)}: {mistake}")
    addition = add_feeds(settings, document, feeds, file)
    _tell(addition, failed, as_json=as_json)
    if failed:
        sys.exit(1)


async def _find(
    settings: "Settings",
    urls: Sequence[str],
    allow_private: Sequence[Network],
    *,
    every: bool,
    as_json: bool,
) -> "tuple[list[NewFeed], list[Found]]":
    from watcher.service.polling.feed_finder import finding

    feeds: list[NewFeed] = []
    failed: list[Found] = []
    async with finding(settings, allow_private) as finder:
        for typed in urls:
            url = address(typed)
            for found in await _looked_up(finder, url, every=every, as_json=as_json):
                if holds_login(found.url):
                    failed.append(replace(found, url=without_login(found.url), error=_NO_LOGIN))
                elif found.feed or found.is_open:
                    feeds.append(_new_feed(found))
                else:
                    failed.append(replace(found, error=_advised(found, typed)))
    return feeds, failed


def _advised(found: "Found", typed: str) -> str:
    """Return why there is no feed, with what can be done about it where none is added yet."""
    from watcher.feeds.failures import LOGIN_ADVICE

    error = with_option(found.error).replace(LOGIN_ADVICE, _WITH_LOGIN)
    is_guessed = found.url == address(typed) != typed.strip()
    if found.is_unreached and is_guessed:
        return f"{error}; or write http{found.url.removeprefix('https')}"
    return error


def _new_feed(found: "Found") -> "NewFeed":
    from watcher.config.growing import NewFeed

    about = one_line(found.feed.title) if found.feed else ""
    return NewFeed(found.url, about=about, unseen=found.error)


async def _looked_up(finder: "Finder", url: str, *, every: bool, as_json: bool) -> "list[Found]":
    """Return the feed at an address, or those that its page names and that were chosen."""
    from watcher.service.polling.feed_finder import Found

    click.echo(f"looking at {url}", err=True)
    found = await finder.look(url)
    if found.is_open:  # who knows whether it is a feed or a page: only the user
        return [replace(found, is_open=False, error=f"{found.error}; or say --unchecked")]
    if found.feed or not found.named:
        return [found]
    chosen = _chosen(url, found.named, every=every, as_json=as_json)
    logins = [Found(one.url) for one in chosen if holds_login(one.url)]  # are never asked
    asked = [one.url for one in chosen if not holds_login(one.url)]
    return [*logins, *await finder.look_at_all(asked)]


def _chosen(url: str, named: "Sequence[Named]", *, every: bool, as_json: bool) -> "Sequence[Named]":
    """Let the user choose among the feeds of a page; where nobody can be asked, list them."""
    if every or len(named) == 1:
        return named
    if as_json:
        choices = [{"url": without_login(one.url), "title": one.title} for one in named]
        print_json({"added": [], "choices": choices})
        sys.exit(2)
    click.echo(f"{url} names {len(named)} feeds:", err=True)
    for number, one in enumerate(named, 1):
        click.echo(f"  {number:>2}  {without_login(one.url)}  {one.title}".rstrip(), err=True)
    if not sys.stdin.isatty():
        raise UsageError("choose one: `watcher feeds add ITS-URL`, or take them all with --all")
    answer = click.prompt("Which? (numbers, or all)", default="1", err=True)
    return _picked(answer, named)


def _picked(answer: str, named: "Sequence[Named]") -> "Sequence[Named]":
    words = answer.replace(",", " ").split()
    if words == ["all"]:
        return named
    numbers = [int(word) if word.isascii() and word.isdigit() else 0 for word in words]
    if not numbers or not all(1 <= number <= len(named) for number in numbers):
        raise UsageError(f"{answer!r} is no choice: numbers from 1 to {len(named)}, or all")
    return [named[number - 1] for number in dict.fromkeys(numbers)]


def _tell(addition: Addition, failed: "Sequence[Found]", *, as_json: bool) -> None:
    if as_json:
        errors = [{"url": found.url, "error": found.error} for found in failed]
        print_json({**addition.record(), "failed": errors})
        return
    for found in failed:
        click.echo(f"not added: {found.url}: {found.error}", err=True)
    addition.tell()
