"""What can be done to a running Watcher, by name: JSON in, JSON out.

An operation runs inside the database's one writer, in the daemon when one runs and in the command
itself otherwise. A new one is a function and a line in `OPERATIONS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from watcher.errors import UsageError
from watcher.service.by_hand.corrections import merge_stories, split_story
from watcher.service.by_hand.desk import Desk
from watcher.service.by_hand.mutes import (
    COMMAND_LINE,
    add_mute,
    clear_mutes,
    end_said,
    hand_over_alerts,
    remove_mute,
    retry_alerts,
)
from watcher.service.in_force.watch import Rules
from watcher.service.intake.telling import outdate

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
    return add_mute(desk, kind, subject, end, given.text("by", COMMAND_LINE))


OPERATIONS: Final[Mapping[str, Operation]] = {
    "stories.split": lambda desk, given: _corrected(
        desk, split_story(desk.tx, given.number("story"), given.numbers("entries"), desk.now)
    ),
    "stories.merge": lambda desk, given: _corrected(
        desk, merge_stories(desk.tx, given.number("a"), given.number("b"), desk.now)
    ),
    "mutes.add": _mute,
    "mutes.remove": lambda desk, given: remove_mute(
        desk, given.text("kind"), given.text("subject")
    ),
    "mutes.clear": lambda desk, _: clear_mutes(desk),
    "alerts.retry": lambda desk, given: retry_alerts(
        desk,
        given.numbers("alerts") if "alerts" in given.values else None,
        given.text("channel") if "channel" in given.values else None,
    ),
    HAND_OVER: lambda desk, given: hand_over_alerts(desk, given.text("channel"), given.text("to")),
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
