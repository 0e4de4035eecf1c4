"""The entries: what was seen, what was found in it, and the story it belongs to."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, or_, select

from watcher.model import Assignment, Entry, Match, Reading, Relation
from watcher.storage import plain
from watcher.storage.evidence import evidence_from_json, evidence_to_json, match_from_json
from watcher.storage.insert import insert_row
from watcher.storage.rows import Added, StoredEntry
from watcher.storage.schema import entry, match, story
from watcher.storage.section import Section
from watcher.storage.sightings import url_key
from watcher.storage.types import to_microseconds

#: Digits that surely fit into a column.
_LONGEST_NUMBER = 18
#: Entries whose outlets can be named: some days of many feeds, read in a blink.
_NEWEST = 20_000


class Entries(Section):
    """Reads and writes entries in one transaction."""

    def add(
        self,
        feed: int,
        added: Entry,
        reading: Reading,
        assignment: Assignment,
        author: str = "",
    ) -> Added:
        """Store an entry that is not known yet; it joins its story, or opens one.

        Args:
            feed: the feed's number.
            added: the entry.
            reading: what the watchlist found in it.
            assignment: where it belongs; without a story it founds one.
            author: as the feed names it.
        """
        joined = self._join(assignment, added.seen)
        values = _columns(feed, added, author) | _reading(reading) | _relation(assignment)
        number = insert_row(self._connection, entry, values | {"story": joined})
        self._add_matches(number, reading.matches)
        return Added(number, joined)

    def reword(self, number: int, words: Entry, reading: Reading, assignment: Assignment) -> None:
        """Give an entry other words, with what the watchlist finds in them.

        Args:
            number: ours of the entry.
            words: their title and summary are taken, nothing else.
            reading: what was found; matches of other topics end.
            assignment: how it now relates to its story.
        """
        said = {"title": words.title, "summary": words.summary}
        values = said | _reading(reading) | _relation(assignment)
        self._connection.execute(entry.update().where(entry.c.id == number).values(values))
        self._connection.execute(delete(match).where(match.c.entry == number))
        self._add_matches(number, reading.matches)

    def move(self, number: int, url: str) -> None:
        """Have an entry link to another address.

        The page that it had first stays the one by which other feeds' entries are told to be it:
        under the new words they are copies anyhow, under the old ones they would be news again.
        """
        self._connection.execute(entry.update().where(entry.c.id == number).values(url=url))

    def get(self, number: int) -> StoredEntry | None:
        """Return an entry by our number."""
        return next(iter(self._load(entry.c.id == number)), None)

    def find(self, text: str) -> tuple[StoredEntry, ...]:
        """Return what a user means by a URL, a feed's id or our number, newest first.

        A URL stands for its page, however it is spelled; an entry that moved has two. The entry of
        our number comes before those whose feeds use it as an id; "#7" is our number alone.
        """
        number = _number(text)
        if number is not None and text.startswith("#"):
            return self._load(entry.c.id == number)
        wanted = or_(entry.c.url_key == url_key(text), entry.c.guid == text, entry.c.url == text)
        if number is None:
            return self._load(wanted)
        found = self._load(or_(wanted, entry.c.id == number))
        return tuple(sorted(found, key=lambda one: one.number != number))

    def by_numbers(self, numbers: Collection[int]) -> dict[int, StoredEntry]:
        """Return entries by our numbers; unknown ones are missing."""
        found = self._load(entry.c.id.in_(numbers))
        return {stored.number: stored for stored in found}

    def _join(self, assignment: Assignment, seen: datetime) -> int:
        joined = assignment.story
        if joined is None:
            opened = {"opened": seen, "last_seen": seen, "entries": 1}
            return insert_row(self._connection, story, opened | {"follows": assignment.follows})
        plain.run(
            self._connection,
            "UPDATE story SET entries = entries + 1, last_seen = max(last_seen, ?) WHERE id = ?",
            (to_microseconds(seen), joined),
        )
        return joined

    def _add_matches(self, number: int, matches: Sequence[Match]) -> None:
        rows = [
            {
                "topic": found.topic,
                "entry": number,
                "evidence": evidence_to_json(found.evidence),
                "sentence": found.sentence,
            }
            for found in matches
        ]
        if rows:
            self._connection.execute(match.insert(), rows)

    def outlets(self) -> tuple[str, ...]:
        """Return who published the newest entries; an aggregator brings many outlets'."""
        newest = select(entry.c.outlet).order_by(entry.c.id.desc()).limit(_NEWEST).subquery()
        return tuple(self._connection.scalars(select(newest.c.outlet).distinct()))

    def _load(self, wanted: ColumnElement[bool]) -> tuple[StoredEntry, ...]:
        query = select(entry).where(wanted).order_by(entry.c.id.desc())
        rows = self._connection.execute(query).mappings().all()
        matches = self._matches([row["id"] for row in rows])
        return tuple(_stored(row, matches) for row in rows)

    def _matches(self, numbers: Collection[int]) -> Mapping[int, list[Match]]:
        found: dict[int, list[Match]] = defaultdict(list)
        query = select(match).where(match.c.entry.in_(numbers)).order_by(match.c.topic)
        for row in self._connection.execute(query):
            found[row.entry].append(match_from_json(row.topic, row.evidence, row.sentence))
        return found


def _number(text: str) -> int | None:
    digits = text.removeprefix("#")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER
    return int(digits) if is_number else None


def _columns(feed: int, added: Entry, author: str) -> dict[str, Any]:
    return {
        "feed": feed,
        "guid": added.id,
        "title": added.title,
        "summary": added.summary,
        "author": author,
        "url": added.url,
        "outlet": added.outlet,
        "declared_language": added.language,
        "published": added.published,
        "seen": added.seen,
        "url_key": url_key(added.url),
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "language": reading.language,
        "mentions": evidence_to_json(reading.mentions) or None,
    }


def _relation(assignment: Assignment) -> dict[str, Any]:
    return {
        "relation": assignment.relation,
        "copy_of": assignment.copy_of,
        "score": assignment.score,
        "reason": assignment.reason,
    }


def _stored(row: RowMapping, matches: Mapping[int, list[Match]]) -> StoredEntry:
    number = row["id"]
    mentions = evidence_from_json(row["mentions"])
    return StoredEntry(
        number=number,
        feed=row["feed"],
        entry=entry_of(row),
        reading=Reading(row["language"], mentions, tuple(matches.get(number, ()))),
        story=row["story"],
        relation=Relation(row["relation"]),
        copy_of=row["copy_of"],
        score=row["score"],
        reason=row["reason"],
    )


def entry_of(row: RowMapping) -> Entry:
    """Return the entry of a row that holds all columns of the table."""
    return Entry(
        id=row["guid"],
        title=row["title"],
        seen=row["seen"],
        summary=row["summary"],
        url=row["url"],
        outlet=row["outlet"],
        language=row["declared_language"],
        published=row["published"],
    )
