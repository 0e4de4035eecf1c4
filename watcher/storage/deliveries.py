"""Deliveries as people are shown them: where each stands, and what of its thread keeps it there."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, RowMapping, ScalarSelect, or_, select

from watcher.model import Errand, Hold
from watcher.storage.rows import DeliveryRow, State
from watcher.storage.schema import alert, delivery
from watcher.storage.threads import is_message

#: What the outbox alone needs to know.
_HIDDEN = {"lease_until"}


def delivery_rows(connection: Connection, alerts: Collection[int]) -> tuple[DeliveryRow, ...]:
    """Return the deliveries of these alerts, oldest first."""
    query = select(delivery, _ahead().label("waits_for")).where(delivery.c.alert.in_(alerts))
    rows = connection.execute(query.order_by(delivery.c.id)).mappings()
    return tuple(map(_delivery_row, rows))


def _ahead() -> ScalarSelect[Any]:
    """Return the first alert whose message keeps a later one of its thread past its own time.

    One that goes before it anyway keeps nothing, nor does one that comes in the same message.
    """
    earlier, thread, own = delivery.alias("earlier"), alert.alias("thread"), alert.alias("own")
    apart = or_(earlier.c.bundle.is_(None), earlier.c.bundle.is_distinct_from(delivery.c.bundle))
    query = (
        select(earlier.c.alert)
        .join(thread, thread.c.id == earlier.c.alert)
        .join(own, (own.c.story == thread.c.story) & (own.c.topic == thread.c.topic))
    )
    query = query.where(
        is_message(delivery),
        delivery.c.state == State.PENDING,
        own.c.id == delivery.c.alert,
        earlier.c.channel == delivery.c.channel,
        is_message(earlier),
        earlier.c.id < delivery.c.id,
        earlier.c.state == State.PENDING,
        earlier.c.due > delivery.c.due,
        apart,
    )
    return query.order_by(earlier.c.id).limit(1).correlate(delivery).scalar_subquery()


def _delivery_row(row: RowMapping) -> DeliveryRow:
    values = {key: value for key, value in row.items() if key not in _HIDDEN}
    hold = Hold(row["hold"]) if row["hold"] else None
    kinds = {"state": State(row["state"]), "hold": hold, "kind": Errand(row["kind"])}
    return DeliveryRow(**{**values, **kinds})
