"""While we are offline: one feed of each host tries whether it is reached, ever more seldom.

Whoever does answer there, the outlet itself where only its certificate is refused, is not to be
asked for each of its feeds. They take turns at it: one may fail for reasons of its own.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from watcher.feeds.schedule import postponed
from watcher.service.polling.network import is_near
from watcher.service.polling.visit import PolledFeed, PollOutcome


class Probes:
    """The feeds that are asked while we are offline, and those that wait until we are back."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}
        self._tries: Counter[str] = Counter()
        self._lost: set[int] = set()
        self._left_out: dict[int, str] = {}  # with their hosts; whose turn is next comes first

    def admits(self, feed: PolledFeed) -> bool:
        """Tell whether a feed may be asked: one of its host is, the others wait.

        What is nearby goes on as ever: its way is another.
        """
        if is_near(feed.hosts[0]) or self._of.setdefault(feed.hosts[0], feed.id) == feed.id:
            return True
        self._left_out.pop(feed.id, None)
        self._left_out[feed.id] = feed.hosts[0]
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

    def handed_on(self, outcome: PollOutcome, feeds: Mapping[int, PolledFeed]) -> PolledFeed | None:
        """Return the feed that tries next in place of one that was asked in vain, if one is due.

        It is due at the time of the next try then, and asked at once when we are back before.

        Args:
            outcome: what came of asking; its state has the time of the next try.
            feeds: all feeds by their ids.
        """
        host, due = outcome.feed.hosts[0], outcome.state.next_due
        if not outcome.offline or due is None or self._of.get(host) != outcome.feed.id:
            return None
        others = (feeds[one] for one, its in self._left_out.items() if its == host and one in feeds)
        waiting = (one for one in others if (one.state.next_due or due) <= due)
        probe = next((one for one in waiting if one.id != outcome.feed.id), None)
        if probe is None:
            return None
        self._of[host] = probe.id
        self._lost.add(probe.id)
        return replace(probe, state=postponed(probe.state, due))

    def forget(self, feed: PolledFeed) -> None:
        """Let another feed of its host be asked: this one left the configuration."""
        if self._of.get(feed.hosts[0]) == feed.id:
            del self._of[feed.hosts[0]]

    def end(self) -> tuple[set[int], set[int]]:
        """Begin anew; return the feeds that were asked in vain, and those that were left out."""
        lost, left_out = self._lost, self._left_out.keys() - self._lost
        self._of, self._tries, self._lost, self._left_out = {}, Counter(), set(), {}
        return lost, left_out
