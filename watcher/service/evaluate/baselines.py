"""What others do about the same question, to stand beside our figures.

Each rule sees a title alone, cleaned as ours are (labels and outlet tails cut, letter case gone),
and puts a headline to the earlier one in the window that it is most like. The rules and their
thresholds are those of feed readers and monitors: equal titles (most of them), RapidFuzz ratios,
and NewsBlur's overlap of words.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from rapidfuzz import fuzz, process

from watcher.model import Entry
from watcher.stories.signature import HEADLINE_CHARACTERS
from watcher.stories.titles import clean_title
from watcher.stories.words import fold, stem, weight, words

#: NewsBlur joins from this share of the shorter title's significant words on, from three common
#: ones on, and only titles of five or more (constants of its apps/clustering/models.py).
_OVERLAP: Final = 0.6
_COMMON: Final = 3
_LEAST_WORDS: Final = 5
#: Lighter words ("the", "after", "from") are not significant; "says" (3.1) and "meets" (6.6) are.
_SIGNIFICANT: Final = 2.5


@dataclass(frozen=True, slots=True)
class Headline:
    """What a baseline knows of an entry; `words` are the significant ones of the text."""

    text: str
    words: frozenset[str]
    time: datetime


Nearest = Callable[[Headline, Sequence[Headline]], int | None]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A rule of others: `nearest` returns the place of the earlier headline that one is put to."""

    name: str
    nearest: Nearest

    def alike(self, a: Headline, b: Headline) -> bool:
        """Whether the rule takes two headlines for one."""
        return self.nearest(a, [b]) is not None

    def group(self, headlines: Sequence[Headline], window: timedelta) -> list[int]:
        """Return each headline's group: the place of the one that opened it.

        Args:
            headlines: in time order.
            window: how much older the headline may be that another one is put to.
        """
        groups: list[int] = []
        first = 0
        for place, one in enumerate(headlines):
            while headlines[first].time < one.time - window:
                first += 1
            near = self.nearest(one, headlines[first:place])
            groups.append(place if near is None else groups[first + near])
        return groups


def headline(entry: Entry) -> Headline:
    """Return an entry's cleaned title, or the first words of its summary if it has none."""
    title = clean_title(entry.title, entry.outlet)
    text = title or fold(entry.summary)[:HEADLINE_CHARACTERS]
    significant = (word for word in words(text) if weight(stem(word)) >= _SIGNIFICANT)
    return Headline(text, frozenset(significant), entry.time)


def _equal(one: Headline, earlier: Sequence[Headline]) -> int | None:
    return next((place for place, other in enumerate(earlier) if other.text == one.text), None)


def fuzzy(scorer: Any, least: float) -> Nearest:
    """Return the rule that puts a headline where a RapidFuzz ratio is best, from `least` on."""
    return partial(_most_alike, scorer, least)


def _most_alike(
    scorer: Any, least: float, one: Headline, earlier: Sequence[Headline]
) -> int | None:
    """Ask those with a word in common: without one none comes near, and it saves five sixths."""
    asked = {place: earlier[place].text for place in _related(one, earlier)}
    best = process.extractOne(one.text, asked, scorer=scorer, score_cutoff=least)
    return None if best is None else int(best[2])


def _related(one: Headline, earlier: Sequence[Headline]) -> Iterator[int]:
    for place, other in enumerate(earlier):
        if not one.words.isdisjoint(other.words) or one.text == other.text:
            yield place


def _overlapping(one: Headline, earlier: Sequence[Headline]) -> int | None:
    shares = ((_overlap(one, earlier[place]), -place) for place in _related(one, earlier))
    share, place = max(shares, default=(0.0, 0))
    return -place if share >= _OVERLAP else None


def _overlap(a: Headline, b: Headline) -> float:
    common, fewer = len(a.words & b.words), min(len(a.words), len(b.words))
    return common / fewer if common >= _COMMON and fewer >= _LEAST_WORDS else 0.0


RATIO: Final = Baseline("ratio 85", fuzzy(fuzz.ratio, 85))
#: The rules that stand beside ours in `watcher eval stories`.
BASELINES: Final = (
    Baseline("equal title", _equal),
    RATIO,
    Baseline("token_set 80", fuzzy(fuzz.token_set_ratio, 80)),
    Baseline("NewsBlur", _overlapping),
)
