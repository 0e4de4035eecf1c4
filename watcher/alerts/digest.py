"""The lines of a digest: several held rings in one message, stories grouped by topic.

A mail shows all of it. Where a message has a limit, a digest says less of every story before it
leaves one out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.alerts.adds import clause, says_more, telling_first
from watcher.alerts.bars import blocks, heights
from watcher.alerts.clean import clean, isolate, shown_host
from watcher.alerts.compose import (
    LISTED_UNITS,
    OPENING_UNITS,
    POSSIBLE_REPEAT,
    STORY,
    WHY_HELD,
    amid,
    byline,
    listed,
    topic_name,
)
from watcher.alerts.credits import counts, officials, spread
from watcher.alerts.evidence import headline, headline_text
from watcher.alerts.lines import Line, Role, Span, cut, cut_line, text_of, utf16_length
from watcher.alerts.times import local_time
from watcher.alerts.views import Outgoing, Report, View, choose_report
from watcher.model import Action, Priority
from watcher.wording import plural

#: Developments of one story that a digest names; the others are counted.
MAX_UPDATES = 10
#: To what headlines are cut where not all fits, first the one, then the other; `fit` cuts further.
BRIEF_UNITS = (90, 60)
#: Developments of one story that are named then.
BRIEF_UPDATES = 3
_RANKS = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.LOW: 2}


@dataclass(frozen=True, slots=True)
class DigestStory:
    """One story of one topic, from all its rings in a digest, the oldest first."""

    views: tuple[View, ...]

    @property
    def last(self) -> View:
        """The newest ring: its counts are the truth."""
        return self.views[-1]

    @property
    def reports(self) -> tuple[Report, ...]:
        """What its rings tell of, each once."""
        return tuple({r.number: r for view in self.views for r in view.reports}.values())

    @property
    def shown(self) -> Report:
        """The report whose headline stands for the story."""
        others = (report for view in self.views for report in view.others)
        return choose_report((*self.reports, *others), self.last.reader_languages)

    @property
    def updates(self) -> int:
        """How many rings were replies."""
        return sum(view.action is Action.REPLY for view in self.views)

    @property
    def developments(self) -> tuple[Report, ...]:
        """What else may be new, the most telling first.

        So is what opened a story that was merged into this one: nobody asked what it adds.
        """
        others = [r for r in self.reports if r != self.shown and not r.only_counts]
        unasked = [r for r in others if r.news is None and r != self.opener]
        return telling_first(r for r in others if r in unasked or says_more(r.news))

    @property
    def opener(self) -> Report | None:
        """The report that the story's alert is led by; None where it is no part of the digest."""
        first = self.views[0]
        return first.reports[0] if first.action is Action.ALERT else None

    @property
    def opening(self) -> str:
        """The headline that the channel knows the story by; "" where the digest itself says it."""
        opening = clean(self.views[0].opening)
        is_said = self.opener or opening == headline_text(self.shown)
        return "" if is_said else opening


Topics = tuple[tuple[DigestStory, ...], ...]


def compose_digest(outgoing: Outgoing) -> tuple[Line, ...]:
    """Return the lines of a message that tells of several rings, in full."""
    topics = group(outgoing.views)
    begin, now = _begin(outgoing.views), outgoing.views[0].now
    told = (line for stories in topics for line in _topic(stories, begin, now))
    return (_opening(outgoing, topics), *_course(outgoing.views, begin, now), *told)


def compose_brief(outgoing: Outgoing, limit: int) -> tuple[Line, ...]:
    """Return the lines in fewer words where all of them are beyond a limit of UTF-16 units."""
    if utf16_length(text_of(lines := compose_digest(outgoing))) <= limit:
        return lines
    topics = group(outgoing.views)
    for cap in BRIEF_UNITS:
        told = (line for stories in topics for line in _brief_topic(stories, cap))
        if utf16_length(text_of(lines := (_opening(outgoing, topics), *told))) <= limit:
            break
    return lines


def group(views: Sequence[View]) -> Topics:
    """Return the stories of each topic: urgent topics first, widely reported stories first."""
    rings: dict[tuple[str, int], list[View]] = {}
    for view in views:
        rings.setdefault((view.topic, view.story), []).append(view)
    topics: dict[str, list[DigestStory]] = {}
    for (topic, _), told in rings.items():
        topics.setdefault(topic, []).append(DigestStory(tuple(told)))
    groups = (
        tuple(sorted(told, key=lambda one: -len(one.last.coverage.publishers)))
        for told in topics.values()
    )
    return tuple(sorted(groups, key=lambda stories: _RANKS[stories[0].last.priority]))


def stories_of(views: Sequence[View]) -> frozenset[int]:
    """Return the numbers of the stories; two topics may tell of one."""
    return frozenset(view.story for view in views)


def topic_names(views: Sequence[View]) -> tuple[str, ...]:
    """Return the topics' names in the digest's order."""
    return tuple(topic_name(stories[0].last) for stories in group(views))


def _opening(outgoing: Outgoing, topics: Topics) -> Line:
    title = plural(len(stories_of(outgoing.views)), "story", "stories")
    among = f" in {len(topics)} topics" if len(topics) > 1 else ""
    held = f" {WHY_HELD[outgoing.hold]}" if outgoing.hold in WHY_HELD else ""
    repeat = POSSIBLE_REPEAT if outgoing.possible_repeat else ""
    return Line.of(Role.TOPIC, "🗞 ", Span(title, bold=True), f"{among}{held}{repeat}")


def _begin(views: Sequence[View]) -> datetime:
    """Return when the first of the reports came out that a digest tells of."""
    return min(report.time for view in views for report in view.reports)


def _course(views: Sequence[View], begin: datetime, now: datetime) -> Iterator[Line]:
    """Yield how much was reported when, of all the stories together."""
    zone = views[0].zone
    stories = {view.story: view.coverage.times for view in views}
    levels = heights((time for times in stories.values() for time in times), begin, now)
    since, until = (local_time(time, zone, now) for time in (begin, now))
    yield Line.of(Role.BARS, f"{since} ", Span(blocks(levels), bars=levels), f" {until}", gap=True)


def _topic(stories: Sequence[DigestStory], begin: datetime, now: datetime) -> Iterator[Line]:
    yield _heading(stories)
    for told in stories:
        yield from _story(told, begin, now)


def _heading(stories: Sequence[DigestStory]) -> Line:
    name = topic_name(stories[0].last)
    count = f" ({len(stories)})" if len(stories) > 1 else ""
    return Line.of(Role.SECTION, Span(name, bold=True), count, gap=True)


def _story(told: DigestStory, begin: datetime, now: datetime) -> Iterator[Line]:
    shown, view = told.shown, told.last
    yield Line.of(
        Role.ITEM,
        "• ",
        *listed(shown),
        Span(f" — {byline(shown, view)}", spare=True),
        language=shown.language,
    )
    levels = heights(view.coverage.times, begin, now)
    parts = (spread(view.coverage), *officials(view.coverage), _updates(told))
    words = "".join(f" · {part}" for part in parts if part)
    number = Span(f"story {view.story}", code=True)
    yield Line.of(Role.BARS, Span(blocks(levels), bars=levels), words, " · ", number)
    yield from _opened(told, OPENING_UNITS)
    for report in told.developments[:MAX_UPDATES]:
        yield _development(report, view)
    if (more := len(told.developments) - MAX_UPDATES) > 0:
        yield Line.of(Role.DETAIL, f"… and {more} more")


def _opened(told: DigestStory, cap: int) -> Iterator[Line]:
    """Yield how a story was told before: without it an update looks like another story."""
    if told.opening:
        yield Line.of(Role.DETAIL, STORY, isolate(cut(told.opening, cap)))


def _development(report: Report, view: View, cap: int | None = None) -> Line:
    """Return what may be new with what it adds."""
    words = Line.of(Role.DETAIL, *headline(report))
    spans = cut_line(words, cap or LISTED_UNITS).spans
    adds = Span(clause(report.news, view.labels), italic=True)
    return Line.of(Role.DETAIL, "+ ", *amid(spans), " — " if adds.text else "", adds)


def _updates(told: DigestStory) -> str:
    return plural(told.updates, "update") if told.updates else ""


def _brief_topic(stories: Sequence[DigestStory], cap: int) -> Iterator[Line]:
    yield _heading(stories)
    for told in stories:
        yield _brief_item(told, cap)
        yield from _opened(told, BRIEF_UNITS[-1])
        for report in told.developments[:BRIEF_UPDATES]:
            yield _development(report, told.last, BRIEF_UNITS[-1])


def _brief_item(told: DigestStory, cap: int) -> Line:
    shown, view = told.shown, told.last
    words = cut_line(Line.of(Role.ITEM, *headline(shown)), cap).spans
    wide = len(view.coverage.outlets) > 1
    parts = (shown_host(shown.url), counts(view.coverage) if wide else "", _updates(told))
    about = "".join(f" · {part}" for part in parts if part) if cap == BRIEF_UNITS[0] else ""
    return Line.of(Role.ITEM, "• ", *amid(words), Span(about, spare=True), language=shown.language)
