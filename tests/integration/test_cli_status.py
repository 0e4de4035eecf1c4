"""`watcher status`, and how commands find the database that a daemon works on."""

import asyncio
import json
import os
import re
import socket
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from house import Clock, House
from in_process import Watcher
from watchlists import write_config

from watcher.cli import EXIT_CONFIG
from watcher.cli.state import demand_ours
from watcher.config import load
from watcher.model import MuteKind
from watcher.storage.backup import make_backup
from watcher.storage.database import Database
from watcher.storage.lock import database_lock, sole_use, state_lock
from watcher.storage.notes import CHANNEL_GONE, RECIPIENT_REFUSED
from watcher.storage.schema import attempt

HASTY = '\n[polling]\ninterval = "1m"\nmax_interval = "1m"\nmin_interval = "1m"\n'
DEAD = "1 delivery is dead: see `watcher alerts list --state dead`"


def test_status_tells_what_is_wrong_and_exits_with_1(watcher: Watcher, stored: Path) -> None:
    stored.write_text(stored.read_text() + HASTY)
    ended = watcher("status", "--json")

    record = json.loads(ended.out)
    assert (ended.code, record["healthy"]) == (1, False)
    assert (
        re.sub(r"5\d min", "55 min", record["complaints"][0]) == "the last good poll was 55 min ago"
    )
    assert record["complaints"][1:] == [DEAD]
    assert f"!  {DEAD}" in watcher("status").out


def test_what_died_long_ago_is_no_complaint_for_ever(watcher: Watcher, stored: Path) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=8)
    with Database.open(stored.parent / "watcher.db") as database, database.begin() as tx:
        tx.connection.execute(attempt.update().values(ended=long_ago))

    ended = watcher("status", "--json")

    assert (ended.code, json.loads(ended.out)["complaints"]) == (0, [])
    assert "1 dead" in watcher("status").out
    assert len(json.loads(watcher("alerts", "list", "--state", "dead", "--json").out)) == 1


@pytest.mark.parametrize("option", ["--for", "--until"])
def test_the_end_of_a_mute_is_left_to_who_knows_the_time(
    watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    """The clock of this machine may be wrong, and the running Watcher go by that of its hosts."""
    write_config(tmp_path)
    asked: list[Mapping[str, object]] = []

    def perform(_settings: object, _operation: str, arguments: Mapping[str, object]) -> object:
        asked.append(arguments)
        return {"kind": "story", "subject": "2", "until": "2026-11-22T14:10:00Z"}

    monkeypatch.setattr("watcher.cli.mute.perform", perform)

    assert watcher("mute", "story", "2", option, "2h").code == 0
    assert asked == [{"kind": "story", "subject": "2", "until": "2h"}]


def test_what_is_shown_goes_by_the_time_of_the_daemon_where_this_clock_is_wrong(
    watcher: Watcher, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    with Database.open(stored.parent / "watcher.db") as database, database.begin() as tx:
        tx.mutes.add(MuteKind.TOPIC, "summit", now + 2.5 * hour, now, "Ana")
    monkeypatch.setattr("watcher.cli.state.utc_now", lambda: now + timedelta(days=400))
    report = {"version": "1", "pid": 1, "clock_behind": timedelta(days=-400).total_seconds()}
    monkeypatch.setattr("watcher.service.by_hand.control_socket.is_listening", lambda _: True)
    monkeypatch.setattr("watcher.service.by_hand.control.ask_vitals", lambda _: report)

    assert "topic summit, ends in 2 h" in watcher("status").out
    assert re.search("topic +summit .* in 2 h ", watcher("mute").out)


def test_status_names_what_is_muted_and_channels_that_nothing_reaches(
    watcher: Watcher, stored: Path
) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    with Database.open(stored.parent / "watcher.db") as database, database.begin() as tx:
        tx.mutes.add(MuteKind.TOPIC, "summit", soon, soon, "Ana")
        tx.notices.tell(f"{CHANNEL_GONE}screen", soon - timedelta(hours=3))
        tx.notices.tell(f"{CHANNEL_GONE}of_last_year", soon)

    record = json.loads(watcher("status", "--json").out)
    text = watcher("status").out

    assert [one["subject"] for one in record["mutes"]] == ["summit"]
    assert "the channel screen is dead for 2 h: nothing reaches it" in record["complaints"]
    assert "of_last_year is dead" not in text
    assert re.search(r"muted  topic summit, ends in \d+ (h|d|min)$", text, re.MULTILINE)


def test_status_names_recipients_who_hear_nothing(watcher: Watcher, stored: Path) -> None:
    email = '{ server = "smtp://mail.example.org", from = "w@x.example", to = ["ana@x.example"] }'
    stored.write_text(stored.read_text().replace("console = true", f"email = {email}"))
    with Database.open(stored.parent / "watcher.db") as database, database.begin() as tx:
        tx.notices.tell(f"{RECIPIENT_REFUSED}mail ana@x.example", datetime.now(UTC))

    record = json.loads(watcher("status", "--json").out)

    assert list(record["refused_recipients"]["mail"]) == ["ana@x.example"]
    assert "the mail server of channel mail refuses ana@x.example" in watcher("status").out
    assert any("refuses ana@x.example for good" in one for one in record["complaints"])


def test_status_shows_what_runs_when_the_configuration_is_gone(
    watcher: Watcher, stored: Path
) -> None:
    stored.unlink()
    ended = watcher("status", "--config", stored)

    assert ended.code == EXIT_CONFIG
    assert f"configuration  {stored}, cannot be read" in ended.out
    assert "!  the configuration cannot be used" in ended.out
    assert "cannot be read: no such file" in ended.err
    record = json.loads(watcher("status", "--json", "--config", stored).out)
    assert (record["config_changed"], record["entries"] > 0) == (None, True)


@pytest.mark.parametrize("backups", [0, 7])
def test_status_tells_that_a_round_left_no_backup(
    watcher: Watcher, stored: Path, backups: int
) -> None:
    stored.write_text(f"watcher.backups = {backups}\n" + stored.read_text())
    with Database.open(stored.parent / "watcher.db") as database, database.begin() as tx:
        tx.runs.begin(datetime.now(UTC), once=True)
        tx.runs.end(datetime.now(UTC))

    told = json.loads(watcher("status", "--json").out)["complaints"]

    assert ("no backup could be made: see `watcher db backup`" in told) == bool(backups)


def test_a_feed_that_is_polled_seldom_is_not_late(watcher: Watcher, stored: Path) -> None:
    slow = stored.read_text().replace('name = "Wire"', 'name = "Wire"\ninterval = "12h"')
    stored.write_text(slow + HASTY)

    assert json.loads(watcher("status", "--json").out)["complaints"] == [DEAD]


def test_a_daemon_that_works_is_healthy(watcher: Watcher, tmp_path: Path) -> None:
    config = write_config(tmp_path)
    settings = load(config).settings
    assert settings

    async def make() -> None:
        async with House(tmp_path, settings, Clock(), {}):
            pass

    asyncio.run(make())

    ended = watcher("status", "--json")
    assert (ended.code, json.loads(ended.out)["healthy"]) == (0, True)
    assert watcher("feeds", "list").out.startswith("no feeds yet")
    assert watcher("stories", "list").out == "no stories yet\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("feeds", "list"),
        ("stories", "list"),
        ("stories", "show", "1"),
        ("alerts", "list"),
        ("alerts", "show", "1"),
    ],
    ids=" ".join,
)
def test_without_a_database_one_sentence_says_what_to_do(
    watcher: Watcher, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write_config(tmp_path)

    ended = watcher(*arguments)

    database = tmp_path / "watcher.db"
    assert ended == (1, "", f"watcher: no database yet at {database}: start `watcher run` first\n")


@pytest.mark.parametrize("left", [None, b""], ids=["gone", "empty"])
@pytest.mark.parametrize(
    "arguments",
    [("status",), ("alerts", "list"), ("mute", "story", "1"), ("db", "check")],
    ids=" ".join,
)
def test_of_a_lost_database_one_sentence_names_the_copy_to_bring_back(
    watcher: Watcher, stored: Path, arguments: tuple[str, ...], left: bytes | None
) -> None:
    database = stored.parent / "watcher.db"
    copy = make_backup(database, datetime.now(UTC), keep=1)
    for file in stored.parent.glob("watcher.db*"):
        file.unlink()
    if left is not None:
        database.write_bytes(left)

    ended = watcher(*arguments)

    assert ended.code == 1
    said = ended.out + ended.err
    assert f"bring the newest back with `watcher db restore {copy}`" in said
    assert "start `watcher run`" not in said


@pytest.mark.parametrize(
    "arguments", [("status",), ("stories", "list", "--json"), ("mute", "story", "1")], ids=" ".join
)
def test_a_database_moved_from_under_a_running_daemon_is_told_as_such(
    watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    write_config(tmp_path)
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind("watcher.sock")
        daemon.listen()
        ended = watcher(*arguments)

    assert (ended.code, ended.out) == (1, "")
    assert "was moved or deleted under the running Watcher: put it back" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [("status",), ("stories", "list"), ("explain", "1"), ("topics", "backtest"), ("db", "upgrade")],
    ids=" ".join,
)
def test_an_older_daemon_that_still_runs_after_an_upgrade_is_to_be_restarted(
    watcher: Watcher, stored: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(stored.parent)
    # Nobody answers this socket.
    monkeypatch.setattr("watcher.service.by_hand.control._VITALS_S", 0.1)
    with closing(sqlite3.connect("watcher.db")) as older, older:
        older.execute("UPDATE alembic_version SET version_num = '0008'")
    with state_lock(stored.parent, "watcher.db"), socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind("watcher.sock")
        daemon.listen()
        ended = watcher(*arguments)

    sentence = "the running daemon is another version of Watcher: restart it"
    assert ended == (1, "", f"watcher: {sentence}\n")


def test_status_by_another_link_says_that_a_daemon_works_on_the_database(
    watcher: Watcher, stored: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    database = stored.with_name("watcher.db")
    (folder / "watcher.db").symlink_to(database)
    write_config(folder)
    monkeypatch.chdir(folder)

    with state_lock(stored.parent, "watcher.db"), database_lock(database):
        code, text, _ = watcher("status")
    assert code == 1
    assert f"a Watcher (pid {os.getpid()}) works on this database by another path" in text

    with sole_use(folder / "watcher.db"):  # our own
        assert "by another path" not in watcher("status")[1]


@pytest.mark.parametrize("named", ["other.db", "later/other.db"])
@pytest.mark.parametrize(
    "arguments", [("status",), ("stories", "list", "--json"), ("mute", "story", "1")], ids=" ".join
)
def test_that_another_database_counts_after_a_restart_is_told_beside_a_running_daemon(
    watcher: Watcher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    named: str,
) -> None:
    write_config(tmp_path, f'[watcher]\ndatabase = "sqlite:///{named}"\n')
    monkeypatch.chdir(tmp_path)
    with state_lock(tmp_path, "watcher.db"), socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind("watcher.sock")
        daemon.listen()
        ended = watcher(*arguments)

    used, other = tmp_path / "watcher.db", tmp_path / named
    sentence = f"works on {used}: another `database`, like {other}, counts after a restart"
    assert ended == (1, "", f"watcher: the running Watcher {sentence}\n")


@pytest.mark.parametrize("arguments", [("status",), ("mute", "topic", "summit")], ids=" ".join)
def test_no_command_mistakes_a_daemon_on_another_database_for_one_on_its_own(
    watcher: Watcher, stored: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(stored.parent)
    with state_lock(stored.parent, "old.db"), socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind("watcher.sock")
        daemon.listen()
        ended = watcher(*arguments)
        read = watcher("stories", "list")

    assert (ended.code, ended.out) == (1, "")
    assert f"the running Watcher works on {stored.parent / 'old.db'}: another" in ended.err
    assert read.code == 0


@pytest.mark.parametrize(("of", "code"), [("config.toml", 1), ("other.toml", 0)])
def test_nothing_is_muted_in_a_database_elsewhere_that_the_daemon_does_not_work_on_yet(
    watcher: Watcher, filled: Path, tmp_path: Path, of: str, code: int
) -> None:
    copytree(filled, tmp_path / "elsewhere")
    write_config(tmp_path, '[watcher]\ndatabase = "sqlite:///elsewhere/watcher.db"\n')
    with (
        state_lock(tmp_path, "watcher.db", tmp_path / of),
        socket.socket(socket.AF_UNIX) as daemon,
    ):
        daemon.bind("watcher.sock")
        daemon.listen()
        ended = watcher("mute", "topic", "summit")

    used = tmp_path / "watcher.db"
    assert (ended.code, f"the running Watcher works on {used}" in ended.err) == (code, code == 1)


def test_a_database_by_another_way_to_its_folder_is_the_one_in_use(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stored.parent
    monkeypatch.chdir(folder)
    (folder / "way").symlink_to(folder)
    write_config(folder, '[watcher]\ndatabase = "sqlite:///way/watcher.db"\n')
    settings = load(stored).settings
    assert settings
    with state_lock(folder, "watcher.db", stored), socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind("watcher.sock")
        daemon.listen()
        demand_ours(settings)
