"""Do two entries report one event?

Of two in one language the model of weigh.py says so by their words, unless nearly all of these
agree and something parts them all the same. A name in another's place ("Lagos factory explosion",
"Nairobi factory explosion"): a headline filled in anew. And, of one topic, an act in another phase
("to meet", "meet", "after meeting"), which is a story of its own. That is asked only where words
would join, for the answer costs more than they do.

Across languages, without an encoder, little is left: numbers, days, words that both write alike,
and names that sound alike; and, told.py, whom and where both name. It finds every second translated
headline. With an encoder the distance of the two headlines says nearly all. Weights: logistic
regression over all pairs of English and Indonesian, Korean, Russian, Japanese or Chinese headlines
of ntrex.dev; learnt on four fifths of its stories they find as much on the last fifth.
"""

import math
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from watcher.stories.cast import is_actor, with_countries
from watcher.stories.copies import TEMPLATE, fills_in_another
from watcher.stories.days import share_day
from watcher.stories.elsewhere import are_elsewhere, are_tied
from watcher.stories.facts import in_other_casts, in_other_measures, shares_fact, shares_figure
from watcher.stories.features import Overlap, hours_apart, in_other_languages
from watcher.stories.numbers import unmatched
from watcher.stories.parties import is_with_another
from watcher.stories.phases import in_other_phases, is_aftermath
from watcher.stories.signature import Signature
from watcher.stories.told import told_chance
from watcher.stories.transliterate import common_sounds
from watcher.stories.watched import shares_given_alone
from watcher.stories.weigh import chance_of, story_chance

_BIAS: Final = -3.4
_TEXT: Final = 7.0
_RAREST: Final = 4.9
_SOUND: Final = 1.2
_NUMBER: Final = 3.5
_DAY: Final = 1.0
#: As much as within one language, where a model has learnt it: pairs of ntrex.dev are translations.
_OTHER_NUMBER: Final = -2.6
_MOST_NUMBERS: Final = 2
#: With an encoder, log odds at right angles, for each unit of cosine, and the share of the rest.
_FAR: Final = -5.8
_NEAR: Final = 15.2
_BESIDE: Final = 0.2
#: The most that those words say which a topic is about, where no others are shared: less than
#: joins. What the topic itself makes of two of its entries is watched.py's to say.
_GIVEN_ALONE: Final = 0.4
#: The most that words say of titles that differ by a name: an event of the same kind. Less than
#: joins; more than would part a story whose other members agree.
_OTHER_NAME: Final = 0.45
#: Log odds against one event where one tells as done what for the other is still to come, or lies
#: behind: more than all words in common make up for ("Putin to meet Kim in Vladivostok", "Putin
#: meets Kim in Vladivostok": .998). With 1.5 such pairs were one story, with 6 a few still; the
#: watched stories of topics/dev.jsonl are told the same (alerts 1.18 a story, F1 .469).
_OTHER_PHASE: Final = 8.0
#: Hours after which one city is hit again, and the topic is told of another attack there. By hand:
#: of 15 pairs of two events in one city, ten hours apart, that were joined 9 are not.
_SAME_PLACE_HOURS: Final = 3.0
#: Less likely pairs join nothing anyway.
_PARTED_FROM: Final = 0.4
#: Where the words of one language leave open whether it is one event, an encoder is asked.
UNDECIDED: Final = (0.2, 0.7)


class Lean(NamedTuple):
    """What an encoder adds to log odds: nothing at the cosine `neutral`, `weight` for each unit."""

    neutral: float
    weight: float


#: Beside words of one language.
WORDS_LEAN: Final = Lean(0.5, 4.0)
#: Beside a shared topic, which makes headlines of any two events alike.
WATCHED_LEAN: Final = Lean(0.32, 3.0)


def event_chance(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return 0-1 how surely two given entries report one event, whatever their languages."""
    if not in_other_languages(a, b):
        return _within_chance(a, b, terms)
    chance = across_chance(a, b, terms)
    chance = chance if _both_placed(a, b) else max(chance, _told(a, b, terms))
    return _unless_with_another(chance, a, b)


def joining_chance(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return the same for two of a stream, where hardly any two entries report one event.

    Across languages a name and a number are soon shared by two events of thousands: without an
    encoder the model for one language has to agree, or all that both tell of.
    """
    if not in_other_languages(a, b):
        return _unless_given(_within_chance(a, b, terms), a, b)
    return _unless_with_another(_joining_across(a, b, terms), a, b)


def _joining_across(a: Signature, b: Signature, terms: Overlap) -> float:
    if _both_placed(a, b):
        return across_chance(a, b, terms)
    story, told = story_chance(terms), _told(a, b, terms)
    if told >= story:
        return told
    return max(told, _unless_given(min(story, across_chance(a, b, terms)), a, b))


def _unless_given(chance: float, a: Signature, b: Signature) -> float:
    """Return the chance of words; less than joins where both share but those of a topic of `a`.

    The same where two of one topic are of two events: these are told in the same words.
    """
    if chance <= _GIVEN_ALONE or not a.topics:
        return chance
    is_another = a.shares_topic(b) and _tells_of_another(a, b)
    return _GIVEN_ALONE if is_another or shares_given_alone(a, b) else chance


def _tells_of_another(a: Signature, b: Signature) -> bool:
    """Whether two of one topic measure differently, are elsewhere, or of other people.

    "Plane with 67 passengers crashes in Aktau", "Plane with 181 passengers crashes in Muan".
    """
    return in_other_measures(a, b) or are_elsewhere(a, b) or _are_of_others(a, b)


def _are_of_others(a: Signature, b: Signature) -> bool:
    """Whether both name people or bodies, and nobody and nowhere in common.

    Of "freed by Hamas" and "freed in Gaza" nobody knows it.
    """
    if not (any(map(is_actor, a.cast)) and any(map(is_actor, b.cast))):
        return False
    return in_other_casts(a, b) and not are_tied(a, b)


def _told(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return how surely two entries tell the same; 0 where their topic explains it.

    What is still to come in one and done in the other is of two stories, if no figure or day says
    more.
    """
    if a.shares_topic(b):
        is_tied = shares_fact(a, b)
        if _is_expected(a, b) or (_are_stages_of_one_topic(a, b) and not is_tied):
            return 0.0
    return told_chance(a, b, terms)


def _is_expected(a: Signature, b: Signature) -> bool:
    """Whether whom and where both name is to be expected in two entries of a topic of `a`.

    People and places that every entry of it names are, and hours later a place where much happens.
    """
    shared = a.own_cast & with_countries(b.cast)
    if not shared:
        return True
    is_soon = hours_apart(a, b) <= _SAME_PLACE_HOURS
    return not (is_soon or any(map(is_actor, shared)) or shares_figure(a, b))


def _within_chance(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return how surely two entries of one language report one event."""
    chance = unless_parted(story_chance(terms), a, b)
    if a.vector is None or not is_undecided(chance):
        return chance
    return leaned(chance, a, b, WORDS_LEAN)


def unless_parted(chance: float, a: Signature, b: Signature) -> float:
    """Return the chance 0-1 that two entries of one language report one event, not two alike."""
    if chance < _PARTED_FROM:
        return chance
    if _are_stages_of_one_topic(a, b):
        chance = 1 / (1 + math.exp(_OTHER_PHASE) * (1 - chance) / chance)
    if chance > _OTHER_NAME and _differ_by_name(a, b):
        return _OTHER_NAME
    return _unless_with_another(chance, a, b)


def _unless_with_another(chance: float, a: Signature, b: Signature) -> float:
    return _OTHER_NAME if chance > _OTHER_NAME and is_with_another(a, b) else chance


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


def _both_placed(a: Signature, b: Signature) -> bool:
    return a.vector is not None and b.vector is not None


def across_reason(a: Signature, b: Signature) -> str:
    """Return why two entries in different languages are one event; "" for those in one."""
    if not in_other_languages(a, b):
        return ""
    if _both_placed(a, b):
        return "means the same in another language"
    return "names and numbers agree across languages"


def is_undecided(chance: float) -> bool:
    """Whether words leave a question open."""
    return UNDECIDED[0] <= chance <= UNDECIDED[1]


def unaided_chance(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return how surely two entries report one event, as if no encoder had been asked."""
    if in_other_languages(a, b):
        return chance_of(_BIAS + _lexical(a, b, terms))
    return story_chance(terms)


def across_chance(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return 0-1 how surely two entries in different languages report one event."""
    lexical = _lexical(a, b, terms)
    if a.vector is None or b.vector is None:
        return chance_of(_BIAS + lexical)
    return chance_of(_FAR + _NEAR * a.vector.cosine(b.vector) + _BESIDE * lexical)


def _lexical(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return the evidence of what is written or sounds alike."""
    return (
        _TEXT * terms.text
        + _RAREST * terms.rarest
        + _SOUND * common_sounds(a.title, b.title)
        + _NUMBER * min(_common_numbers(a, b), _MOST_NUMBERS)
        + _DAY * share_day(a.numbers.dates, b.numbers.dates)
        + _OTHER_NUMBER * terms.number_conflict
    )


def leaned(chance: float, a: Signature, b: Signature, lean: Lean) -> float:
    """Return a chance after an encoder's word; the same chance without one."""
    if a.vector is None or b.vector is None or not 0 < chance < 1:
        return chance
    odds = math.log(chance / (1 - chance))
    return chance_of(odds + lean.weight * (a.vector.cosine(b.vector) - lean.neutral))


def _common_numbers(a: Signature, b: Signature) -> int:
    ours, theirs = a.numbers.amounts, b.numbers.amounts
    return len(ours) - len(unmatched(ours, theirs)[0]) if ours and theirs else 0
