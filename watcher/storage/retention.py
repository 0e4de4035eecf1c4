"""Letting go of what is old, in steps small enough to run between two polls."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, func, or_, select

from watcher.storage.forgotten import Forgotten, Said
from watcher.storage.masks import prune_masks
from watcher.storage.meta import note, noted
from watcher.storage.rows import Seen, Swept
from watcher.storage.schema import alert, alert_entry, entry, match, posting, story, wording
from watcher.storage.section import Section
from watcher.storage.sightings import Sightings
from watcher.storage.sketches import prune_sketches
from watcher.storage.tokens import pack, unpack, without, write_postings
from watcher.storage.vectors import Vectors

#: Where the sweep over the terms stands between two steps.
_CURSOR = "prune_cursor"
#: When everything was looked through last, where no daemon does so by itself.
_TIDIED = "tidied"
_BEFORE_ALL = -(1 << 63)
#: Sketches removed in one step at most.
_SKETCHES_AT_ONCE = 5_000
#: Terms looked at in one step: polls and alerts have their turn between two.
_TERMS_AT_ONCE = 2_000
#: Entries of one step: some 50 ms for which polls and alerts wait.
ENTRIES_AT_ONCE = 500


class Retention(Section):
    """Deletes in one transaction; call again until `done`."""

    def is_due(self, now: datetime, every: timedelta) -> bool:
        """Whether the last time this said yes is so long ago; from now on that is now."""
        last = noted(self._connection, _TIDIED)
        if last is not None and abs(now - datetime.fromisoformat(last)) < every:
            return False
        note(self._connection, _TIDIED, now.isoformat())
        return True

    def prune_postings(self, before: datetime, terms: int = _TERMS_AT_ONCE) -> Swept:
        """Take entries first seen before a time out of the candidate index.

        One step looks at `terms` terms, in order, and goes on where the last one stopped; `done`
        says that a sweep over all of them has ended.
        """
        first = self._first_entry(before)
        Vectors(self._connection).prune(first)
        cursor = int(noted(self._connection, _CURSOR) or _BEFORE_ALL)
        query = select(posting.c.term, posting.c.newest).where(posting.c.term > cursor)
        rows = self._connection.execute(query.order_by(posting.c.term).limit(terms)).all()
        removed = self._remove_postings(rows, first) + prune_sketches(
            self._connection, first, _SKETCHES_AT_ONCE
        )
        done = len(rows) < terms
        note(self._connection, _CURSOR, str(_BEFORE_ALL if done else rows[-1].term))
        return Swept(removed, done)

    def prune_masks(self, before: datetime) -> Swept:
        """Forget the masks of titles of earlier days; no family is learned from them any more."""
        return prune_masks(self._connection, before.date())

    def delete_entries(
        self, before: datetime, after: Seen | None = None, limit: int = ENTRIES_AT_ONCE
    ) -> Swept:
        """Delete entries first seen before a time, with their stories, that no alert tells of.

        One step looks at `limit` of them, behind the last one of the step before: those that stay
        are passed over once and not by each step.

        A story is let go only as a whole: while it takes entries or the words of one change, its
        old ones stay, and with its alerts all that it told stays, copies too. What bore no date is
        remembered by a hash of its id and words, so that a feed that lists it for years brings it
        no more; so is what a topic matched, as its feed may date it anew. Of all else its date
        says that it is no news. (A thousand feeds bring ten million entries a year; their hashes
        were 190 MB. What a told story keeps beside the entries told of is a fifth to a half of it,
        0.3 to 2 kB an alert.)
        """
        looked_at = self._connection.execute(self._old(before, after).limit(limit)).all()
        staying = self._staying({row.story for row in looked_at}, before)
        rows = [row for row in looked_at if row.story not in staying]
        if rows:
            self._delete(rows)
        last = Seen(looked_at[-1].seen, looked_at[-1].id) if looked_at else after
        return Swept(len(rows), done=len(looked_at) < limit, last=last)

    def newest(self) -> datetime | None:
        """Return when the last entry was first seen; None where there is none."""
        seen: datetime | None = self._connection.scalar(select(func.max(entry.c.seen)))
        return seen

    def entries(self) -> int:
        """Return how many there are."""
        return int(self._connection.scalar(select(func.count()).select_from(entry)) or 0)

    def _delete(self, rows: Sequence[Any]) -> None:
        self._remember(rows)
        self._connection.execute(delete(entry).where(entry.c.id.in_([row.id for row in rows])))
        self._delete_empty_stories({row.story for row in rows})

    def _remember(self, rows: Sequence[Any]) -> None:
        """Keep a hash of each id that some of these go by in any feed, with all they ever said."""
        numbers = [row.id for row in rows]
        matched = set(self._find(select(match.c.entry).where(match.c.entry.in_(numbers))))
        kept = [row for row in rows if row.published is None or row.id in matched]
        Forgotten(self._connection).add(self._sayings(kept))

    def _sayings(self, rows: Sequence[Any]) -> Iterator[tuple[int, str, Said]]:
        """Yield feed, id and words: which feed had which of them, nobody knows."""
        said = {row.id: {(row.title, row.summary)} for row in rows}
        earlier = select(wording.c.entry, wording.c.title, wording.c.summary)
        for number, *words in self._connection.execute(earlier.where(wording.c.entry.in_(said))):
            said[number].add(tuple(words))
        ids = [(row.id, row.feed, row.guid) for row in rows]
        for number, feed, id_ in (*ids, *Sightings(self._connection).elsewhere(list(said))):
            yield from ((feed, id_, words) for words in said[number])

    def _staying(self, stories: Collection[int], before: datetime) -> set[int]:
        """Return those of some stories that were told, or that are alive since a time."""
        members = select(entry.c.story).where(entry.c.story.in_(stories)).distinct()
        grown = select(story.c.id).where(story.c.id.in_(stories), story.c.last_seen >= before)
        rang = select(alert.c.story).where(alert.c.story.in_(stories))
        told = members.where(exists().where(alert_entry.c.entry == entry.c.id))
        changed = exists().where(wording.c.entry == entry.c.id, wording.c.until >= before)
        queries = (grown, rang, told, members.where(changed))
        return {number for query in queries for number in self._find(query)}

    def _find(self, query: Select[Any]) -> list[int]:
        return list(self._connection.scalars(query))

    def _first_entry(self, before: datetime) -> int:
        """Return the number of the first entry that stays."""
        kept = select(entry.c.id).where(entry.c.seen >= before).order_by(entry.c.seen).limit(1)
        number = self._connection.scalar(kept)
        if number is not None:
            return int(number)
        newest = self._connection.scalar(select(entry.c.id).order_by(entry.c.id.desc()).limit(1))
        return int(newest or 0) + 1

    def _remove_postings(self, rows: Sequence[Any], first: int) -> int:
        """Shorten what these terms hold; a term that holds nothing any more goes."""
        held = {row.term: unpack(row.newest) for row in rows}
        stale = {term: numbers for term, numbers in held.items() if numbers[0] < first}
        kept = {term: without(numbers, first) for term, numbers in stale.items()}
        empty = [{"t": term} for term, numbers in kept.items() if not numbers]
        if empty:
            self._connection.execute(delete(posting).where(posting.c.term == bindparam("t")), empty)
        shorter = [(term, pack(numbers)) for term, numbers in kept.items() if numbers]
        if shorter:
            write_postings(self._connection, shorter)
        return sum(len(numbers) - len(kept[term]) for term, numbers in stale.items())

    def _old(self, before: datetime, after: Seen | None) -> Select[Any]:
        """Return the entries of before a time, in order."""
        columns = entry.c["id", "seen", "published", "feed", "guid", "title", "summary", "story"]
        query = select(*columns).where(entry.c.seen < before)
        query = query.order_by(entry.c.seen, entry.c.id)
        if after is None:
            return query
        behind = or_(entry.c.seen > after.seen, entry.c.id > after.id)
        return query.where(entry.c.seen >= after.seen, behind)

    def _delete_empty_stories(self, numbers: set[int]) -> None:
        held = exists().where(entry.c.story == story.c.id)
        told = exists().where(alert.c.story == story.c.id)
        self._connection.execute(delete(story).where(story.c.id.in_(numbers), ~held, ~told))
