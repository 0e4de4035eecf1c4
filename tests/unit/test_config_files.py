"""The files of a configuration: what includes what, and those that cannot be read."""

from datetime import timedelta
from pathlib import Path

import pytest
from config_files import load_text, read, write

from watcher.config import load, report


def test_every_table_may_stand_in_an_included_file(tmp_path: Path) -> None:
    write(tmp_path, '[polling]\ntimeout = "9s"\n[entities.kim]\nnames = ["Kim"]', "more/a.toml")
    write(tmp_path, '[entities.kim]\nshort = ["K"]\n[words.arms]\nen = ["arms"]', "more/b.toml")
    write(tmp_path, "include = 5", "more/c.txt")

    settings = read(tmp_path, 'include = ["more/*.toml"]\n[polling]\ninterval = "9m"')

    assert (settings.polling.timeout, settings.polling.interval) == (
        timedelta(seconds=9),
        timedelta(minutes=9),
    )
    assert (settings.entities["kim"].names, settings.entities["kim"].short) == (("Kim",), ("K",))
    assert settings.words["arms"].languages == {"en": ("arms",)}


def test_an_included_file_includes_from_its_own_folder(tmp_path: Path) -> None:
    write(tmp_path, 'include = ["deep/c.toml"]', "more/b.toml")
    write(tmp_path, '[entities.kim]\nnames = ["Kim"]', "more/deep/c.toml")

    assert read(tmp_path, 'include = ["more/b.toml"]').entities.keys() == {"kim"}


def test_a_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    write(tmp_path, 'include = ["config.toml"]\n[[feeds]]\nurl = "https://a.example/"', "b.toml")

    settings = read(tmp_path, 'include = ["b.toml", "*.toml", "./b.toml"]')

    assert len(settings.feeds) == 1


def test_an_absolute_pattern_is_followed(tmp_path: Path) -> None:
    write(tmp_path, '[entities.kim]\nnames = ["Kim"]', "lists/b.toml")

    assert read(tmp_path, f'include = ["{tmp_path}/lists/*.toml"]').entities.keys() == {"kim"}


def test_names_are_not_missed_while_a_file_is_missing(tmp_path: Path) -> None:
    text = 'include = ["no.toml"]\n[watcher]\nops_channel = "desk"\n'

    assert len(load_text(tmp_path, text).problems) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"a = \xff", "not UTF-8 text", id="bytes"),
        pytest.param("[polling]".encode("utf-16"), "not UTF-8 text", id="UTF-16"),
        pytest.param(b"a = " + b"[" * 5000, "nested too deeply", id="deep"),
        pytest.param(b"a = " + b"9" * 5000, "no valid TOML", id="endless number"),
        pytest.param(b"a = 2026-02-31", "no valid TOML", id="no such day"),
        pytest.param(b'a = "\x00"', "no valid TOML", id="control character"),
    ],
)
def test_what_cannot_be_read_is_one_problem(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)

    loaded = load(file)

    assert loaded.settings is None
    (problem,) = loaded.problems
    assert problem.message.startswith(message)
    assert report(loaded.problems, loaded.document).endswith("\n1 problem; nothing was started")


@pytest.mark.parametrize("name", [".", "no.toml"])
def test_what_is_no_file_is_one_problem(tmp_path: Path, name: str) -> None:
    (problem,) = load(tmp_path / name).problems

    assert problem.message.startswith("cannot be read: ")


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        pytest.param("a = “x”", 1, 5, 'strings stand in straight quotes: "..."', id="quotes"),
        pytest.param("a = True", 1, 5, "true and false are written in lower case", id="Python"),
        pytest.param("a = text", 1, 5, 'strings stand in quotes: "..."', id="no quotes"),
        pytest.param("a =", 1, 4, "a value is missing or not understood", id="no value"),
        pytest.param("\na = 1\na = 2", 3, 6, "this key is defined twice", id="twice"),
        pytest.param("[a]\n[a]", 2, 3, "this table is declared twice", id="table twice"),
        pytest.param("a = [1,\n2", 2, 2, "this list is not closed", id="open list"),
        pytest.param('a = ["x"\n"y"]', 2, 1, "this list is not closed, or a comma is", id="comma"),
        pytest.param('a = "C:\\Users"', 1, 10, "a backslash begins a letter's number", id="\\U"),
        pytest.param("a = 'x\nb = 1", 2, 6, "this string is not closed", id="open string"),
        pytest.param('a = "C:\\x"', 1, 10, "a backslash stands alone", id="backslash"),
        pytest.param("a", 1, 2, "expected `=` after the key", id="key alone"),
        pytest.param("[a\n", 1, 3, "expected `]` at the end of the header", id="open header"),
    ],
)
def test_broken_toml_is_named_with_its_place(
    tmp_path: Path, text: str, line: int, column: int, message: str
) -> None:
    loaded = load_text(tmp_path, text)

    (problem,) = loaded.problems
    place = loaded.document.locate(problem)
    assert problem.message.removeprefix("no valid TOML: ").startswith(message)
    assert (place.line, place.column) == (line, column)
