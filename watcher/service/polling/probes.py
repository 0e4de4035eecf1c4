"""While we are offline: one feed of each host tries whether it is reached, ever more seldom.

Whoever does answer there, the outlet itself where only its certificate is refused, is not to be
asked for each of its feeds.
"""

from collections import Counter

from watcher.service.polling.network import is_near
from watcher.service.polling.visit import PolledFeed


class Probes:
    """The feeds that are asked while we are offline, and those that wait until we are back."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}
        self._tries: Counter[str] = Counter()
        self._lost: set[int] = set()
        self._left_out: set[int] = set()

    def admits(self, feed: PolledFeed) -> bool:
        """Tell whether a feed may be asked: the first of its host is, the others wait.

        What is nearby goes on as ever: its way is another.
        """
        if is_near(feed.hosts[0]) or self._of.setdefault(feed.hosts[0], feed.id) == feed.id:
            return True
        self._left_out.add(feed.id)
        return False

    def lost(self, feed: PolledFeed) -> None:
        """Note that a feed was asked in vain: it tries on, unless another one of its host does."""
        self._of.setdefault(feed.hosts[0], feed.id)
        self._lost.add(feed.id)

    def failed(self, feed: PolledFeed) -> int:
        """Note that a feed was asked in vain; return how often its host had been before."""
        self.lost(feed)
        before = self._tries[feed.hosts[0]]
        self._tries[feed.hosts[0]] += 1
        return before

    def forget(self, feed: PolledFeed) -> None:
        """Let another feed of its host be asked: this one left the configuration."""
        if self._of.get(feed.hosts[0]) == feed.id:
            del self._of[feed.hosts[0]]

    def end(self) -> tuple[set[int], set[int]]:
        """Begin anew; return the feeds that were asked in vain, and those that were left out."""
        lost, left_out = self._lost, self._left_out - self._lost
        self._of, self._tries, self._lost, self._left_out = {}, Counter(), set(), set()
        return lost, left_out
