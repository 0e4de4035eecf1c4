"""The hosts that are asked: which feeds of ours concern each, and how it has been lately."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from http import HTTPStatus

from watcher.errors import LONGEST_RETRY_AFTER, FeedError
from watcher.feeds.backoff import NO_TROUBLE, HostTrouble, host_trouble
from watcher.service.polling.visit import PolledFeed


class Hosts:
    """A feed concerns the host that it asks, and the one that this leads it to."""

    def __init__(self) -> None:
        self._feeds: defaultdict[str, set[int]] = defaultdict(set)
        self._troubles: dict[str, HostTrouble] = {}
        self._rests: dict[str, datetime] = {}
        self._asked_again: set[int] = set()

    def know(self, feed: PolledFeed) -> None:
        """Count a feed among those of its hosts."""
        for host in feed.hosts:
            self._feeds[host].add(feed.id)

    def forget(self, feed: PolledFeed) -> None:
        """Count it no more; it has the state in which it became known."""
        for host in feed.hosts:
            self._feeds[host].discard(feed.id)

    def leave(self, feed: PolledFeed) -> None:
        """Forget a feed that left the configuration."""
        self.forget(feed)
        self._asked_again.discard(feed.id)

    def feeds(self, host: str) -> AbstractSet[int]:
        """Return the feeds that concern a host."""
        return self._feeds[host]

    def trouble(self, host: str) -> HostTrouble:
        """Return what a host's answers since the last good one say of it."""
        return self._troubles.get(host, NO_TROUBLE)

    def failed(
        self, host: str, feed: int, error: FeedError, *, normal: timedelta, now: datetime
    ) -> timedelta:
        """Note a failure; return how long no feed of the host is to be asked."""
        if error.network and feed not in self._asked_again:  # the host may be gone anew
            self._asked_again -= self._feeds[host]
        before = self.trouble(host)
        self._troubles[host], rest = host_trouble(before, feed, error, normal, now)
        if error.retry_after or error.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.rest({host: now + rest})
        return rest

    def rest(self, rests: Mapping[str, datetime]) -> None:
        """Remember until when hosts want to be left alone, also by feeds yet to be led there."""
        for host, until in rests.items():
            self._rests[host] = max(until, self._rests.get(host, until))

    def rests_until(self, host: str, now: datetime) -> datetime | None:
        """Return until when a host wants to be left alone; None where it may be asked.

        What is too far away was planned by a clock that was ahead.
        """
        until = self._rests.get(host, now)
        return until if now < until <= now + LONGEST_RETRY_AFTER else None

    def answered(self, feed: PolledFeed, led_to: Iterable[str]) -> Mapping[str, AbstractSet[int]]:
        """Note that all is well with a feed's hosts, and that none rests which was just asked.

        Return by host the feeds whose last poll did not reach it, where all of it was lost and it
        never asked for patience meanwhile. Each is returned once until it is well or the host is
        gone anew: a host has names that are never reached beside those that are.
        """
        self._asked_again.discard(feed.id)
        ended = {host: self._troubles.pop(host) for host in feed.hosts if host in self._troubles}
        lost = {
            host: trouble.unreached - self._asked_again
            for host, trouble in ended.items()
            if (trouble.rests or feed.id in trouble.unreached) and host not in self._rests
        }
        lost = {host: feeds - {feed.id} for host, feeds in lost.items() if feeds}
        self._asked_again.update(*lost.values())
        for host in (feed.hosts[0], *led_to):
            self._rests.pop(host, None)
        return lost

    def forgive(self) -> None:
        """Forget all failures: it was our own network."""
        self._troubles.clear()
