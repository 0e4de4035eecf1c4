"""Do two titles in different languages that name the same say the same of the same?

Whom, acts, subjects and figures are compared as sets: "100,000 shells and 2,500 missiles" holds the
same as "2,500 shells and 100,000 missiles", "from Russia" the same as "to Russia". What speaks
against it here is only the order, and the word before a name; so it raises doubts, and joins
nothing.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import combinations
from typing import Final

from watcher.data_files import read_table
from watcher.stories.cast import cast_words, find_cast
from watcher.stories.forms import tells
from watcher.stories.signature import Signature
from watcher.stories.words import fold, words
from watcher.topics.terms import LANGUAGES_AT_HAND, language_family

#: A word and what may stand between it and a name: an article or an apostrophe.
_BEFORE: Final = r"(?<!\w)(\w+)(?:['\u2019]|\s)(?:(?:the|der|dem|den|la|las|los|il)\s)?"
_WHENCE: Final = "whence"
_WHITHER: Final = "whither"


def says_of_another(late: Signature, early: Signature) -> bool:
    """Whether subjects that both name stand in another order, or their figures do.

    Where both are turned they are as before: each figure stands with its subject. Of subjects side
    by side the grammar says which is first: "military cooperation", "cooperaci\u00f3n militar".
    """
    return _are_subjects_turned(late, early) != _are_figures_turned(late, early)


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


def _ways(signature: Signature) -> Mapping[str, str]:
    """Return the names of the cast that a word of direction stands before, with its way."""
    words = _directions(language_family(signature.language)) if signature.language else {}
    if not words:
        return {}
    found: dict[str, str] = {}
    title, language, hidden = signature.written, signature.language, signature.hidden
    for name in cast_words(title, language, hidden):
        for before in re.findall(_BEFORE + re.escape(name), title, re.IGNORECASE):
            if way := words.get(before.casefold()):
                found.update(dict.fromkeys(find_cast(name, language, hidden), way))
    return found


@lru_cache(LANGUAGES_AT_HAND)
def _directions(language: str) -> Mapping[str, str]:
    """Return word of direction -> its way, in a language."""
    tables = read_table("stories", "forms.toml")
    rows = {way: tables[way].get(language, "").split() for way in (_WHENCE, _WHITHER)}
    return {word: way for way, row in rows.items() for word in row}
