"""A small logistic model: fixed weights from a data file, no library."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from operator import mul
from typing import Final

from watcher.data_files import read_table
from watcher.stories.features import Likeness, Overlap

#: Log odds beyond which nothing is surer, and `exp` stays finite.
_SURE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in the order of the features; they change only with a release."""

    bias: float
    weights: tuple[float, ...]

    def chance(self, features: Iterable[float]) -> float:
        """Return 0-1 how likely the pair is what the model was trained to find."""
        return chance_of(sum(map(mul, self.weights, features), self.bias))


def chance_of(log_odds: float) -> float:
    """Return 0-1 the chance that log odds stand for."""
    if abs(log_odds) > _SURE:
        log_odds = math.copysign(_SURE, log_odds)
    return 1 / (1 + math.exp(-log_odds))


@cache
def copy_model() -> Model:
    """Return the model for "the same report", over `Likeness`."""
    return _read("copy", Likeness._fields)


@cache
def copy_limit(*more: str) -> Model:
    """Return the model for the most that `copy_model` can say, over `Overlap` and some features.

    Features that are not known yet, all of them 0 to 1, are taken at their most favourable.
    """
    known = (*Overlap._fields, *more)
    unknown = set(Likeness._fields).difference(known)
    full = dict(zip(Likeness._fields, copy_model().weights, strict=True))
    favourable = sum(max(0.0, full[name]) for name in unknown)
    weights = tuple(full.get(name, 0.0) for name in known)
    return Model(copy_model().bias + favourable, weights)


@cache
def story_model() -> Model:
    """Return the model for "the same event", over `Overlap`."""
    return _read("story", Overlap._fields)


def story_chance(terms: Overlap) -> float:
    """Return 0-1 how surely two entries of one language report one event."""
    return story_model().chance(terms)


def _read(name: str, fields: Iterable[str]) -> Model:
    """Read what `scripts/train_stories.py` has written; a feature it left out weighs nothing."""
    table = read_table("stories", "models.json")[name]
    return Model(float(table["bias"]), tuple(float(table["weights"].get(f, 0)) for f in fields))
