"""What parts two reports where words run on: the guards by whole words find nothing there.

Of "Putin met Kim" and "Putin did not meet Kim" only a syllable is another one in Korean, and of
"Putin invites Kim" and "Kim invites Putin" none in Chinese. Denials, plans, questions and acts are
looked for by the lists that a watched topic is kept quiet by, and who is named first. Names show by
where they stand, for no capital or space tells them from other words.
"""

import re
from typing import Final

from rapidfuzz.distance import Postfix, Prefix

from watcher.stories.act_kinds import MUTUAL
from watcher.stories.guards import asks
from watcher.stories.phases import in_other_phases
from watcher.stories.signature import Signature
from watcher.stories.words import is_unspaced
from watcher.topics.scripts import HAN, HANGUL, KANA, KATAKANA

_HAN_OR_HANGUL: Final = re.compile(f"[{KANA}{HAN}{HANGUL}]")
#: What stands for something: no endings of verbs (hiragana), no figures, no marks.
_SUBSTANCE: Final = re.compile(f"[a-z{KATAKANA}{HAN}{HANGUL}]{{2,8}}")
#: What a district, a city, a province or a country ends with.
_KINDS: Final = frozenset("県縣县省市区區州郡町村国國도시군구주")
#: Before a name that does not begin the title.
_BORDER: Final = re.compile(r"[\W_]$")


def parted_unspaced(a: Signature, b: Signature) -> str:
    """Return what parts two titles one of which is of a script without spaces; or ""."""
    if a.title == b.title or not (is_unspaced(a.title) or is_unspaced(b.title)):
        return ""
    if kinds := a.qualifiers.keys() ^ b.qualifiers.keys():
        kind = min(kinds)
        return f"one says \u201c{(a.qualifiers.get(kind) or b.qualifiers[kind])}\u201d"
    if asks(a.written) != asks(b.written):
        return "one of them asks"
    return _parted_acts(a, b)


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


def _parted_acts(a: Signature, b: Signature) -> str:
    ours, theirs = a.acts.told, b.acts.told
    if ours and theirs and ours.isdisjoint(theirs):
        return "another act"
    if in_other_phases(a.acts, b.acts) or a.tense != b.tense:
        return "one is still to come"
    return "names in another order" if _turned(a, b) else ""


def _turned(a: Signature, b: Signature) -> bool:
    """Whether both name the same ones in another order, and tell more than what is mutual."""
    if a.cast != b.cast or a.acts.told | b.acts.told <= MUTUAL:
        return False
    return a.named != b.named
