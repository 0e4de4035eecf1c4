"""When each chat may get its next message, and from whom, so that no service has to ask us to wait.

One that is told too much lets the whole bot wait, and every other chat of it with that one. Several
channels may write to one chat, and notices do: what is more urgent goes first, wherever it waits.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

from watcher.alerts.pace import MINUTE_S, Turn, is_next, spare, wait_s
from watcher.alerts.senders import Paced, Sender
from watcher.model import Priority

#: A chat is free, and it is another's turn: that one looks at the same moment, and sends.
ANOTHERS_TURN_S: Final = 0.05


class Paces:
    """Knows of each chat what it got within the last minute; one object for everybody who sends.

    Args:
        steady: seconds by a clock that nobody sets.
    """

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._sent: dict[str, deque[float]] = {}
        self._waiting: defaultdict[str, dict[Hashable, Turn]] = defaultdict(dict)

    def is_free(self, sender: Sender) -> bool:
        """Tell whether a sender's chat takes whatever comes, and nobody waits for it."""
        if not isinstance(sender, Paced):
            return True
        return not self._waiting[sender.pace.chat] and not self.left_s(sender, spare(None))

    def turn_s(self, sender: Sender, priority: Priority | None, who: Hashable) -> float:
        """Return for how many seconds somebody is to send nothing; that it waits is known then.

        Args:
            sender: to the chat.
            priority: of an alert, or as urgent; None of an edit, or a notice at first.
            who: waits until it has sent, or leaves.
        """
        if not isinstance(sender, Paced):
            return 0.0
        waiting = self._waiting[sender.pace.chat]
        since = waiting[who].since if who in waiting else self._steady()
        turn = waiting[who] = Turn(spare(priority), since)
        left_s = self.left_s(sender, turn.spare)
        return left_s or (0.0 if is_next(turn, waiting.values()) else ANOTHERS_TURN_S)

    def leave(self, who: Hashable) -> None:
        """Take note that somebody waits no more."""
        for waiting in self._waiting.values():
            waiting.pop(who, None)

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
    def counted(self, sender: Sender, who: Hashable = None) -> Iterator[None]:
        """Count a message from its start, and as of its end: then it surely was there.

        Args:
            sender: sends it.
            who: waited for that, and does no more.
        """
        self.leave(who)
        with self.counted_in(sender.pace.chat) if isinstance(sender, Paced) else nullcontext():
            yield

    @contextmanager
    def counted_in(self, chat: str) -> Iterator[None]:
        """Count the same for a chat, as `Pace` names it."""
        sent = self._sent.setdefault(chat, deque())
        sent.append(self._steady())
        try:
            yield
        finally:
            if sent:
                sent.pop()
            sent.append(self._steady())
