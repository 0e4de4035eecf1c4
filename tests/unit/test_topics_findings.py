"""Of many topics those are shown that say most about an entry."""

from datetime import UTC, datetime

import pytest

from watcher.config import Settings
from watcher.model import Entry
from watcher.topics.findings import most_telling
from watcher.topics.watchlist import Watchlist

SEEN = datetime(2026, 1, 1, tzinfo=UTC)
LINES = {
    "far": "delta",
    "other": "delta AND beta",
    "two": "alpha AND beta AND delta",
    "short": "kim",
    "one": "alpha AND beta",
    "match": "alpha",
    "vetoed": "alpha",
}


def watchlist() -> Watchlist:
    entities = {name: {"names": [name.capitalize()]} for name in ("alpha", "beta", "delta")}
    tables = {
        "entities": {**entities, "kim": {"names": ["Kim Jong Un"], "short": ["Kim"]}},
        "topics": [{"id": name, "match": line} for name, line in LINES.items()],
    }
    tables["topics"][-1]["never"] = ["Kim"]  # type: ignore[index]
    return Watchlist(Settings.model_validate(tables))


@pytest.mark.parametrize(
    ("misses", "decided", "shown", "left_out"),
    [
        (9, (), ["match", "vetoed", "short", "one", "two", "far", "other"], ""),
        (
            4,
            (),
            ["match", "vetoed", "short", "one", "two"],
            "2 topics of which nothing was found",
        ),
        (
            2,
            (),
            ["match", "vetoed", "short"],
            "2 topics of which something was found, and 2 topics of which nothing was found",
        ),
        (
            4,
            ("other",),
            ["match", "other", "vetoed", "short", "one", "two"],
            "1 topic of which nothing was found",
        ),
        (0, ("match", "other"), ["match", "other"], None),
    ],
)
def test_matches_come_first_and_then_the_nearest_misses(
    misses: int, decided: tuple[str, ...], shown: list[str], left_out: str | None
) -> None:
    findings = watchlist().explain(Entry("1", "Alpha and Kim", SEEN))

    telling = most_telling(findings, decided, misses)

    assert [one.topic for one in telling.shown] == shown
    assert left_out is None or telling.left_out == left_out
    assert len(telling.shown) + telling.touched + telling.untouched == len(LINES)
