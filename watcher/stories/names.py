"""Names of places in titles of scripts that write neither capitals nor spaces to tell them by."""

import re
from typing import Final

from rapidfuzz.distance import Postfix, Prefix

_HAN_OR_HANGUL: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
#: What stands for something: no endings of verbs (hiragana), no figures, no marks.
_SUBSTANCE: Final = re.compile("[a-z\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]{2,8}")
#: What a district, a city, a province or a country ends with.
_KINDS: Final = frozenset("県縣县省市区區州郡町村国國도시군구주")
#: Before a name that does not begin the title.
_BORDER: Final = re.compile(r"[\W_]$")


def in_han_or_hangul(title: str) -> bool:
    """Whether a title is written in Chinese characters, kana or Hangul."""
    return bool(_HAN_OR_HANGUL.search(title))


def names_other(a: str, b: str) -> bool:
    """Whether two titles are the same but for one word, and that stands where a name does.

    It begins the title or a part of it, where who acts and where it happened are told, or it ends
    as a district's or a country's name does: "愛知県", "愛媛県". Words that share a character are
    taken for forms of one ("会见", "会晤").
    """
    before = int(Prefix.similarity(a, b))
    behind = int(Postfix.similarity(a[before:], b[before:]))
    ours, theirs = a[before : len(a) - behind], b[before : len(b) - behind]
    if not ours or not theirs:
        return False
    if a[len(a) - behind :][:1] in _KINDS and ours.isalpha() and theirs.isalpha():
        return True
    return (
        (before == 0 or bool(_BORDER.search(a[:before])))
        and bool(_SUBSTANCE.fullmatch(ours) and _SUBSTANCE.fullmatch(theirs))
        and set(ours).isdisjoint(theirs)
    )
