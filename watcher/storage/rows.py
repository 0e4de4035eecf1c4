"""What the room hands out: frozen values, no rows of the database library.

Numbers (`number`, `story`, `id`) are ours and are never reused; times are aware UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from watcher.alerts.views import Report
from watcher.feeds.schedule import PollState
from watcher.model import (
    Action,
    Assignment,
    Entry,
    Errand,
    Hold,
    News,
    Priority,
    Reading,
    Reason,
    Relation,
)
from watcher.outlets.coverage import Account


class State(StrEnum):
    """Where a delivery stands; MUTED when its time came under a mute of its story or outlet."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    MUTED = "muted"


#: Still to come.
OPEN: Final = (State.PENDING, State.SENDING)


class Outcome(StrEnum):
    """How one try of a delivery ended; LOST when nobody knows.

    The answer was lost, as its error says; without one, the process died before it could say.
    """

    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed and how it fares.

    Attributes:
        active: it stands in the configuration; one that vanished keeps its entries.
        failures: polls that failed in a row.
        entries: how many are stored.
        newest: when its newest entry was first seen.
    """

    id: int
    url: str
    name: str | None
    language: str | None
    active: bool
    added: datetime
    next_due: datetime | None
    last_success: datetime | None
    failures: int
    last_error: str | None
    entries: int
    newest: datetime | None


class Added(NamedTuple):
    """The numbers of an entry that was stored, and of its story."""

    entry: int
    story: int


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry with all that was found out about it."""

    number: int
    feed: int
    entry: Entry
    reading: Reading
    story: int
    relation: Relation
    copy_of: int | None
    score: float
    reason: str

    @property
    def assignment(self) -> Assignment:
        """Return where it was put, and why."""
        return Assignment(self.relation, self.story, self.copy_of, self.score, self.reason)


class ArchivedText(NamedTuple):
    """What a watchlist reads of a stored entry; `language` was found when it came in."""

    number: int
    feed_url: str
    title: str
    summary: str
    language: str | None
    story: int


class Stretch(NamedTuple):
    """A part of the archive: its first and last entry, how many there are, and since when."""

    first: int
    last: int
    entries: int
    begun: datetime

    def pieces(self, size: int) -> list[tuple[int, int]]:
        """Return the numbers from first to last in pieces, each with its own first and last."""
        starts = range(self.first, self.last + 1, size)
        return [(start, min(start + size - 1, self.last)) for start in starts]


class Headline(NamedTuple):
    """What a list of entries shows of one."""

    number: int
    story: int
    seen: datetime
    outlet: str
    language: str | None
    title: str
    url: str


class Neighbour(NamedTuple):
    """A story that another follows, or that follows it; `title` is its first entry's."""

    story: int
    title: str


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story with its entries, in the order they were seen; `title` is the first one's."""

    id: int
    title: str
    founder: int
    entries: int
    topics: tuple[str, ...]
    opened: datetime
    last_seen: datetime
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What was decided about an entry for a topic, and why."""

    entry: int
    topic: str
    action: Action
    reason: Reason
    ring: int | None
    news: News | None = None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """An alert on its way to one channel, or the edits of what arrived there.

    Attributes:
        key: stable over every attempt and restart.
        maybe_sent: an earlier attempt may have arrived.
        bundle: deliveries of one bundle go out as one message.
        waits_for: the alert of its thread that has to go first, and later than this one could.
    """

    id: int
    alert: int
    channel: str
    key: str
    state: State
    attempts: int
    created: datetime
    due: datetime
    maybe_sent: bool
    message_id: str | None
    hold: Hold | None
    bundle: str | None
    last_error: str | None
    sent_at: datetime | None
    kind: Errand
    waits_for: int | None = None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try of a delivery; `outcome` is None while it runs."""

    delivery: int
    started: datetime
    ended: datetime | None
    outcome: Outcome | None
    error: str | None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One ring: a new message or a reply in its thread; `title` is its lead entry's."""

    id: int
    topic: str
    story: int
    action: Action
    priority: Priority
    created: datetime
    due: datetime
    lead: int
    title: str
    entries: int
    deliveries: tuple[DeliveryRow, ...]


@dataclass(frozen=True, slots=True)
class RingView:
    """All that a message about a ring tells, but for the configuration's part.

    Attributes:
        reports: the ring's entries, its lead first, then in the order they came.
        others: of the story's entries that match but are not the ring's nor what a reply tells, the
            first per language.
        accounts: the whole story's entries, in the order they were seen.
        openings: what the thread's first ring could be called by when it went out to the channel,
            as a message chooses: its lead, its other entries, then the others of the story; of a
            reply alone.
        follows: the stories that this one follows, the one just before it first.
    """

    alert: int
    topic: str
    story: int
    action: Action
    priority: Priority
    reports: tuple[Report, ...]
    others: tuple[Report, ...]
    accounts: tuple[Account, ...]
    openings: tuple[Report, ...]
    follows: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that waits, as the decision to hold it needs to see it.

    Attributes:
        due: when it may go, or be looked at again.
        created: when it was decided, or got a new life.
    """

    delivery: int
    alert: int
    channel: str
    priority: Priority
    topic: str
    story: int
    due: datetime
    created: datetime
    hold: Hold | None
    bundle: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message to send now; its lease is committed before anything is sent.

    Attributes:
        key: of the first delivery: stable over restarts.
        deliveries: one, or the several of a bundle, oldest first.
        alerts: their alerts, in the same order.
        attempts: tries so far, this one included.
        created: of the oldest delivery.
        reply_to: the first message of the thread in this channel, or for the first one of a
            thread that of the story it follows; None for a bundle of several.
        thread: stable per topic and story, for channels that group by it.
        is_echo: the channel heard all of it before, for another topic.
        edits: the channel's id of the message to change; None to send one.
        shown: when the message to change went out: it goes on telling ages as of then.
    """

    key: str
    channel: str
    deliveries: tuple[int, ...]
    alerts: tuple[int, ...]
    attempts: int
    created: datetime
    maybe_sent: bool
    hold: Hold | None
    reply_to: str | None
    thread: str
    is_echo: bool = False
    edits: str | None = None
    shown: datetime | None = None


class MessageOf(NamedTuple):
    """A message that tells a channel of an entry, or will; the words are the entry's by now."""

    entry: int
    ring: int
    channel: str
    title: str
    summary: str
    has_left: bool


class SentMessage(NamedTuple):
    """A message at a service, and the alerts that it tells: several for a summary."""

    channel: str
    message_id: str
    alerts: tuple[int, ...]


class Rating(NamedTuple):
    """How many stories a topic told, and how many of them people called wrong, or saw."""

    told: int
    wrong: int
    seen: int

    @property
    def precision(self) -> float | None:
        """The share nobody called wrong: an upper bound, for few alerts get a word at all."""
        return 1 - self.wrong / self.told if self.told else None


#: Whether a feed waits for its host, by its URL, its state and its last good poll, or when it was
#: added: what is long for it the configuration knows.
Waits = Callable[[str, PollState, datetime], bool]


@dataclass(frozen=True, slots=True)
class Queues:
    """What waits for its turn, and how the feeds fare: cheap enough to be asked all the time.

    Attributes:
        feeds_sick: of so many it was told that they fail.
        feeds_waiting: so many do not fail, but their host keeps them from us for long already.
        feeds_stale: so many answer and bring nothing new for longer than is usual.
        last_success: the last good poll of any feed.
        next_poll: when the first feed is due.
        next_delivery: when the first message is due.
        oldest_waiting: when the message that waits longest was decided.
        failing_channels: the channels that were tried and took nothing since, and since when.
        gone_channels: the channels that refused for good, and since when.
        refused_recipients: by channel, who of its recipients is refused for good, and since when.
        waiting_channels: the channels that messages wait for, and how many.
        lost: so many of the dead died since the time that was asked for.
    """

    feeds: int
    feeds_failing: int
    feeds_sick: int
    feeds_waiting: int
    feeds_stale: int
    feeds_never_polled: int
    last_success: datetime | None
    next_poll: datetime | None
    deliveries: Mapping[State, int]
    next_delivery: datetime | None
    oldest_waiting: datetime | None
    failing_channels: Mapping[str, datetime]
    gone_channels: Mapping[str, datetime]
    refused_recipients: Mapping[str, Mapping[str, datetime]]
    waiting_channels: Mapping[str, int]
    lost: int
    database_bytes: int


@dataclass(frozen=True, slots=True)
class Status(Queues):
    """The numbers of one screen; `recent` ones count from the time that was asked for.

    `recent_too_old` are decisions: that nobody hears of an entry, dated long before we saw it.
    """

    entries: int
    recent_entries: int
    stories: int
    recent_stories: int
    alerts: int
    recent_alerts: int
    replies: int
    recent_replies: int
    recent_too_old: int
    last_sent: datetime | None
    revision: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last time that a Watcher worked on a database.

    Attributes:
        once: it was one round, not a daemon.
        ended: None while it runs, and when it was killed.
    """

    once: bool
    started: datetime
    ended: datetime | None


class LastOutage(NamedTuple):
    """What kept a Watcher from all outlets, in a sentence, and since when."""

    since: datetime
    why: str


class Seen(NamedTuple):
    """Where an entry stands among all, in the order in which they were first seen."""

    seen: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Swept:
    """What one bounded step of pruning or retention removed.

    Attributes:
        done: nothing was left.
        last: the last entry looked at, for the next step to go on behind it.
    """

    removed: int
    done: bool
    last: Seen | None = None
