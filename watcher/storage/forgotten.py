"""What was let go of while its feed may list it for years: known by a hash, and no news.

One number stands for an id and what it said. A feed may give the same id to other words, as one
does that numbers its entries by their place: those are news.

Rows of earlier releases stand for the id alone. Nobody knows what it said, so the words that it
comes back with first are taken for those: nothing old is told after the upgrade, and what the feed
says next is.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete
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

    def recognise(self, feed: int, said: Mapping[str, Said]) -> frozenset[str]:
        """Return the same as `among`, and take what is listed for what was said where nobody knows.

        Args:
            feed: the feed's number.
            said: what it lists: id -> title and summary.
        """
        alone = self.by_id_alone(feed, said)
        self._learn(feed, said, alone)
        return self._by_words(feed, said) | alone

    def among(self, feed: int, said: Mapping[str, Said]) -> frozenset[str]:
        """Return those of a feed's entry ids that said just this, or that nobody knows more of.

        Args:
            feed: the feed's number.
            said: what it lists: id -> title and summary.
        """
        return self._by_words(feed, said) | self.by_id_alone(feed, said)

    def by_id_alone(self, feed: int, ids: Iterable[str]) -> frozenset[str]:
        """Return those of a feed's entry ids of which nobody knows what they said."""
        keys = {stable_hash(encodable(id_)): id_ for id_ in ids}
        return frozenset(keys[key] for key in self._found(feed, keys))

    def _by_words(self, feed: int, said: Mapping[str, Said]) -> frozenset[str]:
        worded = {_key(id_, words): id_ for id_, words in said.items()}
        return frozenset(worded[key] for key in self._found(feed, worded))

    def _learn(self, feed: int, said: Mapping[str, Said], alone: Collection[str]) -> None:
        if not alone:
            return
        keys = [stable_hash(encodable(id_)) for id_ in alone]
        gone = (forgotten.c.feed == feed) & forgotten.c.guid_hash.in_(keys)
        self._connection.execute(delete(forgotten).where(gone))
        self.add((feed, id_, said[id_]) for id_ in alone)

    def add(self, entries: Iterable[tuple[int, str, Said]]) -> None:
        """Remember feeds' ids with what they said."""
        rows = [{"feed": feed, "guid_hash": _key(id_, words)} for feed, id_, words in entries]
        if rows:
            self._connection.execute(insert(forgotten).on_conflict_do_nothing(), rows)

    def _found(self, feed: int, keys: Iterable[int]) -> list[int]:
        values = (feed, *keys)
        query = _FOUND.format(",".join("?" * (len(values) - 1)))
        return [key for (key,) in plain.rows(self._connection, query, values)]


def _key(id_: str, words: Said) -> int:
    return stable_hash("\n".join(map(encodable, (id_, *words))))
