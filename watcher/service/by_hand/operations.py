"""What can be done to a running Watcher, by name: JSON in, JSON out.

An operation runs inside the database's one writer, in the daemon when one runs and in the command
itself otherwise. A new one is a function and a line in `OPERATIONS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from watcher.config.suggest import did_you_mean
from watcher.errors import UsageError, no_alert
from watcher.service.by_hand.corrections import merge_stories, split_story
from watcher.service.by_hand.desk import Desk
from watcher.service.by_hand.mutes import (
    COMMAND_LINE,
    add_mute,
    clear_mutes,
    end_said,
    mute_record,
    remove_mute,
)
from watcher.service.in_force.watch import Rules
from watcher.service.intake.telling import outdate
from watcher.storage.rows import State

#: No transaction, but a fetch: the daemon does it by itself, as it answers `control.VITALS`.
POLL: Final = "feeds.poll"
#: After it what waits is held by the rules of another channel.
HAND_OVER: Final = "alerts.hand_over"
#: What a column of SQLite holds.
_LARGEST: Final = 2**63 - 1
#: More numbers than anybody types; a story has some thousand entries at most.
_MOST_NUMBERS: Final = 10_000
#: Longer than any name of a topic, channel or outlet.
_LONGEST_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Arguments:
    """What an operation was asked with; from outside, so nothing about it is sure."""

    values: Mapping[str, object]

    def number(self, name: str) -> int:
        """Return one of our numbers.

        Raises:
            UsageError: there is none, or it is no number of ours.
        """
        value = self.values.get(name)
        if not _is_number(value):
            raise UsageError(f"`{name}` is a number from 1 on")
        return value  # type: ignore[return-value]

    def numbers(self, name: str) -> list[int]:
        """Return some of our numbers, each once, in order.

        Raises:
            UsageError: it is no list of such numbers.
        """
        values = self.values.get(name)
        if not isinstance(values, list) or not 0 < len(values) <= _MOST_NUMBERS:
            raise UsageError(f"`{name}` is a list of numbers")
        if not all(map(_is_number, values)):
            raise UsageError(f"`{name}` is a list of numbers from 1 on")
        return sorted(set(values))

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text.

        Raises:
            UsageError: it is none, or longer than anything we have a name for.
        """
        value = self.values.get(name, default)
        if not isinstance(value, str) or not value or len(value) > _LONGEST_TEXT:
            raise UsageError(f"`{name}` is a text of 1 to {_LONGEST_TEXT} characters")
        return value

    def as_written(self, name: str) -> str | None:
        """Return a text, also an empty one, and of a long one the beginning; None without any.

        Whoever reads it says what it should be like.

        Raises:
            UsageError: it is no text.
        """
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise UsageError(f"`{name}` is a text")
        return value if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]}…"


Result = Mapping[str, object]
Operation = Callable[[Desk, Arguments], Result]


def _mute(desk: Desk, given: Arguments) -> Result:
    """Silence something, for as long as was said by the clock in force here."""
    kind, subject, said = given.text("kind"), given.text("subject"), given.as_written("until")
    end = None if said is None else end_said(said, desk.settings, kind, subject, desk.now)
    mute = add_mute(desk, kind, subject, end, given.text("by", COMMAND_LINE))
    return {"changed": True, **mute_record(mute)}


def _unmute(desk: Desk, given: Arguments) -> Result:
    kind, subject, released = remove_mute(desk, given.text("kind"), given.text("subject"))
    return {
        "changed": released is not None,
        "kind": str(kind),
        "subject": subject,
        "released": released or 0,
    }


def _unmute_all(desk: Desk, _given: Arguments) -> Result:
    mutes, released = clear_mutes(desk)
    return {"changed": bool(mutes), "ended": list(map(mute_record, mutes)), "released": released}


def _retry(desk: Desk, given: Arguments) -> Result:
    """Give dead deliveries (all, or those of some alerts or one channel) a new life.

    Of alerts that are named also what was not told under a mute, if it is over. What is for a
    channel that is not configured would only die once more: it is let be, and counted as `stray`;
    so is what is muted still, as `muted`. Messages on a screen are changed only of stories that
    may go on, unless their alert is named.
    """
    tx, settings, now = desk.tx, desk.settings, desk.now
    alerts = given.numbers("alerts") if "alerts" in given.values else None
    channel = given.text("channel") if "channel" in given.values else None
    for number in alerts or ():
        if tx.alerts.get(number) is None:
            raise no_alert(number)
    channels = [name for name in settings.channels if channel in {None, name}]
    since = now - settings.stories.window
    revived = tx.revival.retry_dead(now, alerts=alerts, channels=channels, since=since)
    dead = tx.outbox.by_channel((State.DEAD,))
    stray = {name: count for name, count in dead.items() if name not in settings.channels}
    rows = filter(None, map(tx.alerts.get, alerts or ()))
    waiting = (one for row in rows for one in row.deliveries if one.channel in channels)
    muted = sum(one.state is State.MUTED and one.due > now for one in waiting)
    left = {"stray": stray, "muted": muted}
    return {"revived": revived, **{key: value for key, value in left.items() if value}}


def _hand_over(desk: Desk, given: Arguments) -> Result:
    """Let another channel have what waits or died for one, as after a channel got another name."""
    channel, other = given.text("channel"), given.text("to")
    if other not in desk.settings.channels:
        hint = did_you_mean(other, list(desk.settings.channels))
        raise UsageError(f"there is no channel `{other}`{hint}")
    if channel == other:
        raise UsageError(f"what is for the channel {channel} goes there anyway")
    is_former = channel not in desk.settings.channels
    if is_former:
        desk.tx.revival.rename(channel, other)
    revived, settled = desk.tx.revival.hand_over(channel, other, desk.now, is_former=is_former)
    return {"revived": revived, **({"settled": settled} if settled else {})}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "stories.split": lambda desk, given: _corrected(
        desk, split_story(desk.tx, given.number("story"), given.numbers("entries"), desk.now)
    ),
    "stories.merge": lambda desk, given: _corrected(
        desk, merge_stories(desk.tx, given.number("a"), given.number("b"), desk.now)
    ),
    "mutes.add": _mute,
    "mutes.remove": _unmute,
    "mutes.clear": _unmute_all,
    "alerts.retry": _retry,
    HAND_OVER: _hand_over,
}


def operate(name: str, values: Mapping[str, object], desk: Desk) -> Result:
    """Do what is asked for.

    Raises:
        UsageError: there is no such operation, or it cannot be done so.
    """
    operation = OPERATIONS.get(name)
    if operation is None:
        raise UsageError(f"the running Watcher knows no {name!r}: restart it, it may be older")
    return operation(desk, Arguments(values))


def _corrected(desk: Desk, done: Result) -> Result:
    """Have the alerts of a corrected story edited that are on a screen."""
    if done["changed"]:
        outdate(desk.tx, Rules(desk.settings), Arguments(done).number("story"), desk.now)
    return done


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST
