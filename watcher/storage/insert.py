"""Inserting a row that gets a number."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table


def insert_row(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Insert a row and return the number that it was given."""
    result = connection.execute(table.insert(), values)
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 - one inserted row always has one
    return int(key[0])
