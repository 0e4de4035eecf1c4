"""Mutes made and ended by hand."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from watcher.alerts.mutes import default_end, end_of, name_of, reason_of, thread
from watcher.config.settings import Settings
from watcher.config.suggest import did_you_mean
from watcher.config.values import LONGEST_DURATION
from watcher.errors import UsageError, no_story
from watcher.model import Hold, Mute, MuteKind
from watcher.service.by_hand.desk import Desk
from watcher.service.intake.unmuted import tell_after_all
from watcher.service.moments import rfc3339
from watcher.storage.database import Transaction

_DASHES: Final = re.compile("[\u2010-\u2015]")
#: Who a mute is by when a command made it.
COMMAND_LINE: Final = "the command line"


def add_mute(desk: Desk, kind: str, subject: str, until: datetime | None, by: str) -> Mute:
    """Silence something until a time, by default for a week (a story) or a day.

    Raises:
        UsageError: there is no such thing, or the time is past or too far away.
    """
    found_kind, found = find_subject(desk, kind, subject)
    until = until or default_end(found_kind, desk.now)
    if not desk.now < until <= desk.now + LONGEST_DURATION:
        raise UsageError(
            f"a mute ends in the next {LONGEST_DURATION.days} days, not {rfc3339(until)}"
        )
    mute = Mute(found_kind, found, until, desk.now, by)
    make_mute(desk.tx, mute)
    return mute


def end_said(text: str, settings: Settings, kind: str, subject: str, now: datetime) -> datetime:
    """Return when a mute ends by what somebody wrote; when it is morning its channel says.

    Raises:
        UsageError: it is no time, or one that is past or too far away.
    """
    tables = settings.channels
    asked = [tables[subject]] if kind == MuteKind.CHANNEL and subject in tables else tables.values()
    try:
        return end_of(text, now, settings.watcher.zone, [table.quiet_hours for table in asked])
    except ValueError as error:
        raise UsageError(f"the end of a mute {error}") from error


def remove_mute(desk: Desk, kind: str, subject: str) -> tuple[MuteKind, str, int | None]:
    """End a mute; return of what, and as `end_mute` how many messages go out because of that.

    Raises:
        UsageError: there is no such thing.
    """
    found_kind, found = find_subject(desk, kind, subject, must_exist=False)
    return found_kind, found, end_mute(desk, found_kind, found)


def clear_mutes(desk: Desk) -> tuple[tuple[Mute, ...], int]:
    """End every mute; return them, and how many messages go out because of that."""
    mutes = desk.tx.mutes.current(desk.now)
    return mutes, _end(desk, mutes)


def make_mute(tx: Transaction, mute: Mute) -> None:
    """Silence something; what waits and is covered by it is held anew, until its end."""
    tx.mutes.add(mute.kind, mute.subject, mute.until, mute.created, mute.made_by)
    tx.outbox.release(Hold.MUTED, mute.created, reason_of(mute.kind, mute.subject))


def end_mute(desk: Desk, kind: MuteKind, subject: str) -> int | None:
    """End a mute; return how many messages go out because of that, None when there was none."""
    mute = desk.tx.mutes.get(kind, subject, desk.now)
    if mute is None:
        return 0 if desk.tx.mutes.remove(kind, subject) else None
    return _end(desk, [mute])


def _end(desk: Desk, mutes: Collection[Mute]) -> int:
    for mute in mutes:
        desk.tx.mutes.remove(mute.kind, mute.subject)
    released = desk.tx.outbox.release(Hold.MUTED, desk.now)
    return released + sum(tell_after_all(desk.tx, desk.settings, mute, desk.now) for mute in mutes)


def mute_record(mute: Mute) -> dict[str, object]:
    """Return a mute for JSON."""
    return {
        "kind": str(mute.kind),
        "subject": mute.subject,
        "until": rfc3339(mute.until),
        "created": rfc3339(mute.created),
        "by": mute.made_by,
    }


def muted_in(done: Mapping[str, object]) -> tuple[tuple[MuteKind, str], ...]:
    """Return what an operation muted or let be heard again, by what it returned; often nothing."""
    ended = done.get("ended")
    records = ended if isinstance(ended, list) else [done]
    return tuple(
        (MuteKind(str(one["kind"])), str(one["subject"])) for one in records if "kind" in one
    )


def find_subject(
    desk: Desk, kind: str, subject: str, *, must_exist: bool = True
) -> tuple[MuteKind, str]:
    """Return what a mute is about, as it is kept: a merged story's own number, an outlet's name.

    Args:
        desk: knows stories and outlets, topics and channels.
        kind: story, topic, channel, outlet or thread.
        subject: as a user writes it.
        must_exist: what left the configuration can be unmuted, but not muted.

    Raises:
        UsageError: there is no such kind or thing.
    """
    tx, settings = desk.tx, desk.settings
    topics = [one.id for one in settings.topics]
    try:
        found = MuteKind(kind)
    except ValueError:
        names = ", ".join(MuteKind)
        raise UsageError(
            f"{kind!r} cannot be muted; {names} can{did_you_mean(kind, list(MuteKind))}"
        ) from None
    match found:
        case MuteKind.STORY:
            return found, str(_story(tx, subject))
        case MuteKind.THREAD:
            topic, _, story = subject.rpartition("/")
            topic = _known(MuteKind.TOPIC, _topic_id(settings, topic), topics)
            return found, thread(topic, _story(tx, story))
        case MuteKind.TOPIC:
            known, subject = topics, _topic_id(settings, subject)
        case MuteKind.CHANNEL:
            known = list(settings.channels)
        case MuteKind.OUTLET:
            known = list(dict.fromkeys((*tx.feeds.names(), *tx.entries.outlets())))
    if not must_exist and subject not in known:
        known += tx.mutes.subjects(found)
    return found, _known(found, subject, known)


def _topic_id(settings: Settings, subject: str) -> str:
    """Return the id of the topic of this name, which is what alerts show; else what was given."""
    return next((one.id for one in settings.topics if _typed(one.name) == _typed(subject)), subject)


def _typed(name: str) -> str:
    """Return a name as a telephone types it: no capitals, no dash but the hyphen."""
    return " ".join(_DASHES.sub("-", name).casefold().split())


def _known(kind: MuteKind, subject: str, known: list[str]) -> str:
    """Return the known name that is meant; upper and lower case are one."""
    if subject in known:
        return subject
    for name in known:
        if name.casefold() == subject.casefold():
            return name
    raise UsageError(f"there is no {name_of(kind, subject)}{did_you_mean(subject, known)}")


def _story(tx: Transaction, subject: str) -> int:
    number = int(subject) if subject.isascii() and subject.isdecimal() and len(subject) < 19 else 0  # noqa: PLR2004 - digits that surely fit into a column
    found = tx.corrections.story(number) if number else None
    if found is None:
        raise no_story(subject)
    return found
