"""Whether people hear of an entry that matches a topic, and why.

Silence has to be earned: of what matches a topic only copies may be kept quiet about, and
stories/assign.py says what is one. A copy of what people were told changes the message on the
screen. All else is a first alert, a part of a message not yet sent, or a reply in the thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.config.values import Updates
from watcher.model import (
    Action,
    Addition,
    Adds,
    Assignment,
    Entry,
    News,
    Priority,
    Reason,
    Relation,
)

#: Entries that one message tells of: of more, Telegram's limit leaves some unnamed. So many take
#: 3,355 of its 4,000 units at the least length of a report; the rest is for headline and coverage.
MOST_TOLD = 55
#: What is told though it adds nothing to its story: people did not hear of it, and shall read so.
UNTOLD = News((Addition(Adds.UNTOLD),))


@dataclass(frozen=True, slots=True)
class Ring:
    """One message that was decided for a topic and story: the alert, or a reply in its thread.

    Attributes:
        due: when it may be sent; until then it gathers what else is reported.
        tried: whether a channel was tried, so that it gathers nothing more, whatever the clock
            says; None where nobody sends (a replay): it goes out when it is due.
        told: of how many entries it tells.
        is_shared: whether it is another story's by now, that a correction took this one from: it
            told of it, and shows no more of it.
        is_stuck: whether its message can be changed no more: it was deleted, or its chat moved.
    """

    id: int
    action: Action
    due: datetime
    tried: bool | None = None
    told: int = 1
    is_shared: bool = False
    is_stuck: bool = False

    @property
    def is_full(self) -> bool:
        """Whether a message cannot name one more entry."""
        return self.told >= MOST_TOLD

    @property
    def is_own_alert(self) -> bool:
        """Whether it is the story's own alert, or one of them."""
        return self.action is Action.ALERT and not self.is_shared

    @property
    def can_show_more(self) -> bool:
        """Whether its message, once on a screen, can name more of the story."""
        return self.is_own_alert and not self.is_stuck

    def gathers(self, now: datetime) -> bool:
        """Whether what is reported now can still be a part of it."""
        return self.due > now if self.tried is None else not self.tried


@dataclass(frozen=True, slots=True)
class Policy:
    """How people are to hear of a topic, as the settings have it.

    Attributes:
        priority: high does not wait for the group.
        updates: what the topic wants told after its first alert.
        window: the story window; an older entry is no news.
        backfill: how old an entry may be on a feed's first poll or for a new topic.
        group_wait: how long a first alert gathers.
        reply_intervals: least times between the rings of one story; the last repeats.
    """

    priority: Priority
    updates: Updates
    window: timedelta
    backfill: timedelta
    group_wait: timedelta
    reply_intervals: Sequence[timedelta]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done about one entry for one topic.

    Attributes:
        ring: the ring that was there already and takes the entry in, or whose message changes
            silently because of it; None otherwise.
        due: when the new ring that this decision opens may be sent; None when it opens none.
        news: what the entry adds to its story; None where it opened it.
    """

    action: Action
    reason: Reason
    ring: int | None = None
    due: datetime | None = None
    news: News | None = None

    @property
    def rings(self) -> bool:
        """Whether a message that makes a sound tells of the entry."""
        return self.action in {Action.ALERT, Action.REPLY}

    @property
    def names(self) -> bool:
        """Whether a message names the entry; a copy of what it told only counts in it."""
        return self.rings or (self.action is Action.EDIT and self.reason is not Reason.COPY)

    @property
    def is_barred(self) -> bool:
        """Whether nobody is to hear of the entry, not even who had nothing of its story."""
        quiet = {Reason.COPY, Reason.UPDATES_OFF}
        return self.action is Action.SUPPRESS and self.reason not in quiet


def decide(
    *,
    entry: Entry,
    assignment: Assignment,
    rings: Sequence[Ring],
    policy: Policy,
    now: datetime,
    baseline: bool,
    new_topic: bool,
    muted_until: datetime | None,
    news: News | None,
    is_told: bool,
) -> Decision:
    """Decide about an entry that matches a topic; the same rules serve the daemon and a replay.

    Args:
        entry: what matched.
        assignment: how it relates to its story.
        rings: those of this topic and story, oldest first.
        policy: the topic's.
        now: the clock; in a replay the entry's own time.
        baseline: the feed is polled for the first time.
        new_topic: the topic is new or was changed, and meets entries from before.
        muted_until: when the mute ends that covers the story or the outlet; that of a topic holds
            back what is decided.
        news: what the entry adds to its story; kept with the decision, which says it of an entry
            that adds nothing and is told all the same.
        is_told: whether what a copy repeats was told for this topic to all who are to hear of it.
    """
    barred = _bar(entry, policy, now, baseline, new_topic, muted_until)
    if barred:
        return Decision(Action.SUPPRESS, barred, news=news)
    if not rings:
        wait = timedelta(0) if policy.priority is Priority.HIGH else policy.group_wait
        return Decision(Action.ALERT, Reason.FIRST_REPORT, due=now + wait, news=news)
    if assignment.relation is Relation.COPY and is_told:
        return replace(_repeat(rings, policy.updates), news=news)
    made = _update(_new_by(assignment), rings, policy, now)
    return replace(made, news=UNTOLD if news == News() else news)


def _repeat(rings: Sequence[Ring], updates: Updates) -> Decision:
    """Decide about a copy of what people were told."""
    if updates is Updates.NONE:
        return Decision(Action.SUPPRESS, Reason.COPY)
    return _edit(rings, Reason.COPY)


def _new_by(assignment: Assignment) -> Reason:
    """Return why an entry may be new to people: it says more, or what it repeats reached nobody."""
    is_copy = assignment.relation is Relation.COPY
    return Reason.COPY_OF_UNTOLD if is_copy else Reason.POSSIBLY_NEW


def _update(reason: Reason, rings: Sequence[Ring], policy: Policy, now: datetime) -> Decision:
    """Decide about what may be new of a story that people were told of, or will be."""
    last, updates = rings[-1], policy.updates
    # An alert beside another waits for those channels alone whose message is gone.
    is_beside = last.is_own_alert and any(ring.can_show_more for ring in rings[:-1])
    if updates is Updates.EDIT and is_beside:
        return _edit(rings, reason)
    if not last.gathers(now):
        return _update_of_told(reason, rings, policy, now)
    if updates is Updates.EDIT_REPLY and last.is_full:  # what it cannot name comes right behind it
        return Decision(Action.REPLY, reason, due=max(last.due, now))
    # A message that is still gathering is not an update: what joins it disturbs nobody.
    return Decision(Action.REPLY, Reason.GATHERED, ring=last.id)


def _update_of_told(
    reason: Reason, rings: Sequence[Ring], policy: Policy, now: datetime
) -> Decision:
    """Decide about what may be new of a story whose messages are on their way, or out."""
    if policy.updates is Updates.NONE:
        return Decision(Action.SUPPRESS, Reason.UPDATES_OFF)
    if policy.updates is Updates.EDIT_REPLY:
        return Decision(Action.REPLY, reason, due=_reply_due(rings, policy.reply_intervals, now))
    if _is_changeable(rings):
        return _edit(rings, reason)
    return Decision(Action.ALERT, reason, due=again_due(rings, policy.reply_intervals, now))


def _is_changeable(rings: Sequence[Ring]) -> bool:
    """Whether the alert that the screen shows last of a story can still name more of it."""
    alerts = [ring for ring in rings if ring.is_own_alert]
    return bool(alerts) and alerts[-1].can_show_more


def again_due(
    rings: Sequence[Ring], reply_intervals: Sequence[timedelta], now: datetime
) -> datetime:
    """Return when a message may come in the place of one that can be changed no more.

    It makes a sound as a reply does, and who deletes what was read hears no more of them.

    Args:
        rings: those of its topic and story, oldest first.
        reply_intervals: least times between the rings of one story; the last repeats.
        now: the clock.
    """
    return _next_due(rings, len(rings) - 1, reply_intervals, now)


def _edit(rings: Sequence[Ring], reason: Reason) -> Decision:
    """Let the thread's first message change silently."""
    first = next((ring for ring in rings if ring.can_show_more), rings[0])
    return Decision(Action.EDIT, reason, ring=first.id)


def _bar(
    entry: Entry,
    policy: Policy,
    now: datetime,
    baseline: bool,
    new_topic: bool,
    muted_until: datetime | None,
) -> Reason | None:
    """Return what forbids any message about the entry, whatever its story."""
    is_recent = _is_recent(entry, now - policy.backfill)
    if baseline and not is_recent:
        return Reason.BASELINE
    if entry.time < now - policy.window:
        return Reason.TOO_OLD
    if new_topic and not is_recent:
        return Reason.NEW_TOPIC
    if muted_until is not None and now < muted_until:
        return Reason.MUTED
    return None


def _is_recent(entry: Entry, since: datetime) -> bool:
    """Tell whether the feed dates the entry after `since`; an undated one may be years old.

    One that gives only its day may be as old as that.
    """
    return entry.published is not None and min(entry.published, entry.seen) >= since


def _reply_due(rings: Sequence[Ring], intervals: Sequence[timedelta], now: datetime) -> datetime:
    replies = sum(ring.action is Action.REPLY for ring in rings)
    return _next_due(rings, replies, intervals, now)


def _next_due(
    rings: Sequence[Ring], further: int, intervals: Sequence[timedelta], now: datetime
) -> datetime:
    if not (intervals and rings):
        return now
    interval = intervals[min(further, len(intervals) - 1)]
    # One that is out was due by now at the latest, whatever clock it was planned by.
    return max(now, min(rings[-1].due, now) + interval)
