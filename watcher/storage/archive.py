"""The candidates of a new entry, from the postings in the database.

The rule is that of `watcher.stories.archive`; here it costs the same with a thousand entries as
with a million: every step reads a bounded piece of an index. Nothing has to be rebuilt at start.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from watcher.model import Entry, primary_subtag
from watcher.storage import plain
from watcher.storage.masks import add_mask, other_occasions
from watcher.storage.signatures import Signatures
from watcher.storage.sketches import add_sketches
from watcher.storage.tokens import add_postings, term_key, unpack
from watcher.storage.types import from_microseconds, to_microseconds
from watcher.storage.vectors import Vectors
from watcher.stories.archive import (
    FAMILIES,
    STORY_MEMBERS,
    WATCHED,
    abroad,
    heaviest,
    likeliest,
    looked_up_abroad,
    most_telling,
    newest,
    postings_of,
)
from watcher.stories.bags import Bag, Sketch, sketched_agreement, text_agreement
from watcher.stories.computed import restore, sketch
from watcher.stories.given import NOTHING, NOTHING_GIVEN, given_by
from watcher.stories.signature import Member, Signature
from watcher.stories.vectors import Vector

#: Lists of numbers are filled up to a multiple of this, so that few statements serve all lengths.
_STEP = 16

#: Numbers grow as entries are first seen, and nothing is reported after it was seen: no entry
#: below this one is younger than the time asked for.
_FIRST = "(SELECT id FROM entry WHERE seen >= ? ORDER BY seen LIMIT 1)"
_ENTRY = (
    "entry.id, entry.story, entry.guid, entry.title, entry.seen, entry.summary, entry.url,"
    " entry.outlet, entry.declared_language, entry.published, entry.language, entry.mentions,"
    " vector.codes"
)
_SKETCH = "title, headline, headline_norm, text, text_norm"


class SqlArchive:
    """The entries of the window, in one transaction; an `Archive`.

    Args:
        connection: the transaction's.
        signatures: what may be kept over it.
    """

    def __init__(self, connection: Connection, signatures: Signatures) -> None:
        self._connection, self._signatures = connection, signatures
        # What the terms of the entry looked for last hold: it is the one to be added next.
        self._held_by: tuple[Bag | None, Mapping[int, bytes]] = (None, {})

    def candidates(self, signature: Signature, since: datetime) -> Sequence[Member]:
        """Return the members worth comparing, none older than `since`, each once."""
        terms, worth = heaviest(signature.headline.terms), looked_up_abroad(signature)
        held = self._held(signature, [*terms, *worth], since)
        telling = most_telling((term, held[term]) for term in terms if term in held)
        lexical = self._likeliest(signature, telling)
        watched = self._by_topics(signature.topics)
        elsewhere = abroad((worth[term], held[term]) for term in worth if term in held)
        found = self._since(dict.fromkeys([*lexical, *watched, *elsewhere]) | lexical, since)
        first = [number for number in lexical if number in found][:FAMILIES]
        stories = {found[number].story for number in [*first, *watched] if number in found}
        others = (number for number in self._of_stories(stories) if number not in found)
        return list((found | self._since(dict.fromkeys(others), since)).values())

    def members(self, numbers: Iterable[int]) -> Mapping[int, Member]:
        """Return stored entries by their numbers."""
        return self._members(dict.fromkeys(numbers))

    def other_occasions(self, signature: Signature, since: date, limit: int) -> int:
        """Return on how many other occasions its outlet used an entry's mask, `limit` at most."""
        return other_occasions(self._connection, signature, since, limit)

    def add(self, number: int, signature: Signature) -> None:
        """Let an entry just stored be found, and learn its outlet's template."""
        self._write(number, signature)
        add_mask(self._connection, signature)

    def remember(self, number: int, signature: Signature) -> None:
        """Keep a signature for the next entries: it need not be read again."""
        self._signatures.keep(number, signature)

    def rewrite(self, number: int, signature: Signature) -> None:
        """Let an edited entry be found by its new words too."""
        self._write(number, signature)
        Vectors(self._connection).forget(number)
        self._signatures.drop(number)

    def _write(self, number: int, signature: Signature) -> None:
        of, held = self._held_by
        known = held if of is signature.headline else {}
        add_postings(self._connection, {number: postings_of(signature)}, known)
        add_sketches(self._connection, {number: sketch(signature)})

    def _held(
        self, signature: Signature, terms: Collection[str], since: datetime
    ) -> Mapping[str, Sequence[int]]:
        """Return the newest entries that hold each term, none seen before; [] is left out.

        With them is read what the entry will be found by, to which it is added later.
        """
        keys = {term_key(term): term for term in terms}
        own = {term_key(term): b"" for term in postings_of(signature)}
        query = f"SELECT term, newest, {_FIRST} FROM posting WHERE term IN (%s)"  # noqa: S608 - constants only
        rows = self._rows(query, keys | own, to_microseconds(since))
        held = {key: numbers for key, numbers, _ in rows}
        self._held_by = (signature.headline, own | held)
        first = rows[0][2] if rows else None
        if first is None:
            return {}
        return {keys[key]: newest(unpack(held[key]), first) for key in keys if key in held}

    def _likeliest(self, signature: Signature, numbers: Iterable[int]) -> dict[int, Sketch | None]:
        """Return those of candidates whose texts agree most with an entry's, and their sketches.

        Little is read for it, a sketch at most: most of them are looked at no further.
        """
        numbers = list(numbers)
        kept = self._signatures.kept(numbers)
        sketches = self._sketches([number for number in numbers if number not in kept])
        rest = [number for number in numbers if number not in kept and number not in sketches]
        kept |= {number: one.signature for number, one in self._stored(dict.fromkeys(rest)).items()}
        own = signature.texts
        agreement = {
            number: text_agreement(own, kept[number].texts)
            if number in kept
            else sketched_agreement(own, sketches[number])
            for number in numbers
            if number in kept or number in sketches
        }
        return {number: sketches.get(number) for number in likeliest(agreement)}

    def _sketches(self, numbers: Collection[int]) -> dict[int, Sketch]:
        query = f"SELECT entry, {_SKETCH} FROM sketch WHERE entry IN (%s)"  # noqa: S608 - constants only
        return {row[0]: Sketch._make(row[1:]) for row in self._rows(query, numbers)}

    def _by_topics(self, topics: Iterable[str]) -> list[int]:
        """Return the newest entries that match one of the topics."""
        query = f"SELECT entry FROM match WHERE topic = ? ORDER BY entry DESC LIMIT {WATCHED}"  # noqa: S608 - constants only
        return [number for topic in sorted(topics) for (number,) in self._run(query, topic)]

    def _of_stories(self, stories: Collection[int]) -> list[int]:
        """Return founder and newest members of stories that have more than one."""
        several = "SELECT id FROM story WHERE id IN (%s) AND entries > 1"
        found: list[int] = []
        for (story,) in self._rows(several, stories):
            of_story = "SELECT id FROM entry WHERE story = ? ORDER BY id"
            found += (number for (number,) in self._run(f"{of_story} LIMIT 1", story))
            last = f"{of_story} DESC LIMIT {STORY_MEMBERS}"
            found += (number for (number,) in self._run(last, story))
        return found

    def _since(self, wanted: Mapping[int, Sketch | None], since: datetime) -> dict[int, Member]:
        """Return the members that are not older, given their sketches as far as they were read."""
        found = self._members(wanted)
        known = ((number, found[number]) for number in wanted if number in found)
        return {number: member for number, member in known if member.signature.time >= since}

    def _members(self, wanted: Mapping[int, Sketch | None]) -> dict[int, Member]:
        found = self._kept(wanted)
        return found | self._stored({n: made for n, made in wanted.items() if n not in found})

    def _kept(self, numbers: Iterable[int]) -> dict[int, Member]:
        """Return the members whose signatures are at hand; their stories are read anew."""
        known = self._signatures.kept(numbers)
        rows = self._rows("SELECT id, story FROM entry WHERE id IN (%s)", known)
        return {number: Member(number, story, known[number]) for number, story in rows}

    def _stored(self, wanted: Mapping[int, Sketch | None]) -> dict[int, Member]:
        query = (
            f"SELECT {_ENTRY} FROM entry"  # noqa: S608 - constants only
            " LEFT JOIN vector ON vector.entry = entry.id WHERE entry.id IN (%s)"
        )
        rows = self._rows(query, wanted)
        sketches = self._sketches([number for number, made in wanted.items() if made is None])
        topics = self._topics([row[0] for row in rows if row[11] is not None])
        found: dict[int, Member] = {}
        for row in rows:
            number, story = row[:2]
            made = wanted[number] or sketches.get(number)
            signature = _signature(row, made, topics.get(number, ()))
            self._signatures.keep(number, signature)
            found[number] = Member(number, story, signature)
        return found

    def _topics(self, numbers: Collection[int]) -> Mapping[int, list[str]]:
        """Return the topics that entries match; what mentions nothing matches nothing."""
        found: dict[int, list[str]] = {}
        query = "SELECT entry, topic FROM match WHERE entry IN (%s)"
        for number, topic in self._rows(query, numbers):
            found.setdefault(number, []).append(topic)
        return found

    def _rows(self, query: str, numbers: Collection[int], *values: object) -> Sequence[Any]:
        """Run a statement whose last values are a list of numbers; for none it finds nothing."""
        if not numbers:
            return ()
        empty = -len(numbers) % _STEP
        marks = ",".join("?" * (len(numbers) + empty))
        return self._run(query % marks, *values, *numbers, *(None,) * empty)

    def _run(self, query: str, *values: object) -> Sequence[Any]:
        return plain.rows(self._connection, query, values)


def _signature(row: Sequence[Any], made: Sketch | None, topics: Iterable[str]) -> Signature:
    """Return the signature of a stored entry; without a sketch it is all computed again."""
    guid, title, seen, summary, url, outlet, declared, published, language, mentions = row[2:12]
    entry = Entry(
        guid,
        title,
        from_microseconds(seen),
        summary,
        url,
        outlet,
        declared,
        None if published is None else from_microseconds(published),
    )
    spoken = primary_subtag(language or declared or "") or None
    found = json.loads(mentions) if mentions else ()
    lists = frozenset(one["list"] for one in found) or NOTHING
    vector = None if row[12] is None else Vector.from_bytes(row[12])
    given = given_by(one["text"] for one in found) if topics else NOTHING_GIVEN
    signature = Signature(entry, spoken, frozenset(topics) or NOTHING, lists, vector, given=given)
    return signature if made is None else restore(signature, made)
