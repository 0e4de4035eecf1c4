"""One poll's way through the house, in one transaction.

    parsed feed
      -> entries not known yet                       storage
      -> read: topics and entities, with evidence    topics
      -> copy, same story or new                     stories
      -> entry, story and postings                   storage
      -> per matching topic: alert, reply, silence   alerts
      -> decision, ring, deliveries                  storage
      -> the feed's own state                        storage

It calls the others in the right order and decides nothing itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from watcher.alerts.decide import Decision, decide
from watcher.errors import StorageError
from watcher.feeds.parsed import ParsedEntry, ParsedFeed
from watcher.model import Action, Entry
from watcher.service.failpoints import failpoint
from watcher.service.judge import Judgement, judge
from watcher.service.poller import PolledFeed, PollOutcome
from watcher.service.watch import Watch
from watcher.storage.database import Transaction
from watcher.storage.rows import Added

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Taken:
    """What polls brought; `told` has the log values of each decision."""

    entries: int = 0
    stories: int = 0
    alerts: int = 0
    replies: int = 0
    told: list[dict[str, object]] = field(default_factory=list)


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

    def take(self, tx: Transaction, outcome: PollOutcome) -> Taken:
        """Store a poll: its entries, what they mean, and the feed's state."""
        taken = Taken()
        if outcome.parsed:
            _Intake(self, tx, outcome.feed, outcome.parsed, taken).run()
        tx.feeds.save_state(outcome.feed.id, outcome.state, _trouble(outcome))
        failpoint("before_commit")
        return taken


class _Intake:
    """One document on its way in."""

    def __init__(
        self,
        pipeline: Pipeline,
        tx: Transaction,
        feed: PolledFeed,
        parsed: ParsedFeed,
        taken: Taken,
    ) -> None:
        self._watch, self._group_wait = pipeline.watch, pipeline.group_wait
        self._tx, self._feed, self._parsed, self._taken = tx, feed, parsed, taken
        self._now = pipeline.clock()
        self._baseline = not tx.feeds.polled_before(feed.id)
        self._topics_since: Mapping[str, datetime] = tx.topics.all()

    def run(self) -> None:
        if self._parsed.title:
            self._tx.feeds.name(self._feed.id, self._parsed.title)
        known = self._tx.entries.known(self._feed.id, [entry.id for entry in self._parsed.entries])
        fresh = [
            (as_entry(parsed, self._parsed, self._feed, self._now), parsed.author)
            for parsed in self._parsed.entries
            if parsed.id not in known
        ]
        # Oldest first: the first report of an event founds its story.
        for entry, author in sorted(fresh, key=lambda pair: pair[0].time):
            self._take_apart(entry, author)

    def _take_apart(self, entry: Entry, author: str) -> None:
        """Take in one entry; a fault of ours over it must not keep the others from being told."""
        try:
            with self._tx.part():
                self._take(entry, author)
        except StorageError:
            raise
        except Exception:
            log.exception("entry could not be taken in", entry=entry.id, outlet=entry.outlet)

    def _take(self, entry: Entry, author: str) -> None:
        judgement = judge(
            entry,
            self._watch.watchlist,
            self._tx.archive,
            window=self._watch.settings.stories.window,
            topics=self._feed.settings.topics,
        )
        added = self._tx.entries.add(
            self._feed.id,
            entry,
            judgement.reading,
            judgement.assignment,
            judgement.signature.tokens,
            author=author,
        )
        self._tx.archive.remember(added.entry, judgement.signature)
        self._taken.entries += 1
        self._taken.stories += judgement.assignment.story is None
        for match in judgement.reading.matches:
            self._tell(match.topic, judgement, added)

    def _tell(self, topic: str, judgement: Judgement, added: Added) -> None:
        """Decide whether people hear of an entry, and see to it that they do."""
        decision = self._decide(topic, judgement, added.story)
        ring = decision.ring
        if decision.due is not None:
            ring = self._open_ring(topic, decision, decision.due, added)
        elif ring is not None and not self._tx.alerts.gather(ring, added.entry):
            ring = self._open_ring(topic, decision, self._now, added)  # it had just left
        self._tx.alerts.record(added.entry, topic, decision, ring, self._now)
        self._taken.told.append(_log_values(topic, judgement, added, decision, ring))

    def _decide(self, topic_id: str, judgement: Judgement, story: int) -> Decision:
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
            muted_until=self._tx.mutes.until(topic_id, story, self._now, judgement.entry.outlet),
        )

    def _is_new(self, topic_id: str, entry: Entry) -> bool:
        """Whether a topic stands as it does only since after an entry was reported."""
        since = self._topics_since.get(topic_id)  # None: a reload just took the topic away
        return since is not None and since > entry.time

    def _open_ring(self, topic_id: str, decision: Decision, due: datetime, added: Added) -> int:
        self._taken.alerts += decision.action is Action.ALERT
        self._taken.replies += decision.action is Action.REPLY
        return self._tx.alerts.add(
            topic=topic_id,
            story=added.story,
            action=decision.action,
            priority=self._watch.topics[topic_id].priority,
            now=self._now,
            due=due,
            lead=added.entry,
            channels=self._watch.channels_by_topic[topic_id],
        )


def _trouble(outcome: PollOutcome) -> str | None:
    """Return what `feeds list` says of a failed poll; that of our own network is told apart."""
    if outcome.error is None:
        return None
    return f"we seem to be offline: {outcome.error}" if outcome.offline else str(outcome.error)


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
