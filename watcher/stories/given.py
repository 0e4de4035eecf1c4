"""What an entry shares with the others of its topics only because it matches as they do."""

from collections.abc import Iterable
from typing import Final, NamedTuple, Never

from watcher.model import Reading
from watcher.stories.han import simplified
from watcher.stories.words import fold, is_unspaced, stem, words

#: One for all: most entries of thousands mention nothing.
NOTHING: Final[frozenset[Never]] = frozenset()


class Given(NamedTuple):
    """What an entry shares with the others of its topics, and what else of its lists is asked for.

    Attributes:
        lists: those that its topics cannot do without.
        stems: of the words that any list was found by.
        is_broad: whether one list is enough for its topics: to match the same says little then.
        word_lists: all that it mentions of words, not of somebody or somewhere; shared or not.
        unspaced: those words of `stems` that are in a script without spaces, as they are written.
        needed: of each group of lists that a topic could not have matched without, the words that
            they were found by, list by list.
        asked: its topics, each with the lists that its line names.
        usual: of the stems, those of words and of names that no entry of its topics is without.
        by_summary: whether a topic of it is met by the summary: its title alone would not do.
    """

    lists: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    is_broad: bool = False
    word_lists: frozenset[str] = frozenset()
    unspaced: frozenset[str] = frozenset()
    needed: tuple[tuple[frozenset[str], ...], ...] = ()
    asked: tuple[tuple[str, frozenset[str]], ...] = ()
    usual: frozenset[str] = frozenset()
    by_summary: bool = False


NOTHING_GIVEN: Final = Given()


def given_of(reading: Reading) -> Given:
    """Return what an entry shares with others only because it matches as they do."""
    found = given_by(evidence.text for evidence in reading.mentions)
    always = reading.word_lists | reading.always
    return found._replace(
        lists=reading.given,
        is_broad=reading.is_broad,
        word_lists=reading.word_lists,
        needed=tuple(tuple(_texts(reading, name) for name in lists) for lists in reading.needed),
        asked=reading.asked,
        usual=stems_of(one.text for one in reading.mentions if one.list in always),
        by_summary=bool(reading.by_summary),
    )


def given_by(texts: Iterable[str]) -> Given:
    """Return what the words that lists were found by tell of an entry."""
    found = frozenset(texts)
    return Given(stems=stems_of(found), unspaced=frozenset(filter(is_unspaced, found)) or NOTHING)


def _texts(reading: Reading, name: str) -> frozenset[str]:
    """Return the words that a list was found by."""
    return frozenset(one.text for one in reading.mentions if one.list == name)


def stems_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the stems of all words of some texts, of Chinese ones in both writings."""
    folded = {writing for text in map(fold, texts) for writing in (text, simplified(text, "zh"))}
    return frozenset(stem(word) for text in folded for word in words(text))
