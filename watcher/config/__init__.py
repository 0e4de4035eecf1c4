"""The configuration: TOML in, typed settings and problems with their places out."""

from watcher.config.secrets import Secret
from watcher.config.settings import (
    AlertsTable,
    ChannelTable,
    EmailTable,
    EntityTable,
    FeedTable,
    PollingTable,
    Settings,
    StoriesTable,
    TelegramTable,
    TestsTable,
    TopicTable,
    WatcherTable,
)
from watcher.config.values import ChannelKind, QuietHours, Schedule, Updates

__all__ = [
    "AlertsTable",
    "ChannelKind",
    "ChannelTable",
    "EmailTable",
    "EntityTable",
    "FeedTable",
    "PollingTable",
    "QuietHours",
    "Schedule",
    "Secret",
    "Settings",
    "StoriesTable",
    "TelegramTable",
    "TestsTable",
    "TopicTable",
    "Updates",
    "WatcherTable",
]
