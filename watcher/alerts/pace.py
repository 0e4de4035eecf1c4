"""How fast messages may follow each other into one chat, before its service refuses any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

MINUTE_S: Final = timedelta(minutes=1).total_seconds()


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


def wait_s(pace: Pace, sent: Sequence[float], now: float) -> float:
    """Return for how many seconds a chat is to get nothing more; zero when it may now.

    A message that comes alone waits for nothing.

    Args:
        pace: what the chat takes.
        sent: when it got its last messages, oldest first, by a clock in seconds that nobody sets.
        now: by the same clock.
    """
    waits = [sent[-1] + pace.apart_s - now] if sent else []
    if pace.most is not None and len(sent) >= pace.most:
        waits.append(sent[-pace.most] + MINUTE_S - now)
    return max(0.0, *waits) if waits else 0.0
