"""The feeds, and what is remembered of each between polls."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, TypeVar, get_args, get_type_hints

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.dialects.sqlite import insert

from watcher.feeds.rhythm import Rhythm
from watcher.feeds.schedule import PollState, Wish
from watcher.model import is_whole_day
from watcher.storage import plain
from watcher.storage.rows import FeedRow
from watcher.storage.schema import entry, feed
from watcher.storage.section import Section
from watcher.storage.types import from_microseconds, to_json, to_microseconds
from watcher.surrogates import encodable

_MICROSECOND = timedelta(microseconds=1)
#: Runs once a poll, changed or not; plain, because a composed statement takes three times as long.
_SAVE = (
    "UPDATE feed SET next_due = ?, last_success = ?, failures = ?, last_error = ?, state = ?"
    " WHERE id = ?"
)
_PUT_OFF = "UPDATE feed SET next_due = ?, state = ? WHERE id = ?"
#: These run once a poll that brought something.
_NAME = "UPDATE feed SET name = ? WHERE id = ? AND name IS NULL"
_POLLED = "SELECT last_success IS NOT NULL FROM feed WHERE id = ?"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownFeed:
    """A feed of the configuration with its state; `name` is its own title where none is given."""

    id: int
    url: str
    state: PollState
    name: str | None


class Feeds(Section):
    """Reads and writes feeds in one transaction."""

    def sync(
        self, listed: Iterable[tuple[str, str | None, str | None]], now: datetime
    ) -> dict[str, int]:
        """Make the feeds those that are listed (url, name, language); return their numbers by URL.

        One that vanished is kept, inactive; one that returns goes on where it stood, and so does
        one that is listed by the address to which it has moved for good.
        """
        listed = tuple(listed)
        self._follow_moves({url for url, _, _ in listed})
        rows = [
            {"url": url, "name": name, "language": language, "active": True, "added": now}
            for url, name, language in {item[0]: item for item in listed}.values()
        ]
        self._connection.execute(feed.update().values(active=False))
        if rows:
            upsert = insert(feed)
            changed = {
                "language": upsert.excluded.language,
                "active": upsert.excluded.active,
                "name": func.coalesce(upsert.excluded.name, feed.c.name),
            }
            self._connection.execute(upsert.on_conflict_do_update(["url"], set_=changed), rows)
        active = select(feed.c.url, feed.c.id).where(feed.c.active.is_(True))
        return {row.url: row.id for row in self._connection.execute(active)}

    def _follow_moves(self, listed: set[str]) -> None:
        """Give each feed that moved the address that is listed for it now."""
        moved = select(feed.c.id, feed.c.url, feed.c.state).where(
            type_coerce(feed.c.state, Text).contains('"address":')
        )
        for row in self._connection.execute(moved).all():
            state = decode_state(row.state)
            if row.url in listed or state.address not in listed or self._knows(state.address):
                continue
            here = {"url": state.address, "state": encode_state(state._replace(address=None))}
            self._connection.execute(feed.update().where(feed.c.id == row.id).values(here))

    def _knows(self, url: str | None) -> bool:
        return self._connection.scalar(select(feed.c.id).where(feed.c.url == url)) is not None

    def states(self, *, inactive: bool = False) -> tuple[KnownFeed, ...]:
        """Return the active feeds with their states, those longest overdue first."""
        query = select(feed.c.id, feed.c.url, feed.c.state, feed.c.name)
        if not inactive:
            query = query.where(feed.c.active.is_(True))
        rows = self._connection.execute(query.order_by(feed.c.next_due, feed.c.id))
        return tuple(KnownFeed(r.id, r.url, decode_state(r.state), r.name) for r in rows)

    def lags(self, since: datetime) -> dict[int, timedelta]:
        """Return the median time from an entry's own date to our first sight of it, by feed.

        Those of a feed's first poll do not count: they had been there before us; nor those dated
        without an hour.
        """
        first = select(entry.c.feed, func.min(entry.c.seen).label("seen")).group_by(entry.c.feed)
        begun = first.subquery()
        query = (
            select(entry.c.feed, entry.c.seen, entry.c.published)
            .join(begun, begun.c.feed == entry.c.feed)
            .where(entry.c.seen >= since, entry.c.seen > begun.c.seen)
            .where(entry.c.published.is_not(None))
        )
        found: dict[int, list[timedelta]] = defaultdict(list)
        for number, seen, published in self._connection.execute(query):
            if not is_whole_day(published):
                found[number].append(max(seen - published, timedelta()))
        return {number: sorted(lags)[len(lags) // 2] for number, lags in found.items()}

    def state(self, feed_id: int) -> PollState:
        """Return a feed's state; that of a feed never polled is the empty one."""
        return decode_state(
            self._connection.scalar(select(feed.c.state).where(feed.c.id == feed_id))
        )

    def save_state(self, feed_id: int, state: PollState, error: str | None) -> None:
        """Remember a feed's state after a poll, and what went wrong; None when nothing did."""
        values = (
            _moment(state.next_due),
            _moment(state.last_success),
            state.failures,
            None if error is None else encodable(error),
            encodable(to_json(encode_state(state))),
            feed_id,
        )
        plain.run(self._connection, _SAVE, values)

    def put_off(self, feed_id: int, state: PollState) -> None:
        """Remember a state that changed without a poll: what went wrong last still stands."""
        values = (_moment(state.next_due), encodable(to_json(encode_state(state))), feed_id)
        plain.run(self._connection, _PUT_OFF, values)

    def polled_before(self, feed_id: int) -> bool:
        """Tell whether a poll of the feed ever worked; the first that does is its baseline."""
        return any(worked for (worked,) in plain.rows(self._connection, _POLLED, (feed_id,)))

    def name(self, feed_id: int, title: str) -> None:
        """Take the feed's own title as its name where the configuration gives none."""
        plain.run(self._connection, _NAME, (encodable(title), feed_id))

    def names(self) -> tuple[str, ...]:
        """Return the names of the configuration's feeds: the outlets that may report."""
        query = select(feed.c.name).where(feed.c.active.is_(True), feed.c.name.is_not(None))
        return tuple(self._connection.scalars(query.distinct()))

    def all(self, *, inactive: bool = False) -> tuple[FeedRow, ...]:
        """Return the feeds of the configuration, with `inactive` also those that left it."""
        counts = (
            select(
                entry.c.feed, func.count().label("entries"), func.max(entry.c.seen).label("newest")
            )
            .group_by(entry.c.feed)
            .subquery()
        )
        columns = [column for column in feed.c if column.name != "state"]
        query = select(
            *columns, func.coalesce(counts.c.entries, 0).label("entries"), counts.c.newest
        )
        query = query.outerjoin(counts, counts.c.feed == feed.c.id).order_by(feed.c.id)
        if not inactive:
            query = query.where(feed.c.active.is_(True))
        return tuple(FeedRow(**row) for row in self._connection.execute(query).mappings())


def _moment(time: datetime | None) -> int | None:
    return None if time is None else to_microseconds(time)


def encode_state(state: PollState) -> dict[str, object]:
    """Return a state as JSON values; fields that have their default are left out."""
    return _encoded(state)


def decode_state(stored: dict[str, Any] | None) -> PollState:
    """Return a stored state; what an older program did not know has its default."""
    return _decoded(PollState, stored or {})


def _encoded(value: Any) -> dict[str, object]:
    """Return a named tuple as JSON values."""
    default = value._field_defaults
    named = zip(value._fields, value, strict=True)
    return {name: _plain(one) for name, one in named if name not in default or one != default[name]}


def _decoded(kind: Callable[..., T], stored: dict[str, Any]) -> T:
    kinds = _field_kinds(kind)
    known = {name: value for name, value in stored.items() if name in kinds}
    return kind(**{name: _rich(value, kinds[name]) for name, value in known.items()})


@cache
def _field_kinds(kind: object) -> dict[str, type]:
    hints = get_type_hints(kind)
    return {
        name: next((kind for kind in get_args(hint) if isinstance(kind, type)), hint)
        if type(None) in get_args(hint)
        else hint
        for name, hint in hints.items()
    }


def _plain(value: object) -> object:
    make = _PLAIN.get(type(value))
    return make(value) if make else value


#: What JSON has no type for; numbers as exact as what is learned can be.
_PLAIN: Final[Mapping[type, Callable[[Any], object]]] = {
    datetime: to_microseconds,
    timedelta: lambda value: value // _MICROSECOND,
    bytes: bytes.hex,
    float: lambda value: float(f"{value:.4g}"),
    tuple: lambda value: [_plain(member) for member in value],
    Rhythm: _encoded,
    Wish: _encoded,
}


def _rich(value: Any, kind: Any) -> Any:
    if kind is datetime:
        return from_microseconds(value)
    if kind is timedelta:
        return value * _MICROSECOND
    if kind in (Rhythm, Wish):
        return _decoded(kind, value)
    if isinstance(value, list):
        return tuple(value)
    return bytes.fromhex(value) if kind is bytes else value
