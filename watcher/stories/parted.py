"""What parts two events though nearly all the words of their headlines agree.

A name in another's place ("Lagos factory explosion", "Nairobi factory explosion"): a headline
filled in anew. And, of one topic, an act in another phase ("to meet", "meet", "after meeting"),
which is a story of its own. Asked only where words would join, for the answer costs more than
they do.
"""

import math
from typing import Final

from rapidfuzz import fuzz

from watcher.stories.copies import TEMPLATE, fills_in_another
from watcher.stories.phases import in_other_phases, is_aftermath
from watcher.stories.signature import Signature

#: The most that words say of titles that differ by a name: an event of the same kind. Less than
#: joins; more than would part a story whose other members agree.
_OTHER_NAME: Final = 0.45
#: Log odds against one event where one tells as done what for the other is still to come, or lies
#: behind: more than all words in common make up for ("Putin to meet Kim in Vladivostok", "Putin
#: meets Kim in Vladivostok": .998). With 1.5 such pairs were one story, with 6 a few still; the
#: watched stories of topics/dev.jsonl are told the same (alerts 1.18 a story, F1 .469).
_OTHER_PHASE: Final = 8.0
#: Less likely pairs join nothing anyway.
_ASKED: Final = 0.4


def unless_parted(chance: float, a: Signature, b: Signature) -> float:
    """Return the chance 0-1 that two entries of one language report one event, not two alike."""
    if chance < _ASKED:
        return chance
    if _are_stages_of_one_topic(a, b):
        chance = 1 / (1 + math.exp(_OTHER_PHASE) * (1 - chance) / chance)
    if chance > _OTHER_NAME and _differ_by_name(a, b):
        return _OTHER_NAME
    return chance


def _differ_by_name(a: Signature, b: Signature) -> bool:
    least = 100 * TEMPLATE
    return fuzz.ratio(a.title, b.title, score_cutoff=least) > 0 and fills_in_another(a, b)


def _are_stages_of_one_topic(a: Signature, b: Signature) -> bool:
    """Whether two of one topic tell of one act, still to come, done, or behind what is told."""
    if not a.shares_topic(b):
        return False
    return is_aftermath(a.acts, b.acts) or (
        a.acts.done.isdisjoint(b.acts.done) and in_other_phases(a.acts, b.acts)
    )
