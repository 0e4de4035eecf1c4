"""The answers of the bot to commands, as lines; every word of a feed's or a person's is text.

An answer is at most one message: what does not fit is counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from watcher.alerts.clean import clean, isolate, safe_url, shown_host
from watcher.alerts.compose import MARKS, OUTLET_UNITS, amid, outlet_name
from watcher.alerts.evidence import HEADLINE_UNITS
from watcher.alerts.languages import language_name
from watcher.alerts.lines import Line, Role, Span, cut
from watcher.alerts.mutes import name_of
from watcher.alerts.remote import COMMANDS
from watcher.alerts.times import age, local_end, local_time
from watcher.model import Action, Assignment, Entry, Mute, MuteKind, Priority, Reason, Relation
from watcher.outlets.coverage import Account
from watcher.wording import plural, some_of

#: Lists and terms named for one topic in an explanation; the command line names all.
FOUND_NAMED: Final = 6

Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """The numbers of `/status`; `day` counts the last 24 hours, `lost` those that died lately."""

    feeds: int
    failing: int
    last_good: datetime | None
    entries_day: int
    stories_day: int
    alerts_day: int
    replies_day: int
    sent: int
    waiting: int
    dead: int
    lost: int
    mutes: int


@dataclass(frozen=True, slots=True)
class Recent:
    """One alert of `/recent`."""

    time: datetime
    title: str
    url: str
    topic_name: str
    story: int
    action: Action


@dataclass(frozen=True, slots=True)
class Watched:
    """One topic of `/topics`; `muted` is its mute, if one holds."""

    id: str
    name: str
    priority: Priority
    alerts_day: int
    muted: Mute | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one topic makes of an entry; `decided` is what became of it, if it was polled."""

    topic: str
    matched: bool
    reason: str
    found: Sequence[str]
    missing: Sequence[str]
    decided: tuple[Action, Reason] | None


def help_lines(problem: str = "") -> Lines:
    """Return the commands, behind what was wrong with the one that was given."""
    opening = [_line(problem)] if problem else []
    commands = (
        Line.of(Role.ITEM, Span(f"/{name}", bold=True), f" — {text}")
        for name, text in COMMANDS.items()
    )
    return (*opening, *commands)


def said(text: str) -> Lines:
    """Return one sentence as an answer."""
    return (_line(text),)


def status_lines(health: Health, now: datetime) -> Lines:
    """Return how Watcher is doing, short enough for a phone."""
    last = age(health.last_good, now) if health.last_good else "never"
    stories = plural(health.stories_day, "story", "stories")
    alerts = plural(health.alerts_day, "alert")
    replies = plural(health.replies_day, "reply", "replies")
    rows = [
        f"Feeds: {health.feeds}, {health.failing} failing; last good poll {last}",
        f"Last 24 h: {health.entries_day} entries, {stories}, {alerts}, {replies}",
        f"Messages: {health.sent} sent, {health.waiting} waiting, {health.dead} dead",
        f"Mutes: {health.mutes}",
    ]
    troubles = [
        *([f"⚠ {health.lost} died on their way: watcher alerts retry"] if health.lost else []),
        *(["⚠ every feed fails"] if health.feeds and health.failing == health.feeds else []),
    ]
    title = Line.of(Role.TOPIC, Span("Watcher is running", bold=True))
    return (title, *map(_line, (*rows, *troubles)))


def recent_lines(alerts: Iterable[Recent], now: datetime, zone: ZoneInfo) -> Lines:
    """Return the latest alerts, the newest first."""
    lines = tuple(_recent(one, now, zone) for one in alerts)
    return lines or said("No alerts yet.")


def topic_lines(topics: Iterable[Watched], now: datetime, zone: ZoneInfo) -> Lines:
    """Return what is watched for."""
    return tuple(_topic(one, now, zone) for one in topics) or said("No topics are configured.")


def mute_lines(mutes: Iterable[Mute], now: datetime, zone: ZoneInfo) -> Lines:
    """Return what is muted, the first to end first, with what ends it sooner."""
    lines = tuple(_mute(one, now, zone) for one in mutes)
    return lines or said("Nothing is muted. /mute topic NAME 2h mutes, /unmute ends it.")


def muted_lines(mute: Mute, now: datetime, zone: ZoneInfo) -> Lines:
    """Return that something was muted, and how it is ended."""
    what, end = name_of(mute.kind, mute.subject), local_end(mute.until, zone, now)
    return said(f"🔇 {what} is muted till {end}. {_undo(mute)} ends it.")


def unmuted_lines(kind: MuteKind, subject: str, *, changed: bool, released: int) -> Lines:
    """Return that something is heard again, or was not muted."""
    what = name_of(kind, subject)
    if not changed:
        return said(f"{what} was not muted.")
    more = f" {plural(released, 'message')} that waited will follow." if released else ""
    return said(f"🔔 {what} is heard again.{more}")


def source_lines(story: int, accounts: Sequence[Account], now: datetime, zone: ZoneInfo) -> Lines:
    """Return who told a story, each outlet once with its first report, copies marked."""
    firsts: dict[str, Account] = {}
    for account in accounts:
        firsts.setdefault(account.entry.outlet or shown_host(account.entry.url), account)
    title = Line.of(
        Role.TOPIC,
        Span(f"Sources of story {story}", bold=True),
        f": {plural(len(firsts), 'outlet')}",
    )
    return (title, *(_source(one, now, zone) for one in firsts.values()))


def explain_lines(
    entry: Entry,
    number: int | None,
    assignment: Assignment | None,
    verdicts: Iterable[Verdict],
    labels: Mapping[str, str],
    left_out: str = "",
) -> Lines:
    """Return why an entry (or a headline that was never polled) did or did not alert.

    `left_out` tells of the topics that have no verdict here.
    """
    title = Line.of(Role.HEADLINE, *_entry(entry))
    where = f"Polled: {clean(entry.outlet)}" if number else "Not polled; as if it came in now"
    story = _story(assignment, is_polled=number is not None)
    return (
        title,
        _line(f"{where}{f' · {story}' if story else ''}"),
        *(line for one in verdicts for line in _verdict(one, labels)),
        *([_line(f"and {left_out}")] if left_out else []),
    )


def unknown_link(url: str) -> Lines:
    """Return that a link was never polled."""
    return said(
        f"No entry with the link {cut(clean(url), OUTLET_UNITS)} is known; send its headline."
    )


def _line(text: str) -> Line:
    return Line.of(Role.META, clean(text))


def _entry(entry: Entry) -> tuple[Span, ...]:
    """Return the title, else how the text begins."""
    return _headline(entry.title or entry.summary, entry.url)


def _headline(text: str, url: str) -> tuple[Span, ...]:
    return amid([Span(cut(clean(text), HEADLINE_UNITS) or "…", href=safe_url(url))])


def _recent(one: Recent, now: datetime, zone: ZoneInfo) -> Line:
    update = " (update)" if one.action is Action.REPLY else ""
    return Line.of(
        Role.ITEM,
        f"{local_time(one.time, zone, now)} · ",
        *_headline(one.title, one.url),
        f" — {clean(one.topic_name)}{update} · ",
        Span(f"story {one.story}", code=True),
    )


def _topic(one: Watched, now: datetime, zone: ZoneInfo) -> Line:
    muted = f" · 💤 till {local_end(one.muted.until, zone, now)}" if one.muted else ""
    name = clean(one.name) or clean(one.id)
    return Line.of(
        Role.ITEM,
        f"{MARKS[one.priority]} ",
        Span(isolate(name), bold=True),
        " ",
        Span(clean(one.id), code=True),
        f" · {plural(one.alerts_day, 'alert')} in 24 h{muted}",
    )


def _mute(mute: Mute, now: datetime, zone: ZoneInfo) -> Line:
    by = f" by {clean(mute.made_by)}" if mute.made_by else ""
    what = name_of(mute.kind, clean(mute.subject))
    return Line.of(
        Role.ITEM,
        f"🔇 {what} till {local_end(mute.until, zone, now)}{by} · {_undo(mute)}",
    )


def _undo(mute: Mute) -> str:
    return f"/unmute {mute.kind} {clean(mute.subject)}"


def _source(account: Account, now: datetime, zone: ZoneInfo) -> Line:
    entry = account.entry
    language = language_name(account.language)
    parts = (
        local_time(entry.time, zone, now),
        language,
        "copy" * (account.relation is Relation.COPY),
    )
    return Line.of(
        Role.ITEM,
        f"• {outlet_name(entry)}: ",
        *_entry(entry),
        Span(f" ({', '.join(part for part in parts if part)})", spare=True),
    )


def _story(found: Assignment | None, *, is_polled: bool) -> str:
    if found is None:
        return ""
    if found.story is None:
        return "would open a new story"
    would = "" if is_polled else "would join "
    return f"{would}story {found.story}: {found.relation}, {clean(found.reason)}"


def _verdict(one: Verdict, labels: Mapping[str, str]) -> Iterator[Line]:
    mark = "✅" if one.matched else "▫️"
    decided = f" → {one.decided[0]}, {one.decided[1].replace('_', ' ')}" if one.decided else ""
    yield Line.of(
        Role.ITEM,
        f"{mark} ",
        Span(clean(one.topic), bold=True),
        f": {'matches' if one.matched else 'does not match'}{decided}",
    )
    if one.missing:
        yield Line.of(Role.DETAIL, f"   missing: {_named(one.missing, labels)}")
    elif not one.matched:
        yield Line.of(Role.DETAIL, f"   {clean(one.reason)}")
    if one.found:
        yield Line.of(Role.DETAIL, f"   found: {_named(one.found, labels)}")


def _named(names: Sequence[str], labels: Mapping[str, str]) -> str:
    known = [clean(labels.get(name, name)) for name in dict.fromkeys(names)]
    return some_of(known, FOUND_NAMED)
