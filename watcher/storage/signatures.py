"""The signatures of entries that polls met lately, in memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watcher.stories.signature import Signature  # the rules of stories take long to load

#: Signatures kept from one poll to the next: 11 MB. Beside 2,048, judging an entry is 2 % slower;
#: with 1,024 it would be a twelfth slower.
CACHED = 1_536


class Signatures:
    """The signatures computed last, by entry number."""

    def __init__(self, size: int = CACHED) -> None:
        self._size = size
        self._kept: OrderedDict[int, Signature] = OrderedDict()

    def kept(self, numbers: Iterable[int]) -> dict[int, Signature]:
        """Return the signatures of these entries that are still kept, in the order given."""
        found = {number: self._kept[number] for number in numbers if number in self._kept}
        for number in found:
            self._kept.move_to_end(number)
        return found

    def keep(self, number: int, signature: Signature) -> None:
        """Keep an entry's signature, and forget the one that was not asked for the longest."""
        self._kept[number] = signature
        self._kept.move_to_end(number)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def drop(self, number: int) -> None:
        """Forget one signature."""
        self._kept.pop(number, None)

    def clear(self) -> None:
        """Forget every signature."""
        self._kept.clear()
