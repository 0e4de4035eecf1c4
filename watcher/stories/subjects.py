"""What a report is about, beside who and what is done: ammunition, containers, an interest rate.

The words stand in `data/subjects/`, a file for each language; a word counts in its language only.
Two reports that name one subject name the same in any language, where nothing could be compared but
that one of them has a word; and they part what an act holds together: a flood and an earthquake.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from watcher.model import Evidence
from watcher.stories.lexicon import Lexicon, ListTerm, longest, spoken_family

_LISTS: Final = Lexicon("subjects", "subject:")
#: Words that tell nothing beside those of a subject, an act or a name: "hold" talks, "leader".
_LIGHT: Final = f"{_LISTS.prefix}light"


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
        if one.list != _LIGHT:
            named.setdefault(one.list.removeprefix(_LISTS.prefix), one.text)
    return named


def subject_terms(text: str, language: str | None) -> frozenset[ListTerm]:
    """Return every term of the lists that stands in a text."""
    return frozenset((one.list, one.term) for one in _find(text, language))


def subject_words(
    text: str, language: str | None, hidden: Collection[ListTerm] = frozenset()
) -> Iterator[str]:
    """Yield the words of a text that name a subject, and those that tell nothing beside one."""
    return (one.text for one in _find(text, language, hidden))


def _find(
    text: str, language: str | None, hidden: Collection[ListTerm] = frozenset()
) -> list[Evidence]:
    found = _LISTS.find(text, spoken_family(language, text))
    return [one for one in found if (one.list, one.term) not in hidden]
