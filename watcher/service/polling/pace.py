"""How often a feed is asked by its settings, and whether its host keeps it waiting.

Also for commands that look and never poll: nothing here takes an HTTP client.
"""

from datetime import datetime

from watcher.config.settings import FeedTable, PollingTable, Settings
from watcher.feeds.backoff import normal_interval, waits_until
from watcher.feeds.schedule import Pace, PollState
from watcher.storage.rows import Waits


def pace_of(feed: FeedTable, polling: PollingTable, price: float | None = None) -> Pace:
    """Return how often the user wants a feed polled, while a poll costs that much."""
    return Pace(
        start=polling.interval,
        shortest=polling.min_interval,
        longest=max(polling.max_interval, polling.min_interval),
        fixed=feed.interval,
        weight=feed.weight,
        price=price,
    )


def waits_for_host(
    feed: FeedTable | None, polling: PollingTable, state: PollState, since: datetime, now: datetime
) -> datetime | None:
    """Return until when a feed waits for its host, if that keeps it from us for long already.

    Args:
        feed: its table; None for one that left the configuration.
        polling: the settings for all.
        state: what its polls left.
        since: its last good poll; when it was added, before the first.
        now: the present time.
    """
    normal = state.interval or polling.interval
    if feed is not None:
        normal = normal_interval(state, pace_of(feed, polling))
    return waits_until(state, normal, since=since, now=now)


def waits_in(settings: Settings, now: datetime) -> Waits:
    """Return what tells whether a feed waits for its host, as `watcher feeds list` has it."""
    feeds = {feed.url: feed for feed in settings.feeds}

    def waits(url: str, state: PollState, since: datetime) -> bool:
        return waits_for_host(feeds.get(url), settings.polling, state, since, now) is not None

    return waits
