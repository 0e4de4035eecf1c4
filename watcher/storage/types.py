"""Column types: what a value of the domain becomes in the database, and back.

Times are whole microseconds since 1970 in UTC, so that they sort and compare as numbers; JSON is
text that `sqlite3` on the command line can read; a flag is 0 or 1.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from watcher.surrogates import encodable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

#: SQLite numbers its rows only when the type is spelled INTEGER, which has 64 bits there.
Number = BigInteger().with_variant(Integer(), "sqlite")


def to_microseconds(time: datetime) -> int:
    """Return an aware time as whole microseconds since 1970."""
    return (time - EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """Return the aware UTC time of a stored number."""
    return EPOCH + timedelta(0, 0, microseconds)  # by name it would take twice the time


def to_json(value: object) -> str:
    """Return compact JSON that keeps every script readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Moment(TypeDecorator[datetime]):
    """An aware UTC time, stored as microseconds; a naive one is refused."""

    impl = Number
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return what is stored."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the time that was stored."""
        return None if value is None else from_microseconds(value)


class Words(TypeDecorator[str]):
    """Text from outside, which may hold what UTF-8 cannot."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return what is stored."""
        return None if value is None else encodable(value)


class Json(TypeDecorator[Any]):
    """A JSON value as text; None stays NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return what is stored."""
        return None if value is None else encodable(to_json(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the value that was stored."""
        return None if value is None else json.loads(value)


class Flag(TypeDecorator[bool]):
    """Yes or no as 1 or 0: strict tables know no BOOLEAN."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return what is stored."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the flag that was stored."""
        return None if value is None else bool(value)
