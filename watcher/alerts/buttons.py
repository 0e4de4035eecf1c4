"""The buttons under an alert: what they carry, and how they look after somebody pressed one.

What a button carries needs no memory of ours: which database, what to do, and the alert's number.
So the buttons of an old message work after a restart, and one of another database does nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from watcher.alerts.clean import clean
from watcher.alerts.lines import cut
from watcher.alerts.times import local_end
from watcher.alerts.views import Button, Keyboard
from watcher.model import Mute
from watcher.wording import some_of

#: Names in a button's label, in UTF-16 units: a phone shows about thirty characters of a row.
NAME_UNITS: Final = 24
#: Who has seen it, by name; the others are counted.
SEEN_NAMED: Final = 2


class Verb(StrEnum):
    """What a button asks for."""

    MUTE = "mute"
    UNMUTE = "unmute"
    NOT_TOPIC = "not"
    IS_TOPIC = "is"
    HOUR = "hour"
    MORNING = "morning"
    WAKE = "wake"
    SEEN = "seen"
    SOURCES = "sources"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Press:
    """What a button carries.

    Attributes:
        instance: the database that knows the alert.
        alert: the number of the ring that the message tells, the first one of a summary.
    """

    instance: str
    verb: Verb
    alert: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What people have decided about an alert so far.

    Attributes:
        story: the mute of its story, if one holds.
        thread: the mute that "not this topic" made.
        topic: the mute of its topic.
        seen: who has seen it, the first one first.
    """

    story: Mute | None = None
    thread: Mute | None = None
    topic: Mute | None = None
    seen: Sequence[str] = ()


#: A button's label, and what it asks for.
_Offer = tuple[str, Verb]

_VERBS: Final = frozenset(Verb)
_DATA = re.compile(r"w1:([0-9a-f]{1,32}):([a-z]{1,10}):([1-9][0-9]{0,17})")


def encode(press: Press) -> str:
    """Return a press as the data of a button."""
    return f"w1:{press.instance}:{press.verb}:{press.alert}"


def decode(data: object) -> Press | None:
    """Return what a button carries; None when it is not one of ours, whatever it is."""
    found = _DATA.fullmatch(data) if isinstance(data, str) else None
    if found is None or found[2] not in _VERBS:
        return None
    return Press(found[1], Verb(found[2]), int(found[3]))


def keyboard(
    instance: str,
    alert: int,
    standing: Standing,
    now: datetime,
    zone: ZoneInfo,
    *,
    stories: int = 1,
    topics: int = 1,
) -> Keyboard:
    """Return the buttons of a message: first how things stand and by whom, then what can be done.

    Args:
        instance: of the database.
        alert: the number of the message's first ring.
        standing: what people decided.
        now: the clock.
        zone: in which times are shown.
        stories: how many the message tells; of several none can be muted by one button.
        topics: how many they belong to.
    """
    states = ([(text, Verb.STATE)] for text in _states(standing, now, zone))
    rows = (
        *states,
        _about_story(standing) if stories == 1 else [],
        _about_topic(standing) if topics == 1 else [],
        _about_message(standing, stories),
    )
    return tuple(
        tuple(Button(text, encode(Press(instance, verb, alert))) for text, verb in row)
        for row in rows
        if row
    )


def _about_story(standing: Standing) -> list[_Offer]:
    return [
        ("🔊 Unmute story", Verb.UNMUTE) if standing.story else ("🔇 Mute story", Verb.MUTE),
        ("👍 It is this topic", Verb.IS_TOPIC)
        if standing.thread
        else ("👎 Not this topic", Verb.NOT_TOPIC),
    ]


def _about_topic(standing: Standing) -> list[_Offer]:
    if standing.topic:
        return [("🔔 Wake topic", Verb.WAKE)]
    return [("💤 Snooze topic 1 h", Verb.HOUR), ("💤 Snooze till morning", Verb.MORNING)]


def _about_message(standing: Standing, stories: int) -> list[_Offer]:
    seen = [] if standing.story or standing.thread else [("✓ Seen", Verb.SEEN)]
    return seen + ([("🔗 Sources", Verb.SOURCES)] if stories == 1 else [])


def state_text(standing: Standing, now: datetime, zone: ZoneInfo) -> str:
    """Return how things stand, for a tap on a line that says so."""
    return "\n".join(_states(standing, now, zone)) or "Nothing is muted."


def _states(standing: Standing, now: datetime, zone: ZoneInfo) -> list[str]:
    lines = []
    if mute := standing.story:
        lines.append(f"🔇 Story muted {_until(mute, now, zone)}")
    if mute := standing.thread:
        lines.append(f"👎 Not this topic{_by(mute)}")
    if mute := standing.topic:
        lines.append(f"💤 Topic snoozed {_until(mute, now, zone)}")
    if standing.seen:
        lines.append(f"✓ Seen by {some_of(list(map(person, standing.seen)), SEEN_NAMED)}")
    return lines


def person(name: str) -> str:
    """Return a person's name, fit for a label."""
    return cut(clean(name), NAME_UNITS) or "somebody"


def _until(mute: Mute, now: datetime, zone: ZoneInfo) -> str:
    return f"till {local_end(mute.until, zone, now)}{_by(mute)}"


def _by(mute: Mute) -> str:
    return f" · {person(mute.made_by)}" if mute.made_by else ""
