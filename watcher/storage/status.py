"""How things stand: the numbers of one screen, in a handful of counts."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from watcher.model import Action, Reason
from watcher.storage.deliveries import delivery_counts
from watcher.storage.feeds import decode_state
from watcher.storage.notes import Notices
from watcher.storage.outbox import Outbox
from watcher.storage.rows import OPEN, Queues, State, Status, Waits
from watcher.storage.schema import (
    alembic_version,
    alert,
    attempt,
    decision,
    delivery,
    entry,
    feed,
    story,
)
from watcher.storage.threads import is_message


def read_queues(
    connection: Connection, path: Path, waits: Waits | None, lost_since: datetime | None
) -> Queues:
    """Return what waits, and how the feeds fare: each counts as what is most amiss with it."""
    count, one = _readers(connection)
    waiting = delivery.c.state.in_(OPEN) & is_message(delivery)
    pending = (delivery.c.state == State.PENDING) & is_message(delivery)
    return Queues(
        **_feed_numbers(connection, waits),
        deliveries=delivery_counts(connection),
        next_delivery=one(func.min(delivery.c.due), pending),
        oldest_waiting=one(func.min(delivery.c.created), waiting),
        failing_channels=_failing_channels(connection),
        gone_channels=Notices(connection).gone_channels(),
        refused_recipients=Notices(connection).refused_recipients(),
        waiting_channels=Outbox(connection).by_channel(OPEN),
        lost=count(delivery.c.state == State.DEAD, is_message(delivery), *_died(lost_since)),
        database_bytes=_size(path),
    )


def _feed_numbers(connection: Connection, waits: Waits | None) -> dict[str, Any]:
    """Return how the feeds fare, by the names of `Queues`."""
    count, one = _readers(connection)
    active, fails = feed.c.active.is_(True), feed.c.failures > 0
    kept = _kept_waiting(connection, waits) if waits else []
    answers = active & ~fails & feed.c.id.not_in(kept)
    return {
        "feeds": count(active),
        "feeds_failing": count(active, fails),
        "feeds_sick": count(active, fails, _is("sick")),
        "feeds_waiting": len(kept),
        "feeds_stale": count(answers, _is("stale")),
        "feeds_never_polled": count(answers, feed.c.last_success.is_(None)),
        "last_success": one(func.max(feed.c.last_success)),
        "next_poll": one(func.min(feed.c.next_due), active),
    }


def read_status(
    connection: Connection,
    path: Path,
    since: datetime,
    waits: Waits | None,
    lost_since: datetime | None,
) -> Status:
    """Return the numbers of now; `recent` ones count from `since`."""
    count, one = _readers(connection)
    one_story, is_alert = story.c.merged_into.is_(None), alert.c.action == Action.ALERT
    queues = read_queues(connection, path, waits, lost_since)
    return Status(
        **{field.name: getattr(queues, field.name) for field in fields(queues)},
        entries=count(entry.c.id > 0),
        recent_entries=count(entry.c.seen >= since),
        stories=count(one_story),
        recent_stories=count(one_story, story.c.last_seen >= since),
        alerts=count(is_alert),
        recent_alerts=count(is_alert, alert.c.created >= since),
        replies=count(~is_alert),
        recent_replies=count(~is_alert, alert.c.created >= since),
        recent_too_old=count(
            decision.c.reason == Reason.TOO_OLD,
            decision.c.entry.in_(select(entry.c.id).where(entry.c.seen >= since)),
        ),
        last_sent=one(func.max(delivery.c.sent_at)),
        revision=str(one(alembic_version.c.version_num)),
    )


def _failing_channels(connection: Connection) -> dict[str, datetime]:
    """Return since when each channel takes nothing; one poisonous message is no channel's fault."""
    tried = (
        select(delivery.c.channel, func.min(attempt.c.started).label("first"))
        .join(attempt, attempt.c.delivery == delivery.c.id)
        .where(delivery.c.state == State.PENDING, is_message(delivery))
        .group_by(delivery.c.channel)
    )
    sent = select(func.max(delivery.c.sent_at)).where(delivery.c.channel == bindparam("channel"))
    found = {}
    for channel, first in connection.execute(tried).all():
        last = connection.scalar(sent, {"channel": channel})
        if last is None or last < first:
            found[channel] = first
    return found


def _died(since: datetime | None) -> list[ColumnElement[bool]]:
    """Return when what is dead died: with its last try."""
    if since is None:
        return []
    last = select(func.max(attempt.c.ended)).where(attempt.c.delivery == delivery.c.id)
    return [func.coalesce(last.scalar_subquery(), delivery.c.due) >= since]


def _kept_waiting(connection: Connection, waits: Waits) -> list[int]:
    """Return the feeds that do not fail, and wait for their host."""
    rests = func.json_extract(feed.c.state, "$.rests_until").is_not(None)
    query = select(feed.c.id, feed.c.url, feed.c.state, feed.c.last_success, feed.c.added)
    rows = connection.execute(query.where(feed.c.active.is_(True), feed.c.failures == 0, rests))
    return [
        row.id
        for row in rows
        if waits(row.url, decode_state(row.state), row.last_success or row.added)
    ]


def _is(flag: str) -> Any:
    """Whether a feed's poll state says so of it."""
    return func.json_extract(feed.c.state, f"$.{flag}") == 1


def _readers(connection: Connection) -> tuple[Callable[..., int], Callable[..., Any]]:
    """Return what counts rows, and what reads one value, under conditions."""

    def count(*conditions: Any) -> int:
        return int(connection.scalar(select(func.count()).where(*conditions)) or 0)

    def one(column: Any, *conditions: Any) -> Any:
        return connection.scalar(select(column).where(*conditions))

    return count, one


def _size(path: Path) -> int:
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
