"""The archive as a watchlist reads it again: the texts of a time, in pieces, and what matched."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import case, func, select

from watcher.storage.rows import ArchivedText, Headline, Stretch
from watcher.storage.schema import entry, feed, match
from watcher.storage.section import Section

#: Values of one IN list; SQLite takes 32,766, older builds 999.
_AT_ONCE = 900
#: A feed without titles shows how its entries begin: so many characters.
LONGEST_SHOWN = 200
SHOWN = case(
    (entry.c.title != "", entry.c.title), else_=func.substr(entry.c.summary, 1, LONGEST_SHOWN)
)


class Texts(Section):
    """Reads many entries in one transaction, each with as little as matching needs."""

    def since(self, moment: datetime) -> Stretch | None:
        """Return the numbers of the entries seen since a moment; None if there are none."""
        numbers = (func.min(entry.c.id), func.max(entry.c.id), func.count(), func.min(entry.c.seen))
        row = self._connection.execute(select(*numbers).where(entry.c.seen >= moment)).one()
        return Stretch(*row) if row[2] else None

    def read(self, first: int, last: int) -> Iterator[ArchivedText]:
        """Yield the entries between two numbers, both included, in their order."""
        text = entry.c["title", "summary", "language", "story"]
        query = select(entry.c.id, feed.c.url, *text).join(feed, feed.c.id == entry.c.feed)
        rows = self._connection.execute(
            query.where(entry.c.id.between(first, last)).order_by(entry.c.id)
        )
        return (ArchivedText(*row) for row in rows)

    def matched(self, first: int, last: int) -> tuple[tuple[int, str], ...]:
        """Return (entry, topic) for what matched when it came in, between two numbers."""
        query = select(match.c.entry, match.c.topic).where(match.c.entry.between(first, last))
        return tuple((number, topic) for number, topic in self._connection.execute(query))

    def headlines(self, numbers: Collection[int]) -> dict[int, Headline]:
        """Return what is shown of entries, by number."""
        columns = (*entry.c["id", "story", "seen", "outlet", "language"], SHOWN, entry.c.url)
        wanted = sorted(numbers)
        pieces = (wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE))
        return {
            row.id: Headline(*row)
            for piece in pieces
            for row in self._connection.execute(select(*columns).where(entry.c.id.in_(piece)))
        }
