"""One poll's way through the house, in one transaction.

    parsed feed
      -> entries not known yet, or known otherwise   storage
      -> read: topics and entities, with evidence    topics
      -> copy, same story or new                     stories
      -> entry, story and postings                   storage
      -> per matching topic: alert, reply, silence   alerts
      -> decision, ring, deliveries                  storage
      -> the feed's own state                        storage

It calls the others in the right order. What is told, and why, they decide; here only what the
database has of it: whether a ring is open still, and who was not told yet.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from watcher.alerts.decide import Decision, decide
from watcher.alerts.mutes import Subject
from watcher.alerts.route import Said, missing, route, still_open
from watcher.errors import StorageError
from watcher.feeds.parsed import ParsedEntry, ParsedFeed
from watcher.feeds.schedule import credited
from watcher.model import Action, Entry, Reason, Relation
from watcher.service.acquaintances import Acquaintances
from watcher.service.again import Again, meet_again, recalled
from watcher.service.encoding import Vectors
from watcher.service.failpoints import failpoint
from watcher.service.judge import Judgement, judge
from watcher.service.log import get_logger
from watcher.service.mutes import put_by
from watcher.service.poller import PolledFeed, PollOutcome
from watcher.service.settle import recognised
from watcher.service.watch import Watch
from watcher.storage.database import Transaction
from watcher.storage.rows import Added, StoredEntry
from watcher.stories.signature import Signature

log = get_logger(__name__)


@dataclass(slots=True)
class Taken:
    """What polls brought; `told` has the log values of each decision.

    `fresh` counts the entries that their feed never had before, also those that others had.
    `failed` counts the entries that a fault of ours kept out: the next poll has to bring them anew.
    `firsts` are alerts for stories that nobody had told of before.
    """

    entries: int = 0
    fresh: int = 0
    failed: int = 0
    stories: int = 0
    alerts: int = 0
    replies: int = 0
    firsts: int = 0
    told: list[dict[str, object]] = field(default_factory=list)
    delays: list[timedelta] = field(default_factory=list)  # from an entry's date to our seeing it

    def add(self, more: "Taken") -> None:
        """Count in what more was brought."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(more, one.name))


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Takes in what polls bring.

    Args:
        watch: settings and compiled watchlist.
        clock: the present time.
        group_wait: how long first alerts gather; the configuration's when None.
    """

    watch: Watch
    clock: Callable[[], datetime]
    group_wait: timedelta | None = None

    def take(self, tx: Transaction, outcome: PollOutcome, vectors: Vectors | None = None) -> Taken:
        """Store a poll: its entries, what they mean, and the feed's state.

        Args:
            tx: the write transaction.
            outcome: what the poll brought.
            vectors: those that `foresee` asked for; None without an encoder.
        """
        taken = Taken()
        if outcome.parsed:
            _Intake(self, tx, outcome.feed, outcome.parsed, taken, vectors).run()
        if outcome.is_poll or not outcome.state.failures:
            tx.feeds.save_state(outcome.feed.id, kept(outcome, taken).state, _trouble(outcome))
        else:
            tx.feeds.put_off(outcome.feed.id, outcome.state)
        failpoint("before_commit")
        return taken

    def foresee(self, tx: Transaction, outcome: PollOutcome, vectors: Vectors) -> None:
        """Ask for every vector that `take` will want, those of watched entries first.

        Nothing is written: the encoder is slow, and the writer must not wait for it.
        """
        if outcome.parsed is None:
            return
        ids = [entry.id for entry in outcome.parsed.entries]
        known = tx.sightings.known(outcome.feed.id, ids)
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
        """Read an entry and find its story, under the configuration in force."""
        window = self.watch.settings.stories.window
        return judge(
            entry, self.watch.watchlist, tx.archive, window=window, topics=topics, vectors=vectors
        )


class _Intake:
    """One document on its way in."""

    def __init__(
        self,
        pipeline: Pipeline,
        tx: Transaction,
        feed: PolledFeed,
        parsed: ParsedFeed,
        taken: Taken,
        vectors: Vectors | None,
    ) -> None:
        self._pipeline, self._vectors = pipeline, vectors
        self._watch, self._group_wait = pipeline.watch, pipeline.group_wait
        self._tx, self._feed, self._parsed, self._total = tx, feed, parsed, taken
        self._now = pipeline.clock()
        self._baseline = not tx.feeds.polled_before(feed.id)
        self._known = Acquaintances(tx, feed.id, parsed)

    def run(self) -> None:
        if self._parsed.title:
            self._tx.feeds.name(self._feed.id, self._parsed.title)
        # Oldest first: the first report of an event founds its story.
        met = [
            (as_entry(parsed, self._parsed, self._feed, self._now), parsed)
            for parsed in self._parsed.entries
        ]
        for entry, parsed in sorted(met, key=lambda pair: pair[0].time):
            self._take_apart(entry, parsed)

    def _take_apart(self, entry: Entry, parsed: ParsedEntry) -> None:
        """Take in one entry; a fault of ours over it must not keep the others from being told."""
        self._taken = Taken()  # its own: what is taken back does not count
        try:
            with self._tx.part():
                self._sort(entry, parsed)
        except StorageError:
            raise
        except Exception:
            self._total.failed += 1
            log.exception("entry could not be taken in", entry=entry.id, outlet=entry.outlet)
        else:
            self._total.add(self._taken)

    def _sort(self, entry: Entry, parsed: ParsedEntry) -> None:
        """Tell a new entry from one that is met again, and from one with nothing new."""
        sighting = self._known.by_id(entry, parsed)
        if sighting and (sighting.entry is None or sighting.reads(entry)):
            return
        if sighting and sighting.entry:
            self._meet_again(entry, sighting.entry, own=sighting.own)
            return
        number = self._known.in_feed(parsed)
        self._taken.fresh += number is None
        if number is None:
            number = self._known.by_address(entry)
        if number is None:
            self._take(entry, parsed.author)
            return
        self._tx.sightings.add(self._feed.id, entry.id, number, self._now)
        self._meet_again(entry, number, own=False)

    def _meet_again(self, entry: Entry, number: int, *, own: bool) -> None:
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
        )
        if own or again.to_tell:
            self._reword(stored, again)
            if own and entry.url not in ("", stored.entry.url):
                self._tx.entries.move(number, entry.url)
        else:
            self._tx.sightings.keep_wording(number, entry.title, entry.summary, self._now)
        for match in again.to_tell:
            self._tell_again(match.topic, again, Added(number, stored.story))
        if own or again.to_tell:
            self._outdate(stored.story)

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
        if entry.published and not self._baseline:
            self._taken.delays.append(self._now - entry.published)
        self._taken.stories += judgement.assignment.story is None
        for match in judgement.reading.matches:
            self._tell(match.topic, judgement, added)
        if judgement.assignment.story is not None:
            self._outdate(added.story)

    def _outdate(self, story: int) -> None:
        """What is on a screen about a story is to show that there is more to it."""
        self._tx.alerts.outdate(
            story,
            topics=self._watch.edited_topics,
            channels=self._watch.editing_channels,
            interval=self._watch.settings.alerts.edit_interval,
            now=self._now,
        )

    def _remember(self, number: int, signature: Signature) -> None:
        self._tx.archive.remember(number, signature)
        if signature.vector is not None:
            self._tx.vectors.add(number, signature.vector)

    def _tell(self, topic: str, judgement: Judgement, added: Added) -> None:
        """Decide whether people hear of an entry, and see to it that they do."""
        decision, ring = self._ring(topic, judgement, added)
        is_first = decision.action is Action.ALERT and judgement.assignment.story is None
        self._taken.firsts += is_first
        self._tx.alerts.record(added.entry, topic, decision, ring, self._now)
        self._taken.told.append(_log_values(topic, judgement, added, decision, ring))

    def _tell_again(self, topic: str, again: Again, added: Added) -> None:
        """Decide the same about an entry met again, unless all heard what it comes back to."""
        judgement = again.said_to(topic)
        if topic in again.repeated and self._all_heard(topic, judgement, added):
            return
        decision, ring = self._ring(topic, judgement, added)
        self._tx.alerts.revise(added.entry, topic, decision, ring, self._now)
        self._taken.told.append(_log_values(topic, judgement, added, decision, ring))

    def _ring(self, topic: str, judgement: Judgement, added: Added) -> tuple[Decision, int | None]:
        """Decide about an entry; return the decision and the ring that tells of it."""
        audience = self._audience(topic, judgement)
        untold = self._untold(topic, judgement, added, audience)
        until = self._tx.mutes.until(topic, added.story, self._now, judgement.entry.outlet)
        decision = self._decide(topic, judgement, added.story, untold is None, until)
        if decision.reason is Reason.MUTED:
            return decision, self._put_by(topic, judgement, added, untold)
        ring = decision.ring
        if not decision.is_barred:
            self._catch_up(topic, added.story, audience)
        if untold is not None and decision.action is Action.REPLY:
            audience = untold
        if decision.due is not None:
            ring = self._open_ring(topic, decision, decision.due, added, audience)
        elif ring is None or decision.action is Action.EDIT:
            self._edit(decision, added)
            if not decision.is_barred:
                self._tell_after_all(topic, added, audience)
        elif not self._tx.alerts.gather(ring, added.entry):  # it had just left
            ring = self._open_ring(topic, decision, self._now, added, audience)
        else:
            self._tx.alerts.reach(
                ring, self._open_to(topic, decision, added.story, audience), self._now
            )
        return decision, ring

    def _put_by(
        self, topic: str, judgement: Judgement, added: Added, untold: Collection[str] | None
    ) -> int | None:
        """Keep a muted entry for those who should hear of it if the mute is taken back.

        A copy of what is kept already needs no message of its own.
        """
        is_copy = judgement.assignment.relation is Relation.COPY
        would = self._decide(topic, judgement, added.story, untold is None, None)
        kept_already = is_copy and self._tx.alerts.hearers(topic, added.entry) is not None
        if untold is None or kept_already or not would.rings:
            return None
        channels = self._open_to(topic, would, added.story, untold)
        ring = self._add_ring(topic, Action.REPLY, self._now, added, channels)
        put_by(
            self._tx, ring, Subject(topic, added.story, "", (judgement.entry.outlet,)), self._now
        )
        return ring

    def _untold(
        self, topic: str, judgement: Judgement, added: Added, audience: Collection[str]
    ) -> tuple[str, ...] | None:
        """Return the channels that were not told what a copy repeats; None where all were.

        Nobody may be there to hear of it, and it is untold all the same.
        """
        if judgement.assignment.relation is not Relation.COPY:
            return tuple(audience)
        hearers = self._tx.alerts.hearers(topic, added.entry)
        left = missing(audience, hearers, self._watch.choosing_channels)
        if hearers is not None and left:
            updates = self._tx.alerts.thread_updates(topic, added.story)
            left = still_open(left, self._watch.settings.channels, Action.REPLY, updates)
        return left if left or hearers is None else None

    def _all_heard(self, topic: str, judgement: Judgement, added: Added) -> bool:
        audience = self._audience(topic, judgement)
        return self._untold(topic, judgement, added, audience) is None

    def _edit(self, decision: Decision, added: Added) -> None:
        """Let a message on the screen name what may be new; copies only count there."""
        if decision.ring is not None and decision.names:
            self._tx.alerts.adopt(decision.ring, added.entry)

    def _catch_up(self, topic: str, story: int, audience: Collection[str]) -> None:
        """Bring the story's alert to channels that choose by entry and had none that they want."""
        choosing = [name for name in audience if name in self._watch.choosing_channels]
        opened = self._alert_of(topic, story) if choosing else None
        if opened is not None:
            late = self._unaware(topic, story, choosing)
            self._tx.alerts.reach(opened, late, self._now)

    def _tell_after_all(self, topic: str, added: Added, audience: Collection[str]) -> None:
        """Bring the story's alert to channels that a mute kept it from, and that heard nothing.

        The entry rings nowhere, as a copy: but of what, where nobody heard it? The mute is over, or
        was another outlet's.
        """
        opened = self._alert_of(topic, added.story)
        untold = self._tx.alerts.untold(opened) if opened is not None else ()
        late = self._unaware(topic, added.story, [name for name in untold if name in audience])
        if opened is not None and late:
            self._tx.alerts.adopt(opened, added.entry)
            self._tx.alerts.tell_after_all(opened, late, self._now)

    def _alert_of(self, topic: str, story: int) -> int | None:
        rings = self._tx.alerts.rings(topic, story)
        return next((ring.id for ring in rings if ring.can_show_more), None)

    def _unaware(self, topic: str, story: int, channels: Collection[str]) -> list[str]:
        """Return those of some channels that had nothing of a thread and wait for nothing."""
        heard = self._tx.alerts.thread_updates(topic, story) if channels else {}
        return [name for name in channels if name not in heard]

    def _audience(self, topic: str, judgement: Judgement) -> tuple[str, ...]:
        """Return the channels that want to hear of an entry."""
        said = Said(
            topic=topic,
            priority=self._watch.topics[topic].priority,
            language=judgement.reading.language or judgement.entry.language,
            tags=self._feed.settings.tags,
        )
        channels = self._watch.channels_by_topic[topic]
        return route(channels, self._watch.settings.channels, said)

    def _open_to(
        self, topic: str, decision: Decision, story: int, audience: Collection[str]
    ) -> tuple[str, ...]:
        """Return the channels of an audience that a ring of this thread goes to."""
        tables = self._watch.settings.channels
        updates = self._tx.alerts.thread_updates(topic, story)
        return still_open(audience, tables, decision.action, updates)

    def _decide(
        self,
        topic_id: str,
        judgement: Judgement,
        story: int,
        is_told: bool,
        muted_until: datetime | None,
    ) -> Decision:
        settings, topic = self._watch.settings, self._watch.topics[topic_id]
        wait = settings.alerts.group_wait if self._group_wait is None else self._group_wait
        return decide(
            entry=judgement.entry,
            assignment=judgement.assignment,
            rings=self._tx.alerts.rings(topic_id, story),
            priority=topic.priority,
            now=self._now,
            window=settings.stories.window,
            backfill=settings.polling.backfill,
            group_wait=wait,
            reply_intervals=settings.alerts.reply_intervals,
            updates=topic.updates or settings.alerts.updates,
            baseline=self._baseline,
            new_topic=self._is_new(topic_id, judgement.entry),
            muted_until=muted_until,
            news=judgement.news,
            is_told=is_told,
        )

    def _is_new(self, topic_id: str, entry: Entry) -> bool:
        """Whether a topic stands as it does only since after an entry was reported."""
        since = self._tx.topics.since(topic_id)  # None: a reload just took the topic away
        return since is not None and since > entry.time

    def _open_ring(
        self,
        topic_id: str,
        decision: Decision,
        due: datetime,
        added: Added,
        audience: Collection[str],
    ) -> int:
        self._taken.alerts += decision.action is Action.ALERT
        self._taken.replies += decision.action is Action.REPLY
        channels = self._open_to(topic_id, decision, added.story, audience)
        return self._add_ring(topic_id, decision.action, due, added, channels)

    def _add_ring(
        self, topic: str, action: Action, due: datetime, added: Added, channels: Collection[str]
    ) -> int:
        return self._tx.alerts.add(
            topic=topic,
            story=added.story,
            action=action,
            priority=self._watch.topics[topic].priority,
            now=self._now,
            due=due,
            lead=added.entry,
            channels=channels,
        )


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


def as_entry(parsed: ParsedEntry, document: ParsedFeed, feed: PolledFeed, now: datetime) -> Entry:
    """Return a parsed entry as the domain sees it; a language hint goes before the feed's word."""
    return Entry(
        id=parsed.id,
        title=parsed.title,
        seen=now,
        summary=parsed.summary,
        url=parsed.link,
        outlet=feed.settings.name or document.title or "",
        language=feed.settings.lang or parsed.language or document.language,
        published=parsed.time,
    )


def _log_values(
    topic: str, judgement: Judgement, added: Added, decision: Decision, ring: int | None
) -> dict[str, object]:
    return {
        "topic": topic,
        "action": str(decision.action),
        "reason": str(decision.reason),
        "story": added.story,
        "entry": added.entry,
        "alert": ring,
        "outlet": judgement.entry.outlet,
        "title": judgement.entry.title,
    }
