"""Which word of a summary tells something that an earlier one of the report does not?

A summary is passed on with its dateline or without, and cut off at any length: that says nothing.
Any other telling word may be the news: "landed safely", "broke in two on landing".
"""

import re
from difflib import SequenceMatcher
from typing import Final

from watcher.stories.act_kinds import GRAVE
from watcher.stories.acts import act_words
from watcher.stories.days import is_month
from watcher.stories.han import simplified
from watcher.stories.leftover import leftover
from watcher.stories.numbers import FIGURE, is_numeral
from watcher.stories.qualifiers import qualifiers
from watcher.stories.signature import Signature, stems_of
from watcher.stories.words import TELLING, fold, is_unspaced, runs, stem, weight, words

_CUT_OFF: Final = re.compile(r"(?:\.\.\.|\u2026)[\])]?$|\s[-\u2013\u2014]$")
#: What a sentence ends with.
_FULL_STOP: Final = re.compile(
    r"[.!?\u3002\uff01\uff1f\u0964\u06d4\u061f][\"'\u201d\u00bb\u300d)]*$"
)
#: A text as long that ends with no full stop was cut by its length; of one sentence many feeds
#: leave the stop out.
_LONG: Final = 250
#: What a dateline ends with, and how soon: "By Jane Doe ROME, Aug 17 (Reuters) - ".
_DATELINE_MARK: Final = re.compile(r"\s[-\u2013\u2014:=]+\s|:\s|[\])]\s")
#: A day, an agency in brackets or a byline: no headline has it before its colon.
_DATED: Final = re.compile(r"[\d(\[]|^By\b")
_DATELINE_REACH: Final = 100
#: Letters of what stands between two names: "and", "de", "dan".
_BETWEEN: Final = 3
#: Letters of a script without spaces that are found in another text by no chance.
_PIECE: Final = 2


def is_cut_from(early: str, late: str) -> bool:
    """Whether the earlier summary breaks off amid the very text that the later one has.

    All of it has to stand there, but the word that it breaks off in: many end in the same words.
    """
    return _breaks_off(early) and _own_part(early) in _plain(late)


def first_beside(ours: str, theirs: str, late: Signature, early: Signature) -> str:
    """Return the first telling word of a later summary that nothing of the earlier entry says.

    "" if there is none. Acts and figures are compared by others; but of a grave act each word tells
    what the other one does not: "sabotage" behind an attack, "drowned" behind deaths.

    Args:
        ours: the later summary.
        theirs: the earlier one.
        late: what has the later one.
        early: what has the earlier one.
    """
    told = _own_part(ours)
    read = stems_of(act_words(ours, late.language, late.hidden, but=GRAVE))
    known = (*words(_plain(theirs)), *early.words, *late.words, *words(late.outlet))
    said = {*map(stem, known), *read}
    beside = (word for word in words(told) if stem(word) not in said and _tells(word, late))
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


def _own_part(text: str) -> str:
    """Return a text but its dateline and, where it breaks off, its last word."""
    own = _plain(_without_dateline(text))
    is_in_word = _breaks_off(text) and not is_unspaced(own[-1:])
    return own.rpartition(" ")[0] if is_in_word else own


def is_whole(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(_FULL_STOP.search(text)) and not _CUT_OFF.search(text)


def _breaks_off(text: str) -> bool:
    return bool(_CUT_OFF.search(text)) or (len(text) >= _LONG and not is_whole(text))


def _without_dateline(text: str) -> str:
    """Return a text without who wrote it, where and when: "ROME, Aug 17 (Reuters) - "."""
    mark = _DATELINE_MARK.search(text, 0, _DATELINE_REACH)
    return text[mark.end() :] if mark and _is_dateline(text[: mark.end()]) else text


def _is_dateline(text: str) -> bool:
    """Whether a text names but who, where and when.

    Before a colon it has to look like it, for "Radiation Leak: " is none: it is one place, its
    first word is in capitals, or it is dated.
    """
    names = re.findall(r"[^\W_]+", text)
    if any(map(_is_said, names)):
        return False
    is_kicker = text.endswith(": ") and len(names) > 1 and not names[0].isupper()
    return not is_kicker or bool(_DATED.search(text))


def _is_said(word: str) -> bool:
    """Whether a word is no name, figure or month, nor what stands between two names."""
    is_name = word[0].isupper() or word[0].isdigit() or is_month(fold(word))
    return not is_name and not (word[0].islower() and len(word) <= _BETWEEN)


def _plain(text: str) -> str:
    """Return the words of a text, folded: quotes and dashes are set by each outlet."""
    return " ".join(runs(fold(text)))
