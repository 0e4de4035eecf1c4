"""What a message shows, gathered from the database: the input of render."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from watcher.model import (
    Action,
    Evidence,
    Field,
    Hold,
    News,
    Priority,
    Reason,
    Relation,
    primary_subtag,
)
from watcher.outlets.coverage import Coverage


@dataclass(frozen=True, slots=True)
class Report:
    """One entry as a message tells of it.

    Attributes:
        number: our number of the entry.
        sentence: where the sentence with most of the evidence stands; None if unknown.
        news: what it adds to the story; None where it opened it, or nobody asked.
        decided: why it is told or not; None if unknown.
    """

    number: int
    title: str
    url: str
    outlet: str
    language: str | None
    time: datetime
    summary: str
    evidence: tuple[Evidence, ...]
    sentence: tuple[Field, int, int] | None
    relation: Relation
    news: News | None = None
    decided: Reason | None = None

    @property
    def only_counts(self) -> bool:
        """Whether it is a copy of what is told: messages do not name it."""
        is_new = self.decided in {Reason.COPY_OF_UNTOLD, Reason.GATHERED}
        return self.relation is Relation.COPY and not is_new

    def text(self, field: Field) -> str:
        """Return the title or the summary."""
        return self.title if field is Field.TITLE else self.summary


def choose_report(reports: Sequence[Report], languages: Sequence[str]) -> Report:
    """Return the report to show: the first in the reader's best language, else the leading one."""
    for language in languages:
        for report in reports:
            if is_in(report, (language,)):
                return report
    return reports[0]


def is_in(report: Report, languages: Collection[str]) -> bool:
    """Tell whether a report is in one of some languages, whatever their scripts and regions."""
    if not report.language:
        return False
    return primary_subtag(report.language) in map(primary_subtag, languages)


@dataclass(frozen=True, slots=True)
class View:
    """One ring: an alert, or a reply in its thread.

    Attributes:
        topic: the topic's id.
        reports: what the ring tells of, the leading one first; never empty.
        coverage: who has told the story so far.
        labels: entity and word list names -> what people read ("kim" -> "Kim Jong Un").
        zone: in which times are shown.
        reader_languages: best first; the headline is shown in one of them when a report has it.
        opening: the headline that the story's alert went out with to this channel, as it was shown:
            e-mail threads keep its subject.
        others: further entries of the story that no reply tells of, which lend an alert a headline
            that its reader can read.
        follows: (story, first headline) of what this story comes after, the nearest first: an
            alert of the event itself says that it follows its preview.
    """

    topic: str
    topic_name: str
    priority: Priority
    story: int
    action: Action
    reports: tuple[Report, ...]
    coverage: Coverage
    labels: Mapping[str, str]
    zone: ZoneInfo
    now: datetime
    reader_languages: tuple[str, ...] = ()
    opening: str = ""
    others: tuple[Report, ...] = ()
    follows: tuple[tuple[int, str], ...] = ()

    @property
    def shown(self) -> Report:
        """The report whose headline is shown: in the reader's best language, else the lead."""
        lenders = self.others if self.action is Action.ALERT else ()
        return choose_report((*self.reports, *lenders), self.reader_languages)

    @property
    def named(self) -> tuple[Report, ...]:
        """The reports that a message names: a reply all of them, an alert no copies."""
        if self.action is Action.REPLY:
            return self.reports
        return tuple(r for r in self.reports if r is self.reports[0] or not r.only_counts)


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message: its label, and what it carries back when it is pressed."""

    text: str
    data: str


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one channel.

    Attributes:
        key: stable per delivery, e.g. "a12-desk"; what makes a repeat recognisable.
        views: one, or several for a digest.
        hold: why it waited, if it did.
        possible_repeat: an earlier try may have arrived.
        reply_to: the channel's id of the thread's first message.
        thread: stable per topic and story.
        keyboard: the rows of buttons under it, for channels that have some.
        is_last: no other reply of the story comes to this channel.
        is_echo: the channel heard all of it before, for another topic: it needs no second sound.
    """

    key: str
    views: tuple[View, ...]
    hold: Hold | None = None
    possible_repeat: bool = False
    reply_to: str | None = None
    thread: str = ""
    keyboard: Keyboard = ()
    is_last: bool = False
    is_echo: bool = False

    @property
    def is_digest(self) -> bool:
        """Whether it tells of several rings."""
        return len(self.views) > 1
