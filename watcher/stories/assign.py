"""Which story an entry belongs to, decided from its candidates; and how two entries relate."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from watcher.model import Assignment, Relation
from watcher.stories.archive import Member
from watcher.stories.copies import Copy, judge_copy
from watcher.stories.features import overlap
from watcher.stories.same import story_chance
from watcher.stories.signature import Signature

#: From this chance on two given entries are called copies: as often wrong either way on pairs.
COPY_CHANCE: Final = 0.3
#: The same for bare titles, where neither outlet nor time nor address speaks.
BARE_COPY_CHANCE: Final = 0.75
#: Silence has to be earned, and the best of many candidates looks better than it is.
SILENT_COPY_CHANCE: Final = 0.7
#: Two given entries report one event from this chance on.
SAME_CHANCE: Final = 0.5
#: A story takes an entry from this mean chance on.
STORY_CHANCE: Final = 0.65
#: The story's best members that are asked, beside its founder.
BEST_MEMBERS: Final = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """How two entries relate, 0-100, and why."""

    relation: Literal["copy", "same", "different"]
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Link:
    """An entry's comparison with one member."""

    member: Member
    copy: Copy
    same: float


def relate(a: Signature, b: Signature) -> Verdict:
    """Return how two entries relate, whichever came first."""
    terms = overlap(a, b)
    copy = judge_copy(a, b, terms)
    if copy.chance >= (BARE_COPY_CHANCE if a.bare and b.bare else COPY_CHANCE):
        return Verdict("copy", _score(copy.chance), copy.reason)
    same = story_chance(terms)
    if same >= SAME_CHANCE:
        return Verdict("same", _score(same), copy.reason)
    return Verdict("different", _score(1 - same), copy.reason)


def assign(signature: Signature, members: Sequence[Member], *, window: timedelta) -> Assignment:
    """Return where an entry belongs; the order of the members does not matter."""
    links = [_link(signature, member) for member in _open(signature, members, window)]
    copies = [link for link in links if link.copy.chance >= SILENT_COPY_CHANCE]
    if not copies:
        return _join(links)
    best = max(copies, key=lambda link: (link.copy.chance, -link.member.entry))
    story, entry = best.member.story, best.member.entry
    return Assignment(Relation.COPY, story, entry, _score(best.copy.chance), best.copy.reason)


def _join(links: list[_Link]) -> Assignment:
    """Attach to the closest story, or open a new one."""
    stories: dict[int, list[_Link]] = defaultdict(list)
    for link in links:
        stories[link.member.story].append(link)
    scores = {story: _mean(of) for story, of in stories.items()}
    if not scores:
        return Assignment(Relation.NEW, None, None, 100.0, "nothing like it in the window")
    story = max(scores, key=lambda number: (scores[number], -number))
    chance = scores[story]
    if chance < STORY_CHANCE:
        return Assignment(Relation.NEW, None, None, _score(1 - chance), "no story is close enough")
    best = max(stories[story], key=lambda link: (link.same, -link.member.entry))
    return Assignment(Relation.SAME, story, None, _score(chance), best.copy.reason)


def _mean(links: list[_Link]) -> float:
    """Return the mean of the best members and the founder, so that one weak link joins nothing."""
    ranked = sorted(links, key=lambda link: (-link.same, link.member.entry))
    asked = ranked[:BEST_MEMBERS]
    founder = min(links, key=lambda link: link.member.entry)
    if founder not in asked:
        asked.append(founder)
    return sum(link.same for link in asked) / len(asked)


def _open(signature: Signature, members: Iterable[Member], window: timedelta) -> list[Member]:
    """Return the members of stories that still take an entry of this time."""
    stories: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        stories[member.story].append(member)
    return [
        member
        for of in stories.values()
        if any(abs(signature.time - other.signature.time) <= window for other in of)
        for member in of
    ]


def _link(signature: Signature, member: Member) -> _Link:
    terms = overlap(signature, member.signature)
    return _Link(member, judge_copy(signature, member.signature, terms), story_chance(terms))


def _score(chance: float) -> float:
    return round(100 * chance, 1)
