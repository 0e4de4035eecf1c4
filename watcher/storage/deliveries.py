"""Deliveries as people are shown them: where each stands, and what of its thread keeps it there."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, RowMapping, ScalarSelect, Select, func, or_, select

from watcher.model import Errand, Hold
from watcher.storage.rows import DeliveryRow, State
from watcher.storage.schema import alert, delivery
from watcher.storage.threads import is_message

#: What the outbox alone needs to know.
_HIDDEN = {"lease_until"}

#: Said so, no index on the state serves: a database would go through all that waits, each time.
_NOT_PENDING = tuple(state for state in State if state is not State.PENDING)


def delivery_rows(connection: Connection, alerts: Collection[int]) -> tuple[DeliveryRow, ...]:
    """Return the deliveries of these alerts, oldest first."""
    query = select(delivery, _ahead().label("waits_for")).where(delivery.c.alert.in_(alerts))
    rows = connection.execute(query.order_by(delivery.c.id)).mappings()
    return tuple(map(_delivery_row, rows))


def delivery_counts(connection: Connection) -> dict[State, int]:
    """Return how many messages are in each state; every state is named."""
    query = select(delivery.c.state, func.count()).where(is_message(delivery))
    query = query.group_by(delivery.c.state)
    counts = {State(state): count for state, count in connection.execute(query)}
    return {state: counts.get(state, 0) for state in State}


def _ahead() -> ScalarSelect[Any]:
    """Return the first alert whose message keeps a later one of its thread past its own time.

    One that goes before it anyway keeps nothing, nor does one that comes in the same message.
    """
    earlier = delivery.alias("earlier")
    apart = or_(earlier.c.bundle.is_(None), earlier.c.bundle.is_distinct_from(delivery.c.bundle))
    query = select(earlier.c.alert).where(
        is_message(delivery),
        delivery.c.state == State.PENDING,
        earlier.c.alert.in_(_thread()),
        earlier.c.channel == delivery.c.channel,
        is_message(earlier),
        earlier.c.id < delivery.c.id,
        earlier.c.state.not_in(_NOT_PENDING),
        earlier.c.due > delivery.c.due,
        apart,
    )
    return query.order_by(earlier.c.id).limit(1).correlate(delivery).scalar_subquery()


def _thread() -> Select[tuple[int]]:
    """Return the alerts of a delivery's thread.

    They are few, and a database that looks for them first has little else to look at.
    """
    thread, own = alert.alias("thread"), alert.alias("own")
    same = (own.c.story == thread.c.story) & (own.c.topic == thread.c.topic)
    query = select(thread.c.id).join(own, same).where(own.c.id == delivery.c.alert)
    return query.correlate(delivery)


def _delivery_row(row: RowMapping) -> DeliveryRow:
    values = {key: value for key, value in row.items() if key not in _HIDDEN}
    hold = Hold(row["hold"]) if row["hold"] else None
    kinds = {"state": State(row["state"]), "hold": hold, "kind": Errand(row["kind"])}
    return DeliveryRow(**{**values, **kinds})
