"""Do two entries of one topic, perhaps in different languages, report one event?

Words say nothing across languages; what is left is when it was told, the figures and days that
both name, and which of the watchlist's lists they mention. The weights are fixed; the form is
that of the research (identity, section 6) without an encoder. It decides where to thread, and
keeps quiet only about an entry that names nothing its forerunner did not.
"""

import math
from typing import Final

from watcher.stories.features import Overlap, hours_apart
from watcher.stories.numbers import Number
from watcher.stories.signature import Signature

_BIAS: Final = -1.6
_DAYS: Final = -2.1
_NUMBER: Final = 2.5
_DAY: Final = 1.4
_LISTS: Final = 2.0
_TEXT: Final = 3.0
#: From this chance on an entry that adds nothing is a repetition; with figures of its own that
#: all agree, the lesser chance is enough. Measured: 4 of 5 (10 of 11) are the same event.
_REPEATS: Final = 0.62
_REPEATS_FIGURES: Final = 0.45
_REPEATS_HOURS: Final = 24
#: In one language, titles without a telling word in common tell different things.
_ONE_LANGUAGE_TEXT: Final = 0.15
#: Small counts agree by chance.
_LEAST_FIGURE: Final = 100


def watched_chance(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return 0-1 how surely two entries that match one topic report one event."""
    total = (
        _BIAS
        + _DAYS * math.log1p(hours_apart(a, b) / 24)
        + _NUMBER * shares_figure(a, b)
        + _DAY * shares_day(a, b)
        + _LISTS * list_overlap(a, b)
        + _TEXT * terms.text
    )
    return 1 / (1 + math.exp(-total))


def repeats(late: Signature, early: Signature, terms: Overlap, chance: float) -> bool:
    """Whether the later entry names no list, figure, day or topic that the earlier one did not."""
    figures = _figures(late)
    if chance < (_REPEATS_FIGURES if figures else _REPEATS):
        return False
    return (
        hours_apart(late, early) <= _REPEATS_HOURS
        and late.tense * early.tense >= 0
        and late.topics <= early.topics
        and late.lists <= early.lists
        and _days(late) <= _days(early)
        and all(any(own.equals(other) for other in _figures(early)) for own in figures)
        and (
            not late.language or late.language != early.language or terms.text >= _ONE_LANGUAGE_TEXT
        )
    )


def shares_figure(a: Signature, b: Signature) -> bool:
    """Whether both name an equal figure that is no small count."""
    return any(x.equals(y) for x in _figures(a) for y in _figures(b))


def shares_day(a: Signature, b: Signature) -> bool:
    """Whether both name the same day."""
    return not _days(a).isdisjoint(_days(b))


def list_overlap(a: Signature, b: Signature) -> float:
    """Return 0-1, how many of the mentioned lists are common."""
    return len(a.lists & b.lists) / len(a.lists | b.lists) if a.lists or b.lists else 0.0


def _days(signature: Signature) -> frozenset[tuple[int, int]]:
    return signature.numbers.dates | signature.summary_numbers.dates


def _figures(signature: Signature) -> list[Number]:
    amounts = (*signature.numbers.amounts, *signature.summary_numbers.amounts)
    return [number for number in amounts if number.unit or number.value >= _LEAST_FIGURE]
