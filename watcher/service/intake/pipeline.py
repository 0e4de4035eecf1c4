"""One poll's way through the house, in one transaction; a very long document takes several.

    parsed feed
      -> entries not known yet, or known otherwise   storage
      -> read: topics and entities, with evidence    topics
      -> copy, same story or new                     stories
      -> entry, story and postings                   storage
      -> per matching topic: alert, reply, silence   alerts
      -> decision, ring, deliveries                  storage
      -> the feed's own state                        storage

It calls the others in the right order. What is told, and why, they decide.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Final

from watcher.errors import StorageError
from watcher.feeds.late import is_dated_late
from watcher.feeds.parsed import ParsedEntry, ParsedFeed
from watcher.feeds.schedule import PollState, credited
from watcher.model import Action, Entry, Reason, is_whole_day
from watcher.service.encoder.encoding import Vectors
from watcher.service.failpoints import failpoint
from watcher.service.in_force.watch import Watch
from watcher.service.intake.acquaintances import Acquaintances
from watcher.service.intake.judge import Judgement, judge
from watcher.service.intake.met_again import (
    Again,
    changed_at,
    meet_again,
    recalled,
    repeated_elsewhere,
)
from watcher.service.intake.taken import Rest, Taken
from watcher.service.intake.telling import Telling, outdate
from watcher.service.log import get_logger
from watcher.service.moments import Clock
from watcher.service.polling.settle import gave_way, recognised
from watcher.service.polling.visit import PolledFeed, PollOutcome
from watcher.storage.database import Transaction
from watcher.storage.rows import Added, StoredEntry
from watcher.storage.sightings import Sighting
from watcher.stories.archive import MemoryArchive
from watcher.stories.signature import Signature
from watcher.stories.titles import passed_on_from

log = get_logger(__name__)

#: A document holds the writer no longer at a time: half of the two seconds in which an alert that
#: waits behind it has to leave. Hundreds of entries fit in, more than nearly all feeds show.
LONGEST_TURN_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Takes in what polls bring.

    Args:
        watch: settings and compiled watchlist.
        clock: the present time.
        seconds: a clock that never goes back.
    """

    watch: Watch
    clock: Clock
    seconds: Callable[[], float] = monotonic

    def take(
        self,
        tx: Transaction,
        outcome: PollOutcome,
        vectors: Vectors | None = None,
        before: Taken | None = None,
    ) -> Taken:
        """Store a poll, or as much of it as fits into one turn: what it brought, and what it means.

        The feed's state is stored with the last entry: until then the feed is due still, and was
        never polled if it was not, so that nothing is lost or told that should not be.

        Args:
            tx: the write transaction.
            outcome: what the poll brought.
            vectors: those that `foresee` asked for; None without an encoder.
            before: what its earlier turns came to; to be called with until no `rest` is left.
        """
        end_s = self.seconds() + LONGEST_TURN_S
        taken = before.so_far() if before else Taken()
        if outcome.parsed:
            rest = before.rest if before else None
            intake = _Intake(self, tx, outcome, outcome.parsed, taken, vectors, rest)
            taken.rest = intake.run(end_s)
        if taken.rest is None:
            self._end(tx, outcome, taken)
        failpoint("before_commit")
        return taken

    def _end(self, tx: Transaction, outcome: PollOutcome, taken: Taken) -> None:
        """Store the feed's state."""
        if outcome.is_poll or not outcome.state.failures:
            tx.feeds.save_state(outcome.feed.id, kept(outcome, taken).state, _trouble(outcome))
        else:
            tx.feeds.put_off(outcome.feed.id, outcome.state)

    def foresee(self, tx: Transaction, outcome: PollOutcome, vectors: Vectors) -> None:
        """Ask for every vector that `take` will want, those of watched entries first.

        Nothing is written: the encoder is slow, and the writer must not wait for it.
        """
        if outcome.parsed is None:
            return
        said = {entry.id: (entry.title, entry.summary) for entry in outcome.parsed.entries}
        known = {
            *tx.sightings.known(outcome.feed.id, said),
            *tx.forgotten.among(outcome.feed.id, said),
        }
        fresh = [
            as_entry(parsed, outcome.parsed, outcome.feed, self.clock())
            for parsed in outcome.parsed.entries
            if parsed.id not in known
        ]
        topics = outcome.feed.settings.topics
        for entry in sorted(fresh, key=lambda e: not self.watch.watchlist.read(e, topics).matches):
            self.judge(tx, entry, topics, vectors)

    def judge(
        self,
        tx: Transaction,
        entry: Entry,
        topics: Collection[str] | None,
        vectors: Vectors | None,
    ) -> Judgement:
        """Read an entry and find its story, under the configuration in force.

        A fault of ours in comparing it with others must not silence it: then it is compared with
        none, and opens a story.
        """
        look, window = self.watch.watchlist, self.watch.settings.stories.window
        try:
            return judge(entry, look, tx.archive, window=window, topics=topics, vectors=vectors)
        except StorageError:
            raise
        except Exception:
            log.exception("entry could not be compared", entry=entry.id, outlet=entry.outlet)
            return judge(entry, look, MemoryArchive(), window=window, topics=topics)


class _Intake:
    """One document on its way in, in one transaction."""

    def __init__(
        self,
        pipeline: Pipeline,
        tx: Transaction,
        outcome: PollOutcome,
        parsed: ParsedFeed,
        taken: Taken,
        vectors: Vectors | None,
        rest: Rest | None,
    ) -> None:
        feed = outcome.feed
        self._pipeline, self._vectors = pipeline, vectors
        self._watch, self._tx, self._feed = pipeline.watch, tx, feed
        self._parsed, self._total, self._now = parsed, taken, pipeline.clock()
        self._baseline = not tx.feeds.polled_before(feed.id)
        self._after = None if self._baseline else _last_look(feed.state, self._now)
        self._oldest = self._now - pipeline.watch.settings.stories.window
        self._telling = Telling(
            tx,
            pipeline.watch,
            feed=name_of(feed, parsed),
            tags=feed.settings.tags,
            now=self._now,
            baseline=self._baseline,
        )
        self._known = rest.known if rest else self._acquaintances(outcome)
        self._known.use(tx)
        self._entries = rest.entries if rest else self._sorted()

    def _acquaintances(self, outcome: PollOutcome) -> Acquaintances:
        """Return what is known of the document, by the one before it."""
        last_read = outcome.feed.state.read_at
        return Acquaintances(self._tx, self._feed.id, self._parsed, last_read, gave_way(outcome))

    def _sorted(self) -> Sequence[tuple[Entry, ParsedEntry]]:
        """Return the entries, oldest first: the first report of an event founds its story."""
        met = [
            (as_entry(parsed, self._parsed, self._feed, self._now), parsed)
            for parsed in self._parsed.entries
        ]
        return sorted(self._without_late_dates(met), key=lambda pair: pair[0].time)

    def _without_late_dates(
        self, met: Sequence[tuple[Entry, ParsedEntry]]
    ) -> Sequence[tuple[Entry, ParsedEntry]]:
        """Take away the dates that would have what is new in a feed be too old."""
        late = [e.time < self._oldest and self._known.is_stranger(parsed) for e, parsed in met]
        if (
            self._after is None
            or self._after < self._oldest
            or not any(late)
            or self._known.are_strange
        ):
            return met
        newest = self._tx.sightings.newest(self._feed.id)
        is_wrong = partial(is_dated_late, after=self._after, now=self._now, newest=newest)
        return [
            (replace(e, published=None), parsed) if old and is_wrong(e.time) else (e, parsed)
            for old, (e, parsed) in zip(late, met, strict=True)
        ]

    @property
    def _was_away(self) -> bool:
        """Whether the feed went unpolled for so long that what it brought is too old by now."""
        return not (self._baseline or (self._after and self._after >= self._oldest))

    def run(self, end_s: float) -> Rest | None:
        """Take in entries, one at least, until the turn is over; return what is left."""
        if self._parsed.title:
            self._tx.feeds.name(self._feed.id, self._parsed.title)
        for number, (entry, parsed) in enumerate(self._entries, 1):
            self._take_apart(entry, parsed)
            if number < len(self._entries) and self._pipeline.seconds() >= end_s:
                return Rest(self._entries[number:], self._known)
        return None

    def _take_apart(self, entry: Entry, parsed: ParsedEntry) -> None:
        """Take in one entry; a fault of ours over it must not keep the others from being told."""
        self._taken = Taken()  # its own: what is taken back does not count
        try:
            if self._known.is_forgotten(entry):
                return
            sighting = self._known.by_id(entry, parsed)
            if sighting and sighting.reads(entry):
                return
            with self._tx.part():
                self._sort(entry, parsed, sighting)
        except StorageError:
            raise
        except Exception:
            self._total.failed += 1
            log.exception("entry could not be taken in", entry=entry.id, outlet=entry.outlet)
        else:
            self._total.add(self._taken)

    def _sort(self, entry: Entry, parsed: ParsedEntry, sighting: Sighting | None) -> None:
        """Tell a new entry from one that is met again."""
        if sighting and not self._known.took_over(parsed, sighting):
            self._meet_again(entry, sighting.entry, parsed, own=sighting.own)
            return
        if sighting:
            entry = replace(entry, id=parsed.shared_id)
        number = self._known.in_feed(parsed)
        if number is None:
            found = self._known.by_address(entry)
            self._taken.fresh += found is None or self._feed.id not in found.feeds
            number = None if found is None else found.number
        if number is None:
            self._take(entry, parsed.author)
            return
        self._tx.sightings.add(self._feed.id, entry.id, number, self._now)
        self._meet_again(entry, number, parsed, own=False)

    def _meet_again(self, entry: Entry, number: int, parsed: ParsedEntry, *, own: bool) -> None:
        """Take over an entry's new words, and tell what they add.

        Its own feed has the last word; those of other feeds count once.
        """
        stored = self._tx.entries.get(number)
        earlier = self._tx.sightings.wordings(number)
        if stored is None:
            return
        present = stored.entry.title, stored.entry.summary
        entry = recalled(entry, [*earlier, present])
        if (entry.title, entry.summary) in ([present] if own else earlier):
            return
        again = meet_again(
            entry,
            stored,
            earlier,
            self._watch.watchlist,
            window=self._watch.settings.stories.window,
            topics=self._feed.settings.topics,
            changed=self._changed_at(entry, parsed, present) if own else None,
        )
        if own or again.to_tell:
            self._take_over(stored, again, own=own)
        else:
            self._tx.sightings.keep_wording(number, entry.title, entry.summary, self._now)

    def _changed_at(
        self, entry: Entry, parsed: ParsedEntry, present: tuple[str, str]
    ) -> datetime | None:
        is_redone = self._known.is_redone(parsed) or present == (entry.title, "")
        return changed_at(parsed.published, parsed.updated, self._now, is_redone=is_redone)

    def _take_over(self, stored: StoredEntry, again: Again, *, own: bool) -> None:
        """Store what an entry says now, and tell what of it is news."""
        self._reword(stored, again)
        address = again.judgement.entry.url
        if own and address not in ("", stored.entry.url):
            self._tx.entries.move(stored.number, address)
        window = self._watch.settings.stories.window
        others = repeated_elsewhere(again, stored.number, self._tx.archive, window=window)
        for match in again.to_tell:
            self._tell_again(match.topic, again, Added(stored.number, stored.story), others)
        outdate(self._tx, self._watch, stored.story, self._now)

    def _reword(self, stored: StoredEntry, again: Again) -> None:
        judgement, old = again.judgement, stored.entry
        self._tx.sightings.keep_wording(stored.number, old.title, old.summary, self._now)
        self._tx.entries.reword(
            stored.number, judgement.entry, judgement.reading, judgement.assignment
        )
        self._tx.archive.rewrite(stored.number, judgement.signature)

    def _take(self, entry: Entry, author: str) -> None:
        topics = self._feed.settings.topics
        judgement = self._pipeline.judge(self._tx, entry, topics, self._vectors)
        added = self._tx.entries.add(
            self._feed.id,
            entry,
            judgement.reading,
            judgement.assignment,
            author=author,
        )
        self._tx.archive.add(added.entry, judgement.signature)
        self._remember(added.entry, judgement.signature)
        for member in judgement.placed:
            self._remember(member.entry, member.signature)
        self._taken.entries += 1
        if entry.published and not (self._baseline or is_whole_day(entry.published)):
            self._taken.delays.append(self._now - entry.published)
        self._taken.stories += judgement.assignment.story is None
        for match in judgement.reading.matches:
            self._tell(match.topic, judgement, added)
        if judgement.assignment.story is not None:
            outdate(self._tx, self._watch, added.story, self._now)

    def _remember(self, number: int, signature: Signature) -> None:
        self._tx.archive.remember(number, signature)
        if signature.vector is not None:
            self._tx.vectors.add(number, signature.vector)

    def _tell(self, topic: str, judgement: Judgement, added: Added) -> None:
        """Decide whether people hear of an entry, and see to it that they do."""
        decision, ring = self._telling.tell(topic, judgement, added, self._after)
        is_first = decision.action is Action.ALERT and judgement.assignment.story is None
        self._taken.firsts += is_first
        self._taken.missed += decision.reason is Reason.TOO_OLD and self._was_away
        self._tx.alerts.record(added.entry, topic, decision, ring, self._now)
        self._taken.count(topic, judgement, added, decision, ring)

    def _tell_again(self, topic: str, again: Again, added: Added, others: Collection[int]) -> None:
        """Decide the same about an entry met again, unless all heard what it comes back to.

        Args:
            topic: one that it matches.
            again: what it says now.
            added: where it is stored.
            others: the entries that it repeats by now, in whatever story.
        """
        judgement = again.said_to(topic)
        if topic in again.repeated and self._telling.all_heard(topic, judgement, added):
            return
        after = self._after if again.unheard else None
        decision, ring = self._telling.tell(topic, judgement, added, after, others)
        self._tx.alerts.revise(added.entry, topic, decision, ring, self._now)
        self._taken.count(topic, judgement, added, decision, ring)


def kept(outcome: PollOutcome, taken: Taken) -> PollOutcome:
    """Return the outcome with the state to go on from, by what the database knew of its entries.

    The state has no memory where an entry has to come again.
    """
    outcome = recognised(outcome, taken.fresh)
    state = credited(outcome.state, taken.firsts, outcome.at)
    return outcome._replace(state=state._replace(memory=None) if taken.failed else state)


def _trouble(outcome: PollOutcome) -> str | None:
    """Return what `feeds list` says of a failed poll; that of our own network is told apart.

    A feed of which an older page cannot be read is well.
    """
    if outcome.offline:
        return f"we seem to be offline: {outcome.error}"
    if outcome.error is None or outcome.feed.state.page is not None:
        return None
    return str(outcome.error)


def _last_look(state: PollState, now: datetime) -> datetime | None:
    """Return when a feed did not have yet what is new in it; None for a page of its past."""
    last = state.last_success
    return last if last is not None and last <= now and state.page is None else None


def name_of(feed: PolledFeed, document: ParsedFeed) -> str:
    """Return what a feed is called: as its table names it, else as it calls itself."""
    return feed.settings.name or document.title or ""


def as_entry(parsed: ParsedEntry, document: ParsedFeed, feed: PolledFeed, now: datetime) -> Entry:
    """Return a parsed entry as the domain sees it; a language hint goes before the feed's word.

    What an aggregator passes on is from the outlet that published it.
    """
    source = passed_on_from(parsed.title, parsed.link, parsed.source)
    return Entry(
        id=parsed.id,
        title=parsed.title,
        seen=now,
        summary=parsed.summary,
        url=parsed.link,
        outlet=source or name_of(feed, document),
        language=feed.settings.lang or parsed.language or document.language,
        published=parsed.time,
    )
