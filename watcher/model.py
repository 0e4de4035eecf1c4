"""The words of the design as values: what the rooms hand to each other.

All values are frozen; times are aware UTC; scores run from 0 to 100.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Field(StrEnum):
    """A part of an entry that terms are looked for in."""

    TITLE = "title"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed as published, in plain text.

    Attributes:
        id: what the feed (or the items file) calls it; unique within its feed.
        seen: when we first saw it; the clock that freshness rests on.
        published: the feed's own date, never later than `seen` + 1 h; None when it gave none.
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
        return min(self.published, self.seen) if self.published else self.seen

    def text(self, field: Field) -> str:
        """Return the title or the summary."""
        return self.title if field is Field.TITLE else self.summary


class Rule(StrEnum):
    """What admitted a term at its place (research: topics, section 2.3)."""

    EXACT = "exact"
    CASE_ENDING = "case ending"
    INSIDE = "inside unspaced text"
    PROCLITIC = "Arabic prefix"
    WILDCARD = "wildcard"
    SHORT = "short name beside another list"
    ROLE = "role"
    COUNTRY = "country name"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One term of one list at one place.

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
    """What the watchlist finds in one entry.

    Attributes:
        language: the primary subtag that word lists were chosen by; None if unknown.
        mentions: every list found, also of topics that did not match: evidence for the story.
    """

    language: str | None
    mentions: tuple[Evidence, ...]
    matches: tuple[Match, ...]


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
    """

    relation: Relation
    story: int | None
    copy_of: int | None
    score: float
    reason: str


class Action(StrEnum):
    """What is done about an entry that matches a topic."""

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


class Priority(StrEnum):
    """How much a topic may disturb; high passes quiet hours."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
