"""How much the stories depend on the order in which feeds happen to be polled."""

import random
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from statistics import fmean

from watcher.config.settings import Settings
from watcher.model import Entry
from watcher.service.evaluate.metrics import score_grouping
from watcher.service.evaluate.run import Tick, replay_items
from watcher.service.trials.items import Item
from watcher.topics.watchlist import Watchlist

#: Orders that are compared with the file's.
ORDERS = 3


@dataclass(frozen=True, slots=True)
class OrderScore:
    """What another order within each stretch of time changes, averaged over some orders.

    Attributes:
        moved: share of the items that come at another place, at most 1.
        entries: mean share, over the entries, of an entry's company that changes (1 - BCubed F1).
        pairs: share of the pairs of one story that are not of one in the other order
            (1 - pairwise F1).
    """

    moved: float
    entries: float
    pairs: float


def order_dependence(
    items: Sequence[Item],
    settings: Settings,
    stretch: timedelta,
    tick: Tick = iter,
    orders: int = ORDERS,
) -> OrderScore:
    """Replay items in other orders within each stretch and compare which share a story."""
    watchlist = Watchlist(settings)

    def stories(order: Sequence[int]) -> list[Hashable]:
        replayed = replay_items([items[place] for place in order], settings, tick, watchlist)
        of = {place: one.story for place, one in zip(order, replayed, strict=True)}
        return [of[place] for place in range(len(items))]

    usual = stories(range(len(items)))
    shuffled = [list(_shuffled(items, stretch, seed)) for seed in range(orders)]
    scores = [score_grouping(usual, stories(order)) for order in shuffled]
    return OrderScore(
        moved=fmean(_moved(order) for order in shuffled),
        entries=1 - fmean(score.bcubed.f1 for score in scores),
        pairs=1 - fmean(score.pairwise.f1 for score in scores),
    )


def _shuffled(items: Sequence[Item], stretch: timedelta, seed: int) -> Iterator[int]:
    """Yield the places of the items, in another order where their times are of one stretch."""
    dice = random.Random(seed)  # noqa: S311 - an order that can be had again, no secret
    for _, together in groupby(range(len(items)), lambda p: _stretch_of(items[p].entry, stretch)):
        places = list(together)
        dice.shuffle(places)
        yield from places


def _stretch_of(entry: Entry, stretch: timedelta) -> float:
    return entry.seen.timestamp() // stretch.total_seconds()


def _moved(order: Sequence[int]) -> float:
    return sum(place != came for came, place in enumerate(order)) / (len(order) or 1)
