"""Is it the same report? Where that is enough to keep quiet about an entry, assign.py says."""

from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from watcher.stories.features import (
    SAME_LEAD,
    Likeness,
    Overlap,
    exchange,
    exchanged,
    gram_cosine,
    hours_apart,
    lead_likeness,
    likeness,
)
from watcher.stories.guards import asks, contradicted, done, heads, opposed, reordered
from watcher.stories.numbers import conflict, in_other_money
from watcher.stories.parties import is_with_another
from watcher.stories.signature import Signature
from watcher.stories.unspaced import in_han_or_hangul, names_other, parted_unspaced
from watcher.stories.weigh import copy_limit, copy_model

#: Silence has to be earned, and the best of many candidates looks better than it is. Copies on
#: wirepool.dev: F1 .876 at .7, .888 at .8, .884 at .9.
SILENT_COPY_CHANCE: Final = 0.8
#: Below these no copy is seen and the full comparison is spared: of 16,000 on the development sets
#: 14 have less contained, and all of these a ratio of .63 and more.
_LEAST_RATIO: Final = 0.6
_LEAST_CONTAINED: Final = 0.4
#: Summaries that begin with the same words have more in common than this.
_LEAST_TEXT: Final = 0.15
#: Equal titles are copies; the model is not asked.
_EQUAL: Final = 0.99
#: Titles so alike that an inserted number is what the newer one is about.
_NEARLY: Final = 0.85
#: Titles alike but for what is exchanged; below, words merely happen to stand opposite.
TEMPLATE: Final = 0.72
#: Words that make two things of "visits the tank factory" and "visits the missile factory". Between
#: outlets they are synonyms as often ("soars", "surges"); of bare titles nothing else is known.
_TELLING: Final = 0.6
#: Words that are names as a rule, where a title's capitals do not tell: "Guncang Lombok", "Guncang
#: Cilacap". Of verbs and synonyms few are as rare: on the hard English pairs the F1 of "copy" goes
#: from .871 to .883 and the Indonesian ones stay as they are; from .66 on both would lose.
_RARE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Copy:
    """How surely (0-1) two reports are one; a veto says what forbids it all the same."""

    chance: float
    veto: str
    reason: str


NO_COPY: Final = Copy(0.0, "", "little in common")
#: Less likely than was asked for: neither vetoes nor a reason were looked for.
UNLIKELY: Final = Copy(0.0, "", "")


def judge_copy(a: Signature, b: Signature, terms: Overlap, *, least: float = 0.0) -> Copy:
    """Decide whether one of two reports repeats the other, given how far their terms agree.

    Below the chance `least` the answer is `UNLIKELY`, which costs less than saying why.
    """
    equal = bool(a.title) and a.title == b.title
    # Of titles with few words in common only a high ratio counts, which is soon ruled out.
    least_ratio = 0.0 if terms.contained >= _LEAST_CONTAINED else 100 * _LEAST_RATIO
    ratio = fuzz.ratio(a.title, b.title, score_cutoff=least_ratio) / 100
    if not _worth_a_look(a, b, terms, ratio):
        return NO_COPY
    if least and not equal and not _may_reach(least, a, b, terms, ratio or _LEAST_RATIO):
        return UNLIKELY
    features = likeness(a, b, terms)
    chance = _EQUAL if equal else copy_model().chance(features)
    if chance < least:
        return UNLIKELY
    veto = _veto(a, b, features)
    reason = "same title" if equal else _reason(a, b, features)
    return Copy(0.0 if veto else chance, veto, f"{reason}, but {veto}" if veto else reason)


def _may_reach(least: float, a: Signature, b: Signature, terms: Overlap, ratio: float) -> bool:
    """Whether a chance is still possible: by what is soon known, then by all the letters."""
    known = (*terms, ratio, lead_likeness(a, b))
    if copy_limit("ratio", "lead").chance(known) < least:
        return False
    return copy_limit("ratio", "lead", "grams").chance((*known, gram_cosine(a, b))) >= least


def _worth_a_look(a: Signature, b: Signature, terms: Overlap, ratio: float) -> bool:
    return (
        terms.contained >= _LEAST_CONTAINED
        or ratio >= _LEAST_RATIO
        or (terms.text >= _LEAST_TEXT and bool(a.lead) and a.lead == b.lead)
    )


def _veto(a: Signature, b: Signature, features: Likeness) -> str:
    """Return what parts the two, "" if nothing does."""
    figures = conflict(a.numbers, b.numbers) or in_other_money(a.numbers, b.numbers)
    return figures or _other_act(a, b) or _other_thing(a, b, features)


def _other_act(a: Signature, b: Signature) -> str:
    """Return how the two contradict each other about what happened."""
    if opposed(a.directions, b.directions):
        return "opposite words"
    if contradicted(a.denied, b.denied, a.heads, b.heads) or _one_negates(a, b):
        return "one denies it"
    if _only_planned(a, b):
        return "one is still to come"
    if is_with_another(a, b):
        return "it is with somebody else"
    return "words in another order" if reordered(a.words, b.words) else parted_unspaced(a, b)


def _one_negates(a: Signature, b: Signature) -> bool:
    """Whether only one says "not", in a language where what it denies is not known.

    Where the verb itself is negated ("art\u0131rmad\u0131") no word follows to be looked for.
    """
    if a.title == b.title or a.denied or b.denied:
        return False
    return a.negates != b.negates


def _other_thing(a: Signature, b: Signature, features: Likeness) -> str:
    """Return what parts titles that are all but equal, unless the reports begin alike."""
    if a.bare and b.bare and features.exchanged >= _TELLING:
        return "another word in the same place"
    if features.ratio < TEMPLATE or (features.lead >= SAME_LEAD and not features.same_outlet):
        return ""
    if _other_name(a, b):
        return "another name in the same place"
    if _is_rare(features.exchanged, a, b):
        return "another word in the same place"
    if features.number_extra and features.ratio >= _NEARLY:
        return "one counts something more"
    return ""


def _only_planned(a: Signature, b: Signature) -> bool:
    """Whether one tells as done what the other has still to come."""
    return (
        a.tense * b.tense < 0
        or _tells_as_done(b, a)
        or _tells_as_done(a, b)
        or done(a.intended - b.intended, b.words)
        or done(b.intended - a.intended, a.words)
    )


def _tells_as_done(a: Signature, b: Signature) -> bool:
    """Whether a title says plainly what another plans; "to impose" plans as "will impose" does.

    Of two that ask neither says it: "Bahas Apa?", "Apa yang Bakal Dibahas?".
    """
    told = b.planned - a.planned - heads(tuple(a.intended))
    return not told.isdisjoint(a.heads) and not (asks(a.written) and asks(b.written))


def fills_in_another(a: Signature, b: Signature) -> bool:
    """Whether titles otherwise alike have another name in one place, as far as they show names."""
    return _other_name(a, b) or _is_rare(exchange(a, b), a, b)


def _is_rare(telling: float, a: Signature, b: Signature) -> bool:
    return telling >= _RARE and not (a.names or b.names)


def _other_name(a: Signature, b: Signature) -> bool:
    """Whether two titles otherwise alike name others in one place."""
    if in_han_or_hangul(a.title) and in_han_or_hangul(b.title):
        return names_other(a.title, b.title)
    if not a.names or not b.names:
        return False
    ours, theirs = a.names - set(b.words), b.names - set(a.words)
    return any(x in ours and y in theirs for x, y in exchanged(a, b))


def _reason(a: Signature, b: Signature, features: Likeness) -> str:
    parts = [f"ratio {features.ratio * 100:.0f}"]
    if features.lead >= SAME_LEAD:
        parts.append("same beginning")
    if features.number_shared and not features.number_extra:
        parts.append("same numbers")
    if not (a.bare and b.bare):
        parts.append(f"{hours_apart(a, b):.0f} h apart")
    return ", ".join(parts)
