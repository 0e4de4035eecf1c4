"""What becomes of a notice to the operator.

    waits -> tried by each of its roads -> taken by one
                                        -> refused: waits again, for the next notice or the next try
                                        -> in doubt, its answer was lost: waits for its repeat
                                        -> given up: `afterwards` says why

Notices that go the same way keep their order: of two that say the opposite the later one is true.
Those that wait go as one message. What is in doubt is repeated ever more seldom, or goes along with
what came after it, as a possible repeat.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from watcher.errors import DeliveryError
from watcher.model import Priority

#: So long a notice waits for one road: for a service to be back, for its turn in a busy chat, or
#: for what is before it. Then another road is taken, if it may be, and in a busy chat it counts as
#: an alert.
PATIENCE: Final = timedelta(minutes=1)
#: After how long, at least, a message is sent again whose answer was lost, each time. It may have
#: arrived, and copies annoy; it may also be that none did, as in an outage at a service's gateway.
REPEATS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
#: Notices in one message; more than this nobody reads, and services limit a message's length.
MOST_AT_ONCE: Final = 10
#: So many wait for a way on which nothing arrives; of more only the newest would ever be read.
MOST_KEPT: Final = 100

#: How a notice goes: the channel that must not tell it, and whether every other one may.
Way = tuple[str | None, bool]


class Notice(NamedTuple):
    """A line about the program itself, for the operator.

    Attributes:
        text: one sentence.
        about: the channel in trouble, which another one tells of.
        anywhere: lets every other channel tell it.
        lost: how often its answer was lost: sent again it says that it may be a repeat.
        due: when it is sent again, if it is in doubt.
        has_come: whether somebody has it for sure, and others were put off.
    """

    text: str
    about: str | None = None
    anywhere: bool = False
    lost: int = 0
    due: datetime | None = None
    has_come: bool = False

    @property
    def way(self) -> Way:
        """What it shares with those that it must not overtake."""
        return self.about, self.anywhere


class Fate(NamedTuple):
    """What becomes of a message that no road took: what of it waits, and why not all of it does."""

    waits: Sequence[Notice]
    why_given_up: str = ""


def next_message(waiting: Sequence[Notice], now: datetime) -> Sequence[Notice]:
    """Return the notices that go now, as one message; those that it leaves out are out of date.

    What is in doubt goes along with what came after it, or alone when it is due. What somebody has
    is left out beside something newer: whoever was put off reads that.

    Args:
        waiting: what goes one way, in its order.
        now: the clock.
    """
    newer = [one for one in waiting if not one.due]
    if newer:
        return [*(one for one in waiting if one.due and not one.has_come), *newer]
    return waiting if any(one.due and _is_due(one.due, now) for one in waiting) else ()


def next_try(error: DeliveryError, wait: timedelta | None) -> timedelta | None:
    """Return after how long a road is tried again with the same message; None for a later round.

    Args:
        error: why it did not take it.
        wait: until the next try, if there is one.
    """
    asked = error.retry_after or timedelta(0)
    if wait is None or error.permanent or is_in_doubt(error) or asked > PATIENCE:
        return None
    return max(wait, asked)


def urgency(way: Way, waited: timedelta) -> Priority | None:
    """Return as which priority of alerts a notice goes into a busy chat; None for after them.

    That alerts do not arrive may go anywhere, and waits for none.
    """
    _, anywhere = way
    return Priority.NORMAL if anywhere or waited >= PATIENCE else None


def is_in_doubt(error: DeliveryError) -> bool:
    """Tell whether somebody may have a message that was not taken, or has it."""
    return error.maybe_sent or error.in_part


def afterwards(message: Sequence[Notice], errors: Sequence[DeliveryError], now: datetime) -> Fate:
    """Decide about a message that no road took.

    A channel that is down, or refuses whatever comes, may be mended.

    Args:
        message: its notices, which go the same way.
        errors: of each road that was tried the last one; without any nobody is to be told.
        now: the clock.
    """
    if all(error.text_refused for error in errors):
        return Fate((), "its text is refused" if errors else "")
    if any(map(is_in_doubt, errors)):
        return _in_doubt(message, errors, now)
    newer = f"{MOST_KEPT} came after it" if len(message) > MOST_KEPT else ""
    return Fate(message[-MOST_KEPT:], newer)


def joined(texts: Sequence[str]) -> str:
    """Return the text of one message with notices, oldest first: the newest of very many."""
    earlier = len(texts) - MOST_AT_ONCE
    head = [f"{earlier} earlier ones: see `watcher status`"] if earlier > 0 else []
    return "; ".join([*head, *texts[-MOST_AT_ONCE:]])


def _in_doubt(message: Sequence[Notice], errors: Sequence[DeliveryError], now: datetime) -> Fate:
    """Have a message wait for its repeat; one that only went along has its own time still."""
    first = message[0]
    is_new, is_alone = first.due is None, all(one.due for one in message)
    lost = first.lost + (is_new or is_alone)
    if lost > len(REPEATS):
        doubt = next(filter(is_in_doubt, errors))
        return Fate((), f"it was sent {lost} times: {doubt}")
    due = now + REPEATS[lost - 1] if is_new or is_alone else first.due
    has_come = not any(error.maybe_sent for error in errors)
    in_doubt = [one._replace(lost=lost, due=due, has_come=has_come) for one in message]
    return Fate(in_doubt[-MOST_KEPT:])


def _is_due(due: datetime, now: datetime) -> bool:
    """Tell whether a repeat's time has come; one further away was set by a clock that was ahead."""
    return not now < due <= now + REPEATS[-1]
