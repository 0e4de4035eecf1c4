"""Messages that can be changed no more: deleted, or left behind in a chat that moved.

What was to be named in one by an edit comes in a message of its own, so that nothing is lost.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, func, select, update

from watcher.model import Action, Reason
from watcher.storage.edits import is_alone
from watcher.storage.insert import insert_row
from watcher.storage.rows import Outcome, State
from watcher.storage.schema import (
    alert,
    alert_entry,
    attempt,
    channel_chat,
    decision,
    delivery,
    entry,
)
from watcher.storage.threads import is_message


def unchangeable(
    connection: Connection, rings: Collection[int], channels: Collection[str]
) -> frozenset[int]:
    """Return which rings stood in a chat and can be changed nowhere any more.

    Args:
        connection: of a transaction.
        rings: those to ask for.
        channels: those that can edit.
    """
    query = select(
        delivery.c.alert,
        delivery.c.channel,
        delivery.c.state,
        delivery.c.message_id,
        delivery.c.channel.in_(select(channel_chat.c.channel)).label("in_chat"),
        is_alone().label("alone"),
    )
    mine = is_message(delivery) & delivery.c.alert.in_(rings)
    rows = connection.execute(query.where(mine)).mappings().all()
    shown = {row["alert"] for row in rows if row["in_chat"] and _is_shown(row)}
    changeable = {row["alert"] for row in rows if row["channel"] in channels and _may_change(row)}
    return frozenset(shown - changeable)


def _is_shown(row: RowMapping) -> bool:
    return bool(row["state"] == State.SENT and row["alone"])


def _may_change(row: RowMapping) -> bool:
    """Tell whether a message will show all, or can be changed so that it does."""
    is_to_come = row["state"] in {State.PENDING, State.SENDING}
    return is_to_come or (_is_shown(row) and row["message_id"] is not None)


def lose_message(connection: Connection, edit: int, message_id: str, now: datetime) -> None:
    """Take note that the message is gone that an edit was to change.

    The edit keeps its number, by which it is known what people answer to or tap on.
    """
    row = connection.execute(select(delivery).where(delivery.c.id == edit)).mappings().one()
    message = (
        is_message(delivery)
        & (delivery.c.alert == row["alert"])
        & (delivery.c.channel == row["channel"])
    )
    gone = update(delivery).where(message, delivery.c.message_id == message_id)
    if connection.execute(gone.values(message_id=None)).rowcount:
        known = update(delivery).where(delivery.c.id == edit)
        connection.execute(known.values(message_id=message_id))
    _tell_unshown(connection, row, now)


def forget_messages(connection: Connection, channel: str, now: datetime) -> None:
    """Forget the numbers of a channel's messages: it writes to another chat now."""
    own = delivery.c.channel == channel
    edits = own & ~is_message(delivery)
    undone = select(delivery).where(edits, delivery.c.state != State.SENT).order_by(delivery.c.id)
    rows = connection.execute(undone).mappings().all()
    connection.execute(update(delivery).where(own).values(message_id=None))
    connection.execute(update(delivery).where(edits).values(state=State.DEAD))
    for row in rows:
        _tell_unshown(connection, row, now)


def _tell_unshown(connection: Connection, edit: RowMapping, now: datetime) -> None:
    """Open a ring, for an edit's channel alone, about what its message never named."""
    unshown = _unshown(connection, edit)
    if not unshown:
        return
    old = connection.execute(select(alert).where(alert.c.id == edit["alert"])).mappings().one()
    kept = {name: old[name] for name in ("topic", "story", "priority")}
    values = {**kept, "action": Action.ALERT, "created": now, "due": now, "lead": unshown[0]}
    opened = insert_row(connection, alert, values)
    told = [{"alert": opened, "entry": number} for number in unshown]
    connection.execute(alert_entry.insert(), told)
    made = (decision.c.topic == old["topic"]) & decision.c.entry.in_(unshown)
    changed = update(decision).where(made).values(alert=opened, action=Action.ALERT)
    connection.execute(changed)
    message = {
        "alert": opened,
        "channel": edit["channel"],
        "key": f"a{opened}-{edit['channel']}",
        "state": State.PENDING,
        "created": now,
        "due": now,
    }
    connection.execute(delivery.insert().values(message))


def _unshown(connection: Connection, edit: RowMapping) -> Sequence[int]:
    """Return what an edit's message was to name and did not: reported since it changed last."""
    arrived = select(func.max(attempt.c.started)).join(delivery)
    arrived = arrived.where(
        attempt.c.outcome == Outcome.SENT,
        delivery.c.alert == edit["alert"],
        delivery.c.channel == edit["channel"],
    )
    named = and_(decision.c.action == Action.EDIT, decision.c.reason != Reason.COPY)
    query = select(decision.c.entry).join(
        alert_entry,
        and_(alert_entry.c.alert == decision.c.alert, alert_entry.c.entry == decision.c.entry),
    )
    query = query.join(alert, alert.c.id == decision.c.alert)
    query = query.join(entry, and_(entry.c.id == decision.c.entry, entry.c.story == alert.c.story))
    query = query.where(
        decision.c.alert == edit["alert"],
        decision.c.topic == alert.c.topic,
        named,
        decision.c.time > arrived.scalar_subquery(),
    )
    return connection.scalars(query.order_by(decision.c.entry)).all()
