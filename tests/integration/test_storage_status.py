from pathlib import Path

from stored import HOUR, LEASE, MINUTE, NOW, an_entry, open_in, ring, store

from watcher.feeds.schedule import PollState
from watcher.model import Action
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
        (claimed,) = tx.outbox.claim(NOW, LEASE, limit=1)
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


def test_a_channel_fails_when_it_took_nothing_since_it_was_tried(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx, an_entry("one"))
        ring(tx, added, channels=["desk", "mail", "held"])
        by_channel = {one.channel: one for one in tx.outbox.claim(NOW, LEASE, limit=9)}
        for channel in ("desk", "mail"):
            tx.outbox.retry(
                by_channel[channel].deliveries, NOW + MINUTE, "no route", maybe_sent=False, now=NOW
            )
        failing = tx.status(NOW).failing_channels
        ring(tx, store(tx, an_entry("two")), channels=["mail"])
        (other,) = tx.outbox.claim(NOW, LEASE, limit=9)
        tx.outbox.sent(other.deliveries, None, NOW + MINUTE)

        assert failing == {"desk": NOW, "mail": NOW}
        assert tx.status(NOW).failing_channels == {"desk": NOW}
