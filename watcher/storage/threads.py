"""Which message of a channel another one answers, and whether the channel heard it all before."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    exists,
    func,
    or_,
    select,
)

from watcher.model import Errand, Priority
from watcher.storage.rows import State
from watcher.storage.schema import alert, alert_entry, delivery, entry, shared_ring, story

#: A ring of a priority is an echo only of rings that were at least as loud; low ones make no sound.
_AS_LOUD = {
    Priority.HIGH: (Priority.HIGH,),
    Priority.NORMAL: (Priority.HIGH, Priority.NORMAL),
    Priority.LOW: (Priority.HIGH, Priority.NORMAL),
}


def is_message(table: Any) -> Any:
    """Whether a delivery brings a message; the others keep one up to date."""
    return table.c.kind == Errand.MESSAGE


def is_message_of(ring: Any, channel: Any, table: Any = delivery) -> Any:
    """Whether a delivery brings the message of a ring to a channel."""
    return is_message(table) & (table.c.alert == ring) & (table.c.channel == channel)


def is_kept_from() -> ColumnElement[bool]:
    """Whether a channel is not told what a delivery brings: under a mute, or for it died."""
    lost = (delivery.c.state == State.DEAD) & ~delivery.c.maybe_sent
    return (delivery.c.state == State.MUTED) | lost


def has_arrived() -> ColumnElement[bool]:
    """Whether the message that a delivery edits is on the screen, and can be changed."""
    message = delivery.alias("message")
    return exists(
        select(message.c.id).where(
            is_message_of(delivery.c.alert, delivery.c.channel, message),
            message.c.state == State.SENT,
            message.c.message_id.is_not(None),
            message.c.last_error.is_(None),
        )
    )


def entries_told(connection: Connection, ring: int) -> tuple[int, ...]:
    """Return the numbers of a ring's entries, in the order they came."""
    query = select(alert_entry.c.entry).where(alert_entry.c.alert == ring)
    return tuple(connection.scalars(query.order_by(alert_entry.c.entry)))


def rang_for(number: int | BindParameter[int]) -> ColumnElement[bool]:
    """Rings of a story: its own, and those that told of entries that a correction gave it."""
    shared = select(shared_ring.c.alert).where(shared_ring.c.story == number)
    return or_(alert.c.story == number, alert.c.id.in_(shared))


def story_now() -> ColumnElement[int]:
    """Where a story's entries are: in itself, or in the one that it was merged into."""
    return func.coalesce(story.c.merged_into, story.c.id)


def reply_to(connection: Connection, row: RowMapping) -> str | None:
    """Return the channel's message that a delivery answers.

    That is the first one of its thread, or of that which its story follows, or one of the same
    story for another topic, best that which told the same entry. Never another thread's of the
    topic, however young: half of those replies would stand below the headline of another event
    (docs/stories.md has the figures).
    """
    return (
        _thread_start(connection, row, row["story"])
        or _thread_start(connection, row, followed(connection, row["story"]))
        or _of_another_topic(connection, row)
    )


def followed(connection: Connection, number: int) -> int | None:
    """Return the story that one follows, wherever its entries are now."""
    follows = select(story.c.follows).where(story.c.id == number).scalar_subquery()
    query = select(story_now()).where(story.c.id == follows)
    found: int | None = connection.scalar(query)
    return found


def begins(connection: Connection, ring: RowMapping, channel: str) -> bool:
    """Tell whether a channel hears (or heard) nothing of a thread before a ring's message.

    So it is with a reply to what other channels had: one was down, or asleep, when a correction
    made another story of it. To this channel it is the alert.
    """
    own, other = delivery.alias("own"), delivery.alias("other")
    came = select(own.c.sent_at).where(is_message_of(ring["id"], channel, own)).scalar_subquery()
    heard = select(other.c.id).join(alert, alert.c.id == other.c.alert)
    heard = heard.where(
        rang_for(ring["story"]),
        alert.c.topic == ring["topic"],
        alert.c.id != ring["id"],
        other.c.channel == channel,
        is_message(other),
        or_(other.c.state.in_((State.SENT, State.SENDING)), other.c.maybe_sent),
        # of one message the first ring is heard first
        or_(other.c.state == State.SENT, alert.c.id < ring["id"]),
        or_(
            other.c.sent_at.is_(None),
            came.is_(None),
            other.c.sent_at < came,
            alert.c.id < ring["id"],
        ),
    )
    return connection.execute(heard.limit(1)).first() is None


def is_echo(connection: Connection, row: RowMapping) -> bool:
    """Tell whether a channel just heard of every entry of a ring, at least as loudly.

    So it is where a story matches two topics: one event makes one sound in a chat. What was told
    before the ring was opened, or came into a message by an edit, is no sound of these news.
    """
    loud = _AS_LOUD[Priority(row["priority"])]
    told = _told_elsewhere(row, alert_entry.c.entry).where(
        alert.c.priority.in_(loud),
        delivery.c.sent_at >= row["created"],
        entry.c.seen <= delivery.c.sent_at,
    )
    own = select(alert_entry.c.entry).where(alert_entry.c.alert == row["alert"])
    new = own.where(alert_entry.c.entry.not_in(told))
    return connection.execute(new.limit(1)).first() is None


def _of_another_topic(connection: Connection, row: RowMapping) -> str | None:
    lead = select(alert.c.lead).where(alert.c.id == row["alert"]).scalar_subquery()
    query = _told_elsewhere(row, delivery.c.message_id).where(delivery.c.message_id.is_not(None))
    is_same = alert_entry.c.entry == lead
    query = query.order_by(is_same.desc(), delivery.c.sent_at, delivery.c.id)
    found: str | None = connection.scalar(query.limit(1))
    return found


def _told_elsewhere(row: RowMapping, column: Any) -> Select[Any]:
    """Return something of the channel's messages that told the story for other topics."""
    query = select(column).select_from(
        delivery.join(alert, alert.c.id == delivery.c.alert)
        .join(alert_entry, alert_entry.c.alert == delivery.c.alert)
        .join(entry, entry.c.id == alert_entry.c.entry)
    )
    return query.where(
        is_message(delivery),
        delivery.c.channel == row["channel"],
        delivery.c.state == State.SENT,
        rang_for(row["story"]),
        alert.c.topic != row["topic"],
    )


def _thread_start(connection: Connection, row: RowMapping, number: int | None) -> str | None:
    query = select(delivery.c.message_id).join(alert, alert.c.id == delivery.c.alert)
    query = query.where(
        delivery.c.channel == row["channel"],
        is_message(delivery),
        alert.c.topic == row["topic"],
        rang_for(number or 0),
        delivery.c.message_id.is_not(None),
    )
    return connection.scalar(query.order_by(delivery.c.id).limit(1))
