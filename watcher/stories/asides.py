"""Does a summary tell of something else than the headline that it stands under?

Nearly all begin with the headline in other words. One that has nothing of it tells what came of it
or what happened besides: "Soldiers surround palace": "The president has fled to Cameroon."
"""

from typing import Final

from watcher.stories.cast import with_countries
from watcher.stories.forms import tells
from watcher.stories.given import stems_of
from watcher.stories.han import simplified
from watcher.stories.signature import Signature
from watcher.stories.summary_words import is_whole
from watcher.stories.words import TELLING, fold, stem, weight, words
from watcher.topics.sentences import split_sentences

#: Telling words of a summary that names nobody and counts nothing: a byline has one ("Jane
#: reports."), and so has what a template says that nobody cuts. Two tell it all: "The dam has
#: burst."
_LEAST_TELLING: Final = 2


def is_aside(late: Signature, early: Signature) -> bool:
    """Whether a later summary has no telling word, act or name of either headline.

    Words of its topic are none: another strike may have come after the one of the headline.

    A text without a whole sentence (a byline, a dateline that breaks off) has not begun to tell,
    nor has one that names nobody, counts nothing and has but one word.
    Of 353 repeated headlines of wirepool.dev seven have such a summary.

    Args:
        late: what has the summary.
        early: what has none, or no text in it.
    """
    summary = late.brief
    first = next(iter(split_sentences(summary)), (0, 0))
    if not is_whole(summary[slice(*first)]):
        return False
    told = _stems(summary, late)
    shared = told & stems_of((late.written, early.written))
    if any(weight(one) >= TELLING for one in shared):  # no "в"
        return False
    cast = with_countries(frozenset(late.cast_in(summary)))
    named = cast | late.acts_in(summary).named
    is_telling = cast or late.brief_numbers.amounts or len(told) >= _LEAST_TELLING
    return bool(is_telling) and named.isdisjoint(_named_above(late) | _named_above(early))


def _stems(summary: str, late: Signature) -> frozenset[str]:
    """Return the stems of the telling words of a summary."""
    told = words(simplified(fold(summary), late.language))
    return frozenset(stem(word) for word in told if tells(word, late.language))


def _named_above(signature: Signature) -> frozenset[str]:
    """Return the acts and the cast of a headline."""
    return signature.title_acts.named | with_countries(signature.cast)
