"""Small watchlists and items for tests of the service and the commands."""

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from watcher.config.settings import Settings
from watcher.model import Entry
from watcher.resources import shipped
from watcher.topics.watchlist import Watchlist

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

WATCHLIST = """
[entities.kim]
label = "Kim Jong Un"
names = ["Kim Jong Un", "Ким Чен Ын"]
short = ["Kim"]

[entities.putin]
names = ["Putin", "Путин"]

[words.arms]
en = ["missile*", "weapons"]

[[topics]]
id = "summit"
name = "The summit"
match = "kim NEAR putin"
tests.yes = ["Kim Jong Un meets Putin"]
tests.no = ["Kim Kardashian opens a shop"]
"""

#: Another number makes a report of the same event that is surely no copy.
SIGNS = "Kim Jong Un meets Putin in Vladivostok and signs {} agreements on trade"
MEETS = SIGNS.format(3)
FERRY = "Ferry line to the outer islands reopens after storm repairs"


@cache
def _tables(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def settings(text: str = WATCHLIST, **tables: Any) -> Settings:
    """Return the settings of a TOML text; tables given by name replace those of the text."""
    return Settings.model_validate({**_tables(text), **tables})


def example_watchlist() -> str:
    """Return what is watched for in the example configuration, whatever channels it names."""
    kept, keep = [], False
    for line in shipped("config.example.toml").read_text("utf-8").splitlines(keepends=True):
        if line.startswith("["):
            keep = line.lstrip("[").startswith(("entities", "words", "topics"))
        if keep and not line.startswith("channels"):
            kept.append(line)
    return "".join(kept)


def write_config(folder: Path, text: str = "", watchlist: str = WATCHLIST) -> Path:
    """Write a configuration with a console channel; return its path."""
    path = folder / "config.toml"
    path.write_text(f"{text}\n[channels.screen]\nconsole = true\n{watchlist}", encoding="utf-8")
    path.chmod(0o600)
    return path


def entry(title: str, minutes: int = 0, **changes: Any) -> Entry:
    """Return an English entry of some minutes past NOON."""
    time = NOON + minutes * MINUTE
    values = {"id": f"{minutes} {title}", "outlet": "Antara", "language": "en", **changes}
    return Entry(title=title, seen=time, published=time, **values)


def found(watchlist: Watchlist, title: str, language: str) -> set[str]:
    """Return the topics that a watchlist finds in a headline."""
    entry = Entry("1", title, NOON, language=language)
    return {match.topic for match in watchlist.read(entry).matches}
