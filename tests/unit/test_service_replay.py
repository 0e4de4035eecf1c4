import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from watchlists import FERRY, MEETS, SIGNS, entry, settings

from watcher.config.settings import Settings
from watcher.model import Entry
from watcher.service.trials.items import Item
from watcher.service.trials.replay import Replay, as_record
from watcher.topics.watchlist import Watchlist

Record = dict[str, Any]

SMALL = (settings(), Watchlist(settings()))


def replay(entries: Iterable[Entry], configured: Settings | None = None) -> list[Record]:
    run = Replay(configured, Watchlist(configured)) if configured else Replay(*SMALL)
    # Only what survives JSON counts: that is what the command prints.
    return [
        json.loads(json.dumps(as_record(one)))
        for one in run.run([Item(entry) for entry in entries])
    ]


def alerts(records: Iterable[Record]) -> list[tuple[str, int | None, str]]:
    """Return (action, ring, reason) of every decision."""
    return [(a["action"], a["ring"], a["reason"]) for r in records for a in r["alerts"]]


def test_each_line_has_the_fields_of_the_contract() -> None:
    (record,) = replay([entry(MEETS)])

    assert record.keys() == {
        "id", "lang", "story", "relation", "copy_of", "score", "reason", "topics", "alerts",
    }  # fmt: skip
    assert (record["lang"], record["relation"], record["copy_of"]) == ("en", "new", None)
    assert 0 <= record["score"] <= 100
    assert record["reason"]
    (topic,) = record["topics"]
    assert topic["id"] == "summit"
    assert [(one["list"], one["text"]) for one in topic["evidence"]] == [
        ("kim", "Kim Jong Un"),
        ("putin", "Putin"),
    ]
    for one in topic["evidence"]:
        assert MEETS[one["start"] : one["end"]] == one["text"]
    assert record["alerts"] == [
        {"topic": "summit", "action": "alert", "ring": 1, "reason": "first_report"}
    ]


def test_a_copy_names_what_it_repeats_and_rings_nobody() -> None:
    first, copy = replay([entry(MEETS, id="a"), entry(MEETS, 5, id="b", outlet="TASS")])

    assert (copy["relation"], copy["copy_of"]) == ("copy", "a")
    assert copy["story"] == first["story"]
    assert alerts([copy]) == [("edit", 1, "copy")]


def test_the_same_event_with_something_new_is_told_by_a_reply_in_its_thread() -> None:
    records = replay([entry(MEETS), entry(SIGNS.format(9), 5)])

    assert [record["relation"] for record in records] == ["new", "same"]
    assert len({record["story"] for record in records}) == 1
    assert alerts(records) == [("alert", 1, "first_report"), ("reply", 2, "possibly_new")]


def test_replies_gather_into_one_ring_at_growing_intervals() -> None:
    # Intervals 2, 10, 30 min: the ring opened at minute 5 is due at once, the next at 15, 45, ...
    times = [0, 5, 6, 10, 14, 20, 44, 50]
    numbers = [3, 9, 12, 20, 31, 44, 58, 63]
    records = replay([entry(SIGNS.format(n), t) for n, t in zip(numbers, times, strict=True)])

    told = alerts(records)
    assert [record["relation"] for record in records[1:]] == ["same"] * 7
    assert [ring for _, ring, _ in told] == [1, 2, 3, 3, 3, 4, 4, 5]
    assert [reason for _, _, reason in told[2:]] == [
        "possibly_new", "gathered", "gathered", "possibly_new", "gathered", "possibly_new",
    ]  # fmt: skip
    assert {action for action, _, _ in told[1:]} == {"reply"}


def test_the_clock_is_the_items_own_so_nothing_is_too_old_or_held() -> None:
    quiet = settings(
        watcher={"timezone": "UTC"},
        polling={"backfill": "0s"},
        alerts={"group_wait": "1h"},
        channels={"desk": {"console": True, "quiet_hours": "00:00-23:59", "max_per_hour": 1}},
    )
    days = [entry(MEETS, 60 * 24 * 400 * year) for year in range(3)]

    records = replay(days, quiet)

    assert [told[0] for told in alerts(records)] == ["alert"] * 3
    assert [record["story"] for record in records] == [1, 2, 3]


def test_a_story_takes_nothing_after_its_window() -> None:
    short = settings(stories={"window": "1h"})

    inside = replay([entry(MEETS), entry(MEETS, 55)], short)
    outside = replay([entry(MEETS), entry(MEETS, 125)], short)

    assert len({record["story"] for record in inside}) == 1
    assert len({record["story"] for record in outside}) == 2


def test_without_topics_stories_and_copies_are_found_all_the_same() -> None:
    records = replay([entry(MEETS), entry(MEETS, 5), entry(FERRY, 6)], settings(""))

    assert [record["relation"] for record in records] == ["new", "copy", "new"]
    assert [(record["topics"], record["alerts"]) for record in records] == [([], [])] * 3


@pytest.mark.parametrize(
    ("updates", "told_as"),
    [("none", ("suppress", None, "updates_off")), ("edit", ("edit", 1, "possibly_new"))],
)
def test_a_topic_may_want_no_replies(updates: str, told_as: tuple[str, int | None, str]) -> None:
    silent = settings(alerts={"updates": updates})

    told = alerts(replay([entry(MEETS), entry(SIGNS.format(9), 5)], silent))

    assert told[1] == told_as


def test_each_topic_has_rings_of_its_own() -> None:
    both = settings()
    second = both.topics[0].model_copy(update={"id": "other"})
    both = both.model_copy(update={"topics": (*both.topics, second)})

    records = replay([entry(MEETS), entry(SIGNS.format(9), 5)], both)

    rings = [{(a["topic"], a["ring"]) for a in record["alerts"]} for record in records]
    assert [{topic for topic, _ in told} for told in rings] == [{"summit", "other"}] * 2
    assert [{ring for _, ring in told} for told in rings] == [{1, 2}, {3, 4}]


def test_what_a_summary_alone_brings_into_a_topic_is_told_once() -> None:
    end = "Vladivostok talks on trade agreements end with signing, {} killed in protest"
    said = "Kim Jong Un and Putin signed the agreements in Vladivostok."
    first, silent, told, again = replay(
        [
            entry("Kim Jong Un meets Putin in Vladivostok for talks on trade agreements"),
            entry(end.format(3), 20, id="a"),
            entry(end.format(3), 40, id="b", summary=said),
            entry(end.format(3), 45, id="c", summary=said),
        ]
    )

    assert {one["story"] for one in (silent, told, again)} == {first["story"]}
    assert (told["copy_of"], again["copy_of"], alerts([silent])) == (None, "b", [])
    assert alerts([told, again]) == [("reply", 2, "possibly_new"), ("edit", 1, "copy")]


def test_an_id_may_stand_twice() -> None:
    records = replay([entry(MEETS, id="x"), entry(FERRY, 1, id="x"), entry(FERRY, 2, id="y")])

    assert [record["copy_of"] for record in records] == [None, None, "x"]
    assert [record["story"] for record in records] == [1, 2, 2]


titles = st.sampled_from([MEETS, SIGNS.format(9), FERRY, "Ким Чен Ын и Путин", "", "\x00"])
runs = st.lists(st.tuples(titles | st.text(max_size=30), st.integers(0, 300)), max_size=12)


@given(runs)
def test_any_run_holds_together(run: list[tuple[str, int]]) -> None:
    ordered = sorted(run, key=lambda pair: pair[1])
    records = replay([entry(t, m, id=str(n)) for n, (t, m) in enumerate(ordered)])
    by_id = {record["id"]: record for record in records}

    assert [record["id"] for record in records] == [str(n) for n in range(len(ordered))]
    seen: set[int] = set()
    for record in records:
        assert (record["story"] not in seen) is (record["relation"] == "new")
        assert (record["copy_of"] is not None) is (record["relation"] == "copy")
        if record["copy_of"] is not None:
            assert by_id[record["copy_of"]]["story"] == record["story"]
        seen.add(record["story"])
    rings: dict[int, int] = {}
    for record in records:
        for told in record["alerts"]:
            assert (told["ring"] is None) is (told["action"] == "suppress")
            if told["ring"] is not None:
                assert rings.setdefault(told["ring"], record["story"]) == record["story"]


@given(runs)
def test_the_past_does_not_change_with_what_comes_later(run: list[tuple[str, int]]) -> None:
    ordered = sorted(run, key=lambda pair: pair[1])
    entries = [entry(t, m, id=str(n)) for n, (t, m) in enumerate(ordered)]
    half = len(entries) // 2

    assert replay(entries[:half]) == replay(entries)[:half]


def test_the_interval_of_replies_may_be_nothing() -> None:
    eager = settings(alerts={"reply_intervals": ["0s"]})
    entries = [entry(SIGNS.format(n), minute) for minute, n in enumerate((3, 9, 20))]

    assert [ring for _, ring, _ in alerts(replay(entries, eager))] == [1, 2, 3]
    assert eager.alerts.reply_intervals == (timedelta(0),)


#: Of one day, and nothing in common but what makes them match.
UNRELATED = (
    "Volcano ash closes airport in the south",
    "Chess champion withdraws from cup",
    "Bank raises rates for savers",
    "Old bridge reopens to trams",
    "Vineyards lose harvest to hail",
    "Library finds lost opera score",
)


@pytest.mark.parametrize(
    ("match", "rest"),
    [
        pytest.param("all", "", id="one list"),
        pytest.param("all AND day", " on Sunday", id="two lists that both must have"),
    ],
)
def test_what_a_topic_asks_of_every_entry_joins_none(match: str, rest: str) -> None:
    words = {
        "all": {"en": ["volcano", "chess", "bank", "bridge", "vineyards", "library"]},
        "day": {"en": ["Sunday"]},
    }
    topic = {"id": "all", "match": match}
    configured = settings(entities={}, words=words, topics=[topic])
    titles = [f"{title}{rest}" for title in UNRELATED]

    records = replay((entry(t, 7 * n) for n, t in enumerate(titles)), configured)

    assert [action for action, _, _ in alerts(records)] == ["alert"] * len(UNRELATED)
    assert len({record["story"] for record in records}) == len(UNRELATED)
