"""The lines of a digest: several held rings in one message, stories grouped by topic."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watcher.alerts.compose import POSSIBLE_REPEAT, amid, byline, topic_name
from watcher.alerts.credits import counts, plural
from watcher.alerts.evidence import headline
from watcher.alerts.lines import Line, Role, Span
from watcher.alerts.views import Outgoing, Report, View, choose_report
from watcher.model import Action, Hold, Priority

WHY_HELD = {
    Hold.QUIET_HOURS: " held back in quiet hours",
    Hold.RATE_LIMITED: " held back by this channel's hourly limit",
    Hold.MUTED: " held back while muted",
}
_RANKS = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.LOW: 2}


@dataclass(frozen=True, slots=True)
class Told:
    """One story of one topic, from all its rings in a digest, the oldest first."""

    views: tuple[View, ...]

    @property
    def last(self) -> View:
        """The newest ring: its counts are the truth."""
        return self.views[-1]

    @property
    def shown(self) -> Report:
        """The report whose headline stands for the story."""
        told = [report for view in self.views for report in view.reports]
        reports = (*told, *(report for view in self.views for report in view.others))
        return choose_report(reports, self.last.reader_languages)

    @property
    def updates(self) -> int:
        """How many rings were replies."""
        return sum(view.action is Action.REPLY for view in self.views)


def compose_digest(outgoing: Outgoing) -> tuple[Line, ...]:
    """Return the lines of a message that tells of several rings."""
    topics = group(outgoing.views)
    count = sum(len(stories) for stories in topics)
    title = Span(plural(count, "story", "stories"), bold=True)
    held = WHY_HELD.get(outgoing.hold, "") if outgoing.hold else ""
    repeat = POSSIBLE_REPEAT if outgoing.possible_repeat else ""
    opening = Line.of(Role.TOPIC, "🗞 ", title, f"{held}{repeat}")
    return (opening, *(line for stories in topics for line in _topic(stories)))


def group(views: Sequence[View]) -> tuple[tuple[Told, ...], ...]:
    """Return the stories of each topic: urgent topics first, widely reported stories first."""
    rings: dict[tuple[str, int], list[View]] = {}
    for view in views:
        rings.setdefault((view.topic, view.story), []).append(view)
    topics: dict[str, list[Told]] = {}
    for (topic, _), told in rings.items():
        topics.setdefault(topic, []).append(Told(tuple(told)))
    groups = (
        tuple(sorted(told, key=lambda one: -len(one.last.coverage.publishers)))
        for told in topics.values()
    )
    return tuple(sorted(groups, key=lambda stories: _RANKS[stories[0].last.priority]))


def topic_names(views: Sequence[View]) -> tuple[str, ...]:
    """Return the topics' names in the digest's order."""
    return tuple(topic_name(stories[0].last) for stories in group(views))


def _topic(stories: Sequence[Told]) -> Iterator[Line]:
    name = topic_name(stories[0].last)
    count = f" ({len(stories)})" if len(stories) > 1 else ""
    yield Line.of(Role.SECTION, Span(name, bold=True), count, gap=True)
    for told in stories:
        yield _story(told)


def _story(told: Told) -> Line:
    shown, view = told.shown, told.last
    updates = f" · {plural(told.updates, 'update')}" if told.updates else ""
    return Line.of(
        Role.ITEM,
        "• ",
        *amid(headline(shown)),
        f" — {byline(shown, view)} · {counts(view.coverage)}{updates} · ",
        Span(f"story {view.story}", code=True),
        language=shown.language,
    )
