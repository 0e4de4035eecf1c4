"""When each chat may get its next message, so that no service has to ask us to wait.

One that is told too much lets the whole bot wait, and every other chat of it with that one.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from watcher.alerts.pace import MINUTE_S, wait_s
from watcher.alerts.senders import Paced, Sender


class Paces:
    """Knows of each chat what it got within the last minute; one object for everybody who sends.

    Args:
        steady: seconds by a clock that nobody sets.
    """

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._sent: dict[str, deque[float]] = {}

    def left_s(self, sender: Sender, spare: int = 0) -> float:
        """Return for how many seconds a sender's chat is to get nothing more.

        Args:
            sender: to the chat.
            spare: so many of a minute's messages are for others.
        """
        if not isinstance(sender, Paced):
            return 0.0
        now, pace = self._steady(), sender.pace
        sent = self._sent.get(pace.chat, deque())
        while sent and sent[0] + MINUTE_S <= now:
            sent.popleft()
        return wait_s(pace, sent, now, spare)

    @contextmanager
    def counted(self, sender: Sender) -> Iterator[None]:
        """Count a message from its start, and as of its end: then it surely was there."""
        if not isinstance(sender, Paced):
            yield
            return
        sent = self._sent.setdefault(sender.pace.chat, deque())
        sent.append(self._steady())
        try:
            yield
        finally:
            if sent:
                sent.pop()
            sent.append(self._steady())
