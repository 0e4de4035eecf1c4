"""Which word of a headline says something that others do not, or that nothing here reads?

Across languages an entry is compared by who, what is done, what it is about, figures and days. What
no list holds ("pingsan": he faints) would count as nothing new.
"""

from collections.abc import Iterable
from itertools import chain

from watcher.stories.acts import act_words
from watcher.stories.cast import cast_words
from watcher.stories.datelines import without_dateline
from watcher.stories.days import is_month
from watcher.stories.forms import tells
from watcher.stories.given import NOTHING, stems_of
from watcher.stories.han import simplified
from watcher.stories.leftover import leftover
from watcher.stories.signature import Signature
from watcher.stories.subjects import subject_words
from watcher.stories.titles import clean_headline
from watcher.stories.words import fold, is_unspaced, stem, words
from watcher.stories.written_numbers import is_numeral


def first_unsaid(signature: Signature, others: Iterable[Signature]) -> str:
    """Return the first word of a headline that may say what no other one does; "" if there is none.

    It is one that nothing reads and no other one writes, or that names a subject which none of the
    others is about.
    """
    others = tuple(others)
    named = signature.subjects
    unsaid = named.keys() - frozenset[str]().union(*(other.all_subjects for other in others))
    word = next((named[subject] for subject in named if subject in unsaid), "")
    return word or first_unread(signature, frozenset(chain(*(other.words for other in others))))


def as_written(word: str, signature: Signature) -> str:
    """Return a folded word of a title as it is written there: "cumhurbaşkanlığı"."""
    written = words(f"{signature.written} {signature.brief}")
    return next((one for one in written if fold(one) == word), word)


def first_unread(signature: Signature, known: frozenset[str] = NOTHING) -> str:
    """Return the first telling word of a title that is no act, subject, name, number or given term.

    "" if there is none, or if it is among the known ones. Of a script without spaces it is what is
    left of the title.
    """
    return _unread(signature.written or signature.title, signature.words, signature, known)


def first_unread_below(signature: Signature, others: Iterable[Signature]) -> str:
    """Return the same of a summary: what neither its title nor the other entries write as well."""
    text = without_dateline(signature.brief, signature.language)
    known = (words(f"{one.title} {simplified(fold(one.brief), one.language)}") for one in others)
    said = frozenset(chain(signature.words, *known))
    own = words(simplified(fold(text), signature.language))
    return _unread(text, own, signature, said)


def _unread(text: str, own: Iterable[str], signature: Signature, known: frozenset[str]) -> str:
    """Return the first telling word of a text, or what is left of it, that nothing reads."""
    found = _found(text, signature)
    # "Korea Utara" is compared as "north korea".
    read = signature.given.stems | stems_of([*found, *map(clean_headline, found)])
    is_dated = bool(signature.figures(fold(text)).dates)  # the day is compared
    telling = (
        word
        for word in own
        if word not in known
        and _is_telling(word, signature.language)
        and not (is_dated and is_month(word))
    )
    unread = next((word for word in telling if stem(word) not in read), "")
    if unread or not is_unspaced(text):
        return unread
    return leftover(text, signature.language, signature.given.unspaced.union(found))


def _found(text: str, signature: Signature) -> list[str]:
    """Return what the lists find in a text."""
    asked = text, signature.language, signature.hidden
    return [*act_words(*asked), *subject_words(*asked), *cast_words(*asked)]


def _is_telling(word: str, language: str | None) -> bool:
    if len(word) == 1 or is_unspaced(word) or is_numeral(word, language):
        return False
    return tells(word, language)
