"""Does a headline have a word of another in some form? Which words tell anything at all?

The words and endings stand in `data/forms.toml`, by language; for a language without a list the
weight of a word says whether it tells anything.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Final
from unicodedata import normalize

from watcher.data_files import read_table
from watcher.stories.act_lists import BORDER
from watcher.stories.leftover import listed_pieces
from watcher.stories.numbers import are_alike
from watcher.stories.signature import Signature
from watcher.stories.vocabulary import without_accents
from watcher.stories.words import TELLING, counted_weight, stem, words
from watcher.stories.written_numbers import (
    FIGURE,
    is_figure,
    spelled,
    without_exact,
    without_figures,
)
from watcher.topics.terms import LANGUAGES_AT_HAND, language_family

#: Tables of the words that say from where and to where: "flights from Bali", "flights to Bali".
_WHITHER: Final = "whither"
_WAYS: Final = ("whence", _WHITHER)
_WHERE: Final = "where"
#: Written either way: "самолёт" and "самолет", "şedinţă" and "ședință", "evènement".
_ONE_LETTER: Final = str.maketrans("ёşţè", "еșțé")
#: Tones of Vietnamese stand on one vowel or the next: "hoà", "hòa".
_TONES: Final = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
#: Languages with an "i" without a dot, whose capital is "I".
_DOTTING: Final = frozenset({"tr", "az"})
_DOTTED: Final = str.maketrans("Iİ", "ıi")
_HIRAGANA: Final = re.compile("[\u3041-\u3096\u30fc]{2,}")
#: Letters of a word that stands in another by no chance.
_LONG: Final = 4
#: Letters of a word that has no capital in a title of capitals: "of the", "dan".
_SHORT: Final = 3


def first_foreign(ours: Signature, theirs: Signature, known: Collection[str] = ()) -> str:
    """Return the first telling word of one title that the other entry has in no form; or "".

    Args:
        ours: whose words they are.
        theirs: the other.
        known: words that the other has beside those of its clean title.
    """
    foreign = (word for word in ours.words if word not in known)
    return next((word for word in foreign if _is_foreign(word, ours, theirs)), "")


def first_turned(ours: Signature, theirs: Signature) -> str:
    """Return the first words of one title that say "from" or "in" where the other says "to".

    "Troops in Rafah", "Troops to Rafah". "At" and "in" are one place, unless something is fired
    there. Return "" if none does.
    """
    mine, other = _directed(ours), _directed(theirs)
    shared = (place for place in mine if place in other)
    turned = (place for place in shared if mine[place][0] != other[place][0])
    return next((f"{mine[place][1]} {place}" for place in turned), "")


def _directed(signature: Signature) -> Mapping[str, tuple[str, str]]:
    """Return word of a title behind a word of direction -> the way that one tells, and itself."""
    ways = whence_and_whither(signature.language)
    said: dict[str, tuple[str, str]] = {}
    for clause in BORDER.split(signature.title):
        before: set[str] = set()
        for word, place in pairwise(words(clause)):
            if word in ways:
                said[place] = (_way(word, ways[word], before, signature.language), word)
            if ways.get(word) == _WHITHER:
                before.clear()  # what strikes or is fired goes to this place, not to the next
            before.add(without_accents(word))
    return said


def _way(word: str, way: str, before: Collection[str], language: str | None) -> str:
    """Return the way that a word of direction tells behind the words before it."""
    if way == _WHITHER and not _listed("struck", language).isdisjoint(before):
        return _WHERE
    if word not in _listed(_WHERE, language):
        return way
    return _WHERE if _listed("fired", language).isdisjoint(before) else word


def whence_and_whither(language: str | None) -> Mapping[str, str]:
    """Return word of direction -> its way, in a language; with its accents and without."""
    return _whence_and_whither(language_family(language)) if language else {}


@lru_cache(LANGUAGES_AT_HAND)
def _whence_and_whither(language: str) -> Mapping[str, str]:
    rows = ((way, word) for way in _WAYS for word in listed_forms(way, language))
    return {form: way for way, word in rows for form in (word, without_accents(word))}


def first_ending(ours: Signature, theirs: Signature) -> str:
    """Return the first hiragana in a row of one title that the other does not have; or "".

    Pairs of them are grammar as a rule and weigh nothing; as a whole they may deny ("できぬ"),
    doubt ("かも") or be a word of their own ("うそ"). One alone is a particle or an ending.
    """
    if ours.title.isascii():
        return ""
    known = {*_HIRAGANA.findall(theirs.title), *listed_pieces("tails", "ja")}
    return next((run for run in _HIRAGANA.findall(ours.title) if run not in known), "")


def first_accented(ours: Signature, theirs: Signature) -> str:
    """Return the first word of one title that the other has with other accents alone; or "".

    "Un policier tue", "Un policier tué", in capitals or not. Nothing where one of them goes without
    accents. Names are spelled as each outlet likes ("Orbán"), so of two words with a capital
    accents tell only where every word has one in both.
    """
    if ours.written.isascii() or theirs.written.isascii():
        return ""
    mine, other = _accented(ours), _accented(theirs)
    if not (_is_accented(mine) and _is_accented(other)):
        return ""
    plain = {without_accents(word): word for word in other if word not in mine}
    pairs = [(word, plain.get(without_accents(word), "")) for word in mine if word not in other]
    are_loud = _is_loud(mine) and _is_loud(other)
    for word, against in pairs:
        written = (mine[word], other.get(against, ""))
        if against and (are_loud or _is_another(written, word[1:] == against[1:])):
            return mine[word]
    return ""


def _is_loud(written: Mapping[str, str]) -> bool:
    """Whether every word of a title has a capital that may have one."""
    return not any(len(word) > _SHORT and word.islower() for word in written.values())


def _is_another(written: tuple[str, str], is_first_alone: bool) -> bool:
    """Whether other accents make another word of one that is small in a title.

    A capital may have lost its own: "Evacuation", "évacuation".
    """
    small = [word.islower() for word in written]
    return all(small) or (any(small) and not is_first_alone)


def _accented(signature: Signature) -> Mapping[str, str]:
    """Return word of a title in small letters, spelled one way -> the word as it is written."""
    found = re.findall(r"\w+", normalize("NFC", signature.written))
    return {
        _spelled_one_way(_small(word, signature.language), signature.language): word
        for word in found
    }


def _small(word: str, language: str | None) -> str:
    return (word.translate(_DOTTED) if language in _DOTTING else word).casefold()


def _spelled_one_way(word: str, language: str | None) -> str:
    word = word.translate(_ONE_LETTER)
    if language != "vi":
        return word
    parts = normalize("NFD", word)
    return normalize("NFC", _TONES.sub("", parts)) + "".join(_TONES.findall(parts))


def _is_accented(written: Collection[str]) -> bool:
    return any(word != without_accents(word) for word in written)


def _is_foreign(word: str, ours: Signature, theirs: Signature) -> bool:
    """Whether a telling word stands in no form in the other entry.

    Another form of a word of its title counts ("will meet", "met"), but for what grammar puts
    before it ("bahas", "dibahas"). Of its summary only stems are known.
    """
    if word in theirs.words or not tells(word, ours.language):
        return False
    if any(_is_form(word, known, ours.language) for known in theirs.words):
        return False
    if any(known in _same(ours.language).get(word, ()) for known in theirs.words):
        return False
    if any(spelled(word, ours.language) == number.value for number in theirs.numbers.amounts):
        return False
    if is_figure(word) and _is_compared(word, ours, theirs):
        return False
    in_title = any(stem(known) == stem(word) for known in theirs.words)
    return in_title or stem(word) not in theirs.text.terms


def _is_compared(word: str, ours: Signature, theirs: Signature) -> bool:
    """Whether digits are an amount, and two titles name the same amounts of the same.

    "3,000" and "3000" are other words.
    """
    if not are_alike(ours.numbers, theirs.numbers):
        return False
    if word not in words(without_exact(ours.title)):
        return False
    mine, other = _around_figures(ours, theirs), _around_figures(theirs, ours)
    return mine == other and not any(word in part for part in mine)


def _around_figures(ours: Signature, theirs: Signature) -> list[list[str]]:
    """Return the words before, between and behind the figures of a title that the other has too.

    Digits that are no figure are among them, whether or not the other has them.
    """
    parts = map(words, without_figures(ours.title, ours.language).split(FIGURE))
    return [[one for one in part if is_figure(one) or one in theirs.words] for part in parts]


def tells(word: str, language: str | None) -> bool:
    """Whether it makes another headline of one to have the word in it."""
    quiet = _listed("function_words", language)
    if not quiet or word.isdigit() or len(word) == 1:
        return counted_weight(stem(word)) >= TELLING
    return word not in quiet


def _is_form(word: str, known: str, language: str | None) -> bool:
    """Whether one of two words is the other, with what grammar puts before it.

    Other endings make one of many, and a woman of a man.
    """
    short, long = sorted((word, known), key=len)
    if len(short) < _LONG or not long.endswith(short):
        return False
    return long.removesuffix(short) in _listed("prefixes", language)


def _listed(table: str, language: str | None) -> frozenset[str]:
    return _of_family(table, language_family(language)) if language else frozenset()


def _same(language: str | None) -> dict[str, frozenset[str]]:
    """Return a word -> the words that say the same."""
    return _same_of(language_family(language)) if language else {}


@lru_cache(LANGUAGES_AT_HAND)
def _same_of(language: str) -> dict[str, frozenset[str]]:
    groups = [frozenset(row.split("|")) for row in _of_family("same", language)]
    return {word: group for group in groups for word in group}


@lru_cache(LANGUAGES_AT_HAND)
def _of_family(table: str, language: str) -> frozenset[str]:
    return frozenset(map(without_accents, listed_forms(table, language)))


@lru_cache(LANGUAGES_AT_HAND)
def listed_forms(table: str, language: str) -> tuple[str, ...]:
    """Return what a table of `data/forms.toml` lists of a language, as it is written there."""
    return tuple(read_table("stories", "forms.toml")[table].get(language, "").split())
