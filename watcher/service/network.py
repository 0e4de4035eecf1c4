"""Is it them or is it us: what the polls of the last minutes say about our own network."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from watcher.feeds.guard import is_public
from watcher.feeds.schedule import Reach, network_down

#: Polls that end within this time bear witness together.
WITNESS_SPAN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class _Testimony:
    at: datetime
    feed: int
    reach: Reach


class NetworkWitness:
    """Decides from the outcome of polls whether our own network is down.

    Attributes:
        is_offline: the verdict so far.
    """

    def __init__(self) -> None:
        self.is_offline = False
        self._seen: deque[_Testimony] = deque()

    def note(self, at: datetime, feed: int, reach: Reach) -> bool:
        """Take one poll's outcome in; return whether the verdict changed.

        One success is enough to be online again. Hosts on this machine or in the local network
        say nothing about the way to the outlets.
        """
        if _is_near(reach.host):
            return False
        before = self.is_offline
        if reach.reached and before:
            self._seen.clear()
        self._seen.append(_Testimony(at, feed, reach))
        while self._seen[0].at < at - WITNESS_SPAN:
            self._seen.popleft()
        still = before and not reach.reached
        self.is_offline = still or network_down([seen.reach for seen in self._seen])
        return self.is_offline != before

    def unreached(self) -> set[int]:
        """Return the feeds that lately could not be reached though they were well before."""
        return {seen.feed for seen in self._seen if seen.reach.was_well and not seen.reach.reached}


def _is_near(host: str) -> bool:
    try:
        return not is_public(ip_address(host))
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
