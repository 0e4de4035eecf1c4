"""Which word of a headline says something that others do not, or that nothing here reads?

Across languages an entry is compared by who, what is done, what it is about, figures and days. What
no list holds ("pingsan": he faints) would count as nothing new.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from watcher.stories.acts import act_words
from watcher.stories.cast import cast_words
from watcher.stories.days import is_month
from watcher.stories.forms import tells
from watcher.stories.leftover import leftover
from watcher.stories.numbers import is_numeral
from watcher.stories.signature import NOTHING, Signature, stems_of
from watcher.stories.subjects import subject_words
from watcher.stories.titles import clean_headline
from watcher.stories.words import fold, is_unspaced, stem, words


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
    return next((one for one in words(signature.written) if fold(one) == word), word)


def first_unread(signature: Signature, known: frozenset[str] = NOTHING) -> str:
    """Return the first telling word of a title that is no act, subject, name, number or given term.

    "" if there is none, or if it is among the known ones. Of a script without spaces it is what is
    left of the title.
    """
    title = signature.written or signature.title
    found = _found(title, signature)
    # "Korea Utara" is compared as "north korea".
    read = signature.given.stems | stems_of([*found, *map(clean_headline, found)])
    telling = (word for word in _telling(signature) if word not in known)
    unread = next((word for word in telling if stem(word) not in read), "")
    if unread or not is_unspaced(title):
        return unread
    return leftover(title, signature.language, signature.given.unspaced.union(found))


def _found(title: str, signature: Signature) -> list[str]:
    """Return what the lists find in a title."""
    asked = title, signature.language, signature.hidden
    return [*act_words(*asked), *subject_words(*asked), *cast_words(*asked)]


def _telling(signature: Signature) -> Iterator[str]:
    for word in signature.words:
        if (
            len(word) == 1
            or is_unspaced(word)
            or is_numeral(word, signature.language)
            or _dates(word, signature)
        ):
            continue
        if tells(word, signature.language):
            yield word


def _dates(word: str, signature: Signature) -> bool:
    """Whether a word is the month of a day that is compared."""
    return bool(signature.numbers.dates) and is_month(word)
