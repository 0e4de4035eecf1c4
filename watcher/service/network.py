"""Is it them or is it us: what the latest polls say about our own network."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from watcher.feeds.backoff import network_down
from watcher.feeds.guard import is_public

#: Polls that end within this time bear witness together.
WITNESS_SPAN = timedelta(minutes=2)

#: So many hosts are enough to judge by, the latest ones: with thousands of feeds a verdict must
#: not wait until most of them have failed.
WITNESSES = 20


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether a feed's host could be reached at one poll, and whether the feed was well before."""

    feed: int
    host: str
    reached: bool
    was_well: bool


@dataclass(frozen=True, slots=True)
class _Testimony:
    at: datetime
    unreached: frozenset[int]  # the host's feeds that could not be reached since it last was


class NetworkWitness:
    """Decides from the outcome of polls whether our own network is down.

    Only hosts that worked before bear witness against it, and the last word of each counts.

    Attributes:
        is_offline: the verdict so far.
    """

    def __init__(self) -> None:
        self.is_offline = False
        self._latest: dict[str, _Testimony] = {}

    def note(self, at: datetime, reach: Reach, *, in_flight: int) -> bool:
        """Take in one poll's outcome; return whether the verdict changed.

        Dead hosts answer before living ones, so the polls `in_flight` count as possible successes.
        One success is enough to be online again. Hosts on this machine or in the local network
        say nothing about the way to the outlets.
        """
        if _is_near(reach.host) or not (reach.reached or reach.was_well):
            return False
        before = self.is_offline
        if before and reach.reached:
            self._latest.clear()
        self._remember(at, reach)
        self.is_offline = not reach.reached and (before or self._judged(in_flight))
        return self.is_offline != before

    def unreached(self) -> frozenset[int]:
        """Return the feeds that lately could not be reached though they were well before."""
        return frozenset[int]().union(*(seen.unreached for seen in self._latest.values()))

    def _remember(self, at: datetime, reach: Reach) -> None:
        old = self._latest.pop(reach.host, None)
        known = old.unreached if old and not reach.reached else frozenset[int]()
        lost = frozenset[int]() if reach.reached else frozenset({reach.feed})
        self._latest[reach.host] = _Testimony(at, known | lost)
        for host in list(self._latest):
            if self._latest[host].at >= at - WITNESS_SPAN and len(self._latest) <= WITNESSES:
                break
            del self._latest[host]

    def _judged(self, in_flight: int) -> bool:
        unreached = sum(bool(seen.unreached) for seen in self._latest.values())
        asked = min(len(self._latest) + in_flight, WITNESSES)
        return network_down(unreached=unreached, asked=asked)


def _is_near(host: str) -> bool:
    try:
        return not is_public(ip_address(host))
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
