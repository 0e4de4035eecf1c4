"""Who was told of an entry, or of one that says the same: what it repeats, what repeats it."""

from typing import Any

from sqlalchemy import CTE, Connection, select

from watcher.alerts.route import Hearers
from watcher.model import Action
from watcher.storage.rows import State
from watcher.storage.schema import alert, alert_entry, delivery, entry
from watcher.storage.threads import is_message


def hearers(connection: Connection, topic: str, number: int) -> Hearers | None:
    """Return who was told of an entry or of its like for a topic; None if no message told of it."""
    like = _like(number)
    told = alert_entry.join(alert, alert.c.id == alert_entry.c.alert).outerjoin(
        delivery, (delivery.c.alert == alert.c.id) & is_message(delivery)
    )
    query = select(alert.c.action, delivery.c.channel, delivery.c.state).select_from(told)
    query = query.where(alert_entry.c.entry.in_(select(like.c.id)), alert.c.topic == topic)
    rows = connection.execute(query).all()
    return _hearers(rows) if rows else None


def _hearers(rows: Any) -> Hearers:
    return Hearers(
        by_alert=any(row.action == Action.ALERT for row in rows),
        channels=frozenset(row.channel for row in rows if row.channel and row.state != State.MUTED),
        muted=frozenset(row.channel for row in rows if row.state == State.MUTED),
    )


def _like(number: int) -> CTE:
    """Return an entry with all that says the same: up to what it goes back to, and its copies."""
    own = select(entry.c.id, entry.c.copy_of).where(entry.c.id == number).cte("up", recursive=True)
    older = select(entry.c.id, entry.c.copy_of).join(own, entry.c.id == own.c.copy_of)
    up = own.union(older)
    origins = select(up.c.id).cte("alike", recursive=True)
    return origins.union(select(entry.c.id).join(origins, entry.c.copy_of == origins.c.id))
