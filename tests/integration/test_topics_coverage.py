"""`watcher topics coverage` on an archive made for it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from watcher.cli import group
from watcher.config import Settings, load
from watcher.config.settings import WordsTable
from watcher.errors import UsageError
from watcher.feeds.schedule import PollState
from watcher.model import Assignment, Entry, Relation
from watcher.service.trials.compounds import find_compounds
from watcher.service.trials.coverage import propose
from watcher.storage.database import Database
from watcher.storage.rows import ArchivedText
from watcher.topics.reasons import Nearly
from watcher.topics.watchlist import Watchlist

CONFIG = """
[[feeds]]
url = "https://wire.example/feed"
name = "Wire"

[[feeds]]
url = "https://sick.example/feed"
name = "Sick"

[[feeds]]
url = "https://sport.example/feed"
name = "Sport"
topics = ["ferry"]

[entities.kim]
names = ["Kim Jong Un", "김정은"]

[entities.putin]
names = ["Putin", "푸틴"]

[words.meeting]
en = ["meet*", "summit"]
de = ["Gipfel*"]

[[topics]]
id = "summit"
match = "(kim NEAR putin) AND meeting"

[[topics]]
id = "ferry"
match = '"ferry sinks"'

[[topics]]
id = "no_kim"
match = "putin AND meeting AND NOT kim"
never = ["Beijing"]

[channels.screen]
console = true
"""

BLITZ = "Kim Jong Un und Putin: Blitzgipfel in Wladiwostok"
#: Language, story (its opener's place in the list), headline.
ARCHIVE = [
    ("en", None, "Kim Jong Un meets Putin in Vladivostok"),
    ("en", 0, "Kim Jong Un and Putin parley on Friday"),
    ("en", 0, "Parley of Kim Jong Un with Putin ends"),
    ("en", None, "Kim Jong Un receives Putin's envoy"),
    ("en", None, "Kim Jong Un receives Putin's envoy"),
    ("en", None, "Putin at a summit in Beijing"),
    ("ko", None, "비가 온다"),
    ("en", None, "Rain in Jakarta"),
    ("de", None, BLITZ),
    ("en", None, "Ministers meet at a summit in Rome"),
]


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Store the archive as the daemon would, and a feed that fails."""
    monkeypatch.chdir(tmp_path)
    for name in ("WATCHER_CONFIG", "XDG_CONFIG_HOME", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    settings = load(config).settings
    assert settings
    watchlist, now = Watchlist(settings), datetime.now(UTC)
    with Database.open(tmp_path / "watcher.db") as database, database.begin() as tx:
        feeds = tx.feeds.sync([(f.url, f.name, None) for f in settings.feeds], now)
        for name in ("sick", "sport"):
            feed = feeds[f"https://{name}.example/feed"]
            tx.feeds.save_state(feed, PollState(failures=3), "HTTP 403")
        stories: list[int] = []
        for number, (language, opener, title) in enumerate(ARCHIVE):
            seen = now - timedelta(hours=len(ARCHIVE) - number)
            entry = Entry(str(number), title, seen, outlet="Wire", language=language)
            reading = watchlist.read(entry)
            story = None if opener is None else stories[opener]
            relation = Relation.NEW if story is None else Relation.SAME
            assignment = Assignment(relation, story, None, 90.0, "for the test")
            feed = feeds["https://wire.example/feed"]
            stories.append(tx.entries.add(feed, entry, reading, assignment).story)
    return tmp_path


def run(*arguments: str) -> str:
    ended = CliRunner().invoke(group, ["topics", "coverage", *arguments])
    assert ended.exit_code == 0, ended.output
    return ended.output


def summit(*arguments: str) -> dict[str, Any]:
    (record,) = json.loads(run("summit", "--json", *arguments))
    assert isinstance(record, dict)
    return record


@pytest.mark.usefixtures("archive")
def test_languages_of_the_feeds_are_held_against_those_of_the_lists() -> None:
    korean = {"language": "ko", "entries": 1, "lacking": ["meeting"]}
    found = summit()["languages"]
    assert found[0]["language"] == "en"
    assert found[0]["lacking"] == []
    assert korean in found


@pytest.mark.usefixtures("archive")
def test_misses_by_one_list_are_told_those_of_a_matched_story_first() -> None:
    found = summit()
    assert found["matched"] == 1
    titles = [miss["title"] for miss in found["near_misses"]]
    assert titles == [
        "Parley of Kim Jong Un with Putin ends",
        "Kim Jong Un and Putin parley on Friday",
        BLITZ,
        "Putin at a summit in Beijing",
        "Kim Jong Un receives Putin's envoy",
    ]
    assert [miss["story_matched"] for miss in found["near_misses"]] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [miss["missing"] for miss in found["near_misses"]] == [
        ["meeting"],
        ["meeting"],
        ["meeting"],
        ["kim"],
        ["meeting"],
    ]


@pytest.mark.usefixtures("archive")
def test_a_word_that_two_relatives_of_a_match_use_is_proposed() -> None:
    (proposal,) = summit()["proposals"]
    assert (proposal["word"], proposal["language"], proposal["missing"]) == (
        "parley",
        "en",
        "meeting",
    )
    assert proposal["entries"] == 2


@pytest.mark.usefixtures("archive")
def test_a_compound_that_ends_with_a_word_of_the_missing_list_is_named() -> None:
    assert summit()["compounds"] == [
        {
            "language": "de",
            "word": "blitzgipfel",
            "head": "gipfel",
            "missing": "meeting",
            "entries": 1,
            "example": BLITZ,
        }
    ]
    assert "compound for meeting, de: blitzgipfel ends with “gipfel” (1 entry, such as " in run()


@pytest.mark.parametrize(
    ("language", "title", "found"),
    [
        ("de", "Öltanker vor der Küste", {("öltanker", "tanker")}),
        ("nl", "Olietanker vergaan", {("olietanker", "tanker")}),
        ("fi", "Säiliöalus upposi", set()),
        ("en", "Supertanker sinks", set()),
        ("de", "Tanker vor der Küste", set()),
        ("de", "Bewährung für Kapitän", set()),
    ],
)
def test_compounds_are_looked_for_in_languages_that_make_them(
    language: str, title: str, found: set[tuple[str, str]]
) -> None:
    lists = {"ship": WordsTable.model_validate({"de": ["Tanker*", "rung"], "nl": ["tanker"]})}
    near = Nearly("t", ("iran",), ("ship",))
    text = ArchivedText(1, "f", title, "", language, 1)

    assert {(one.word, one.head) for one in find_compounds([(text, near)], lists)} == found


@pytest.mark.usefixtures("archive")
def test_a_sick_feed_is_named_where_it_could_report() -> None:
    assert [feed["name"] for feed in summit()["sick_feeds"]] == ["Sick"]
    (ferry,) = json.loads(run("ferry", "--json"))
    assert [feed["name"] for feed in ferry["sick_feeds"]] == ["Sick", "Sport"]


@pytest.mark.usefixtures("archive")
def test_people_read_the_same() -> None:
    text = run("--limit", "1")
    assert "summit: 1 of 10 entries match" in text
    assert "no words of meeting in ko (1 entries)" in text
    assert "sick feed Sick: HTTP 403" in text
    assert "lacks meeting; has kim, putin, though its story matched" in text
    assert "proposed for meeting, en: parley (2 entries" in text


@pytest.mark.usefixtures("archive")
def test_an_unknown_topic_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="there is no topic `sumit`; did you mean `summit`"):
        CliRunner().invoke(group, ["topics", "coverage", "sumit"], catch_exceptions=False)


@pytest.mark.usefixtures("archive")
def test_an_empty_time_is_no_error() -> None:
    assert summit("--since", "1m")["near_misses"] == []


@pytest.mark.usefixtures("archive")
def test_what_is_ruled_out_is_told_so_and_comes_last() -> None:
    (found,) = json.loads(run("no_kim", "--json"))

    hindrances = [(miss["title"], miss["hindrance"]) for miss in found["near_misses"]]
    assert hindrances == [
        ("Putin at a summit in Beijing", "vetoed by “Beijing”"),
        ("Kim Jong Un meets Putin in Vladivostok", "ruled out by NOT kim"),
        (BLITZ, "ruled out by NOT kim"),
        ("Kim Jong Un receives Putin's envoy", "ruled out by NOT kim"),
        ("Parley of Kim Jong Un with Putin ends", "ruled out by NOT kim"),
        ("Kim Jong Un and Putin parley on Friday", "ruled out by NOT kim"),
    ]
    assert found["proposals"] == []
    assert "vetoed by “Beijing”; has meeting, putin" in run("no_kim")
    assert "lacks meeting; ruled out by NOT kim; has putin" in run("no_kim")


PROPOSING = Settings.model_validate(
    {
        "entities": {
            "trump": {"names": ["Trump", "Трамп"]},
            "kim": {"names": ["Kim Jong Un", "Ким Чен Ын*"], "short": ["Ким"]},
            "putin": {"names": ["Putin", "Путин", "プーチン"]},
        },
        "topics": [{"id": "t", "match": "trump AND kim"}],
    }
)


def relatives(language: str, *titles: str) -> list[tuple[ArchivedText, Nearly]]:
    near = Nearly("t", ("kim",), ("trump",))
    return [(ArchivedText(1, "f", title, "", language, 1), near) for title in titles]


def proposed(language: str, *titles: str) -> set[str]:
    found = propose(relatives(language, *titles), (), Watchlist(PROPOSING))
    return {proposal.word for proposal in found}


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        (
            "ru",
            "Встреча Ким Чен Ына с Путиным: к договору",
            {"встреча", "договору"},
        ),
        ("ja", "プーチン訪朝", {"訪朝"}),
        ("ru", "она встретится между тем", {"встретится"}),
        ("de", "Gipfel gegenüber Putins Palast", {"gipfel", "palast"}),
    ],
)
def test_words_are_proposed_that_no_list_holds_and_that_are_no_grammar(
    language: str, title: str, words: set[str]
) -> None:
    assert proposed(language, title, title) == words
