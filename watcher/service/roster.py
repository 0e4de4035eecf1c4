"""The feeds of a configuration as the database knows them, and what else it has to know of one."""

from collections.abc import Sequence
from datetime import datetime

from watcher.feeds.schedule import PollState
from watcher.service.asking import with_changes
from watcher.service.clock import LEAST_BACK
from watcher.service.visit import PolledFeed, kept_waiting
from watcher.service.watch import Watch
from watcher.storage.database import Transaction


def enter(tx: Transaction, watch: Watch, now: datetime) -> None:
    """Let the database know the feeds, topics and chats of a configuration, and no others."""
    settings = watch.settings
    tx.feeds.sync([(feed.url, feed.name, feed.lang) for feed in settings.feeds], now)
    tx.topics.sync({topic.id: watch.digest(topic) for topic in settings.topics}, now)
    tx.chats.settle(watch.chats)


def polled_feeds(tx: Transaction, watch: Watch, now: datetime) -> list[PolledFeed]:
    """Return the feeds with their states; keep of those new on a host that rests that they wait.

    What failed and would be asked with other settings now is due, though the database knows not.
    """
    tables = {feed.url: feed for feed in watch.settings.feeds}
    known = tx.feeds.states()
    feeds = [PolledFeed(row.id, tables[row.url], row.state, row.name) for row in known]
    waiting = {feed.id: feed for feed in kept_waiting(feeds, now)}
    for feed in waiting.values():
        tx.feeds.save_state(feed.id, feed.state, None)
    feeds = [waiting.get(feed.id, feed) for feed in feeds]
    return with_changes(feeds, watch.settings.polling, now)


def due(feeds: Sequence[PolledFeed], now: datetime) -> list[PolledFeed]:
    """Return the feeds whose poll is due; one that was never polled is.

    So is one that was asked in the future: what a clock planned that was ahead, says nothing now.
    """
    return [feed for feed in feeds if _is_due(feed.state, now)]


def _is_due(state: PollState, now: datetime) -> bool:
    asked_at = state.last_attempt or now
    return state.next_due is None or state.next_due <= now or asked_at - now >= LEAST_BACK
