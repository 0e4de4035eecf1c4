"""Do two entries of one topic, perhaps in different languages, report one event?

Words say nothing across languages; what is left is when it was told, whom and what acts, figures
and days both name, and which of the watchlist's lists they mention. It decides where to thread;
whether to keep quiet is silence.py's.

Weights: by hand. They began as those of a logistic regression without an encoder over pairs of
watched items in 34 languages, up to six days apart (number 3.25, day 1.44, days apart -1.8), and
moved where `watcher eval alerts` on topics/dev.jsonl gained with hidden terms as well; their second
digit says nothing.
"""

import math
from collections.abc import Iterable
from typing import Final

from watcher.stories.act_kinds import BESIDE_ANY
from watcher.stories.cast import is_actor, with_countries
from watcher.stories.elsewhere import are_elsewhere
from watcher.stories.facts import (
    counts_more,
    counts_on,
    figures,
    in_other_casts,
    in_other_measures,
    shares_cast,
    shares_day,
    shares_fact,
    shares_figure,
)
from watcher.stories.features import Overlap, hours_apart, in_other_languages
from watcher.stories.given import NOTHING, stems_of
from watcher.stories.parties import is_with_another
from watcher.stories.phases import (
    act_overlap,
    came_after,
    in_other_acts,
    in_other_phases,
    is_aftermath,
)
from watcher.stories.places import name_other_cities
from watcher.stories.signature import Signature
from watcher.stories.titles import names
from watcher.stories.transliterate import common_sounds
from watcher.stories.weigh import chance_of
from watcher.stories.words import TELLING, squared_weight, stem, weight

_BIAS: Final = -1.5
#: A topic that takes two lists and more to match is narrower.
_NARROW: Final = 0.75
_DAYS: Final = -2.5
_NUMBER: Final = 2.2
_DAY: Final = 1.4
#: The toll of one crash or quake rises. By hand: of four streams written unseen the pairwise F1 was
#: .710 .824 .715 .760, and is .718 .858 .729 .789; no figure of topics/dev.jsonl changes with it.
_TOLL: Final = 2.2
_LISTS: Final = 0.5
_TEXT: Final = 3.2
#: With 0.9 a stream written unseen gains (F1 .817, .851), and topics/dev.jsonl loses (.490, .441).
_SOUND: Final = 0.5
#: A long name tells no more than so many sounds.
_MOST_SOUNDS: Final = 4
_ACTS: Final = 2.1
#: From so many words in common beside the topic's on, acts are of what these tell.
_OWN_WORDS: Final = 0.15
#: One act, but still to come for one of them: often a story of its own. By hand: of watched stories
#: in topics/dev.jsonl the pairwise F1 is .463 with -2.0, .467 with -1.0 and with -0.5, where a
#: stream written unseen begins to lose (.624, .617); hidden terms tell no difference (.387).
_OTHER_PHASE: Final = -1.0
#: Both titles measure, and not the same: earthquakes of 5.8 and 7.2. Whole numbers count what rises
#: as an event is told, and parted reports of one (F1 of a stream written unseen: .591, not .606).
_OTHER_MEASURE: Final = -1.5
#: Both titles name somebody or somewhere known, and nobody in common: cholera in Sudan, in Yemen.
#: By hand: of four streams written unseen the pairwise F1 was .620 .486 .659 .566, and is .606 .507
#: .650 .643; with -1.5 alerts rise further. No figure of topics/dev.jsonl changes with it.
_OTHER_CAST: Final = -1.0
#: Both titles name a city or a region, and none in common: strikes on two cities of one country.
#: By hand: of a stream written unseen the precision is .964, with it .967 (alerts 2.16, 2.18); no
#: figure of three others nor of topics/dev.jsonl changes with it.
_OTHER_CITY: Final = -2.0
#: Both name entities that the topic asks for, and none in common: the central banks of Poland and
#: India. By hand: of a stream written unseen the pairwise F1 is .688, with -1.0 .687, from -1.5 to
#: -2.5 .705 (hidden terms .369, .370); no figure of topics/dev.jsonl changes with it.
_OTHER_LISTS: Final = -2.0
#: Somebody meets one and then another. By hand, for no stream or set has a pair of it.
_OTHER_PARTY: Final = -2.0
#: One tells what came after the other. By hand: with -1.0 a visit "after talks" was one story with
#: the talks in Korean. From 2.0 to -3.0 no figure of topics/dev.jsonl changes with it.
_AFTERMATH: Final = -2.0
#: Two languages that tell of a narrow topic at once tell of one event more often than not. By hand:
#: of four streams written unseen alerts are 1.41 1.58 1.18 1.36, with it 1.10 1.52 1.08 1.21, and
#: the pairwise F1 is .606 .522 .704 .608, with it .632 .529 .681 .627. For two hours, and whatever
#: parts the two, alerts fall further, and the F1 of the second to .485.
_AT_ONCE: Final = 0.4
#: Of a narrow topic two short headlines of one event often share its own words alone.
_UNLIKE: Final = -2.5
_UNLIKE_NARROW: Final = -0.8
#: From this chance on an entry that names nothing more joins its forerunner, whatever else that
#: story holds; with figures of its own that all agree, the lesser chance is enough.
_ECHO: Final = 0.55
_ECHO_FIGURES: Final = 0.45
_ECHO_HOURS: Final = 24
#: Reports of one topic this near each other need no word beside the topic's to join. With three
#: hours two streams written unseen differ (F1 .659 -> .638, .563 -> .584), with one neither loses.
_AT_ONCE_HOURS: Final = 1
#: Weight of a name that hardly any headline has: of most provinces, of no head of state.
RARE: Final = 8.0


def watched_chance(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return 0-1 how surely two entries that match one topic report one event.

    What `a` shares only because it matches the topic does not count: the lists that the topic
    cannot do without, the acts that those tell, and in one language the words that lists were found
    by.
    """
    if _is_told_of_another_place(a, b):
        return 0.0
    text = max(0.0, terms.text - given_overlap(a, b))
    total = (
        _BIAS
        + _NARROW * (not a.given.is_broad)
        + _DAYS * math.log1p(hours_apart(a, b) / 24)
        + _AT_ONCE * is_told_at_once(a, b)
        + _NUMBER * shares_figure(a, b)
        + _DAY * shares_day(a, b)
        + _TOLL * counts_on(a, b)
        + _LISTS * list_overlap(a, b)
        + _TEXT * text
        + _SOUND * sounds_alike(a, b)
        + _phase_or_acts(a, b, text)
        + _OTHER_MEASURE * in_other_measures(a, b)
        + _OTHER_CAST * in_other_casts(a, b)
        + _OTHER_CITY * name_other_cities(a.cast, b.cast)
        + _OTHER_LISTS * (_names_others(a, b) and not _names_who_and_where(a, b))
        + _OTHER_PARTY * is_with_another(a, b)
        + (_UNLIKE if a.given.is_broad else _UNLIKE_NARROW) * is_unlike(a, b)
    )
    return chance_of(total)


def _is_told_of_another_place(a: Signature, b: Signature) -> bool:
    """Whether two titles in one language tell of other places.

    One act is told everywhere in the same words: "Ferry catches fire near Tokyo", "near Jakarta".
    By hand: of five streams written unseen the pairwise F1 is .688 .861 .725 .727 .788, without it
    .688 .861 .709 .727 .788; alerts rise in one, by .01.
    """
    return not in_other_languages(a, b) and are_elsewhere(a, b)


def echoes(late: Signature, early: Signature, chance: float) -> bool:
    """Whether a later entry in another language names nothing that the earlier one did not.

    Entities, days, topics and every number count; not lists of words, whose grammar differs from
    language to language. In one language the words themselves are compared.
    """
    if not in_other_languages(late, early):
        return False
    if chance < (_ECHO_FIGURES if figures(late) else _ECHO):
        return False
    return (
        hours_apart(late, early) <= _ECHO_HOURS
        and not came_after(early.acts, late.acts)
        and not came_after(late.acts, early.acts)
        and late.topics <= early.topics
        and late.lists - late.given.word_lists <= early.lists
        and late.all_days <= early.all_days
        and not counts_more(late.all_amounts, early)
    )


def is_told_at_once(a: Signature, b: Signature) -> bool:
    """Whether two languages tell of a narrow topic at once, and neither cast nor acts part them."""
    if a.given.is_broad or hours_apart(a, b) > _AT_ONCE_HOURS or not in_other_languages(a, b):
        return False
    return not (in_other_casts(a, b) or in_other_acts(a.acts, b.acts, but=a.given_acts))


def list_overlap(a: Signature, b: Signature) -> float:
    """Return 0-1, how many of the lists are common that `a` does not mention by matching.

    Only lists that a common topic asks for: what serves another one is a word like any other.
    """
    counted = _asked(a, b) - a.given.lists
    ours, theirs = a.lists & counted, b.lists & counted
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 0.0


def _names_others(a: Signature, b: Signature) -> bool:
    """Whether both name entities that a common topic asks for, and none in common."""
    entities = _asked(a, b) - a.given.word_lists - b.given.word_lists
    ours, theirs = a.lists & entities, b.lists & entities
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _names_who_and_where(a: Signature, b: Signature) -> bool:
    """Whether at once one title names who does something, and the other at most where it is done.

    Of "(red_sea OR houthis) AND vessel" the first may name the sea, the next the rebels; two seas
    or two countries are two events at any time. "Kim arrives in", "Putin flies to Vladivostok" name
    one place.
    """
    if hours_apart(a, b) > _AT_ONCE_HOURS:
        return False
    is_of_one = any(map(is_actor, a.cast)) != any(map(is_actor, b.cast))
    return is_of_one or not a.cast.isdisjoint(b.cast)


def _asked(a: Signature, b: Signature) -> frozenset[str]:
    """Return the lists that the lines of common topics name; all where no line is known."""
    if not a.given.asked:
        return a.lists | b.lists
    return NOTHING.union(*(lists for topic, lists in a.given.asked if topic in b.topics))


def sounds_alike(a: Signature, b: Signature) -> int:
    """Return how many sounds of names two languages share beside the words that they match by."""
    if not in_other_languages(a, b):
        return 0
    return min(common_sounds(a.beside_given, b.beside_given), _MOST_SOUNDS)


def given_overlap(a: Signature, b: Signature) -> float:
    """Return 0-1, how alike two texts are by the words alone that `a` matches by."""
    shared = a.text.terms & b.text.terms & a.given.stems
    if not shared:
        return 0.0
    return sum(map(squared_weight, shared)) / (a.text.norm * b.text.norm)


def is_unlike(a: Signature, b: Signature) -> bool:
    """Whether two texts share no telling word but those that `a` matches by.

    In other languages nothing is expected to be shared.
    """
    if a.language != b.language or a.language is None:
        return False
    return _tells_nothing((a.text.terms & b.text.terms) - a.given.stems)


def shares_given_alone(a: Signature, b: Signature) -> bool:
    """Whether two texts share no telling word but those that a topic of `a` is about.

    Of one topic a rare name that not every report has tells more: one of thirty provinces. So
    does the hour: what comes at once is of one event more often than not.
    """
    shared = a.text.terms & b.text.terms
    if not a.shares_topic(b):
        return _tells_nothing(shared - a.given.stems)
    names = a.given.stems - a.given.usual
    common = {term for term in names if weight(term) < RARE}
    if hours_apart(a, b) <= _AT_ONCE_HOURS or not _tells_nothing(shared - a.given.usual - common):
        return False
    # Two that have nothing else to tell are one: "Coup in Niger", "Niger: army confirms coup".
    own = (one.text.terms - shared - a.given.stems for one in (a, b))
    return not any(map(_tells_nothing, own))


def shares_rare_name(a: Signature, b: Signature) -> bool:
    """Whether both titles have a rare word, of one topic beside those that `a` matches by."""
    but = a.given.stems if a.shares_topic(b) else NOTHING
    return any(weight(term) >= RARE for term in a.headline.terms & b.headline.terms - but)


def show_other_names(a: Signature, b: Signature) -> bool:
    """Whether two titles in one language have rare names, and none in common.

    Beside whoever and wherever is known: the towns of "fire in Puebla, Mexico", "in Monterrey".
    """
    if in_other_languages(a, b):
        return False
    ours, theirs = _rare_names(a), _rare_names(b)
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _rare_names(signature: Signature) -> frozenset[str]:
    """Return the rare words that a title writes as names: of one that shows none, all rare ones.

    The first word has a capital anyway.
    """
    shown = names(signature.written)
    written = shown.difference(signature.words[:1]) if shown else signature.words
    known = signature.given.stems | stems_of(signature.cast_words)
    return frozenset(term for term in map(stem, written) if weight(term) >= RARE) - known


def _tells_nothing(terms: Iterable[str]) -> bool:
    return all(weight(term) < TELLING for term in terms)


def _phase_or_acts(a: Signature, b: Signature, text: float) -> float:
    if is_aftermath(a.acts, b.acts):
        return _AFTERMATH
    if in_other_phases(a.acts, b.acts):
        return _OTHER_PHASE
    return _ACTS * _acts_in_common(a, b, text)


def _acts_in_common(a: Signature, b: Signature, text: float) -> float:
    """Return 0-1 how many acts two tell in common, of a broad topic only where more ties them.

    There people die, meet and warn every hour: one act is of one event where both name the same as
    well. Beside a name alone what most reports mention ("urges", "rises") is none.
    """
    is_tied = not a.given.is_broad or text > _OWN_WORDS
    is_tied = is_tied or shares_fact(a, b) or bool(list_overlap(a, b))
    if not (is_tied or shares_cast(a, b)):
        return 0.0
    is_tied = is_tied or not a.own_cast.isdisjoint(with_countries(b.cast))
    passed_over = a.given_acts if is_tied else a.given_acts | BESIDE_ANY
    return act_overlap(a.acts, b.acts, but=passed_over)
