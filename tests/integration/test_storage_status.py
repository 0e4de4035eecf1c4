from collections import Counter
from pathlib import Path

from stored import DAY, HOUR, LEASE, MINUTE, NOW, an_entry, claim, open_in, ring, store

from watcher.cli.feeds_list import record
from watcher.config.settings import Settings
from watcher.feeds.schedule import PollState
from watcher.model import Action
from watcher.service.polling.pace import waits_in
from watcher.storage.migrate import HEAD
from watcher.storage.rows import State


def test_status_of_a_database_that_nothing_happened_in(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.read() as tx:
        status = tx.status(NOW)

    assert (status.feeds, status.entries, status.stories, status.alerts) == (0, 0, 0, 0)
    assert status.deliveries == dict.fromkeys(State, 0)
    assert (status.last_success, status.oldest_waiting, status.last_sent) == (None, None, None)
    assert status.revision == HEAD
    assert status.database_bytes > 0


def test_status_counts_what_there_is_and_what_is_new(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx, an_entry("old", seen=NOW - HOUR))
        ring(tx, store(tx, an_entry("new")), channels=["desk", "mail"])
        ring(tx, added, channels=["desk"])
        ring(tx, added, channels=["desk"], action=Action.REPLY)
        numbers = tx.feeds.sync([(f"http://{name}", None, None) for name in "abc"], NOW)
        tx.feeds.save_state(numbers["http://a"], PollState(last_success=NOW), None)
        tx.feeds.save_state(numbers["http://b"], PollState(failures=2), "HTTP 500")
        (claimed,) = claim(tx, NOW, LEASE, limit=1)
        tx.outbox.sent(claimed.deliveries, None, NOW + MINUTE)
        status = tx.status(NOW)

    assert (status.feeds, status.feeds_failing, status.feeds_never_polled) == (3, 1, 1)
    assert (status.entries, status.recent_entries) == (2, 1)
    assert (status.stories, status.recent_stories) == (2, 1)
    assert (status.alerts, status.recent_alerts) == (2, 2)
    assert (status.replies, status.recent_replies) == (1, 1)
    assert status.last_success == NOW
    assert (status.oldest_waiting, status.last_sent) == (NOW, NOW + MINUTE)
    assert status.deliveries[State.SENT] == 1


def test_feeds_are_counted_as_feeds_list_calls_them(tmp_path: Path) -> None:
    urls = [f"https://{name}.example/rss" for name in "abcdef"]
    resting = PollState(next_due=NOW + 3 * HOUR, rests_until=NOW + 2 * HOUR, interval=MINUTE)
    settings = Settings.model_validate({"feeds": [{"url": url} for url in urls]})
    states = [
        resting._replace(last_success=NOW - HOUR),
        resting._replace(last_success=NOW - HOUR, stale=True),
        resting._replace(last_success=NOW - MINUTE),
        resting._replace(last_success=NOW - HOUR, failures=3, sick=True, stale=True),
        PollState(rests_until=NOW + HOUR),
        PollState(last_success=NOW, stale=True),
    ]
    with open_in(tmp_path) as database, database.begin() as tx:
        numbers = tx.feeds.sync([(url, None, None) for url in urls], NOW - 9 * HOUR)
        for url, state in zip(urls, states, strict=True):
            tx.feeds.save_state(numbers[url], state, None)
        status = tx.status(NOW, waits_in(settings, NOW))
        rows = tx.feeds.all()
    listed = Counter(
        record(row, state, None, table, settings, NOW)["health"]
        for row, state, table in zip(rows, states, settings.feeds, strict=True)
    )

    assert listed == {"waiting": 3, "well": 1, "sick": 1, "stale": 1}
    assert (status.feeds_waiting, status.feeds_failing, status.feeds_sick) == (3, 1, 1)
    assert (status.feeds_stale, status.feeds_never_polled) == (1, 0)


def test_a_channel_fails_when_it_took_nothing_since_it_was_tried(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx, an_entry("one"))
        ring(tx, added, channels=["desk", "mail", "held"])
        by_channel = {one.channel: one for one in claim(tx, NOW, LEASE, limit=9)}
        for channel in ("desk", "mail"):
            tx.outbox.retry(
                by_channel[channel].deliveries, NOW + MINUTE, "no route", maybe_sent=False, now=NOW
            )
        failing = tx.status(NOW).failing_channels
        ring(tx, store(tx, an_entry("two")), channels=["mail"])
        (other,) = claim(tx, NOW, LEASE, limit=9)
        tx.outbox.sent(other.deliveries, None, NOW + MINUTE)

        assert failing == {"desk": NOW, "mail": NOW}
        assert tx.status(NOW).failing_channels == {"desk": NOW}


def test_lost_are_the_dead_that_died_lately(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for id_ in "123":
            ring(tx, store(tx, an_entry(id_)))
        for days, claimed in enumerate(claim(tx, NOW, LEASE)):
            tx.outbox.dead(claimed.deliveries, "chat not found", NOW + days * DAY)
        tx.revival.retry_dead(NOW + 2 * DAY, alerts=[3])
        queues = [tx.queues(lost_since=since) for since in (None, NOW, NOW + DAY, NOW + 2 * DAY)]

    assert [one.lost for one in queues] == [2, 2, 1, 0]
    assert {one.deliveries[State.DEAD] for one in queues} == {2}
