"""How many polls all feeds together may have, and what that makes one poll cost; no I/O.

Feeds that bring much are polled more often, by the root of what they bring: that is the cheapest
way to a short delay (Sia, Cho and Cho). With w the weight and lambda the rate of a feed, the delay
of an entry is tau/2, and the sum of w * lambda * tau / 2 under a fixed sum of 1/tau is least where
tau = price / sqrt(w * lambda). The price is the one at which the budget is spent, bounds included.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import exp, log

from watcher.feeds.schedule import PollState

#: Pulls and floors are counted in steps of 5 %: a few hundred numbers stand for any number of
#: feeds, and the price is off by less than the jitter.
_STEP = log(1.05)

#: The price is sought anew after so many changes for each feed there is: it moves slowly, and
#: to find it takes a millisecond or two.
_CHANGES = 0.25

#: Halvings of the range of e^-20 to e^20 in which every price lies: to a hundred-thousandth.
_HALVINGS = 22
_LEAST, _MOST = -20.0, 20.0

#: Feeds without news are reckoned with anew so often: each time costs more than it tells.
_RECOUNT = timedelta(hours=4)

_HOUR = timedelta(hours=1)
_Stock = Counter[tuple[int, int]]
#: A feed's floor, and its pull at each hour of the day, in steps.
_Shares = tuple[int, "array[int]"]


def asks_anew(before: PollState, after: PollState) -> bool:
    """Tell whether a feed asks for so much more or less after a poll that the budget should know.

    With each poll its rates fade a little; what that changes can wait.
    """
    return (
        after.wish != before.wish
        or after.firsts != before.firsts
        or after.rhythm.last_news != before.rhythm.last_news
        or _span(after.last_success) != _span(before.last_success)
    )


def _span(time: datetime | None) -> int | None:
    return None if time is None else int(time.timestamp() // _RECOUNT.total_seconds())


def _keys(shares: _Shares) -> Iterator[tuple[int, int]]:
    least, pulls = shares
    return ((pull, least) for pull in pulls)


class Budget:
    """Knows what each feed asks for, and the price of a poll.

    Args:
        mean: the interval that all feeds would have if they shared the polls evenly.
        shortest: the least interval of any.
        longest: the longest.
        stretch: by what factor intervals become longer than planned, on the average.
    """

    def __init__(
        self, mean: timedelta, shortest: timedelta, longest: timedelta, stretch: float = 1.0
    ) -> None:
        self._mean, self._bounds = mean / _HOUR, (shortest / _HOUR, longest / _HOUR)
        self._stretch = stretch
        self._stock: _Stock = Counter()
        self._feeds: dict[int, _Shares] = {}
        self._changes = 0
        self._price: float | None = None

    def put(self, feed: int, pulls: Sequence[float], floor: timedelta) -> None:
        """Say what a feed asks for at each hour of the day, and how often it may be asked.

        Args:
            feed: any number.
            pulls: see `rhythm.pulls`.
            floor: the least interval that its publisher wants.
        """
        shortest, longest = self._bounds
        least = round(log(min(max(floor / _HOUR, shortest), longest)) / _STEP)
        shares = least, array("h", [round(log(pull) / _STEP) for pull in pulls])
        if self._feeds.get(feed) != shares:
            self.drop(feed)
            self._feeds[feed] = shares
            self._stock.update(_keys(shares))
            self._changes += 1

    def drop(self, feed: int) -> None:
        """Forget a feed."""
        shares = self._feeds.pop(feed, None)
        if shares is not None:
            self._stock.subtract(_keys(shares))
            self._changes += 1

    @property
    def price(self) -> float:
        """What a poll costs, in roots of entries an hour times hours."""
        if self._price is None or self._changes > _CHANGES * len(self._feeds):
            self._stock = +self._stock  # without those that sank to nothing
            self._price, self._changes = self._balanced(), 0
        return self._price

    def _balanced(self) -> float:
        """Return the price at which the polls of all feeds are as many as the budget has."""
        low, high = _LEAST, _MOST
        budget = self._stock.total() / self._mean * self._stretch
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._spent(exp(middle)) > budget else (low, middle)
        return exp((low + high) / 2)

    def _spent(self, price: float) -> float:
        shortest, longest = self._bounds
        return sum(
            count / min(max(price / exp(pull * _STEP), shortest, exp(least * _STEP)), longest)
            for (pull, least), count in self._stock.items()
        )
