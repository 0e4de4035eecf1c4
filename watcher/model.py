"""The words of the domain as values: what the rooms hand to each other.

All values are frozen; times are aware UTC; scores run from 0 to 100.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

#: Marks the midnight that stands for a date without an hour: no feed dates to the microsecond.
WHOLE_DAY: Final = timedelta(microseconds=1)
#: By then a day that began at midnight UTC is over everywhere: 12 hours west of it last.
_END_OF_DAY: Final = timedelta(hours=36)
_NOON: Final = timedelta(hours=12) - WHOLE_DAY


class Field(StrEnum):
    """A part of an entry that terms are looked for in."""

    TITLE = "title"
    SUMMARY = "summary"

    # The hash of enumerations is written in Python, and evidence is hashed often.
    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed as published, in plain text.

    Attributes:
        id: what the feed (or the items file) calls it; unique within its feed.
        seen: when we first saw it; the clock that freshness rests on.
        published: the feed's own date, never later than `seen` + 1 h; None when it gave none. One
            without an hour is a midnight, marked (see `is_whole_day`).
        language: primary subtag or full BCP 47 tag as declared ("id", "zh-TW"); None if unknown.
    """

    id: str
    title: str
    seen: datetime
    summary: str = ""
    url: str = ""
    outlet: str = ""
    language: str | None = None
    published: datetime | None = None

    @property
    def time(self) -> datetime:
        """When it was reported: the feed's date where it has a sane one, else when we saw it."""
        return reported(self.published, self.seen)

    def text(self, field: Field) -> str:
        """Return the title or the summary."""
        return self.title if field is Field.TITLE else self.summary


def is_whole_day(published: datetime) -> bool:
    """Tell whether a feed's date names a day and no hour, or the midnight that stands for one."""
    return published.microsecond == WHOLE_DAY.microseconds


def reported(published: datetime | None, seen: datetime) -> datetime:
    """Return when an entry was reported, by its feed's date and the moment we first saw it.

    Of a date without an hour the moment we saw it is the best we know, while that day lasts
    anywhere; afterwards its noon, which is of that day nearly everywhere.
    """
    if published is None:
        return seen
    if not is_whole_day(published):
        return min(published, seen)
    return seen if seen < published + _END_OF_DAY else published + _NOON


def primary_subtag(tag: str) -> str:
    """Return the language of a tag, without script and region: "zh" of "zh-TW" or "zh_TW"."""
    return tag.strip().replace("_", "-").partition("-")[0].casefold()


class Rule(StrEnum):
    """What admitted a term at its place: the rules are those of `topics/boundaries.py`."""

    EXACT = "exact"
    CASE_ENDING = "case ending"
    INSIDE = "inside unspaced text"
    PROCLITIC = "Arabic prefix"
    WILDCARD = "wildcard"
    SHORT = "short name beside another list"
    ROLE = "role"
    COUNTRY = "country name"

    __hash__ = str.__hash__  # as above


class Evidence(NamedTuple):
    """One term of one list at one place: a tuple, because a large watchlist makes dozens an entry.

    Attributes:
        list: the entity or word list, or the quoted phrase of a match line (with its quotes).
        term: the term as the watchlist spells it.
        text: what stands in the entry, cut from the original by `start` and `end`.
    """

    list: str
    term: str
    text: str
    field: Field
    start: int
    end: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Match:
    """An entry meets a topic: the evidence, and the one sentence that shows most of it."""

    topic: str
    evidence: tuple[Evidence, ...]
    sentence: tuple[Field, int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the watchlist finds in one entry; only the first three are kept with it.

    Attributes:
        language: the primary subtag that word lists were chosen by; None if unknown.
        mentions: every list found, also of topics that did not match: evidence for the story.
        given: lists without which a topic would not have matched: every entry of it shares them,
            so they tell nothing about the event.
        is_broad: one list alone is enough for its topics.
        word_lists: lists of words among the mentions, not of somebody or somewhere: how things are
            said in one language or another.
        needed: lists of words that a topic could not have matched without: one, or those of which
            each alone would have been enough.
        asked: the topics that match, each with the lists that its line names.
        always: lists without which one of its topics matches no entry at all.
        by_summary: the topics that the title alone would not meet.
    """

    language: str | None
    mentions: tuple[Evidence, ...]
    matches: tuple[Match, ...]
    given: frozenset[str] = field(default=frozenset(), compare=False)
    is_broad: bool = field(default=False, compare=False)
    word_lists: frozenset[str] = field(default=frozenset(), compare=False)
    needed: tuple[frozenset[str], ...] = field(default=(), compare=False)
    asked: tuple[tuple[str, frozenset[str]], ...] = field(default=(), compare=False)
    always: frozenset[str] = field(default=frozenset(), compare=False)
    by_summary: frozenset[str] = field(default=frozenset(), compare=False)


class Relation(StrEnum):
    """How an entry relates to what came before it."""

    NEW = "new"
    COPY = "copy"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where an entry belongs, and why.

    Attributes:
        story: the story it joins; None when it opens one.
        copy_of: the entry (by our number) that it repeats, for a copy.
        score: 0-100, of the decision that was taken.
        reason: one clause for people, e.g. "same title", "ratio 91, same numbers".
        follows: the story that the one it opens follows: the event itself after its preview.
    """

    relation: Relation
    story: int | None
    copy_of: int | None
    score: float
    reason: str
    follows: int | None = None


class Adds(StrEnum):
    """What an entry may add to its story, the most telling first."""

    DENIAL = "denial"
    CORRECTION = "correction"
    ACT = "act"
    OFFICIAL = "official"
    NUMBER = "number"
    UNTOLD = "untold"
    NAME = "name"
    DAY = "day"
    LANGUAGE = "language"
    DOUBT = "doubt"


#: How surely (0-1) each is news: what contradicts or goes on more than what is told more exactly,
#: and another language more than nothing that we can name.
_TELLING: Final = {
    Adds.DENIAL: 0.9,
    Adds.CORRECTION: 0.9,
    Adds.ACT: 0.8,
    Adds.OFFICIAL: 0.7,
    Adds.NUMBER: 0.6,
    Adds.UNTOLD: 0.5,
    Adds.NAME: 0.4,
    Adds.DAY: 0.4,
    Adds.LANGUAGE: 0.3,
    Adds.DOUBT: 0.1,
}


@dataclass(frozen=True, slots=True, order=True)
class Addition:
    """One thing that an entry adds.

    Attributes:
        detail: which one: a number with its unit ("1,000 USD"), an act, an official body, the list
            of a name, a day ("09-13"), a language ("ru"); "" for all else.
    """

    kind: Adds
    detail: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What an entry adds to the story that it joins, the most telling first; a copy adds none."""

    additions: tuple[Addition, ...] = ()

    @property
    def strength(self) -> float:
        """0-100 how surely it is news: the order in which a message tells of several entries."""
        kinds = {addition.kind for addition in self.additions}
        return round(100 * (1 - math.prod(1 - _TELLING[kind] for kind in kinds)), 1)

    @property
    def is_only_language(self) -> bool:
        """Whether all that it adds is another language."""
        return all(addition.kind in {Adds.LANGUAGE, Adds.DOUBT} for addition in self.additions)

    @property
    def is_doubt(self) -> bool:
        """Whether nothing can be named that it adds: it is told because it may add something."""
        return all(addition.kind is Adds.DOUBT for addition in self.additions)


class Action(StrEnum):
    """What is done about an entry that matches a topic.

    An alert and each reply to it is a ring: a message that makes a sound. A topic and story's rings
    are a thread.
    """

    ALERT = "alert"
    REPLY = "reply"
    EDIT = "edit"
    SUPPRESS = "suppress"


class Reason(StrEnum):
    """Why an alert was or was not made."""

    FIRST_REPORT = "first_report"
    POSSIBLY_NEW = "possibly_new"
    GATHERED = "gathered"
    COPY = "copy"
    COPY_OF_UNTOLD = "copy_of_untold"
    UPDATES_OFF = "updates_off"
    MUTED = "muted"
    BASELINE = "baseline"
    NEW_TOPIC = "new_topic"
    TOO_OLD = "too_old"


class Hold(StrEnum):
    """Why a delivery waits before it is sent."""

    GROUP_WAIT = "group_wait"
    REPLY_INTERVAL = "reply_interval"
    QUIET_HOURS = "quiet_hours"
    RATE_LIMITED = "rate_limited"
    DIGEST = "digest"
    MUTED = "muted"


class MuteKind(StrEnum):
    """What a mute silences; a thread is one story for one topic: "kim-putin-summit/12"."""

    STORY = "story"
    TOPIC = "topic"
    CHANNEL = "channel"
    OUTLET = "outlet"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Mute:
    """Silence about something until a time.

    Attributes:
        subject: a story's number, a topic's id, a channel's or an outlet's name.
        made_by: a person's name; None if unknown.
    """

    kind: MuteKind
    subject: str
    until: datetime
    created: datetime
    made_by: str | None = None


class FeedbackKind(StrEnum):
    """What people say of an alert by a button."""

    NOT_TOPIC = "not_topic"
    SEEN = "seen"
    MUTE_STORY = "mute_story"
    SNOOZE = "snooze"
    SOURCES = "sources"


class Errand(StrEnum):
    """What a delivery does: bring a message, or keep one up to date that is on the screen."""

    MESSAGE = "message"
    EDIT = "edit"


class Priority(StrEnum):
    """How much a topic may disturb; high passes quiet hours."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
