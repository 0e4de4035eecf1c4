from itertools import count
from pathlib import Path

import pytest
from stored import DAY, HOUR, LEASE, MINUTE, NOW, SECOND, an_entry, claim, open_in, ring, store

from watcher.model import Action, Hold, Priority
from watcher.storage.database import Transaction
from watcher.storage.deliveries import delivery_counts
from watcher.storage.rows import Claimed, Outcome, State


def test_a_delivery_goes_from_pending_over_sending_to_sent(tmp_path: Path) -> None:
    with open_in(tmp_path) as database:
        with database.begin() as tx:
            number = ring(tx, store(tx))
        with database.begin() as tx:
            (claimed,) = claim(tx, NOW, LEASE)
            assert claim(tx, NOW, LEASE) == ()
        with database.begin() as tx:
            tx.outbox.sent(claimed.deliveries, "4711", NOW + SECOND)

        assert (claimed.key, claimed.attempts, claimed.maybe_sent) == (f"a{number}-desk", 1, False)
        assert (claimed.reply_to, claimed.thread) == (None, "summit-1")
        with database.read() as tx:
            alert = tx.alerts.get(number)
            assert alert is not None
            (delivery,) = alert.deliveries
            assert (delivery.state, delivery.message_id) == (State.SENT, "4711")
            assert delivery.sent_at == NOW + SECOND
            (attempt,) = tx.alerts.attempts(number)
            assert (attempt.started, attempt.ended) == (NOW, NOW + SECOND)
            assert attempt.outcome is Outcome.SENT


def test_nothing_is_claimed_before_it_is_due(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        ring(tx, store(tx), wait=45 * SECOND)

        assert claim(tx, NOW + 44 * SECOND, LEASE) == ()
        (claimed,) = claim(tx, NOW + 45 * SECOND, LEASE)
        assert claimed.hold is Hold.GROUP_WAIT


def test_every_channel_has_a_delivery_of_its_own(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        ring(tx, store(tx), channels=["desk", "mail", "desk"])

        (mail,) = claim(tx, NOW, LEASE, channels=["mail"])
        (desk,) = claim(tx, NOW, LEASE)
        assert (mail.channel, desk.channel) == ("mail", "desk")


def test_a_reply_waits_for_its_thread_and_answers_its_first_message(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        ring(tx, added, channels=["desk", "mail"])
        ring(tx, added, channels=["desk", "mail"], action=Action.REPLY)
        desk, mail = claim(tx, NOW, LEASE)
        assert claim(tx, NOW, LEASE) == ()

        tx.outbox.sent(desk.deliveries, "4711", NOW)
        (reply,) = claim(tx, NOW, LEASE)
        assert (reply.channel, reply.reply_to) == ("desk", "4711")

        tx.outbox.dead(mail.deliveries, "no such mailbox", NOW)
        (reply,) = claim(tx, NOW, LEASE)
        assert (reply.channel, reply.reply_to) == ("mail", None)


def test_a_reply_tells_which_alert_it_waits_for_where_that_keeps_it_past_its_time(
    tmp_path: Path,
) -> None:
    def waits_for(tx: Transaction) -> list[int | None]:
        rings = reversed(tx.alerts.latest())
        return [delivery.waits_for for one in rings for delivery in one.deliveries]

    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        first = ring(tx, added, channels=["desk", "mail"])
        desk, mail = claim(tx, NOW, LEASE)
        for _ in range(2):
            ring(tx, added, channels=["desk", "mail"], action=Action.REPLY, wait=MINUTE)
        ring(tx, added, topic="other")
        assert waits_for(tx) == [None] * 7

        tx.outbox.retry(desk.deliveries, NOW + HOUR, "lost", maybe_sent=True, now=NOW)
        tx.outbox.retry(mail.deliveries, NOW + SECOND, "refused", maybe_sent=False, now=NOW)
        assert waits_for(tx) == [None, None, first, None, first, None, None]

        tx.outbox.dead(desk.deliveries, "gave up", NOW)
        assert waits_for(tx) == [None] * 7


def test_to_see_one_delivery_takes_no_look_at_all_that_wait(tmp_path: Path) -> None:
    def looks(tx: Transaction) -> int:
        steps = count()
        driver = tx.connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(lambda: next(steps) and None, 1)
        tx.alerts.get(1)
        driver.set_progress_handler(None, 0)
        return next(steps)

    with open_in(tmp_path) as database, database.begin() as tx:
        ring(tx, store(tx))
        alone = looks(tx)
        for number in range(100):
            ring(tx, store(tx, an_entry(f"more {number}")), wait=MINUTE)

        assert looks(tx) < 2 * alone


def test_what_comes_in_one_message_waits_for_no_other_of_it(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        ring(tx, added)
        ring(tx, added, action=Action.REPLY)
        first, second = (one.delivery for one in tx.outbox.waiting(NOW, "desk"))
        tx.outbox.hold([first], Hold.DIGEST, NOW + HOUR, "morning")
        tx.outbox.hold([second], Hold.DIGEST, NOW + MINUTE, "morning")

        assert all(d.waits_for is None for one in tx.alerts.latest() for d in one.deliveries)


def test_the_alert_of_a_story_that_follows_another_answers_that_ones_alert(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        preview = store(tx)
        ring(tx, preview)
        (claimed,) = claim(tx, NOW, LEASE)
        tx.outbox.sent(claimed.deliveries, "4711", NOW)
        event = store(tx, an_entry("2"), follows=preview.story)
        ring(tx, event)
        ring(tx, event, topic="arms")
        ring(tx, store(tx, an_entry("3")))
        first, other_topic, other_story = claim(tx, NOW, LEASE)
        tx.outbox.sent(first.deliveries, "4712", NOW)
        ring(tx, event, action=Action.REPLY)
        (reply,) = claim(tx, NOW, LEASE)

    assert (first.reply_to, reply.reply_to) == ("4711", "4712")
    assert (other_topic.reply_to, other_story.reply_to) == (None, None)


def test_a_follower_answers_the_alert_of_what_it_follows_wherever_that_was_merged(
    tmp_path: Path,
) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        older, preview = store(tx), store(tx, an_entry("2"))
        ring(tx, preview)
        (claimed,) = claim(tx, NOW, LEASE)
        tx.outbox.sent(claimed.deliveries, "4711", NOW)
        event = store(tx, an_entry("3"), follows=preview.story)
        ring(tx, event)
        tx.corrections.merge(older.story, preview.story)
        (claimed,) = claim(tx, NOW, LEASE)

    assert claimed.reply_to == "4711"


def test_what_a_channel_heard_for_another_topic_answers_that_and_is_an_echo(
    tmp_path: Path,
) -> None:
    def told(topic: str, *channels: str, priority: Priority = Priority.NORMAL) -> Claimed:
        ring(tx, added, topic=topic, channels=channels or ["desk"], priority=priority)
        claimed = claim(tx, NOW, LEASE)[-1]
        tx.outbox.sent(claimed.deliveries, str(claimed.alerts[0]), NOW)
        return claimed

    with open_in(tmp_path) as database, database.begin() as tx:
        added = store(tx)
        first, same = told("summit"), told("arms")
        elsewhere = told("trade", "mail")
        louder = told("war", priority=Priority.HIGH)
        added = store(tx, an_entry("2"), story=added.story)
        more, again = told("travel"), told("weather")

    claims = (first, same, elsewhere, louder, more, again)
    assert [one.is_echo for one in claims] == [False, True, False, False, False, True]
    # The story's first message, or that which told the same.
    assert [one.reply_to for one in claims] == [None, "1", None, "1", "1", "5"]


def test_one_poison_message_blocks_neither_other_stories_nor_other_topics(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        poisoned = store(tx)
        ring(tx, poisoned)
        (poison,) = claim(tx, NOW, LEASE)
        tx.outbox.retry(poison.deliveries, NOW + HOUR, "HTTP 500", maybe_sent=False, now=NOW)
        reply = ring(tx, poisoned, action=Action.REPLY)
        other_topic = ring(tx, poisoned, topic="arms")
        other_story = ring(tx, store(tx, an_entry("2")))

        claimed = claim(tx, NOW, LEASE)
        assert [one.alerts for one in claimed] == [(other_topic,), (other_story,)]

        tx.outbox.dead(poison.deliveries, "gave up", NOW)
        assert [one.alerts for one in claim(tx, NOW, LEASE)] == [(reply,)]


def test_a_retry_waits_and_remembers_that_it_may_have_arrived(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        number = ring(tx, store(tx))
        (first,) = claim(tx, NOW, LEASE)
        tx.outbox.retry(first.deliveries, NOW + MINUTE, "answer lost", maybe_sent=True, now=NOW)
        assert claim(tx, NOW, LEASE) == ()
        (second,) = claim(tx, NOW + MINUTE, LEASE)
        tx.outbox.retry(second.deliveries, NOW + HOUR, "HTTP 500", maybe_sent=False, now=NOW)
        (third,) = claim(tx, NOW + HOUR, LEASE)

        assert [one.key for one in (first, second, third)] == [first.key] * 3
        assert [one.attempts for one in (first, second, third)] == [1, 2, 3]
        assert [one.maybe_sent for one in (first, second, third)] == [False, True, True]
        assert [one.error for one in tx.alerts.attempts(number)] == [
            "answer lost",
            "HTTP 500",
            None,
        ]


def test_only_sends_that_got_no_answer_are_counted_as_such(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        number = ring(tx, store(tx))
        for minute, is_lost in enumerate((False, True, False, True)):
            (one,) = claim(tx, NOW + minute * MINUTE, LEASE)
            due = NOW + (minute + 1) * MINUTE
            tx.outbox.retry(
                one.deliveries, due, "no", maybe_sent=True, now=due, is_answer_lost=is_lost
            )
        (one,) = claim(tx, NOW + 4 * MINUTE, LEASE)
        tx.outbox.reclaim(NOW + 4 * MINUTE)

        assert tx.outbox.lost_answers(one.deliveries) == 2
        assert [str(one.outcome) for one in tx.alerts.attempts(number)] == [
            *("retry", "lost", "retry", "lost"),
            "lost",
        ]
        (one,) = claim(tx, NOW + 5 * MINUTE, LEASE)
        tx.outbox.dead(one.deliveries, "gave up", NOW + 5 * MINUTE)
        tx.revival.retry_dead(NOW + HOUR)
        assert tx.outbox.lost_answers(one.deliveries) == 0


def test_after_a_crash_what_was_being_sent_is_sent_again_and_marked(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        number = ring(tx, store(tx))
        ring(tx, store(tx, an_entry("2")), wait=HOUR)
        claim(tx, NOW, LEASE)

    with open_in(tmp_path) as database, database.begin() as tx:
        tx.outbox.reclaim(NOW)
        (claimed,) = claim(tx, NOW, LEASE)

        assert (claimed.alerts, claimed.maybe_sent, claimed.attempts) == ((number,), True, 2)
        lost, running = tx.alerts.attempts(number)
        assert (lost.outcome, running.outcome) == (Outcome.LOST, None)


def test_a_running_send_is_taken_back_only_after_its_lease(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        ring(tx, store(tx))
        claim(tx, NOW, LEASE)

        tx.outbox.reclaim_expired(NOW + LEASE)
        assert not claim(tx, NOW + LEASE)
        tx.outbox.reclaim_expired(NOW + LEASE + SECOND)
        assert claim(tx, NOW + LEASE + SECOND)


def test_what_somebody_has_in_hand_is_not_taken_back(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        ring(tx, store(tx))
        (claimed,) = claim(tx, NOW, LEASE)

        tx.outbox.reclaim_expired(NOW + 300 * HOUR, claimed.deliveries)
        assert not claim(tx, NOW + 300 * HOUR)
        tx.outbox.reclaim_expired(NOW + 300 * HOUR)
        assert claim(tx, NOW + 300 * HOUR)


def test_what_is_held_goes_out_as_one_message(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        first, second = store(tx), store(tx, an_entry("2"))
        rings = [ring(tx, first), ring(tx, second), ring(tx, first, action=Action.REPLY)]
        waiting = tx.outbox.waiting(NOW, "desk")
        assert [one.alert for one in waiting] == rings
        assert {one.priority for one in waiting} == {Priority.NORMAL}
        for one in waiting:
            tx.outbox.hold([one.delivery], Hold.QUIET_HOURS, NOW + HOUR, "night")
        assert claim(tx, NOW, LEASE) == ()

        (claimed,) = claim(tx, NOW + HOUR, LEASE, limit=1)
        assert claimed.alerts == tuple(rings)
        assert claimed.hold is Hold.QUIET_HOURS
        assert (claimed.attempts, claimed.reply_to) == (1, None)


def test_a_bundle_belongs_to_one_channel(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        ring(tx, store(tx), channels=["desk", "mail"])
        numbers = [
            one.delivery for channel in ("desk", "mail") for one in tx.outbox.waiting(NOW, channel)
        ]
        tx.outbox.hold(numbers, Hold.DIGEST, NOW + HOUR, "night")

        assert [one.channel for one in claim(tx, NOW + HOUR, LEASE)] == ["desk", "mail"]


def test_a_bundle_that_failed_stays_one_message(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for id_ in "12":
            ring(tx, store(tx, an_entry(id_)))
        numbers = [one.delivery for one in tx.outbox.waiting(NOW, "desk")]
        tx.outbox.hold(numbers, Hold.DIGEST, NOW, "morning")
        (first,) = claim(tx, NOW, LEASE)
        tx.outbox.retry(first.deliveries, NOW + MINUTE, "HTTP 500", maybe_sent=False, now=NOW)

        (second,) = claim(tx, NOW + MINUTE, LEASE)
        assert (second.key, second.deliveries) == (first.key, first.deliveries)


def test_what_is_held_after_its_claim_was_not_tried(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        number = ring(tx, store(tx))
        (claimed,) = claim(tx, NOW, LEASE)
        tx.outbox.hold(claimed.deliveries, Hold.RATE_LIMITED, NOW + HOUR, "later")

        assert tx.alerts.attempts(number) == ()
        (claimed,) = claim(tx, NOW + HOUR, LEASE)
        assert claimed.attempts == 1


def test_the_hourly_limit_counts_messages(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for id_ in "123":
            ring(tx, store(tx, an_entry(id_)), channels=["desk", "mail"])
        waiting = [one.delivery for one in tx.outbox.waiting(NOW, "desk")]
        tx.outbox.hold(waiting[:2], Hold.DIGEST, NOW, "morning")
        for minute, claimed in enumerate(claim(tx, NOW, LEASE, channels=["desk"])):
            tx.outbox.sent(claimed.deliveries, None, NOW + minute * MINUTE)

        assert tx.outbox.sent_between("desk", NOW, NOW + MINUTE) == (NOW, NOW + MINUTE)
        assert tx.outbox.sent_between("desk", NOW + SECOND, NOW + MINUTE) == (NOW + MINUTE,)
        assert tx.outbox.sent_between("mail", NOW, NOW + MINUTE) == ()


def test_what_is_urgent_goes_before_what_is_due_longer(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        first, second = (ring(tx, store(tx, an_entry(id_))) for id_ in "12")
        urgent = ring(tx, store(tx, an_entry("3")), wait=MINUTE, priority=Priority.HIGH)

        assert (head := tx.claims.head(NOW + MINUTE, "desk"))
        assert head.alert == urgent
        taken = [tx.claims.claim_next(NOW + MINUTE, LEASE, "desk") for _ in range(3)]

    assert [one and one.alerts for one in taken] == [(urgent,), (first,), (second,)]


def test_what_comes_due_later_goes_before_the_parts_of_a_refused_message(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        digest = [ring(tx, store(tx, an_entry(id_))) for id_ in "123"]
        numbers = [one.deliveries[0] for one in claim(tx, NOW, LEASE)]
        tx.outbox.hold(numbers, Hold.DIGEST, NOW, "digest")
        (whole,) = claim(tx, NOW, LEASE)
        tx.outbox.part([whole.deliveries[:1], whole.deliveries[1:]], "554 spam", NOW)
        urgent = ring(tx, store(tx, an_entry("4")), wait=MINUTE, priority=Priority.HIGH)

        taken = [tx.claims.claim_next(NOW + MINUTE, LEASE, "desk") for _ in range(4)]

    alerts = [one and one.alerts for one in taken]
    assert alerts == [(urgent,), (digest[0],), (digest[1], digest[2]), None]


def test_the_dead_are_counted_shown_and_revived(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for id_ in "12":
            ring(tx, store(tx, an_entry(id_)))
        for claimed in claim(tx, NOW, LEASE):
            tx.outbox.dead(claimed.deliveries, "chat not found", NOW)

        assert delivery_counts(tx.connection) == {
            State.PENDING: 0,
            State.SENDING: 0,
            State.SENT: 0,
            State.MUTED: 0,
            State.DEAD: 2,
        }
        _, alert = tx.alerts.latest()
        (first,) = alert.deliveries
        assert first.last_error == "chat not found"
        assert tx.revival.retry_dead(NOW + 3 * DAY, alerts=[alert.id]) == 1
        (claimed,) = claim(tx, NOW + 3 * DAY, LEASE)
        assert (claimed.deliveries, claimed.attempts) == ((first.id,), 1)
        assert claimed.created == NOW + 3 * DAY  # or it would be given up at once
        assert tx.revival.retry_dead(NOW + 3 * DAY) == 1


@pytest.mark.parametrize("count", [1, 40])
def test_a_claim_takes_no_more_than_it_is_asked_for(tmp_path: Path, count: int) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        for number in range(count):
            ring(tx, store(tx, an_entry(str(number))))

        assert len(claim(tx, NOW, LEASE, limit=30)) == min(count, 30)
        assert delivery_counts(tx.connection)[State.SENDING] == min(count, 30)


@pytest.mark.parametrize("is_dead", [True, False])
def test_another_channel_that_never_got_a_message_gets_what_waits_for_a_former_one(
    tmp_path: Path, is_dead: bool
) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        alert = ring(tx, store(tx), channels=["old", "new"])
        (missed,) = claim(tx, NOW, channels=["new"])
        if is_dead:
            tx.outbox.dead(missed.deliveries, "mailbox full", NOW)
        else:
            tx.outbox.silence(missed.deliveries, NOW + MINUTE, "muted", "till then")

        assert tx.revival.hand_over("old", "new", NOW + HOUR, is_former=True) == (1, 0)

        assert states(tx, alert) == {"new": State.PENDING}


@pytest.mark.parametrize(
    ("is_former", "left"),
    [(True, {"new": State.SENT}), (False, {"old": State.PENDING, "new": State.SENT})],
)
def test_what_another_channel_has_too_still_comes_to_one_that_is_configured(
    tmp_path: Path, is_former: bool, left: dict[str, State]
) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        alert = ring(tx, store(tx), channels=["old", "new"])
        (had,) = claim(tx, NOW, channels=["new"])
        tx.outbox.sent(had.deliveries, "4711", NOW)

        done = tx.revival.hand_over("old", "new", NOW + HOUR, is_former=is_former)

        assert done == (0, 1 if is_former else 0)
        assert states(tx, alert) == left


def states(tx: Transaction, number: int) -> dict[str, State]:
    """Return how the deliveries of a ring stand, by channel."""
    alert = tx.alerts.get(number)
    assert alert is not None
    return {one.channel: one.state for one in alert.deliveries}
