"""What `list`, `show` and `explain` tell of a filled database, and what can be retried in it."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from in_process import Watcher
from watchlists import MEETS, write_config

from watcher.feeds.schedule import PollState
from watcher.service.moments import rfc3339
from watcher.storage.database import Database

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


@pytest.mark.usefixtures("stored")
def test_a_retry_that_can_change_nothing_is_no_success(watcher: Watcher) -> None:
    assert watcher("alerts", "retry", 2).code == 0

    for arguments in ((2,), (2, "--json"), (1,), (1, "--channel", "screen")):
        assert watcher("alerts", "retry", *arguments).code == 2
    assert watcher("alerts", "retry", "--all").code == 0


@pytest.mark.usefixtures("stored")
def test_what_nobody_is_there_to_send_goes_out_when_watcher_runs_again(
    watcher: Watcher, tmp_path: Path
) -> None:
    retried = watcher("alerts", "retry", 2).out
    assert retried == "1 delivery is tried again when Watcher runs again\n"

    assert watcher("mute", "story", 2).code == 0
    later = datetime.now(UTC) + timedelta(days=5)
    with Database.open(tmp_path / "watcher.db") as database, database.begin() as tx:
        alert = tx.alerts.get(2)
        assert alert is not None
        numbers = [delivery.id for delivery in alert.deliveries]
        tx.outbox.silence(numbers, later, "story 2 was muted", "b")
    ended = watcher("unmute", "--all").out
    assert ended.endswith("messages go out when Watcher runs again\n")


def test_a_retry_of_what_has_no_channel_any_more_is_no_success(
    watcher: Watcher, stored: Path
) -> None:
    stored.write_text(stored.read_text().replace("mail", "post"))

    for named in ("2", "--all"):
        ended = watcher("alerts", "retry", named)
        assert ended.code == 2
        assert "1 dead for the channel mail" in ended.out
