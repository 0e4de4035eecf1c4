"""Numbers, dates and scores as texts write them, in the notations of many languages."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from math import isfinite, prod
from typing import Final

from watcher.stories.days import Dated, Day, find_days, without_months
from watcher.stories.numbers import Number, Numbers
from watcher.stories.numerals import with_digits
from watcher.stories.vocabulary import alternatives, table
from watcher.stories.words import is_unspaced
from watcher.topics.wordsets import word_set

_FACTORS: Final = {word: float(factor) for word, factor in table("factors").items()}
_UNIT_OF: Final = table("units")
_RUNNING: Final = frozenset(filter(is_unspaced, _FACTORS))
#: Letters ("m", "k") say this of digits alone: "$5 million M&A deal".
_BEHIND: Final = frozenset(word for word in _FACTORS.keys() - _RUNNING if len(word) > 1)
#: One behind another: "3 ล้านล้าน" is 3 trillion, "3 mil millones" 3 billion. "พันธมิตร" is an ally.
_FACTOR: Final = (
    rf"(?:{alternatives(_RUNNING)}){{1,3}}(?!ธ)"
    rf"|(?:{alternatives(_FACTORS.keys() - _RUNNING)})(?![a-zа-яё])"
    rf"(?:\s(?:{alternatives(_BEHIND)})(?![a-zа-яё]))?"
)
_ONE_FACTOR: Final = re.compile(alternatives(_FACTORS))
_UNIT: Final = alternatives(_UNIT_OF)
#: From this factor on (万, ribu is less) print rounds.
_ROUNDED: Final = 1e4

_DIGIT: Final = re.compile(r"\d")
_RUN: Final = re.compile(r"\w+")
_CLOCK: Final = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)(?:\s?([ap])\.?m\b)?")
_SCORE: Final = re.compile(r"(?<![\d.,-])(\d{1,3})\s?[-–:]\s?(\d{1,3})(?![\d%]|[.,]\d)")
_BETWEEN_SCORES: Final = re.compile(r"\d\s?[-–:]")
#: Thousands are no year ("1,950", "2000 soldiers"), nor is what a counter stands behind ("2022枚").
_YEAR: Final = re.compile(
    r"(?<![\d.,$€£])(?!2000)(?:19|20)\d\d(?![\d%]|[.,]\d|[^\W\d_a-zà-ÿа-яё年년])"
)
_NUMBER: Final = re.compile(
    r"(?P<before>hk\$|us\$|[racs]\$|[$€£¥₩₹₽]|\brp\.?|\brm|\brs\.?)?\s?"
    r"(?<![\d])(?P<digits>\d+(?:[.,]\d+)*)"
    rf"(?:[\s-]?(?P<factor>{_FACTOR})(?![a-zа-яё]))?"
    rf"(?:[\s-]?(?P<after>{_UNIT})(?![a-zа-яё]))?"
)
#: Of January: "1月", "1월"; "tháng 1", without accents.
_MONTHS: Final = ("月", "월")
_MONTH_BEFORE: Final = "thang "
#: What makes digits a part of a name; "rp5" and "$5" are told apart by their unit.
_NAME_BEFORE: Final = re.compile(r"[^\W\d_][-‑]?$", re.ASCII)
_NAME_BEFORE_LONGEST: Final = 2
#: Before a decimal fraction.
_MAGNITUDE: Final = re.compile(r"(?<!\w)m$", re.ASCII)
#: Where a point parts thousands and a comma the decimals.
_POINT_THOUSANDS: Final = frozenset(
    ("id", "de", "es", "it", "pt", "nl", "tr", "da", "ro", "el", "hr", "sl", "vi")
)
#: Where a space parts thousands, "300 000", or a point does, and a comma the decimals.
_SPACE_THOUSANDS: Final = word_set("be bg cs et fi fr hu kk lt lv nb no pl ru sk sv uk")
#: In all of these a comma parts the decimals.
_COMMA_DECIMALS: Final = _POINT_THOUSANDS | _SPACE_THOUSANDS
_SPACED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:\s\d{3})+(?!\d)")
_GROUP: Final = 3
#: As figures are written: with marks between thousands (in India also hundreds of them), with one
#: or two decimals. "3.10" may be a version and no 3.1; "1.2.3" is one, and "007" is a name.
_WRITTEN: Final = re.compile(
    r"(?!0\d)(?:\d+|\d{1,3}(?:,\d{2,3})*,\d{3}|\d{1,3}(?:\.\d{3})+)(?:[.,]\d?[1-9])?"
)
#: What is parted in thousands is no less.
_LEAST_GROUPED: Final = 1_000
#: Stands where a figure was: no letter, and no space.
FIGURE: Final = "\x1f"
_NO_NUMBERS: Final = Numbers()


def spelled(word: str, language: str | None = None) -> float | None:
    """Return the number that a folded word stands for, if it does for one ("zwei")."""
    count = table("counts", language).get(word)
    return None if count is None else float(count)


def is_figure(word: str) -> bool:
    """Whether a folded word is digits, or what they are multiplied by ("million")."""
    return word.isdigit() or word in _FACTORS


def is_numeral(word: str, language: str | None = None) -> bool:
    """Whether a folded word is a number or a part of one ("6", "zwei", "millions")."""
    return bool(_DIGIT.search(word)) or word in table("counts", language) or word in _FACTORS


def find_numbers(
    text: str,
    language: str | None = None,
    reported: date | None = None,
    *,
    month_first: bool = False,
) -> Numbers:
    """Return the figures that a folded text names.

    Args:
        text: folded.
        language: its primary subtag; None if unknown.
        reported: when; a day without a month ("19일") is the nearest one.
        month_first: whether "6/10" is in June where neither the language tells nor what is nearer.
    """
    text = with_digits(text)
    if not _DIGIT.search(text):
        worded = _worded(text, language)
        return Numbers(tuple(worded)) if worded else _NO_NUMBERS
    rest, dates, years, exact, dated = _without_exact(
        text, language, reported, month_first=month_first
    )
    amounts = tuple(dict.fromkeys([*_digits(rest, language), *_worded(rest, language)]))
    return Numbers(amounts, dates, frozenset(years), frozenset(exact), dated)


def without_figures(text: str, language: str | None = None) -> str:
    """Return a folded text with a mark, `FIGURE`, or a space for each figure that is read in it.

    Digits that are part of a name stay, and so does what may be read in two ways: "3.10", "10.000"
    where a comma parts thousands. A month without a day is no figure.
    """
    rest = without_exact(with_digits(text), language)
    return _NUMBER.sub(lambda found: found[0] if _is_open(found, language) else FIGURE, rest)


def without_exact(text: str, language: str | None = None) -> str:
    """Return a folded text with its amounts, and a space for each day, year, time and score.

    Thousands parted by spaces are brought together in a language that parts them so.
    """
    if not _DIGIT.search(text):
        return text
    return without_months(_without_exact(text, language, None)[0])


def _is_open(match: re.Match[str], language: str | None) -> bool:
    """Whether digits are no figure, or not surely this one."""
    digits = match["digits"]
    if _in_name(match) or not _WRITTEN.fullmatch(digits):
        return True
    is_grouped = not digits.isdigit() and digits[-_GROUP:].isdigit()
    return is_grouped and _value(digits, language, match["before"]) < _LEAST_GROUPED


def _without_exact(
    text: str, language: str | None, reported: date | None, *, month_first: bool = False
) -> tuple[str, frozenset[Day], set[int], set[str], frozenset[Dated]]:
    """Return a text without its days, times, scores and years, these, and the days of a year."""
    exact: set[str] = set()
    rest = text
    if language in _SPACE_THOUSANDS:
        rest = _SPACED.sub(lambda found: "".join(found[0].split()), rest)
    rest, dates, dated = find_days(rest, reported, language, month_first=month_first)
    years = {one.year for one in dated}
    # What a pattern needs is looked for first: few texts have it.
    if ":" in rest:
        rest = _CLOCK.sub(lambda found: _take(found, exact), rest)
    if _BETWEEN_SCORES.search(rest):
        rest = _SCORE.sub(lambda found: _take(found, exact), rest)
    if "19" in rest or "20" in rest:
        years.update(int(found[0]) for found in _YEAR.finditer(rest))
        rest = _YEAR.sub(" ", rest)
    return rest, dates, years, exact, dated


def _take(found: re.Match[str], exact: set[str]) -> str:
    exact.add(re.sub(r"\s", "", found[0]).replace("–", "-"))
    return " "


def _digits(text: str, language: str | None) -> Iterator[Number]:
    carried, scale = 0.0, 0.0
    found = [match for match in _NUMBER.finditer(text) if not _in_name(match)]
    for match, following in zip_longest(found, found[1:]):
        *factors, last = _factors(match)
        written = _value(match["digits"], language, match["before"])
        own = written * prod(factors)
        # "1 แสน 2 หมื่นล้าน": a greater factor multiplies all that stands before it.
        value = (carried + own) * last if last > scale else carried + own * last
        if not isfinite(value):  # three hundred digits say nothing, and nothing is like them
            carried, scale = 0.0, 0.0
            continue
        carried, scale = (value, last) if _continues(match, following) else (0.0, 0.0)
        if not carried:
            yield Number(
                value,
                _unit(match),
                rounded=_is_rounded(match, value),
                decimal=_is_decimal(match, own),
                step=_step(match["digits"], written) * prod(factors) * last,
            )


def _factors(match: re.Match[str]) -> list[float]:
    """Return what digits are multiplied by, at least 1."""
    return [_FACTORS[word] for word in _ONE_FACTOR.findall(match["factor"] or "")] or [1.0]


def _is_rounded(match: re.Match[str], value: float) -> bool:
    return prod(_factors(match)) >= _ROUNDED or (value != int(value) and _unit(match) == "%")


def _step(digits: str, value: float) -> float:
    """Return what the last digit of a figure counts, without the zeros that it ends with."""
    whole = f"{int(value)}"
    decimals = sum(map(str.isdigit, digits)) - len(whole)
    return 10.0 ** (-decimals if decimals > 0 else len(whole) - len(whole.rstrip("0")))


def _is_decimal(match: re.Match[str], value: float) -> bool:
    """Whether more digits are written than the whole part of their value has: "5,0"."""
    digits = match["digits"]
    if digits.isdigit() or match["factor"]:
        return False
    return sum(map(str.isdigit, digits)) > len(f"{int(value)}")


def _in_name(match: re.Match[str]) -> bool:
    """Whether the digits belong to a name: COVID-19, F-16 or G20; or to that of a month, 1月."""
    start = match.start("digits")
    before = max(0, start - _NAME_BEFORE_LONGEST), start
    is_name = not match["before"] and bool(_NAME_BEFORE.search(match.string, *before))
    return (is_name and not _is_magnitude(match)) or _is_month(match)


def _is_magnitude(match: re.Match[str]) -> bool:
    """Whether digits are how strong an earthquake was: "M6.1", as Japanese headlines write it."""
    before = match.string[: match.start("digits")]
    return bool(_MAGNITUDE.search(before)) and not match["digits"].isdigit()


def _is_month(match: re.Match[str]) -> bool:
    """Whether digits are the number of a month that is in no date: "1월", "tháng 1"."""
    if not match["digits"].isdigit() or int(match["digits"]) not in range(1, 13):
        return False
    before, behind = match.string[: match.start("digits")], match.string[match.end("digits") :]
    return behind.lstrip(" ").startswith(_MONTHS) or before.endswith(_MONTH_BEFORE)


def _unit(match: re.Match[str]) -> str:
    before = (match["before"] or "").rstrip(".")
    return _UNIT_OF.get(before) or _UNIT_OF.get(match["after"] or "", "")


def _continues(match: re.Match[str], following: re.Match[str] | None) -> bool:
    """Whether "3万" goes on in "3000", or "1兆" in "2000億"; "1억 5000만" over a space."""
    if not following or not match["factor"] or match["after"] or following["before"]:
        return False
    gap = match.string[match.end() : following.start("digits")]
    return not gap or (gap == " " and _goes_on(match, following))


def _goes_on(match: re.Match[str], following: re.Match[str]) -> bool:
    """Whether a lesser part stands behind a space, in a script where no word follows a numeral."""
    is_part = bool(following["factor"]) or len(following["digits"]) >= _GROUP
    is_less = _factors(following)[0] < _factors(match)[-1]
    return is_part and is_less and is_unspaced(match["factor"])


def _value(digits: str, language: str | None, before: str | None) -> float:
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return float(digits)
    last = marks[-1]
    decimals = len(digits) - digits.rindex(last) - 1
    grouped = marks.count(last) > 1 or (
        decimals == _GROUP and _parts_thousands(last, language, before)
    )
    if grouped and len(set(marks)) == 1:
        return float(digits.replace(last, ""))
    other = "," if last == "." else "."
    return float(digits.replace(other, "").replace(last, "." if marks.count(last) == 1 else ""))


def _parts_thousands(mark: str, language: str | None, before: str | None) -> bool:
    point = language in _COMMA_DECIMALS or (before or "").startswith("rp")
    return point if mark == "." else not point


def _worded(text: str, language: str | None) -> list[Number]:
    counts = table("counts", language)
    return [Number(float(counts[word])) for word in _RUN.findall(text) if word in counts]
