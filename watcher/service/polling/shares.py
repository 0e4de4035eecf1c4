"""What each feed asks for of the polls that all of them share, by the configuration."""

from datetime import datetime

from watcher.config.settings import PollingTable
from watcher.feeds.budget import Budget
from watcher.feeds.rhythm import pulls
from watcher.feeds.schedule import JITTER, floor_of, worth
from watcher.service.polling.pace import pace_of
from watcher.service.polling.visit import PolledFeed


def budget_of(polling: PollingTable) -> Budget:
    """Return the polls that a configuration allows, of which nobody has asked for any yet."""
    return Budget(
        polling.interval,
        polling.min_interval,
        max(polling.max_interval, polling.min_interval),
        stretch=1 + JITTER / 2,
    )


def count_in(budget: Budget, feed: PolledFeed, polling: PollingTable, now: datetime) -> None:
    """Reckon a feed among those that share the polls, unless it has an interval of its own."""
    pace = pace_of(feed.settings, polling)
    if pace.fixed is None:
        value = worth(feed.state, pace, now)
        budget.put(feed.id, pulls(feed.state.rhythm, value), floor_of(feed.state.wish, pace))
