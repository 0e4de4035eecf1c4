"""The feeds of a configuration as the database knows them, and what else it has to know of one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from watcher.config.settings import FeedTable, Settings
from watcher.feeds.schedule import PollState
from watcher.service.care.clock import LEAST_BACK
from watcher.service.in_force.watch import Watch
from watcher.service.polling.changed_settings import kept_waiting, rests_of, with_changes
from watcher.service.polling.visit import PolledFeed
from watcher.storage.database import Transaction


def enter(tx: Transaction, watch: Watch, now: datetime) -> None:
    """Let the database know the feeds, topics and chats of a configuration, and no others."""
    settings = watch.settings
    tx.feeds.sync([(feed.url, feed.name, feed.lang) for feed in settings.feeds], now)
    tx.topics.sync(watch.digests, now)
    tx.chats.settle(watch.chats, now)


def polled_feeds(tx: Transaction, watch: Watch, now: datetime) -> list[PolledFeed]:
    """Return the feeds with their states; keep of those whose host rests that they wait.

    A host's rest outlives the feed that was told of it. What failed and would be asked with other
    settings now is due, though the database knows not.
    """
    tables = {feed.url: feed for feed in watch.settings.feeds}
    known = [
        PolledFeed(row.id, tables.get(row.url) or FeedTable(url=row.url), row.state, row.name)
        for row in tx.feeds.states(inactive=True)
    ]
    rests = rests_of(known, now)
    feeds = [feed for feed in known if feed.settings.url in tables]
    waiting = {feed.id: feed for feed in kept_waiting(feeds, rests, now)}
    for feed in waiting.values():
        tx.feeds.put_off(feed.id, feed.state)
    feeds = [waiting.get(feed.id, feed) for feed in feeds]
    return list(with_changes(feeds, watch.settings.polling, rests, now))


def unpolled_feeds(settings: Settings, names: Mapping[str, str]) -> list[PolledFeed]:
    """Return the feeds of a configuration without what only the database knows: no numbers.

    Args:
        settings: hold the feeds.
        names: address -> what a feed calls itself, of those that were polled.
    """
    return [
        PolledFeed(0, feed, PollState(), feed.name or names.get(feed.url, ""))
        for feed in settings.feeds
    ]


def due(feeds: Sequence[PolledFeed], now: datetime) -> list[PolledFeed]:
    """Return the feeds whose poll is due; one that was never polled is.

    So is one that was asked in the future: what a clock planned that was ahead, says nothing now.
    """
    return [feed for feed in feeds if _is_due(feed.state, now)]


def _is_due(state: PollState, now: datetime) -> bool:
    asked_at = state.last_attempt or now
    return state.next_due is None or state.next_due <= now or asked_at - now >= LEAST_BACK
