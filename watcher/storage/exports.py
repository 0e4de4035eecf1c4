"""The archive from one end to the other, in pages: what `watcher export` prints."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, func, select

from watcher.model import reported
from watcher.outlets.coverage import distinct
from watcher.storage.schema import alert, alert_entry, delivery, entry, feed, match, story

#: Rows of a page: what is in memory at once.
PAGE: Final = 500

Record = dict[str, object]


class Exports:
    """Yields pages of records, oldest first, in one transaction.

    Args:
        connection: of a reading transaction, which sees one state to the end.
        since: entries seen, stories that an entry joined, alerts made since then; None for all.
        topic: only what belongs to this topic.
    """

    def __init__(self, connection: Connection, since: datetime | None, topic: str | None) -> None:
        self._connection, self._since, self._topic = connection, since, topic

    def count(self, kind: str) -> int:
        """Return how many records there are of "entries", "stories" or "alerts"."""
        table, conditions = self._wanted(kind)
        found = self._connection.scalar(select(func.count()).select_from(table).where(*conditions))
        return found or 0

    def pages(self, kind: str) -> Iterator[Sequence[Record]]:
        """Yield them, a page at a time."""
        table, conditions = self._wanted(kind)
        records = {"entries": self._entries, "stories": self._stories, "alerts": self._alerts}[kind]
        first = self._connection.scalar(select(func.min(table.c.id)).where(*conditions))
        while first is not None:
            query = select(table).where(table.c.id >= first, *conditions)
            rows = self._connection.execute(query.order_by(table.c.id).limit(PAGE)).all()
            if not rows:
                return
            yield records(rows)
            first = rows[-1].id + 1

    def _wanted(self, kind: str) -> tuple[Table, list[ColumnElement[bool]]]:
        table, moment, topical = {
            "entries": (entry, entry.c.seen, entry.c.id.in_(self._matching(match.c.entry))),
            "stories": (story, story.c.last_seen, story.c.id.in_(self._matching(entry.c.story))),
            "alerts": (alert, alert.c.created, alert.c.topic == self._topic),
        }[kind]
        conditions: list[ColumnElement[bool]] = []
        if kind == "stories":  # what was merged into another is told there
            conditions.append(story.c.merged_into.is_(None))
        if self._since is not None:
            conditions.append(moment >= self._since)
        if self._topic is not None:
            conditions.append(topical)
        return table, conditions

    def _matching(self, column: ColumnElement[int]) -> Any:
        joined = match.join(entry, entry.c.id == match.c.entry)
        return select(column).select_from(joined).where(match.c.topic == self._topic)

    def _entries(self, rows: Sequence[Row[Any]]) -> list[Record]:
        numbers = [row.id for row in rows]
        topics = self._grouped(select(match.c.entry, match.c.topic), match.c.entry, numbers)
        urls = self._grouped(select(feed.c.id, feed.c.url), feed.c.id, {row.feed for row in rows})
        return [
            {
                "id": str(row.id),
                "time": reported(row.published, row.seen),
                "lang": row.language or row.declared_language,
                "outlet": row.outlet,
                "url": row.url,
                "title": row.title,
                "summary": row.summary,
                "author": row.author,
                "published": row.published,
                "seen": row.seen,
                "feed": next(iter(urls[row.feed]), None),
                "guid": row.guid,
                "story": row.story,
                "relation": row.relation,
                "copy_of": None if row.copy_of is None else str(row.copy_of),
                "score": row.score,
                "reason": row.reason,
                "topics": sorted(topics[row.id]),
            }
            for row in rows
        ]

    def _stories(self, rows: Sequence[Row[Any]]) -> list[Record]:
        numbers = [row.id for row in rows]
        columns = entry.c["story", "id", "title", "outlet", "language"]
        members: Mapping[int, list[Any]] = defaultdict(list)
        query = select(*columns).where(entry.c.story.in_(numbers)).order_by(entry.c.id)
        for member in self._connection.execute(query):
            members[member.story].append(member)
        joined = match.join(entry, entry.c.id == match.c.entry)
        matched = select(entry.c.story, match.c.topic).select_from(joined).distinct()
        topics = self._grouped(matched, entry.c.story, numbers)
        return [
            {
                "story": row.id,
                "title": members[row.id][0].title if members[row.id] else "",
                "opened": row.opened,
                "last_seen": row.last_seen,
                "entries": [str(member.id) for member in members[row.id]],
                "outlets": list(distinct(member.outlet for member in members[row.id])),
                "languages": list(distinct(member.language for member in members[row.id])),
                "topics": sorted(topics[row.id]),
            }
            for row in rows
        ]

    def _alerts(self, rows: Sequence[Row[Any]]) -> list[Record]:
        numbers = [row.id for row in rows]
        told = select(alert_entry.c.alert, alert_entry.c.entry).order_by(alert_entry.c.entry)
        entries = self._grouped(told, alert_entry.c.alert, numbers)
        shown = select(entry.c.id, entry.c.title, entry.c.outlet, entry.c.url)
        leading = shown.where(entry.c.id.in_({row.lead for row in rows}))
        leads = {lead.id: lead for lead in self._connection.execute(leading)}
        deliveries: Mapping[int, list[Row[Any]]] = defaultdict(list)
        query = select(delivery).where(delivery.c.alert.in_(numbers)).order_by(delivery.c.id)
        for one in self._connection.execute(query):
            deliveries[one.alert].append(one)
        return [
            {
                "alert": row.id,
                "topic": row.topic,
                "story": row.story,
                "action": row.action,
                "priority": row.priority,
                "created": row.created,
                "due": row.due,
                "lead": str(row.lead),
                "title": leads[row.lead].title,
                "outlet": leads[row.lead].outlet,
                "url": leads[row.lead].url,
                "entries": list(map(str, entries[row.id])),
                "deliveries": [_delivery(one) for one in deliveries[row.id]],
            }
            for row in rows
        ]

    def _grouped(self, query: Any, key: ColumnElement[int], keys: Any) -> Mapping[int, list[Any]]:
        """Return the second column of a query by its first one."""
        found: Mapping[int, list[Any]] = defaultdict(list)
        for number, value in self._connection.execute(query.where(key.in_(keys))):
            found[number].append(value)
        return found


def _delivery(row: Row[Any]) -> Record:
    return {
        "channel": row.channel,
        "kind": row.kind,
        "state": row.state,
        "attempts": row.attempts,
        "sent_at": row.sent_at,
        "error": row.last_error,
    }
