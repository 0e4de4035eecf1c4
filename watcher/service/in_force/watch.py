"""What is watched: a configuration with its compiled watchlist, swapped as one on reload."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from watcher.alerts.decide import Policy
from watcher.alerts.route import chooses_entries
from watcher.alerts.timing import is_quiet
from watcher.config import Loaded, Problem, Settings, load
from watcher.config.settings import TopicTable
from watcher.config.values import Updates
from watcher.errors import FeedError
from watcher.feeds.guard import Guard
from watcher.outlets.publishers import Publishers
from watcher.service.apart import apart
from watcher.service.encoder.encoders import encoder_problem
from watcher.topics.compiling import definition, lists_of
from watcher.topics.lint import lint_loaded
from watcher.topics.query import parse_match
from watcher.topics.watchlist import Watchlist


@dataclass(frozen=True)
class Rules:
    """What the settings say of topics and channels.

    Attributes:
        at_once: first alerts wait for no better picture, whatever `group_wait` says.
    """

    settings: Settings
    at_once: bool = field(default=False, kw_only=True)

    @property
    def counts(self) -> Mapping[str, int]:
        """How much the settings hold."""
        return {
            "feeds": len(self.settings.feeds),
            "topics": len(self.settings.topics),
            "channels": len(self.settings.channels),
        }

    @cached_property
    def topics(self) -> Mapping[str, TopicTable]:
        """The topics by id."""
        return {topic.id: topic for topic in self.settings.topics}

    @cached_property
    def channels_by_topic(self) -> Mapping[str, tuple[str, ...]]:
        """Topic id -> the channels that hear of it."""
        every = tuple(self.settings.channels)
        return {t.id: every if t.channels is None else t.channels for t in self.settings.topics}

    @cached_property
    def choosing_channels(self) -> frozenset[str]:
        """The channels that may hear of a story later than others do."""
        channels = self.settings.channels.items()
        return frozenset(name for name, channel in channels if chooses_entries(channel))

    @cached_property
    def editing_channels(self) -> tuple[str, ...]:
        """The channels whose messages can be changed after they arrived."""
        return tuple(name for name, table in self.settings.channels.items() if table.can_edit)

    @cached_property
    def edited_topics(self) -> tuple[str, ...]:
        """The topics that want a message on the screen to keep up with its story."""
        return tuple(name for name in self.topics if self.updates(name) is not Updates.NONE)

    def updates(self, topic: str) -> Updates:
        """Return how people hear of more about a story: as its topic has it, or as all have."""
        return self.topics[topic].updates or self.settings.alerts.updates

    def policy(self, topic: str) -> Policy:
        """Return how people are to hear of a topic."""
        settings = self.settings
        return Policy(
            priority=self.topics[topic].priority,
            updates=self.updates(topic),
            window=settings.stories.window,
            backfill=settings.polling.backfill,
            group_wait=timedelta() if self.at_once else settings.alerts.group_wait,
            reply_intervals=settings.alerts.reply_intervals,
        )


@dataclass(frozen=True)
class Watch(Rules):
    """Settings and what was compiled from them.

    Attributes:
        digests: topic id -> a digest of what it matches; a changed one is new to the archive.
    """

    watchlist: Watchlist
    digests: Mapping[str, str]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Compile the settings' watchlist."""
        digests = {topic.id: digest(settings, topic) for topic in settings.topics}
        return cls(settings, Watchlist(settings), digests)

    @cached_property
    def chats(self) -> Mapping[str, str]:
        """Channel -> the Telegram chat that it names."""
        tables = {name: channel.telegram for name, channel in self.settings.channels.items()}
        return {name: table.chat for name, table in tables.items() if table}

    @cached_property
    def publishers(self) -> Publishers:
        """Which outlets are one publisher's."""
        return Publishers(self.settings.publishers)

    def is_quiet(self, channel: str, now: datetime) -> bool:
        """Whether a channel has quiet hours now."""
        table = self.settings.channels.get(channel)
        hours = table.quiet_hours if table else None
        return hours is not None and is_quiet(hours, now, self.settings.watcher.zone)


def digest(settings: Settings, topic: TopicTable) -> str:
    """Return a digest of what a topic looks for, the terms of its lists and of the pack included.

    Another priority, channel or label does not change it, nor a comment in its match line.
    """
    lists = ((name, definition(settings, name)) for name in lists_of(topic.match))
    text = repr((parse_match(topic.match), topic.never, sorted(lists)))
    return blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


class Found(NamedTuple):
    """What a configuration file was found to hold.

    Attributes:
        problems: all of them, warnings too.
        watch: what is to be watched; None where an error forbids it.
    """

    loaded: Loaded
    problems: tuple[Problem, ...]
    watch: Watch | None

    @property
    def errors(self) -> list[Problem]:
        """The problems for which it cannot be used."""
        return [problem for problem in self.problems if not problem.warning]


class Compiled(NamedTuple):
    """What takes the packs, of a configuration: nothing secret is in it.

    Attributes:
        of: the digest of the text that it is of.
        problems: those of the watchlist.
        watchlist: None where an error forbids it.
        digests: those of the topics.
    """

    of: bytes
    problems: Sequence[Problem]
    watchlist: Watchlist | None
    digests: Mapping[str, str]


async def find_watch(path: Path) -> Found:
    """Load and examine a configuration, and have its watchlist compiled by another process."""
    loaded = await asyncio.to_thread(load, path)
    compiled = await apart(compile_file, path)
    return await asyncio.to_thread(_found, loaded, compiled)


def find_watch_here(path: Path) -> Found:
    """Load, examine and compile a configuration."""
    loaded = load(path)
    return _found(loaded, _compiled(loaded))


def compile_file(path: Path) -> Compiled:
    """Compile the watchlist of a configuration file."""
    return _compiled(load(path))


def _compiled(loaded: Loaded) -> Compiled:
    problems, settings = lint_loaded(loaded), loaded.settings
    if settings is None or any(not problem.warning for problem in problems):
        return Compiled(loaded.document.digest, problems, None, {})
    watch = Watch.of(settings)
    return Compiled(loaded.document.digest, problems, watch.watchlist, watch.digests)


def _found(loaded: Loaded, compiled: Compiled) -> Found:
    """Put together what is of the same text; where it changed meanwhile, compile it here."""
    if compiled.of != loaded.document.digest:
        compiled = _compiled(loaded)
    problems = _all_problems(loaded, compiled.problems, warnings=True)
    found = Found(loaded, problems, None)
    settings, watchlist = loaded.settings, compiled.watchlist
    if found.errors or settings is None or watchlist is None:
        return found
    return found._replace(watch=Watch(settings, watchlist, compiled.digests))


def examine(path: Path, *, warnings: bool = True) -> tuple[Loaded, tuple[Problem, ...]]:
    """Load a configuration and return it with every problem of file, values and watchlist.

    The watchlist is checked whatever else is wrong. Without `warnings` those of the watchlist may
    be missing; they take three quarters of the time of a large one.
    """
    loaded = load(path)
    return loaded, _all_problems(loaded, lint_loaded(loaded, warnings=warnings), warnings=warnings)


def _all_problems(
    loaded: Loaded, of_watchlist: Iterable[Problem], *, warnings: bool
) -> tuple[Problem, ...]:
    encoder = encoder_problem(loaded.settings) if loaded.settings else None
    vain = _in_vain(loaded.settings) if warnings and loaded.settings else ()
    return (*loaded.problems, *of_watchlist, *vain, *([encoder] if encoder else []))


def _in_vain(settings: Settings) -> Iterator[Problem]:
    """Yield a warning for each channel and feed that can be seen to be refused in `run`."""
    from watcher.service.in_force.channels import channel_problems  # loads what commands need not

    yield from channel_problems(settings)
    for number, feed in enumerate(settings.feeds):
        try:
            Guard((*settings.polling.allow_private, *feed.allow_private)).check_host(
                urlsplit(feed.url).hostname or ""
            )
        except FeedError as error:
            yield Problem(("feeds", number, "url"), str(error), warning=True)
