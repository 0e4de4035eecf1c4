from dataclasses import replace
from pathlib import Path

import pytest
from stored import (
    HOUR,
    KIM,
    LEASE,
    MINUTE,
    NOW,
    READ,
    TITLE,
    UNREAD,
    an_entry,
    claim,
    feed_number,
    open_in,
    ring,
    store,
)

from watcher.alerts.decide import Decision, Ring
from watcher.model import Action, Addition, Adds, Assignment, News, Priority, Reason, Relation
from watcher.storage.rows import DecisionRow, State


def test_the_rings_of_a_thread_are_oldest_first(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        alert = ring(tx, added, wait=MINUTE)
        reply = ring(tx, added, action=Action.REPLY)
        ring(tx, added, topic="arms")
        ring(tx, store(tx, an_entry("2")))

        assert tx.alerts.rings("summit", added.story) == (
            Ring(alert, Action.ALERT, NOW + MINUTE, tried=False),
            Ring(reply, Action.REPLY, NOW, tried=False),
        )
        assert tx.alerts.rings("summit", 999) == ()


def test_what_a_ring_gathers_is_in_its_message(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx, an_entry("1", outlet="Antara"))
        number = ring(tx, added, wait=MINUTE)
        second = an_entry(
            "2", "Summit ends", outlet="TASS", language="ru", url="https://tass.example/2"
        )
        joined = store(tx, second, story=added.story, reading=UNREAD)
        assert tx.alerts.gather(number, joined.entry)
        assert tx.alerts.gather(number, joined.entry)

        view = tx.alerts.view(number, "desk")
        assert [report.title for report in view.reports] == [TITLE, "Summit ends"]
        lead, other = view.reports
        assert (lead.evidence, lead.relation, lead.language) == ((KIM,), Relation.NEW, "en")
        assert lead.sentence is not None
        assert (other.evidence, other.sentence, other.language) == ((), None, "ru")
        assert other.url == "https://tass.example/2"
        assert [account.entry.outlet for account in view.accounts] == ["Antara", "TASS"]
        assert [account.language for account in view.accounts] == ["en", "ru"]
        assert (view.topic, view.story, view.action) == ("summit", added.story, Action.ALERT)
        assert view.priority is Priority.NORMAL


def test_a_ring_on_its_way_gathers_nothing_that_nobody_would_hear(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        number = ring(tx, added, channels=["desk", "mail"])
        late = store(tx, an_entry("2"), story=added.story)
        (desk,) = claim(tx, NOW, LEASE, channels=["desk"])
        assert not tx.alerts.gather(number, late.entry)

        tx.outbox.retry(desk.deliveries, NOW, "HTTP 500", maybe_sent=False, now=NOW)
        assert not tx.alerts.gather(number, late.entry)
        assert tx.alerts.entries(number) == (added.entry,)
        (told,) = tx.alerts.rings("summit", added.story)
        assert told.tried


def test_a_reply_leads_with_its_own_entry_and_keeps_the_threads_subject(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        ring(tx, added)
        (claimed,) = claim(tx, NOW)
        tx.outbox.sent(claimed.deliveries, "1", NOW)
        late = store(tx, an_entry("3", "Summit ends"), story=added.story)
        early = store(tx, an_entry("2", "Kim arrives"), story=added.story)
        number = ring(tx, early, action=Action.REPLY)
        tx.alerts.gather(number, late.entry)

        view = tx.alerts.view(number, "desk")
        assert [report.title for report in view.reports] == ["Kim arrives", "Summit ends"]
        assert view.openings[0].title == TITLE


def test_a_thread_is_called_what_its_channel_had_to_choose_from(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        ring(tx, added, channels=["desk", "mail"])
        (desk,) = claim(tx, NOW, channels=["desk"])
        tx.outbox.sent(desk.deliveries, "1", NOW)
        copy = an_entry("2", "Kim trifft Putin", seen=NOW + MINUTE)
        store(tx, copy, story=added.story, copy_of=added.entry)
        (mail,) = claim(tx, NOW + HOUR, channels=["mail"])
        tx.outbox.sent(mail.deliveries, "1", NOW + HOUR)
        late = store(tx, an_entry("3", "Summit ends", seen=NOW + HOUR), story=added.story)
        number = ring(tx, late, action=Action.REPLY, channels=["desk", "mail"])

        openings = {
            name: [report.title for report in tx.alerts.view(number, name).openings]
            for name in ("desk", "mail", "new")
        }
    assert openings == {
        "desk": [TITLE],
        "mail": [TITLE, "Kim trifft Putin"],
        "new": [],  # to it the reply is the alert
    }


def test_what_its_replies_tell_lends_an_alert_no_headline(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        number = ring(tx, added)
        kinds = {"same": added.entry, "again": None}
        for language, (title, copy_of) in zip(("id", "ru"), kinds.items(), strict=True):
            late = an_entry(title, title, seen=NOW + MINUTE, language=language)
            reading = replace(READ, language=language)
            told = store(tx, late, story=added.story, copy_of=copy_of, reading=reading)
        ring(tx, told, action=Action.REPLY)
        repeats = an_entry("4", "And again", seen=NOW + HOUR, language="de")
        reading = replace(READ, language="de")
        store(tx, repeats, story=added.story, copy_of=told.entry, reading=reading)

        for channel in ("desk", "mail"):
            lent = tx.alerts.view(number, channel).others
            assert [report.title for report in lent] == ["same"]
        tx.alerts.reach(number, ["russian"], NOW + MINUTE)
        lent = tx.alerts.view(number, "russian").others
        assert [report.title for report in lent] == ["same", "again", "And again"]


def test_every_decision_is_kept_with_its_reason(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        number = ring(tx, added)
        copy = store(tx, an_entry("2"), story=added.story, copy_of=added.entry)
        told = Decision(Action.ALERT, Reason.FIRST_REPORT, due=NOW)
        tx.alerts.record(added.entry, "summit", told, number, NOW)
        quiet = Decision(Action.SUPPRESS, Reason.COPY)
        tx.alerts.record(copy.entry, "summit", quiet, None, NOW + MINUTE)

        assert tx.alerts.decisions([added.entry, copy.entry]) == (
            DecisionRow(added.entry, "summit", Action.ALERT, Reason.FIRST_REPORT, number),
            DecisionRow(copy.entry, "summit", Action.SUPPRESS, Reason.COPY, None),
        )


def test_what_an_entry_adds_is_kept_with_its_decision_and_told_by_the_ring(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        ring(tx, added)
        late = store(tx, an_entry("2", "Kim arrives with 40 aides"), story=added.story)
        number = ring(tx, late, action=Action.REPLY)
        news = News((Addition(Adds.ACT, "arrive"), Addition(Adds.NUMBER, "40")))
        told = Decision(Action.REPLY, Reason.POSSIBLY_NEW, due=NOW, news=news)
        tx.alerts.record(late.entry, "summit", told, number, NOW)

        assert [row.news for row in tx.alerts.decisions([late.entry])] == [news]
        assert [report.news for report in tx.alerts.view(number, "desk").reports] == [news]


def test_a_ring_knows_what_its_story_follows(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        first = store(tx, an_entry("1", "Kim to meet Putin"))
        follows = Assignment(Relation.NEW, None, None, 70.0, "another act", first.story)
        met = tx.entries.add(feed_number(tx), an_entry("2", "Kim meets Putin"), READ, follows)

        assert tx.alerts.view(ring(tx, met), "desk").follows == (
            (first.story, "Kim to meet Putin"),
        )
        assert tx.stories.followers(first.story) == ((met.story, "Kim meets Putin"),)


def test_alerts_are_listed_newest_first_and_by_every_condition(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        first = ring(tx, added)
        second = ring(tx, added, topic="arms", channels=["desk", "mail"])
        (claimed, *_) = claim(tx, NOW, LEASE)
        tx.outbox.sent(claimed.deliveries, None, NOW)

        latest = tx.alerts.latest()
        assert [row.id for row in latest] == [second, first]
        assert [len(row.deliveries) for row in latest] == [2, 1]
        assert [row.id for row in tx.alerts.latest(topic="summit")] == [first]
        assert [row.id for row in tx.alerts.latest(story=added.story, limit=1)] == [second]
        assert [row.id for row in tx.alerts.latest(state=State.SENT)] == [first]
        assert (latest[1].title, latest[1].entries) == (TITLE, 1)


def test_an_alert_without_channels_is_kept_all_the_same(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        number = ring(tx, store(tx), channels=[])

        alert = tx.alerts.get(number)
        assert alert is not None
        assert alert.deliveries == ()


def test_a_ring_that_never_was_is_a_key_error(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.read() as tx:
        assert tx.alerts.get(7) is None
        with pytest.raises(KeyError):
            tx.alerts.view(7, "desk")
