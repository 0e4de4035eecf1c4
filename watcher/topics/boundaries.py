"""Where a term may stand: the border rules of each script.

A find of the automaton is admitted when nothing on its left continues a word, and what follows on
its right is nothing, a case ending of a name, or the tail a wildcard asks for.

Matches inside unspaced text and case endings are worth most: in 319 items of 34 languages they
took the full names of one topic from .586 of the matches to .853, and precision from .932 to .952
(its lists were written by the one who had labelled those items).
"""

from collections.abc import Iterator
from typing import NamedTuple

from watcher.model import Rule
from watcher.topics.endings import (
    ADJECTIVE_TAILS,
    ARABIC_ADJECTIVES,
    ARABIC_ENDINGS,
    ARABIC_PEOPLE,
    ARABIC_WORD_ENDINGS,
    COUNTRY_ENDINGS,
    DERIVING,
    ELATIVE,
    ENGLISH_ADJECTIVES,
    HUNGARIAN_ENDINGS,
    INDONESIAN_ENDINGS,
    LONG_NAME,
    LONG_NAME_ENDINGS,
    LONGEST_ENDING,
    NO_ADJECTIVES,
    PLAIN_ENDINGS,
    SHORT_ARABIC_COUNTRY,
    SHORT_ENDINGS,
    UNINFLECTED,
    is_turkish,
)
from watcher.topics.letter_case import begins_with_capital, has_capital, may_be_a_word
from watcher.topics.marks import is_foreign, marks_fit
from watcher.topics.normalise import Folded, fold
from watcher.topics.scripts import CONTINUES_WORD, Script, script_of
from watcher.topics.terms import BARE_NAME, SHORT_NAME, Kind, Term
from watcher.topics.unspaced import is_short, stands_alone
from watcher.topics.wordsets import word_set

# Read off their class, members of an enumeration take ten times as long.
_EXACT, _CASE_ENDING, _INSIDE, _PROCLITIC, _WILDCARD = (
    Rule.EXACT,
    Rule.CASE_ENDING,
    Rule.INSIDE,
    Rule.PROCLITIC,
    Rule.WILDCARD,
)
_LATIN, _ARABIC, _HEBREW, _DIGIT = Script.LATIN, Script.ARABIC, Script.HEBREW, Script.DIGIT

#: Written to the front of an Arabic word: and, then, with, for, as, the; and their chains.
ARABIC_PREFIXES = word_set("و ف ب ل ك ال وال فال بال لل كال ولل فلل وبال وكال وب ول وك فب فل")

#: Those that hold the article, for terms that are listed with it.
ARTICLE_PREFIXES = frozenset(prefix for prefix in ARABIC_PREFIXES if prefix.endswith(("ال", "لل")))

#: Languages in which no word is written "A" before a number.
_WITHOUT_ARTICLE_A = word_set("de nl sv da no fi tr")

#: What swallows the article of a Hebrew word: in the, to the, as the; and their chains.
HEBREW_ARTICLE_PREFIXES = word_set("ב ל כ וב ול של שב וכ כשב כשל")

#: Written to the front of a Hebrew word: and, the, in, to, from, as, that; and their chains.
HEBREW_PREFIXES = word_set("ו ה ב ל מ כ ש וה וב ול ומ וכ וש שב של שה מה כש לכ")

#: What is told by its exact form where names have no cases; roles have plurals and genders, and
#: who never wants "football" wants no footballers either.
_WITHOUT_CASES = frozenset({Kind.NAME, Kind.SHORT, Kind.COUNTRY, Kind.NEVER})

#: Signs of money; none is a text's end.
CURRENCIES = frozenset("$€£")

#: What ends many Slavic names in Latin letters, and is written with another y as well: Zelenskyy.
TRANSCRIBED = frozenset("yi")


class Place(NamedTuple):
    """Where a term stands: characters of the key, and what admitted it."""

    first: int
    last: int
    rule: Rule


def admit(
    term: Term, folded: Folded, first: int, last: int, language: str | None = None
) -> Place | None:
    """Return the place of a term that the automaton found in the key, or None if it is none.

    `language` is that of the word list's entry: Indonesian enclitics are tried for it only.
    """
    if term.manner.cased or term.manner.unspaced:
        look = _admit_cased if term.manner.cased else _admit_unspaced
        fits = _fits(term, folded, first, last, language)
        fits = fits and not may_be_a_word(term, folded, first, language)
        return look(term, folded, first, last) if fits else None
    return _admit_spaced(term, folded, first, last, language)


def _fits(term: Term, folded: Folded, first: int, last: int, language: str | None) -> bool:
    """Tell whether a place begins where the term may begin, and is written and parted as it is."""
    begins = first in folded.borders or not term.manner.begins_word
    return (
        (begins or not CONTINUES_WORD[folded.key[first - 1]])
        and marks_fit(term, folded, first, last, language)
        and _separators_fit(term, folded, first, last, language)
    )


def _admit_cased(term: Term, folded: Folded, first: int, last: int) -> Place | None:
    if not _stands_letter_by_letter(term.text[1:].strip(), folded, first, last):
        return None
    if not (_free_left(folded, first) and _tail(folded, last) == last):
        return None
    return Place(first, last, _rule(term, _EXACT))


def _stands_letter_by_letter(text: str, folded: Folded, first: int, last: int) -> bool:
    """Tell whether a text stands around a place, with the points that begin or end it: "U.S.".

    What a sign of money follows is money: US$15.
    """
    start, end = folded.span(first, last)
    before = text.find(folded.original[start:end])
    begin, after = start - before, start - before + len(text)
    stands = 0 <= before <= start and folded.original[begin:after] == text
    return stands and folded.original[after : after + 1] not in CURRENCIES


def _separators_fit(
    term: Term, folded: Folded, first: int, last: int, language: str | None
) -> bool:
    """Tell whether the separators inside stand where the term may have them.

    Words keep theirs. Long names of several parts and names in unspaced scripts are known by
    their letters alone; other names may lose separators, not gain them.
    """
    gaps = folded.gaps(first, last)
    if gaps and gaps[0] == 1 and _is_article(term, folded, first, language):
        return False
    if gaps == term.gaps:
        return True
    if term.manner.unspaced:
        return len(term.key) > 2  # noqa: PLR2004 - two characters apart are two words
    if _parts_designation(term, folded, first, gaps):
        return True
    if not term.manner.names or len(term.key) <= BARE_NAME or is_foreign(term, language):
        return False
    return bool(term.gaps) or not gaps


def _parts_designation(term: Term, folded: Folded, first: int, gaps: tuple[int, ...]) -> bool:
    """Tell whether what parts a term differs only between letters and digits: F-16, F16, F 16.

    A lone small letter is a word, where a space follows: "a 1-0 win".
    """
    key = term.key
    if not all(key[gap - 1].isdigit() != key[gap].isdigit() for gap in {*gaps} ^ {*term.gaps}):
        return False
    letter, after = _begin(folded, first)
    return 1 not in gaps or letter.isupper() or not any(map(str.isspace, after))


def _is_article(term: Term, folded: Folded, first: int, language: str | None) -> bool:
    """Tell whether the letter of a designation is a word before a number: A 10-day strike, l'1.

    Where no article is so written, A 320 is an aircraft.
    """
    letter, after = _begin(folded, first)
    if not is_designation(term) or " " in term.text:
        return False
    alone = letter.islower() or (letter == "A" and language not in _WITHOUT_ARTICLE_A)
    return any(char in "'’" for char in after) or (alone and any(map(str.isspace, after)))


def _begin(folded: Folded, first: int) -> tuple[str, str]:
    """Return the first letter of a place as it is written, and what follows to the second one."""
    start, end = folded.span(first, first + 2)
    return folded.original[start], folded.original[start + 1 : end]


def is_designation(term: Term) -> bool:
    """Tell whether a term is a letter and a number."""
    return term.key[0].isalpha() and term.key[1:2].isdigit()


def _admit_unspaced(term: Term, folded: Folded, first: int, last: int) -> Place | None:
    if not stands_alone(term, folded, first, last):
        return None
    inside = not (first in folded.borders and last in folded.borders)
    return Place(first, last, _rule(term, _INSIDE if inside else _EXACT))


def _admit_spaced(
    term: Term, folded: Folded, first: int, last: int, language: str | None
) -> Place | None:
    # What follows turns most places down, so it is looked at first.
    end = _tail(folded, last)
    rule = (
        _EXACT
        if end == last and not term.manner.endings
        else _rule_of_tail(term, folded.exact[last:end], language)
    )
    if rule is None and _is_english(term, folded, first, folded.exact[last:end], language):
        rule = _CASE_ENDING
    if rule is None or not _fits(term, folded, first, last, language):
        return None
    if term.rest or term.manner.sure:
        end = _end_of_rest(term, folded, end) if language or not term.manner.sure else -1
        if end < 0 or (term.rest and folded.key[first:end] == fold(term.text).key):
            return None  # of an unchanged name its own term tells
    start = _left(term, folded, first) if has_capital(term, folded, first) else None
    if start is None:
        return None
    return Place(start, end, _rule(term, _PROCLITIC if rule is _EXACT and start < first else rule))


def _rule_of_tail(term: Term, tail: str, language: str | None) -> Rule | None:
    """Return what admits the letters that follow a term in its word; None if nothing does."""
    if term.manner.endings is not None:
        return _CASE_ENDING if tail in term.manner.endings else None
    if term.manner.wildcard:
        return _WILDCARD
    look = _is_adjective if is_foreign(term, language) else _is_ending
    return _CASE_ENDING if look(term, tail, language) else None


def _is_adjective(term: Term, tail: str, language: str | None) -> bool:
    """Tell whether a tail makes an adjective of a country's foreign name in a text's language."""
    return tail in ADJECTIVE_TAILS.get(language or "", ()) and term.key + tail not in NO_ADJECTIVES


def _is_english(term: Term, folded: Folded, first: int, tail: str, language: str | None) -> bool:
    """Tell whether English calls a thing of a country so, in another language: Australian Open."""
    own = term.manner.own
    if own is None or "en" not in own or language not in UNINFLECTED:
        return False
    return tail in ENGLISH_ADJECTIVES and begins_with_capital(folded, first)


def _end_of_rest(term: Term, folded: Folded, end: int) -> int:
    """Return where a declined name ends whose first part ends here; -1 if it is none."""
    for stems in term.rest:
        first = end
        if first not in folded.borders or first >= len(folded.key):
            return -1
        end = _tail(folded, first + 1)
        word, exact = folded.key[first:end], folded.exact[first:end]
        if not any(word.startswith(stem) and exact[len(stem) :] in after for stem, after in stems):
            return -1
    return end


def _left(term: Term, folded: Folded, first: int) -> int | None:
    """Return where the word begins, prefixes included; None if the term is not its begin."""
    if _free_left(folded, first):
        return None if term.manner.article else first
    prefixes = _prefixes(term)
    for start in range(first - 1, max(first - 5, -1), -1):
        if not CONTINUES_WORD[folded.key[start]]:
            return None
        if folded.key[start:first] in prefixes and _free_left(folded, start):
            return start
        if start in folded.borders:
            return None
    return None


def _prefixes(term: Term) -> frozenset[str]:
    if term.manner.article:
        return HEBREW_ARTICLE_PREFIXES if term.manner.script is _HEBREW else ARTICLE_PREFIXES
    if term.manner.script is _ARABIC:
        return ARABIC_PREFIXES
    return HEBREW_PREFIXES if term.manner.script is _HEBREW else frozenset()


def _free_left(folded: Folded, first: int) -> bool:
    return first in folded.borders or not CONTINUES_WORD[folded.key[first - 1]]


def _tail(folded: Folded, last: int) -> int:
    """Return where the word ends that reaches to `last`."""
    key, borders = folded.key, folded.borders
    while last not in borders and last < len(key) and CONTINUES_WORD[key[last]]:
        last += 1
    return last


def _is_ending(term: Term, tail: str, language: str | None) -> bool:
    manner = term.manner
    if not manner.names and not manner.cased and manner.script is _LATIN:
        return language == "id" and tail in INDONESIAN_ENDINGS
    plain = _plain_endings(term, language)
    if plain is not None:
        return len(term.key) > SHORT_NAME and (tail in plain or _is_added(term, tail, language))
    if language == "tr" and manner.names and is_turkish(term.exact, tail):
        return len(term.key) > SHORT_NAME
    if manner.names and term.last_part <= BARE_NAME and manner.script in SHORT_ENDINGS:
        has_case = tail in SHORT_ENDINGS[manner.script] or _is_hungarian(term, tail, language)
        return len(term.key) > SHORT_NAME and has_case
    return _is_long_ending(term, tail)


def _is_added(term: Term, tail: str, language: str | None) -> bool:
    """Tell whether a name is written with one more letter, or is long enough for its people."""
    if tail in TRANSCRIBED and term.key[-1] in TRANSCRIBED:
        return True
    return len(term.key) >= LONG_NAME and tail in LONG_NAME_ENDINGS.get(language or "", ())


def _plain_endings(term: Term, language: str | None) -> frozenset[str] | None:
    """Return the only endings of a name in a text's language; None where it may have cases."""
    kind = term.manner.kind
    if term.manner.script is not _LATIN or kind not in _WITHOUT_CASES or language is None:
        return None
    return (COUNTRY_ENDINGS if kind is Kind.COUNTRY else PLAIN_ENDINGS).get(language)


def _is_hungarian(term: Term, tail: str, language: str | None) -> bool:
    """Tell whether a tail is an ending in Hungarian, whose "with" doubles a letter: Orbánnal."""
    doubled = tail[1:] in {"al", "el"} and tail[0] == term.key[-1]
    return language == "hu" and (doubled or tail in HUNGARIAN_ENDINGS)


def _is_long_ending(term: Term, tail: str) -> bool:
    """Tell whether a long name, or what is written in syllables, may have letters as its ending."""
    manner = term.manner
    if manner.script is _DIGIT:
        return manner.names and tail == "s" and not term.key.isdigit()
    if any(script_of(char) is not manner.script for char in tail):
        return False
    if manner.script is _ARABIC:
        return len(term.key) > SHORT_NAME and tail in _arabic_endings(term)
    if not manner.names or len(term.key) <= SHORT_NAME:
        return False
    return len(tail) <= LONGEST_ENDING and (tail in ELATIVE or not tail.startswith(DERIVING))


def _arabic_endings(term: Term) -> frozenset[str]:
    if not term.manner.names:
        return ARABIC_WORD_ENDINGS
    if term.kind is not Kind.COUNTRY or len(term.key) > SHORT_ARABIC_COUNTRY:
        return ARABIC_ENDINGS
    return ARABIC_PEOPLE if term.key.endswith("ي") else ARABIC_ADJECTIVES


def rule_alone(term: Term) -> Rule | None:
    """Return what admits a term as a word of its own; None where more has to be looked at."""
    manner = term.manner
    plain = not (
        manner.unspaced or manner.cased or manner.article or manner.endings or manner.capital
    )
    plain = plain and not is_designation(term)
    return _rule(term, _EXACT) if plain else None


def rule_inside(term: Term) -> Rule | None:
    """Return what admits a term anywhere, if where words begin and end does not matter."""
    manner = term.manner
    plain = manner.unspaced and not (manner.begins_word or manner.cased)
    return _rule(term, _INSIDE) if plain and not is_short(term) else None


def _rule(term: Term, rule: Rule) -> Rule:
    """Return what to tell people: a role, country or short name says so first."""
    return _RULES_OF_KINDS.get(term.manner.kind, rule)


_RULES_OF_KINDS = {
    Kind.SHORT: Rule.SHORT,
    Kind.ROLE: Rule.ROLE,
    Kind.COUNTRY: Rule.COUNTRY,
}


def places(term: Term, folded: Folded) -> Iterator[Place]:
    """Yield every place of one term in a text: for tests and explanations, not for speed."""
    first = folded.key.find(term.key)
    while first >= 0:
        for language in sorted(term.manner.languages or {""}):
            place = admit(term, folded, first, first + len(term.key), language or None)
            if place:
                yield place
                break
        first = folded.key.find(term.key, first + 1)
