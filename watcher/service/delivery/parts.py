"""What goes out in parts, of the messages of one channel while it is served once."""

from collections.abc import Sequence

from watcher.storage.rows import Claimed


class Parts:
    """Knows whether anything of a parted message is taken, and gathers what died of it.

    Attributes:
        dead: the alerts of parts that died.
        reason: why the first of them did.
    """

    def __init__(self) -> None:
        self.dead: list[int] = []
        self.reason = ""
        self._waiting: set[int] = set()
        self._refused_alone = 0
        self._is_any_taken = False

    def begin(self, deliveries: Sequence[int]) -> None:
        """Take note that a message, or a part of one, goes out in parts."""
        if not self._waiting:
            self._refused_alone, self._is_any_taken = 0, False
        self._waiting |= set(deliveries)

    def has(self, claimed: Claimed) -> bool:
        """Tell whether a message is a part of another."""
        return self._waiting.issuperset(claimed.deliveries)

    def refused(self, claimed: Claimed) -> int:
        """Return how many stories were refused alone, this one included, while none was taken."""
        if self.has(claimed) and len(claimed.deliveries) == 1:
            self._refused_alone += 1
        return 0 if self._is_any_taken else self._refused_alone

    def taken(self, claimed: Claimed) -> None:
        """Take note that a message arrived."""
        if self.has(claimed):
            self._is_any_taken = True
            self._waiting -= set(claimed.deliveries)

    def died(self, claimed: Claimed, reason: str) -> None:
        """Take note that a part will not be tried again."""
        self._waiting -= set(claimed.deliveries)
        self.dead += claimed.alerts
        self.reason = self.reason or reason
