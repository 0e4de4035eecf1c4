"""Entries met again: in another feed, under another id, in other words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from watcher.feeds.parsed import ParsedEntry
from watcher.feeds.same_entry import Met, Namesake
from watcher.feeds.urls import canonical_url
from watcher.model import Entry
from watcher.storage import plain
from watcher.storage.insert import add_row
from watcher.storage.schema import entry, sighting, wording
from watcher.storage.section import Section
from watcher.storage.tokens import stable_hash
from watcher.storage.types import from_microseconds
from watcher.surrogates import encodable

# These run for every document that changed and every new entry: plain statements take a third
# of the time that composed ones do.
_OWN = "SELECT guid, id, title, summary FROM entry WHERE feed = ? AND guid IN ({})"
_AGAIN = (
    "SELECT sighting.guid, entry.id, title, summary"
    " FROM sighting JOIN entry ON entry.id = sighting.entry"
    " WHERE sighting.feed = ? AND sighting.guid IN ({})"
)
#: The first entries under one address; a home page may have thousands.
_NAMESAKES = (
    "SELECT id, feed, guid, title, published, seen FROM entry WHERE url_key = ? ORDER BY id LIMIT 8"
)
#: Earlier wordings of one entry that are kept and compared; few headlines change that often.
MOST_WORDINGS = 20


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a feed's id is known to stand for.

    Attributes:
        entry: our number of the entry.
        own: the entry came in under this very id; not by way of another feed or id.
    """

    entry: int
    own: bool = False
    title: str = ""
    summary: str = ""

    def reads(self, met: Entry | ParsedEntry) -> bool:
        """Whether the stored entry has exactly the words of the one that was met."""
        return (self.title, self.summary) == (encodable(met.title), encodable(met.summary))


def url_key(url: str) -> int | None:
    """Return the number that addresses of one page share; None for no address."""
    return stable_hash(canonical_url(url)) if url else None


class Sightings(Section):
    """Reads and writes what was met again, in one transaction."""

    def known(self, feed: int, ids: Iterable[str]) -> dict[str, Sighting]:
        """Return those of a feed's entry ids that are stored."""
        stored = {encodable(id_): id_ for id_ in ids}
        guids = ",".join("?" * len(stored))
        again = self._rows(_AGAIN.format(guids), (feed, *stored))
        own = self._rows(_OWN.format(guids), (feed, *stored))
        found = {stored[guid]: Sighting(number, False, *words) for guid, number, *words in again}
        found |= {stored[guid]: Sighting(number, True, *words) for guid, number, *words in own}
        return found

    def namesakes(self, url: str) -> tuple[Namesake, ...]:
        """Return the first entries whose address is of the same page: one read of an index."""
        key = url_key(url)
        if key is None:
            return ()
        rows = self._rows(_NAMESAKES, (key,))
        feeds = self._feeds([number for number, *_ in rows]) if rows else {}
        return tuple(
            Namesake(
                number,
                title,
                None if published is None else from_microseconds(published),
                {feed: Met(guid, from_microseconds(seen))} | feeds[number],
            )
            for number, feed, guid, title, published, seen in rows
        )

    def dated(
        self, feed: int, since: datetime, until: datetime
    ) -> list[tuple[int, str, datetime | None]]:
        """Return number, title and date of a feed's entries of that time: reads all of the feed."""
        query = select(entry.c.id, entry.c.title, entry.c.published).where(
            entry.c.feed == feed, entry.c.published.between(since, until)
        )
        return [(row.id, row.title, row.published) for row in self._connection.execute(query)]

    def newest(self, feed: int) -> datetime | None:
        """Return the latest date of a feed's entries: reads all of the feed."""
        query = select(func.max(entry.c.published)).where(entry.c.feed == feed)
        found: datetime | None = self._connection.scalar(query)
        return found

    def add(self, feed: int, id_: str, number: int, now: datetime) -> None:
        """Note that an entry was met under another feed's or another id."""
        row = {"feed": feed, "guid": id_, "entry": number, "seen": now}
        add_row(self._connection, sighting, row)

    def wordings(self, number: int) -> Sequence[tuple[str, str]]:
        """Return the earlier titles and summaries of an entry, the first one first."""
        query = select(wording.c.title, wording.c.summary).where(wording.c.entry == number)
        rows = self._connection.execute(query.order_by(wording.c.until, wording.c.text_key))
        return [(row.title, row.summary) for row in rows]

    def titles_at(self, numbers: Collection[int], time: datetime) -> dict[int, str]:
        """Return the titles that entries had at a time and have no more."""
        query = select(wording.c.entry, wording.c.title).where(wording.c.entry.in_(numbers))
        later = query.where(wording.c.until > time).order_by(wording.c.until.desc())
        return {row.entry: row.title for row in self._connection.execute(later)}

    def keep_wording(self, number: int, title: str, summary: str, now: datetime) -> None:
        """Keep words that an entry has in another place, or had before.

        Of a page that changes all the time the first wording and the newest are kept.
        """
        values = {
            "entry": number,
            "text_key": stable_hash(f"{encodable(title)}\n{encodable(summary)}"),
            "title": title,
            "summary": summary,
            "until": now,
        }
        add_row(self._connection, wording, values)
        mine = select(wording.c.text_key).where(wording.c.entry == number)
        keys = list(self._connection.scalars(mine.order_by(wording.c.until, wording.c.text_key)))
        excess = wording.c.text_key.in_(keys[1 : len(keys) - MOST_WORDINGS + 1])
        if len(keys) > MOST_WORDINGS:
            self._connection.execute(delete(wording).where(wording.c.entry == number, excess))

    def elsewhere(self, numbers: Iterable[int]) -> list[tuple[int, int, str]]:
        """Return entry, feed and id of all other sightings of these entries."""
        columns = (sighting.c.entry, sighting.c.feed, sighting.c.guid)
        query = select(*columns).where(sighting.c.entry.in_(numbers))
        return [(row.entry, row.feed, row.guid) for row in self._connection.execute(query)]

    def _rows(self, query: str, values: tuple[int | str, ...]) -> Sequence[Any]:
        return plain.rows(self._connection, query, values)

    def _feeds(self, numbers: Sequence[int]) -> dict[int, dict[int, Met]]:
        """Return for each entry the feeds of its sightings, with the last one in each."""
        found: dict[int, dict[int, Met]] = defaultdict(dict)
        last = func.max(sighting.c.seen).label("seen")  # and SQLite has the guid of that row
        columns = (sighting.c.entry, sighting.c.feed, sighting.c.guid, last)
        query = select(*columns).where(sighting.c.entry.in_(numbers))
        for row in self._connection.execute(query.group_by(sighting.c.entry, sighting.c.feed)):
            found[row.entry][row.feed] = Met(row.guid, row.seen)
        return found
