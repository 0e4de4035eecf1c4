"""Which story does a new one follow? The preview, the event and its aftermath are three stories.

A link between stories of one topic, told to people and never a reason to keep quiet. It rests on
the phase of what is done: the act is now done that was still to come ("to meet", "meets"), or lies
behind what is told ("leaves after the summit"). What only a noun names may be done or not ("summit
in Oslo"), and makes nothing a sequel.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from watcher.stories.acts import Acts
from watcher.stories.signature import Signature

#: They tell of the same: half of the lists that both mention are common.
_SAME_LISTS: Final = 0.5
#: Acts that come one after the other on one journey.
_STAGES: Final = ("invite", "depart", "arrive", "welcome", "meet", "sign", "return")


class Followed(NamedTuple):
    """The story that one follows, and why: "what was to come is done"."""

    story: int
    reason: str


def followed(late: Signature, members: Iterable[tuple[int, Signature]]) -> Followed | None:
    """Return which story a new one follows, given (story, member) of those that it did not join.

    Only members of a shared topic that mention much the same lists speak, and only what was told
    before; of several stories the one told last is followed.
    """
    if not late.topics or not late.acts:
        return None
    earlier: defaultdict[int, list[Signature]] = defaultdict(list)
    for story, early in members:
        if _is_comparable(late, early):
            earlier[story].append(early)
    linked = [
        (max(one.hour for one in told), story, reason)
        for story, told in earlier.items()
        if (reason := _sequel(late.acts, told))
    ]
    if not linked:
        return None
    _, story, reason = max(linked)
    return Followed(story, reason)


def _is_comparable(late: Signature, early: Signature) -> bool:
    return (
        late.shares_topic(early)
        and early.hour <= late.hour
        and _list_overlap(late, early) >= _SAME_LISTS
    )


def _list_overlap(a: Signature, b: Signature) -> float:
    """Return 0-1, how many of the mentioned lists are common, those of the topic among them."""
    return len(a.lists & b.lists) / len(a.lists | b.lists) if a.lists or b.lists else 0.0


def _sequel(late: Acts, told: Sequence[Signature]) -> str:
    """Return what makes an entry the sequel of a story; "" if nothing does."""
    named = frozenset[str]().union(*(one.acts.told for one in told))
    done = frozenset[str]().union(*(one.acts.happened for one in told))
    planned = frozenset[str]().union(*(one.acts.planned for one in told))
    if not late.happened.isdisjoint(planned - done):
        return "what was still to come is done"
    if not late.over.isdisjoint(named):
        return "it tells what came after"
    if _stage(late.happened) > _stage(done) >= 0:
        return "the next stage of one journey"
    return ""


def _stage(acts: frozenset[str]) -> int:
    """Return how far on the way the latest act is; -1 for acts of no journey."""
    return max((place for place, act in enumerate(_STAGES) if act in acts), default=-1)
