"""How well the example watchlist reads real news (DESIGN section 8: at least .95 and .90)."""

import json
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from watcher.config import Settings
from watcher.model import Entry
from watcher.topics.watchlist import Watchlist

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT.parent / "shared" / "data" / "topics" / "dev.jsonl"
SEEN = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"shared data missing: {DATA}")


@cache
def labelled() -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return the gold topics and those found, per item."""
    config = tomllib.loads((PROJECT / "config.example.toml").read_text(encoding="utf-8"))
    watchlist = Watchlist(Settings.model_validate(config))
    items = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    return [
        (
            frozenset(item["labels"]),
            frozenset(m.topic for m in watchlist.read(as_entry(item)).matches),
        )
        for item in items
    ]


def as_entry(item: dict[str, str | None]) -> Entry:
    title, summary = item["title"] or "", item["summary"] or ""
    return Entry(str(item["id"]), title, SEEN, summary, language=item["lang"])


@pytest.mark.parametrize(("topic", "least"), [("kim-putin-summit", 0.95), ("nk-russia-arms", 0.95)])
def test_example_watchlist_finds_real_news(topic: str, least: float) -> None:
    right = sum(topic in gold and topic in found for gold, found in labelled())
    named = sum((topic in gold) + (topic in found) for gold, found in labelled())

    assert 2 * right / named >= least
