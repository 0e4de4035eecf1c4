"""The stories, for reading: they change only as entries join them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, select

from watcher.storage.rows import StoryRow
from watcher.storage.schema import entry, match, story


class Stories:
    """Reads stories in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, number: int) -> StoryRow | None:
        """Return a story by its number."""
        return next(iter(self._rows(select(story).where(story.c.id == number))), None)

    def latest(
        self,
        *,
        topic: str | None = None,
        since: datetime | None = None,
        least_entries: int = 1,
        limit: int = 50,
    ) -> tuple[StoryRow, ...]:
        """Return the stories that an entry joined last, newest first."""
        query = select(story).where(story.c.entries >= least_entries)
        if topic is not None:
            joined = entry.join(match, match.c.entry == entry.c.id)
            watched = select(entry.c.story).select_from(joined).where(match.c.topic == topic)
            query = query.where(story.c.id.in_(watched))
        if since is not None:
            query = query.where(story.c.last_seen >= since)
        query = query.order_by(story.c.last_seen.desc(), story.c.id.desc())
        return self._rows(query.limit(limit))

    def coverage(self, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return a story's outlets and languages, each in the order they first reported it."""
        rows = self._members(number)
        return _distinct(row.outlet for row in rows), _distinct(row.language for row in rows)

    def _rows(self, query: Select[tuple[object, ...]]) -> tuple[StoryRow, ...]:
        return tuple(self._row(row) for row in self._connection.execute(query).all())

    def _row(self, row: Row[tuple[object, ...]]) -> StoryRow:
        members = self._members(row.id)
        return StoryRow(
            id=row.id,
            title=members[0].title,
            founder=members[0].id,
            entries=row.entries,
            outlets=_distinct(member.outlet for member in members),
            languages=_distinct(member.language for member in members),
            topics=self._topics(row.id),
            opened=row.opened,
            last_seen=row.last_seen,
        )

    def _members(self, number: int) -> list[Row[tuple[object, ...]]]:
        language = func.coalesce(entry.c.language, entry.c.declared_language).label("language")
        columns = (entry.c.id, entry.c.title, entry.c.outlet, language)
        query = select(*columns).where(entry.c.story == number).order_by(entry.c.id)
        return list(self._connection.execute(query))

    def _topics(self, number: int) -> tuple[str, ...]:
        joined = match.join(entry, match.c.entry == entry.c.id)
        query = select(match.c.topic).select_from(joined).where(entry.c.story == number).distinct()
        return tuple(self._connection.scalars(query.order_by(match.c.topic)))


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
