"""`watcher topics backtest` on an archive made for it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from watcher.cli import group
from watcher.cli.backtest import plot
from watcher.config import load
from watcher.errors import StorageError
from watcher.model import Assignment, Entry, Relation
from watcher.service.trials import backtest as module
from watcher.service.trials.backtest import backtest
from watcher.storage.database import Database
from watcher.storage.rows import Stretch
from watcher.topics.watchlist import Watchlist

BEFORE = """
[watcher]
timezone = "Asia/Jakarta"

[[feeds]]
url = "https://wire.example/feed"
name = "Wire"

[[feeds]]
url = "https://sport.example/feed"
name = "Sport"
topics = []

[entities.kim]
names = ["Kim Jong Un"]

[entities.putin]
names = ["Putin"]

[[topics]]
id = "summit"
match = "kim AND putin"

[[topics]]
id = "gone"
match = "putin"

[channels.screen]
console = true
"""
AFTER = (
    BEFORE.replace('["Kim Jong Un"]', '["Kim Jong Un", "김정은"]')
    .replace('["Putin"]', '["Putin", "푸틴"]')
    .replace('match = "kim AND putin"', 'match = "kim AND putin AND NOT \\"golf\\""')
    .replace('id = "gone"', 'id = "kim-alone"')
    .replace('match = "putin"', 'match = "kim"')
)

#: Days ago, feed, story (its opener's place in the list), headline.
ARCHIVE = [
    (20, "wire", None, "Kim Jong Un meets Putin long ago"),
    (9, "wire", None, "Kim Jong Un meets Putin in Vladivostok"),
    (8, "wire", 1, "김정은 푸틴 정상회담"),
    (6, "wire", None, "Kim Jong Un and Putin play golf"),
    (5, "wire", None, "김정은, 푸틴에 초청장"),
    (4, "wire", None, "Rain in Jakarta"),
    (3, "sport", None, "김정은 푸틴 축구"),
]


def fill(folder: Path, now: datetime) -> Path:
    """Store the archive as the daemon would have with the first watchlist."""
    config = folder / "config.toml"
    config.write_text(BEFORE, encoding="utf-8")
    settings = load(config).settings
    assert settings
    watchlist = Watchlist(settings)
    with Database.open(folder / "watcher.db") as database, database.begin() as tx:
        feeds = tx.feeds.sync([(f.url, f.name, None) for f in settings.feeds], now)
        stories: list[int] = []
        for number, (days, name, opener, title) in enumerate(ARCHIVE):
            entry = Entry(str(number), title, now - timedelta(days=days), outlet=name)
            limits = () if name == "sport" else None
            reading = watchlist.read(entry, limits)
            story = None if opener is None else stories[opener]
            relation = Relation.NEW if story is None else Relation.SAME
            assignment = Assignment(relation, story, None, 90.0, "for the test")
            feed = feeds[f"https://{name}.example/feed"]
            stories.append(tx.entries.add(feed, entry, reading, assignment).story)
    return config


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("WATCHER_CONFIG", "XDG_CONFIG_HOME", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    fill(tmp_path, datetime.now(UTC))
    (tmp_path / "new.toml").write_text(AFTER, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> str:
    ended = CliRunner().invoke(group, ["topics", "backtest", *arguments])
    assert ended.exit_code == 0, ended.output
    return ended.output


def titles(heads: list[dict[str, Any]]) -> list[str]:
    return [head["title"] for head in heads]


def test_the_difference_of_an_edited_watchlist_is_told_topic_by_topic(archive: Path) -> None:
    found = json.loads(run("--config", str(archive / "new.toml"), "--json"))
    summit, alone, gone = found["topics"]
    assert found["entries"] == 6  # the oldest is before the two weeks
    assert (summit["id"], alone["id"], gone["id"]) == ("summit", "kim-alone", "gone")
    assert summit["matched"] == {"before": 2, "now": 3}
    assert summit["alerts"] == {"before": 2, "now": 2}
    assert titles(summit["gained"]) == ["김정은, 푸틴에 초청장"]
    assert titles(summit["lost"]) == ["Kim Jong Un and Putin play golf"]
    assert gone["alerts"] == {"before": 2, "now": 0}
    assert alone["alerts"] == {"before": 0, "now": 3}


def test_people_see_headlines_a_plot_and_counts(archive: Path) -> None:
    text = run("--config", str(archive / "new.toml"))
    assert "6 entries since" in text
    assert "+ " in text
    assert "wire [ko]  김정은, 푸틴에 초청장  (story 4)" in text
    assert "- " in text
    assert "before  " in text


@pytest.mark.usefixtures("archive")
def test_the_same_watchlist_changes_nothing() -> None:
    found = json.loads(run("--json"))
    assert all(not topic["gained"] and not topic["lost"] for topic in found["topics"])


@pytest.mark.usefixtures("archive")
def test_a_longer_time_takes_in_older_entries() -> None:
    found = json.loads(run("--json", "--since", "30d"))
    assert found["entries"] == 7
    assert found["topics"][0]["alerts"]["before"] == 3


@pytest.mark.usefixtures("archive")
def test_an_empty_time_is_no_error() -> None:
    assert json.loads(run("--json", "--since", "1h"))["entries"] == 0
    assert "0 entries since" in run("--since", "1h")


def test_an_archive_that_is_none_is_told_without_advice_to_restore_it(archive: Path) -> None:
    ended = CliRunner().invoke(group, ["topics", "backtest", "--database", "new.toml"])

    assert isinstance(ended.exception, StorageError)
    assert str(ended.exception) == (
        "new.toml is not a SQLite database, or its beginning is damaged; name the archive of a"
        " Watcher"
    )
    assert (archive / "new.toml").exists()


@pytest.mark.usefixtures("archive")
def test_a_bad_duration_is_wrong_usage() -> None:
    ended = CliRunner().invoke(group, ["topics", "backtest", "--since", "soon"])
    assert ended.exit_code == 2
    assert "duration" in ended.output


def test_several_processes_find_the_same(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = archive / "new.toml"
    settings = load(config).settings
    assert settings
    now = datetime.now(UTC)

    def found() -> object:
        since = now - timedelta(days=30)
        return backtest(config, settings, archive / "watcher.db", since=since, now=now, tick=iter)

    alone = found()
    monkeypatch.setattr(module, "WORTH_PROCESSES", 0)
    monkeypatch.setattr(module, "PIECE", 2)
    assert found() == alone


def test_a_configuration_that_goes_away_meanwhile_is_told_in_a_sentence(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = archive / "new.toml"
    settings = load(config).settings
    assert settings
    config.write_text("broken", encoding="utf-8")
    monkeypatch.setattr(module, "WORTH_PROCESSES", 0)
    now = datetime.now(UTC)
    since = now - timedelta(days=30)

    with pytest.raises(StorageError, match=r"new\.toml changed meanwhile"):
        backtest(config, settings, archive / "watcher.db", since=since, now=now, tick=iter)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(1, 100))
def test_pieces_are_the_whole_stretch_in_order(first: int, more: int, size: int) -> None:
    stretch = Stretch(first, first + more, more + 1, datetime(2026, 1, 1, tzinfo=UTC))
    numbers = [n for start, end in stretch.pieces(size) for n in range(start, end + 1)]
    assert numbers == list(range(first, first + more + 1))


def test_a_plot_puts_days_together_where_a_line_is_too_short() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC).date()
    days = {first + timedelta(days=n): (n % 2, 8 if n == 99 else 0) for n in range(100)}
    before, after = plot(days)
    assert len(before) == len(after) == 50
    assert after[-1] == "█"
    assert set(before) == {"▁"}
