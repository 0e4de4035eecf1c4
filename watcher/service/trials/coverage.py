"""What a topic may be missing: languages without words, feeds that are sick, near misses.

Reads a stretch of the archive with the present watchlist and changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Final

from watcher.config.settings import Settings
from watcher.model import Evidence
from watcher.service.trials.backtest import PIECE, Tick
from watcher.service.trials.compounds import Compound, find_compounds
from watcher.storage.database import Transaction
from watcher.storage.rows import ArchivedText, FeedRow, Headline, Rating
from watcher.stories.words import fold, is_unspaced, stem, weight, words
from watcher.topics.everyday import everyday_words
from watcher.topics.reasons import Nearly
from watcher.topics.scripts import CONTINUES_WORD
from watcher.topics.terms import language_family
from watcher.topics.watchlist import Watchlist

#: Words of less weight stand in every other headline; they would flood a topic.
TELLING: Final = 5.0
#: So many entries must use a word before it is proposed: one may be chance or a slip.
USED_BY: Final = 2
#: Proposed words of one language, the most used first.
PROPOSED: Final = 8
#: Shorter words are mostly grammar; scripts without spaces are read in pairs of characters.
SHORTEST: Final = 3
SHORTEST_UNSPACED: Final = 2


@dataclass(frozen=True, slots=True)
class LanguageCoverage:
    """Entries in one language, and the topic's word lists that have no word in it."""

    language: str
    entries: int
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An entry that did not match, and what was missing.

    Attributes:
        found: the topic's lists that it mentions.
        missing: the fewest lists that the match line still asks for.
        hindrance: what else keeps it from matching, for people; "" for nothing.
        told: another entry of its story matched.
    """

    headline: Headline
    found: tuple[str, ...]
    missing: tuple[str, ...]
    hindrance: str
    told: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A word of entries that share a story with a match, but did not match themselves."""

    language: str
    word: str
    entries: int
    missing: str
    example: str


@dataclass(frozen=True, slots=True)
class TopicCoverage:
    """What one topic sees, and what it may not see."""

    topic: str
    matched: int
    languages: tuple[LanguageCoverage, ...]
    sick: tuple[FeedRow, ...]
    misses: tuple[NearMiss, ...]
    proposals: tuple[Proposal, ...]
    compounds: tuple[Compound, ...]
    rating: Rating


@dataclass
class _Seen:
    """What was read for one topic."""

    languages: Counter[str]
    matched: dict[int, ArchivedText]
    nearly: dict[int, tuple[ArchivedText, Nearly]]

    @cached_property
    def told(self) -> set[int]:
        """The stories of which an entry matched."""
        return {text.story for text in self.matched.values()}

    @cached_property
    def ranked(self) -> list[tuple[ArchivedText, Nearly]]:
        """The near misses, the most telling first."""
        return sorted(self.nearly.values(), key=self._rank, reverse=True)

    def _rank(self, pair: tuple[ArchivedText, Nearly]) -> tuple[bool, bool, int, int, int]:
        """Return how telling a near miss is: its story matched, little is missing, it is young.

        What is ruled out was meant to be: it comes last.
        """
        text, near = pair
        lacking, found = -len(near.missing), len(near.found)
        return (not near.ruled_out, text.story in self.told, lacking, found, text.number)

    @property
    def relatives(self) -> list[tuple[ArchivedText, Nearly]]:
        """The near misses whose story matched."""
        return [pair for pair in self.ranked if pair[0].story in self.told]


def coverage(
    settings: Settings,
    tx: Transaction,
    topics: Collection[str],
    *,
    since: datetime,
    limit: int,
    tick: Tick,
) -> tuple[TopicCoverage, ...]:
    """Return for each of some topics what it may miss.

    Args:
        settings: the configuration.
        tx: a transaction for reading.
        topics: ids of topics of the configuration.
        since: entries seen from then on.
        limit: near misses of one topic.
        tick: wraps the pieces of work to show progress.
    """
    watchlist = Watchlist(settings)
    seen = {topic: _Seen(Counter(), {}, {}) for topic in topics}
    limits = {feed.url: feed.topics for feed in settings.feeds}
    for text in _texts(tx, since, tick):
        _read(watchlist, text, limits.get(text.feed_url), seen)
    feeds, entities = tx.feeds.all(), settings.entities.keys()
    ratings = tx.feedback.ratings(topics, since)
    return tuple(
        TopicCoverage(
            topic=topic,
            matched=len(one.matched),
            languages=tuple(_languages(topic, one.languages, watchlist)),
            sick=_sick(feeds, limits, topic),
            misses=tuple(_misses(tx, one, entities & watchlist.languages_of(topic).keys(), limit)),
            proposals=tuple(propose(one.relatives, one.matched.values(), watchlist)),
            compounds=find_compounds(one.nearly.values(), settings.words),
            rating=ratings[topic],
        )
        for topic, one in seen.items()
    )


def _texts(tx: Transaction, since: datetime, tick: Tick) -> Iterator[ArchivedText]:
    stretch = tx.texts.since(since)
    if stretch is None:
        return
    for piece in tick(stretch.pieces(PIECE)):
        yield from tx.texts.read(*piece)


def _read(
    watchlist: Watchlist,
    text: ArchivedText,
    limit: tuple[str, ...] | None,
    seen: Mapping[str, _Seen],
) -> None:
    possible = [topic for topic in seen if _may_report(limit, topic)]
    for topic in possible:
        seen[topic].languages[text.language or "?"] += 1
    for near in watchlist.nearly(text.title, text.summary, text.language, possible):
        if near.matched:
            seen[near.topic].matched[text.number] = text
        else:
            seen[near.topic].nearly[text.number] = (text, near)


def _sick(
    feeds: Iterable[FeedRow], limits: Mapping[str, tuple[str, ...] | None], topic: str
) -> tuple[FeedRow, ...]:
    """Return the failing feeds that could report on a topic."""
    failing = [feed for feed in feeds if feed.failures]
    return tuple(feed for feed in failing if _may_report(limits.get(feed.url), topic))


def _may_report(topics: tuple[str, ...] | None, topic: str) -> bool:
    return topics is None or topic in topics


def _misses(
    tx: Transaction, seen: _Seen, entities: Collection[str], limit: int
) -> Iterator[NearMiss]:
    """Yield the most telling near misses, each headline once.

    Of a topic that asks for `entities` one has to be there: what has none is of something else.
    """
    once: dict[str, tuple[ArchivedText, Nearly]] = {}
    for text, near in seen.ranked:
        if not entities or any(name in entities for name in near.found):
            once.setdefault(fold(text.title) or str(text.number), (text, near))
    shown = list(once.values())[:limit]
    heads = tx.texts.headlines([text.number for text, _ in shown])
    for text, near in shown:
        is_told = text.story in seen.told
        yield NearMiss(heads[text.number], near.found, near.missing, near.hindrance, is_told)


def _languages(
    topic: str, entries: Counter[str], watchlist: Watchlist
) -> Iterator[LanguageCoverage]:
    lists = watchlist.languages_of(topic)
    for language, count in entries.most_common():
        lacking = [
            name
            for name, known in lists.items()
            if known is not None and language != "?" and language_family(language) not in known
        ]
        yield LanguageCoverage(language, count, tuple(lacking))


def propose(
    relatives: Iterable[tuple[ArchivedText, Nearly]],
    matched: Iterable[ArchivedText],
    watchlist: Watchlist,
) -> Iterator[Proposal]:
    """Yield words that may belong into the missing lists, the most used of each language first.

    Words of the matching entries' titles are known to say something else, as are those that the
    watchlist knows.
    """
    known = {stem(word) for text in matched for word in words(fold(text.title))}
    uses: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for text, near in relatives:
        if near.ruled_out or len(near.missing) != 1:
            continue
        for word in dict.fromkeys(_telling_words(text, watchlist)):
            if stem(word) not in known:
                uses[text.language or "?", near.missing[0], word].append(text.title)
    found = [
        Proposal(language, word, len(titles), missing, titles[0])
        for (language, missing, word), titles in uses.items()
        if len(titles) >= USED_BY
    ]
    per_language: Counter[str] = Counter()
    for proposal in sorted(found, key=lambda one: (-one.entries, one.language, one.word)):
        per_language[proposal.language] += 1
        if per_language[proposal.language] <= PROPOSED:
            yield proposal


def _telling_words(text: ArchivedText, watchlist: Watchlist) -> Iterator[str]:
    """Yield the words of a title that the watchlist does not know and that are no grammar."""
    language = language_family(text.language) if text.language else None
    grammar = _grammar(language) if language else frozenset()
    for word in words(fold(_unknown_part(text.title, watchlist.places(text.title, language)))):
        shortest = SHORTEST_UNSPACED if is_unspaced(word) else SHORTEST
        long = len(word) >= shortest and not word.isdigit()
        if long and word not in grammar and weight(stem(word)) >= TELLING:
            yield word


def _unknown_part(title: str, places: Iterable[Evidence]) -> str:
    """Return a title without the words at these places, endings included."""
    kept = list(title)
    for place in places:
        start, end = place.start, place.end
        while start and CONTINUES_WORD[title[start - 1]] and CONTINUES_WORD[title[start]]:
            start -= 1
        while end < len(title) and CONTINUES_WORD[title[end]] and CONTINUES_WORD[title[end - 1]]:
            end += 1
        kept[start:end] = " " * (end - start)
    return "".join(kept)


@cache
def _grammar(language: str) -> frozenset[str]:
    return frozenset(map(fold, everyday_words(language)))
