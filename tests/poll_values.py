"""Fetchers, outcomes of polls for tests of what is said and counted, and pollers at rest."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from watchlists import NOON

from watcher.config.settings import FeedTable
from watcher.errors import FeedError
from watcher.feeds.fetch import Fetched, Fetcher, Limits
from watcher.feeds.parsed import ParsedFeed
from watcher.feeds.schedule import PollState
from watcher.service.moments import utc_now
from watcher.service.polling.outage import Outage
from watcher.service.polling.poller import Poller
from watcher.service.polling.visit import PolledFeed, PollOutcome

URL = "https://news.example/feed"


def hear_nothing(_host: str, _date: datetime) -> bool:
    """Stand in where nobody doubts the clock."""
    return True


async def say_nothing(_outage: Outage | None) -> None:
    """Stand in where nobody wants to know of an outage."""


def outcome(
    *, error: str | None = None, failures: tuple[int, int] = (0, 0), **changes: Any
) -> PollOutcome:
    """Return a poll's outcome; `failures` in a row before and after it."""
    before, after = failures
    feed = PolledFeed(1, FeedTable(url=URL), PollState(failures=before))
    document = ParsedFeed("", "", None, (), ("a date cannot be read",))
    fetched = Fetched(200, b"", None, None, None, URL, None, None)
    plain = PollOutcome(
        feed=feed,
        at=NOON,
        fetched=None if error else fetched,
        parsed=None if error else document,
        error=FeedError(error) if error else None,
        duration=timedelta(milliseconds=120),
        state=feed.state._replace(failures=after),
    )
    return plain._replace(**changes)


def limits(**changes: Any) -> Limits:
    """Return limits that no well-behaved server meets."""
    plain = Limits(timedelta(seconds=20), max_body=1_000_000, user_agent="watcher/test")
    return replace(plain, **changes)


def fetcher_of(*, concurrency: int = 10, **changes: Any) -> Fetcher:
    """Return a fetcher within such limits."""
    return Fetcher(limits(**changes), concurrency=concurrency, clock=utc_now)


async def idle(poller: Poller) -> datetime | None:
    """Wait until no poll is under way, nor one that follows; return when the next is due."""
    while polls := list(poller._polls._polls.values()):
        await asyncio.gather(*polls, return_exceptions=True)
        await asyncio.sleep(0)
    return poller._queue.next_turn()
