"""Whose turn it is: due feeds in order of time, one per host, with a pause between its starts.

A feed that one host leads to another keeps both busy, and waits until both may be asked.

A plain structure without clock or I/O. Each step takes the time of a few comparisons, with ten
thousand feeds overdue as well, and also when all of them are of one host.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import NamedTuple


class _Turn(NamedTuple):
    """A feed's place among those of its host; of several only the newest `number` counts."""

    at: datetime
    number: int
    feed: int


class _Plan(NamedTuple):
    """Where a planned feed waits: the number of its turn, its host, and where that leads, if so."""

    number: int
    host: str
    led_to: str | None


class _Call(NamedTuple):
    """A host's place in the queue; of several only the newest `number` counts."""

    at: datetime
    number: int
    host: str


@dataclass(slots=True)
class _Host:
    """A host and its planned feeds; it is called when the first is due and it may be asked.

    Attributes:
        free_at: its next request may start then.
        asked: the feed that a request is in flight for.
        call: the number of its call; 0 while it has none.
        awaited: plans of other hosts' feeds that lead here, and wait until it is not asked.
    """

    free_at: datetime | None = None
    asked: int | None = None
    call: int = 0
    turns: list[_Turn] = field(default_factory=list)
    awaited: list[tuple[int, _Plan]] = field(default_factory=list)


class DueQueue:
    """Hands out feeds when they are due and their host may be asked.

    Args:
        delay: least time between two starts at one host.
    """

    def __init__(self, delay: timedelta) -> None:
        self.delay = delay
        self._calls: list[_Call] = []
        self._hosts: dict[str, _Host] = {}
        self._planned: dict[int, _Plan] = {}
        self._in_flight: dict[int, tuple[str, ...]] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return how many feeds are planned and not handed out."""
        return len(self._planned)

    def __contains__(self, feed: int) -> bool:
        return feed in self._planned

    def was_asked(self, host: str, at: datetime) -> None:
        """Know of a request of before, as from a life before this: the pause follows it too."""
        known = self._hosts.setdefault(host, _Host())
        if known.free_at is None or at + self.delay > known.free_at:
            known.free_at = at + self.delay
            self._call(host, known)

    def put(self, feed: int, host: str, due: datetime, *, led_to: str | None = None) -> None:
        """Plan a feed, or plan it anew.

        Args:
            feed: its number.
            host: the one to be asked.
            due: when.
            led_to: another host, to which that one leads.
        """
        self._count += 1
        self._planned[feed] = _Plan(self._count, host, led_to)
        known = self._hosts.setdefault(host, _Host())
        heappush(known.turns, _Turn(due, self._count, feed))
        if known.turns[0].number == self._count:
            self._call(host, known)

    def drop(self, feed: int) -> None:
        """Forget a feed."""
        self._planned.pop(feed, None)

    def take(self, now: datetime) -> int | None:
        """Return a feed to be polled now, or None; its host is busy until `done`."""
        while self._calls and self._calls[0].at <= now:
            call = heappop(self._calls)
            host = self._hosts.get(call.host)
            if host is None or host.call != call.number:
                continue
            host.call = 0
            turn = self._first(host)
            if host.asked is None and turn and turn.at <= now and not self._waits(host, turn, now):
                return self._hand_out(host, now)
            self._call(call.host, host)  # the feed that it was called for is gone, or waits
        return None

    def _waits(self, host: _Host, turn: _Turn, now: datetime) -> bool:
        """Put a turn off until the host that it leads to may be asked, too."""
        plan = self._planned[turn.feed]
        if plan.led_to is None:
            return False
        second = self._hosts.setdefault(plan.led_to, _Host())
        if second.asked is not None:
            heappop(host.turns)
            second.awaited.append((turn.feed, plan))
            return True
        if second.free_at is None or second.free_at <= now:
            return False
        self.put(turn.feed, plan.host, second.free_at, led_to=plan.led_to)
        return True

    def _hand_out(self, host: _Host, now: datetime) -> int:
        feed = heappop(host.turns).feed
        plan = self._planned.pop(feed)
        names = (plan.host,) if plan.led_to is None else (plan.host, plan.led_to)
        for name in names:
            self._hosts[name].asked, self._hosts[name].free_at = feed, now + self.delay
        self._in_flight[feed] = names
        return feed

    def _first(self, host: _Host) -> _Turn | None:
        """Return the host's first turn that still counts."""
        while host.turns:
            turn = host.turns[0]
            plan = self._planned.get(turn.feed)
            if plan is not None and plan.number == turn.number:
                return turn
            heappop(host.turns)
        return None

    def _call(self, name: str, host: _Host) -> None:
        """Give a host the place in the queue that its first feed has, unless it is being asked."""
        turn = self._first(host)
        if host.asked is not None or turn is None:
            return
        self._count += 1
        host.call = self._count
        at = turn.at if host.free_at is None else max(turn.at, host.free_at)
        heappush(self._calls, _Call(at, host.call, name))

    def done(self, feed: int) -> None:
        """Say that the request for a feed is over: the next of its host gets its turn."""
        for name in self._in_flight.pop(feed):
            host = self._hosts[name]
            host.asked = None
            self._call(name, host)
            awaited, host.awaited = host.awaited, []
            for waiting, plan in awaited:
                if self._planned.get(waiting) == plan and host.free_at is not None:
                    self.put(waiting, plan.host, host.free_at, led_to=name)

    def shorten_pauses(self, now: datetime) -> None:
        """Have no host wait longer than the pause: the clock was set back since it was asked."""
        for name, host in self._hosts.items():
            if host.free_at is not None and host.free_at > now + self.delay:
                host.free_at = now + self.delay
                self._call(name, host)

    def next_turn(self) -> datetime | None:
        """Return when to look again; None if nothing is planned, or all wait for `done`."""
        while self._calls:
            call = self._calls[0]
            if self._hosts[call.host].call == call.number:
                return call.at
            heappop(self._calls)
        return None
