"""What was let go of while its feed may list it for years: known by a hash, and no news.

One number stands for an id and what it said. A feed may give the same id to other words, as one
does that numbers its entries by their place: those are news.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy.dialects.sqlite import insert

from watcher.storage import plain
from watcher.storage.schema import forgotten
from watcher.storage.section import Section
from watcher.storage.tokens import stable_hash
from watcher.surrogates import encodable

#: Title and summary.
Said = tuple[str, str]

_FOUND = "SELECT guid_hash FROM forgotten WHERE feed = ? AND guid_hash IN ({})"


class Forgotten(Section):
    """Reads and writes what was let go of, in one transaction."""

    def among(self, feed: int, said: Mapping[str, Said]) -> frozenset[str]:
        """Return those of a feed's entry ids that said just this when they were let go of.

        Args:
            feed: the feed's number.
            said: what it lists: id -> title and summary.
        """
        worded = {_key(id_, words): id_ for id_, words in said.items()}
        query = _FOUND.format(",".join("?" * len(worded)))
        found = plain.rows(self._connection, query, (feed, *worded))
        return frozenset(worded[key] for (key,) in found)

    def add(self, entries: Iterable[tuple[int, str, Said]]) -> None:
        """Remember feeds' ids with what they said."""
        rows = [{"feed": feed, "guid_hash": _key(id_, words)} for feed, id_, words in entries]
        if rows:
            self._connection.execute(insert(forgotten).on_conflict_do_nothing(), rows)


def _key(id_: str, words: Said) -> int:
    return stable_hash("\n".join(map(encodable, (id_, *words))))
