"""The templates: which outlet has used which mask of a title, and when."""

from datetime import date
from typing import Final

from sqlalchemy import Connection

from watcher.storage import plain
from watcher.storage.rows import Swept
from watcher.storage.tokens import stable_hash
from watcher.stories.signature import Signature
from watcher.stories.templates import occasion

#: Rows removed in one step at most: about 0.1 s.
_AT_ONCE: Final = 20_000


def add_mask(connection: Connection, signature: Signature) -> None:
    """Note on which occasion an entry's outlet has used its mask."""
    if signature.mask and signature.outlet:
        day, times = occasion(signature)
        plain.run(
            connection,
            "INSERT INTO template (day, mask, times) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (day.toordinal(), _mask(signature), stable_hash(times)),
        )


def other_occasions(connection: Connection, signature: Signature, since: date, limit: int) -> int:
    """Return on how many other occasions its outlet used an entry's mask, `limit` at most."""
    day, times = occasion(signature)
    own = day.toordinal()
    days = ",".join(map(str, range(since.toordinal(), own + 1)))
    found = (
        f"SELECT 1 FROM template WHERE day IN ({days}) AND mask = ?"  # noqa: S608 - numbers only
        f" AND NOT (day = ? AND times = ?) LIMIT {limit}"
    )
    values = (_mask(signature), own, stable_hash(times))
    return len(plain.rows(connection, found, values))


def prune_masks(connection: Connection, before: date) -> Swept:
    """Remove what was noted of earlier days, a bounded number of rows at a time."""
    old = "SELECT day, mask, times FROM template WHERE day < ? LIMIT ?"
    removed = connection.exec_driver_sql(
        f"DELETE FROM template WHERE (day, mask, times) IN ({old})",  # noqa: S608 - a constant
        (before.toordinal(), _AT_ONCE),
    ).rowcount
    return Swept(removed, done=removed < _AT_ONCE)


def _mask(signature: Signature) -> int:
    return stable_hash(f"{signature.outlet}\n{signature.mask}")
