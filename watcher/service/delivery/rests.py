"""Who must rest: a service that is told too much says how long it wants to hear nothing.

It speaks to the whole bot or account, so all that share a sender's limit key wait.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from watcher.errors import LONGEST_RETRY_AFTER
from watcher.service.moments import Clock


class Rests:
    """Until when each limit key rests; one object for everybody who sends.

    Args:
        clock: the present time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, datetime] = {}

    def restore(self, rests: Mapping[str, datetime]) -> None:
        """Take over what an earlier run was told, but for what is too long to be meant."""
        latest = self._clock() + LONGEST_RETRY_AFTER
        self._until.update({key: until for key, until in rests.items() if until <= latest})

    def end(self) -> None:
        """Let everybody speak again."""
        self._until.clear()

    def rest(self, key: str, wait: timedelta) -> datetime:
        """Let a key rest; return until when, which an earlier word may make later."""
        until = max(self._clock() + wait, self._until.get(key, self._clock()))
        self._until[key] = until
        return until

    def is_resting(self, key: str) -> bool:
        """Tell whether a key has to be left alone now."""
        return self.left(key) > timedelta(0)

    def left(self, key: str) -> timedelta:
        """Return how long a key has to be left alone; zero when it has not."""
        until = self._until.get(key)
        return max(until - self._clock(), timedelta(0)) if until else timedelta(0)
