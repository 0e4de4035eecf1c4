"""The cases of a name of several parts, and of one whose stem changes: Владимира Путина, v Praze.

A watchlist names people in the nominative. Each part of a name is known by its stems and what may
follow each. All is written without diacritics but the endings, as the searched text is.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from itertools import pairwise

from watcher.topics.scripts import Script, script_of
from watcher.topics.terms import (
    SHORT_NAME,
    SHORTEST_STEM_NAME,
    Ending,
    Kind,
    Manner,
    Term,
    one_for_all,
)
from watcher.topics.wordsets import word_set

#: Shorter parts stay as they are: too little would be left of them.
SHORTEST_PART = 4

#: Parts of so many letters take endings, and lose no letter: Ким, Кима.
SHORTEST_ENDED_PART = 3

#: Shorter ones keep the vowel before -s: "Paris" is not "par" and an ending.
SHORTEST_BALTIC = 5

#: Languages whose names in Latin letters decline so; Lithuanian, Latvian and Finnish in their way,
#: and in German the adjectives of a name.
SLAVIC, BALTIC = word_set("pl cs sk sl sr"), word_set("lt lv")
FINNISH, GERMAN, HUNGARIAN = word_set("fi"), word_set("de"), word_set("hu")

#: The cases of a country whose name has three letters: v Čadu, в Чаде. Others so short have none.
_OF_SHORT_COUNTRIES = word_set("u e ě em om а у е ом і ові")

_SLAVIC_CASES = word_set(
    """
    a u e i y ě ą ę em iem om im ie owi ovi ům ów ov ova ovo ově ové ovu ovou ových ovým ův
    """
)
_SLAVIC_VOWEL_CASES = word_set(
    """
    a o y i í e é ě ę ą u ú ou om em im ím ie ii ei ej iej ij ji ję ją jo oj ovi owi
    ach ám ách ami ah ama iach ích ch m mi ych ym ymi ých ým ými
    """
)
_SLAVIC_ADJECTIVES = word_set(
    "y ý i í eho ého ího iho emu ému ímu ím im ym ým em ém ego iego om og oga ome"
)

#: Of places whose names are plurals: Chiny, w Chinach; Karlovy Vary, z Karlových Varů.
_SLAVIC_PLURAL = word_set("ach ách ech ích ých am ám om ům ami ama ów ů")

#: What a consonant becomes before -e, -ě or -i: Praha, v Praze; Duda, Dudzie; Afryka, w Afryce.
_SOFTENED = {
    "h": ("z",),
    "g": ("z", "dz"),
    "k": ("c",),
    "r": ("rz",),
    "d": ("dzi",),
    "t": ("ci",),
}
_SOFT_ENDINGS = word_set("e ě i")

#: The same at the end of a name: Egipt, w Egipcie; Czad, w Czadzie; Niger, w Nigrze.
_SOFTENED_LAST = {"d": "dzi", "t": "ci", "r": "rz"}

#: The vowel before these is lost in other cases: Pavel, Pavla; Blažek, Blažka.
_FLEETING = ("ek", "ok", "el", "ec", "er")

_BALTIC_MASCULINE = word_set(
    """
    as is ys us es s š o ui ą u e io iui į iu yje aus ų umi uje ies ai a am ā am i ī im iem
    """
)
_BALTIC_FEMININE = word_set("a e ė os ai ą oje as u ā es ei ę ėje ės ē i ī")

_CYRILLIC_CASES = word_set(
    """
    а я у ю е и ы о і ї ом ем ём ым им ою ею ові еві єві ів ов ев ах ам ами ин ина ом
    """
)
_CYRILLIC_VOWEL_CASES = word_set(
    """
    а я о е ь й ы и у ю і ї ой ої ој ей ою ею єю ію ією ію ью ом ем ём єм ам ям ах ях ами ями ів ій
    ії ові еві ата
    """
)
#: Of places and bodies whose names are plurals: Сумы, Філіппіни, Сполучені Штати, Обединени нации.
_CYRILLIC_MANY = "ыиі"
_CYRILLIC_PLURAL = word_set(
    "ы и і ов ев ів ам ям ах ях ами ями ых их ым им ыми ими ите",
)
#: Of an adjective, by the gender that the name has: Зеленский is not Зеленская.
_CYRILLIC_ADJECTIVES = {
    **dict.fromkeys(
        ("ий", "ый", "ой", "ій", "ое", "ее"), word_set("ого его ому ему ым им ом ем ім")
    ),
    **dict.fromkeys(("ая", "яя"), word_set("ой ей ую юю ою ею")),
    **dict.fromkeys(("ые", "ие"), word_set("ых их ым им ыми ими")),
}
_CYRILLIC_FLEETING = ("ец", "ок", "ек", "ел", "ет")

#: Ukrainian writes і in a closed syllable, and о or є in an open one: Харків, Харкова.
_OPENED = {"і": "о", "ї": "є"}

#: Greek endings of the nominative, accents off and ς as σ, and those that take their place.
_GREEK = {
    "οσ": word_set("οσ ου ο ε"),
    "ησ": word_set("ησ η"),
    "ασ": word_set("ασ α"),
    "α": word_set("α ασ"),
    "η": word_set("η ησ"),
    "ο": word_set("ο ου"),
}

#: What a German adjective ends in before its noun, the longest first; and what the noun takes.
_GERMAN_ADJECTIVE = ("er", "es", "en", "em", "e")

#: In shorter words, of those in -er by a letter more, no -er takes the place of -e, nor -e of it:
#: "Peter" is no form of "Pete".
SHORTEST_GERMAN = 5
_GERMAN_ADJECTIVES = frozenset(_GERMAN_ADJECTIVE)
_GERMAN_SHORT = word_set("es en em")
_GERMAN_CASES = word_set("s es n en")

#: What Finnish writes to a name; to a plural, whose -t is lost, after its -i-: Yhdysvalloissa.
_FINNISH_CASES = word_set(
    """
    n a ä t ta tä ssa ssä sta stä lla llä lta ltä lle ksi na nä an en in on un yn än ön
    han hen hin hon hun seen
    """
)
_FINNISH_PLURAL = frozenset(
    i + case
    for i in ("i", "ei", "oi")
    for case in word_set("n en den ssa ssä sta stä lla llä lta ltä lle hin na nä")
) | word_set("eja ejä oja öjä ojen")

#: Before an ending Hungarian lengthens a last vowel: Kína, Kínában.
_LENGTHENED = {"a": "á", "e": "é"}
_HUNGARIAN_CASES = word_set(
    "n t nak nek val vel ban ben ba be ból ből ról ről tól től hoz hez ra re nál nél ért ig"
)

#: Consonants before a last vowel that are others where an ending closes the syllable: Turkki,
#: Turkissa; Helsinki, Helsingissä. Single ones change in no name of another tongue.
_DOUBLED = {"kk": "k", "pp": "p", "tt": "t"}
_GRADES = _DOUBLED | {"nk": "ng", "nt": "nn", "lt": "ll", "rt": "rr"}

#: Shorter names keep them, but for doubled ones: "Malta" is not in "Mallan", Jukka is in "Jukan".
SHORTEST_GRADED, SHORTEST_DOUBLED = 6, 5

#: What Finnish places of few letters are there, and those that end in one: Turun, Suomenlahdella.
_FINNISH_PLACES = {"turku": "tur", "lahti": "lahd", "hanko": "hang"}

#: After a consonant these make a woman of a first name, or many of one: "Petry Novákové" is of
#: Petra, "Петры Новаковы" are several.
_OF_OTHERS = word_set("y ě ę ą ы")
_VOWELS = frozenset("aeiouyаеёиоуыьэюяйіїє")

#: A part's stems, each with its endings; and whether it is the last part of its name.
_Cases = Callable[[str, bool], Iterator[Ending]]


def declined(term: Term) -> Iterator[Term]:
    """Yield what a name is looked for by in cases that change its stem or more than its end.

    Names in Latin letters decline in texts whose language is known to do so. One of a single part
    keeps its capital: "Gaza" is not in "ceny gazu", the prices of gas.
    """
    manner = term.manner
    plain = manner.names and manner.kind is not Kind.SHORT
    if not plain or manner.wildcard or manner.cased or manner.article:
        return
    parts = _parts(term)
    is_short_country = term.kind is Kind.COUNTRY and len(term.key) == SHORT_NAME
    for way, languages in _WAYS.get(manner.script, ()):
        cases = _short_country if is_short_country else way
        if {script_of(char) for part in parts for char in part} != {manner.script}:
            continue
        spoken = (
            manner.languages if languages is None else languages & (manner.languages or languages)
        )
        if spoken is None or spoken:
            yield from _declined(term, parts, cases, spoken, sure=languages is not None)


def _declined(
    term: Term, parts: list[str], cases: _Cases, languages: frozenset[str] | None, *, sure: bool
) -> Iterator[Term]:
    stems = [_all_cases(part, cases) for part in parts[:-1]]
    stems.append(_all_cases(parts[-1], cases, is_last=True))
    takes_endings = cases is not _short_country
    is_unchanged = [stem for some in stems for stem, _ in some] == parts
    if takes_endings and is_unchanged and _only_the_last_ends(stems):
        return  # the term itself does
    first, rest = parts[0], tuple(map(tuple, stems[1:]))
    capital = term.manner.capital or _needs_capital(term, rest, languages)
    manner = replace(term.manner, languages=languages, sure=sure, capital=capital)
    for stem, endings in stems[0]:
        if rest or stem != first or not takes_endings:
            left = _endings_of_first(term, first, stem, endings, is_alone=not rest)
            yield _known_by(term, first, stem, replace(manner, endings=left), rest)


def _endings_of_first(
    term: Term, first: str, stem: str, endings: frozenset[str], *, is_alone: bool
) -> frozenset[str]:
    """Return what may follow a stem of the first part without making another name of it."""
    if not is_alone and first[-1] not in _VOWELS:
        endings -= _OF_OTHERS
    if is_alone and first.startswith(stem) and term.kind is not Kind.COUNTRY:
        endings -= _NONE  # only countries lose their ending: do Chin
    return one_for_all(endings)


def _known_by(
    term: Term, first: str, stem: str, manner: Manner, rest: tuple[tuple[Ending, ...], ...]
) -> Term:
    """Return a name that is looked for by a stem of its first part."""
    exact = term.exact[: len(stem)] if first.startswith(stem) else stem
    return replace(
        term,
        key=stem,
        exact=stem if exact == stem else exact,
        gaps=(),
        manner=one_for_all(manner),
        rest=one_for_all(rest),
    )


def _only_the_last_ends(stems: list[list[Ending]]) -> bool:
    return all(endings == _NONE for some in stems[:-1] for _, endings in some)


def _needs_capital(term: Term, rest: Collection[object], languages: frozenset[str] | None) -> bool:
    """Tell whether small letters make words of a name's stems: "Gaza", "Газа", not "Москва".

    So do German adjectives of names of several parts: Letzte Generation.
    """
    if rest:
        easily = languages == GERMAN
    else:
        short = term.manner.script is Script.LATIN or len(term.key) < SHORTEST_STEM_NAME
        easily = short or term.key[-1] in _CYRILLIC_MANY
    return easily and term.text[0].isupper()


def _parts(term: Term) -> list[str]:
    return [term.key[first:last] for first, last in pairwise((0, *term.gaps, len(term.key)))]


def _all_cases(part: str, cases: _Cases, *, is_last: bool = False) -> list[Ending]:
    """Return the stems of a part; of a short one itself, as it is or before an ending."""
    found = list(cases(part, is_last)) if len(part) >= SHORTEST_ENDED_PART else []
    if len(part) < SHORTEST_PART:
        found = [(stem, endings) for stem, endings in found if stem == part]
    return [(stem, one_for_all(endings)) for stem, endings in found] or [(part, _NONE)]


_NONE = frozenset({""})


def _slavic(part: str, _is_last: bool) -> Iterator[Ending]:
    stem, last = part[:-1], part[-1]
    if last in "aeo":
        yield stem, _SLAVIC_VOWEL_CASES
        if last == "a":
            for soft in _SOFTENED.get(stem[-1], ()):
                yield stem[:-1] + soft, _SOFT_ENDINGS
    elif last in "yi":
        yield stem, _SLAVIC_ADJECTIVES | _SLAVIC_PLURAL | _none_of_many(stem)
        yield part, _SLAVIC_CASES | _NONE | word_set("ho mu m")
    else:
        yield part, _SLAVIC_CASES | _NONE
        softened = _SOFTENED_LAST.get(last)
        if softened:
            yield part[:-1] + softened, _SOFT_ENDINGS
        if part.endswith(_FLEETING) and len(part) > SHORTEST_PART:
            yield part[:-2] + last, _SLAVIC_CASES
            if softened:
                yield part[:-2] + softened, _SOFT_ENDINGS


def _none_of_many(stem: str) -> frozenset[str]:
    """Return that a plural may lose its ending: w Chinach, do Chin; not of few letters.

    Of names of one part only countries do: "Rossi" is not in "Diana Ross".
    """
    return _NONE if len(stem) > SHORTEST_ENDED_PART else frozenset()


def _baltic(part: str, _is_last: bool) -> Iterator[Ending]:
    yield part, _NONE
    if part[-1] in "ae":
        yield part[:-1], _BALTIC_FEMININE
    elif part[-1] == "s":
        yield part[:-1], _BALTIC_MASCULINE
        if part[-2] in "aiyue" and len(part) > SHORTEST_BALTIC:
            yield part[:-2], _BALTIC_MASCULINE
    else:
        yield part, _BALTIC_MASCULINE


def _cyrillic(part: str, _is_last: bool) -> Iterator[Ending]:
    stem, last = part[:-1], part[-1]
    if others := _CYRILLIC_ADJECTIVES.get(part[-2:]):
        yield part[:-2], others | {part[-2:]}
    if part.endswith("овь"):
        yield part[:-3] + "в", word_set("и")
    if part.endswith("ець"):
        yield part[:-3] + "ц", word_set("я ю ем і ів")
    if last in "аяеоьй":
        yield stem, _CYRILLIC_VOWEL_CASES
        return
    if last in _CYRILLIC_MANY:
        yield stem, _CYRILLIC_PLURAL | _none_of_many(stem)
        if stem.endswith("к") and stem[-2:-1] not in _VOWELS:
            yield from ((stem[:-1] + vowel + "к", _NONE) for vowel in "ое")
    yield part, _CYRILLIC_CASES | _NONE
    if part[-2] in _OPENED:
        yield part[:-2] + _OPENED[part[-2]] + last, _CYRILLIC_CASES
    if part.endswith(_CYRILLIC_FLEETING) and len(part) > SHORTEST_PART:
        yield part[:-2] + last, _CYRILLIC_CASES


def _greek(part: str, _is_last: bool) -> Iterator[Ending]:
    for ending, others in _GREEK.items():
        if part.endswith(ending):
            yield part[: -len(ending)], others
            return
    yield part, word_set("σ") | _NONE


def _german(part: str, is_last: bool) -> Iterator[Ending]:
    ending = next(filter(part.endswith, _GERMAN_ADJECTIVE), "")
    if is_last:
        yield part, _GERMAN_CASES | _NONE
    elif ending:
        is_long = len(part) >= SHORTEST_GERMAN + (ending == "er")
        endings = _GERMAN_ADJECTIVES if is_long else _GERMAN_SHORT | {ending}
        yield part.removesuffix(ending), endings


def _finnish(part: str, is_last: bool) -> Iterator[Ending]:
    if part.endswith("nen"):
        yield part[:-3] + "s", frozenset("e" + case for case in _FINNISH_CASES) | {"ta", "tä"}
    yield part, _FINNISH_CASES | _NONE if is_last else _NONE
    if not is_last:
        return
    if part[-1] == "t" and part[-2] in _VOWELS:
        yield part[:-2], _FINNISH_PLURAL
    elif part[-1] in _VOWELS:
        stem, vowel = part[:-1], part[-1]
        if vowel == "i":
            yield stem, frozenset("e" + case for case in _FINNISH_CASES)
        if weak := _weakened(part):
            vowels = vowel.replace("i", "ie")
            yield weak, frozenset(one + case for one in vowels for case in _FINNISH_CASES)


def _hungarian(part: str, is_last: bool) -> Iterator[Ending]:
    yield part, _HUNGARIAN_CASES | _NONE if is_last else _NONE
    if is_last and (long := _LENGTHENED.get(part[-1])):
        yield part[:-1], frozenset(long + case for case in _HUNGARIAN_CASES)


def _short_country(part: str, _is_last: bool) -> Iterator[Ending]:
    yield part, _OF_SHORT_COUNTRIES


def _weakened(part: str) -> str:
    """Return the stem of a Finnish name before a closed syllable; "" if it is the same."""
    strong = part[-3:-1]
    shortest = SHORTEST_DOUBLED if strong in _DOUBLED else SHORTEST_GRADED
    if place := next(filter(part.endswith, _FINNISH_PLACES), ""):
        return part.removesuffix(place) + _FINNISH_PLACES[place]
    return part[:-3] + _GRADES[strong] if strong in _GRADES and len(part) >= shortest else ""


#: Script -> how its names decline, and where; None: wherever the name counts.
_WAYS: dict[Script, tuple[tuple[_Cases, frozenset[str] | None], ...]] = {
    Script.LATIN: (
        (_slavic, SLAVIC),
        (_baltic, BALTIC),
        (_german, GERMAN),
        (_finnish, FINNISH),
        (_hungarian, HUNGARIAN),
    ),
    Script.CYRILLIC: ((_cyrillic, None),),
    Script.GREEK: ((_greek, None),),
}
