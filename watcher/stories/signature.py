"""An entry as the comparisons see it: everything about it that can be computed once."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from typing import Final

from watcher.model import Entry, Reading
from watcher.stories.guards import denied, directions, explains, heads, intended, planned, tense
from watcher.stories.numbers import Numbers, find_numbers
from watcher.stories.titles import clean_title, names
from watcher.stories.words import fold, squared_weight, stem, tokens, words

#: What of a summary is compared: its first sentences tell the event, the rest is background.
SUMMARY_CHARACTERS: Final = 400
#: A shorter summary is a teaser or a boilerplate, not a report (research: stories, section 2).
SUMMARY_LEAST: Final = 80
#: Of a summary that stands in for a missing title.
_HEADLINE_CHARACTERS: Final = 120
#: Long enough that two reporters do not write the same by chance.
_LEAD_CHARACTERS: Final = 90
#: Places for a title's letter triples, 70 of them as a rule: few fall together by chance.
_GRAM_BITS: Final = 4_096
#: Spreads triples of letters over the places, those of one alphabet and of many thousand signs.
_GRAM_FACTOR: Final = 167
_DATELINE: Final = re.compile(
    r"^(?:[a-z]{3,9}\.? \d{1,2}(?:, \d{4})? ?[:–—-] ?"  # "aug 22 : "
    r"|[\w .,/]{2,40}\((?:reuters|ap|afp|bloomberg|antara|xinhua|yonhap|tass)\) ?[:–—-]{0,2} ?"
    r"|[\w .]{2,30}, [\w.]{2,20} ?[–—-]{1,2} )"
)


@dataclass(frozen=True, slots=True)
class Bag:
    """Weighted terms of a text; `norm` is the root of the sum of their squared weights."""

    terms: frozenset[str]
    norm: float

    def shared(self, other: "Bag") -> list[float]:
        """Return the squared weights of the terms that both hold."""
        return list(map(squared_weight, self.terms & other.terms))

    def cosine(self, other: "Bag") -> float:
        """Return 0-1, how much of both texts' telling terms is common."""
        shared = self.terms & other.terms
        if not shared:
            return 0.0
        return sum(map(squared_weight, shared)) / (self.norm * other.norm)


@dataclass(frozen=True, slots=True)
class Signature:
    """What is compared of an entry.

    Attributes:
        time: when it was reported.
        outlet: who published it, folded; "" if unknown.
        language: primary subtag, None if unknown.
        title: cleaned; the first words of the summary if the entry has no title.
        bare: nothing but a text is known: neither outlet nor address nor date.
        grams: the title's letter triples as a set of bits; `grams_norm` is the root of their count.
        tokens: the distinct tokens of title and headline for the postings.
        topics: ids of the topics that it matches.
    """

    time: datetime
    outlet: str
    language: str | None
    title: str
    words: tuple[str, ...]
    tokens: tuple[str, ...]
    grams: int
    grams_norm: float
    headline: Bag
    text: Bag
    lead: str
    has_summary: bool
    bare: bool
    numbers: Numbers
    summary_numbers: Numbers
    directions: frozenset[tuple[int, int]]
    names: frozenset[str]
    heads: frozenset[str]
    denied: frozenset[str]
    planned: frozenset[str]
    intended: frozenset[str]
    tense: int
    explains: bool
    topics: frozenset[str]
    lists: frozenset[str]


def sign(entry: Entry, reading: Reading | None) -> Signature:
    """Compute an entry's signature; any text is accepted."""
    language = _language(entry, reading)
    title = clean_title(entry.title, entry.outlet) or fold(entry.summary)[:_HEADLINE_CHARACTERS]
    summary = fold(entry.summary[:SUMMARY_CHARACTERS])
    has_summary = _tells_more(summary, entry.title)
    title_words = tuple(words(title))
    grams = _grams(title)
    stems = dict.fromkeys(map(stem, title_words))
    return Signature(
        time=entry.time,
        outlet=fold(entry.outlet),
        language=language,
        title=title,
        words=title_words,
        tokens=tokens(title),
        grams=grams,
        grams_norm=math.sqrt(grams.bit_count()),
        headline=_bag(stems),
        text=_bag(stems | dict.fromkeys(map(stem, words(summary)))) if has_summary else _bag(stems),
        lead=_lead(summary) if has_summary else "",
        has_summary=has_summary,
        bare=not (entry.outlet or entry.url or entry.published),
        numbers=find_numbers(title, language),
        summary_numbers=find_numbers(summary, language) if has_summary else Numbers(),
        directions=directions(frozenset(title_words)),
        names=names(entry.title),
        heads=heads(title_words),
        denied=denied(title_words),
        planned=planned(title_words),
        intended=intended(title_words),
        tense=tense(title),
        explains=explains(title),
        topics=frozenset(match.topic for match in reading.matches) if reading else frozenset(),
        lists=frozenset(evidence.list for evidence in reading.mentions) if reading else frozenset(),
    )


def _language(entry: Entry, reading: Reading | None) -> str | None:
    tag = (reading.language if reading else None) or entry.language
    return tag.partition("-")[0].lower() if tag else None


def _tells_more(summary: str, title: str) -> bool:
    """Whether a folded summary is a report of its own, not the title again."""
    return len(summary) >= SUMMARY_LEAST and not fold(title).startswith(summary[:SUMMARY_LEAST])


def _lead(summary: str) -> str:
    """Return how a report begins, without its dateline."""
    return _DATELINE.sub("", summary, count=1)[:_LEAD_CHARACTERS]


def _grams(title: str) -> int:
    """Return a title's letter triples as a set of bits: 20 times faster to compare than strings."""
    codes = list(map(ord, f" {title} "))
    bits = bytearray(_GRAM_BITS // 8)
    for first, second, third in zip(codes, codes[1:], codes[2:], strict=False):
        place = (first * _GRAM_FACTOR + second) * _GRAM_FACTOR + third
        bits[place // 8 % len(bits)] |= 1 << place % 8
    return int.from_bytes(bits, "little")


def _bag(terms: Iterable[str]) -> Bag:
    # Interned, a term is kept once however many bags hold it, and found without reading it.
    distinct = frozenset(map(intern, terms))
    return Bag(distinct, math.sqrt(sum(map(squared_weight, distinct))))
