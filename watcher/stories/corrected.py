"""What the entries of a story are to each other once it was parted or joined by hand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from watcher.model import Assignment, Relation

#: Returns which of some entries another one repeats; None if none.
Judge = Callable[[int, Sequence[int]], Assignment | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry, by our number, as it related to the story that it was in; see `Assignment`."""

    entry: int
    relation: Relation
    copy_of: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """How an entry relates now; `reason` is there for a copy, which says why it is one."""

    entry: int
    relation: Relation
    copy_of: int | None = None
    reason: str = ""


def related_anew(members: Sequence[Kept], judge: Judge) -> Iterator[Change]:
    """Yield the entries of a story, the founder first, that relate otherwise now, and how.

    The first is the new one, and a copy repeats one of its own story; neither repeats another. A
    copy whose original is elsewhere may repeat one that was a copy of it, too.
    """
    own = [one.entry for one in members]
    for place, one in enumerate(members):
        is_stranger = one.copy_of is not None and one.copy_of not in own
        if place == 0 and one.relation is not Relation.NEW:
            yield Change(one.entry, Relation.NEW)
        elif place and is_stranger:
            yield _orphan(one.entry, judge(one.entry, own[:place]))
        elif place and one.relation is Relation.NEW:
            yield Change(one.entry, Relation.SAME)


def _orphan(entry: int, found: Assignment | None) -> Change:
    if found is None:
        return Change(entry, Relation.SAME)
    return Change(entry, Relation.COPY, found.copy_of, found.reason)
