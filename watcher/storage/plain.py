"""Statements that run for every entry, handed to the driver as they are.

What SQLAlchemy does around a statement takes 40 us; one of these takes 10. Ten for each new entry
were a tenth of its way through the house.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection


def rows(connection: Connection, statement: str, values: Sequence[object]) -> Sequence[Any]:
    """Run a statement; return what it finds."""
    cursor = connection.connection.cursor()
    cursor.execute(statement, values)
    return cursor.fetchall()


def run(connection: Connection, statement: str, values: Sequence[object]) -> None:
    """Run a statement that finds nothing."""
    connection.connection.cursor().execute(statement, values)


def run_for_each(
    connection: Connection, statement: str, several: Iterable[Sequence[object]]
) -> None:
    """Run a statement once for each of several rows of values."""
    connection.connection.cursor().executemany(statement, list(several))
