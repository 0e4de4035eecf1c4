"""How an alert stands: what people decided about it, and the buttons that show it."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from watcher.alerts.buttons import Standing, keyboard
from watcher.alerts.mutes import thread
from watcher.alerts.views import Keyboard
from watcher.model import FeedbackKind, MuteKind
from watcher.storage.database import Transaction
from watcher.storage.rows import AlertRow, RingView


def standing_of(tx: Transaction, alert: int, topic: str, story: int, now: datetime) -> Standing:
    """Return what people decided about an alert, its story and its topic."""
    mutes = {(mute.kind, mute.subject): mute for mute in tx.mutes.current(now)}
    return Standing(
        story=mutes.get((MuteKind.STORY, str(story))),
        thread=mutes.get((MuteKind.THREAD, thread(topic, story))),
        topic=mutes.get((MuteKind.TOPIC, topic)),
        seen=tx.feedback.names(FeedbackKind.SEEN, alert),
    )


def keyboard_of(
    tx: Transaction, rings: Sequence[RingView] | Sequence[AlertRow], now: datetime, zone: ZoneInfo
) -> Keyboard:
    """Return the buttons under a message that tells these rings."""
    first = rings[0]
    number = first.alert if isinstance(first, RingView) else first.id
    return keyboard(
        tx.instance,
        number,
        standing_of(tx, number, first.topic, first.story, now),
        now,
        zone,
        stories=len({ring.story for ring in rings}),
        topics=len({ring.topic for ring in rings}),
    )
