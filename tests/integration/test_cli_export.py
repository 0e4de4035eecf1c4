"""`watcher export` on a real database: JSONL that reads back, CSV that no spreadsheet runs."""

import csv
import io
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from stored import NOW, READ, UNREAD, an_entry, open_in, ring, store
from watchlists import write_config

from watcher.cli import group
from watcher.cli.export import COLUMNS, FORMULA
from watcher.errors import UsageError
from watcher.service.trials.items import read_items
from watcher.storage import exports
from watcher.storage.database import Transaction

DAY = timedelta(days=1)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return a configuration with a story of two entries, an alert, and an old story of one."""
    path = write_config(tmp_path)
    with open_in(tmp_path) as database, database.begin() as tx:
        fill(tx)
    return path


def fill(tx: Transaction) -> None:
    old = an_entry("old", "=HYPERLINK(1)", seen=NOW - 30 * DAY, summary="", language=None)
    store(tx, old, reading=UNREAD)
    first = store(tx, an_entry("1", outlet="Antara"))
    again = an_entry("2", "Kim bertemu Putin", outlet="Tempo", language="id")
    store(tx, again, story=first.story, copy_of=first.entry, reading=replace(READ, language="id"))
    ring(tx, first)


def export(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(group, ["export", *arguments, "--config", str(config)])


def lines(config: Path, *arguments: str) -> list[dict[str, Any]]:
    result = export(config, *arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_entries_come_oldest_first_with_all_that_was_found(config: Path) -> None:
    old, first, copy = lines(config)

    assert [one["id"] for one in (old, first, copy)] == ["1", "2", "3"]
    assert (first["guid"], first["outlet"], first["lang"], first["topics"]) == (
        *("1", "Antara", "en"),
        ["summit"],
    )
    assert (copy["relation"], copy["copy_of"], copy["story"]) == ("copy", "2", first["story"])
    assert (old["lang"], old["topics"]) == (None, [])
    assert first["time"] == first["seen"] == "2026-11-22T12:00:00Z"


def test_exported_entries_are_items(config: Path, tmp_path: Path) -> None:
    assert export(config, "entries", "-o", str(tmp_path / "items.jsonl")).exit_code == 0

    items = read_items(tmp_path / "items.jsonl")
    assert [item.entry.id for item in items] == ["1", "2", "3"]


def test_stories_name_their_entries_outlets_and_languages(config: Path) -> None:
    _, story = lines(config, "stories")

    assert {key: story[key] for key in ("entries", "outlets", "languages", "topics")} == {
        "entries": ["2", "3"],
        "outlets": ["Antara", "Tempo"],
        "languages": ["en", "id"],
        "topics": ["summit"],
    }


def test_alerts_name_their_deliveries(config: Path) -> None:
    (alert,) = lines(config, "alerts")

    assert (alert["topic"], alert["lead"], alert["entries"]) == ("summit", "2", ["2"])
    assert [one["state"] for one in alert["deliveries"]] == ["pending"]


@pytest.mark.parametrize("what", COLUMNS)
def test_csv_has_the_columns_of_jsonl(config: Path, what: str) -> None:
    rows = list(csv.reader(io.StringIO(export(config, what, "--format", "csv").stdout)))
    records = lines(config, what)

    assert rows[0] == list(records[0]) == COLUMNS[what]
    assert len(rows) == len(records) + 1


@pytest.mark.parametrize("start", [*FORMULA, " =", "\xa0@"])
def test_no_cell_is_a_formula(tmp_path: Path, start: str) -> None:
    config = write_config(tmp_path)
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx, an_entry("1", f"{start}cmd|' /C calc'!A0"))
    (row,) = csv.DictReader(io.StringIO(export(config, "--format", "csv").stdout))

    assert row["title"].startswith("'")


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--since", "0s"], []),
        (["--since", "2026-11-01"], ["2", "3"]),
        (["--since", "2026-11-22T12:00:01Z"], []),
        (["--topic", "summit"], ["2", "3"]),
    ],
)
def test_only_what_is_asked_for(config: Path, arguments: list[str], ids: list[str]) -> None:
    assert [one["id"] for one in lines(config, *arguments)] == ids


def test_stories_and_alerts_of_a_time_and_topic(config: Path) -> None:
    assert len(lines(config, "stories", "--since", "2026-11-01")) == 1
    assert len(lines(config, "stories", "--topic", "summit")) == 1
    assert lines(config, "alerts", "--since", "2026-11-23") == []


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PAGE", 1)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("what", COLUMNS)
def test_pages_leave_nothing_out_and_repeat_nothing(config: Path, what: str) -> None:
    found = lines(config, what)

    assert len(found) == {"entries": 3, "stories": 2, "alerts": 1}[what]
    assert len({json.dumps(one) for one in found}) == len(found)


def test_a_file_appears_when_it_is_whole_and_its_name_says_how(
    config: Path, tmp_path: Path
) -> None:
    before = set(tmp_path.iterdir())
    export(config, "alerts", "-o", str(tmp_path / "alerts.csv"))

    made = set(tmp_path.iterdir()) - before
    assert {path for path in made if "watcher.db" not in path.name} == {tmp_path / "alerts.csv"}
    assert (tmp_path / "alerts.csv").read_bytes().startswith(b"alert,topic,story")
    assert b"\r\r\n" not in (tmp_path / "alerts.csv").read_bytes()


def test_a_file_that_is_replaced_keeps_its_mode_and_a_link_goes_on_leading_to_it(
    config: Path, tmp_path: Path
) -> None:
    shared, latest = tmp_path / "shared.jsonl", tmp_path / "latest.jsonl"
    shared.write_text("old")
    shared.chmod(0o664)
    latest.symlink_to(shared.name)

    assert export(config, "-o", str(latest)).exit_code == 0

    assert latest.is_symlink()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o664
    assert len(shared.read_text("utf-8").splitlines()) == 3


def test_a_pipe_is_written_to_and_not_replaced(config: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        reader = pool.submit(pipe.read_text, "utf-8")
        assert export(config, "-o", str(pipe)).exit_code == 0

        assert len(reader.result(30).splitlines()) == 3
    assert pipe.is_fifo()


def test_a_descriptor_of_the_shell_is_written_to(config: Path) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    assert export(config, "-o", f"/dev/fd/{writing}").exit_code == 0
    os.close(writing)

    with open(reading, encoding="utf-8") as read:  # noqa: PTH123 - a descriptor
        assert len(read.readlines()) == 3


def test_a_dash_is_standard_output(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert len(lines(config, "-o", "-")) == 3
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--since", "soon"], "neither a span"),
        (["feeds"], "is not one of"),
        (["--topic", "none"], "there is no topic"),
        (["--json", "--format", "csv"], "contradict"),
        (["-o", "no/such/folder/x.csv"], "cannot be written"),
        (["-o", "/dev/fd/999"], "cannot be written"),
        (["-o", "/dev/fd/" + "9" * 30], "cannot be written"),
        (["-o", "x" * 300], "cannot be written"),
    ],
)
def test_mistakes_are_told(config: Path, arguments: list[str], sentence: str) -> None:
    result = export(config, *arguments)
    told = str(result.exception) if isinstance(result.exception, UsageError) else result.output

    assert result.exit_code != 0
    assert sentence in told
