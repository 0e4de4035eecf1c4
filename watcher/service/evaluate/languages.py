"""Score verdicts across languages: does one language's report find its event in another's?"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from watcher.config.settings import Settings
from watcher.service.encoder.encoding import Vectors, computed
from watcher.service.evaluate.metrics import Score, score_labels
from watcher.service.trials.items import Item
from watcher.stories.relate import relate
from watcher.stories.signature import Signature, sign
from watcher.topics.watchlist import Watchlist

#: Pairs compared of one language with another: some seconds; of longer files the first items.
MOST_PAIRS: Final = 40_000


@dataclass(frozen=True, slots=True)
class LanguageScore:
    """One language against the base; a pair counts as found when it is called copy or same.

    Attributes:
        events: gold pairs, one item in either language.
        lexical: without an encoder.
        encoded: with it; None if there is none.
    """

    language: str
    events: int
    lexical: Score
    encoded: Score | None


@dataclass(frozen=True, slots=True)
class LanguagesScore:
    """Every language of a file against the one with most items.

    Attributes:
        base: that language.
        encoder: what the encoder is called, "" without one.
        ms_per_item: milliseconds that it took for a headline.
    """

    base: str
    encoder: str
    ms_per_item: float
    rows: tuple[LanguageScore, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    cluster: str
    signature: Signature


def evaluate_languages(items: Sequence[Item], settings: Settings) -> LanguagesScore | None:
    """Compare items of one language with those of each other, all pairs of them.

    Return None when no gold story of the file is told in two languages.
    """
    languages = _languages(items)
    if len(languages) < 2:  # noqa: PLR2004 - one language cannot be compared with another
        return None
    sides = _signed(items, Watchlist(settings))
    base, *others = sorted(languages, key=lambda name: (-len(sides[name]), name != "en", name))
    plain = {name: _score(sides[base], sides[name]) for name in others}
    name, vectors = settings.stories.encoder, computed(settings.stories.encoder)
    started = time.perf_counter()
    placed = {key: _placed(of, vectors) for key, of in sides.items()} if vectors else {}
    spent_s = time.perf_counter() - started
    rows = (
        LanguageScore(
            other,
            plain[other][1],
            plain[other][0],
            _score(placed[base], placed[other])[0] if placed else None,
        )
        for other in others
    )
    count = sum(map(len, placed.values())) or 1
    return LanguagesScore(base, str(name or ""), 1000 * spent_s / count, tuple(rows))


def _languages(items: Iterable[Item]) -> set[str]:
    """Return the languages that tell a gold story which another language tells too."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        if item.cluster is not None and item.entry.language:
            told[item.cluster].add(item.entry.language)
    return {name for names in told.values() if len(names) > 1 for name in names}


def _signed(items: Iterable[Item], watchlist: Watchlist) -> dict[str, list[_Side]]:
    sides: defaultdict[str, list[_Side]] = defaultdict(list)
    for item in items:
        if item.cluster is not None and item.entry.language:
            signature = sign(item.entry, watchlist.read(item.entry))
            sides[item.entry.language].append(_Side(item.cluster, signature))
    return sides


def _placed(sides: Iterable[_Side], vectors: Vectors) -> list[_Side]:
    return [
        replace(side, signature=side.signature.placed(vector))
        for side in sides
        for vector in vectors.of([side.signature.title]).values()
    ]


def _score(ours: Sequence[_Side], theirs: Sequence[_Side]) -> tuple[Score, int]:
    """Return how well verdicts agree with the gold stories, and how many pairs are of one."""
    theirs = theirs[: max(1, MOST_PAIRS // len(ours))]
    pairs = list(product(ours, theirs))
    gold = [a.cluster == b.cluster for a, b in pairs]
    found = (relate(a.signature, b.signature).relation != "different" for a, b in pairs)
    return score_labels(gold, found), Counter(gold)[True]
