"""Where an entry's candidates come from: few of many, by the tokens that are rarest.

The rule is written down here once, so that the archive in memory (replay, tests) and the one in
the database choose the same members:

1. of the entry's tokens, the `RAREST_TOKENS` that fewest entries hold (`rarest`);
2. of each, the newest `NEWEST` entries since the window opened;
3. of these, the `CANDIDATES` with the greatest sum of `rarity` over the shared tokens,
   newer ones first among equals;
4. beside them the newest `WATCHED` entries that match a topic of the entry's;
5. beside them each found story's founder and newest `STORY_MEMBERS` members.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final, Protocol

from watcher.stories.assign import Member
from watcher.stories.signature import Signature
from watcher.stories.templates import occasion

#: Measured on a million entries: the eight rarest find 98 % of copies (research: stories, 5).
RAREST_TOKENS: Final = 8
#: Postings read per token; with 500 no decision on the development sets is better.
NEWEST: Final = 200
#: Members compared for their words.
CANDIDATES: Final = 50
#: Members compared because they match the same topic.
WATCHED: Final = 60
#: Newest members of a candidate's story, beside its founder.
STORY_MEMBERS: Final = 3


__all__ = ["Archive", "Member", "MemoryArchive", "rarest", "rarity"]


class Archive(Protocol):
    """The entries of the window, wherever they are kept."""

    def candidates(self, signature: Signature, since: datetime) -> Sequence[Member]:
        """Return the members worth comparing, none older than `since`, each once."""
        ...

    def other_occasions(self, signature: Signature, since: date, limit: int) -> int:
        """Return on how many other occasions its outlet used an entry's mask, `limit` at most.

        Counted are those from `since` to the entry's own day (templates: `occasion`).
        """
        ...


def rarest(tokens: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """Return the tokens to look up, rarest first; `counts` tells how many entries hold each.

    Tokens that no entry holds find nothing and are left out; equal counts go by spelling.
    """
    known = [token for token in tokens if counts.get(token, 0) > 0]
    return sorted(known, key=lambda token: (counts[token], token))[:RAREST_TOKENS]


def rarity(count: int, total: int) -> float:
    """Return what a shared token is worth: ln(entries / entries with it), never 0."""
    return math.log1p(total / count)


def newest(numbers: Sequence[int], first: int) -> Sequence[int]:
    """Return the last `NEWEST` of ascending numbers, none of them before `first`."""
    return numbers[max(bisect_left(numbers, first), len(numbers) - NEWEST) :]


def most_telling(looked_up: Iterable[tuple[float, Sequence[int]]], limit: int) -> list[int]:
    """Return the entries that share most, from what each token is worth and who holds it."""
    worth: dict[int, float] = {}
    for value, numbers in looked_up:
        holders = dict.fromkeys(numbers, value)
        for number in worth.keys() & holders.keys():
            holders[number] += worth[number]
        worth |= holders
    if len(worth) > limit:
        least = sorted(worth.values(), reverse=True)[limit - 1]
        worth = {number: value for number, value in worth.items() if value >= least}
    best = sorted(zip(worth.values(), worth.keys(), strict=True), reverse=True)
    return [number for _, number in best[:limit]]


class MemoryArchive:
    """An archive in memory, for replay and tests; nothing is ever forgotten."""

    def __init__(self) -> None:
        self._members: dict[int, Member] = {}
        self._times: dict[int, datetime] = {}
        self._numbers: list[int] = []
        self._seen: list[datetime] = []
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._topics: dict[str, list[int]] = defaultdict(list)
        self._stories: dict[int, list[int]] = defaultdict(list)
        self._masked: dict[tuple[str, str], set[tuple[date, str]]] = defaultdict(set)

    def add(self, number: int, story: int, signature: Signature) -> None:
        """Take in an entry; numbers grow with every call."""
        self._members[number] = Member(number, story, signature)
        self._times[number] = signature.time
        self._numbers.append(number)
        self._seen.append(signature.entry.seen)
        self._stories[story].append(number)
        self._masked[signature.outlet, signature.mask].add(occasion(signature))
        for token in signature.tokens:
            self._postings[token].append(number)
        for topic in signature.topics:
            self._topics[topic].append(number)

    def remember(self, number: int, signature: Signature) -> None:
        """Replace what is known of an entry: it has a vector now."""
        self._members[number] = replace(self._members[number], signature=signature)

    def candidates(self, signature: Signature, since: datetime) -> Sequence[Member]:
        """Return the members worth comparing, none older than `since`, each once."""
        lexical = self._by_words(signature, since)
        watched = [n for topic in signature.topics for n in self._topics[topic][-WATCHED:]]
        watched = self._since(watched, since)
        numbers = dict.fromkeys([*lexical, *watched])
        for story in dict.fromkeys(self._members[number].story for number in numbers):
            members = self._stories[story]
            if len(members) > 1:
                told = [members[0], *members[-STORY_MEMBERS:]]
                numbers |= dict.fromkeys(self._since(told, since))
        return [self._members[number] for number in numbers]

    def other_occasions(self, signature: Signature, since: date, limit: int) -> int:
        """Return on how many other occasions its outlet used an entry's mask, `limit` at most."""
        own = occasion(signature)
        used = self._masked.get((signature.outlet, signature.mask), set())
        return min(limit, sum(since <= one[0] <= own[0] and one != own for one in used))

    def _by_words(self, signature: Signature, since: datetime) -> list[int]:
        if not self._numbers:
            return []
        postings, first = self._postings, self._first(since)
        counts = {token: len(postings[token]) for token in signature.tokens if token in postings}
        looked_up = [
            (rarity(counts[token], len(self._members)), newest(postings[token], first))
            for token in rarest(signature.tokens, counts)
        ]
        return self._since(most_telling(looked_up, 2 * CANDIDATES), since)[:CANDIDATES]

    def _first(self, since: datetime) -> int:
        """Return a number below which no entry is younger than `since`."""
        place = bisect_left(self._seen, since)
        return self._numbers[place] if place < len(self._numbers) else self._numbers[-1] + 1

    def _since(self, numbers: Iterable[int], since: datetime) -> list[int]:
        return [number for number in numbers if self._times[number] >= since]
