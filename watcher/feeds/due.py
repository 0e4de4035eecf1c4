"""Whose turn it is: due feeds in order of time, one per host, with a pause between its starts.

A feed that one host leads to another keeps both busy, and waits until both may be asked. It stands
in line at both, and gets its turn by how long it has been due, as all do: where it is next in one
line only, that host goes on with others, and where it is next in both, they wait for each other.

A host that nobody expected, because a poll is led there just now, is joined if it is free.

A plain structure without clock or I/O. Each step takes the time of a few comparisons, with ten
thousand feeds overdue as well, and also when all of them are of one host.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import NamedTuple


class _Turn(NamedTuple):
    """A feed's place in the line of a host; of several only the newest `number` counts."""

    at: datetime
    number: int
    feed: int


class _Plan(NamedTuple):
    """A planned feed's turn, and the hosts that it needs: one, or also that where this leads."""

    turn: _Turn
    hosts: tuple[str, ...]


class _Call(NamedTuple):
    """A host's place in the queue; of several only the newest `number` counts."""

    at: datetime
    number: int
    host: str


@dataclass(slots=True)
class _Host:
    """A host and the feeds in its line; it is called when the first is due and it may be asked.

    Attributes:
        free_at: its next request may start then.
        asked: the feed that a request is in flight for.
        call: the number of its call; 0 while it has none.
    """

    free_at: datetime | None = None
    asked: int | None = None
    call: int = 0
    turns: list[_Turn] = field(default_factory=list)


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
        self._passed: set[int] = set()  # those that one of their hosts goes on without
        self._in_flight: dict[int, tuple[str, ...]] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return how many feeds are planned and not handed out."""
        return len(self._planned)

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
        self.drop(feed)
        self._count += 1
        turn = _Turn(due, self._count, feed)
        hosts = (host,) if led_to is None else (host, led_to)
        self._planned[feed] = _Plan(turn, hosts)
        for name in hosts:
            known = self._hosts.setdefault(name, _Host())
            heappush(known.turns, turn)
            if known.turns[0].number == turn.number:
                self._call(name, known)

    def drop(self, feed: int) -> None:
        """Forget a feed."""
        plan = self._planned.pop(feed, None)
        self._passed.discard(feed)
        if plan is not None and len(plan.hosts) > 1:  # one may have waited for the other
            for name in plan.hosts:
                self._call(name, self._hosts[name])

    def take(self, now: datetime) -> int | None:
        """Return a feed to be polled now, or None; its host is busy until `done`."""
        while self._calls and self._calls[0].at <= now:
            call = heappop(self._calls)
            host = self._hosts.get(call.host)
            if host is None or host.call != call.number:
                continue
            host.call = 0
            turn = self._first(host)
            if host.asked is not None or turn is None or turn.at > now:
                self._call(call.host, host)  # the feed that it was called for is gone
            elif not self._waits(call.host, turn, now):
                return self._hand_out(turn, now)
        return None

    def _waits(self, name: str, turn: _Turn, now: datetime) -> bool:
        """Tell whether the first in a host's line waits for its other host; see to what follows."""
        other_name = next((one for one in self._planned[turn.feed].hosts if one != name), None)
        if other_name is None:
            return False
        host, other = self._hosts[name], self._hosts[other_name]
        was_passed = turn.feed in self._passed
        if was_passed:
            self._passed.discard(turn.feed)
            heappush(other.turns, turn)
        is_next = self._first(other) == turn
        if not is_next or (other.asked is not None and not was_passed):
            self._pass_over(name, turn)
            return True
        if other.asked is None and other.free_at is not None and other.free_at > now:
            self._call(name, host, at_least=other.free_at)
            return True
        return other.asked is not None  # when that is over, the other one is called for it

    def _pass_over(self, name: str, turn: _Turn) -> None:
        """Let a host go on with others; the first in its line stands in that of its other host.

        A host passes it over once: when the other one comes to it, they wait for each other.
        """
        host = self._hosts[name]
        heappop(host.turns)
        self._passed.add(turn.feed)
        self._call(name, host)

    def _hand_out(self, turn: _Turn, now: datetime) -> int:
        names = self._planned.pop(turn.feed).hosts
        for name in names:
            host = self._hosts[name]
            heappop(host.turns)
            host.asked, host.free_at = turn.feed, now + self.delay
        self._in_flight[turn.feed] = names
        return turn.feed

    def _first(self, host: _Host) -> _Turn | None:
        """Return the host's first turn that still counts."""
        while host.turns:
            turn = host.turns[0]
            plan = self._planned.get(turn.feed)
            if plan is not None and plan.turn.number == turn.number:
                return turn
            heappop(host.turns)
        return None

    def _call(self, name: str, host: _Host, *, at_least: datetime | None = None) -> None:
        """Give a host the place in the queue that its first feed has, unless it is being asked."""
        turn = self._first(host)
        if host.asked is not None or turn is None:
            return
        self._count += 1
        host.call = self._count
        at = max(turn.at, host.free_at or turn.at, at_least or turn.at)
        heappush(self._calls, _Call(at, host.call, name))

    def done(self, feed: int) -> None:
        """Say that the request for a feed is over: the next of its host gets its turn."""
        for name in self._in_flight.pop(feed):
            host = self._hosts[name]
            host.asked = None
            self._call(name, host)

    def join(self, feed: int, host: str, now: datetime) -> bool:
        """Have a feed that is being asked keep another host busy as well, until `done`.

        Return whether that host may be asked now; where it may not, nothing changes.
        """
        known = self._hosts.setdefault(host, _Host())
        if known.asked != feed:
            if known.asked is not None or (known.free_at or now) > now:
                return False
            known.asked = feed
            self._in_flight[feed] = (*self._in_flight[feed], host)
        known.free_at = now + self.delay
        return True

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
