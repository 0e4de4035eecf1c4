"""Opening rings.

A ring is one message that was decided, to whatever channels it goes: the alert of a topic and
story, or a reply in its thread. It is a row of `alert`, with the entries that it tells of in
`alert_entry` and a `delivery` for each channel.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, literal

from watcher.model import Hold
from watcher.storage.insert import insert_row
from watcher.storage.rows import State
from watcher.storage.schema import alert, alert_entry


def open_ring(connection: Connection, ring: Mapping[str, Any], entries: Iterable[int]) -> int:
    """Open a ring that tells of entries, as yet to no channel; return its number."""
    number = insert_row(connection, alert, ring)
    told = [{"alert": number, "entry": entry} for entry in entries]
    connection.execute(alert_entry.insert(), told)
    return number


def new_delivery(
    ring: int, channel: str, created: datetime, due: datetime, hold: Hold | None
) -> dict[str, Any]:
    """Return the row of a delivery that brings a ring to a channel."""
    return {
        "alert": ring,
        "channel": channel,
        "key": delivery_key(ring, channel),
        "state": State.PENDING,
        "created": created,
        "due": due,
        "hold": hold,
    }


def delivery_key(ring: int, channel: str) -> str:
    """Return what a ring's delivery to a channel is known by, over every try and restart."""
    return f"a{ring}-{channel}"


def delivery_key_of(ring: ColumnElement[int], channel: str) -> ColumnElement[str]:
    """Return the same, of the rings in a column."""
    return literal("a").concat(cast(ring, String)).concat(f"-{channel}")
