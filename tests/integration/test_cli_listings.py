import asyncio
import json
import os
import re
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import click
import pytest
from _pytest.capture import CaptureIO
from house import TIMES, WIRE, Clock, House, Recorder
from in_process import Watcher
from no_room import no_room
from structlog.testing import capture_logs
from watchlists import FERRY, MEETS, SIGNS, WATCHLIST, write_config

from watcher.cli import EXIT_CONFIG
from watcher.cli.state import demand_ours
from watcher.config import load
from watcher.errors import DeliveryError, FeedError
from watcher.feeds.schedule import PollState
from watcher.model import MuteKind
from watcher.service.moments import rfc3339
from watcher.storage.backup import make_backup
from watcher.storage.database import Database
from watcher.storage.lock import database_lock, sole_use, state_lock
from watcher.storage.notes import CHANNEL_GONE, RECIPIENT_REFUSED
from watcher.storage.schema import attempt

CONFIG = f"""
[alerts]
group_wait = "0s"

[[feeds]]
url = "{WIRE}"
name = "Wire"

[[feeds]]
url = "{TIMES}"
name = "Times"

[channels.mail]
console = true
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill a database beside a configuration: a sent alert, a dead reply, a feed that fails."""
    folder = tmp_path_factory.mktemp("filled")
    with capture_logs():
        asyncio.run(fill(write_config(folder, CONFIG)))
    return folder


@pytest.fixture
def stored(filled: Path, tmp_path: Path) -> Path:
    """Return a configuration with a filled database of its own."""
    copytree(filled, tmp_path, dirs_exist_ok=True)
    return tmp_path / "config.toml"


async def fill(config: Path) -> None:
    settings = load(config).settings
    assert settings
    clock = Clock()
    clock.time = datetime.now(UTC) - timedelta(hours=1)
    mail = Recorder()
    async with House(config.parent, settings, clock, {"screen": Recorder(), "mail": mail}) as house:
        await house.poll()
        await house.poll(house.report(MEETS, "1"), house.report(FERRY, "2"))
        await house.deliver()
        clock.forward(minutes=5)
        mail.failures.append(DeliveryError("mailbox full", permanent=True))
        await house.poll(house.report(SIGNS.format(9), "3"))
        await house.poll(house.report(MEETS, "4"))
        await house.deliver()
        failed = house.outcome(url=TIMES, error=FeedError("connection refused"))
        await house.writer.run(lambda tx: house.pipeline.take(tx, failed))


LISTINGS = [
    pytest.param(("feeds", "list"), {"url", "failures", "last_error", "entries"}, id="feeds list"),
    pytest.param(("topics", "list"), {"id", "match", "channels", "priority"}, id="topics list"),
    pytest.param(("topics", "test"), {"topic", "headline", "passed"}, id="topics test"),
    pytest.param(("stories", "list"), {"id", "title", "outlets", "topics"}, id="stories list"),
    pytest.param(("alerts", "list"), {"id", "topic", "action", "deliveries"}, id="alerts list"),
]
RECORDS = [
    pytest.param(("stories", "show", 1), {"id", "members"}, id="stories show"),
    pytest.param(("alerts", "show", 2), {"id", "told", "attempts", "deliveries"}, id="alerts show"),
    pytest.param(("status",), {"healthy", "complaints", "deliveries", "feeds"}, id="status"),
    pytest.param(("explain", "1"), {"title", "story", "topics"}, id="explain"),
    pytest.param(("explain", "Any headline"), {"title", "story", "topics"}, id="explain text"),
    pytest.param(("check",), {"ok", "problems"}, id="check"),
    pytest.param(("db", "check"), {"ok", "problems", "schema"}, id="db check"),
]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(("arguments", "fields"), LISTINGS)
def test_each_listing_is_a_table_for_people_and_json_for_programs(
    watcher: Watcher, arguments: tuple[object, ...], fields: set[str]
) -> None:
    ended = watcher(*arguments, "--json")
    rows = json.loads(ended.out)

    assert (ended.code, ended.err) == (0, "")
    assert rows
    assert all(fields <= row.keys() for row in rows)
    assert watcher(*arguments).code == 0


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(("arguments", "fields"), RECORDS)
def test_each_record_is_text_for_people_and_json_for_programs(
    watcher: Watcher, arguments: tuple[object, ...], fields: set[str]
) -> None:
    ended = watcher(*arguments, "--json")
    text = watcher(*arguments)

    assert ended.err == text.err == ""
    assert fields <= json.loads(ended.out).keys()
    assert text.code == ended.code
    assert text.out.strip()


@pytest.mark.usefixtures("stored")
def test_a_feed_that_fails_shows_its_error(watcher: Watcher) -> None:
    lines = watcher("feeds", "list").out.splitlines()

    (wire,) = (line for line in lines if line.startswith("Wire"))
    (times,) = (line for line in lines if line.startswith("Times"))
    assert " well " in wire
    assert " failed 1x " in times
    assert times.rstrip().endswith("connection refused")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("command", [("feeds", "list"), ("status",)])
def test_a_poll_that_ends_while_a_command_starts_is_not_in_its_future(
    command: tuple[str, ...], watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end_a_poll(path: Path, *, read_only: bool) -> Database:
        assert read_only
        with opened(path) as database, database.begin() as tx:
            for feed in tx.feeds.all():
                tx.feeds.save_state(feed.id, PollState(last_success=datetime.now(UTC)), None)
        return opened(path, read_only=True)

    opened = Database.open
    monkeypatch.setattr(Database, "open", end_a_poll)
    listed = watcher(*command).out

    assert " s ago" in listed
    assert not re.search(r"\bin \d+ s\b", listed)


def go_offline(folder: Path, *, ended: bool = False) -> datetime:
    """Note in the database that a daemon has seen no host for two hours; return since when."""
    since = (datetime.now(UTC) - timedelta(hours=2)).replace(microsecond=0)
    with Database.open(folder / "watcher.db") as database, database.begin() as tx:
        tx.runs.begin(since - timedelta(hours=1), once=False)
        tx.notices.offline("no outlet can be trusted from here: at 2 of 2 hosts", since)
        if ended:
            tx.runs.end(since + timedelta(hours=1))
    return since


def test_while_offline_the_list_says_so_and_calls_nothing_well(
    watcher: Watcher, stored: Path
) -> None:
    since = go_offline(stored.parent)
    listed = watcher("feeds", "list")
    told = watcher("feeds", "list", "--json")

    assert listed.out.startswith(
        "no outlet can be trusted from here: at 2 of 2 hosts (noticed 2 h ago; no feed is blamed"
    )
    assert {one["offline_since"] for one in json.loads(told.out)} == {rfc3339(since)}
    assert "no outlet can be trusted" in told.err


def test_while_offline_no_trouble_is_not_told_as_health(watcher: Watcher, stored: Path) -> None:
    with Database.open(stored.parent / "watcher.db") as database, database.begin() as tx:
        for feed in tx.feeds.all():
            tx.feeds.save_state(feed.id, PollState(), None)
    before = watcher("feeds", "list", "--trouble")
    go_offline(stored.parent)

    assert before.out == "every feed is well\n"
    assert watcher("feeds", "list", "--trouble").out.splitlines()[1:] == [
        "every feed was well before that"
    ]


def test_that_an_ended_daemon_was_offline_says_nothing_of_now(
    watcher: Watcher, stored: Path
) -> None:
    go_offline(stored.parent, ended=True)

    assert "no outlet" not in watcher("feeds", "list").out


@pytest.mark.usefixtures("stored")
def test_an_alert_shows_its_entries_deliveries_and_tries(watcher: Watcher) -> None:
    shown = json.loads(watcher("alerts", "show", 2, "--json").out)

    assert (shown["action"], shown["story"]) == ("reply", 1)
    assert [one["reason"] for one in shown["told"]] == ["possibly_new"]
    assert {d["channel"] for d in shown["deliveries"]} == {"screen", "mail"}
    text = watcher("alerts", "show", 1).out
    assert re.search(
        r"^alert 1: alert for summit, story 1, (high|normal) priority$", text, re.MULTILINE
    )
    assert len(re.findall(r"to \w+: sent .* ago, 1 attempt\n", text)) == 2
    assert re.search(r"^    (\d+ \w+ )?\d\d:\d\d UTC: sent, took [\d.]+ s$", text, re.MULTILINE)


@pytest.mark.usefixtures("stored")
def test_an_alert_shows_the_headline_that_was_sent_though_its_page_was_edited_since(
    watcher: Watcher, tmp_path: Path
) -> None:
    with Database.open(tmp_path / "watcher.db") as database, database.begin() as tx:
        one = tx.alerts.get(1)
        stored = tx.entries.get(one.lead) if one else None
        assert stored
        now, old = datetime.now(UTC), stored.entry
        tx.sightings.keep_wording(stored.number, old.title, old.summary, now)
        changed = replace(old, title="All is changed")
        tx.entries.reword(stored.number, changed, stored.reading, stored.assignment)

    shown = json.loads(watcher("alerts", "show", 1, "--json").out)
    assert {shown["title"], *(told["title"] for told in shown["told"])} == {old.title}
    assert "All is changed" not in watcher("alerts", "show", 1).out


@pytest.mark.usefixtures("stored")
def test_alerts_are_listed_by_topic_and_state(watcher: Watcher) -> None:
    def numbers(*filters: object) -> list[int]:
        return [row["id"] for row in json.loads(watcher("alerts", "list", *filters, "--json").out)]

    assert numbers() == [2, 1]
    assert numbers("--limit", 1) == [2]
    assert numbers("--state", "dead") == [2]
    assert numbers("--state", "pending") == []
    assert numbers("--topic", "none") == []
    assert watcher("alerts", "list", "--topic", "none").out == "no such alerts\n"


@pytest.mark.usefixtures("stored")
def test_what_was_not_told_under_a_mute_says_so_and_what_sends_it(
    watcher: Watcher, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    with Database.open(tmp_path / "watcher.db") as database, database.begin() as tx:
        one = tx.alerts.get(2)
        assert one is not None
        numbers = [delivery.id for delivery in one.deliveries]
        tx.outbox.silence(numbers, now + timedelta(days=5), "story 2 was muted", "b")

    shown = watcher("alerts", "show", 2).out
    assert re.search(r"not told: story 2 was muted; the mute ends in 5 d, `watcher unmute`", shown)
    assert "mail: not told" in watcher("alerts", "list", "--state", "muted").out
    assert json.loads(watcher("status", "--json").out)["deliveries"]["muted"] == len(numbers)
    assert f"{len(numbers)} muted" in watcher("status").out

    with Database.open(tmp_path / "watcher.db") as database, database.begin() as tx:
        tx.outbox.silence(numbers, now - timedelta(days=1), "story 2 was muted", "b")
    assert "`watcher alerts retry 2` sends it all the same" in watcher("alerts", "show", 2).out


@pytest.mark.usefixtures("stored")
def test_a_reply_behind_an_alert_that_is_tried_later_says_what_it_waits_for(
    watcher: Watcher, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    with Database.open(tmp_path / "watcher.db") as database, database.begin() as tx:
        first, reply = tx.alerts.get(1), tx.alerts.get(2)
        assert first is not None
        assert reply is not None
        numbers = [delivery.id for delivery in first.deliveries]
        tx.outbox.retry(numbers, now + timedelta(hours=7), "lost", maybe_sent=True, now=now)
        tx.outbox.put_back([delivery.id for delivery in reply.deliveries], now)

    listed = watcher("alerts", "list").out
    record = json.loads(watcher("alerts", "show", 2, "--json").out)

    assert "mail: waits for alert 1 of its thread" in listed
    assert "goes now" not in listed
    assert "to mail: waits for alert 1 of its thread, 1 attempt" in watcher("alerts", "show", 2).out
    assert [delivery["waits_for"] for delivery in record["deliveries"]] == [1, 1]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("listing", ["alerts", "stories"])
def test_a_mistyped_topic_is_told_beside_the_empty_list(watcher: Watcher, listing: str) -> None:
    mistyped = watcher(listing, "list", "--topic", "sumit", "--json")

    assert (mistyped.code, json.loads(mistyped.out)) == (0, [])
    assert mistyped.err == "watcher: there is no topic `sumit`; did you mean `summit`?\n"
    assert watcher(listing, "list", "--topic", "summit", "--json").err == ""


@pytest.mark.usefixtures("stored")
def test_a_story_shows_why_each_entry_belongs_to_it(watcher: Watcher) -> None:
    members = json.loads(watcher("stories", "show", 1, "--json").out)["members"]

    assert [(m["relation"], m["copy_of"]) for m in members] == [
        ("new", None),
        ("same", None),
        ("copy", 1),
    ]
    assert all(m["reason"] for m in members)
    assert [row["id"] for row in json.loads(watcher("stories", "list", "--json").out)] == [1, 2]


@pytest.mark.usefixtures("stored")
def test_an_entry_is_explained_by_number_id_or_url(watcher: Watcher) -> None:
    for what in ("1", "https://news.example/1"):
        record = json.loads(watcher("explain", what, "--json").out)

        assert record["title"] == MEETS
        assert record["story"]["relation"] == "new"
        assert record["topics"][0]["decision"] == {"action": "alert", "reason": "first_report"}
    text = watcher("explain", "4").out
    assert "copy of entry 1" in text
    assert "decided: edit, copy" in text
    assert re.search(r"^    found kim: .*«Kim Jong Un»", text, re.MULTILINE)


@pytest.mark.usefixtures("stored")
def test_a_number_is_ours_before_it_is_the_id_of_a_feed(watcher: Watcher, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "watcher.db")) as database, database:
        database.execute("UPDATE entry SET guid = 'x' WHERE id = 1")
        database.execute("UPDATE entry SET guid = '1' WHERE id = 2")

    plain, ours = (watcher("explain", what) for what in ("1", "#1"))

    assert plain.out == ours.out
    assert "entry 1 of" in plain.out
    assert "`watcher explain '#2'`" in plain.err
    assert ours.err == ""


def test_any_headline_is_explained_also_before_the_first_run(
    watcher: Watcher, tmp_path: Path
) -> None:
    write_config(tmp_path)

    hit = json.loads(watcher("explain", MEETS, "--json").out)
    miss = watcher("explain", "Kim Jong Un rests\udcff")

    assert (hit["story"], hit["topics"][0]["matched"]) == (None, True)
    assert miss.code == 0
    assert "does not match" in miss.out
    assert not (tmp_path / "watcher.db").exists()


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("url", ["http://x/a", "HTTPS://news.example/unknown?a=1"])
def test_an_unknown_url_is_no_headline(watcher: Watcher, url: str) -> None:
    ended = watcher("explain", url)
    record = watcher("explain", url, "--json")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"watcher: no entry with the URL {url} is known; ")
    assert (record.code, record.err) == (1, "")
    assert json.loads(record.out) == {"url": url, "known": False, "story": None, "topics": []}


@pytest.mark.usefixtures("stored")
def test_the_number_of_no_entry_is_no_headline(watcher: Watcher) -> None:
    ended = watcher("explain", "999")
    record = json.loads(watcher("explain", "999", "--json").out)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("watcher: no entry of the number 999 is known; ")
    assert (record["known"], record["url"]) == (False, None)


def many_topics(folder: Path) -> None:
    """Write a configuration of a hundred topics, of which the last but one is met."""
    lines = ["kim AND putin AND arms", *["putin AND arms"] * 97, "kim", "arms"]
    topics = "".join(
        f"[[topics]]\nid = 't{at}'\nmatch = '{line}'\n" for at, line in enumerate(lines)
    )
    write_config(folder, topics)


def test_of_many_topics_the_nearest_are_explained_and_the_others_counted(
    watcher: Watcher, tmp_path: Path
) -> None:
    many_topics(tmp_path)

    text = watcher("explain", "Kim Jong Un rests").out
    record = json.loads(watcher("explain", "Kim Jong Un rests", "--json").out)

    assert re.findall(r"^  (\S+): ", text, re.MULTILINE) == ["t98", "summit", "t0"]
    assert "  and 98 topics of which nothing was found; --topic TOPIC shows one, --json all" in text
    assert len(record["topics"]) == 101


def test_topics_that_are_asked_for_are_explained_whatever_was_found(
    watcher: Watcher, tmp_path: Path
) -> None:
    many_topics(tmp_path)
    asked = ("explain", "Kim Jong Un rests", "--topic", "t7", "--topic", "t99")

    text, record = watcher(*asked).out, json.loads(watcher(*asked, "--json").out)
    unknown = watcher("explain", "Kim Jong Un rests", "--topic", "sumit")

    assert re.findall(r"^  (\S+): ", text, re.MULTILINE) == ["t99", "t7"]
    assert " of which " not in text
    assert [topic["id"] for topic in record["topics"]] == ["t7", "t99"]
    assert unknown.code == 2
    assert "no topic `sumit`; did you mean `summit`?" in unknown.err


def test_blank_text_is_nothing_to_explain(watcher: Watcher, tmp_path: Path) -> None:
    write_config(tmp_path)
    ended = watcher("explain", "  ")
    assert (ended.code, ended.out) == (2, "")
    assert "there is nothing to explain" in ended.err


def test_no_url_is_known_before_the_first_run(watcher: Watcher, tmp_path: Path) -> None:
    write_config(tmp_path)

    assert watcher("explain", "http://x/a").code == 1


@pytest.mark.usefixtures("stored")
def test_a_headline_is_explained_with_the_story_it_would_join(watcher: Watcher) -> None:
    text = watcher("explain", MEETS).out
    record = json.loads(watcher("explain", MEETS, "--json").out)
    other = watcher("explain", "Volcano erupts on remote island").out

    assert "  not polled: judged as if it came in now; language en\n" in text
    assert "  would join story 1: copy of entry " in text
    assert (record["known"], record["lang"], record["story"]["story"]) == (False, "en", 1)
    assert record["story"]["relation"] == "copy"
    assert "  would open a new story\n" in other


def test_a_damaged_database_is_said_to_be_damaged(watcher: Watcher, stored: Path) -> None:
    (stored.parent / "watcher.db").write_bytes(b"no database at all" * 1000)

    for arguments in (("explain", "1"), ("status",), ("alerts", "list")):
        ended = watcher(*arguments)

        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith("watcher: ")
        assert ended.err.count("\n") == 1


#: As if every feed had to be polled each minute.
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


@pytest.mark.usefixtures("stored")
def test_a_retry_that_can_change_nothing_is_no_success(watcher: Watcher) -> None:
    assert watcher("alerts", "retry", 2).code == 0

    for arguments in ((2,), (2, "--json"), (1,), (1, "--channel", "screen")):
        assert watcher("alerts", "retry", *arguments).code == 2
    assert watcher("alerts", "retry", "--all").code == 0


def test_a_retry_of_what_has_no_channel_any_more_is_no_success(
    watcher: Watcher, stored: Path
) -> None:
    stored.write_text(stored.read_text().replace("mail", "post"))

    for named in ("2", "--all"):
        ended = watcher("alerts", "retry", named)
        assert ended.code == 2
        assert "1 dead for the channel mail" in ended.out


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
