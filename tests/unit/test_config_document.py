from pathlib import Path

import pytest

from watcher.config import Document, Problem, load
from watcher.config.document import Source
from watcher.config.scan import KeyPath

TEXT = """\
include = []
watcher.timezone = "UTC"

[polling] # comment
interval = "5m"
allow_private = [
    "10.0.0.0/8",  # office
    '127.0.0.0/8',
]

[[topics]]
id = "first"
tests.yes = ["a", "b"]

[[topics]]
id = "second"
match = "kim AND \\"say \\u00e9\\" AND puttin"
tests = { yes = ["c"], no = [ "d" ] }

[[topics]]
match = \"""
kim \\
   AND puttin
  OR 北朝鮮 AND xi\"""

[channels.desk]
"""


def mark(path: KeyPath, **rest: object) -> tuple[int, int, str]:
    """Return line, column and the marked text of a problem in TEXT."""
    document = Document((Source(Path("config.toml"), TEXT),))
    place = document.locate(Problem(path, "", **rest))  # type: ignore[arg-type]
    start = place.column - 1
    assert TEXT.split("\n")[place.line - 1] == place.source
    return place.line, place.column, place.source[start : start + place.length]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(("watcher", "timezone"), (2, 20, '"UTC"'), id="dotted key"),
        pytest.param(("polling",), (4, 1, "[polling]"), id="table: its header"),
        pytest.param(("polling", "nothing"), (4, 1, "[polling]"), id="missing key: its table"),
        pytest.param(("nothing", "at", 1), (1, 1, "i"), id="nothing at all: the top"),
        pytest.param(("polling", "allow_private"), (6, 17, "["), id="long value: its first line"),
        pytest.param(("polling", "allow_private", 1), (8, 5, "'127.0.0.0/8'"), id="element"),
        pytest.param(("topics", 1, "id"), (16, 6, '"second"'), id="array of tables"),
        pytest.param(("topics", 0, "match"), (11, 1, "[[topics]]"), id="missing in an array"),
        pytest.param(("topics", 0, "tests"), (13, 1, "tests"), id="table of dotted keys alone"),
        pytest.param(("topics", 1, "tests", "no", 0), (18, 31, '"d"'), id="inside inline tables"),
        pytest.param(("topics",), (11, 3, "topics"), id="the array itself"),
    ],
)
def test_a_path_is_located(path: KeyPath, expected: tuple[int, int, str]) -> None:
    assert mark(path) == expected


def test_a_key_is_marked_when_asked() -> None:
    assert mark(("topics", 1, "tests", "yes"), at_key=True) == (18, 11, "yes")
    assert mark(("channels", "desk"), at_key=True) == (26, 11, "desk")


@pytest.mark.parametrize(
    ("topic", "word", "expected"),
    [
        pytest.param(1, "puttin", (17, 37, "puttin"), id="behind escapes"),
        pytest.param(1, "é", (17, 24, "\\u00e9"), id="an escape itself"),
        pytest.param(2, "puttin", (23, 8, "puttin"), id="behind a joined line"),
        pytest.param(2, "北朝鮮", (24, 6, "北朝鮮"), id="in a later line"),
    ],
)
def test_an_offset_points_inside_a_string(
    topic: int, word: str, expected: tuple[int, int, str]
) -> None:
    contents = {
        1: 'kim AND "say é" AND puttin',
        2: "kim AND puttin\n  OR 北朝鮮 AND xi",
    }
    offset = contents[topic].index(word)

    assert mark(("topics", topic, "match"), offset=offset, length=len(word)) == expected


def test_an_offset_behind_the_end_points_at_the_quotes() -> None:
    assert mark(("topics", 0, "id"), offset=99)[:2] == (12, 12)


def test_an_offset_into_no_string_points_at_the_value() -> None:
    assert mark(("polling", "allow_private"), offset=3)[:2] == (6, 17)


def test_joined_lists_lead_back_to_their_files(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        'include = ["b.toml", "c.toml"]\n[[feeds]]\nurl = "https://a.example/1"\n'
    )
    (tmp_path / "b.toml").write_text('[[feeds]]\nurl = "https://b.example/1"\n')
    (tmp_path / "c.toml").write_text(
        '[polling]\ninterval = "9m"\n\n[[feeds]]\nurl = "https://c.example/1"\n\n'
        '[[feeds]]\nurl = "https://c.example/2"\n'
    )

    loaded = load(tmp_path / "config.toml")

    assert loaded.settings
    assert [feed.url[-11:] for feed in loaded.settings.feeds] == [
        "a.example/1",
        "b.example/1",
        "c.example/1",
        "c.example/2",
    ]
    places = [loaded.document.locate(Problem(("feeds", n, "url"), "")) for n in range(4)]
    assert [(place.file.name, place.line) for place in places] == [
        ("config.toml", 3),
        ("b.toml", 2),
        ("c.toml", 5),
        ("c.toml", 8),
    ]
    place = loaded.document.locate(Problem(("polling", "interval"), ""))
    assert (place.file.name, place.line) == ("c.toml", 2)


def test_a_key_missing_in_an_included_table_stands_at_its_header(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('include = ["b.toml"]\n[[topics]]\nid="x"\nmatch="x"')
    (tmp_path / "b.toml").write_text('\n\n[[topics]]\nid = "y"\n')

    loaded = load(tmp_path / "config.toml")

    (problem,) = [problem for problem in loaded.problems if not problem.warning]
    place = loaded.document.locate(problem)
    assert (place.file.name, place.line, place.source) == ("b.toml", 3, "[[topics]]")


def test_windows_line_ends_and_a_byte_order_mark_move_nothing(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes("\ufeff[polling]\r\ninterval = 5\r\n".encode())

    loaded = load(file)

    place = loaded.document.locate(loaded.problems[0])
    assert (place.line, place.column, place.length) == (2, 12, 1)
    assert place.source == "interval = 5"
