"""Which story does a new one follow? The preview, the event and its aftermath are three stories.

A link between stories of one topic, told to people and never a reason to keep quiet. It rests on
the phase of what is done: the act is now done that was still to come ("to meet", "meets"), or lies
behind what is told ("leaves after the summit"). What only a noun names may be done or not ("summit
in Oslo"), and makes nothing a sequel. Beside that, a higher toll of a disaster follows the lower.

What every report of a topic has tells little. An act that the topic is about ("launches") links two
that both name something beside its lists, any other act two that name somebody.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from watcher.stories.act_kinds import JOURNEY
from watcher.stories.cast import find_others, with_countries
from watcher.stories.facts import counts_on, shares_fact
from watcher.stories.signature import Signature
from watcher.stories.watched import RARE
from watcher.stories.words import weight

#: They tell of the same: half of the lists that both mention are common.
_SAME_LISTS: Final = 0.5


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
        if (reason := _sequel(late, told))
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


def _share_more(late: Signature, early: Signature) -> bool:
    """Whether two of one topic name more in common than what the later one matches by."""
    return (
        _share_list(late, early)
        or _share_cast(late, early)
        or shares_fact(late, early)
        or _share_rare_word(late, early)
    )


def _share_list(late: Signature, early: Signature) -> bool:
    """Whether both mention a list that no line of their topics names."""
    asked = (lists for topic, lists in late.given.asked if topic in early.topics)
    return bool((late.lists & early.lists).difference(*asked))


def _share_cast(late: Signature, early: Signature) -> bool:
    """Whether both titles name somebody or somewhere that is no word of the topic's lists."""
    others = find_others(late.written, late.language, late.hidden, but=late.given.stems)
    return not others.isdisjoint(with_countries(early.cast))


def _share_rare_word(late: Signature, early: Signature) -> bool:
    shared = late.text.terms & early.text.terms - late.given.stems
    return any(weight(term) >= RARE for term in shared)


def _sequel(late: Signature, told: Sequence[Signature]) -> str:
    """Return what makes an entry the sequel of a story; "" if nothing does."""
    but = _untelling(late, told)
    named = frozenset[str]().union(*(one.acts.told for one in told)) - but
    done = frozenset[str]().union(*(one.acts.happened for one in told))
    planned = frozenset[str]().union(*(one.acts.planned for one in told)) - but
    if not late.acts.happened.isdisjoint(planned - done):
        return "what was still to come is done"
    if not late.acts.over.isdisjoint(named):
        return "it tells what came after"
    if _stage(late.acts.happened - but) > _stage(done) >= 0:
        return "the next stage of one journey"
    return "it counts more victims" if any(counts_on(late, one) for one in told) else ""


def _untelling(late: Signature, told: Sequence[Signature]) -> frozenset[str]:
    """Return the acts that link an entry to no story, by how much both name."""
    if any(_share_more(late, one) for one in told):
        return frozenset()
    cast = with_countries(late.cast)
    if all(cast.isdisjoint(with_countries(one.cast)) for one in told):
        return late.acts.named
    return late.matched_acts


def _stage(acts: frozenset[str]) -> int:
    """Return how far on the way the latest act is; -1 for acts of no journey."""
    return max((place for place, act in enumerate(JOURNEY) if act in acts), default=-1)
