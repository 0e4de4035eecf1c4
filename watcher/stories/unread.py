"""Which word of a headline says something that nothing here reads?

Across languages an entry is compared by who, what is done, figures and days. What no list holds
("pingsan": he faints) would count as nothing new.
"""

from collections.abc import Iterator

from watcher.stories.acts import act_words
from watcher.stories.cast import cast_words
from watcher.stories.forms import tells
from watcher.stories.leftover import leftover
from watcher.stories.numbers import is_numeral
from watcher.stories.signature import Signature, stems_of
from watcher.stories.words import is_unspaced, stem


def first_unread(signature: Signature) -> str:
    """Return the first telling word of a title that is no act, name, number or term of its topics.

    "" if there is none. Of a script without spaces it is what is left of the title.
    """
    title = signature.written or signature.title
    found = _found(title, signature)
    read = signature.given.stems | stems_of(found)
    unread = next((word for word in _telling(signature) if stem(word) not in read), "")
    if unread or not is_unspaced(title):
        return unread
    return leftover(title, signature.language, signature.given.unspaced.union(found))


def _found(title: str, signature: Signature) -> list[str]:
    """Return what the lists find in a title."""
    asked = title, signature.language, signature.hidden
    return [*act_words(*asked), *cast_words(*asked)]


def _telling(signature: Signature) -> Iterator[str]:
    for word in signature.words:
        if len(word) == 1 or is_unspaced(word) or is_numeral(word):
            continue
        if tells(word, signature.language):
            yield word
