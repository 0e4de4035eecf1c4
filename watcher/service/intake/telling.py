"""Having people told of an entry, or not: the decision, and the ring and deliveries that it needs.

What is told, and why, `alerts` decides; here only what the database has of it: whether a ring is
open still, and who was not told yet.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain

from watcher.alerts.decide import Decision, Ring, again_due, decide
from watcher.alerts.route import Said, missing, read_languages, route, still_open, unreached
from watcher.alerts.views import choose_report, is_in
from watcher.config.values import Updates
from watcher.model import Action, Entry, Reason, Relation
from watcher.service.in_force.watch import Rules
from watcher.service.intake.judge import Judgement
from watcher.service.intake.met_again import repeats
from watcher.storage.database import Transaction
from watcher.storage.rows import Added, MessageOf


def outdate(tx: Transaction, rules: Rules, story: int, now: datetime) -> None:
    """What is on a screen about a story is to show what there is to it by now."""
    tx.edits.outdate(
        story,
        topics=rules.edited_topics,
        channels=rules.editing_channels,
        interval=rules.settings.alerts.edit_interval,
        now=now,
    )


class Telling:
    """Tells of the entries of one document.

    Args:
        tx: the transaction in which they are taken in.
        rules: what the settings say of topics and channels.
        feed: its name.
        tags: those of the feed.
        now: the present time.
        baseline: the feed is polled for the first time.
    """

    def __init__(
        self,
        tx: Transaction,
        rules: Rules,
        *,
        feed: str,
        tags: Collection[str],
        now: datetime,
        baseline: bool,
    ) -> None:
        self._tx, self._rules, self._feed, self._tags = tx, rules, feed, tags
        self._now, self._baseline = now, baseline

    def tell(
        self,
        topic: str,
        judgement: Judgement,
        added: Added,
        after: datetime | None = None,
        others: Collection[int] = (),
    ) -> tuple[Decision, int | None]:
        """Decide about an entry; return the decision and the ring that tells of it.

        Args:
            topic: the one that it matches.
            judgement: of its words.
            added: where it is stored.
            after: when its feed did not say it yet; None where nobody knows.
            others: the entries whose report its words are since it was edited, in whatever story;
                who has a message of that report is not told again.
        """
        audience = self._audience(topic, judgement)
        messages = self._messages(topic, judgement, others)
        if messages:
            left = unreached(audience, messages)
            if not left:
                return Decision(Action.SUPPRESS, Reason.COPY), None
            if not self._opens_for_edits(topic, added.story):
                audience = left
        return self._tell(topic, judgement, added, after, audience)

    def _messages(
        self, topic: str, judgement: Judgement, others: Collection[int]
    ) -> Mapping[str, bool]:
        """Return the channels with a message of what an entry and others say.

        Each with whether that message has left: until then its words may change.
        """
        found = dict[str, bool]()
        for message in chain.from_iterable(self._tx.alerts.messages_of(topic, n) for n in others):
            if not found.get(message.channel) and self._says(topic, judgement, others, message):
                found[message.channel] = message.has_left
        return found

    def _says(
        self, topic: str, judgement: Judgement, others: Collection[int], message: MessageOf
    ) -> bool:
        """Tell whether a message bears what an entry and others say.

        What these, or their copies, said before is not that, where replies tell what is new.
        """
        if self._rules.updates(topic) is not Updates.EDIT_REPLY:
            return True
        number, present = message.entry, (message.title, message.summary)
        words = self._tx.alerts.words_borne(number, message.ring, message.channel)
        return (number in others and words is None) or repeats(judgement, words or present)

    def _tell(
        self,
        topic: str,
        judgement: Judgement,
        added: Added,
        after: datetime | None,
        audience: Collection[str],
    ) -> tuple[Decision, int | None]:
        untold = self._untold(topic, judgement, added, audience)
        decision = self._decide(topic, judgement, added.story, after, is_told=untold is None)
        ring = decision.ring
        if not decision.is_barred:
            self._catch_up(topic, added.story, audience)
        if untold is not None and decision.action is Action.REPLY:
            audience = untold
        if decision.action is Action.REPLY:
            audience = self._unheaded(topic, judgement, added, audience)
        if decision.action is Action.ALERT and decision.reason is not Reason.FIRST_REPORT:
            audience = self._stranded(topic, added.story, audience) or audience
        if decision.due is not None:
            ring = self._open_ring(topic, decision, decision.due, added, audience)
        elif ring is None or decision.action is Action.EDIT:
            self._edit(topic, decision, added, audience if untold is None else untold)
            if not decision.is_barred:
                self._tell_after_all(topic, added, audience)
        elif not self._tx.alerts.gather(ring, added.entry):  # it had just left
            ring = self._open_ring(topic, decision, self._now, added, audience)
        else:
            late = self._open_to(topic, decision.action, added.story, audience)
            if self._rules.updates(topic) is Updates.EDIT:  # it may be for some alone: see `_edit`
                late = tuple(self._unaware(topic, added.story, late))
            self._tx.alerts.reach(ring, late, self._now)
        return decision, ring

    def _untold(
        self, topic: str, judgement: Judgement, added: Added, audience: Collection[str]
    ) -> tuple[str, ...] | None:
        """Return the channels that were not told what a copy repeats; None where all were.

        Nobody may be there to hear of it, and it is untold all the same.
        """
        if judgement.assignment.relation is not Relation.COPY:
            return tuple(audience)
        hearers = self._tx.alerts.hearers(topic, added.entry)
        left = missing(audience, hearers, self._rules.choosing_channels)
        if hearers is not None and left:
            left = self._unheaded(topic, judgement, added, left)
            left = self._open_to(topic, Action.REPLY, added.story, left)
        return left if left or hearers is None else None

    def all_heard(self, topic: str, judgement: Judgement, added: Added) -> bool:
        """Tell whether all who want to hear of an entry were told what it says."""
        audience = self._audience(topic, judgement)
        return self._untold(topic, judgement, added, audience) is None

    def _edit(
        self, topic: str, decision: Decision, added: Added, audience: Collection[str]
    ) -> None:
        """Let a message on the screen name what may be new; copies only count there.

        Where that message is gone another names it that is in its place, or one to come.
        """
        if decision.ring is None or not decision.names:
            return
        shown = self._shown_in(topic, added.story, audience)
        for ring in {decision.ring, *filter(None, shown.values())}:
            self._tx.alerts.adopt(ring, added.entry)
        stranded = [name for name, ring in shown.items() if ring is None]
        if stranded:
            self._open_again(topic, added, stranded)

    def _open_again(self, topic: str, added: Added, channels: Collection[str]) -> None:
        intervals = self._rules.settings.alerts.reply_intervals
        threads = [self._tx.alerts.rings(topic, added.story, name) for name in channels]
        due = max(again_due(rings, intervals, self._now) for rings in threads)
        self._open(topic, Action.ALERT, due, added, channels)

    def _stranded(self, topic: str, story: int, audience: Collection[str]) -> tuple[str, ...]:
        """Return the channels of an audience whose message of a story can be changed no more."""
        shown = self._shown_in(topic, story, audience)
        return tuple(name for name, ring in shown.items() if ring is None)

    def _shown_in(
        self, topic: str, story: int, audience: Collection[str]
    ) -> Mapping[str, int | None]:
        """Return what can be changed in each editing channel; only edits alone depend on it."""
        if self._rules.updates(topic) is not Updates.EDIT:
            return {}
        own = [ring.id for ring in self._tx.alerts.rings(topic, story) if ring.is_own_alert]
        editing = [name for name in audience if name in self._rules.editing_channels]
        return self._tx.lost.shown_in(own, editing)

    def _catch_up(self, topic: str, story: int, audience: Collection[str]) -> None:
        """Bring the story's alert to channels that choose by entry and had none that they want."""
        choosing = [name for name in audience if name in self._rules.choosing_channels]
        opened = self._alert_of(topic, story) if choosing else None
        if opened is not None:
            late = self._unaware(topic, story, choosing)
            self._tx.alerts.reach(opened, late, self._now)

    def _unheaded(
        self, topic: str, judgement: Judgement, added: Added, audience: Collection[str]
    ) -> tuple[str, ...]:
        """Return an audience without those whose alert of the story bears what an entry says.

        It was lent that headline, as the first one in the language that they like best.
        """
        opened = self._alert_of(topic, added.story)
        choosing = self._rules.choosing_channels.intersection(audience)
        if opened is None or not choosing:
            return tuple(audience)
        alike, reached = self._tx.alerts.alike(added.entry), self._tx.alerts.reached(opened)
        headed = {
            name for name in choosing & reached if self._bears(opened, name, judgement, alike)
        }
        return tuple(name for name in audience if name not in headed)

    def _bears(
        self, alert: int, channel: str, judgement: Judgement, alike: Collection[int]
    ) -> bool:
        """Tell whether an alert bears in a channel what an entry says, or one of its like."""
        heading = self._heading(alert, channel)
        if heading is None or heading not in alike:
            return False
        words = self._tx.alerts.words_borne(heading, alert, channel)
        return words is None or repeats(judgement, words)

    def _heading(self, alert: int, channel: str) -> int | None:
        """Return the entry whose headline an alert bears in a channel; None if that may change.

        Until it goes out, another entry may lend it one in a language that is liked better.
        """
        settings = self._rules.settings
        only = settings.channels[channel].only
        best = read_languages(only, settings.watcher.languages)[:1]
        found = choose_report(self._tx.alerts.headings(alert, channel), best)
        return found.number if is_in(found, best) else None

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

    def _opens_for_edits(self, topic: str, story: int) -> bool:
        """Whether a story has no alert yet to which edits alone will add what comes next."""
        is_edited = self._rules.updates(topic) is Updates.EDIT
        return is_edited and self._alert_of(topic, story) is None

    def _alert_of(self, topic: str, story: int) -> int | None:
        rings = self._tx.alerts.rings(topic, story)
        return next((ring.id for ring in rings if ring.is_own_alert), None)

    def _unaware(self, topic: str, story: int, channels: Collection[str]) -> list[str]:
        """Return those of some channels that had nothing of a thread and wait for nothing."""
        heard = self._tx.alerts.thread_updates(topic, story) if channels else {}
        return [name for name in channels if name not in heard]

    def _audience(self, topic: str, judgement: Judgement) -> tuple[str, ...]:
        """Return the channels that want to hear of an entry."""
        said = Said(
            topic=topic,
            priority=self._rules.topics[topic].priority,
            language=judgement.reading.language or judgement.entry.language,
            tags=self._tags,
        )
        channels = self._rules.channels_by_topic[topic]
        return route(channels, self._rules.settings.channels, said)

    def _open_to(
        self, topic: str, action: Action, story: int, audience: Collection[str]
    ) -> tuple[str, ...]:
        """Return the channels of an audience that such a ring of this thread goes to."""
        tables = self._rules.settings.channels
        updates = self._tx.alerts.thread_updates(topic, story)
        return still_open(audience, tables, action, updates)

    def _decide(
        self,
        topic: str,
        judgement: Judgement,
        story: int,
        after: datetime | None,
        *,
        is_told: bool,
    ) -> Decision:
        outlets, policy = (judgement.entry.outlet, self._feed), self._rules.policy(topic)
        return decide(
            entry=judgement.entry,
            assignment=judgement.assignment,
            rings=self._rings(topic, story, policy.updates),
            policy=policy,
            now=self._now,
            baseline=self._baseline,
            new_topic=self._is_new(topic, judgement.entry, after),
            muted_until=self._tx.mutes.until(topic, story, self._now, outlets),
            news=judgement.news,
            is_told=is_told,
        )

    def _rings(self, topic: str, story: int, updates: Updates) -> tuple[Ring, ...]:
        """Return a thread's rings; where edits alone tell more, with those that no edit reaches."""
        rings = self._tx.alerts.rings(topic, story)
        if updates is not Updates.EDIT:
            return rings
        numbers = [ring.id for ring in rings]
        stuck = self._tx.lost.unchangeable(numbers, self._rules.editing_channels)
        return tuple(replace(ring, is_stuck=ring.id in stuck) for ring in rings)

    def _is_new(self, topic: str, entry: Entry, after: datetime | None) -> bool:
        """Whether a topic stands as it does only since after an entry was reported.

        What the feed did not say yet when the topic stood, or lately, is not from before, whatever
        its date: some feeds give the day alone, or an hour of a zone that they do not name.
        """
        since = self._tx.topics.since(topic)
        if since is None:  # a reload just took the topic away
            return False
        lately = self._now - self._rules.settings.polling.backfill
        if after is not None and after >= min(since, lately):
            return False
        return since > min(entry.published or entry.seen, entry.seen)

    def _open_ring(
        self,
        topic: str,
        decision: Decision,
        due: datetime,
        added: Added,
        audience: Collection[str],
    ) -> int:
        channels = self._open_to(topic, decision.action, added.story, audience)
        return self._open(topic, decision.action, due, added, channels)

    def _open(
        self, topic: str, action: Action, due: datetime, added: Added, channels: Collection[str]
    ) -> int:
        return self._tx.alerts.add(
            topic=topic,
            story=added.story,
            action=action,
            priority=self._rules.topics[topic].priority,
            now=self._now,
            due=due,
            lead=added.entry,
            channels=channels,
        )
