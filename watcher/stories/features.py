"""What two entries have in common, as numbers that the decisions weigh.

Every feature is the same whichever side is asked first.
"""

import math
from typing import Final, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein, Postfix

from watcher.stories.act_kinds import VICTIMS
from watcher.stories.given import NOTHING
from watcher.stories.numbers import Number, conflict, conflict_beside_amounts, unmatched
from watcher.stories.signature import Signature
from watcher.stories.words import RAREST, TELLING, squared_weight, stem, weight, weight_in, words

#: Bare titles have no time: what pairs of reports have on average.
_UNKNOWN_HOURS: Final = 1.8
#: Of `hours`: news of yesterday is rarely told again.
_A_DAY: Final = math.log1p(24)
#: Hours in which the first tolls and measures of one event come: a day later the next shock has its
#: own ("M5.0 earthquake hits Hokkaido", "Earthquake hits Kyushu, injuring 12").
_FIRST_HOURS: Final = 6
#: Share of common title words from which two titles are taken to be of one language.
_ONE_LANGUAGE: Final = 0.6
#: Of the feature `lead`, a cube: the summaries begin with the same words.
SAME_LEAD: Final = 0.61
#: Words more alike than this (0-100) are forms or spellings of one word.
_SPELLINGS: Final = 65
#: Letters before a common ending that make another name, where the first ones differ.
_OTHER_BEGINNING: Final = 2


class Overlap(NamedTuple):
    """What the telling terms say: cheap, and enough for "the same event?".

    Attributes:
        headline: weighted terms of the titles in common (cosine).
        text: the same with the summaries, where both have a real one.
        contained: share of the lesser title's weight that the other has too.
        rarest: weight of the rarest common term.
        both_summaries: 1 if `text` could look at summaries.
        number_conflict: 1 if the titles' figures contradict each other.
        hours: ln(1 + hours apart).
        same_outlet: 1 if one outlet published both.
    """

    headline: float
    text: float
    contained: float
    rarest: float
    both_summaries: float
    number_conflict: float
    hours: float
    same_outlet: float


class Likeness(NamedTuple):
    """What the titles' letters and the reports' beginnings say: for "the same report?".

    Attributes:
        ratio: RapidFuzz `ratio` of the clean titles.
        lead: the same of how the summaries begin, cubed: below nine tenths it is chance.
        number_shared: 1 if the titles have a figure in common.
        number_extra: 1 if one title has all the other's figures and more.
        explainer: 1 if only one of them announces background.
        exchanged: how telling (0-1) the words are that stand in each other's place.
        next_day: 1 if they are more than a day apart.
        grams: letter triples of the titles in common.
    """

    ratio: float
    lead: float
    number_shared: float
    number_extra: float
    explainer: float
    exchanged: float
    next_day: float
    grams: float
    text: float
    rarest: float
    both_summaries: float
    hours: float
    same_outlet: float


def overlap(a: Signature, b: Signature) -> Overlap:
    """Return how far the terms of two entries agree."""
    return with_figures(first_look(a, b), a, b)


def with_figures(terms: Overlap, a: Signature, b: Signature) -> Overlap:
    """Return the same, having looked whether the titles' figures contradict each other."""
    if a.numbered and b.numbered and _contradicts(a, b) and not runs_on(a, b):
        return terms._replace(number_conflict=1.0)
    return terms


def _contradicts(a: Signature, b: Signature) -> bool:
    """Whether the figures of two titles part them; of one topic only those of one kind.

    There a toll and a magnitude may be of one earthquake, if one was told soon after the other.
    Elsewhere they were of two as often (BCubed F1 of ecbplus.dev .765, with a rough look .760).
    """
    is_soon = hours_apart(a, b) <= _FIRST_HOURS
    return bool(conflict(a.numbers, b.numbers, roughly=is_soon and a.shares_topic(b)))


def runs_on(a: Signature, b: Signature) -> bool:
    """Whether titles whose figures disagree count victims, and the later one no fewer.

    A toll that rises parts no two reports of a disaster: it is what the later one is about.
    """
    if VICTIMS.isdisjoint(a.acts.told & b.acts.told):
        return False
    if conflict_beside_amounts(a.numbers, b.numbers):
        return False
    early, late = (_most(one) for one in unmatched(a.numbers.amounts, b.numbers.amounts))
    return a.hour == b.hour or (early > late) == (a.hour > b.hour)


def _most(amounts: list[Number]) -> float:
    return max((one.value for one in amounts), default=0.0)


def first_look(a: Signature, b: Signature) -> Overlap:
    """Return how far the terms of two entries agree, whatever their figures: those cost most."""
    ours, theirs = a.headline, b.headline
    both = a.has_summary and b.has_summary
    headline = contained = rarest = 0.0
    if shared := list(map(squared_weight, ours.terms & theirs.terms)):
        total = sum(shared)
        headline = total / (ours.norm * theirs.norm)
        contained = total / min(ours.norm, theirs.norm) ** 2
        rarest = math.sqrt(max(shared)) / RAREST
    return Overlap(
        headline,
        a.text.cosine(b.text) if both else headline,
        contained,
        rarest,
        1.0 if both else 0.0,
        0.0,
        _UNKNOWN_HOURS if a.bare and b.bare else math.log1p(abs(a.hour - b.hour)),
        1.0 if a.outlet and a.outlet == b.outlet else 0.0,
    )


def common_words(a: Signature, b: Signature, last: frozenset[str] = NOTHING) -> list[str]:
    """Return the telling words that two reports share, the most telling first.

    Those of the summaries count where both have one.

    Args:
        a: the one, whose words they are.
        b: the other.
        last: terms that come behind the others: what any two of one topic share.
    """
    both = a.has_summary and b.has_summary
    ours = (*a.words, *words(a.summary)) if both else a.words
    theirs = (b.text if both else b.headline).terms
    shared = {word: weight_in(a.language, word) for word in ours if stem(word) in theirs}
    telling = (word for word in shared if len(word) > 1 and shared[word] >= TELLING)
    return sorted(telling, key=lambda word: (stem(word) in last, -shared[word]))


def lead_likeness(a: Signature, b: Signature) -> float:
    """Return `lead` of two reports; 0 where one of them has no summary."""
    return (fuzz.ratio(a.lead, b.lead) / 100) ** 3 if a.lead and b.lead else 0.0


def likeness(a: Signature, b: Signature, terms: Overlap) -> Likeness:
    """Return how far two reports are alike, given how far their terms agree."""
    ours, theirs = a.numbers.amounts, b.numbers.amounts
    left, right = unmatched(ours, theirs) if ours and theirs else (ours, theirs)
    return Likeness(
        ratio=fuzz.ratio(a.title, b.title) / 100,
        lead=lead_likeness(a, b),
        number_shared=float(len(left) < len(ours)),
        number_extra=float(bool(left) != bool(right)),
        explainer=float(a.explains != b.explains),
        exchanged=exchange(a, b),
        next_day=float(terms.hours > _A_DAY),
        grams=gram_cosine(a, b),
        text=terms.text,
        rarest=terms.rarest,
        both_summaries=terms.both_summaries,
        hours=terms.hours,
        same_outlet=terms.same_outlet,
    )


def gram_cosine(a: Signature, b: Signature) -> float:
    """Return 0-1, how many letter triples of the titles are common."""
    shared = len(a.grams & b.grams)
    return shared / math.sqrt(len(a.grams) * len(b.grams)) if shared else 0.0


def hours_apart(a: Signature, b: Signature) -> float:
    """Return the hours between two reports, whichever was first."""
    return abs(a.hour - b.hour)


def in_other_languages(a: Signature, b: Signature) -> bool:
    """Whether two titles are in different languages; a short one's may have been guessed wrong.

    Figures are of no language.
    """
    if a.spoken == b.spoken or not a.spoken or not b.spoken:
        return False
    ours, theirs = a.spelled_out, b.spelled_out
    return len(ours & theirs) < _ONE_LANGUAGE * min(len(ours), len(theirs))


def exchange(a: Signature, b: Signature) -> float:
    """Return 0-1, how telling the words are that stand in each other's place."""
    return max((_telling(a, b, *pair) for pair in exchanged(a, b)), default=0.0)


def exchanged(a: Signature, b: Signature) -> list[tuple[str, str]]:
    """Return the words that stand in each other's place in titles otherwise alike."""
    # Of several shortest ways to edit one into the other, that of the longer, whoever asks.
    if (len(b.words), b.words) > (len(a.words), a.words):
        return [(x, y) for y, x in exchanged(b, a)]
    pairs: list[tuple[str, str]] = []
    for block in Levenshtein.opcodes(a.words, b.words):
        if block.tag == "replace":
            left = a.words[block.src_start : block.src_end]
            right = b.words[block.dest_start : block.dest_end]
            placed = zip(left, right, strict=False)
            pairs.extend(one for one in placed if not _alike(*one) or _other_names(a, b, *one))
    kept = max(len(a.words), len(b.words)) - len(pairs)
    return pairs if kept >= len(pairs) else []


def _telling(a: Signature, b: Signature, x: str, y: str) -> float:
    """Return 0-1 how much parts two reports that put `x` and `y` in one place.

    Whether figures part them is for `conflict` to say, which knows what is rounded.
    """
    if x.isdigit() and y.isdigit():
        return 0.0
    ours, theirs = stem(x), stem(y)
    if x in b.words or y in a.words or ours in b.text.terms or theirs in a.text.terms:
        return 0.0
    return min(weight(ours), weight(theirs)) / RAREST


def _other_names(a: Signature, b: Signature, x: str, y: str) -> bool:
    """Whether two names share but an ending: "Рязанского", "Саратовского"; "Northampton".

    Spellings of one differ by a letter there at most: "Yerevan", "Erevan"; "Gaddafi", "Qaddafi".
    """
    if x[0] == y[0] or x not in a.names or y not in b.names:
        return False
    ending = Postfix.similarity(x, y)
    return min(len(x), len(y)) - ending >= _OTHER_BEGINNING


def _alike(x: str, y: str) -> bool:
    """Whether two words are forms or spellings of one ("Zelenskiy", "Zelenskyy")."""
    return fuzz.ratio(x, y) > _SPELLINGS
