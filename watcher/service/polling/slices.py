"""Long lists in pieces: between two of them others get their turn on the loop."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

#: So many feeds are planned in one go: some milliseconds, in which nothing else happens.
SLICE = 50


def slices(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield the items, some at a time."""
    iterator = iter(items)
    while batch := list(islice(iterator, SLICE)):
        yield batch
