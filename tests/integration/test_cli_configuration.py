"""What commands make of a configuration, or of none: `init`, `topics`, wrong usage."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from _pytest.capture import CaptureIO
from in_process import Watcher
from no_room import no_room
from watchlists import MEETS, WATCHLIST, write_config

from watcher.cli import EXIT_CONFIG
from watcher.config import load


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("alerts", "show", 99), "there is no alert 99"),
        (("stories", "show", 99), "there is no story 99"),
    ],
)
def test_what_is_not_there_is_wrong_usage(
    watcher: Watcher, arguments: tuple[object, ...], words: str
) -> None:
    ended = watcher(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


COMMANDS_WITH_CONFIG: list[tuple[Any, ...]] = [
    ("status",),
    ("feeds", "list"),
    ("topics", "list"),
    ("topics", "test"),
    ("alerts", "list"),
    ("explain", "x"),
    ("db", "backup"),
    ("db", "check"),
]


@pytest.mark.parametrize("arguments", COMMANDS_WITH_CONFIG, ids=" ".join)
def test_a_bad_configuration_exits_with_78(
    watcher: Watcher, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write_config(tmp_path, "intervall = 3\n")
    ended = watcher(*arguments)

    assert (ended.code, ended.out) == (EXIT_CONFIG, "")
    assert "config.toml:1:1: unknown key `intervall`" in ended.err


@pytest.mark.parametrize("arguments", COMMANDS_WITH_CONFIG, ids=" ".join)
def test_no_configuration_at_all_exits_with_78(
    watcher: Watcher, arguments: tuple[str, ...]
) -> None:
    ended = watcher(*arguments)

    assert (ended.code, ended.out) == (EXIT_CONFIG, "")
    assert ended.err.startswith("watcher: no configuration found: looked for ")


@pytest.mark.parametrize("arguments", COMMANDS_WITH_CONFIG, ids=" ".join)
def test_warnings_are_left_to_check(
    watcher: Watcher, stored: Path, arguments: tuple[str, ...]
) -> None:
    stored.write_text('include = ["none/*.toml"]\n' + stored.read_text())

    assert watcher(*arguments).err == ""
    assert "warning" in watcher("check").out


def test_a_topic_whose_examples_fail_exits_with_1(watcher: Watcher, tmp_path: Path) -> None:
    path = write_config(tmp_path)
    path.write_text(path.read_text().replace('no = ["', 'no = ["Putin calls Kim Jong Un", "'))

    ended = watcher("topics", "test")

    assert ended.code == 1
    assert "summit: should not match: Putin calls Kim Jong Un" in ended.out
    assert ended.out.endswith("2 of 3 examples pass\n")


def test_without_topics_the_list_says_what_to_do(watcher: Watcher, tmp_path: Path) -> None:
    write_config(tmp_path, watchlist="")

    assert watcher("topics", "list").out == "no topics yet: name some in [[topics]]\n"


LONG_MATCH = " OR ".join(f"(kim NEAR/{number} putin)" for number in range(1, 100))


@pytest.fixture
def with_long_match(tmp_path: Path) -> Path:
    line = 'match = "kim NEAR putin"'
    return write_config(tmp_path, watchlist=WATCHLIST.replace(line, f'match = "{LONG_MATCH}"'))


@pytest.mark.usefixtures("with_long_match")
def test_a_long_match_line_stands_beneath_the_list_and_is_shortened_on_a_terminal(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CaptureIO, "isatty", lambda _: True)
    monkeypatch.setenv("COLUMNS", "80")

    lines = click.unstyle(watcher("topics", "list").out).splitlines()

    assert len(lines) < 10
    assert max(map(len, lines)) <= 80
    assert "summit: (kim NEAR/1 putin)" in "\n".join(lines)
    assert lines[-1].endswith(" …")


@pytest.mark.usefixtures("with_long_match")
def test_elsewhere_it_is_whole_and_widens_no_other_line(watcher: Watcher) -> None:
    lines = watcher("topics", "list").out.splitlines()

    assert lines[-1] == f"summit: {LONG_MATCH}"
    assert max(map(len, lines[:-1])) < 80


def test_init_writes_a_configuration_that_passes_and_overwrites_nothing(
    watcher: Watcher, tmp_path: Path
) -> None:
    assert watcher("init").code == 0
    assert watcher("check").code == 0

    again = watcher("init")
    assert again.code == 2
    assert "config.toml exists already" in again.err

    assert watcher("init", "--force").code == 0
    (tmp_path / "other").mkdir()
    assert watcher("init", "other").code == 0
    assert (tmp_path / "other" / "config.toml").exists()


def test_init_writes_the_schema_that_the_example_names(watcher: Watcher, tmp_path: Path) -> None:
    schema = tmp_path / "config.schema.json"
    schema.write_text("an old one")

    said = watcher("init").out

    assert "wrote config.schema.json: " in said
    assert said.endswith("next: edit it, then `watcher check` and `watcher run`\n")
    assert schema.read_text(encoding="utf-8") == watcher("config", "schema").out
    assert (tmp_path / "config.toml").read_text().startswith(f"#:schema ./{schema.name}\n")


def test_the_schema_beside_the_example_is_the_one_that_is_printed(watcher: Watcher) -> None:
    root = Path(__file__).resolve().parents[2]
    printed = watcher("config", "schema").out

    remedy = "run `watcher config schema > config.schema.json`"
    assert (root / "config.schema.json").read_text(encoding="utf-8") == printed, remedy


def test_init_elsewhere_says_how_to_name_the_place(watcher: Watcher) -> None:
    said = watcher("init", "my own.toml").out

    assert "`watcher run --config 'my own.toml'`\n" in said


@pytest.mark.parametrize("command", [("init",), ("export", "-o"), ("feeds", "export")])
def test_a_folder_that_is_missing_is_no_file_to_write(
    watcher: Watcher, stored: Path, command: tuple[str, ...]
) -> None:
    ended = watcher(*command, "missing/")

    assert (ended.code, ended.out) == (2, "")
    assert "there is no folder missing/: make it, or name a file" in ended.err
    assert not (stored.parent / "missing").exists()


def test_init_names_a_place_that_cannot_be_written(watcher: Watcher) -> None:
    ended = watcher("init", "missing/config.toml")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith("cannot be written: No such file or directory\n")


@pytest.mark.parametrize("words", [("init", "--force"), ("init", "new.toml")])
def test_init_on_a_full_disk_leaves_what_was_there_and_no_stump(
    watcher: Watcher, stored: Path, words: tuple[str, ...]
) -> None:
    config = stored.parent / "config.toml"
    before = sorted(stored.parent.iterdir()), config.read_text()

    with no_room():
        ended = watcher(*words)

    assert (ended.code, ended.out) == (1, "")
    assert " cannot be written: " in ended.err
    assert (sorted(stored.parent.iterdir()), config.read_text()) == before


def test_init_writes_a_file_that_a_service_can_read(watcher: Watcher, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        assert watcher("init").code == 0
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "config.toml").stat().st_mode) == 0o640


def test_a_reader_that_leaves_early_causes_no_noise(tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    titles = (f"{MEETS} and names {number} places" for number in range(700))
    items.write_text(
        "".join(json.dumps({"id": str(n), "title": t}) + "\n" for n, t in enumerate(titles))
    )
    command = [sys.executable, "-m", "watcher", "replay", str(items), "--json"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as running:
        assert running.stdout
        assert running.stderr
        assert json.loads(running.stdout.readline())["id"] == "0"
        running.stdout.close()
        noise = running.stderr.read()

    assert noise == ""


def test_topics_test_takes_a_file_of_labelled_examples(watcher: Watcher, stored: Path) -> None:
    lines = [
        {"id": "1", "title": "Kim Jong Un meets Putin", "labels": ["summit"]},
        {"id": "2", "title": "Putin calls Kim Jong Un", "labels": []},
        {"id": "3", "title": "Nothing is said of this one"},
    ]
    file = stored.with_name("examples.jsonl")
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    ended = watcher("topics", "test", file)

    assert ended.code == 1
    assert "summit: should not match: Putin calls Kim Jong Un (found " in ended.out
    assert (
        f"{2 * len(topic_ids(stored)) - 1} of {2 * len(topic_ids(stored))} examples pass"
        in ended.out
    )


def test_labels_of_no_topic_are_told_and_the_rest_is_tested(watcher: Watcher, stored: Path) -> None:
    file = stored.with_name("examples.jsonl")
    labelled = [{"id": str(one), "labels": [f"topic{one}", "sumit"]} for one in range(12)]
    file.write_text("\n".join(map(json.dumps, labelled)), encoding="utf-8")

    ended = watcher("topics", "test", file)

    assert f"{12 * len(topic_ids(stored))} of " in ended.out
    assert f"{file}:1: no topic `sumit`; did you mean `summit`? (and 11 more items)" in ended.err
    assert "and 3 more labels or ids like these" in ended.err


def test_a_file_of_examples_without_labels_is_wrong_usage(watcher: Watcher, stored: Path) -> None:
    file = stored.with_name("examples.jsonl")
    file.write_text('{"id": "1", "title": "Kim Jong Un meets Putin"}', encoding="utf-8")

    ended = watcher("topics", "test", file)

    assert ended.code == 2
    assert "labels" in ended.err


def topic_ids(config: Path) -> list[str]:
    """Return the ids of a configuration's topics."""
    settings = load(config).settings
    assert settings
    return [topic.id for topic in settings.topics]
