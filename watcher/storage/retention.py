"""Letting go of what is old, in steps small enough to run between two polls."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, exists, select
from sqlalchemy.dialects.sqlite import insert

from watcher.storage.masks import prune_masks
from watcher.storage.rows import Swept
from watcher.storage.schema import (
    alert,
    alert_entry,
    entry,
    forgotten,
    meta,
    posting,
    story,
    token_count,
)
from watcher.storage.sightings import Sightings
from watcher.storage.tokens import stable_hash
from watcher.storage.vectors import Vectors

#: Where the sweep over the tokens stands between two steps.
_CURSOR = "prune_cursor"
_BEFORE_ALL = -(1 << 63)
#: Postings removed in one step at most: about 0.1 s.
_POSTINGS_AT_ONCE = 20_000


class Retention:
    """Deletes in one transaction; call again until `done`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def prune_postings(self, before: datetime, tokens: int = 2_000) -> Swept:
        """Take entries first seen before a time out of the candidate index.

        One step looks at `tokens` tokens, in order, and goes on where the last one stopped;
        `done` says that a sweep over all of them has ended.
        """
        first = self._first_entry(before)
        Vectors(self._connection).prune(first)
        cursor = self._cursor()
        query = select(token_count.c.token).where(token_count.c.token > cursor)
        chunk = list(self._connection.scalars(query.order_by(token_count.c.token).limit(tokens)))
        removed = self._remove_postings(chunk, first)
        full = removed >= _POSTINGS_AT_ONCE
        done = len(chunk) < tokens and not full
        if not full:
            self._save_cursor(_BEFORE_ALL if done else chunk[-1])
        return Swept(removed, done)

    def prune_masks(self, before: datetime) -> Swept:
        """Forget the masks of titles of earlier days; no family is learned from them any more."""
        return prune_masks(self._connection, before.date())

    def delete_entries(self, before: datetime, limit: int = 500) -> Swept:
        """Delete entries first seen before a time, with their stories, that no alert tells of.

        A story is let go only as a whole: while it takes entries, its old ones stay. What was
        deleted is remembered by a hash, so that a feed that lists it for years brings it no more.
        """
        rows = self._connection.execute(self._deletable(before).limit(limit)).all()
        if not rows:
            return Swept(0, done=True)
        numbers = [row.id for row in rows]
        ids = [(row.feed, row.guid) for row in rows]
        ids += Sightings(self._connection).elsewhere(numbers)
        gone = [{"feed": feed, "guid_hash": stable_hash(guid)} for feed, guid in ids]
        self._connection.execute(insert(forgotten).on_conflict_do_nothing(), gone)
        self._connection.execute(delete(entry).where(entry.c.id.in_(numbers)))
        self._delete_empty_stories({row.story for row in rows})
        return Swept(len(rows), done=len(rows) < limit)

    def _first_entry(self, before: datetime) -> int:
        """Return the number of the first entry that stays."""
        kept = select(entry.c.id).where(entry.c.seen >= before).order_by(entry.c.seen).limit(1)
        number = self._connection.scalar(kept)
        if number is not None:
            return int(number)
        newest = self._connection.scalar(select(entry.c.id).order_by(entry.c.id.desc()).limit(1))
        return int(newest or 0) + 1

    def _remove_postings(self, tokens: list[int], first: int) -> int:
        old = (
            select(posting.c.token, posting.c.entry)
            .where(posting.c.token.in_(tokens), posting.c.entry < first)
            .limit(_POSTINGS_AT_ONCE)
        )
        rows = self._connection.execute(old).all()
        removed = Counter(row.token for row in rows)
        if not rows:
            return 0
        self._connection.execute(
            delete(posting).where(
                posting.c.token == bindparam("t"), posting.c.entry == bindparam("e")
            ),
            [{"t": row.token, "e": row.entry} for row in rows],
        )
        self._connection.execute(
            token_count.update()
            .where(token_count.c.token == bindparam("t"))
            .values(entries=token_count.c.entries - bindparam("n")),
            [{"t": token, "n": count} for token, count in removed.items()],
        )
        self._connection.execute(
            delete(token_count).where(
                token_count.c.token.in_(list(removed)), token_count.c.entries <= 0
            )
        )
        return len(rows)

    def _deletable(self, before: datetime) -> Select[Any]:
        told = exists().where(alert_entry.c.entry == entry.c.id)
        return (
            select(entry.c.id, entry.c.feed, entry.c.guid, entry.c.story)
            .join(story, story.c.id == entry.c.story)
            .where(entry.c.seen < before, story.c.last_seen < before, ~told)
            .order_by(entry.c.seen)
        )

    def _delete_empty_stories(self, numbers: set[int]) -> None:
        held = exists().where(entry.c.story == story.c.id)
        told = exists().where(alert.c.story == story.c.id)
        self._connection.execute(delete(story).where(story.c.id.in_(numbers), ~held, ~told))

    def _cursor(self) -> int:
        return int(
            self._connection.scalar(select(meta.c.value).where(meta.c.key == _CURSOR))
            or _BEFORE_ALL
        )

    def _save_cursor(self, token: int) -> None:
        row = {"key": _CURSOR, "value": str(token)}
        self._connection.execute(insert(meta).values(row).on_conflict_do_update(["key"], set_=row))
