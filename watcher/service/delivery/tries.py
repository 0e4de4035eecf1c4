"""What is recorded of a try to deliver a message or an edit, and what is known of earlier ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from watcher.alerts.decide import again_due
from watcher.alerts.outbox import Retry, halves
from watcher.errors import DeliveryError
from watcher.service.failpoints import failpoint
from watcher.storage.database import Transaction
from watcher.storage.rows import Claimed


def earlier(tx: Transaction, claimed: Claimed) -> tuple[tuple[datetime, ...], int]:
    """Return when a message was tried, and how often its answer was lost before this time."""
    return tx.outbox.tried(claimed.deliveries), tx.outbox.lost_answers(claimed.deliveries)


def arrived(
    tx: Transaction, claimed: Claimed, message_id: str | None, now: datetime, but: str | None
) -> None:
    """Record that it arrived, and under which number; `but` says whom it did not reach."""
    tx.outbox.sent(claimed.deliveries, message_id, now, but)
    failpoint("before_record")


def put_off(
    tx: Transaction, claimed: Claimed, verdict: Retry, error: DeliveryError, now: datetime
) -> None:
    """Record that it is tried again."""
    tx.outbox.retry(
        claimed.deliveries,
        verdict.due,
        str(error),
        maybe_sent=verdict.maybe_sent,
        now=now,
        is_answer_lost=error.maybe_sent,
    )


def part(tx: Transaction, claimed: Claimed, error: DeliveryError, now: datetime) -> None:
    """Record that it goes out in two parts, no story in both."""
    threads = tx.alerts.threads(claimed.alerts)
    parts = halves([threads[alert] for alert in claimed.alerts])
    tx.outbox.part([[claimed.deliveries[n] for n in part] for part in parts], str(error), now)


def give_up(
    tx: Transaction,
    claimed: Claimed,
    reason: str,
    error: DeliveryError,
    now: datetime,
    *,
    intervals: Sequence[timedelta],
) -> None:
    """Record that a delivery died; what an edit was to name comes by a message of its own.

    Args:
        tx: a transaction that writes.
        claimed: what died.
        reason: for the record.
        error: says whether the message to change is there, and can be changed.
        now: the clock.
        intervals: least times between the rings of one story.
    """
    tx.outbox.dead(claimed.deliveries, reason, now)
    if claimed.edits and error.message_gone:
        topic, story = tx.alerts.threads(claimed.alerts)[claimed.alerts[0]]
        due = again_due(tx.alerts.rings(topic, story, claimed.channel), intervals, now)
        why = reason if error.message_stays else None
        tx.lost.lose_message(claimed.deliveries[0], claimed.edits, now, due, why)
