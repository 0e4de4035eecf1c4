"""What users may rely on of `watcher check` and `watcher config schema`."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from watcher.cli import group
from watcher.config import json_schema, load
from watcher.config.draft import draft
from watcher.config.values import parse_duration, parse_size

WATCHLIST = """
[entities.kim]
names = ["Kim Jong Un"]

[entities.putin]
names = ["Putin"]

[channels.screen]
console = true
"""

BROKEN_EVERYWHERE = """
[polling]
concurrency = "5"

[entities.kim]
names = ["Kim Jong Un", 5, "Ki*m"]

[[topics]]
id     = "one"
match  = "kim NEAR kimm"
chanel = ["screen"]

[[topics]]
id    = "two"
match = "kim AND"

[[topics]]
match = "kim and kim"
"""

#: TOML values, right and wrong, in shapes that a watchlist may have.
VALUES = st.recursive(
    st.none().map(lambda _: 1) | st.booleans() | st.text(max_size=5) | st.just("kim"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "match", "names", "not", "never", "tests", "yes", "en", "x y"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def checked(tmp_path: Path, text: str) -> str:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(group, ["check", "--config", str(file)]).output


def test_mistakes_of_the_watchlist_show_beside_all_others(tmp_path: Path) -> None:
    output = checked(tmp_path, BROKEN_EVERYWHERE)

    for place in (
        ":3:15: `concurrency` must be a whole number",
        ":6:25: each of `names` must be a string",
        ":6:31: `*` stands only at the end of a term",
        ":10:20: no entity or word list is called `kimm`; did you mean `kim`?",
        ":11:1: unknown key `chanel`; did you mean `channels`?",
        ":15:14: `AND` has nothing after it",
        ":17:1: missing key `id`",
        ":18:14: operators are written in capitals: AND",
        "8 problems, 1 warning; nothing was started",
    ):
        assert place in output


def test_an_entity_that_cannot_be_read_is_still_known_by_name(tmp_path: Path) -> None:
    output = checked(tmp_path, '[entities]\nkim = 5\n[[topics]]\nid = "t"\nmatch = "kim"\n')

    assert "`kim` must be a table" in output
    assert "no entity or word list is called" not in output


def test_names_in_a_file_that_cannot_be_read_are_not_called_unknown(tmp_path: Path) -> None:
    text = 'include = ["gone.toml"]\n[[topics]]\nid = "t"\nmatch = "kim"\n'

    assert "no entity or word list" not in checked(tmp_path, text)


def test_headlines_that_fail_for_a_broken_list_are_not_told(tmp_path: Path) -> None:
    text = '[entities.kim]\nnames = [5]\n[[topics]]\nid = "t"\nmatch = "kim"\ntests.yes = ["Kim"]\n'

    assert "should match" not in checked(tmp_path, text)


@given(st.dictionaries(st.sampled_from(["entities", "words", "topics"]), VALUES, max_size=3))
def test_a_draft_is_made_of_whatever_stands_in_a_file(raw: dict[str, Any]) -> None:
    made = draft(raw)

    assert made is None or made.settings.directory == Path()


@pytest.mark.parametrize(
    ("phrase", "column", "message"),
    [
        pytest.param("*", 18, '"*" has no letter or digit to look for', id="star alone"),
        pytest.param("...", 18, '"..." has no letter or digit to look for', id="dots"),
        pytest.param("a*b", 20, "`*` stands only at the end of a term", id="star inside"),
    ],
)
def test_a_phrase_in_a_match_line_is_held_to_the_rules_of_terms(
    tmp_path: Path, phrase: str, column: int, message: str
) -> None:
    text = f"""[[topics]]\nid = "t"\nmatch = 'kim AND "{phrase}"'\n{WATCHLIST}"""

    assert f":3:{column}: {message}" in checked(tmp_path, text)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        pytest.param(
            '[[topics]]\nid = "t"\nmatch = "kim"\nchannels = []\n',
            "warning: no channel is named: nobody hears of this topic; leave it out for all",
            id="topic",
        ),
        pytest.param(
            '[[feeds]]\nurl = "https://example.org/rss"\ntopics = []\n',
            "warning: no topic is named: this feed is read for nothing; leave it out for all",
            id="feed",
        ),
    ],
)
def test_an_empty_list_where_none_means_all_is_a_warning(
    tmp_path: Path, table: str, message: str
) -> None:
    assert message in checked(tmp_path, table + WATCHLIST)


def test_a_mail_server_has_no_port_0(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[channels.mail]\nemail = { server = "smtp://h:0", from = "a@b.c", to = ["d@e.f"] }\n',
        encoding="utf-8",
    )

    assert [problem.path[-1] for problem in load(file).problems] == ["server"]


def test_defaults_in_the_schema_are_written_as_a_user_writes_them() -> None:
    schema: dict[str, Any] = json_schema()
    tables = schema["$defs"]

    assert tables["AlertsTable"]["properties"]["reply_intervals"]["default"] == [
        "2m",
        "10m",
        "30m",
        "2h",
    ]
    assert parse_size(tables["PollingTable"]["properties"]["max_body"]["default"]) == 10_000_000
    for table, key in (("PollingTable", "interval"), ("StoriesTable", "window")):
        parse_duration(tables[table]["properties"][key]["default"])
    assert "heartbeat" not in schema["properties"]["watcher"]["default"]
    assert "ge" not in tables["FeedTable"]["properties"]["interval"]
