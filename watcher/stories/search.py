"""Do the words that somebody looks for stand in a headline, however it spells them?"""

from collections.abc import Callable

from watcher.stories.vocabulary import without_accents
from watcher.topics.normalise import normalise


def finder(words: str) -> Callable[[str], bool]:
    """Return a test for titles that hold all the words, in any order, case and accents.

    A word may be the beginning or a part of one in the title; no words are in every title.
    """
    wanted = tuple(map(_bare, words.split()))

    def find(title: str) -> bool:
        text = _bare(title)
        return all(word in text for word in wanted)

    return find


def _bare(text: str) -> str:
    return without_accents(normalise(text))
