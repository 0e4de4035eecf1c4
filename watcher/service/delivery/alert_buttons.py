"""How an alert stands: what people decided about it, and the buttons that show it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from watcher.alerts.buttons import Standing, keyboard
from watcher.alerts.mutes import parts_of, thread
from watcher.alerts.views import Keyboard
from watcher.model import FeedbackKind, Mute, MuteKind
from watcher.storage.database import Transaction
from watcher.storage.rows import AlertRow, RingView

#: Rings whose messages follow a mute, the newest: what people still look at. Also the changes that
#: a chat gets in a minute of what nobody waits for: Telegram takes some twenty messages and changes
#: a minute in a group, and alerts want a share of them.
MOST_SHOWN: Final = 10

Muted = tuple[MuteKind, str]


@dataclass(frozen=True, slots=True)
class Change:
    """The buttons that a message is to show now."""

    channel: str
    message: str
    keyboard: Keyboard


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


def rings_about(tx: Transaction, muted: Iterable[Muted]) -> tuple[int, ...]:
    """Return the newest rings whose buttons show the mutes of these; outlets' show nowhere."""
    return tuple(row.id for kind, subject in muted for row in _rings_about(tx, kind, subject))


def rings_under(tx: Transaction, ended: Iterable[Mute]) -> tuple[int, ...]:
    """Return the rings whose buttons may still show mutes that came to their end, newest first.

    What was told since a mute was made, or is told now that it ended, never showed it.
    """
    rows = (row for m in ended for row in _rings_about(tx, m.kind, m.subject, m.created))
    return tuple(sorted({row.id for row in rows}, reverse=True))


def changes(
    tx: Transaction, rings: Iterable[int], now: datetime, zone: ZoneInfo
) -> Iterator[Change]:
    """Yield what the messages that tell these rings are to show now, each message once."""
    sent = (message for ring in dict.fromkeys(rings) for message in tx.alerts.messages(ring))
    for message in dict.fromkeys(sent):
        rows = [row for number in message.alerts if (row := tx.alerts.get(number))]
        yield Change(message.channel, message.message_id, keyboard_of(tx, rows, now, zone))


def _rings_about(
    tx: Transaction, kind: MuteKind, subject: str, until: datetime | None = None
) -> tuple[AlertRow, ...]:
    match kind:
        case MuteKind.STORY:
            return tx.alerts.latest(story=int(subject), until=until, limit=MOST_SHOWN)
        case MuteKind.THREAD:
            topic, story = parts_of(subject)
            return tx.alerts.latest(topic=topic, story=int(story), until=until, limit=MOST_SHOWN)
        case MuteKind.TOPIC:
            return tx.alerts.latest(topic=subject, until=until, limit=MOST_SHOWN)
    return ()
