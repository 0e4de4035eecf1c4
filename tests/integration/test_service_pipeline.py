from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from house import TIMES, WIRE, Clock, House, Recorder
from watchlists import FERRY, MEETS, SIGNS, WATCHLIST, settings

from watcher.alerts.render import plain_text
from watcher.config.settings import Settings
from watcher.errors import FeedError
from watcher.model import Action, Hold, MuteKind, Reason
from watcher.outlets.coverage import coverage
from watcher.outlets.publishers import Publishers
from watcher.service.in_force.watch import Watch, digest
from watcher.service.intake.pipeline import Pipeline

FEEDS = [{"url": WIRE, "name": "Wire"}, {"url": TIMES, "name": "Times", "lang": "en"}]


def watching(**tables: Any) -> Settings:
    channels = {"desk": {"console": True}}
    return settings(feeds=tables.pop("feeds", FEEDS), channels=channels, **tables)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with House(tmp_path, watching(), Clock(), {"desk": Recorder()}) as made:
        yield made


@pytest.fixture
async def known(house: House) -> House:
    """Return a house whose feeds were polled before, so that all that comes is news."""
    await house.poll()
    await house.poll(url=TIMES)
    house.clock.forward(minutes=10)
    return house


def reasons(house: House) -> list[tuple[Action, Reason]]:
    return [(one.action, one.reason) for one in house.decisions()]


async def test_a_poll_stores_entries_with_story_decision_ring_and_delivery(known: House) -> None:
    taken = await known.poll(known.report(MEETS, "1"), known.report(FERRY, "2"))

    assert (taken.entries, taken.stories, taken.alerts, taken.replies) == (2, 2, 1, 0)
    assert [(one["action"], one["reason"], one["title"]) for one in taken.told] == [
        ("alert", "first_report", MEETS)
    ]
    (alert,) = known.alerts()
    assert (alert.topic, alert.action, alert.title) == ("summit", Action.ALERT, MEETS)
    assert [(d.channel, d.hold) for d in alert.deliveries] == [("desk", Hold.GROUP_WAIT)]
    assert alert.due == known.clock() + timedelta(seconds=45)
    with known.database.read() as tx:
        (stored,) = tx.entries.find("1")
    assert (stored.entry.outlet, stored.entry.language, stored.story) == ("Wire", "en", alert.story)


async def test_an_entry_is_taken_in_once(known: House) -> None:
    await known.poll(known.report(MEETS, "1"))
    again = await known.poll(known.report(MEETS, "1"), known.report(FERRY, "2"))

    assert again.entries == 1
    assert len(known.alerts()) == 1


async def test_what_a_feed_never_had_is_fresh_in_it_though_another_feed_had_it(
    known: House,
) -> None:
    first = await known.poll(known.report(MEETS, "1"), known.report(FERRY, "2"))
    other = await known.poll(known.report(MEETS, "1"), url=TIMES)
    await known.poll(known.report(FERRY, "2"))
    again = await known.poll(known.report(MEETS, "1"))

    assert [taken.fresh for taken in (first, other, again)] == [2, 1, 0]


async def test_the_first_poll_is_a_baseline_but_for_what_is_fresh(house: House) -> None:
    await house.poll(
        house.report(MEETS, "old", hours_ago=3), house.report(SIGNS.format(9), "new", hours_ago=1)
    )

    assert reasons(house) == [
        (Action.SUPPRESS, Reason.BASELINE),
        (Action.ALERT, Reason.FIRST_REPORT),
    ]
    (alert,) = house.alerts()
    assert alert.title == SIGNS.format(9)


async def test_an_undated_entry_of_a_first_poll_may_be_years_old(house: House) -> None:
    await house.poll(replace(house.report(MEETS), published=None))

    assert reasons(house) == [(Action.SUPPRESS, Reason.BASELINE)]


async def test_after_the_baseline_an_undated_entry_is_news(known: House) -> None:
    await known.poll(replace(known.report(MEETS), published=None))

    assert reasons(known) == [(Action.ALERT, Reason.FIRST_REPORT)]


async def test_a_failed_poll_is_no_baseline(house: House) -> None:
    failed = house.outcome(error=FeedError("connection refused"))
    await house.writer.run(lambda tx: house.pipeline.take(tx, failed))

    with house.database.read() as tx:
        row = tx.feeds.all()[0]
        assert not tx.feeds.polled_before(row.id)
    assert (row.failures, row.last_error) == (1, "connection refused")


async def test_a_failure_of_our_own_network_is_told_apart(house: House) -> None:
    failed = house.outcome(error=FeedError("no route", network=True))._replace(offline=True)
    await house.writer.run(lambda tx: house.pipeline.take(tx, failed))

    with house.database.read() as tx:
        assert tx.feeds.all()[0].last_error == "we seem to be offline: no route"


async def test_a_copy_is_silent(known: House) -> None:
    await known.poll(known.report(MEETS, "1"))
    taken = await known.poll(known.report(MEETS, "1"), url=TIMES)

    assert reasons(known)[1] == (Action.EDIT, Reason.COPY)
    assert (taken.stories, taken.alerts, taken.replies) == (0, 0, 0)
    assert len(known.alerts()) == 1


async def test_what_comes_before_the_alert_has_left_joins_it(known: House) -> None:
    await known.poll(known.report(MEETS, "1"))
    known.clock.forward(seconds=20)
    await known.poll(known.report(SIGNS.format(9), "2"), url=TIMES)

    (alert,) = known.alerts()
    assert alert.entries == 2
    assert reasons(known)[1] == (Action.REPLY, Reason.GATHERED)


async def test_after_the_alert_the_same_event_rings_again_after_the_interval(known: House) -> None:
    await known.poll(known.report(MEETS, "1"))
    await known.deliver(seconds=45)
    taken = await known.poll(known.report(SIGNS.format(9), "2"), url=TIMES)

    alert, reply = known.alerts()
    assert taken.replies == 1
    assert (reply.action, reply.story) == (Action.REPLY, alert.story)
    assert reply.due == alert.due + timedelta(minutes=2)
    assert reply.deliveries[0].hold is Hold.REPLY_INTERVAL


async def test_what_comes_while_the_alert_is_being_sent_gets_a_ring_of_its_own(
    known: House,
) -> None:
    await known.poll(known.report(MEETS, "1"))
    known.clock.forward(seconds=45)
    desk = known.senders["desk"]
    desk.open.clear()
    await known.courier.tick()
    await desk.tried.wait()

    await known.poll(known.report(SIGNS.format(9), "2"), url=TIMES)
    desk.open.set()
    await known.courier.stop()

    alert, reply = known.alerts()
    assert (alert.entries, reply.entries) == (1, 1)
    assert [len(message.views[0].reports) for message in desk.sent] == [1]


async def test_what_a_muted_outlet_reports_is_stored_and_not_told(known: House) -> None:
    until = known.clock() + timedelta(hours=1)
    with known.database.begin() as tx:
        tx.mutes.add(MuteKind.OUTLET, "Wire", until, known.clock())

    await known.poll(MEETS)
    assert reasons(known) == [(Action.SUPPRESS, Reason.MUTED)]

    known.clock.forward(hours=2)
    await known.poll(SIGNS.format(9))
    assert reasons(known)[1] == (Action.ALERT, Reason.FIRST_REPORT)


async def test_what_only_a_first_poll_had_is_told_once_when_another_outlet_repeats_it(
    house: House,
) -> None:
    await house.poll()
    house.clock.forward(hours=4)
    await house.poll(house.report(MEETS, "1", hours_ago=3.5))
    await house.deliver(minutes=1)
    await house.poll(house.report(SIGNS.format(9), "2", hours_ago=3), url=TIMES)
    for again in "34":
        house.clock.forward(minutes=5)
        await house.tell(house.report(SIGNS.format(9), again))

    assert reasons(house) == [
        (Action.ALERT, Reason.FIRST_REPORT),
        (Action.SUPPRESS, Reason.BASELINE),
        (Action.REPLY, Reason.COPY_OF_UNTOLD),
        (Action.EDIT, Reason.COPY),
    ]
    told = [message.views[0].reports[0].title for message in house.senders["desk"].sent]
    assert told == [MEETS, SIGNS.format(9)]


async def test_what_a_muted_outlet_had_first_is_told_in_a_story_that_rang(known: House) -> None:
    await known.poll(known.report(MEETS, "1"))
    await known.deliver(minutes=1)
    with known.database.begin() as tx:
        tx.mutes.add(MuteKind.OUTLET, "Wire", known.clock() + timedelta(hours=1), known.clock())
    await known.poll(known.report(SIGNS.format(9), "2"))
    known.clock.forward(minutes=5)
    await known.poll(known.report(SIGNS.format(9), "3"), url=TIMES)

    assert reasons(known)[1:] == [
        (Action.SUPPRESS, Reason.MUTED),
        (Action.REPLY, Reason.COPY_OF_UNTOLD),
    ]


async def tell_what_a_muted_outlet_had_first(house: House) -> None:
    """Have a story told, then a report of it that is kept quiet about, and a copy of that."""
    await house.poll()
    await house.poll(url=TIMES)
    house.clock.forward(minutes=10)
    await house.poll(house.report(MEETS, "1"), url=TIMES)
    await house.deliver(minutes=1)
    with house.database.begin() as tx:
        tx.mutes.add(MuteKind.OUTLET, "Wire", house.clock() + timedelta(hours=1), house.clock())
    await house.poll(house.report(SIGNS.format(9), "2"))
    house.clock.forward(minutes=5)
    await house.tell(house.report(SIGNS.format(9), "3"), url=TIMES)


async def test_a_reply_says_that_it_repeats_what_was_not_told(house: House) -> None:
    await tell_what_a_muted_outlet_had_first(house)

    title, body = plain_text(house.senders["desk"].sent[1])
    assert "perhaps" not in title
    assert "reported before, but not told here" in body


async def test_a_digest_names_the_copy_of_what_nobody_was_told(tmp_path: Path) -> None:
    desk = {"console": True, "digest": "daily 18:00"}
    text = f"""{WATCHLIST}\n[[topics]]\nid = "ferries"\nmatch = '"ferry"'"""
    tables = settings(text, feeds=FEEDS, channels={"desk": desk})
    async with House(tmp_path, tables, Clock(), {"desk": Recorder()}) as house:
        await tell_what_a_muted_outlet_had_first(house)
        await house.poll(house.report(FERRY, "4"), url=TIMES)
        await house.deliver(minutes=1)
        await house.deliver(hours=7)

        (digest,) = house.senders["desk"].sent
        body = plain_text(digest)[1]
        assert f"+ {SIGNS.format(9)} — reported before, but not told here" in body


async def test_a_message_still_gathering_names_the_copy_of_what_nobody_was_told(
    known: House,
) -> None:
    await known.poll(known.report(MEETS, "1"), url=TIMES)
    with known.database.begin() as tx:
        tx.mutes.add(MuteKind.OUTLET, "Wire", known.clock() + timedelta(hours=1), known.clock())
    await known.poll(known.report(SIGNS.format(9), "2"))
    await known.poll(known.report(SIGNS.format(9), "3"), url=TIMES)
    await known.deliver(minutes=1)

    (message,) = known.senders["desk"].sent
    assert SIGNS.format(9) in plain_text(message)[1]


async def test_what_is_older_than_the_story_window_is_no_news(known: House) -> None:
    await known.poll(known.report(MEETS, hours_ago=80))

    assert reasons(known) == [(Action.SUPPRESS, Reason.TOO_OLD)]


async def test_a_feed_whose_clock_is_days_behind_is_told_of(known: House) -> None:
    await known.poll(known.report(FERRY, "1", hours_ago=100))
    known.clock.forward(minutes=10)
    await known.poll(known.report(FERRY, "1", hours_ago=100), known.report(MEETS, hours_ago=96))

    assert reasons(known) == [(Action.ALERT, Reason.FIRST_REPORT)]
    with known.database.read() as tx:
        (stored,) = tx.entries.find(MEETS)
    assert stored.entry.time == known.clock()


async def test_an_archive_that_a_feed_lists_anew_is_not_told(known: House) -> None:
    await known.poll(known.report(FERRY, "1", hours_ago=2000))
    known.clock.forward(minutes=10)
    archive = [known.report(MEETS, "2", hours_ago=900), known.report(SIGNS, "3", hours_ago=800)]
    await known.poll(known.report(FERRY, "1", hours_ago=2000), *archive)

    assert reasons(known) == [(Action.SUPPRESS, Reason.TOO_OLD)] * 2


async def test_what_is_read_much_again_is_not_told(known: House) -> None:
    recent = [known.report(f"{FERRY} {day}", str(day), hours_ago=20 + day) for day in range(4)]
    await known.poll(*recent)
    known.clock.forward(minutes=10)
    taken = await known.poll(known.report(MEETS, "9", hours_ago=900), *recent)

    assert reasons(known) == [(Action.SUPPRESS, Reason.TOO_OLD)]
    assert taken.missed == 0


async def test_what_grew_too_old_while_the_feed_was_not_polled_is_counted(known: House) -> None:
    known.clock.forward(hours=100)
    first = known.report(MEETS, "1", hours_ago=90)
    taken = await known.poll(first, known.report(SIGNS.format(9), "2", hours_ago=1))
    with known.database.read() as tx:
        status = tx.status(known.clock() - timedelta(hours=1))

    assert reasons(known) == [
        (Action.SUPPRESS, Reason.TOO_OLD),
        (Action.ALERT, Reason.FIRST_REPORT),
    ]
    assert (taken.missed, status.recent_too_old) == (1, 1)


async def test_a_first_poll_misses_nothing(house: House) -> None:
    taken = await house.poll(house.report(MEETS, hours_ago=90))

    assert reasons(house) == [(Action.SUPPRESS, Reason.BASELINE)]
    assert taken.missed == 0


async def test_a_changed_topic_does_not_tell_what_is_old(known: House) -> None:
    known.clock.forward(hours=24)
    change_topic(known)

    await known.poll(known.report(MEETS, "1", hours_ago=5))
    await known.poll(known.report(SIGNS.format(9), "2", hours_ago=1))

    assert reasons(known) == [
        (Action.SUPPRESS, Reason.NEW_TOPIC),
        (Action.ALERT, Reason.FIRST_REPORT),
    ]


def change_topic(house: House) -> None:
    topic = house.watch.settings.topics[0].model_copy(update={"match": "putin AND kim"})
    with house.database.begin() as tx:
        tx.topics.sync({"summit": digest(house.watch.settings, topic)}, house.clock())


@pytest.mark.parametrize("minutes", [10, 300])
async def test_a_changed_topic_tells_what_a_feed_brings_anew_whatever_its_date(
    known: House, minutes: int
) -> None:
    known.clock.forward(hours=24)
    await known.poll()
    change_topic(known)
    await known.poll()
    known.clock.forward(minutes=minutes)
    await known.poll(known.report(MEETS, hours_ago=20))

    assert reasons(known) == [(Action.ALERT, Reason.FIRST_REPORT)]


async def test_a_topic_changed_between_two_polls_tells_what_the_second_brings(
    known: House,
) -> None:
    known.clock.forward(hours=24)
    await known.poll()
    known.clock.forward(minutes=10)
    change_topic(known)
    await known.poll(known.report(MEETS, hours_ago=20))

    assert reasons(known) == [(Action.ALERT, Reason.FIRST_REPORT)]


async def test_a_changed_topic_does_not_tell_what_only_it_matches_of_before(known: House) -> None:
    known.clock.forward(minutes=10)
    await known.poll(known.report(FERRY, "1"))
    known.clock.forward(hours=5)
    await known.poll()
    wider = watching(topics=[{"id": "summit", "match": '"ferry"'}])
    known.watch = Watch.of(wider)
    known.pipeline = Pipeline(known.watch, known.clock)
    with known.database.begin() as tx:
        tx.topics.sync(known.watch.digests, known.clock())
    known.clock.forward(minutes=10)
    await known.poll(known.report(FERRY + ".", "1", hours_ago=5))

    assert reasons(known) == [(Action.SUPPRESS, Reason.NEW_TOPIC)]


async def test_a_feed_may_be_for_certain_topics_only(tmp_path: Path) -> None:
    topics = [
        {"id": "summit", "match": "kim NEAR putin"},
        {"id": "putin", "match": "putin"},
    ]
    feeds = [{"url": WIRE, "topics": ["putin"]}, {"url": TIMES}]
    both = watching(topics=topics, feeds=feeds)
    async with House(tmp_path, both, Clock(), {}) as house:
        await house.poll(MEETS)
        assert [one.topic for one in house.decisions()] == ["putin"]

        await house.poll(FERRY, "Kim Jong Un and Putin", url=TIMES)
        assert sorted(one.topic for one in house.decisions()) == ["putin", "putin", "summit"]


async def test_a_high_topic_does_not_wait_for_the_group(tmp_path: Path) -> None:
    urgent = [{"id": "summit", "match": "kim NEAR putin", "priority": "high"}]
    desk = Recorder()
    async with House(tmp_path, watching(topics=urgent), Clock(), {"desk": desk}) as house:
        await house.tell(MEETS)

    assert len(desk.sent) == 1


async def test_the_oldest_report_of_a_poll_founds_the_story(known: House) -> None:
    newest_first = [known.report(SIGNS.format(n), str(n), hours_ago=n / 10) for n in (3, 9, 20)]
    await known.poll(*newest_first)

    (alert,) = known.alerts()
    assert (alert.title, alert.entries) == (SIGNS.format(20), 3)


async def test_a_feed_without_a_name_goes_by_its_own_title(tmp_path: Path) -> None:
    unnamed = watching(feeds=[{"url": WIRE}])
    async with House(tmp_path, unnamed, Clock(), {}) as house:
        await house.poll(house.report(MEETS, "1"))

        with house.database.read() as tx:
            assert tx.feeds.all()[0].name == "The Wire"
            assert tx.entries.find("1")[0].entry.outlet == "The Wire"


async def test_what_an_aggregator_passes_on_counts_for_the_outlets_that_published_it(
    known: House,
) -> None:
    for number, outlet in enumerate(("Mill Courier", "Palu Post", "Mill Courier")):
        met = known.report(f"{MEETS} - {outlet}", str(number))
        link = f"https://news.google.com/rss/articles/{number}"
        await known.poll(replace(met, link=link, source=outlet))

    (alert,) = known.alerts()
    with known.database.read() as tx:
        told = coverage(tx.stories.accounts(alert.story), Publishers())
    assert told.outlets == told.publishers == ("Mill Courier", "Palu Post")
    assert told.first == "Mill Courier"


async def test_a_daemon_that_runs_once_waits_for_no_group(known: House) -> None:
    at_once = Pipeline(replace(known.watch, at_once=True), known.clock)
    outcome = known.outcome(known.report(MEETS))
    await known.writer.run(lambda tx: at_once.take(tx, outcome))

    await known.deliver()

    assert len(known.senders["desk"].sent) == 1
