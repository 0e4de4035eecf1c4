"""Names across scripts: how a word sounds, as the classes of its consonants.

Unicode's own character names tell what a letter sounds like ("HANGUL SYLLABLE GIM", "KATAKANA
LETTER KI", "CYRILLIC SMALL LETTER ZHE"), so no table of alphabets is needed. Chinese characters
have no such name: what they sound like differs by language, and they are left out.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from watcher.stories.vocabulary import without_accents

#: With fewer consonants two words sound alike by chance.
LEAST_SOUNDS: Final = 3
#: Sounds that are remembered; a day of watched headlines holds fewer words.
_REMEMBERED: Final = 16_384

#: A run of letters of one script; katakana words stand between kanji without spaces.
_RUN: Final = re.compile(
    "[\u30a1-\u30ff]+|[\uac00-\ud7a3]+|[^\\W\\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"
)
_NAMED: Final = re.compile(
    r"(?:LETTER|SYLLABLE|CHARACTER)(?: (?:SMALL|FINAL|SHORT|WITHOUT|DOTLESS|MEDIAL|KHO|VOWEL))*"
    r" ([A-Z]+)"
)
_SYLLABLES: Final = ("HANGUL", "KATAKANA", "HIRAGANA", "ETHIOPIC")
#: Letters whose name begins with a vowel: EL, EM, EN, ER, ES, EF.
_VOWEL_FIRST: Final = re.compile("^E([LMNRSF])$")
_CONSONANTS: Final = re.compile("^(?!SOFT|HARD)[^AEIOUY]+")
_VOWEL: Final = re.compile("^(?:SOFT|HARD).*|(?<=.).+")
#: Silent: it only doubles the sound that follows.
_SMALL_TU: Final = "ッ"

#: What sounds alike in some pair of languages is one class; applied in this order.
_CLASSES: Final = (
    (re.compile("[kg]h"), ""),
    (re.compile("ph|hu(?=[aeio])"), "p"),
    (re.compile("n[gk]+"), "n"),
    (re.compile("n(?=[pb])"), "m"),
    (re.compile("x"), "ks"),
    (re.compile("tch|ch|sh|ts|dz|c(?=[eiy])|[jz]"), "s"),
    (re.compile("^w"), "p"),
    (re.compile("[bfv]"), "p"),
    (re.compile("d|th"), "t"),
    (re.compile("[cgq]"), "k"),
    (re.compile("r"), "l"),
    (re.compile("[^pktslmn]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(_REMEMBERED)
def sounds(word: str) -> str:
    """Return the classes of a word's consonants: "ptn" for Putin, Путин, 푸틴, プーチン."""
    text = "".join(map(_sound, unicodedata.normalize("NFC", word)))
    for pattern, class_ in _CLASSES:
        text = pattern.sub(class_, text)
    return text


def spoken_words(text: str) -> dict[str, str]:
    """Return word -> sounds of those words of a text that have enough of them to compare."""
    found = {word: sounds(word) for word in _RUN.findall(text)}
    return {word: heard for word, heard in found.items() if len(heard) >= LEAST_SOUNDS}


@lru_cache(_REMEMBERED)
def _sound(letter: str) -> str:
    """Return what a letter sounds like in Latin letters; "" if its name does not say."""
    plain = without_accents(letter.casefold())
    if plain.isascii():
        return plain
    if letter == _SMALL_TU:
        return ""
    name = unicodedata.name(letter, "")
    found = _NAMED.search(name)
    if found is None:
        return ""
    return found[1].lower() if name.startswith(_SYLLABLES) else _consonants(found[1]).lower()


def _consonants(name: str) -> str:
    """Return the consonants that a letter of an alphabet is named after, or its first vowel."""
    vowel_first = _VOWEL_FIRST.match(name)
    if vowel_first:
        return vowel_first[1]
    found = _CONSONANTS.match(name)
    return found[0] if found else _VOWEL.sub("", name)
