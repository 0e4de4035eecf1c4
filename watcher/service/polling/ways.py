"""The way of a poll over hosts: those that it is led to are asked in their turn, too.

A poll that is led to a host that is busy, or has its pause, ends there and starts anew when both
are free. It does not wait in the middle: two that hold a host each may be led to the other's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from watcher.feeds.due import DueQueue
from watcher.feeds.fetch import NotItsTurnError
from watcher.service.moments import Clock
from watcher.service.polling.visit import PolledFeed, PollOutcome

#: A feed that was turned away so often waits no longer for the next time: 62 pauses at most.
_MOST_DOUBLINGS = 6


@dataclass(slots=True)
class Way:
    """The hosts that a poll is led to, as it goes.

    Attributes:
        rest_of: tells until when a host wants to be left alone at a time.
        rests_until: that of the host before which the poll ended, if it does.
    """

    queue: DueQueue
    feed: int
    clock: Clock
    rest_of: Callable[[str, datetime], datetime | None]
    hosts: list[str] = field(default_factory=list)
    rests_until: datetime | None = None

    async def admit(self, host: str) -> bool:
        """Tell whether a host may be asked now; it is kept busy then until the poll is over."""
        self.hosts.append(host)
        now = self.clock()
        self.rests_until = self.rest_of(host, now)
        return self.rests_until is None and self.queue.join(self.feed, host, now)


def is_turned_away(outcome: PollOutcome) -> bool:
    """Tell whether a poll ended before a host whose turn it was not."""
    return isinstance(outcome.error, NotItsTurnError)


def way_after(outcome: PollOutcome, feed: PolledFeed) -> tuple[str, ...]:
    """Return the hosts that a feed is to wait for besides its own.

    The first of them is held from the start: the one that turned it away, or else that where it
    ends. A host that failed by itself led nowhere this time.
    """
    if not outcome.led_to and (outcome.error is not None or not outcome.is_poll):
        return feed.way
    if outcome.error is not None and outcome.error.refused is not None:
        return feed.way
    way = outcome.led_to[::-1]
    is_needed = not is_turned_away(outcome) and feed.way[:1] and feed.way[0] in way
    return tuple(dict.fromkeys((*feed.way[:1], *way) if is_needed else way))


def led_nowhere(feed: PolledFeed) -> PolledFeed:
    """Return a feed that waits for no other host than the one that answered it last.

    Where it was led while our network was gone, a login page may have led it.
    """
    return replace(feed, way=(), turned_away=0)


def wait_after(turned_away: int, delay: timedelta, chance: float) -> timedelta:
    """Return how long a feed stays out of line that was turned away so many times running.

    The first time not at all: it stands in line at that host from then on. Two that are led over
    more hosts could take these from each other for ever, did they not come back by lot.

    Args:
        turned_away: how often.
        delay: the pause between two requests to one host.
        chance: in [0, 1).
    """
    return delay * chance * (2.0 ** min(turned_away, _MOST_DOUBLINGS) - 2)
