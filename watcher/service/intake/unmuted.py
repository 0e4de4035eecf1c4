"""What was reported under a mute that is taken back is told after all, as if it came now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from watcher.alerts.mutes import thread
from watcher.config.settings import FeedTable, Settings
from watcher.model import Mute, MuteKind, Relation
from watcher.service.in_force.watch import Rules
from watcher.service.intake.judge import Judgement
from watcher.service.intake.telling import Telling
from watcher.storage.database import Transaction
from watcher.storage.rows import Added, DecisionRow, FeedRow, StoredEntry
from watcher.stories.signature import sign


def tell_after_all(tx: Transaction, settings: Settings, mute: Mute, now: datetime) -> int:
    """Decide anew about what a mute had nobody hear of, now that it is taken back.

    What another mute covers still, what is too old by now, and what was told since (by another
    outlet, say) stays untold.

    Returns:
        How many messages go out because of it.
    """
    rules, feeds = Rules(settings), {row.id: row for row in tx.feeds.all(inactive=True)}
    tables = {table.url: table for table in settings.feeds}
    opened = set[int]()
    for made, stored in _untold(tx, mute):
        feed = feeds[stored.feed]
        if made.topic in rules.topics and _covers(mute, made.topic, stored, feed):
            telling = _telling(tx, rules, feed, tables.get(feed.url), now)
            ring = _told(tx, telling, made, stored, now)
            opened |= {ring} if ring else set()
    rings = filter(None, map(tx.alerts.get, opened))
    return sum(len(ring.deliveries) for ring in rings)


def _untold(tx: Transaction, mute: Mute) -> Iterator[tuple[DecisionRow, StoredEntry]]:
    made = tx.alerts.muted(mute.created)
    entries = tx.entries.by_numbers([one.entry for one in made])
    yield from ((one, entries[one.entry]) for one in made if one.entry in entries)


def _covers(mute: Mute, topic: str, stored: StoredEntry, feed: FeedRow) -> bool:
    match mute.kind:
        case MuteKind.STORY:
            return mute.subject == str(stored.story)
        case MuteKind.THREAD:
            return mute.subject == thread(topic, stored.story)
        case MuteKind.OUTLET:
            return mute.subject in {stored.entry.outlet, feed.name}
    return False


def _telling(
    tx: Transaction, rules: Rules, feed: FeedRow, table: FeedTable | None, now: datetime
) -> Telling:
    tags = table.tags if table else ()
    return Telling(tx, rules, feed=feed.name or "", tags=tags, now=now, baseline=False)


def _told(
    tx: Transaction, telling: Telling, made: DecisionRow, stored: StoredEntry, now: datetime
) -> int | None:
    """Have an entry told to whom its like was not; return the ring that was opened for it."""
    judgement, added = _judgement(tx, made, stored), Added(stored.number, stored.story)
    if telling.all_heard(made.topic, judgement, added):
        return None
    decision, ring = telling.tell(made.topic, judgement, added)
    tx.alerts.revise(stored.number, made.topic, decision, ring, now)
    return ring if decision.rings and ring != decision.ring else None


def _judgement(tx: Transaction, made: DecisionRow, stored: StoredEntry) -> Judgement:
    """Return what was found out about an entry; one whose like was told by now is a copy."""
    reading, assignment = stored.reading, stored.assignment
    if tx.alerts.hearers(made.topic, stored.number):
        assignment = replace(assignment, relation=Relation.COPY)
    signature = sign(stored.entry, reading)
    return Judgement(stored.entry, reading, signature, assignment, news=made.news)
