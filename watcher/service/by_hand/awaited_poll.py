"""One poll that somebody waits for: `watcher feeds poll`."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, timedelta
from functools import partial
from typing import Final

from watcher.config.settings import PollingTable
from watcher.config.suggest import did_you_mean
from watcher.errors import StorageError, UsageError, WatcherError
from watcher.feeds.urls import canonical_url
from watcher.feeds.workers import PATIENCE
from watcher.service.by_hand.operations import Result
from watcher.service.intake.taken import Taken
from watcher.service.moments import rfc3339
from watcher.service.polling.visit import PolledFeed, PollOutcome

#: So long somebody before a screen waits in any case, for other polls of the host and our pauses.
LEAST_WAIT_S: Final = 55.0

_RESTING: Final = (
    "{} was not polled: the host that it leads to asked for patience{};"
    " `watcher feeds list` says more"
)


class AwaitedPolls:
    """Hands the outcomes of polls to those who wait for one."""

    def __init__(self) -> None:
        self._waiting: dict[int, list[asyncio.Future[Result]]] = defaultdict(list)

    def expect(self, feed: PolledFeed) -> asyncio.Future[Result]:
        """Return what the next poll of a feed will bring."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting[feed.id].append(future)
        future.add_done_callback(partial(self._over, feed.id))
        return future

    def _over(self, number: int, future: asyncio.Future[Result]) -> None:
        """Let go of what nobody waits for any more: that feed may not be polled for days."""
        if number in self._waiting:
            left = [other for other in self._waiting.pop(number) if other is not future]
            self._waiting.update({number: left} if left else {})

    def kept(self, outcome: PollOutcome, taken: Taken) -> None:
        """Tell those who wait what a poll brought."""
        if not outcome.is_poll:
            if outcome.led_to:
                self.failed(outcome.feed.id, StorageError(_resting(outcome)))
            return
        for future in self._waiting.pop(outcome.feed.id, ()):
            if not future.done():
                future.set_result(_result(outcome, taken))

    def keep_only(self, feeds: Iterable[PolledFeed]) -> None:
        """Tell those who wait for another feed than these that it will not be polled."""
        for number in self._waiting.keys() - {feed.id for feed in feeds}:
            self.failed(number, StorageError("it was not polled: it has left the configuration"))

    def failed(self, number: int, error: WatcherError) -> None:
        """Tell those who wait for a feed why they are told nothing of its poll."""
        for future in self._waiting.pop(number, ()):
            if not future.done():
                future.set_exception(error)


def _resting(outcome: PollOutcome) -> str:
    until = outcome.state.rests_until
    is_soon = until is not None and until - outcome.at < timedelta(days=1)
    form = " until %H:%M UTC" if is_soon else " until %Y-%m-%d %H:%M UTC"
    when = until.astimezone(UTC).strftime(form) if until else ""
    return _RESTING.format(outcome.feed.settings.url, when)


def longest_wait_s(polling: PollingTable) -> float:
    """Return how long somebody waits for a poll: until a slow one is over, too."""
    return max(LEAST_WAIT_S, (polling.timeout + PATIENCE).total_seconds())


async def brought(
    told: asyncio.Future[Result], feed: str, wait_s: float, why_not_yet: Callable[[], str]
) -> Result:
    """Wait for what a poll brings, as long as somebody before a screen does.

    Args:
        told: from `AwaitedPolls.expect`.
        feed: as the user called it.
        wait_s: from `longest_wait_s`.
        why_not_yet: tells why it took longer.

    Raises:
        StorageError: it was not polled so soon.
    """
    try:
        async with asyncio.timeout(wait_s):
            return await told
    except TimeoutError as error:
        raise StorageError(
            f"{feed} was not polled within {wait_s:.0f} s: {why_not_yet()};"
            " `watcher status` says more"
        ) from error


def named(feeds: Iterable[PolledFeed], text: str) -> PolledFeed:
    """Return the feed that a user means by its address or the name that `feeds list` shows.

    Raises:
        UsageError: there is none, or several have the name.
    """
    known = list(feeds)
    key = canonical_url(text)
    exact = [feed for feed in known if feed.settings.url == text]
    alike = [feed for feed in known if canonical_url(feed.settings.url) == key]
    name = text.strip().casefold()
    called = [one for one in known if name and name in map(str.casefold, _shown_names(one))]
    found = exact or alike or called
    if not found:
        names = {feed.settings.url for feed in known}.union(*map(_shown_names, known))
        hint = did_you_mean(text, names) or (
            ": see `watcher feeds list`, or add it by `watcher feeds add`"
        )
        raise UsageError(f"{text} is no feed of the configuration{hint}")
    if len(found) > 1:
        raise UsageError(f"{len(found)} feeds are called {text}: name one by its address")
    return found[0]


def _shown_names(feed: PolledFeed) -> set[str]:
    return {name for name in (feed.settings.name, feed.name) if name}


def _result(outcome: PollOutcome, taken: Taken) -> Result:
    fetched, parsed, due = outcome.fetched, outcome.parsed, outcome.state.next_due
    return {
        "url": outcome.feed.settings.url,
        "name": outcome.feed.settings.name or (parsed.title if parsed else None),
        "at": rfc3339(outcome.at),
        "ms": round(outcome.duration.total_seconds() * 1000),
        "status": fetched.status if fetched else outcome.error and outcome.error.status,
        "bytes": len(fetched.body or b"") if fetched else None,
        "came_from": fetched.url if fetched else None,
        "unchanged": outcome.error is None and parsed is None,
        "entries": len(parsed.entries) + len(parsed.known) if parsed else None,
        "new": taken.entries,
        "stories": taken.stories,
        "alerts": taken.alerts,
        "replies": taken.replies,
        "matches": taken.told,
        "problems": list(parsed.problems) if parsed else [],
        "error": str(outcome.error) if outcome.error else None,
        "offline": outcome.offline,
        "next_due": rfc3339(due),
    }
