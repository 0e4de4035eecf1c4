"""The days that a text names, in the notations of many languages."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import MAXYEAR, date
from functools import cache, partial
from typing import Final, NamedTuple

from watcher.data_files import read_table
from watcher.stories.vocabulary import alternatives, table
from watcher.stories.words import is_unspaced


class Day(NamedTuple):
    """A day of a year; the month is 0 where nothing tells it."""

    month: int
    day: int


class Dated(NamedTuple):
    """A day with the year that is written with it."""

    year: int
    day: Day


_MONTHS: Final = 12
_DAYS: Final = 31
_YEAR_DIGITS: Final = 4
#: Of a year with two digits.
_CENTURY: Final = 2000
#: Who writes the month before the day. In English nobody knows: Americans do, others do not.
_MONTH_FIRST: Final = frozenset({"hu", "ja", "ko", "lt", "zh"})
_EITHER_WAY: Final = "en"
#: Further than any day that there is.
_FAR: Final = 1_000_000_000

#: A month's name is replaced by one character before dates are looked for, so that a thousand
#: names cost no more than one.
_MARK: Final = 0xE000
_MONTH: Final = f"[{chr(_MARK + 1)}-{chr(_MARK + _MONTHS)}]"
_ANY_MONTH: Final = re.compile(_MONTH)
#: A name may hold marks that are no letters to a pattern.
_NAME: Final = re.compile(
    r"[^\s\d.,;:/()\[\]{}\"'\u2018\u2019«»„“”|~∼〜・·、。!?…\-\u2010-\u2015]+"
)

#: Between the two days of "18-19 June" and "18 and 19 June".
_DASH: Final = r"\s?[-\u2010-\u2015~∼〜]\s?"
_AND: Final = (
    rf"(?:{_DASH}|\s(?:and|to|dan|hingga|sampai|и|та|і|по|до|y|e|al?|et|au|und|bis|en|tot|och|og|"
    r"i|do|ve|va|den)\s)"
)
_AND_HAN: Final = r"\s?(?:[-\u2010-\u2015~∼〜・·、至到和及と과와]|から|부터)\s?"
#: After "3일": so many days, or a day so many from now. Before what looks like one of these a date
#: is still a date: "18일 만나", "19日前往".
_SPAN: Final = (
    r"\s?(?:間|间|ぶり|目|以[内上下]|[内內](?!閣|阁|務|务|容)|前(?![往来來夕])|[後后](?!半)|連続|连续"
    r"|만에|만의|째|연속|동안|이내|[간전후뒤](?!\w))"
)
_NO_DATE: Final = rf"(?!{_SPAN}|[本韓米産系英経]|中(?![午旬]))"
_TH: Final = r"(?:st|nd|rd|th|\.)?"

_DATE: Final = re.compile(
    r"(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})(?!\d)"
    r"|(?<![\d.,])(?P<d0>\d{1,2})\.(?P<m0>\d{1,2})\.(?P<y0>\d{4})(?!\d)"
    rf"|(?<![\d.,])(?:(?P<r2>\d{{1,2}}){_TH}{_AND})?(?P<d2>\d{{1,2}}){_TH}(?:\sde)?\s"
    rf"(?P<m2>{_MONTH})\.?(?:\s(?:de\s)?(?P<y2>\d{{4}}))?"
    rf"|(?P<m3>{_MONTH})\.?\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:{_DASH}(?P<r3>\d{{1,2}})(?:st|nd|rd|th)?)?(?![\d.,]\d|\d)(?:,?\s(?P<y3>\d{{4}}))?"
    rf"|(?P<m4>\d{{1,2}})\s?[月월]\s?(?:(?P<r4>\d{{1,2}})\s?[日일号號]?{_AND_HAN})?"
    r"(?P<d4>\d{1,2})\s?[日일号號]"
    rf"|(?<!\d)(?:(?P<r5>\d{{1,2}})\s?[日일]?{_AND_HAN})?(?P<d5>\d{{1,2}})\s?[日일]{_NO_DATE}"
    r"|(?<!\d)(?P<d7>\d{1,2})\sthang\s(?P<m7>\d{1,2})(?!\d)"
    r"|(?<![\d/])(?P<a6>\d{1,2})/(?P<b6>\d{1,2})(?:/(?P<y6>\d{2,4}))?(?![\d/])"
)
#: One of these, or a month's name, stands in every date.
_IN_DATES: Final = re.compile(r"\d{4}[-/.]\d|\d[/.]\d|[月월日일]|\dthang|\sthang\s")


def find_days(
    text: str, reported: date | None, language: str | None = None, *, month_first: bool = False
) -> tuple[str, frozenset[Day], frozenset[Dated]]:
    """Return a folded text without its dates, the days, and those whose year it names.

    A month's name that is in no date stays as one character, which is no letter.

    Args:
        text: folded.
        reported: when; a day without a month is the nearest one, and so is one that may be read in
            two ways ("6/10"). None if unknown.
        language: its primary subtag, which tells how "6/10" is read; None if unknown.
        month_first: whether "6/10" is in June where neither the language tells nor what is nearer.
    """
    days: set[Day] = set()
    dated: set[Dated] = set()
    marked = _NAME.sub(lambda found: _months().get(found[0], found[0]), text)
    if marked == text and not _IN_DATES.search(text):
        return text, frozenset(), frozenset()
    is_open = language is None or language == _EITHER_WAY
    read = partial(
        _slashed,
        reported=reported if is_open else None,
        month_first=month_first if is_open else language in _MONTH_FIRST,
    )
    rest = _DATE.sub(lambda found: _take(found, days, dated, read), marked)
    near = frozenset(_near(day, reported) if reported else day for day in days)
    return rest, near, frozenset(dated)


def is_month(word: str) -> bool:
    """Whether a folded word is the name of a month in any language."""
    return word in _months()


def without_months(text: str) -> str:
    """Return what `find_days` left of a text with "月" for each month that is in no date."""
    return _ANY_MONTH.sub("月", text)


def find_weekdays(text: str) -> frozenset[str]:
    """Return the days of the week that a folded text names, "1" to "7" from Monday on."""
    return frozenset(_weekdays()[found] for found in _weekday().findall(text))


def share_day(a: Collection[Day], b: Collection[Day]) -> bool:
    """Whether both name one day; one without a month agrees with that of any."""
    if not a or not b:
        return False
    if any(day.month == 0 for day in (*a, *b)):
        return any(_may_be(one, other) for one in a for other in b)
    return not frozenset(a).isdisjoint(b)


def are_ahead(days: Collection[Day], reported: date) -> bool:
    """Whether all of these days, one at least, come after the one on which it was reported."""
    dates = [_dated(_near(day, reported), reported) for day in days]
    return bool(dates) and all(day is not None and day > reported for day in dates)


@cache
def _weekdays() -> dict[str, str]:
    return table("weekdays")


@cache
def _weekday() -> re.Pattern[str]:
    """Return what finds their names; where words have spaces around, the whole word."""
    unspaced = {word for word in _weekdays() if is_unspaced(word)}
    spaced = _weekdays().keys() - unspaced
    return re.compile(rf"(?<!\w)(?:{alternatives(spaced)})(?!\w)|{alternatives(unspaced)}")


def _may_be(a: Day, b: Day) -> bool:
    return a.day == b.day and (a.month == b.month or 0 in (a.month, b.month))


def _take(
    found: re.Match[str],
    days: set[Day],
    dated: set[Dated],
    slashed: Callable[[dict[str, str]], Iterable[Day]],
) -> str:
    """Note what a date names; return what stays of it in the text: nothing, if it is one."""
    part = {key: value for key, value in found.groupdict().items() if value}
    named = set(slashed(part) if "a6" in part else _plain(part))
    if not named:
        return found[0]
    days |= named
    years = [int(part[key]) for key in part if key[0] == "y" and len(part[key]) == _YEAR_DIGITS]
    dated |= {Dated(year, day) for year in years for day in named}
    return " "


def _slashed(part: dict[str, str], reported: date | None, *, month_first: bool) -> tuple[Day, ...]:
    """Return the day of "8/20" or "20/8"; of "8/9" the one that is nearer to a report, if given."""
    first, second = int(part["a6"]), int(part["b6"])
    ways = [Day(first, second), Day(second, first)]
    readings = [day for day in (ways if month_first else ways[::-1]) if _is_day(day)]
    if reported and len(readings) > 1:
        readings.sort(key=lambda day: _days_off(day, part.get("y6", ""), reported))
    return tuple(readings[:1])


def _is_day(day: Day) -> bool:
    return 0 < day.month <= _MONTHS and 0 < day.day <= _DAYS


def _days_off(day: Day, year: str, reported: date) -> int:
    """Return how many days lie between a day and a report."""
    written = _date(_full(year), day) if year else _dated(day, reported)
    return abs((written - reported).days) if written else _FAR


def _full(year: str) -> int:
    return int(year) if len(year) == _YEAR_DIGITS else _CENTURY + int(year) % 100


def _plain(part: dict[str, str]) -> Iterator[Day]:
    months = [_month(part[key]) for key in part if key[0] == "m"]
    days = [int(part[key]) for key in part if key[0] in "dr"]
    if all(0 < month <= _MONTHS for month in months) and all(0 < day <= _DAYS for day in days):
        yield from (Day(month, day) for month in months or (0,) for day in days)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else ord(text) - _MARK


def _near(day: Day, reported: date) -> Day:
    """Return a day with its month: of one before, this and one after, the nearest."""
    if day.month:
        return day
    months = [(reported.month + step - 1) % _MONTHS + 1 for step in (0, -1, 1)]
    dated = [(_dated(Day(month, day.day), reported), month) for month in months]
    nearest = min(
        ((abs((found - reported).days), month) for found, month in dated if found), default=(0, 0)
    )
    return Day(nearest[1], day.day)


def _dated(day: Day, reported: date) -> date | None:
    """Return a day of the year in which it is nearest; None if there is no such day."""
    years = (reported.year, reported.year - 1, reported.year + 1)
    found = [_date(year, day) for year in years]
    return min(filter(None, found), key=lambda one: abs((one - reported).days), default=None)


def _date(year: int, day: Day) -> date | None:
    if not 0 < year <= MAXYEAR:
        return None
    try:
        return date(year, day.month, day.day)
    except ValueError:  # 31 June
        return None


@cache
def _months() -> dict[str, str]:
    """Return a month's name -> its mark."""
    named: Mapping[str, list[str]] = read_table("stories", "months.json")
    words = {word: month for month, names in named.items() for word in names}
    # Ours go first: CLDR leaves open what means two months in two languages.
    return {word: chr(_MARK + int(month)) for word, month in (words | table("months")).items()}
