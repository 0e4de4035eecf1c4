"""Which word of a headline says something that nothing here reads?

Across languages an entry is compared by who, what is done, figures and days. What no list holds
("pingsan": he faints) would count as nothing new.
"""

from collections.abc import Iterator
from itertools import chain

from watcher.stories.acts import act_words
from watcher.stories.cast import cast_words
from watcher.stories.forms import tells
from watcher.stories.numbers import is_numeral
from watcher.stories.signature import Signature, stems_of
from watcher.stories.words import is_unspaced, stem


def first_unread(signature: Signature) -> str:
    """Return the first telling word of a title that is no act, name, number or term of its topics.

    "" if there is none. Scripts without spaces have none: their words are not known.
    """
    read = signature.given.stems | stems_of(_read(signature))
    return next((word for word in _telling(signature) if stem(word) not in read), "")


def _read(signature: Signature) -> Iterator[str]:
    """Yield what the lists find in a title."""
    title = signature.written or signature.title
    asked = title, signature.language, signature.hidden
    return chain(act_words(*asked), cast_words(*asked))


def _telling(signature: Signature) -> Iterator[str]:
    for word in signature.words:
        if len(word) == 1 or is_unspaced(word) or is_numeral(word):
            continue
        if tells(word, signature.language):
            yield word
