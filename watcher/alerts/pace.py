"""How fast messages may follow each other into one chat, before its service refuses any."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

from watcher.model import Priority

MINUTE_S: Final = timedelta(minutes=1).total_seconds()

#: Of what a chat takes in a minute alerts leave this much to those of priority high: as many as
#: come about one event.
SPARE_FOR_HIGH: Final = 3
#: Edits, and notices at first (`notices.urgency`), leave this much to alerts, half of what a group
#: takes: they can wait.
SPARE_FOR_ALERTS: Final = 10


@dataclass(frozen=True, slots=True)
class Pace:
    """What one chat takes.

    Attributes:
        chat: names it among all chats of all services.
        apart_s: seconds between two messages.
        most: messages in a minute; None for no limit of its own.
    """

    chat: str
    apart_s: float
    most: int | None = None


class Turn(NamedTuple):
    """Who is to send next into a chat, of those that wait for it: the least of these.

    Attributes:
        spare: what it leaves to what is more urgent; see `spare`.
        since: when it began to wait, in seconds.
    """

    spare: int
    since: float


def chat_key(bot: str, chat: str) -> str:
    """Return what names a bot's chat among all: other bots there have a count of their own."""
    return f"{bot} {chat}"


def spare(priority: Priority | None) -> int:
    """Return how many messages of a minute something leaves to what is more urgent.

    Args:
        priority: of an alert, or as urgent; None of an edit, or a notice at first.
    """
    if priority is None:
        return SPARE_FOR_ALERTS
    return 0 if priority is Priority.HIGH else SPARE_FOR_HIGH


def wait_s(pace: Pace, sent: Sequence[float], now: float, spare: int = 0) -> float:
    """Return for how many seconds a chat is to get nothing more; zero when it may now.

    A message that comes alone waits for nothing.

    Args:
        pace: what the chat takes.
        sent: when it got its last messages, oldest first, by a clock in seconds that nobody sets.
        now: by the same clock.
        spare: so many of a minute's messages are for others.
    """
    waits = [sent[-1] + pace.apart_s - now] if sent else []
    most = None if pace.most is None else max(1, pace.most - spare)
    if most is not None and len(sent) >= most:
        waits.append(sent[-most] + MINUTE_S - now)
    return max(0.0, *waits) if waits else 0.0


def is_next(turn: Turn, others: Iterable[Turn]) -> bool:
    """Tell whether nobody of others that wait is more urgent, or as urgent and waits for longer."""
    return all(turn <= other for other in others)
