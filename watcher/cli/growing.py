"""What `feeds add` and `feeds import` have in common: new feeds, and what becomes of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.state import database_of
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.config.document import Document
    from watcher.config.growing import NewFeed
    from watcher.config.settings import Settings

#: User and password of an address; of one that is misspelt as well, with "/" in the password or
#: without "//". A port is none, nor is "@" in a path.
_LOGIN = re.compile(
    r"^(\s*(?:[a-z][a-z0-9+.-]*:)?//|)(?:[^/?#\s]*@|[^/?#@:\[]+:(?!\d*(?:[/?#]|$))[^@]*@)",
    re.IGNORECASE,
)

file_option = click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of the configuration to add to. Default: the one that has the feeds.",
)


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of feeds that were to be added.

    Attributes:
        line: of the first block's header in the file.
        known: address -> the same feed's address in the configuration, or in this addition.
        runs: a daemon runs, that will see the changed file.
    """

    file: Path
    line: int
    added: "tuple[NewFeed, ...]"
    known: Mapping[str, str]
    runs: bool

    @property
    def unseen(self) -> "list[NewFeed]":
        """The feeds that were added though nobody could look at them."""
        return [feed for feed in self.added if feed.unseen]

    def tell(self, *, would: bool = False) -> None:
        """Say it to people; `would`: nothing was changed yet."""
        from watcher.config.reading import shown

        for url, same in self.known.items():
            as_what = "" if url == same else f" as {same}"
            click.echo(f"already there{as_what}: {url}")
        for number, feed in enumerate(self.added):
            label = feed.name or feed.about
            place = f" ({shown(self.file)}:{self.line})" if number == 0 and not would else ""
            verb = "would be added" if would else "added"
            click.echo(f"{verb}: {feed.url}{f' - {label}' if label else ''}{place}")
            if feed.unseen:
                click.echo(f"  without a check: {feed.unseen}")
        if self.added and not would:
            it = "it" if len(self.added) == 1 else "them"
            click.echo(
                f"the running Watcher takes {it} over by itself within seconds"
                if self.runs
                else f"`watcher run` will poll {it}"
            )

    def record(self) -> dict[str, object]:
        """Return it for programs."""
        return {
            "added": [feed.table() for feed in self.added],
            "already": [{"url": url, "as": same} for url, same in self.known.items()],
            "unchecked": [{"url": one.url, "reason": one.unseen} for one in self.unseen],
            "file": str(self.file),
            "line": self.line if self.added else None,
            "daemon": self.runs,
        }


def add_feeds(
    settings: "Settings", document: "Document", feeds: "Sequence[NewFeed]", file: Path | None
) -> Addition:
    """Add those feeds to the configuration that it has not yet.

    Raises:
        UsageError: one of them cannot stand in a configuration, or the file cannot be changed.
    """
    from watcher.config.growing import grow, home_of_feeds
    from watcher.service.by_hand.control_socket import is_listening

    fresh, known = parted(feeds, settings)
    home = _part_of(document, file) if file else home_of_feeds(document)
    line = grow(home, fresh) if fresh else 0
    runs = is_listening(database_of(settings))
    return Addition(home, line, tuple(fresh), known, runs)


def without_login(text: str) -> str:
    """Return an address as it may be shown: a user and password in it are nobody's to read."""
    return _LOGIN.sub(r"\1", text)


def holds_login(url: str) -> bool:
    """Tell whether a user or password stands in an address."""
    return without_login(url) != url


def parted(
    feeds: "Sequence[NewFeed]", settings: "Settings"
) -> "tuple[list[NewFeed], dict[str, str]]":
    """Part new feeds from those that stand in the configuration, or earlier among them.

    One that comes twice, as from two folders, has the tags of both.
    """
    from watcher.feeds.urls import canonical_url

    there = {canonical_url(feed.url): feed.url for feed in reversed(settings.feeds)}
    fresh: dict[str, NewFeed] = {}
    known: dict[str, str] = {}
    for feed in feeds:
        key = canonical_url(feed.url)
        if key not in there:
            there[key], fresh[key] = feed.url, feed
            continue
        known[feed.url] = there[key]
        if first := fresh.get(key):
            fresh[key] = replace(first, tags=tuple(dict.fromkeys((*first.tags, *feed.tags))))
    return list(fresh.values()), known


def mistake_in(feed: "NewFeed") -> str | None:
    """Say what keeps a feed from standing in a configuration; None when nothing does."""
    from pydantic import ValidationError

    from watcher.config.settings import FeedTable

    try:
        FeedTable.model_validate(feed.table())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"`{'.'.join(map(str, first['loc']))}`: {first['msg'].removeprefix('Value error, ')}"
    return None


def _part_of(document: "Document", file: Path) -> Path:
    """Return the file of the configuration that is meant: one of another is never read."""
    for known in document.files:
        if known.resolve() == file.resolve():
            return known
    files = ", ".join(map(str, document.files))
    raise UsageError(f"{file} is no part of the configuration: {files}")
