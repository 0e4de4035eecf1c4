"""Weighted terms of texts, and how far those of two agree."""

import math
from collections.abc import Iterable
from sys import intern
from typing import NamedTuple

from watcher.stories.words import squared_weight


class Bag(NamedTuple):
    """Weighted terms of a text; `norm` is the root of the sum of their squared weights."""

    terms: frozenset[str]
    norm: float

    def cosine(self, other: "Bag") -> float:
        """Return 0-1, how much of both texts' telling terms is common."""
        shared = self.terms & other.terms
        return sum(map(squared_weight, shared)) / (self.norm * other.norm) if shared else 0.0


def bag_of(terms: Iterable[str]) -> Bag:
    """Return the bag of some terms, each of which counts once."""
    # Interned, a term is kept once however many bags hold it, and found without reading it.
    distinct = frozenset(map(intern, terms))
    return Bag(distinct, math.sqrt(sum(map(squared_weight, distinct))))


class Texts(NamedTuple):
    """The terms of a title, and with those of its summary; None where there is no summary."""

    headline: Bag
    text: Bag | None


class Sketch(NamedTuple):
    """What of a signature is dear to compute and asked for in every comparison, to be stored.

    `headline` and `text` are terms; there is no `text` where there is no summary.
    """

    title: str
    headline: str
    headline_norm: float
    text: str
    text_norm: float


def text_agreement(a: Texts, b: Texts) -> float:
    """Return 0-1, how much of what two entries tell is common, with summaries where both have one.

    A title that stands alone is compared with the other title.
    """
    ours, theirs = a.text, b.text
    if ours is None or theirs is None:
        ours, theirs = a.headline, b.headline
    # What `Bag.cosine` says, without the call: so many are asked that it tells.
    shared = ours.terms & theirs.terms
    return sum(map(squared_weight, shared)) / (ours.norm * theirs.norm) if shared else 0.0


def sketched_agreement(a: Texts, b: Sketch) -> float:
    """Return the same for an entry of which only the sketch is read."""
    if a.text is not None and b.text:
        ours, theirs, norm = a.text, b.text, b.text_norm
    else:
        ours, theirs, norm = a.headline, b.headline, b.headline_norm
    shared = ours.terms.intersection(theirs.split())
    return sum(map(squared_weight, shared)) / (ours.norm * norm) if shared else 0.0
