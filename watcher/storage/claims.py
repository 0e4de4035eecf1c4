"""Which message, or edit of one, goes out next on a channel, and claiming it.

The deliveries of a thread (topic and story) go in order: none is taken while an earlier one is
pending or being sent. What is urgent goes before all else that is due. A bundle is taken as one
message, whole. Parts of one that was refused, maybe many, let others pass. An edit waits until its
message has arrived.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    select,
    update,
)

from watcher.model import Errand, Hold, Priority
from watcher.storage.rows import OPEN, Claimed, State, Waiting
from watcher.storage.schema import alert, attempt, delivery
from watcher.storage.section import Section
from watcher.storage.threads import has_arrived, is_echo, is_message, is_message_of, reply_to
from watcher.storage.types import Moment

#: How the bundles of a refused message's parts begin.
PART = "part-"

_BUNDLE = func.coalesce(delivery.c.bundle, "")


class Claims(Section):
    """Finds and takes what goes out next, in one transaction."""

    def head(self, now: datetime, channel: str) -> Waiting | None:
        """Return the message that would be claimed next; None when none is due."""
        row = self._first(now, channel, *_messages())
        return waiting_of(row) if row else None

    def claim_next(self, now: datetime, lease: timedelta, channel: str) -> Claimed | None:
        """Take the next message of a channel, else its next edit; commit before sending it.

        Args:
            now: the clock.
            lease: how long the send may take at most.
            channel: whose.
        """
        row = self._first(now, channel, *_messages(), _edits())
        if row is None:
            return None
        whole = self._bundled(now, channel, row["bundle"]) if row["bundle"] else [row]
        self._lease([one["id"] for one in whole], now, now + lease)
        return self._claimed(whole)

    def _first(self, now: datetime, channel: str, *queries: Select[Any]) -> RowMapping | None:
        """Return the first row of the first query that has any."""
        values = {"now": now, "channel": channel}
        rows = (self._connection.execute(query, values).mappings().first() for query in queries)
        return next((row for row in rows if row), None)

    def _bundled(self, now: datetime, channel: str, bundle: str) -> Sequence[RowMapping]:
        """Return what may be claimed of a channel under one bundle, in the order it came."""
        query = with_ring().where(
            is_due(delivery, now),
            case((is_message(delivery), ~_is_blocked(now)), else_=has_arrived()),
            delivery.c.channel == channel,
            delivery.c.bundle == bundle,
        )
        return self._connection.execute(query.order_by(delivery.c.id)).mappings().all()

    def _lease(self, numbers: Collection[int], now: datetime, until: datetime) -> None:
        tried = delivery.c.attempts + 1
        sending = {"state": State.SENDING, "lease_until": until, "attempts": tried}
        leased = update(delivery).where(delivery.c.id.in_(numbers))
        self._connection.execute(leased.values(sending))
        tries = [{"delivery": number, "started": now} for number in numbers]
        self._connection.execute(insert(attempt), tries)

    def _claimed(self, group: Sequence[RowMapping]) -> Claimed:
        first = group[0]
        is_single = len(group) == 1
        claimed = Claimed(
            key=first["key"],
            channel=first["channel"],
            deliveries=tuple(row["id"] for row in group),
            alerts=tuple(row["alert"] for row in group),
            attempts=max(row["attempts"] for row in group) + 1,
            created=min(row["created"] for row in group),
            maybe_sent=any(row["maybe_sent"] for row in group),
            hold=_hold(first),
            reply_to=reply_to(self._connection, first) if is_single else None,
            is_echo=is_single and is_echo(self._connection, first),
            thread=f"{first['topic']}-{first['story']}",
        )
        return claimed if first["kind"] == Errand.MESSAGE else self._as_edit(claimed)

    def _as_edit(self, claimed: Claimed) -> Claimed:
        """Return a claimed edit with what is known of the message that it changes."""
        query = select(delivery).where(is_message_of(claimed.alerts[0], claimed.channel))
        message = self._connection.execute(query).mappings().one()
        return replace(
            claimed,
            edits=message["message_id"],
            shown=message["sent_at"],
            hold=_hold(message),
            maybe_sent=message["maybe_sent"],
            reply_to=None,
        )


def with_ring() -> Select[Any]:
    """Return deliveries with what is known of their rings."""
    ring = (alert.c.priority, alert.c.topic, alert.c.story)
    return select(delivery, *ring).join(alert, alert.c.id == delivery.c.alert)


def is_due(table: Any, now: Any) -> Any:
    """Whether a delivery waits, and its time has come."""
    return and_(table.c.state == State.PENDING, table.c.due <= now)


def waiting_of(row: RowMapping) -> Waiting:
    """Return a delivery that was read `with_ring`."""
    return Waiting(
        delivery=row["id"],
        alert=row["alert"],
        channel=row["channel"],
        priority=Priority(row["priority"]),
        topic=row["topic"],
        story=row["story"],
        due=row["due"],
        created=row["created"],
        hold=_hold(row),
        bundle=row["bundle"],
    )


@cache
def _messages() -> tuple[Select[Any], ...]:
    """Return the first message that may be claimed of a :channel by :now, in order of preference.

    What is urgent waits for nothing else, and parts of one that was refused let all others pass.
    Made once: of a query as long as this, making it costs more than asking it.
    """
    now, is_part = bindparam("now", type_=Moment), _BUNDLE.startswith(PART)
    free = _firsts(now).where(is_message(delivery), ~_is_blocked(now))
    whole = free.where(~is_part)
    return whole.where(alert.c.priority == Priority.HIGH), whole, free.where(is_part)


@cache
def _edits() -> Select[Any]:
    """Return the first edit that may be claimed of a :channel by :now."""
    return _firsts(bindparam("now", type_=Moment)).where(~is_message(delivery), has_arrived())


def _firsts(now: Any) -> Select[Any]:
    query = with_ring()
    query = query.where(is_due(delivery, now), delivery.c.channel == bindparam("channel"))
    return query.order_by(delivery.c.due, delivery.c.id).limit(1)


def _is_blocked(now: Any) -> Any:
    """Whether an earlier delivery of the same thread and channel is still to come.

    One of the same bundle that is due as well goes out in the same message and blocks nothing.
    """
    earlier, thread = delivery.alias("earlier"), alert.alias("thread")
    together = and_(
        earlier.c.bundle == delivery.c.bundle, delivery.c.bundle.is_not(None), is_due(earlier, now)
    )
    return exists(
        select(earlier.c.id)
        .join(thread, thread.c.id == earlier.c.alert)
        .where(
            thread.c.story == alert.c.story,
            thread.c.topic == alert.c.topic,
            earlier.c.channel == delivery.c.channel,
            is_message(earlier),
            earlier.c.id < delivery.c.id,
            earlier.c.state.in_(OPEN),
            ~func.coalesce(together, False),
        )
    )


def _hold(row: RowMapping) -> Hold | None:
    return Hold(row["hold"]) if row["hold"] else None
