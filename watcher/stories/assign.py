"""Which story an entry belongs to, decided from its candidates; and how two entries relate."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from watcher.model import Assignment, Relation
from watcher.stories.copies import NO_COPY, Copy, judge_copy
from watcher.stories.features import overlap
from watcher.stories.same import story_chance
from watcher.stories.signature import Signature
from watcher.stories.watched import earned, repeats, watched_chance

#: From this chance on two given entries are called copies: as often wrong either way on pairs.
COPY_CHANCE: Final = 0.3
#: The same for bare titles, where neither outlet nor time nor address speaks.
BARE_COPY_CHANCE: Final = 0.92
#: Silence has to be earned, and the best of many candidates looks better than it is.
SILENT_COPY_CHANCE: Final = 0.7
#: Two given entries report one event from this chance on.
SAME_CHANCE: Final = 0.62
#: A story takes an entry from this mean chance on.
STORY_CHANCE: Final = 0.59
#: How much the odds of other stories count against the best one.
RIVALRY: Final = 0.2
#: The same for what a shared topic says: join cautiously, the entry is told by a reply anyway.
WATCHED_CHANCE: Final = 0.4
#: The story's best members that are asked, beside its founder.
BEST_MEMBERS: Final = 3
#: Keeps the odds of certainty finite.
_TINY: Final = 1e-9
#: With less in common no decision can come out; most candidates end here.
_LEAST_TEXT: Final = 0.06


@dataclass(frozen=True, slots=True)
class Member:
    """An entry that belongs to a story, by our numbers; `founder` opened the story."""

    entry: int
    story: int
    signature: Signature


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
    watched: float


def relate(a: Signature, b: Signature) -> Verdict:
    """Return how two entries relate, whichever came first."""
    terms = overlap(a, b)
    copy = judge_copy(a, b, terms)
    if copy.chance >= (BARE_COPY_CHANCE if a.bare and b.bare else COPY_CHANCE):
        return Verdict("copy", _score(copy.chance), copy.reason)
    same = story_chance(terms)
    if not a.topics.isdisjoint(b.topics):
        same = max(same, watched_chance(a, b, terms))
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
    if not stories:
        return Assignment(Relation.NEW, None, None, 100.0, "nothing like it in the window")
    by_words = _best({story: _mean(of, _by_words) for story, of in stories.items()}, RIVALRY)
    by_topic = _by_topics(stories)
    if by_words.chance >= STORY_CHANCE:
        best = max(stories[by_words.story], key=lambda link: (link.same, -link.member.entry))
        return by_words.joined(best.copy.reason)
    if by_topic.chance >= WATCHED_CHANCE:
        return by_topic.joined("same topic, close in time and in what is named")
    chance = max(by_words.chance, by_topic.chance)
    return Assignment(Relation.NEW, None, None, _score(1 - chance), "no story is close enough")


@dataclass(frozen=True, slots=True)
class _Choice:
    """The closest story, and the chance that it is the entry's."""

    story: int
    chance: float

    def joined(self, reason: str) -> Assignment:
        return Assignment(Relation.SAME, self.story, None, _score(self.chance), reason)


def _by_words(link: _Link) -> float:
    return link.same


def _by_topic(link: _Link) -> float:
    return link.watched


def _by_topics(stories: dict[int, list[_Link]]) -> _Choice:
    watched = {k: of for k, of in stories.items() if any(link.watched for link in of)}
    scores = {story: _mean(of, _by_topic) for story, of in watched.items()}
    return _best(scores, 0.0) if scores else _Choice(0, 0.0)


def _best(scores: dict[int, float], rivalry: float) -> _Choice:
    story = max(scores, key=lambda number: (scores[number], -number))
    return _Choice(story, _against_others(scores, story, rivalry))


def _against_others(scores: dict[int, float], story: int, rivalry: float) -> float:
    """Return the chance of one story when an entry belongs to one at most.

    Where many stories look nearly as good, the words say more about a subject than an event.
    """
    odds = {number: chance / (1 + _TINY - chance) for number, chance in scores.items()}
    others = sum(value for number, value in odds.items() if number != story)
    return odds[story] / (1 + odds[story] + rivalry * others)


def _mean(links: list[_Link], chance: Callable[[_Link], float]) -> float:
    """Return the mean of the best members and the founder, so that one weak link joins nothing."""
    if len(links) == 1:
        return chance(links[0])
    ranked = sorted(links, key=lambda link: (-chance(link), link.member.entry))
    asked = ranked[:BEST_MEMBERS]
    founder = min(links, key=lambda link: link.member.entry)
    if founder not in asked:
        asked.append(founder)
    return sum(map(chance, asked)) / len(asked)


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
    other = member.signature
    topic = not signature.topics.isdisjoint(other.topics)
    if not topic and _nothing_shared(signature, other):
        return _Link(member, NO_COPY, 0.0, 0.0)
    terms = overlap(signature, other)
    copy = judge_copy(signature, other, terms)
    watched = watched_chance(signature, other, terms) if topic else 0.0
    if topic:
        copy = _watched_copy(signature, other, copy, watched)
    return _Link(member, copy, story_chance(terms), watched)


def _watched_copy(signature: Signature, other: Signature, copy: Copy, watched: float) -> Copy:
    """Return what the copy layer makes of two entries that share a topic."""
    if copy.chance >= SILENT_COPY_CHANCE:
        return earned(signature, other, copy)
    if not copy.veto and repeats(signature, other, watched):
        chance = max(watched, SILENT_COPY_CHANCE)
        return Copy(chance, "", "same topic in another language, names nothing more")
    return copy


def _nothing_shared(a: Signature, b: Signature) -> bool:
    return a.lead != b.lead and a.text.cosine(b.text) < _LEAST_TEXT


def _score(chance: float) -> float:
    return round(100 * chance, 1)
