"""With what a feed is asked: who changed that after a refusal waits for no back-off to end.

A failed poll leaves a mark of it in the feed's state, so that a restart finds a change, too. No
secret goes into a mark: of one in a file its time and size do, of others only where they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from urllib.parse import urlsplit

from watcher.config.settings import FeedTable, PollingTable
from watcher.feeds.backoff import plausible
from watcher.feeds.schedule import reconsidered
from watcher.service.polling.pace import pace_of
from watcher.service.polling.visit import PolledFeed, PollOutcome

#: Bytes of a mark; two that are equal by chance cost a wait.
_MARK_BYTES = 6


def asked_with(feed: FeedTable, polling: PollingTable) -> bytes:
    """Return a mark of the settings that decide what comes of asking a feed.

    A login's file is looked at, so this is asked of feeds that fail, and once at each poll.
    """
    address = polling.proxy if feed.proxy is None else feed.proxy
    proxy = urlsplit(address) if address else None
    parts = (
        polling.user_agent,
        polling.timeout,
        polling.max_body,
        [str(network) for network in (*polling.allow_private, *feed.allow_private)],
        sorted(name.lower() for name in feed.headers),
        feed.basic_auth and feed.basic_auth.place(),
        proxy and (proxy.hostname, proxy.port),
        feed.tls_verify,
    )
    return blake2b(repr(parts).encode(), digest_size=_MARK_BYTES).digest()


def taken_over(
    feed: PolledFeed,
    known: PolledFeed | None,
    polling: PollingTable,
    rests: Mapping[str, datetime],
    now: datetime,
) -> PolledFeed:
    """Return a feed as it is configured now, in the state of the one that we know, if we do."""
    pace = pace_of(feed.settings, polling)
    if known is None:
        return replace(feed, state=plausible(feed.state, pace, now=now))
    feed = replace(feed, state=reconsidered(known.state, pace, now=now), way=known.way)
    if _is_asked_otherwise(feed, polling, known.settings, feed.state.asked_with):
        return _due_anew(feed, rests, now)
    return feed


def unless_outdated(
    outcome: PollOutcome,
    feed: PolledFeed,
    polling: PollingTable,
    among: Iterable[PolledFeed],
    now: datetime,
) -> PolledFeed:
    """Return a feed after a poll; due anew if it failed with settings that are not its any more.

    Args:
        outcome: the poll.
        feed: as it is now.
        polling: what holds for all feeds now.
        among: all feeds, which know what hosts rest.
        now: the present time.
    """
    mark = outcome.asked_with or feed.state.asked_with  # without a poll the last one's holds
    if not _is_asked_otherwise(feed, polling, outcome.feed.settings, mark):
        return feed
    return _due_anew(feed, rests_of([*among, feed], now), now)


def with_changes(
    feeds: Iterable[PolledFeed], polling: PollingTable, rests: Mapping[str, datetime], now: datetime
) -> Iterator[PolledFeed]:
    """Yield the feeds; those that are to be asked otherwise than when they failed are due."""
    for feed in feeds:
        is_other = _is_asked_otherwise(feed, polling, feed.settings, feed.state.asked_with)
        yield _due_anew(feed, rests, now) if is_other else feed


def kept_waiting(
    feeds: Iterable[PolledFeed], rests: Mapping[str, datetime], now: datetime
) -> Iterator[PolledFeed]:
    """Yield the feeds that are due while a host of theirs rests, due after its rest.

    They rest with it from then on: no later reload draws near what only waits for it.
    """
    for feed in feeds:
        host = _resting(feed, rests)
        if host and (feed.state.next_due or now) < (until := rests[host]):
            state = feed.state._replace(next_due=until, rests_until=until, resting=host)
            yield replace(feed, state=state)


def rests_of(feeds: Iterable[PolledFeed], now: datetime) -> Mapping[str, datetime]:
    """Return until when each host wants to be left alone, of those that do."""
    rests: dict[str, datetime] = {}
    for feed in feeds:
        until, host = feed.state.rests_until, feed.state.resting
        if until and host and until > now:
            rests[host] = max(until, rests.get(host, until))
    return rests


def _is_asked_otherwise(
    feed: PolledFeed, polling: PollingTable, before: FeedTable, mark: bytes | None
) -> bool:
    """Tell whether a feed that fails would be asked otherwise now than it was.

    Args:
        feed: as it is now; one that is well keeps its publisher's pace.
        polling: what holds for all feeds now.
        before: its table then; secrets in it are looked at, too.
        mark: of the settings then.
    """
    if not feed.state.failures:
        return False
    return mark != asked_with(feed.settings, polling) or _own(before) != _own(feed.settings)


def _own(table: FeedTable) -> tuple[object, ...]:
    return table.headers, table.basic_auth, table.proxy, table.tls_verify, table.allow_private


def _due_anew(feed: PolledFeed, rests: Mapping[str, datetime], now: datetime) -> PolledFeed:
    """Return a feed that is due at once, or when its hosts may be asked again."""
    host = _resting(feed, rests)
    earliest = rests[host] if host else now
    next_due = min(feed.state.next_due or earliest, earliest)
    return replace(feed, state=feed.state._replace(next_due=next_due))


def _resting(feed: PolledFeed, rests: Mapping[str, datetime]) -> str | None:
    """Return the host of a feed that rests the longest; None where all may be asked."""
    if not rests:  # the hosts of all take long to look up
        return None
    hosts = [host for host in feed.hosts if host in rests]
    return max(hosts, key=lambda host: rests[host], default=None)
