"""Which stored entries a document shows again: by their ids, headings or addresses."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cached_property

from watcher.feeds.parsed import ParsedEntry, ParsedFeed
from watcher.feeds.same_entry import (
    Edit,
    Heading,
    Namesake,
    Page,
    are_strange,
    by_heading,
    edit,
    heading,
    new_template,
    same_entry,
    stood,
    took_over,
)
from watcher.feeds.urls import canonical_url, is_opaque
from watcher.model import Entry
from watcher.storage.database import Transaction
from watcher.storage.sightings import Sighting


class Acquaintances:
    """The entries of one document that are known.

    Args:
        tx: the transaction in which they are looked up.
        feed: our number of the document's feed.
        parsed: the document.
        last_read: when the feed's document before came; None if there was none.
        gone: the keys of those of its entries that this one lacks, see `gave_way`.
    """

    def __init__(
        self,
        tx: Transaction,
        feed: int,
        parsed: ParsedFeed,
        last_read: datetime | None,
        gone: Collection[bytes],
    ) -> None:
        self._tx, self._feed, self._parsed = tx, feed, parsed
        self._last_read = last_read
        said = {entry.id: (entry.title, entry.summary) for entry in parsed.entries}
        self._forgotten = tx.forgotten.among(feed, said)
        self._known = tx.sightings.known(feed, said)
        self._strangers = sum(map(self.is_stranger, parsed.entries))
        self._headings = self._known_headings()
        self._renamed = gone if self._are_renamed(gone) else ()

    def use(self, tx: Transaction) -> None:
        """Go on in a later transaction that takes in more of the document.

        Its ids are as strange as they were when it came, though the first of its entries are stored
        by now.
        """
        self._tx = tx

    @property
    def are_strange(self) -> bool:
        """Whether so many of the document's ids are unknown that they may be new, not the rest."""
        return are_strange(self._strangers, len(self._parsed.entries) + len(self._parsed.known))

    def is_stranger(self, parsed: ParsedEntry) -> bool:
        """Tell whether an entry's id is unknown, now that the document came."""
        return parsed.id not in self._known and parsed.id not in self._forgotten

    def is_forgotten(self, entry: Entry) -> bool:
        """Tell whether an entry was let go of, and says nothing else since."""
        return entry.id in self._forgotten

    def by_id(self, entry: Entry, parsed: ParsedEntry) -> Sighting | None:
        """Return what an entry's id stands for; None if it is not known.

        An id that entries shared may come back with one of them alone: with other words than the
        one that had it first, it is the one that is stored as sharing it.
        """
        known = self._known.get(entry.id)
        if known is None or known.reads(entry):
            return known
        sharing = self._look_up(parsed.shared_id) if entry.id == parsed.lone_id else None
        return sharing or known

    def took_over(self, parsed: ParsedEntry, sighting: Sighting) -> bool:
        """Tell whether an entry has an id that another one had, and its own is `shared_id`.

        Without that no name would be left for it.
        """
        if not parsed.shared_id or sighting.title == parsed.title:
            return False
        stored = self._tx.entries.get(sighting.entry)
        if stored is None or stored.feed != self._feed:
            return False
        had = Page(stored.entry.title, stored.entry.url)
        return took_over(Page(parsed.title, parsed.link), had, self._sharing)

    def in_feed(self, parsed: ParsedEntry) -> int | None:
        """Return the entry of the same feed that one with an unknown id is; None if it had none."""
        key = heading(parsed.title, parsed.time)
        return self._headings[key] if key and key in self._headings else self._once_alone(parsed)

    def by_address(self, entry: Entry) -> Namesake | None:
        """Return the entry of any feed that one with an unknown id is, by its address."""
        namesakes = self._tx.sightings.namesakes(entry.url)
        if not namesakes:
            return None
        sharing = self._sharing[canonical_url(entry.url)]
        return same_entry(
            self._feed,
            entry.title,
            entry.url,
            namesakes,
            published=entry.published,
            last_read=self._last_read,
            renamed=self._renamed,
            shared=sharing > 1,
        )

    def is_redone(self, parsed: ParsedEntry) -> bool:
        """Tell whether nothing is new in a known entry but how its feed writes its entries."""
        return self._edits.get(parsed.id) in self._template

    @cached_property
    def _template(self) -> Collection[Edit]:
        met = sum(one.id in self._known for one in self._parsed.entries)
        return new_template(self._edits.values(), met + len(self._parsed.known))

    @cached_property
    def _edits(self) -> Mapping[str, Edit]:
        """What was edited in each known entry that reads otherwise: made once, as it takes long."""
        met = (one for one in self._parsed.entries if one.id in self._known)
        return {one.id: self._edit(one) for one in met if not self._known[one.id].reads(one)}

    def _edit(self, parsed: ParsedEntry) -> Edit:
        known = self._known[parsed.id]
        return edit(f"{known.title}\n{known.summary}", f"{parsed.title}\n{parsed.summary}")

    @cached_property
    def _sharing(self) -> Counter[str]:
        """How many entries of the document have a page's address."""
        return Counter(canonical_url(other.link) for other in self._parsed.entries)

    def _once_alone(self, parsed: ParsedEntry) -> int | None:
        """Return the entry that had an id to itself which others now have too, if this is it."""
        if parsed.id == parsed.lone_id:
            return None
        known = self._look_up(parsed.lone_id)
        stored = self._tx.entries.get(known.entry) if known else None
        if stored is None:
            return None
        had = _mark(stored.entry.title, stored.entry.published, stored.entry.summary)
        alike = (
            one
            for one in self._parsed.entries
            if one.lone_id == parsed.lone_id and _mark(one.title, one.time, one.summary) == had
        )
        return stored.number if next(alike, None) is parsed else None

    def _are_renamed(self, gone: Collection[bytes]) -> bool:
        """Whether so many of the last document's undated entries have other ids in this one.

        They are asked before the first is stored; where most ids are known nobody has to look.
        """
        if not (gone and self.are_strange):
            return False
        undated = (one for one in self._parsed.entries if not one.time and self.is_stranger(one))
        named = ((one.title, self._tx.sightings.namesakes(one.link)) for one in undated)
        renamed = sum(stood(self._feed, title, stored, gone) for title, stored in named)
        return are_strange(renamed, len(self._parsed.entries) + len(self._parsed.known))

    def _look_up(self, id_: str) -> Sighting | None:
        return self._tx.sightings.known(self._feed, [id_]).get(id_) if id_ else None

    def _known_headings(self) -> Mapping[Heading, int]:
        """Return the feed's entries by title and date, where its ids are of no use.

        Some outlets make up ids and addresses for every answer, others change all of theirs once.
        Google News gives some of its entries others, and their addresses with them; an entry
        without an address has nothing else either.
        """
        entries = self._parsed.entries
        strangers = [entry for entry in entries if self.is_stranger(entry)]
        if not self.are_strange:
            strangers = [one for one in strangers if not one.link or is_opaque(one.link)]
        dates = [entry.time for entry in strangers if entry.time]
        if not dates:
            return {}
        stored = self._tx.sightings.dated(self._feed, min(dates), max(dates))
        present = {sighting.entry for sighting in self._known.values()}
        here = (heading(entry.title, entry.time) for entry in entries)
        known = by_heading(stored, present, here)
        asked = {heading(entry.title, entry.time) for entry in strangers}
        return {key: number for key, number in known.items() if key in asked}


def _mark(title: str, time: datetime | None, summary: str) -> tuple[str, datetime | None, str]:
    """Return what tells entries of one id apart; words of a summary where a heading cannot."""
    return title, time, "" if title and time else summary
