"""Whether an edit only mends how an entry is spelled: a slip of the pen, or its encoding.

What else may have changed is for the copy layer; here silence wants every other letter, and every
figure, as it was.
"""

import re
import unicodedata
from typing import Final

from watcher.model import Entry
from watcher.topics.normalise import LATIN_STROKES

#: Letters of a word in which a slip of the pen shows: short ones have too many neighbours.
SHORTEST_MENDED: Final = 6
#: The same where a letter is missing: "reigns" and "resigns", "county" and "country" are two words.
SHORTEST_LACKING: Final = 7
#: The same where one word alone gets its accents: "oldu", he became, and "öldü", he died (Turkish).
SHORTEST_ACCENTED: Final = 5
#: Of the letters of other scripts than Latin, one in so many may have been lost: more, and nobody
#: could read the words before they were mended.
LEGIBLE_FOR_LOST: Final = 4
#: One letter that is a word of its own: "geliyor", he comes, and "gelmiyor", he does not (Turkish).
_DENYING: Final = "m"
#: Up to here letters stand for sounds and blanks between words: Latin, Greek and Cyrillic.
_LAST_LETTER: Final = "\u052f"
_BETWEEN: Final = re.compile(r"(\W+)")
#: What a decoder puts in place of what it could not read.
_LOST: Final = "\ufffd"
_LOST_RUN: Final = re.compile(f"{_LOST}+")
_BEYOND_ASCII: Final = re.compile("[^\0-\x7f]+")
_LATIN: Final = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_ACCENTS: Final = re.compile("(?<=[a-z])[\u0300-\u036f]+")
#: A question mark that asks nothing, so that others of its text may not either.
_LOST_INSIDE: Final = re.compile(r"\w\?+\w")
#: The end of a title that was cut off.
_CUT_OFF: Final = re.compile(r"\s*\[?(?:…|\.{3})\]?$")
_FIGURE_AT_END: Final = re.compile(r"\d[.,\s]?$")
_FIGURE_GOES_ON: Final = re.compile(r"[.,\s]?\d")
_QUOTES: Final = {"Pi", "Pf"}


def is_mended(met: Entry, before: Entry) -> bool:
    """Whether all that an entry has new is how it is spelled.

    A typo in one word of its title is put right; or signs that could not be read, accents or
    letters of another encoding are what they should be, in title and summary.
    """
    if (met.title, met.summary) == (before.title, before.summary):
        return False
    if met.summary == before.summary and _is_typo(met.title, before.title):
        return True
    return _is_respelled(met.title, before.title) and _is_respelled(met.summary, before.summary)


def is_beginning(title: str, text: str) -> bool:
    """Whether a title only has the first words of a text; it may break off in one, with an "…".

    A figure is not broken off: it would be another one.
    """
    begun = _CUT_OFF.sub("", title)
    rest = text[len(begun) :]
    if not begun or not text.startswith(begun):
        return False
    if _FIGURE_AT_END.search(begun) and _FIGURE_GOES_ON.match(rest):
        return False
    is_in_word = begun[-1].isalnum() and rest[:1].isalnum()
    return begun != title or not is_in_word


def _is_typo(new: str, old: str) -> bool:
    """Whether one word differs by a slip that hardly ever makes another word.

    Two letters in the wrong order, or one too few or too many. Others are told: "Austria" and
    "Australia", "defends" and "defeats".
    """
    words, others = (_BETWEEN.split(title.casefold()) for title in (new, old))
    changed = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    return len(words) == len(others) and len(changed) == 1 and _is_slip(*changed[0])


def _is_slip(word: str, other: str) -> bool:
    shorter, longer = sorted((word, other), key=len)
    is_ending = longer.startswith(shorter)
    if is_ending or len(shorter) < SHORTEST_MENDED or not all(map(_is_spelled, (word, other))):
        return False
    places = range(1, len(longer) - 1)  # a word begins as it did
    if len(shorter) == len(longer):
        return any(_swapped(longer, place) == shorter for place in places)
    lacking = (place for place in places if longer[:place] + longer[place + 1 :] == shorter)
    return any(_may_lack(longer, place) for place in lacking)


def _may_lack(word: str, place: int) -> bool:
    """Whether a word without the letter at a place is no other word, by all that is likely."""
    is_double = word[place] == word[place - 1]
    return word[place] != _DENYING and (is_double or len(word) > SHORTEST_LACKING)


def _swapped(word: str, place: int) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _is_spelled(word: str) -> bool:
    return word.isalpha() and max(word) <= _LAST_LETTER


def _is_respelled(new: str, old: str) -> bool:
    """Whether two texts are one, of which the feed damaged one on the way, or bared it."""
    new, old = (unicodedata.normalize("NFC", text) for text in (new, old))
    return new == old or _is_accented(new, old) or _is_restored(new, old) or _is_restored(old, new)


def _is_accented(new: str, old: str) -> bool:
    """Whether one of two texts is the other without any of its accents."""
    if _bare(new) != _bare(old):
        return False
    words, others = new.casefold().split(), old.casefold().split()
    changed = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    is_much = len(changed) > 1 or any(len(word) >= SHORTEST_ACCENTED for word, _ in changed)
    return is_much and any(_bare(text) == text.casefold() for text in (new, old))


def _bare(text: str) -> str:
    """Return a text in lower case whose Latin letters have no accents."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).translate(LATIN_STROKES)


def _is_restored(whole: str, damaged: str) -> bool:
    """Whether a text is what a damaged one was before."""
    readings = (damaged if _LOST in damaged else None, _asked(damaged, whole), _undone(damaged))
    return any(_fits(whole, reading) for reading in readings if reading)


def _asked(damaged: str, whole: str) -> str | None:
    """Return a text with marks for its question marks that are signs in another; None if none is.

    They are where the text has nothing left that needs an encoding.
    """
    is_damaged = damaged.isascii() and _LOST_INSIDE.search(damaged)
    if not is_damaged or len(whole) != len(damaged):
        return None
    signs = enumerate(damaged)
    return "".join(_LOST if _was_sign(damaged, whole, at) else sign for at, sign in signs)


def _was_sign(damaged: str, whole: str, place: int) -> bool:
    """Whether what is a question mark now was another sign; one at a word's end may ask."""
    sign, around = whole[place], damaged[max(place - 1, 0) : place + 2]
    if damaged[place] != "?" or sign == "?":
        return False
    is_last = not around[-1].isalnum() and around != " ? "
    return not is_last or sign.isalpha() or unicodedata.category(sign) in _QUOTES


def _undone(text: str) -> str | None:
    """Return a text that was encoded twice as it was before; None if it was not.

    Of a sign some bytes may be gone, which stand for nothing in the wrong encoding.
    """
    try:
        undone = text.encode("cp1252").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return None
    return None if undone.replace(_LOST, "").isascii() else undone


def _fits(whole: str, marked: str) -> bool:
    """Whether a text is the other one, with something likely for each mark in that."""
    if len(whole) == len(marked):
        pairs = list(zip(whole, marked, strict=True))
        is_aligned = all(old in {new, _LOST} for new, old in pairs)
        return is_aligned and _are_likely(whole, marked)
    found = _BEYOND_ASCII.findall(whole), _LOST_RUN.findall(marked)
    legible = _BEYOND_ASCII.split(whole) == _LOST_RUN.split(marked)
    return (
        legible
        and all(len(signs) <= len(marks) for signs, marks in zip(*found, strict=True))
        and all(map(_is_sure, "".join(found[0])))
    )


def _are_likely(whole: str, marked: str) -> bool:
    """Whether what stands where another text has marks can be nothing else."""
    lost = [place for place, sign in enumerate(marked) if sign == _LOST]
    doubtful = [place for place in lost if not _is_sure(whole[place])]
    return LEGIBLE_FOR_LOST * len(doubtful) <= sum(map(str.isalpha, whole)) and all(
        _is_spelled(whole[place]) and not whole[place].isascii() and _is_amid(marked, place)
        for place in doubtful
    )


def _is_sure(sign: str) -> bool:
    """Whether a lost sign was one that tells no words apart: a mark, or a Latin letter's accent."""
    is_mark = unicodedata.category(sign)[0] in "PSZ"
    return not sign.isascii() and (is_mark or bool(_LATIN.match(sign) and sign.isalpha()))


def _is_amid(text: str, place: int) -> bool:
    """Whether a letter that can be read stands beside a place."""
    return any(sign.isalpha() for sign in text[max(place - 1, 0) : place + 2])
