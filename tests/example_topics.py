"""The topics of the example configuration, and what they find in a headline."""

import tomllib
from datetime import UTC, datetime
from functools import cache

from watchlists import found

from watcher.config import Settings
from watcher.resources import shipped
from watcher.topics.watchlist import Watchlist

ARMS, SUMMIT = "nk-russia-arms", "kim-putin-summit"
SEEN = datetime(2026, 1, 1, tzinfo=UTC)


def example() -> Settings:
    """Return the settings of the example configuration."""
    return Settings.model_validate(tomllib.loads(shipped("config.example.toml").read_text("utf-8")))


@cache
def watchlist() -> Watchlist:
    """Return what it watches for."""
    return Watchlist(example())


def topics_of(title: str, language: str) -> set[str]:
    """Return the topics that a headline matches."""
    return found(watchlist(), title, language)
