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
from watcher.stories.words import MARKS, stem, weight
from watcher.topics.scripts import HAN, HANGUL, KANA

#: With fewer consonants two words sound alike by chance.
LEAST_SOUNDS: Final = 3
#: Two words have so many sounds in common by chance; a long name tells no more than so many.
_CHANCE_SOUNDS: Final = 2
_MOST_SOUNDS: Final = 6
#: Words of less weight ("says", "children") are no names.
_LEAST_NAME: Final = 4.5
#: Sounds that are remembered; a day of watched headlines holds fewer words.
_REMEMBERED: Final = 16_384
#: Titles whose sounds are kept; the candidates of one entry are those of the next.
_TITLES: Final = 4_096

#: A run of letters of one script; katakana words stand between kanji without spaces, and in the
#: scripts of India a vowel is a mark within its word.
_LETTER: Final = rf"[^\W\d_{KANA}{HAN}{HANGUL}]"
_RUN: Final = re.compile(rf"[\u30a1-\u30ff]+|[{HANGUL}]+|{_LETTER}(?:{_LETTER}|[{MARKS}])*")
#: The word that a letter's name ends in, behind what only tells it from others of its sound: who
#: writes it ("FARSI YEH"), and its form.
_NAMED: Final = re.compile(
    r"(?:LETTER|SYLLABLE|CHARACTER)(?: (?:SMALL|FINAL|SHORT|WITHOUT|DOTLESS|MEDIAL|KHO|VOWEL"
    r"|FARSI|BYELORUSSIAN-UKRAINIAN|KHANDA|STRAIGHT|BARRED))*"
    r" ([A-Z]+)"
)
_SYLLABLES: Final = ("HANGUL", "KATAKANA", "HIRAGANA", "ETHIOPIC")
#: Letters whose name begins with a vowel: EL, EM, EN, ER, ES, EF.
_VOWEL_FIRST: Final = re.compile("^E([LMNRSF])$")
_CONSONANTS: Final = re.compile("^(?!SOFT|HARD|SCHWA)[^AEIOUY]+")
_VOWEL: Final = re.compile("^(?:SOFT|HARD|SCHWA).*|(?<=.).+")
#: The Hebrew vav: alone within a word it is a vowel, twice a consonant.
_VAV: Final = re.compile("(?<=[\u05d0-\u05ea])(?<!\u05d5)\u05d5(?!\u05d5)")
#: "And", "in", "to", "the": Arabic and Hebrew write them as one word with a name.
_PREFIX: Final = re.compile(
    "^(?:[\u0648\u0641]?(?:[\u0628\u0643]?\u0627\u0644|\u0644\u0644|[\u0628\u0644\u0643])"
    "|\u05d5?[\u05d1\u05dc\u05de\u05db\u05e9\u05d4])(?=\\w{3})"
)
#: Hebrew and Arabic write hardly a vowel, so that two words are often alike by chance: of 648 pairs
#: of unrelated headlines nine were one story by two sounds, none by one or by more.
_UNVOWELLED: Final = re.compile("[\u05d0-\u05ea\u0620-\u06ff]")
_LEAST_UNVOWELLED: Final = 3
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
    text = "".join(map(_sound, _VAV.sub("", unicodedata.normalize("NFC", word))))
    for pattern, class_ in _CLASSES:
        text = pattern.sub(class_, text)
    return text


def spoken_words(text: str) -> dict[str, str]:
    """Return word -> sounds of those words of a text that have enough of them to compare."""
    found = {word: sounds(word) for word in _RUN.findall(text)}
    return {word: heard for word, heard in found.items() if len(heard) >= LEAST_SOUNDS}


def common_sounds(a: str, b: str) -> int:
    """Return how many sounds of names two folded titles share beyond what chance does.

    Only words in different scripts are compared; in one script a name is mostly spelt alike.
    """
    if a.isascii() and b.isascii():
        return 0
    a, b = sorted((a, b))  # one of them has an ending more: which one shall not hang on who asks
    shared: set[str] = set()
    for script, ours in _names(a).items():
        for other, theirs in _names(b).items():
            if script != other:
                shared |= {heard for heard in ours if _said(heard, theirs)}
    count = sum(max(0, min(len(heard), _MOST_SOUNDS) - _CHANCE_SOUNDS) for heard in shared)
    return 1 if count < _LEAST_UNVOWELLED and _UNVOWELLED.search(a + b) and count else count


@lru_cache(_TITLES)
def _names(title: str) -> dict[bool, frozenset[str]]:
    """Return the sounds of a title's telling words, those in ASCII letters apart."""
    heard: dict[bool, set[str]] = {True: set(), False: set()}
    for word, said in spoken_words(title).items():
        if weight(stem(word)) >= _LEAST_NAME:
            heard[word.isascii()] |= {said, *spoken_words(_PREFIX.sub("", word)).values()}
    return {script: frozenset(said) for script, said in heard.items()}


def _said(heard: str, others: frozenset[str]) -> bool:
    """Whether one of the others sounds the same, but for one sound of an ending."""
    return heard in others or heard[:-1] in others or any(o[:-1] == heard for o in others)


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
