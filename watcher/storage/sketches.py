"""What every comparison asks of an entry, stored so that it need not be computed again."""

from collections.abc import Mapping

from sqlalchemy import Connection

from watcher.storage import plain
from watcher.stories.bags import Sketch
from watcher.surrogates import encodable


def add_sketches(connection: Connection, sketches: Mapping[int, Sketch]) -> None:
    """Store the sketches of entries, in the place of those they had."""
    plain.run_for_each(
        connection,
        "INSERT INTO sketch (entry, title, headline, headline_norm, text, text_norm)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (entry) DO UPDATE SET title = excluded.title,"
        " headline = excluded.headline, headline_norm = excluded.headline_norm,"
        " text = excluded.text, text_norm = excluded.text_norm",
        (_row(number, made) for number, made in sketches.items()),
    )


def prune_sketches(connection: Connection, first: int, limit: int) -> int:
    """Remove sketches of entries before the first that stays; return how many, `limit` at most."""
    old = "SELECT entry FROM sketch WHERE entry < ? ORDER BY entry LIMIT ?"
    removed = connection.exec_driver_sql(
        f"DELETE FROM sketch WHERE entry IN ({old})",  # noqa: S608 - a constant
        (first, limit),
    )
    return removed.rowcount


def _row(number: int, made: Sketch) -> tuple[int, str, str, float, str, float]:
    return (
        number,
        encodable(made.title),
        encodable(made.headline),
        made.headline_norm,
        encodable(made.text),
        made.text_norm,
    )
