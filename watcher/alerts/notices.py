"""What becomes of a notice to the operator.

    waits -> tried by each of its roads -> taken by one
                                        -> refused: waits again, for the next notice or the next try
                                        -> in doubt, its answer was lost: waits for its repeat
                                        -> given up: `afterwards` says why

Notices that go the same way keep their order: of two that say the opposite the later one is true.
Those that wait go as one message. A message in doubt stays as it was sent, for its sender to know
it by, and goes alone; what came after it waits for that, where that is soon.
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
#: After how long a message is sent again whose answer was lost, each time. It may have arrived, and
#: copies annoy; it may also be that none did, as in an outage at the service's own gateway.
REPEATS: Final = (
    timedelta(seconds=30),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)
#: A repeat that nobody took, as the service does not answer yet, goes with a later round (`jobs`
#: begins them), and until then what came after it does not wait for it.
UNTAKEN: Final = 2 * PATIENCE
#: Notices in one message; more than this nobody reads, and services limit a message's length.
MOST_AT_ONCE: Final = 10
#: So many wait for a way on which nothing arrives; of more only the newest would ever be read.
MOST_KEPT: Final = 100

#: How a notice goes: the channel that must not tell it, and whether every other one may.
Way = tuple[str | None, bool]


class Notice(NamedTuple):
    """A line about the program itself, for the operator.

    Attributes:
        text: one sentence; of a message in doubt all that it told.
        about: the channel in trouble, which another one tells of.
        anywhere: lets every other channel tell it.
        lost: how often its answer was lost: sent again it says that it may be a repeat.
        due: when it is sent again, if it is in doubt.
    """

    text: str
    about: str | None = None
    anywhere: bool = False
    lost: int = 0
    due: datetime | None = None

    @property
    def way(self) -> Way:
        """What it shares with those that it must not overtake."""
        return self.about, self.anywhere


class Fate(NamedTuple):
    """What becomes of a message that no road took: what of it waits, and why not all of it does."""

    waits: Sequence[Notice]
    why_given_up: str = ""


def next_message(
    waiting: Sequence[Notice], now: datetime, *, is_answering: bool = False
) -> Sequence[Notice]:
    """Return the notices that go now, as one message; none where a repeat comes first, soon.

    Args:
        waiting: what goes one way, in its order.
        now: the clock.
        is_answering: the service has just taken something, so that a repeat costs no third copy.
    """
    for one in waiting:
        if one.due and (is_answering or _is_due(one.due, now)):
            return (one,)
    if until_repeat(waiting, now) is not None:
        return ()
    return [one for one in waiting if not one.due]


def until_repeat(waiting: Sequence[Notice], now: datetime) -> timedelta | None:
    """Return how long those that go one way wait for a repeat; None where that would be long."""
    waits = (one.due - now for one in waiting if one.due and not _is_due(one.due, now))
    return min((wait for wait in waits if wait <= PATIENCE), default=None)


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
    doubt = next(filter(is_in_doubt, errors), None)
    if doubt:
        return _in_doubt(message, doubt, now)
    if message[0].due:  # a repeat that showed nobody anything keeps what came after it no longer
        return Fate((message[0]._replace(due=now + UNTAKEN),))
    newer = f"{MOST_KEPT} came after it" if len(message) > MOST_KEPT else ""
    return Fate(message[-MOST_KEPT:], newer)


def joined(texts: Sequence[str]) -> str:
    """Return the text of one message with notices, oldest first: the newest of very many."""
    earlier = len(texts) - MOST_AT_ONCE
    head = [f"{earlier} earlier ones: see `watcher status`"] if earlier > 0 else []
    return "; ".join([*head, *texts[-MOST_AT_ONCE:]])


def _in_doubt(message: Sequence[Notice], doubt: DeliveryError, now: datetime) -> Fate:
    first = message[0]
    if first.lost >= len(REPEATS):
        return Fate((), f"it was sent {first.lost + 1} times: {doubt}")
    text, due = joined([one.text for one in message]), now + REPEATS[first.lost]
    return Fate((first._replace(text=text, lost=first.lost + 1, due=due),))


def _is_due(due: datetime, now: datetime) -> bool:
    """Tell whether a repeat's time has come; one further away was set by a clock that was ahead."""
    return not now < due <= now + REPEATS[-1]
