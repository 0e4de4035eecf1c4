"""Whose turn it is: due feeds in order of time, one per host, with a pause between its starts.

A plain structure without clock or I/O, quick also with ten thousand feeds overdue.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True, order=True)
class _Turn:
    """A feed's place in the queue; of several only the newest `number` counts."""

    at: datetime
    number: int
    feed: int = field(compare=False)


@dataclass(slots=True)
class _Host:
    """A host with a request in flight or just over."""

    free_at: datetime
    busy: bool = True
    waiting: deque[_Turn] = field(default_factory=deque)


class DueQueue:
    """Hands out feeds when they are due and their host may be asked.

    Args:
        delay: least time between two starts at one host.
    """

    def __init__(self, delay: timedelta) -> None:
        self.delay = delay
        self._turns: list[_Turn] = []
        self._current: dict[int, tuple[int, str]] = {}
        self._hosts: dict[str, _Host] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return how many feeds are planned and not handed out."""
        return len(self._current)

    def __contains__(self, feed: int) -> bool:
        return feed in self._current

    def put(self, feed: int, host: str, due: datetime) -> None:
        """Plan a feed, or plan it anew."""
        self._count += 1
        self._current[feed] = (self._count, host)
        heappush(self._turns, _Turn(due, self._count, feed))

    def drop(self, feed: int) -> None:
        """Forget a feed."""
        self._current.pop(feed, None)

    def take(self, now: datetime) -> int | None:
        """Return a feed to be polled now, or None; its host is busy until `done`."""
        while self._turns and self._turns[0].at <= now:
            turn = heappop(self._turns)
            host = self._host_of(turn)
            if host is not None and self._admits(host, turn, now):
                del self._current[turn.feed]
                return turn.feed
        return None

    def _host_of(self, turn: _Turn) -> str | None:
        number, host = self._current.get(turn.feed, (0, ""))
        return host if number == turn.number else None

    def _admits(self, name: str, turn: _Turn, now: datetime) -> bool:
        host = self._hosts.get(name)
        if host is not None and host.busy:
            host.waiting.append(turn)
            return False
        if host is not None and host.free_at > now:
            heappush(self._turns, _Turn(host.free_at, turn.number, turn.feed))
            return False
        self._hosts[name] = _Host(now + self.delay)
        return True

    def done(self, name: str) -> None:
        """Say that the host's request is over: those that wait for it get their turn."""
        host = self._hosts[name]
        host.busy = False
        while host.waiting:
            turn = host.waiting.popleft()
            heappush(self._turns, _Turn(host.free_at, turn.number, turn.feed))

    def next_turn(self) -> datetime | None:
        """Return when to look again; None if nothing is planned, or all wait for `done`."""
        return self._turns[0].at if self._turns else None
