"""What the database remembers of itself: a value under a name."""

from sqlalchemy import Connection, delete, select

from watcher.storage.insert import put_row
from watcher.storage.schema import meta


def noted(connection: Connection, key: str) -> str | None:
    """Return what was noted under a name last; None for nothing."""
    found: str | None = connection.scalar(select(meta.c.value).where(meta.c.key == key))
    return found


def note(connection: Connection, key: str, value: str) -> None:
    """Note a value under a name, in the place of what was noted there before."""
    put_row(connection, meta, {"key": key, "value": value})


def forget(connection: Connection, key: str) -> None:
    """Let nothing be noted under a name any more."""
    connection.execute(delete(meta).where(meta.c.key == key))
