"""The configuration: TOML in, typed settings and problems with their places out."""

from watcher.config.document import Document
from watcher.config.find import find_config
from watcher.config.load import Loaded, load
from watcher.config.problems import Place, Problem
from watcher.config.report import report
from watcher.config.schema import json_schema
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
    "Document",
    "EmailTable",
    "EntityTable",
    "FeedTable",
    "Loaded",
    "Place",
    "PollingTable",
    "Problem",
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
    "find_config",
    "json_schema",
    "load",
    "report",
]
