"""Messages that can be changed no more: deleted, or left behind in a chat that moved.

What was to be named in one by an edit comes in a message of its own, so that nothing is lost.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, Select, and_, func, or_, select, update

from watcher.model import Action, Hold, Reason
from watcher.storage.edits import is_alone
from watcher.storage.rings import new_delivery, open_ring
from watcher.storage.rows import OPEN, Outcome, State
from watcher.storage.schema import (
    alert,
    alert_entry,
    attempt,
    channel_chat,
    decision,
    delivery,
    entry,
)
from watcher.storage.section import Section
from watcher.storage.threads import has_arrived, is_message, is_message_of


class Lost(Section):
    """Finds messages that can be changed no more, and takes note of them, in one transaction."""

    def unchangeable(self, rings: Collection[int], channels: Collection[str]) -> frozenset[int]:
        """Return which rings stood in a chat and can be changed nowhere any more.

        Args:
            rings: those to ask for.
            channels: those that can edit.
        """
        rows = self._messages(rings)
        shown = {row["alert"] for row in rows if _is_shown(row)}
        changeable = {
            row["alert"] for row in rows if row["channel"] in channels and _may_change(row)
        }
        return frozenset(shown - changeable)

    def shown_in(self, rings: Collection[int], channels: Collection[str]) -> dict[str, int | None]:
        """Return for channels the first of some rings that can be changed there.

        None stands where there were such, and are no more; a channel that had none is left out.

        Args:
            rings: those to ask for.
            channels: those that can edit.
        """
        found: dict[str, int | None] = {}
        for row in self._messages(rings):
            channel = row["channel"]
            if channel in channels and found.get(channel) is None:
                if _may_change(row):
                    found[channel] = row["alert"]
                elif _is_shown(row):
                    found[channel] = None
        return found

    def lose_message(
        self, edit: int, message_id: str, now: datetime, due: datetime, why: str | None
    ) -> None:
        """Take note that the message is gone that a dead edit was to change.

        The edit keeps its number, by which it is known what people answer to or tap on.

        Args:
            edit: a delivery.
            message_id: the channel's number of the message.
            now: the clock.
            due: when what it never named may be told.
            why: the message is there, can be answered, and for this reason never be changed; None
                where it is gone.
        """
        query = select(delivery).where(delivery.c.id == edit)
        row = self._connection.execute(query).mappings().one()
        message = is_message_of(row["alert"], row["channel"])
        gone = update(delivery).where(message, delivery.c.message_id == message_id)
        fate = {"last_error": why} if why else {"message_id": None}
        if self._connection.execute(gone.values(fate)).rowcount and not why:
            known = update(delivery).where(delivery.c.id == edit)
            self._connection.execute(known.values(message_id=message_id))
        self._tell_unshown(row, now, due)

    def forget_messages(self, channel: str, now: datetime) -> None:
        """Forget the numbers of a channel's messages: it writes to another chat now."""
        own = delivery.c.channel == channel
        edits = own & ~is_message(delivery)
        undone = select(delivery).where(edits, delivery.c.state != State.SENT, has_arrived())
        rows = self._connection.execute(undone.order_by(delivery.c.id)).mappings().all()
        self._connection.execute(update(delivery).where(own).values(message_id=None))
        self._connection.execute(update(delivery).where(edits).values(state=State.DEAD))
        for row in rows:
            self._tell_unshown(row, now, now)

    def _messages(self, rings: Collection[int]) -> Sequence[RowMapping]:
        query = select(
            *delivery.c["alert", "channel", "state", "message_id", "last_error"],
            delivery.c.channel.in_(select(channel_chat.c.channel)).label("in_chat"),
            is_alone().label("alone"),
        )
        query = query.where(is_message(delivery), delivery.c.alert.in_(rings))
        return self._connection.execute(query.order_by(delivery.c.alert)).mappings().all()

    def _tell_unshown(self, edit: RowMapping, now: datetime, due: datetime) -> None:
        """Open a ring, for an edit's channel alone, about what its message never named."""
        unshown = self._connection.scalars(_unshown(edit)).all()
        if not unshown:
            return
        query = select(alert).where(alert.c.id == edit["alert"])
        old = self._connection.execute(query).mappings().one()
        kept = {name: old[name] for name in ("topic", "story", "priority")}
        values = {**kept, "action": Action.ALERT, "created": now, "due": due, "lead": unshown[0]}
        opened = open_ring(self._connection, values, unshown)
        made = (decision.c.topic == old["topic"]) & decision.c.entry.in_(unshown)
        made &= decision.c.alert == edit["alert"]
        changed = update(decision).where(made).values(alert=opened, action=Action.ALERT)
        self._connection.execute(changed)
        hold = Hold.REPLY_INTERVAL if due > now else None
        message = new_delivery(opened, edit["channel"], now, due, hold)
        self._connection.execute(delivery.insert().values(message))


def _is_shown(row: RowMapping) -> bool:
    return bool(row["in_chat"] and row["state"] == State.SENT and row["alone"])


def _may_change(row: RowMapping) -> bool:
    """Tell whether a message will show all, or can be changed so that it does."""
    can_be = row["message_id"] is not None and row["last_error"] is None
    return row["state"] in OPEN or (row["state"] == State.SENT and row["alone"] and can_be)


def _unshown(edit: RowMapping) -> Select[int]:
    """Return what an edit's message was to name and did not: reported since it changed last.

    What another message tells there, in the place of this one, is left out.
    """
    arrived = select(func.max(attempt.c.started)).join(delivery)
    arrived = arrived.where(
        attempt.c.outcome == Outcome.SENT,
        delivery.c.alert == edit["alert"],
        delivery.c.channel == edit["channel"],
    )
    own = and_(alert_entry.c.entry == decision.c.entry, alert_entry.c.alert == edit["alert"])
    query = select(decision.c.entry).join(alert_entry, own)
    query = query.join(alert, alert.c.id == alert_entry.c.alert)
    query = query.join(entry, and_(entry.c.id == decision.c.entry, entry.c.story == alert.c.story))
    query = query.where(
        decision.c.topic == alert.c.topic,
        decision.c.reason != Reason.COPY,
        decision.c.time > arrived.scalar_subquery(),
        decision.c.entry.not_in(_told_elsewhere(edit)),
    )
    return query.order_by(decision.c.entry)


def _told_elsewhere(edit: RowMapping) -> Select[tuple[int]]:
    """Return what other messages of an edit's thread tell to its channel, or will."""
    own, other = alert.alias("own"), alert.alias("other")
    thread = (other.c.topic == own.c.topic) & (other.c.story == own.c.story)
    query = select(alert_entry.c.entry).join(other, other.c.id == alert_entry.c.alert)
    query = query.join(own, thread & (other.c.id != own.c.id)).join(
        delivery, delivery.c.alert == other.c.id
    )
    return query.where(
        own.c.id == edit["alert"],
        is_message(delivery),
        delivery.c.channel == edit["channel"],
        or_(
            delivery.c.state.in_(OPEN),
            delivery.c.message_id.is_not(None) & delivery.c.last_error.is_(None),
        ),
    )
