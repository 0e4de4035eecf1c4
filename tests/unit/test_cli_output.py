import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from watchlists import NOON

from watcher.cli.output import ago, print_json, print_table, progress
from watcher.model import Action
from watcher.service.moments import rfc3339


def test_json_keeps_letters_and_tells_times_and_words_as_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json(
        {
            "title": "김정은 \ud800",
            "time": datetime(2023, 9, 13, 19, 5, 7, 999, tzinfo=timezone(timedelta(hours=7))),
            "action": Action.REPLY,
            "file": Path("/x"),
            "topics": frozenset({"b", "a"}),
            "pair": (1, None),
        }
    )

    out = capsys.readouterr().out
    assert "김정은 ?" in out
    assert json.loads(out) == {
        "title": "김정은 ?",
        "time": "2023-09-13T12:05:07Z",
        "action": "reply",
        "file": "/x",
        "topics": ["a", "b"],
        "pair": [1, None],
    }


@given(st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5))
def test_whatever_is_printed_as_json_is_one_line_of_utf_8(value: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("click.echo", printed.append)
        print_json(value)

    (text,) = printed
    json.loads(text.encode("utf-8"))
    assert "\n" not in text


def test_a_table_in_a_pipe_folds_no_line_and_takes_text_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    long = "word " * 200
    rows = [
        (1, "[bold]not markup[/bold] :warning: \x1b[31mred\n2nd line\u202e", long),
        (2, None, ""),
    ]
    print_table(("n", "title", "text"), rows, "none")

    first, second = capsys.readouterr().out.splitlines()[-2:]
    assert "[bold]not markup[/bold] :warning:  [31mred 2nd line" in first
    assert long.strip() in first
    assert "\u202e" not in first
    assert second.split() == ["2", "-", "-"]


def test_an_empty_table_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("n",), [], "no alerts yet")

    assert capsys.readouterr().out == "no alerts yet\n"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s ago"),
        (59, "59 s ago"),
        (200, "3 min ago"),
        (7300, "2 h ago"),
        (3 * 86400, "3 d ago"),
        (-90, "in 2 min"),
    ],
)
def test_times_are_told_as_people_do(seconds: int, text: str) -> None:
    assert ago(NOON - timedelta(seconds=seconds), NOON) == text


def test_no_time_is_never() -> None:
    assert ago(None, NOON) == "never"
    assert rfc3339(None) is None
    assert rfc3339(NOON.astimezone(UTC)) == "2026-11-22T12:00:00Z"


def test_without_a_terminal_there_is_no_progress_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress([1, 2, 3], "counting") as things:
        assert list(things) == [1, 2, 3]

    assert capsys.readouterr() == ("", "")
