"""The polls under way: which they are, and cutting them short.

One whose outcome is being kept is never cut short: it would be known to nobody what was kept.
"""

import asyncio
from collections.abc import Callable, Coroutine
from collections.abc import Set as AbstractSet

from watcher.service.polling.visit import PollOutcome

Poll = asyncio.Task[PollOutcome]


class UnderWay:
    """At most one poll of each feed."""

    def __init__(self) -> None:
        self._polls: dict[int, Poll] = {}
        self._finishing: set[int] = set()

    def __len__(self) -> int:
        return len(self._polls)

    def __contains__(self, number: int) -> bool:
        return number in self._polls

    @property
    def feeds(self) -> AbstractSet[int]:
        """The numbers of the feeds that are polled now."""
        return self._polls.keys()

    @property
    def in_flight(self) -> int:
        """How many are fetched or parsed now: their outcome is still open."""
        return len(self._polls) - len(self._finishing)

    def start(
        self, number: int, poll: Coroutine[None, None, PollOutcome], ended: Callable[[Poll], None]
    ) -> None:
        """Poll a feed; `ended` is called when that is over, however it ended."""

        def end(task: Poll) -> None:
            del self._polls[number]
            self._finishing.discard(number)
            ended(task)

        task = asyncio.create_task(poll, name=f"poll {number}")
        self._polls[number] = task
        # Not a `finally` in the poll: one cancelled before its first step never gets there.
        task.add_done_callback(end)

    def finish(self, number: int) -> None:
        """Take note that the outcome of a poll is being kept from now on."""
        self._finishing.add(number)

    def cut_short(self, number: int) -> None:
        """Cancel the poll of a feed, if there is one whose outcome is not being kept yet."""
        if number in self._polls and number not in self._finishing:
            self._polls[number].cancel()

    async def cut_all_short(self) -> None:
        """Cancel what may be, and wait until all have ended."""
        polls = dict(self._polls)
        for number in polls:
            self.cut_short(number)
        await asyncio.gather(*polls.values(), return_exceptions=True)
