"""Entries met again: in another feed, under another id, in other words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from watcher.feeds.same_entry import Namesake
from watcher.feeds.urls import canonical_url
from watcher.model import Entry
from watcher.storage.schema import entry, forgotten, sighting, wording
from watcher.storage.tokens import stable_hash
from watcher.storage.types import storable

#: Entries under one address that are looked at; a home page may have thousands.
_NAMESAKES = 8
#: Earlier wordings of one entry that are kept and compared; few headlines change that often.
MOST_WORDINGS = 20


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a feed's id is known to stand for.

    Attributes:
        entry: our number of the entry; None if it was deleted since.
        own: the entry came in under this very id; not by way of another feed or id.
    """

    entry: int | None
    own: bool = False
    title: str = ""
    summary: str = ""

    def reads(self, met: Entry) -> bool:
        """Whether the stored entry has exactly the words of the one that was met."""
        return (self.title, self.summary) == (storable(met.title), storable(met.summary))


def url_key(url: str) -> int | None:
    """Return the number that addresses of one page share; None for no address."""
    return stable_hash(canonical_url(url)) if url else None


class Sightings:
    """Reads and writes what was met again, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, feed: int, ids: Iterable[str]) -> dict[str, Sighting]:
        """Return those of a feed's entry ids that were seen before, also if deleted since."""
        stored = {storable(id_): id_ for id_ in ids}
        found: dict[str, Sighting] = {}
        hashes = {stable_hash(id_): id_ for id_ in stored}
        gone = select(forgotten.c.guid_hash).where(
            forgotten.c.feed == feed, forgotten.c.guid_hash.in_(hashes)
        )
        for hash_ in self._connection.scalars(gone):
            found[stored[hashes[hash_]]] = Sighting(None)
        words = (entry.c.title, entry.c.summary)
        again = select(sighting.c.guid, sighting.c.entry, *words).join(entry)
        again = again.where(sighting.c.feed == feed, sighting.c.guid.in_(stored))
        for guid, number, title, summary in self._connection.execute(again):
            found[stored[guid]] = Sighting(number, False, title, summary)
        own = select(entry.c.guid, entry.c.id, *words)
        own = own.where(entry.c.feed == feed, entry.c.guid.in_(stored))
        for guid, number, title, summary in self._connection.execute(own):
            found[stored[guid]] = Sighting(number, True, title, summary)
        return found

    def namesakes(self, url: str) -> tuple[Namesake, ...]:
        """Return the first entries whose address is of the same page: one read of an index."""
        key = url_key(url)
        if key is None:
            return ()
        query = select(entry.c.id, entry.c.feed, entry.c.title).where(entry.c.url_key == key)
        rows = self._connection.execute(query.order_by(entry.c.id).limit(_NAMESAKES)).all()
        feeds = self._feeds([row.id for row in rows]) if rows else {}
        return tuple(Namesake(row.id, row.title, feeds[row.id] | {row.feed}) for row in rows)

    def add(self, feed: int, id_: str, number: int, now: datetime) -> None:
        """Note that an entry was met under another feed's or another id."""
        row = insert(sighting).values(feed=feed, guid=id_, entry=number, seen=now)
        self._connection.execute(row.on_conflict_do_nothing())

    def wordings(self, number: int) -> Sequence[tuple[str, str]]:
        """Return the earlier titles and summaries of an entry, the first one first."""
        query = select(wording.c.title, wording.c.summary).where(wording.c.entry == number)
        rows = self._connection.execute(query.order_by(wording.c.until, wording.c.text_key))
        return [(row.title, row.summary) for row in rows]

    def keep_wording(self, number: int, title: str, summary: str, now: datetime) -> None:
        """Keep words that an entry has in another place, or had before.

        Of a page that changes all the time the first wording and the newest are kept.
        """
        values = {
            "entry": number,
            "text_key": stable_hash(f"{storable(title)}\n{storable(summary)}"),
            "title": title,
            "summary": summary,
            "until": now,
        }
        self._connection.execute(insert(wording).values(values).on_conflict_do_nothing())
        mine = select(wording.c.text_key).where(wording.c.entry == number)
        keys = list(self._connection.scalars(mine.order_by(wording.c.until, wording.c.text_key)))
        excess = wording.c.text_key.in_(keys[1 : len(keys) - MOST_WORDINGS + 1])
        if len(keys) > MOST_WORDINGS:
            self._connection.execute(delete(wording).where(wording.c.entry == number, excess))

    def elsewhere(self, numbers: Iterable[int]) -> list[tuple[int, str]]:
        """Return feed and id of all other sightings of these entries."""
        query = select(sighting.c.feed, sighting.c.guid).where(sighting.c.entry.in_(numbers))
        return [(row.feed, row.guid) for row in self._connection.execute(query)]

    def _feeds(self, numbers: Sequence[int]) -> dict[int, frozenset[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        query = select(sighting.c.entry, sighting.c.feed).where(sighting.c.entry.in_(numbers))
        for row in self._connection.execute(query):
            found[row.entry].add(row.feed)
        return {number: frozenset(found[number]) for number in numbers}
