"""What is recorded of a message that died, or of an edit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from watcher.alerts.decide import again_due
from watcher.errors import DeliveryError
from watcher.storage.database import Transaction
from watcher.storage.rows import Claimed


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
        tx.outbox.lose_message(claimed.deliveries[0], claimed.edits, now, due, why)
