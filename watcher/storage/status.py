"""How things stand: the numbers of one screen, in a handful of counts."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from watcher.storage.outbox import OPEN, delivery_counts, is_message
from watcher.storage.rows import Status
from watcher.storage.schema import alembic_version, alert, delivery, entry, feed, story


def read_status(connection: Connection, path: Path, since: datetime) -> Status:
    """Return the numbers of now; `recent` ones count from `since`."""

    def count(*conditions: Any) -> int:
        return int(connection.scalar(select(func.count()).where(*conditions)) or 0)

    def one(column: Any, *conditions: Any) -> Any:
        return connection.scalar(select(column).where(*conditions))

    active, one_story = feed.c.active.is_(True), story.c.merged_into.is_(None)
    return Status(
        feeds=count(active),
        feeds_failing=count(active, feed.c.failures > 0),
        feeds_never_polled=count(active, feed.c.last_success.is_(None), feed.c.failures == 0),
        last_success=one(func.max(feed.c.last_success)),
        entries=count(entry.c.id > 0),
        recent_entries=count(entry.c.seen >= since),
        stories=count(one_story),
        recent_stories=count(one_story, story.c.last_seen >= since),
        alerts=count(alert.c.id > 0),
        recent_alerts=count(alert.c.created >= since),
        deliveries=delivery_counts(connection),
        oldest_waiting=one(
            func.min(delivery.c.created), delivery.c.state.in_(OPEN), is_message(delivery)
        ),
        last_sent=one(func.max(delivery.c.sent_at)),
        revision=str(one(alembic_version.c.version_num)),
        database_bytes=_size(path),
    )


def _size(path: Path) -> int:
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
