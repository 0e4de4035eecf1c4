"""Numbers, dates and scores that a text names, in the notations of many languages."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import product, zip_longest
from math import isfinite, prod
from typing import Any, Final

from watcher.stories.days import Dated, Day, find_days, share_day, without_months
from watcher.stories.numerals import with_digits
from watcher.stories.vocabulary import alternatives, table
from watcher.stories.words import is_unspaced
from watcher.topics.wordsets import word_set

#: Rounded amounts ("$14.8 billion", "$15 billion") tell the same figure within this share.
TOLERANCE: Final = 0.03
#: What floats may miss a half by.
_EXACTLY: Final = 1 + 1e-9

_FACTORS: Final = {word: float(factor) for word, factor in table("factors").items()}
_UNIT_OF: Final = table("units")
#: A dollar is written without its country where that is at home.
_DOLLARS: Final = frozenset({"usd", "aud", "cad", "sgd", "hkd"})
_MONEY: Final = frozenset(_UNIT_OF.values()) - {"%", "bp"}
#: Currencies that are called by their code: "IDR".
_CODES: Final = _MONEY - {"ringgit"}
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
#: Counts that people round are no less, and multiples of this.
_LEAST_ROUND: Final = 100
_ROUND: Final = 10
#: Of a summary smaller numbers without a unit tell nothing.
_LEAST_COUNT: Final = 10


@dataclass(frozen=True, slots=True)
class Number:
    """An amount and its unit ("%", a currency, or ""); `rounded` ones compare within 3 %.

    Attributes:
        decimal: whether it is written with decimals, as the magnitude "5.0" and no count.
        step: what its last written digit counts, without zeros: 0.1e9 of "3.6 billion", 1e7 of "150
            million"; 0 if nobody knows.
    """

    value: float
    unit: str = ""
    rounded: bool = False
    decimal: bool = field(default=False, compare=False)
    step: float = field(default=0.0, compare=False)

    @property
    def is_measure(self) -> bool:
        """Whether it is a decimal without a unit: the magnitude of an earthquake."""
        return self.decimal and not self.unit

    def equals(self, other: "Number") -> bool:
        """Whether both tell the same figure; a missing unit agrees with any.

        A rounded one is that of which the finer one rounds to the coarser: 14.8 billion and 15
        billion are one figure, 3.6 and 3.7 billion two.
        """
        if self.unit != other.unit and self.unit and other.unit:
            return False
        if self.rounded or other.rounded:
            return self._is_near(other) and self._rounds_to(other)
        return self.value == other.value

    def _is_near(self, other: "Number") -> bool:
        return abs(self.value - other.value) <= TOLERANCE * max(self.value, other.value)

    def _rounds_to(self, other: "Number") -> bool:
        """Whether the finer of two writings rounds to the coarser, or nobody knows."""
        is_known = bool(self.step and other.step)
        half = max(self.step, other.step) / 2
        return not is_known or abs(self.value - other.value) <= half * _EXACTLY


@dataclass(frozen=True, slots=True)
class Numbers:
    """All figures of one text.

    Attributes:
        amounts: plain numbers and amounts, without what is in the other fields.
        dates: the days named, both ends where it is "18-19 June".
        years: 1900 to 2099.
        exact: scores, ranges and times of day, as written.
        dated: the days whose year is written with them.
    """

    amounts: tuple[Number, ...] = ()
    dates: frozenset[Day] = frozenset()
    years: frozenset[int] = frozenset()
    exact: frozenset[str] = frozenset()
    dated: frozenset[Dated] = field(default=frozenset(), compare=False)

    def __bool__(self) -> bool:
        return bool(self.amounts or self.dates or self.years or self.exact)


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


def tells(number: Number) -> bool:
    """Whether a number in a summary tells something, as "two leaders" does not."""
    return bool(number.unit) or number.value >= _LEAST_COUNT


def are_alike(a: Numbers, b: Numbers) -> bool:
    """Whether two texts name the very same figures in one order, however they write them."""
    if (a.dates, a.years, a.exact) != (b.dates, b.years, b.exact):
        return False
    ours, theirs = ([(one.value, one.unit) for one in of.amounts] for of in (a, b))
    return ours == theirs


def conflict(a: Numbers, b: Numbers, *, roughly: bool = False) -> str:
    """Return in a few words which figures contradict each other, "" if none do.

    Two texts contradict each other when each names a figure of a kind that the other has
    differently; one that only names more does not.

    Args:
        a: the figures of one text.
        b: those of the other.
        roughly: whether a count ("2 dead") is of another kind than a measure ("7.4"), and a round
            number says "about": enough to join two reports, never to keep quiet about one.
    """
    if a.dates and b.dates and not share_day(a.dates, b.dates):
        return f"dates {_some(a.dates)} and {_some(b.dates)}"
    parted: tuple[tuple[str, frozenset[Any], frozenset[Any]], ...] = (
        ("figures", a.exact, b.exact),
        ("years", a.years, b.years),
    )
    for kind, left, right in parted:
        if left and right and left.isdisjoint(right):
            return f"{kind} {_some(left)} and {_some(right)}"
    left_only, right_only = unmatched(a.amounts, b.amounts)
    for left_number, right_number in product(left_only, right_only):
        if _differ(left_number, right_number, roughly=roughly):
            return f"numbers {shown(left_number)} and {shown(right_number)}"
    return ""


def _differ(a: Number, b: Number, *, roughly: bool) -> bool:
    """Whether two unequal amounts tell different figures of one kind."""
    if a.unit != b.unit or not roughly:
        return a.unit == b.unit
    return a.is_measure == b.is_measure and not _is_about(a, b) and not _is_about(b, a)


def _is_about(a: Number, b: Number) -> bool:
    """Whether a round number may tell another one roughly: "more than 240 on board", 242."""
    is_round = a.value >= _LEAST_ROUND and a.value % _ROUND == 0
    return is_round and abs(a.value - b.value) <= TOLERANCE * a.value


def in_other_money(a: Numbers, b: Numbers) -> str:
    """Return one amount that is in two currencies, "" if none is: a converted one would differ."""
    for left, right in product(*unmatched(a.amounts, b.amounts)):
        units = {left.unit, right.unit}
        if units <= _MONEY and units - _DOLLARS and left.equals(replace(right, unit=left.unit)):
            return f"numbers {shown(left)} and {shown(right)}"
    return ""


def unmatched(a: Iterable[Number], b: Iterable[Number]) -> tuple[list[Number], list[Number]]:
    """Return what only one side has; an amount in another currency counts as matched."""
    left, right = list(a), list(b)
    return list(beside(left, right)), list(beside(right, left))


def beside(own: Iterable[Number], known: Collection[Number]) -> Iterator[Number]:
    """Yield the amounts that tell another figure than all that are known."""
    return (one for one in own if not any(one.equals(other) for other in known))


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


#: Before a decimal fraction.
_MAGNITUDE: Final = re.compile(r"(?<!\w)m$", re.ASCII)


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


def _some(values: frozenset[Any]) -> str:
    first = min(values, key=str)
    return "/".join(map(str, first)) if isinstance(first, tuple) else str(first)


def shown(number: Number) -> str:
    """Return a number as people write it: "46,000,000,000 IDR"."""
    # A decimal is written out where a float has an exponent: "4.6e+10".
    figure = f"{Decimal(f'{number.value:.10g}'):,f}"
    unit = number.unit.upper() if number.unit in _CODES else number.unit
    return f"{figure}{' ' if unit.isalpha() else ''}{unit}"
