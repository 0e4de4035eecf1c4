"""Who wrote a text, where and when, as it stands before it: "ROME, Aug 17 (Reuters) - ".

A kicker looks nearly so ("Radiation Leak: ", "Nuclear Test – "), and in German every noun has a
capital: something in it has to be known, an agency, a place or a day, and what is not has to look
like the name of a place.
"""

import re
from functools import cache
from itertools import chain
from typing import Final

from watcher.data_files import read_table
from watcher.outlets.attribution import names_agency, opening_byline
from watcher.stories.acts import find_acts
from watcher.stories.cast import find_cast, is_country, place_words
from watcher.stories.days import find_days, find_weekdays, is_month
from watcher.stories.titles import is_listed
from watcher.stories.words import fold, words

#: What a dateline ends with, and how soon: "By Jane Doe ROME, Aug 17 (Reuters) - ". Some outlets
#: put themselves and their city before a text, and nothing behind it: "Liputan6.com, Jakarta ".
_MARK: Final = re.compile(
    r"^[\w-]+\.\w{2,4},\s[^\W\d_]+\s(?!(?:\w+\s)?[-\u2013\u2014])"
    r"|\s[-\u2013\u2014:=]+\s|:\s|[\])](?:\.?[-\u2013\u2014]+)?\s(?:[-\u2013\u2014]+\s)?"
)
_REACH: Final = 100
#: An agency, then place and day: "(ANSA) - ROME, 3 Oct - ".
_PARTS: Final = 2
#: What stands between an agency's name and the report: the rest of its bracket, the day of Chinese
#: agencies, a Korean reporter, marks.
_BEHIND_AGENCY: Final = re.compile(
    r"(?:\.(?:ru|com))?(?:[^()\[\]（）【】]{0,30}[)\]）】]|/)?"
    r"(?:[^，。,、\s\d]{0,12}(?:\d{1,2}月)?\d{1,2}日[^，。,、\s]{0,2}?[电電讯訊])?(?:（[^）]{1,30}）)?"
    r"(?:\s(?:\w{1,4}\s){1,3}(?:기자|특파원)\s=)?[\s.:=\u2013\u2014-]*"
)
#: Letters of a place before its agency, in a script without capitals, and its words.
_PLACE: Final = 20
_PLACE_WORDS: Final = 3
#: Letters of what stands between two names: "and", "de", "dan".
_BETWEEN: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")
_IN_BRACKETS: Final = re.compile(r"[(\[]([^)\]]*)[)\]]")
_PARTS_OF: Final = re.compile(r"[,/()\[\]]|\s[-\u2013\u2014]\s")
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.\w{2,4})+")
#: What stands around a name.
_MARKS: Final = " -\u2013\u2014:="
#: In these a noun has a capital as a name has.
_NOUNS_IN_CAPITALS: Final = frozenset({"de", "lb"})
#: What sends out what companies and the police write: "Bonn (ots) - ".
_PRESS_RELEASES: Final = "ots"


def without_dateline(text: str, language: str | None) -> str:
    """Return a text without who wrote it, where and when.

    Args:
        text: a summary on one line.
        language: its primary subtag, None if unknown.
    """
    for _ in range(_PARTS):
        end = _end(text, language)
        if not end:
            break
        text = text[end:]
    return text


def _end(text: str, language: str | None) -> int:
    """Return where a dateline that opens a text ends; 0 if none does."""
    agency = opening_byline(text)
    if agency and _is_where_and_when(text[: agency[0]], language):
        behind = _BEHIND_AGENCY.match(text, agency[1])
        return behind.end() if behind else agency[1]
    mark = _MARK.search(text, 0, _REACH)
    return mark.end() if mark and _is_dateline(text[: mark.end()], language) else 0


def _is_where_and_when(text: str, language: str | None) -> bool:
    """Whether what stands before an agency's name may be a place and a day.

    A script without capitals does not show its names: there it has a bracket, in which nothing
    happens, or a day.
    """
    if not any(map(_is_said, _WORD.findall(text))):
        return True
    if text[0] in "([\u3010\uff08\uff3b\u3014":
        return len(text) <= _PLACE and not find_acts(text, language)
    rest, days, _ = find_days(fold(text), None)
    return bool(days) and text.lower() == text.upper() and len(rest.split()) <= _PLACE_WORDS


def _is_dateline(text: str, language: str | None) -> bool:
    """Whether a text names but who, where and when, and one of these is known."""
    is_signed = text.startswith("By ") or any(map(_is_outlet, _IN_BRACKETS.findall(text)))
    named = _IN_BRACKETS.sub(" ", text) if is_signed else text  # "(askanews)"
    if any(map(_is_said, _WORD.findall(named))):
        return False
    if is_signed:
        return True
    left, is_dated = _unknown(text, language)
    if not left:
        return is_dated or not _says_it(text, language)
    if language in _NOUNS_IN_CAPITALS:
        return False
    is_known_land = len(left) == 1 and "," in text and any(place_words(text, language))
    return is_dated or is_known_land or _is_one_place(text, language) or _begins_in_capitals(text)


def _says_it(text: str, language: str | None) -> bool:
    """Whether countries stand before a colon, or more than one name: they say what follows.

    Cities do not: "Washington/Tehran: ".
    """
    if not text.endswith(": ") or "," in text or all(map(_is_city, _PARTS_OF.split(text))):
        return False
    named = frozenset(find_cast(text, language))
    return len(named) > 1 or any(map(is_country, named))


def _unknown(text: str, language: str | None) -> tuple[list[str], bool]:
    """Return the names that are no known place, outlet or month, and whether it is dated."""
    parts = _without_outlets(text)
    rest, days, _ = find_days(fold(" , ".join(parts)), None)
    known = {*chain(*(place_words(part, language) for part in parts))}
    known.update(chain(*map(words, map(fold, filter(_is_city, [text, *parts])))))
    names = (name for name in words(rest) if len(name) > _BETWEEN and not name.isdigit())
    return [name for name in names if name not in known and not is_month(name)], bool(days)


def _is_outlet(name: str) -> bool:
    name = name.strip(_MARKS)
    if is_listed(name, "") or _DOMAIN.fullmatch(name) or name.lower() == _PRESS_RELEASES:
        return True
    return names_agency(name)


def _without_outlets(text: str) -> list[str]:
    return [part for part in _PARTS_OF.split(text) if not _is_outlet(part)]


def _is_city(text: str) -> bool:
    return tuple(words(fold(text))) in _cities()[0]


@cache
def _cities() -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    """Return the words of each listed city, and what may stand beside any place."""
    table = read_table("stories", "cities.toml")
    names = chain(*(line.split("|") for line in table["names"].split("\n") if line))
    return frozenset(tuple(words(fold(name))) for name in names), frozenset(table["beside"].split())


def _is_one_place(text: str, language: str | None) -> bool:
    """Whether one word stands before a dash, as a city does, and outlets: "Praha - ".

    Behind the address of an outlet it may be two, and with a district more: "Liputan6.com, Kuala
    Lumpur - ", "Jakarta Selatan - ". Nothing happens in it, as in "Tsunami Aceh - ".
    """
    if text.endswith(": "):
        return False
    parts = [part.strip(_MARKS) for part in _PARTS_OF.split(text)]
    most = 2 if any(map(_DOMAIN.fullmatch, parts)) else 1
    place = " ".join(_without_outlets(text))
    names = [word for word in _WORD.findall(place) if fold(word) not in _cities()[1]]
    return len(names) <= most and not find_acts(place, language).named


def _begins_in_capitals(text: str) -> bool:
    """Whether the place is in capitals: "KANSAS CITY, Mo. -"."""
    place = re.split(r"[,(\[:\u2013\u2014-]", text)[0]
    return place.isupper() and 0 < len(place.split()) <= _PLACE_WORDS


def _is_said(word: str) -> bool:
    """Whether a word is no name, figure, month or weekday, nor what stands between two names."""
    folded = fold(word)
    is_name = word[0].isupper() or word[0].isdigit() or is_month(folded) or find_weekdays(folded)
    return not is_name and not (word[0].islower() and len(word) <= _BETWEEN)
