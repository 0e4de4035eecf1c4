"""What the entries of a story are to each other once it was parted or joined by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watcher.model import Relation


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry, by our number, as it related to the story that it was in; see `Assignment`."""

    entry: int
    relation: Relation
    copy_of: int | None


def related_anew(members: Sequence[Kept]) -> Iterator[tuple[int, Relation]]:
    """Yield the entries of a story, the founder first, that relate otherwise now, and how.

    The first is the new one, and a copy repeats one of its own story; neither repeats another.
    """
    own = {one.entry for one in members}
    for place, one in enumerate(members):
        is_stranger = one.copy_of is not None and one.copy_of not in own
        if place == 0 and one.relation is not Relation.NEW:
            yield one.entry, Relation.NEW
        elif place and (one.relation is Relation.NEW or is_stranger):
            yield one.entry, Relation.SAME
