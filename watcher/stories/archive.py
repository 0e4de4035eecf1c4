"""Where an entry's candidates come from: few of many, by the terms that tell most.

The rule is written down here once, so that the archive in memory (replay, tests) and the one in
the database choose the same members:

1. of the terms of the entry's title, the `LOOKED_UP` that weigh most (`heaviest`);
2. of each, until `ENOUGH` are found, the newest `NEWEST` entries that hold it, none seen before
   the window opened;
3. of these, the `CANDIDATES` with the greatest sum of squared weights of shared terms, newer ones
   first among equals (`most_telling`): the numerator of the cosine that decides later;
4. of these, the `LIKELIEST` whose texts have most in common with the entry's, summaries included
   (`likeliest`): the rest is not compared;
5. beside them the newest `WATCHED` entries that match a topic of the entry's;
6. beside them the `ABROAD` entries in other languages that tell most of the same people and places,
   the newest among equals (`abroad`), of the newest `RECENT` that tell of each in each language;
7. beside them founder and newest `STORY_MEMBERS` members (`told_by`) of the stories of the first
   `FAMILIES` and of the watched.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from heapq import nlargest
from itertools import chain, islice, repeat
from typing import Final, Protocol

from watcher.stories.bags import Texts, text_agreement
from watcher.stories.cast import LANGUAGES, telling
from watcher.stories.limits import NEWEST
from watcher.stories.signature import Member, Signature
from watcher.stories.templates import occasion
from watcher.stories.words import squared_weight

#: Nearly every title has fewer; the lightest of a long one find what they find by chance.
LOOKED_UP: Final = 12
#: No further term is read when so many postings are at hand; reading all finds no more.
ENOUGH: Final = 600
#: Members looked at for their words. On neus.dev one of the same story is among 30 for .906 of the
#: entries; by the rarity of shared stems it took more than 50.
CANDIDATES: Final = 30
#: Of them so many are compared. On neus.dev one of the same story is among them for .910 of the
#: entries, for .892 among 8.
LIKELIEST: Final = 12
#: Agreements are told apart in such steps; equal ones are equal in every run.
_STEPS: Final = 10**9
#: Members compared because they match the same topic.
WATCHED: Final = 60
#: Members in other languages compared because they tell of the same people and places. With more,
#: or with the rest of their stories, no more is found: those share no word to be known by.
ABROAD: Final = 4
#: An event is told again within hours; with 200 a multilingual replay takes a tenth longer.
RECENT: Final = 40
#: Of so many members the whole story is asked; the rest share too little to speak for theirs.
FAMILIES: Final = 10
#: Newest members of a candidate's story, beside its founder.
STORY_MEMBERS: Final = 3


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


def heaviest(terms: Iterable[str]) -> list[str]:
    """Return the terms to look up, the most telling first; equal ones go by spelling."""
    return sorted(terms, key=lambda term: (-squared_weight(term), term))[:LOOKED_UP]


def newest(numbers: Sequence[int], first: int) -> Sequence[int]:
    """Return the last `NEWEST` of ascending numbers, none of them before `first`."""
    last = numbers[-NEWEST:]
    return last[bisect_left(last, first) :] if last and last[0] < first else last


def most_telling(holders: Iterable[tuple[str, Sequence[int]]]) -> list[int]:
    """Return the `CANDIDATES` that share most, given who holds each term, the heaviest first."""
    found: set[int] = set()
    # Who holds but one term comes behind all the newer ones of that term: most need no ranking.
    ranked: set[int] = set()
    read: list[tuple[float, Sequence[int], set[int]]] = []
    for term, numbers in holders:
        again = found.intersection(numbers)
        ranked.update(again, numbers[-CANDIDATES:])
        found.update(numbers)
        read.append((squared_weight(term), numbers, again))
        if sum(len(numbers) for _, numbers, _ in read) >= ENOUGH:
            break
    best = sorted(ranked, reverse=True)
    best.sort(key=_worth(read).__getitem__, reverse=True)
    return best[:CANDIDATES]


def _worth(read: Sequence[tuple[float, Sequence[int], set[int]]]) -> dict[int, float]:
    """Return number -> the weights of its terms, given who holds each and who held one before."""
    worth: dict[int, float] = {}
    for weight, numbers, _ in reversed(read):
        worth.update(zip(numbers, repeat(weight)))
    for weight, _, again in read:
        for number in again:
            worth[number] += weight
    return worth


def likeliest(agreement: Mapping[int, float]) -> list[int]:
    """Return the `LIKELIEST` of candidates, given how far their texts agree."""
    # Sums of the same weights in another order differ in their last digits: those are no rank.
    rank = {number: int(agrees * _STEPS + 0.5) for number, agrees in agreement.items()}
    return sorted(rank, key=rank.__getitem__, reverse=True)[:LIKELIEST]


def postings_of(signature: Signature) -> Iterable[str]:
    """Return what an entry is found by: its title's terms, and its cast from other languages."""
    cast = (_in_language(member, signature.spoken) for member in signature.cast)
    return chain(signature.headline.terms, cast)


def looked_up_abroad(signature: Signature) -> Mapping[str, float]:
    """Return by what entries of one's cast are found in other languages, and each one's worth."""
    elsewhere = sorted(LANGUAGES - {signature.spoken})
    return {
        _in_language(member, language): telling(member) ** 2
        for member in sorted(signature.cast)
        for language in elsewhere
    }


def abroad(holders: Iterable[tuple[float, Sequence[int]]]) -> list[int]:
    """Return the `ABROAD` entries that share most, given the worth of each term and its holders."""
    shared: defaultdict[int, float] = defaultdict(float)
    for worth, numbers in holders:
        for number in numbers[-RECENT:]:
            shared[number] += worth
    ranked = nlargest(ABROAD, zip(shared.values(), shared, strict=True))
    return [number for _, number in ranked]


def _in_language(member: str, language: str) -> str:
    """Return the term of those who tell of somebody in a language; no word is so written."""
    return f"@{member}/{language}"


def told_by(members: Sequence[int]) -> Sequence[int]:
    """Return a story's founder and its newest members, of all its entries in order."""
    return [*members[:1], *members[1:][-STORY_MEMBERS:]]


class MemoryArchive:
    """An archive in memory, for replay and tests; nothing is ever forgotten."""

    def __init__(self) -> None:
        self._members: dict[int, Member] = {}
        # Beside the members: of most candidates nothing else is looked at.
        self._texts: dict[int, Texts] = {}
        self._numbers: list[int] = []
        self._seen: list[datetime] = []
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._topics: dict[str, list[int]] = defaultdict(list)
        self._stories: dict[int, list[int]] = defaultdict(list)
        self._masked: dict[tuple[str, str], set[tuple[date, str]]] = defaultdict(set)

    def add(self, number: int, story: int, signature: Signature) -> None:
        """Take in an entry; numbers grow with every call."""
        self._members[number] = Member(number, story, signature)
        self._texts[number] = signature.texts
        self._numbers.append(number)
        self._seen.append(signature.entry.seen)
        self._stories[story].append(number)
        self._masked[signature.outlet, signature.mask].add(occasion(signature))
        for term in postings_of(signature):
            self._postings[term].append(number)
        for topic in signature.topics:
            self._topics[topic].append(number)

    def remember(self, number: int, signature: Signature) -> None:
        """Replace what is known of an entry: it has a vector now."""
        self._members[number] = self._members[number]._replace(signature=signature)

    def candidates(self, signature: Signature, since: datetime) -> Sequence[Member]:
        """Return the members worth comparing, none older than `since`, each once."""
        place = bisect_left(self._seen, since)
        if place == len(self._seen):
            return []
        first = self._numbers[place]
        lexical = self._since(self._by_words(signature, first), since)
        topics = (self._topics[topic][-WATCHED:] for topic in signature.topics)
        watched = self._since(chain.from_iterable(topics), since)
        elsewhere = self._since(self._by_cast(signature, first), since)
        speaking = chain(islice(lexical.values(), FAMILIES), watched.values())
        stories = dict.fromkeys(member.story for member in speaking)
        others = (number for story in stories for number in told_by(self._stories[story]))
        return list((lexical | watched | elsewhere | self._since(others, since)).values())

    def other_occasions(self, signature: Signature, since: date, limit: int) -> int:
        """Return on how many other occasions its outlet used an entry's mask, `limit` at most."""
        own = occasion(signature)
        used = self._masked.get((signature.outlet, signature.mask), set())
        return min(limit, sum(since <= one[0] <= own[0] and one != own for one in used))

    def _by_words(self, signature: Signature, first: int) -> list[int]:
        terms = heaviest(signature.headline.terms)
        found = most_telling((term, self._held(term, first)) for term in terms)
        own, texts = signature.texts, self._texts
        return likeliest({number: text_agreement(own, texts[number]) for number in found})

    def _by_cast(self, signature: Signature, first: int) -> list[int]:
        terms = looked_up_abroad(signature).items()
        return abroad((worth, self._held(term, first)) for term, worth in terms)

    def _held(self, term: str, first: int) -> Sequence[int]:
        """Return the newest entries that hold a term, none of them before `first`."""
        return newest(self._postings.get(term, ()), first)

    def _since(self, numbers: Iterable[int], since: datetime) -> dict[int, Member]:
        known = self._members
        return {n: one for n in numbers if (one := known[n]).signature.time >= since}
