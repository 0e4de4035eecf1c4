"""Which word of a summary tells something that an earlier one of the report does not?

A summary is passed on with its dateline or without, and cut off at any length: that says nothing.
Any other telling word may be the news: "landed safely", "broke in two on landing".
"""

import re
from difflib import SequenceMatcher
from typing import Final

from watcher.stories.act_kinds import GRAVE
from watcher.stories.acts import act_words
from watcher.stories.datelines import without_dateline
from watcher.stories.days import is_month
from watcher.stories.given import stems_of
from watcher.stories.han import simplified
from watcher.stories.leftover import leftover
from watcher.stories.qualifiers import qualifiers
from watcher.stories.signature import Signature
from watcher.stories.vocabulary import word_list
from watcher.stories.words import TELLING, fold, is_unspaced, runs, stem, weight, words
from watcher.stories.written_numbers import FIGURE, is_numeral

_CUT_OFF: Final = re.compile(r"(?:\.\.\.|\u2026)[\])]?$|\s[-\u2013\u2014]$")
#: What a sentence ends with.
_FULL_STOP: Final = re.compile(
    r"[.!?\u3002\uff01\uff1f\u0964\u06d4\u061f][\"'\u201d\u00bb\u300d)]*$"
)
#: A text as long that ends with no full stop was cut by its length; of one sentence many feeds
#: leave the stop out.
_LONG: Final = 250
#: Letters of a script without spaces that are found in another text by no chance.
_PIECE: Final = 2


def is_cut_from(early: str, late: str, language: str | None) -> bool:
    """Whether the earlier summary breaks off amid the very text that the later one has.

    All of it has to stand there, but the word that it breaks off in: many end in the same words.
    """
    return _breaks_off(early) and _own_part(early, language) in _plain(late)


def first_beside(ours: str, theirs: str, late: Signature, early: Signature) -> str:
    """Return the first telling word of a later summary that nothing of the earlier entry says.

    "" if there is none. Acts and figures are compared by others; but of a grave act each word tells
    what the other one does not: "sabotage" behind an attack, "drowned" behind deaths. Who meets
    before or after something else is news, too.

    Args:
        ours: the later summary.
        theirs: the earlier one.
        late: what has the later one.
        early: what has the earlier one.
    """
    told = _own_part(ours, late.language)
    read = stems_of(act_words(ours, late.language, late.hidden, but=GRAVE))
    known = (*words(_plain(theirs)), *early.words, *late.words, *words(late.outlet))
    said = {*map(stem, known), *read}
    order = word_list("order", late.language).difference(known)
    beside = (
        word
        for word in words(told)
        if word in order or (stem(word) not in said and _tells(word, late))
    )
    return (
        next(beside, "")
        or _qualifier(told, theirs, late, early)
        or _left_unspaced(told, theirs, late, early)
    )


def _qualifier(told: str, theirs: str, late: Signature, early: Signature) -> str:
    """Return a word that makes another thing of the same ones: "not", which weighs nothing."""
    known = qualifiers(f"{early.written} {theirs}", early.spoken).keys() | late.qualifiers.keys()
    ours = qualifiers(told, late.spoken)
    return next((word for kind, word in ours.items() if kind not in known), "")


def _tells(word: str, late: Signature) -> bool:
    if len(word) == 1 or is_unspaced(word) or is_month(word) or is_numeral(word, late.language):
        return False
    # Words that tie no two reports may part them all the same: "against", "another".
    return weight(stem(word)) >= TELLING


def _left_unspaced(told: str, theirs: str, late: Signature, early: Signature) -> str:
    """Return what a text without spaces has that the other entry does not, and that tells."""
    if not is_unspaced(told):
        return ""
    said = simplified(f"{_plain(theirs)} {early.title}", early.language)
    letters = list(simplified(told, late.language))
    match = SequenceMatcher(None, said, letters, autojunk=False)
    for _, place, size in match.get_matching_blocks():
        if size >= _PIECE:
            letters[place : place + size] = FIGURE * size  # it counts as read
    return leftover("".join(letters), late.language, ())


def _own_part(text: str, language: str | None) -> str:
    """Return a text but its dateline and, where it breaks off, its last word."""
    own = _plain(without_dateline(text, language))
    is_in_word = _breaks_off(text) and not is_unspaced(own[-1:])
    return own.rpartition(" ")[0] if is_in_word else own


def is_whole(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(_FULL_STOP.search(text)) and not _CUT_OFF.search(text)


def _breaks_off(text: str) -> bool:
    return bool(_CUT_OFF.search(text)) or (len(text) >= _LONG and not is_whole(text))


def _plain(text: str) -> str:
    """Return the words of a text, folded: quotes and dashes are set by each outlet."""
    return " ".join(runs(fold(text)))
