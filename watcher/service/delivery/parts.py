"""What goes out in parts, of the messages of one channel while it is served once."""

from collections.abc import Sequence
from dataclasses import dataclass

from watcher.storage.rows import Claimed


@dataclass(slots=True)
class _Parted:
    """A message that goes out in parts: how many of its stories were refused alone."""

    refused_alone: int = 0
    is_any_taken: bool = False


class Parts:
    """Knows whether anything of each parted message is taken, and gathers what died of them.

    Attributes:
        dead: the alerts of parts that died.
        reason: why the first of them did.
    """

    def __init__(self) -> None:
        self.dead: list[int] = []
        self.reason = ""
        self._waiting: dict[int, _Parted] = {}

    def begin(self, deliveries: Sequence[int]) -> None:
        """Take note that a message, or a part of one, goes out in parts."""
        message = self._waiting.get(deliveries[0], _Parted())
        self._waiting |= dict.fromkeys(deliveries, message)

    def has(self, claimed: Claimed) -> bool:
        """Tell whether a message is a part of another."""
        return self._waiting.keys() >= set(claimed.deliveries)

    def refused(self, claimed: Claimed) -> int:
        """Return how many stories of its message were refused alone, while none was taken.

        This one is included. Of a message that is whole yet none was.
        """
        if not self.has(claimed):
            return 0
        message = self._waiting[claimed.deliveries[0]]
        message.refused_alone += len(claimed.deliveries) == 1
        return 0 if message.is_any_taken else message.refused_alone

    def taken(self, claimed: Claimed) -> None:
        """Take note that a message arrived."""
        if self.has(claimed):
            self._waiting[claimed.deliveries[0]].is_any_taken = True
            self._drop(claimed)

    def died(self, claimed: Claimed, reason: str) -> None:
        """Take note that a part will not be tried again."""
        self._drop(claimed)
        self.dead += claimed.alerts
        self.reason = self.reason or reason

    def _drop(self, claimed: Claimed) -> None:
        for number in claimed.deliveries:
            self._waiting.pop(number, None)
