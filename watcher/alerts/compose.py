"""The lines of an alert and of a reply in its thread."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from watcher.alerts.adds import clause, says_more, telling_first
from watcher.alerts.clean import FSI, LRM, PDI, clean, is_right_to_left, isolate, shown_host
from watcher.alerts.credits import first, officials, spread
from watcher.alerts.evidence import headline, sentence, summary, why
from watcher.alerts.languages import language_name
from watcher.alerts.lines import Line, Role, Span, cut, cut_line
from watcher.alerts.times import age, local_clock, local_time
from watcher.alerts.views import Outgoing, Report, View
from watcher.model import Action, Entry, Hold, Priority

#: Caps in UTF-16 units; see evidence.py.
TOPIC_UNITS = 120
OUTLET_UNITS = 80
OPENING_UNITS = 160
#: Headlines in a list, with their adds below: of an entry without a title a sentence or two.
LISTED_UNITS = 160
#: Other reports that an alert tells of at length; the rest is named.
MAX_ALSO = 5
#: A shape beside the colour, for readers who see none: the words follow anyway.
MARKS = {Priority.HIGH: "🔴", Priority.NORMAL: "🔵", Priority.LOW: "⚪"}
POSSIBLE_REPEAT = " (possible repeat)"
WHY_HELD = {
    Hold.QUIET_HOURS: "held back in quiet hours",
    Hold.RATE_LIMITED: "held back by this channel's hourly limit",
    Hold.MUTED: "held back while muted",
}
#: Before the headline that a story was told with first.
STORY = Span("Story: ", italic=True)
#: Before the headline that an alert is led by, where the reader reads another.
ORIGINAL = Span("Original: ", italic=True)
LAST_UPDATE = "The only update of this story that comes here."


def compose(outgoing: Outgoing) -> tuple[Line, ...]:
    """Return the lines of a message that tells of one ring."""
    view = outgoing.views[0]
    middle = _reply(view) if view.action is Action.REPLY else _alert(view)
    return (_topic(view, outgoing.possible_repeat), *middle, *_closing(view, outgoing))


def topic_name(view: View) -> str:
    """Return the topic's name, capped."""
    return cut(clean(view.topic_name) or clean(view.topic), TOPIC_UNITS)


def outlet_name(told: Report | Entry) -> str:
    """Return the outlet, else the host of the link, isolated for use amid our words."""
    return isolate(cut(clean(told.outlet), OUTLET_UNITS)) or shown_host(told.url)


def _host_beside(report: Report) -> str:
    """Return where a link leads, for beside the outlet's name; "" where that says so."""
    host = shown_host(report.url)
    return "" if outlet_name(report).casefold().removeprefix("www.") == host else host


def amid(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return feed text isolated for a line that it shares with ours."""
    spans = tuple(spans)
    if any(is_right_to_left(span.text) for span in spans):
        return (Span(LRM + FSI), *spans, Span(PDI))
    return spans


def byline(report: Report, view: View) -> str:
    """Return "Antara (antaranews.com), 14:05, Indonesian"; the zone is named once in a message."""
    parts = (
        said_by(report),
        local_clock(report.time, view.zone, view.now),
        language_name(report.language),
    )
    return ", ".join(part for part in parts if part)


def said_by(report: Report) -> str:
    """Return "Antara (antaranews.com)"; the name alone where it is the host."""
    outlet, host = outlet_name(report), _host_beside(report)
    return f"{outlet} ({host})" if host else outlet


def listed(report: Report, cap: int = LISTED_UNITS) -> tuple[Span, ...]:
    """Return the headline for a line among others, isolated for words of ours beside it."""
    return amid(cut_line(Line.of(Role.ITEM, *headline(report)), cap).spans)


def _topic(view: View, possible_repeat: bool) -> Line:
    new = "new" if _is_sure(view) else "perhaps new"
    update = f" · {new} in this story" if view.action is Action.REPLY else ""
    return Line.of(
        Role.TOPIC,
        f"{MARKS[view.priority]} ",
        Span(isolate(topic_name(view)), bold=True),
        f" · {view.priority} priority{update}{POSSIBLE_REPEAT if possible_repeat else ''}",
    )


def _is_sure(view: View) -> bool:
    return any(report.news and not report.news.is_doubt for report in view.reports)


def _alert(view: View) -> Iterator[Line]:
    shown, lead = view.shown, view.reports[0]
    yield Line.of(Role.HEADLINE, *headline(shown), language=shown.language, gap=True)
    yield Line.of(Role.META, _meta(shown, view))
    if shown is not lead:
        yield _original(lead, view)
    yield from _follows(view)
    yield from _evidence(shown)
    if reasons := why(shown, view.labels):
        yield Line.of(Role.WHY, Span("Why: ", italic=True), reasons, gap=True)
    yield from _also(view, (shown, lead))


def _original(lead: Report, view: View) -> Line:
    return Line.of(
        Role.ORIGINAL,
        ORIGINAL,
        *listed(lead),
        f" — {byline(lead, view)}",
        language=lead.language,
    )


def _follows(view: View) -> Iterator[Line]:
    """Yield what the story comes after: an event, the report that announced it."""
    for story, title in view.follows[:1]:
        headline_before = isolate(cut(clean(title), OPENING_UNITS))
        yield Line.of(
            Role.ORIGINAL, Span("Follows: ", italic=True), headline_before, f" (story {story})"
        )


def _meta(report: Report, view: View) -> str:
    """Return outlet, host, local time with age, and language.

    Ages are as of when the message went out: what came later, by an edit, has none.
    """
    outlet, host = outlet_name(report), _host_beside(report)
    passed = f", {age(report.time, view.now)}" if report.time <= view.now else ""
    time = f"{local_time(report.time, view.zone, view.now)}{passed}"
    parts = (outlet, host, time, language_name(report.language))
    return " · ".join(part for part in parts if part)


def _evidence(report: Report) -> Iterator[Line]:
    if told := sentence(report):
        yield Line.of(Role.SENTENCE, *told, language=report.language, gap=True)
    elif opening := summary(report):
        yield Line.of(Role.SUMMARY, *opening, language=report.language, gap=True)


def _also(view: View, shown: tuple[Report, ...]) -> Iterator[Line]:
    """Yield the other reports that an alert tells of, each named; copies only count."""
    others = telling_first(r for r in view.named if r not in shown)
    if others:
        yield Line.of(Role.SECTION, Span("Also:", italic=True), gap=True)
    for report in others[:MAX_ALSO]:
        yield _item(report, view)
        if says_more(report.news):
            yield from _adds(report, view)
    for report in others[MAX_ALSO:]:
        by = Span(f" — {said_by(report)}", spare=True)
        yield Line.of(Role.ITEM, "• ", *listed(report), by, language=report.language)


def _reply(view: View) -> Iterator[Line]:
    """Yield every headline that may be new with what it adds, the most telling first.

    The story's own headline comes last: a telephone's lock screen shows how a message begins. Why
    the topic matches stands in the alert that it answers.
    """
    reports, is_sure = telling_first(view.reports), _is_sure(view)
    for place, report in enumerate(reports):
        yield replace(_item(report, view), gap=place == 0)
        if is_sure:
            yield from _adds(report, view)
    if len(reports) == 1:
        yield from _evidence(reports[0])
    if opening := isolate(cut(clean(view.opening), OPENING_UNITS)):
        yield Line.of(Role.ORIGINAL, STORY, opening, gap=True)


def _item(report: Report, view: View) -> Line:
    return Line.of(
        Role.ITEM,
        "• ",
        *listed(report),
        Span(f" — {byline(report, view)}", spare=True),
        language=report.language,
    )


def _adds(report: Report, view: View) -> Iterator[Line]:
    if adds := clause(report.news, view.labels):
        yield Line.of(Role.ADDS, Span(adds, italic=True))


def _closing(view: View, outgoing: Outgoing) -> Iterator[Line]:
    told = view.coverage
    began = "" if told.began is None else local_clock(told.began, view.zone, view.now)
    parts = (spread(told), first(told, began), *officials(told))
    line = "".join(f"{part} · " for part in parts if part)
    yield Line.of(Role.COVERAGE, line, Span(f"story {view.story}", code=True), gap=True)
    if outgoing.hold in WHY_HELD:
        yield Line.of(Role.NOTE, Span(f"{WHY_HELD[outgoing.hold].capitalize()}.", italic=True))
    if outgoing.is_last:
        yield Line.of(Role.NOTE, Span(LAST_UPDATE, italic=True))
