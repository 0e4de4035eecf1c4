"""Do two titles in different languages that name the same say the same of the same?

Whom, acts, subjects and figures are compared as sets: "100,000 shells and 2,500 missiles" holds the
same as "2,500 shells and 100,000 missiles", "from Russia" the same as "to Russia". What speaks
against it here is the order, the case and the voice, and the word before a name; it raises doubts
and joins nothing.
"""

import re
from collections.abc import Mapping
from itertools import combinations
from typing import Final

from watcher.stories.forms import listed_forms, tells, whence_and_whither
from watcher.stories.signature import Signature
from watcher.stories.words import fold, words
from watcher.topics.terms import language_family

#: A word and what may stand between it and a name: an article or an apostrophe.
_BEFORE: Final = r"(?<!\w)(\w+)(?:['\u2019]|\s)(?:(?:the|der|dem|den|la|las|los|il)\s)?"
#: Who does it, and to whom.
_PAIR: Final = 2
#: Words before a name that are looked at: "par l'Ukraine".
_ARTICLE_TOO: Final = 2
#: Behind a name, that all that follows is said by whoever bears it.
_SAYS: Final = re.compile('(?:\u6c0f|\u3055\u3093)?\\s?[:\uff1a\u300c\u300e"\u00ab\u201c\u201e]')
#: How Indonesian begins a verb whose subject has it done to him.
_PASSIVE: Final = "di"
#: How the accusative of a man's name ends; "Россия" and "Japonia" do so by themselves.
_ADDED_A: Final = re.compile("[^aeiouyáéíóúýаеёиоуыэюяіїєь][aая]$", re.IGNORECASE)


def says_of_another(late: Signature, early: Signature) -> bool:
    """Whether subjects that both name stand in another order, or their figures do.

    Where both are turned they are as before: each figure stands with its subject. Of subjects side
    by side the grammar says which is first: "military cooperation", "cooperaci\u00f3n militar".
    """
    return _are_subjects_turned(late, early) != _are_figures_turned(late, early)


def is_done_by_another(late: Signature, early: Signature) -> bool:
    """Whether one title tells who does it to whom by other means than their order.

    By "by" before a name that is not the first ("atacada por"), by a verb in the passive, by the
    case of who begins it, or by a colon behind one: what follows is said by him.
    """
    return _means(late) != _means(early)


def leaves_out_what_is_done(late: Signature, early: Signature) -> bool:
    """Whether a title names no act at all where the other one tells of one as done."""
    return bool(early.acts.happened) and not late.acts.named


def goes_another_way(late: Signature, early: Signature) -> bool:
    """Whether one title says "from" before a name where the other says "to"."""
    ours, theirs = _ways(late), _ways(early)
    return any(ours[name] != theirs[name] for name in ours.keys() & theirs.keys())


def _are_subjects_turned(late: Signature, early: Signature) -> bool:
    ours, theirs = _groups(late), _groups(early)
    shared = [subject for subject in ours if subject in theirs]
    order = list(theirs)
    return any(
        order.index(one) > order.index(other)
        and (ours[one] != ours[other] or theirs[one] != theirs[other])
        for one, other in combinations(shared, 2)
    )


def _groups(signature: Signature) -> Mapping[str, int]:
    """Return the subjects of a title, counted up wherever words between two of them tell more."""
    text = signature.written or signature.title
    groups: dict[str, int] = {}
    number, end = 0, 0
    for subject, word in signature.subjects.items():
        place = text.find(word, end)
        number += _tells_more(text[end : max(place, end)], signature.language)
        groups[subject] = number
        end = max(end, place + len(word))
    return groups


def _tells_more(between: str, language: str | None) -> bool:
    found = words(fold(between))
    return any(word.isdigit() or tells(word, language) for word in found)


def _are_figures_turned(late: Signature, early: Signature) -> bool:
    ours, theirs = late.numbers.amounts, early.numbers.amounts
    places = [place for own in ours for place, other in enumerate(theirs) if own.equals(other)]
    return places != sorted(places)


def _means(signature: Signature) -> frozenset[str]:
    """Return by what means a title that names two and more tells who does it to whom."""
    if len(signature.named) < _PAIR or not signature.language:
        return frozenset()
    title, family = signature.written, language_family(signature.language)
    places = _places(signature)
    means = {
        "by": any(_is_agent(title[:start], family) for start, _ in places[1:]),
        "passive": family == "id" and any(_is_passive(one) for one in signature.act_words),
        "case": bool(places) and _begins_oblique(places[0], signature),
        "says": any(_is_speaker(title[:start], title[end:], family) for start, end in places),
    }
    return frozenset(mean for mean, is_used in means.items() if is_used)


def _places(signature: Signature) -> list[tuple[int, int]]:
    """Return where the names of a title stand, in its order."""
    found = ((signature.written.find(name), name) for name in signature.cast_words)
    spans = {(start, start + len(name)) for start, name in found if start >= 0}
    return sorted(one for one in spans if not any(_is_within(one, other) for other in spans))


def _is_within(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def _is_speaker(before: str, behind: str, family: str) -> bool:
    """Whether a mark or a word beside a name tells that the rest is what he says."""
    verbs = listed_forms("speaking", family)
    if _SAYS.match(behind) or behind.startswith(verbs):  # letters that run on
        return True
    beside = [*re.findall(r"\w+", before)[-1:], *re.findall(r"\w+", behind)[:1]]
    return any(word.casefold() in verbs for word in beside)


def _is_agent(before: str, family: str) -> bool:
    """Whether "by" stands straight before a name, or with an article between."""
    last = re.findall(r"\w+", before.casefold())[-_ARTICLE_TOO:]
    return not set(last).isdisjoint(listed_forms("agents", family))


def _is_passive(verb: str) -> bool:
    return verb.casefold().startswith(_PASSIVE)


def _begins_oblique(first: tuple[int, int], signature: Signature) -> bool:
    """Whether a title begins with a name, or with an office, in a case that no subject stands in.

    Behind another word a name may be whose that is: "Армия Израиля".
    """
    start, end = first
    before = re.findall(r"\w+", signature.written[:start].casefold())
    if before:
        family = language_family(signature.language or "")
        return before[0] in listed_forms("oblique_offices", family)
    return _is_oblique(signature.written[start:end], signature)


def _is_oblique(name: str, signature: Signature) -> bool:
    """Whether a name stands in a case that no subject stands in, as "him" does; no "EU" does."""
    endings = listed_forms("oblique", language_family(signature.language or ""))
    plain = name.casefold()
    is_undeclined = name.isupper() or plain.split()[-1] in listed_forms("undeclined", "any")
    if not endings or is_undeclined:
        return False
    return plain.endswith(endings) or _is_accusative(name, signature)


def _is_accusative(name: str, signature: Signature) -> bool:
    """Whether a name has an "a" behind its last consonant that it has not by itself: "Putina"."""
    if not _ADDED_A.search(name):
        return False
    shorter = signature.cast_in(name[:-1])
    return bool(shorter) and shorter == signature.cast_in(name)


def _ways(signature: Signature) -> Mapping[str, str]:
    """Return the names of the cast that a word of direction stands before, with its way."""
    ways = whence_and_whither(signature.language)
    if not ways:
        return {}
    title = _without_parts(signature)
    found: dict[str, str] = {}
    for name in signature.cast_words:
        for before in re.findall(_BEFORE + re.escape(name), title, re.IGNORECASE):
            if way := ways.get(before.casefold()):
                found.update(dict.fromkeys(signature.cast_in(name), way))
    return found


def _without_parts(signature: Signature) -> str:
    """Return a title that names places for their parts: "contra região de Moscou"."""
    parts = listed_forms("parts_of_places", language_family(signature.language or ""))
    if not parts:
        return signature.written
    named = rf"(?<!\w)(?:{'|'.join(parts)}) (?:d(?:e|el|u|a|o) |d['\u2019])"
    return re.sub(named, "", signature.written, flags=re.IGNORECASE)
