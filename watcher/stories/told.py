"""Do two headlines in different languages tell the same of the same people and places?

Words say little across languages. What is left of a headline is who and where, what is done, and
figures: enough to know half of the reports of an event, and hardly ever one of another.
"""

import math
from typing import Final

from watcher.stories.cast import telling
from watcher.stories.facts import shares_figure
from watcher.stories.features import Overlap, hours_apart, in_other_languages
from watcher.stories.numbers import conflict
from watcher.stories.phases import act_overlap, in_other_acts, in_other_phases
from watcher.stories.signature import Signature
from watcher.stories.transliterate import common_sounds
from watcher.stories.weigh import chance_of

# Weights: logistic regression over pairs of headlines in different languages: those of two written
# streams (201 headlines of 35 events), 190 pairs of wirepool.dev looked at one by one, ntrex.dev.
# The bias is a little above what came out: a wrong join keeps nobody from a ring.
_BIAS: Final = -3.8
#: For each unit of weight of what is told of in both, up to so many, and for its share.
_CAST: Final = 0.25
_MOST_CAST: Final = 14.0
_SHARE: Final = 2.2
_ACTS: Final = 1.1
_OTHER_ACTS: Final = -1.2
_OTHER_PHASE: Final = -0.5
_FIGURE: Final = 3.1
_COUNT: Final = 2.8
_OTHER_NUMBER: Final = -1.1
_SOUND: Final = 0.47
_MOST_SOUNDS: Final = 8
_TEXT: Final = 0.7
_RAREST: Final = 1.1
_HOURS: Final = -1.15
#: The hours after which half of what is told again has been.
_FRESH: Final = 6.0
#: Log odds at which a pair joins nothing, whatever else is known: one in five.
_HOPELESS: Final = -1.4
#: Two presidents, three places: smaller counts stand in every other headline.
_LEAST_COUNT: Final = 4


def told_chance(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return 0-1 how surely two entries of a stream tell the same of the same cast."""
    shared = a.cast & b.cast
    if not shared:
        return 0.0
    told = sum(map(telling, shared))
    likely = (
        _BIAS
        + _CAST * min(told, _MOST_CAST)
        + _SHARE * told / sum(map(telling, a.cast | b.cast))
        + _SOUND * min(common_sounds(a.title, b.title), _MOST_SOUNDS)
        + _TEXT * terms.text
        + _RAREST * terms.rarest
        + _HOURS * math.log1p(hours_apart(a, b) / _FRESH)
    )
    # Acts and figures take most of the time, and most pairs share but a country.
    hoped = _FIGURE * (a.numbered and b.numbered)
    if likely + _ACTS + hoped < _HOPELESS:
        return 0.0
    likely += _acts(a, b)
    if likely + hoped < _HOPELESS:
        return 0.0
    return chance_of(likely + _numbers(a, b))


def _acts(a: Signature, b: Signature) -> float:
    if not (a.acts and b.acts):  # where one tells of none, those of the other are not looked for
        return 0.0
    return (
        _ACTS * act_overlap(a.acts, b.acts)
        + _OTHER_ACTS * in_other_acts(a.acts, b.acts)
        + _OTHER_PHASE * in_other_phases(a.acts, b.acts)
    )


def may_be_told(a: Signature, b: Signature) -> bool:
    """Whether it is worth asking about two entries that have no word in common."""
    return in_other_languages(a, b) and not a.cast.isdisjoint(b.cast)


def _numbers(a: Signature, b: Signature) -> float:
    if shares_figure(a, b):
        return _FIGURE
    count = _COUNT if _shares_count(a, b) else 0.0
    return count + _OTHER_NUMBER * bool(conflict(a.numbers, b.numbers))


def _shares_count(a: Signature, b: Signature) -> bool:
    ours, theirs = a.numbers.amounts, b.numbers.amounts
    return any(x.value >= _LEAST_COUNT and any(map(x.equals, theirs)) for x in ours)
