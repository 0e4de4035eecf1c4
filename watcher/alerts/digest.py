"""The lines of a digest: several held rings in one message, stories grouped by topic.

A digest names what the alerts and replies in it would. A mail shows all of it. Where a message has
a limit, a digest says less of every story before it leaves one out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from watcher.alerts.adds import ADDS_UNITS, clause, telling_first
from watcher.alerts.bars import blocks, heights
from watcher.alerts.clean import clean, isolate, shown_host
from watcher.alerts.compose import (
    LISTED_UNITS,
    OPENING_UNITS,
    ORIGINAL,
    POSSIBLE_REPEAT,
    STORY,
    WHY_HELD,
    byline,
    listed,
    topic_name,
)
from watcher.alerts.credits import counts, officials, spread
from watcher.alerts.evidence import headline_text
from watcher.alerts.lines import ELLIPSIS, Line, Role, Span, cut
from watcher.alerts.times import local_time
from watcher.alerts.views import Outgoing, Report, View, choose_report
from watcher.model import Action, News, Priority
from watcher.wording import plural

#: Developments of one story that a digest names: as many as one reply tells (decide.MOST_TOLD), and
#: of each story alike fewer where four messages have no room for them. The others are counted.
NAMED = (55, 20, 10, 5, 3, 2, 1, 0)
#: To what headlines are cut where not all fits, first the one, then the other; `fit` cuts further.
BRIEF_UNITS = (90, 60)
_RANKS = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.LOW: 2}


@dataclass(frozen=True)
class DigestStory:
    """One story of one topic, from all its rings in a digest, the oldest first.

    What is made of its reports is made once: a long digest is composed anew until it fits.
    """

    views: tuple[View, ...]

    @property
    def last(self) -> View:
        """The newest ring: its counts are the truth."""
        return self.views[-1]

    @property
    def key(self) -> tuple[str, int]:
        """The topic and the number of the story."""
        return self.last.topic, self.last.story

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """What its rings tell of, each once."""
        return tuple({r.number: r for view in self.views for r in view.reports}.values())

    @property
    def is_update(self) -> bool:
        """Whether the channel was told of the story before."""
        return self.views[0].action is Action.REPLY

    @cached_property
    def shown(self) -> Report:
        """The report whose headline stands for the story; of an update, one that it brings."""
        if self.is_update:
            return choose_report(telling_first(self.reports), self.last.reader_languages)
        return choose_report((*self.reports, *self.views[0].others), self.last.reader_languages)

    @property
    def adds(self) -> News | None:
        """What the report shown adds; None where the story's alert could show it, too."""
        alert = () if self.is_update else (*self.views[0].reports, *self.views[0].others)
        return None if self.shown in alert else self.shown.news

    @property
    def original(self) -> Report | None:
        """What the story's alert is led by, where another report is shown for it."""
        lead = self.views[0].reports[0]
        return None if self.is_update or lead == self.shown else lead

    @property
    def updates(self) -> int:
        """How many rings were replies."""
        return sum(view.action is Action.REPLY for view in self.views)

    @cached_property
    def developments(self) -> tuple[Report, ...]:
        """What else its rings name, the most telling first."""
        headed = (self.shown, self.original)
        named = {r.number: r for view in self.views for r in view.named}
        return telling_first(r for r in named.values() if r not in headed)

    @property
    def opening(self) -> str:
        """The headline that the channel knows the story by; "" where the digest itself says it."""
        opening = clean(self.views[0].opening)
        is_said = not self.is_update or opening == headline_text(self.shown)
        return "" if is_said else opening


Topics = tuple[tuple[DigestStory, ...], ...]


def compose_digest(outgoing: Outgoing, most: int = NAMED[0]) -> tuple[Line, ...]:
    """Return the lines of a message that tells of several rings, in full.

    Args:
        outgoing: the message.
        most: developments that are named of each story.
    """
    return tuple(_whole(outgoing, group(outgoing.views), most))


def compose_brief(outgoing: Outgoing, limit: int) -> tuple[Line, ...]:
    """Return the lines in fewer words where all of them are beyond a limit of UTF-16 units."""
    topics = group(outgoing.views)
    every = sum(_shares(topics).values())
    briefer = (_brief(outgoing, topics, cap, every) for cap in BRIEF_UNITS)
    for form in (_whole(outgoing, topics, NAMED[0]), *briefer):
        if lines := _within(form, limit):
            return lines
    return _with_fewer(outgoing, topics, every, limit)


def _with_fewer(outgoing: Outgoing, topics: Topics, beyond: int, limit: int) -> tuple[Line, ...]:
    """Return the lines with as many developments as there is room for; so many are too many."""
    cap, named = BRIEF_UNITS[-1], 0
    lines = tuple(_brief(outgoing, topics, cap, named))
    while beyond - named > 1:
        middle = (named + beyond) // 2
        if more := _within(_brief(outgoing, topics, cap, middle), limit):
            lines, named = more, middle
        else:
            beyond = middle
    return lines


def _shares(topics: Topics, total: int | None = None) -> Counter[tuple[str, int]]:
    """Return how many developments are named of each story (topic, number).

    Where not all can be, one of each story is in turn, the first story's first.
    """
    told = [one for stories in topics for one in stories]
    turns = (
        (turn, place, one.key)
        for place, one in enumerate(told)
        for turn in range(min(len(one.developments), NAMED[0]))
    )
    return Counter(key for *_, key in sorted(turns)[:total])


def _within(form: Iterable[Line], limit: int) -> tuple[Line, ...]:
    """Return the lines of a message; none, and no more of them composed, beyond a limit."""
    lines: list[Line] = []
    left = limit + 1  # no line end stands before the first line
    for line in form:
        lines.append(line)
        left -= line.length
        if left < 0:
            return ()
    return tuple(lines)


def _whole(outgoing: Outgoing, topics: Topics, most: int) -> Iterator[Line]:
    begin, now = _begin(outgoing.views), outgoing.views[0].now
    yield _opening(outgoing, topics)
    yield from _course(outgoing.views, begin, now)
    for stories in topics:
        yield from _topic(stories, begin, now, most)


def _brief(outgoing: Outgoing, topics: Topics, cap: int, named: int) -> Iterator[Line]:
    shares = _shares(topics, named)
    yield _opening(outgoing, topics)
    for stories in topics:
        yield from _brief_topic(stories, cap, shares)
    total = sum(len(told.developments) for stories in topics for told in stories)
    if more := total - sum(shares.values()):
        reports = plural(more, "more report", "more reports")
        yield Line.of(Role.NOTE, f"{ELLIPSIS} and {reports} of these stories", gap=True)


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


def _topic(
    stories: Sequence[DigestStory], begin: datetime, now: datetime, most: int
) -> Iterator[Line]:
    yield _heading(stories)
    for told in stories:
        yield from _story(told, begin, now)
        yield from _known(told, OPENING_UNITS)
        yield from _developments(told, most)


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
    yield from _adds(told, ADDS_UNITS)
    levels = heights(view.coverage.times, begin, now)
    parts = (spread(view.coverage), *officials(view.coverage), _updates(told))
    words = "".join(f" · {part}" for part in parts if part)
    number = Span(f"story {view.story}", code=True)
    yield Line.of(Role.BARS, Span(blocks(levels), bars=levels), words, " · ", number)


def _adds(told: DigestStory, cap: int) -> Iterator[Line]:
    """Yield what the headline of a story adds to what was told of it before."""
    if adds := clause(told.adds, told.last.labels):
        yield Line.of(Role.ADDS, Span(cut(adds, cap), italic=True))


def _known(told: DigestStory, cap: int) -> Iterator[Line]:
    """Yield by what headline others know a story, or the channel: an update looks new without."""
    if told.original:
        original = listed(told.original, cap)
        yield Line.of(Role.DETAIL, ORIGINAL, *original, language=told.original.language)
    if told.opening:
        yield Line.of(Role.DETAIL, STORY, isolate(cut(told.opening, cap)))


def _developments(told: DigestStory, most: int) -> Iterator[Line]:
    """Yield what else may be new with what it adds, and how many reports are not named."""
    developments = told.developments
    for report in developments[:most]:
        yield _development(report, told.last, LISTED_UNITS, ADDS_UNITS)
    if (more := len(developments) - most) > 0:
        yield Line.of(Role.DETAIL, f"{ELLIPSIS} and {more} more")


def _development(report: Report, view: View, cap: int, adds_cap: int) -> Line:
    adds = cut(clause(report.news, view.labels), adds_cap)
    dash = " — " if adds else ""
    return Line.of(Role.DETAIL, "+ ", *listed(report, cap), dash, Span(adds, italic=True))


def _updates(told: DigestStory) -> str:
    return plural(told.updates, "update") if told.updates else ""


def _brief_topic(
    stories: Sequence[DigestStory], cap: int, shares: Mapping[tuple[str, int], int]
) -> Iterator[Line]:
    short = BRIEF_UNITS[-1]
    yield _heading(stories)
    for told in stories:
        yield _brief_item(told, cap)
        yield from _adds(told, short)
        yield from _known(told, short)
        for report in told.developments[: shares[told.key]]:
            yield _development(report, told.last, short, short)


def _brief_item(told: DigestStory, cap: int) -> Line:
    shown, view = told.shown, told.last
    wide = len(view.coverage.outlets) > 1
    parts = (shown_host(shown.url), counts(view.coverage) if wide else "", _updates(told))
    about = "".join(f" · {part}" for part in parts if part) if cap == BRIEF_UNITS[0] else ""
    words = listed(shown, cap)
    return Line.of(Role.ITEM, "• ", *words, Span(about, spare=True), language=shown.language)
