"""The candidates of a new entry, from the postings in the database.

The rule is that of `watcher.stories.archive`; here it is said in SQL that costs the same with a
thousand entries as with a million: every step reads a bounded piece of an index. Nothing has to
be rebuilt at start.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from watcher.storage.entries import Entries
from watcher.storage.masks import add_mask, other_occasions
from watcher.storage.tokens import add_more_postings, stable_hash
from watcher.storage.types import to_microseconds
from watcher.storage.vectors import Vectors
from watcher.stories.archive import (
    CANDIDATES,
    NEWEST,
    STORY_MEMBERS,
    WATCHED,
    Member,
    rarest,
    rarity,
)
from watcher.stories.signature import Signature, sign

#: Signatures kept from one poll to the next: 11 KB each with a summary, 47 MB at most.
CACHED = 4_096
#: Rarities are summed as whole numbers: then equal sums are equal in whatever order they add up.
_WORTH_UNIT = 1 << 20
#: Lists of values are filled up to a multiple of this, so that few statements serve all lengths.
_STEP = 16

#: When an entry was reported, as the model has it: a date in the future counts as first seen.
_TIME = "min(coalesce(entry.published, entry.seen), entry.seen)"
_MEMBER = f"SELECT entry.id, entry.story, {_TIME} AS time"
_POSTING = "SELECT entry, ? AS worth FROM posting WHERE token = ? AND entry >= ?"
_POSTINGS = f"SELECT * FROM ({_POSTING} ORDER BY entry DESC LIMIT {NEWEST})"  # noqa: S608 - constants only


class Signatures:
    """The signatures computed last, by entry number."""

    def __init__(self, size: int = CACHED) -> None:
        self._size = size
        self._kept: OrderedDict[int, Signature] = OrderedDict()

    def get(self, number: int) -> Signature | None:
        """Return an entry's signature if it is still kept."""
        if number in self._kept:
            self._kept.move_to_end(number)
        return self._kept.get(number)

    def keep(self, number: int, signature: Signature) -> None:
        """Keep an entry's signature, and forget the one that was not asked for the longest."""
        self._kept[number] = signature
        self._kept.move_to_end(number)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def drop(self, number: int) -> None:
        """Forget one signature."""
        self._kept.pop(number, None)

    def clear(self) -> None:
        """Forget every signature."""
        self._kept.clear()


class Work(Protocol):
    """What an archive needs of a transaction."""

    @property
    def connection(self) -> Connection:
        """The connection that the transaction runs on."""

    @property
    def signatures(self) -> Signatures:
        """The signatures that may be kept over it."""


class SqlArchive:
    """The entries of the window, in one transaction; an `Archive`."""

    def __init__(self, transaction: Work) -> None:
        self._connection = transaction.connection
        self._signatures = transaction.signatures

    def candidates(self, signature: Signature, since: datetime) -> Sequence[Member]:
        """Return the members worth comparing, none older than `since`, each once."""
        stories = self.choose(signature, since)
        signatures = self._sign(stories)
        return [Member(number, story, signatures[number]) for number, story in stories.items()]

    def choose(self, signature: Signature, since: datetime) -> dict[int, int]:
        """Return the candidates' entry numbers and stories, the most telling first."""
        first = self._first_entry(since)
        if first is None:
            return {}
        oldest = to_microseconds(since)
        stories = dict(self._by_words(signature.tokens, first, oldest))
        stories |= self._by_topics(signature.topics, oldest)
        stories |= self._of_stories(set(stories.values()), oldest)
        return stories

    def other_occasions(self, signature: Signature, since: date, limit: int) -> int:
        """Return on how many other occasions its outlet used an entry's mask, `limit` at most."""
        return other_occasions(self._connection, signature, since, limit)

    def remember(self, number: int, signature: Signature) -> None:
        """Note the mask of an entry just stored, and keep its signature for the next ones."""
        add_mask(self._connection, signature)
        self._signatures.keep(number, signature)

    def rewrite(self, number: int, signature: Signature) -> None:
        """Let an edited entry be found by its new words too."""
        add_more_postings(self._connection, number, signature.tokens)
        Vectors(self._connection).forget(number)
        self._signatures.drop(number)

    def _first_entry(self, since: datetime) -> int | None:
        """Return a number below which no entry is younger than `since`; None if all are older.

        Numbers grow as entries are first seen; nothing is reported after it was seen.
        """
        query = "SELECT id FROM entry WHERE seen >= ? ORDER BY seen LIMIT 1"
        row = self._rows(query, (to_microseconds(since),))
        return row[0][0] if row else None

    def _by_words(self, tokens: Iterable[str], first: int, oldest: int) -> list[tuple[int, int]]:
        """Return entry and story of those that share the rarest tokens, the most telling first."""
        hashes = {token: stable_hash(token) for token in tokens}
        counts, total = self._counts(hashes)
        looked_up = rarest(hashes, counts)
        if not looked_up:
            return []
        values: list[int] = []
        for token in looked_up:
            worth = round(rarity(counts[token], total) * _WORTH_UNIT)
            values += worth, hashes[token], first
        union = " UNION ALL ".join([_POSTINGS] * len(looked_up))
        best = (
            f"SELECT entry AS number, sum(worth) AS worth FROM ({union})"  # noqa: S608 - constants only
            f" GROUP BY entry ORDER BY 2 DESC, 1 DESC LIMIT {CANDIDATES * 2}"
        )
        query = (
            f"{_MEMBER} FROM ({best}) JOIN entry ON entry.id = number ORDER BY worth DESC, 1 DESC"
        )
        return _since(self._rows(query, tuple(values)), oldest)[:CANDIDATES]

    def _counts(self, hashes: dict[str, int]) -> tuple[dict[str, int], int]:
        """Return how many entries hold each token, and how many entries there are."""
        if not hashes:
            return {}, 0
        values, marks = _padded(hashes.values())
        newest = "(SELECT max(id) FROM entry)"
        query = f"SELECT token, entries, {newest} FROM token_count WHERE token IN ({marks})"  # noqa: S608 - constants only
        rows = self._rows(query, values)
        found = {token: count for token, count, _ in rows}
        return {text: found.get(number, 0) for text, number in hashes.items()}, rows[0][
            2
        ] if rows else 0

    def _by_topics(self, topics: Iterable[str], oldest: int) -> dict[int, int]:
        """Return the newest entries that match one of the topics."""
        newest = f"SELECT entry FROM match WHERE topic = ? ORDER BY entry DESC LIMIT {WATCHED}"  # noqa: S608 - constants only
        query = f"{_MEMBER} FROM ({newest}) AS watched JOIN entry ON entry.id = watched.entry"
        found: dict[int, int] = {}
        for topic in sorted(topics):
            found |= _since(self._rows(query, (topic,)), oldest)
        return found

    def _of_stories(self, stories: Collection[int], oldest: int) -> dict[int, int]:
        """Return each story's founder and newest members."""
        if not stories:
            return {}
        values, marks = _padded(stories)
        in_story = "FROM entry AS e WHERE e.story = story.id"
        newest = f"(SELECT id {in_story} ORDER BY id DESC LIMIT 1 OFFSET {STORY_MEMBERS - 1})"
        members = f"entry.story = story.id AND entry.id >= coalesce({newest}, 0)"
        founder = f"entry.id = (SELECT min(id) {in_story})"
        query = " UNION ".join(
            f"{_MEMBER} FROM story JOIN entry ON {choice} WHERE story.id IN ({marks})"
            for choice in (members, founder)
        )
        return dict(_since(self._rows(query, values * 2), oldest))

    def _sign(self, numbers: Iterable[int]) -> dict[int, Signature]:
        kept = {number: self._signatures.get(number) for number in numbers}
        missing = [number for number, signature in kept.items() if signature is None]
        found = {number: signature for number, signature in kept.items() if signature is not None}
        if not missing:
            return found
        vectors = Vectors(self._connection).get(missing)
        for number, stored in Entries(self._connection).by_numbers(missing).items():
            found[number] = sign(stored.entry, stored.reading, vectors.get(number))
            self._signatures.keep(number, found[number])
        return found

    def _rows(self, query: str, values: tuple[Any, ...]) -> Sequence[Any]:
        """Run a statement with as little as possible between us and SQLite."""
        return self._connection.exec_driver_sql(query, values).all()


def _since(rows: Iterable[Any], oldest: int) -> list[tuple[int, int]]:
    return [(number, story) for number, story, time in rows if time >= oldest]


def _padded(values: Iterable[int]) -> tuple[tuple[int, ...], str]:
    """Return values and marks for an IN list, the last value repeated up to a round length."""
    given = list(values)
    given += given[-1:] * (-len(given) % _STEP)
    return tuple(given), ",".join("?" * len(given))
