"""`watcher stories` on a real database: the tree of a story, the list, the search."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from stored import MINUTE, READ, UNREAD, an_entry, feed_number, open_in
from watchlists import write_config

from watcher.cli import group
from watcher.model import Assignment, Entry, Relation
from watcher.storage.database import Transaction

CONFIG = """
[publishers]
"Harian Group" = ["Harian*", "harian.example"]
"""
MEETS = "Kim Jong Un meets Putin"
#: Not of today, whatever the day: a time of today is shown without its day.
START = datetime(2023, 9, 13, 7, tzinfo=UTC)
TREE = """\
story 1: Kim Jong Un meets Putin
6 entries · 3 publishers (6 outlets) · English 1, Indonesian 5
first: Wire 13 Sep 2023 07:01 UTC · last: 13 Sep 2023 07:06 UTC
agencies: Reuters (3), KCNA (1)
official: KCNA
citing: Kremlin
topics: summit

#1 · 13 Sep 2023 07:01 UTC · Wire [en] · agency Reuters
Kim Jong Un meets Putin
founder, 88: because 1
└─ #2 · 13 Sep 2023 07:02 UTC (+1 min) · Daily [id]
   copy of #1, 88: because 2
   └─ #6 · 13 Sep 2023 07:06 UTC (+4 min) · Post [id] · citing Kremlin
      Kremlin: talks went well
      copy of #2, 88: because 6

#3 · 13 Sep 2023 07:03 UTC · Harian Pagi (Harian Group) [id]
Kim Temui Putin
same, 88: because 3
└─ #4 · 13 Sep 2023 07:04 UTC (+1 min) · Harian Sore (Harian Group) [id] · citing KCNA
   copy of #3, 88: because 4

#5 · 13 Sep 2023 07:05 UTC · KCNA [id] · official: KCNA
Leaders meet
same, 88: because 5
"""


def told(number: int, outlet: str, title: str = MEETS, summary: str = "") -> Entry:
    host = f"https://{outlet.lower().split()[0] or 'nobody'}.example/{number}"
    seen = START + number * MINUTE
    return an_entry(str(number), title, outlet=outlet, summary=summary, url=host, seen=seen)


def store(
    tx: Transaction,
    entry: Entry,
    relation: Relation,
    *,
    copy_of: int | None = None,
    author: str = "",
) -> int:
    story = None if relation is Relation.NEW else 1
    assignment = Assignment(relation, story, copy_of, 88.0, f"because {entry.id}")
    reading = READ if relation is Relation.NEW else replace(UNREAD, language="id")
    added = tx.entries.add(feed_number(tx), entry, reading, assignment, author=author)
    return added.entry


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Fill a database with a story of two reports and four copies, and with another story."""
    wire = "MOSCOW, Nov 22 (Reuters) - The leaders met"
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx, told(1, "Wire", summary=wire), Relation.NEW)
        store(tx, told(2, "Daily"), Relation.COPY, copy_of=1)
        store(tx, told(3, "Harian Pagi", "Kim Temui Putin"), Relation.SAME, author="Ann Ode")
        store(
            tx, told(4, "Harian Sore", "Kim Temui Putin", "Menurut KCNA."), Relation.COPY, copy_of=3
        )
        store(tx, told(5, "KCNA", "Leaders meet"), Relation.SAME)
        store(tx, told(6, "Post", "Kremlin: talks went well"), Relation.COPY, copy_of=2)
        store(tx, told(7, "Times", "Feri berlayar lagi"), Relation.NEW)
    return write_config(tmp_path, CONFIG)


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(group, [*arguments, "--config", str(config)])


def parsed(config: Path, *arguments: str) -> Any:
    result = run(config, *arguments, "--json")
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_a_story_is_shown_as_a_tree(config: Path) -> None:
    shown = run(config, "stories", "show", "1").stdout

    assert shown == TREE


def test_a_story_as_json_has_every_edge_and_who_says_so(config: Path) -> None:
    story = parsed(config, "stories", "show", "1")

    assert story["publishers"] == ["Reuters", "Harian Group", "KCNA"]
    assert story["outlets"] == ["Wire", "Daily", "Harian Pagi", "Harian Sore", "KCNA", "Post"]
    assert (story["agencies"], story["official"], story["citing"]) == (
        {"Reuters": 3, "KCNA": 1},
        ["KCNA"],
        ["Kremlin"],
    )
    edges = [(m["number"], m["relation"], m["copy_of"]) for m in story["members"]]
    assert edges == [
        (1, "new", None),
        (2, "copy", 1),
        (3, "same", None),
        (4, "copy", 3),
        (5, "same", None),
        (6, "copy", 2),
    ]
    wire, harian = story["members"][0], story["members"][3]
    assert (wire["publisher"], wire["agency"], wire["topics"]) == (
        "wire.example",
        "Reuters",
        ["summit"],
    )
    assert (harian["publisher"], harian["quoted"], harian["lang"]) == (
        "Harian Group",
        ["KCNA"],
        "id",
    )
    assert (wire["score"], wire["reason"], wire["time"]) == (
        88.0,
        "because 1",
        "2023-09-13T07:01:00Z",
    )


def test_a_story_says_what_it_follows_and_what_follows_it(config: Path, tmp_path: Path) -> None:
    follows = Assignment(Relation.NEW, None, None, 70.0, "another act", follows=1)
    with open_in(tmp_path) as database, database.begin() as tx:
        tx.entries.add(feed_number(tx), told(8, "Wire", "Kim heads home"), READ, follows)

    shown = [run(config, "stories", "show", number).stdout for number in ("3", "1")]
    assert f"\nfollows: story 1: {MEETS}\n" in shown[0]
    assert "\nfollowed by: story 3: Kim heads home\n" in shown[1]
    later, first = (parsed(config, "stories", "show", number) for number in ("3", "1"))
    assert later["follows"] == [{"story": 1, "title": MEETS}]
    assert first["followed_by"] == [{"story": 3, "title": "Kim heads home"}]


def test_a_story_that_is_not_there_is_told_where_to_look(config: Path) -> None:
    result = run(config, "stories", "show", "99")

    assert result.exit_code != 0


def test_the_list_counts_outlets_and_their_publishers(config: Path) -> None:
    listed = run(config, "stories", "list").stdout
    rows = parsed(config, "stories", "list")

    assert "6 (3 publishers)" in listed
    assert [(row["id"], len(row["outlets"]), len(row["publishers"])) for row in rows] == [
        (2, 1, 1),
        (1, 6, 3),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param(["putin", "KIM"], [(1, "Kim Temui Putin")], id="the newest headline"),
        pytest.param(["berlayar"], [(2, "Feri berlayar lagi")], id="one word"),
        pytest.param(["talks", "berlayar"], [], id="all words in one headline"),
        pytest.param(["%"], [], id="no pattern"),
    ],
)
def test_a_search_finds_stories_by_their_headlines(
    config: Path, words: list[str], found: list[tuple[int, str]]
) -> None:
    rows = parsed(config, "stories", "search", *words)

    assert [(row["id"], row["headline"]) for row in rows] == found


def test_a_search_can_be_limited_to_what_is_recent(config: Path) -> None:
    assert parsed(config, "stories", "search", "kim", "--since", "1s") == []
    assert len(parsed(config, "stories", "search", "i", "--limit", "1")) == 1


def test_a_search_with_an_odd_duration_says_what_is_wrong(config: Path) -> None:
    result = run(config, "stories", "search", "kim", "--since", "soon")

    assert result.exit_code != 0
    assert "no headline" in run(config, "stories", "search", "nothing").stdout


def test_explain_says_who_told_the_story(config: Path) -> None:
    record = parsed(config, "explain", "4")

    assert "told by 3 publishers (6 outlets)" in run(config, "explain", "4").stdout
    assert record["story"]["coverage"]["publishers"] == ["Reuters", "Harian Group", "KCNA"]
