"""What a report is about, beside who and what is done: ammunition, containers, an interest rate.

The words stand in `data/subjects/`, a file for each language; a word counts in its language only.
Two reports that name one subject name the same in any language, where nothing could be compared but
that one of them has a word; and they part what an act holds together: a flood and an earthquake.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from watcher.model import Evidence
from watcher.stories.lexicon import Lexicon, longest, spoken_family
from watcher.topics.terms import ListTerm

_LISTS: Final = Lexicon("subjects", "subject:")
#: Words that tell nothing beside those of a subject, an act or a name: "hold" talks, "leader".
_LIGHT: Final = f"{_LISTS.prefix}light"
#: Who leads a state; beside a subject somebody else: "military leader", "глава армии".
_HEAD: Final = f"{_LISTS.prefix}head"
#: Who is counted; without a figure they are somebody: "12 people", "people of North Korea".
_PEOPLE: Final = f"{_LISTS.prefix}people"
_NAMELESS: Final = frozenset({_LIGHT, _HEAD, _PEOPLE})
#: Characters between a head and its subject: "of the" and the spaces around.
_BESIDE: Final = 8
_COUNTED: Final = re.compile(r"\d\s?$")


def find_subjects(
    text: str, language: str | None, hidden: Collection[ListTerm] = frozenset()
) -> Mapping[str, str]:
    """Return subject -> the first word for it, in the order of a text.

    None in a language without a file.

    Args:
        text: a headline or a sentence.
        language: of the text; unknown when None.
        hidden: terms to pass over, as if the lists did not hold them.
    """
    named: dict[str, str] = {}
    for one in sorted(longest(_find(text, language, hidden)), key=lambda one: one.start):
        if one.list not in _NAMELESS:
            named.setdefault(one.list.removeprefix(_LISTS.prefix), one.text)
    return named


def subject_terms(text: str, language: str | None) -> frozenset[ListTerm]:
    """Return every term of the lists that stands in a text."""
    return frozenset((one.list, one.term) for one in _find(text, language))


def subject_words(
    text: str, language: str | None, hidden: Collection[ListTerm] = frozenset()
) -> Iterator[str]:
    """Yield the words of a text that name a subject, and those that tell nothing beside one."""
    found = _find(text, language, hidden)
    named = [one for one in found if one.list not in _NAMELESS]
    return (one.text for one in found if _is_read(one, text, named))


def _is_read(one: Evidence, text: str, named: Iterable[Evidence]) -> bool:
    if one.list == _PEOPLE:
        return bool(_COUNTED.search(text[: one.start]))
    return one.list != _HEAD or not any(_gap(one, other) <= _BESIDE for other in named)


def _gap(one: Evidence, other: Evidence) -> int:
    """Return the characters between two places; less than none where they overlap."""
    return max(one.start, other.start) - min(one.end, other.end)


def _find(
    text: str, language: str | None, hidden: Collection[ListTerm] = frozenset()
) -> list[Evidence]:
    found = _LISTS.find(text, spoken_family(language, text))
    return [one for one in found if (one.list, one.term) not in hidden]
