"""Dates as feeds write them: RFC 5322, ISO 8601, and what newsrooms make of both.

feedparser's own dates are not used: it reads WIB and KST as GMT, and `2020/1/10` as November.
No pattern below repeats without a bound, and texts are short, so no text takes long.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from watcher.feeds.date_words import AFTERNOON, MONTHS, MORNING, fold
from watcher.feeds.zones import offsets
from watcher.model import WHOLE_DAY

#: Longest text that can be a date: "Wednesday, 13 September 2023 14:05:00 GMT+0700 (Western
#: Indonesia Time)" has 71 characters.
MAX_DATE = 120

#: Clocks differ this much; nobody need hear of it.
FUTURE_GRACE = timedelta(hours=1)

#: A wrong zone, a wrong clock or an embargo puts a date this far ahead: it is taken for now.
#: One beyond it says nothing about when, and as now it would make an old entry look fresh.
FARTHEST_AHEAD = timedelta(hours=48)

#: A date without a time may be tomorrow's: the day begins 14 hours before UTC on Kiritimati.
FUTURE_GRACE_OF_DAY = timedelta(hours=14)

#: Before the web there were no feeds; such dates come from empty fields (1970, 1899, 0001).
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

#: Two-digit years below it are of this century (RFC 5322 section 4.3 says 50).
CENTURY_PIVOT = 50

#: Thai years (Buddhist era) run 543 ahead; Japanese ones count from the emperor's first.
BUDDHIST_YEARS = 543
BUDDHIST_FROM = 2400
JAPANESE_ERAS = {"令和": 2018, "平成": 1988}

#: How newsrooms order a date of three numbers; the last one leaves out the century.
DAY_FIRST, MONTH_FIRST, YEAR_FIRST_SHORT = "dmy", "mdy", "ymd"
ORDERS = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST_SHORT)

NOON = 12
END_OF_DAY = 24

EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d{1,9})?")
COMPACT = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:[t ]?(\d{2})(\d{2})(\d{2})?(?:\.\d{1,9})?)?\s?(z|[+-]\d{2}:?\d{2})?"
)
CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s?:\s?(\d{1,2})(?:\s?:\s?(\d{1,2}))?(?:[.,]\d{1,9})?")
ASIAN_CLOCK = re.compile(
    r"(\d{1,2})\s?[시時时点點]\s?(?:(\d{1,2})\s?[분分])?\s?(?:(\d{1,2})\s?[초秒])?"
)
#: French, Portuguese and Vietnamese: 11h35, 11 h 35 min, 11h.
LETTER_CLOCK = re.compile(r"(?<!\w)(\d{1,2})\s?h(?:\s?(\d{2})(?:\s?min)?)?()(?!\w)")
DOTTED_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?![\d.])")
HALF_AFTER = re.compile(
    rf"[\s,]{{0,2}}({'|'.join(map(re.escape, sorted(MORNING | AFTERNOON, reverse=True)))})(?!\w)"
)
#: Not "am": in German that is the word before a date.
HALF_BEFORE = re.compile(
    "|".join(word for word in sorted(MORNING | AFTERNOON) if word > "\u2e80") + r"|\bpm\b"
)

_NAME = r"([^\W\d]{2,20})"
_GAP = r"[\s,./\-]{0,3}"
ASIAN_DATE = re.compile(
    r"(令和|平成)?(\d{1,4}|元)\s?[년年]\s?(\d{1,2})\s?[월月]\s?(\d{1,2})\s?[일日号號]?"
)
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)")
DAY_NAME_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?{_GAP}(?:de |of )?{_NAME}{_GAP}(?:de |del )?"
    r"'?(\d{4}|\d{2})(?!\d)"
)
NAME_DAY_YEAR = re.compile(
    rf"{_NAME}\.?\s{{0,2}}(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)[^\d]{{1,12}}(\d{{4}})(?!\d)"
)
YEAR_NAME_DAY = re.compile(rf"(?<!\d)(\d{{4}}){_GAP}{_NAME}{_GAP}(\d{{1,2}})(?!\d)")
NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
VIETNAMESE_MONTH = re.compile(r"\s?thang\s(\d{1,2}),?\s")


def parse_date(text: str, *, now: datetime, orders: Collection[str] = ORDERS) -> datetime | None:
    """Return the moment a feed names, in UTC, or None when it names no sane one.

    Of what a text can mean it is the latest that is not ahead of the clock: what we have just
    received was hardly written months ago.

    Args:
        text: the date as the feed spells it. Without a zone it is taken as UTC; without an hour,
            or with midnight for one, it is a whole day (see `model.is_whole_day`).
        now: the clock: dates up to two days ahead become `now`, later ones None.
        orders: how the feed may order the numbers of a date (see `orders_of`).
    """
    moments = _moments(text, orders)
    if past := [moment for moment, grace in moments if moment <= now + grace]:
        return min(max(past), now)
    return now if any(moment <= now + FARTHEST_AHEAD for moment, _ in moments) else None


def is_ahead(text: str, *, now: datetime, orders: Collection[str] = ORDERS) -> bool:
    """Tell whether a text names a moment further ahead of the clock than clocks differ."""
    moments = _moments(text, orders)
    return bool(moments) and all(moment > now + grace for moment, grace in moments)


def orders_of(texts: Iterable[str]) -> Collection[str]:
    """Return the orders in which every date of a feed can be read: "9/13" is no ninth of a month.

    All of them where no order fits every date.
    """
    found = [numbers for text in texts if (numbers := NUMBERS.search(text[:MAX_DATE]))]
    return [order for order in ORDERS if all(_in_order(one, order) for one in found)] or ORDERS


def is_numeric(text: str) -> bool:
    """Tell whether a date's order of day and month hangs on the other dates of its feed."""
    return bool(NUMBERS.search(text[:MAX_DATE]))


def _normal(text: str) -> str:
    words = " ".join(fold(text).split())
    return VIETNAMESE_MONTH.sub(r"/\1/", re.sub(r"(كانون|تشرين) ", r"\1_", words))


def _moments(text: str, orders: Collection[str]) -> list[tuple[datetime, timedelta]]:
    """Return the sane moments that a text can mean, each with its grace."""
    if not 0 < len(text) <= MAX_DATE:
        return []
    try:
        readings = list(_readings(_normal(text), orders))
    except (ValueError, OverflowError):
        return []
    return [(moment, grace) for moment, grace in readings if moment >= EARLIEST]


def _readings(text: str, orders: Collection[str]) -> Iterator[tuple[datetime, timedelta]]:
    """Yield what the text can mean, and how far ahead is nothing to tell."""
    if found := EPOCH.fullmatch(text):
        yield datetime.fromtimestamp(int(found[1]), UTC), FUTURE_GRACE
    elif found := COMPACT.fullmatch(text):
        yield from _compact(found)
    else:
        yield from _spelled(text, orders)


def _compact(found: re.Match[str]) -> Iterator[tuple[datetime, timedelta]]:
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    clock = _since_midnight(hour, minute, second) if found[4] else None
    yield from _in_zones(date(year, month, day), clock, found[7] or "", "")


def _spelled(text: str, orders: Collection[str]) -> Iterator[tuple[datetime, timedelta]]:
    """Find the time, then the date in what is left of the text, then the zone."""
    clock = CLOCK.search(text) or ASIAN_CLOCK.search(text) or LETTER_CLOCK.search(text)
    days, rest = _dates(_without(clock, text), orders)
    clock = clock or DOTTED_CLOCK.search(rest)
    after = clock.string[clock.end() :] if clock else ""
    half = HALF_AFTER.match(after)
    beside = after[half.end() :] if half else after
    for day in days:
        yield from _in_zones(day, _time(clock) if clock else None, beside, rest)


def _in_zones(
    day: date, clock: timedelta | None, beside: str, rest: str
) -> Iterator[tuple[datetime, timedelta]]:
    """Yield a time of day in each zone that is meant.

    Midnight is what systems write that know no hour: it stands for the whole day.
    """
    local = datetime.combine(day, time(), UTC) + (clock or timedelta())
    if not clock:
        local += WHOLE_DAY
    for offset in offsets(local.replace(tzinfo=None), beside, rest):
        yield local - offset, FUTURE_GRACE_OF_DAY if clock is None else FUTURE_GRACE


def _without(found: re.Match[str] | None, text: str) -> str:
    """Return the text with a bar in place of what was found, so that nothing grows together."""
    return f"{text[: found.start()]} | {text[found.end() :]}" if found else text


def _time(clock: re.Match[str]) -> timedelta:
    hour, minute, second = (int(group or 0) for group in clock.groups())
    after = HALF_AFTER.match(clock.string, clock.end())
    before = HALF_BEFORE.search(clock.string, 0, clock.start())
    half = after[1] if after else before[0] if before else None
    if half and hour <= NOON:
        hour = hour % NOON + (NOON if half in AFTERNOON else 0)
    return _since_midnight(hour, minute, second)


def _since_midnight(hour: int, minute: int, second: int) -> timedelta:
    """Check a time of day; 24:00 is the next midnight, and a leap second is the one before it."""
    checked = time(0 if hour == END_OF_DAY else hour, minute, min(second, 59))
    return timedelta(hours=hour, minutes=checked.minute, seconds=checked.second)


def _dates(text: str, orders: Collection[str]) -> tuple[list[date], str]:
    """Return the days that a text can name, and the text without them."""
    if found := ASIAN_DATE.search(text):
        year = JAPANESE_ERAS.get(found[1] or "", 0) + int(found[2].replace("元", "1"))
        return [_day(str(year), found[3], found[4])], _without(found, text)
    if found := YEAR_FIRST.search(text):
        return [_day(found[1], found[2], found[3])], _without(found, text)
    return _named_date(text) or _numeric_dates(text, orders)


def _named_date(text: str) -> tuple[list[date], str] | None:
    for pattern, (year, name, day) in (
        (DAY_NAME_YEAR, (3, 2, 1)),
        (NAME_DAY_YEAR, (3, 1, 2)),
        (YEAR_NAME_DAY, (1, 2, 3)),
    ):
        for found in pattern.finditer(text):
            if month := MONTHS.get(found[name]):
                return [_day(found[year], str(month), found[day])], _without(found, text)
    return None


def _numeric_dates(text: str, orders: Collection[str]) -> tuple[list[date], str]:
    found = NUMBERS.search(text)
    if not found:
        return [], text
    days = {one: day for one in ORDERS if one in orders and (day := _in_order(found, one))}
    if found[2] == "." and DAY_FIRST in days:  # with dots hardly anybody writes the month first
        days.pop(MONTH_FIRST, None)
    return list(days.values()), _without(found, text)


def _in_order(numbers: re.Match[str], order: str) -> date | None:
    """Return the day that three numbers name in an order; None if there is none."""
    named = dict(zip(order, (numbers[1], numbers[3], numbers[4]), strict=True))
    if len(named["y"]) == 1 or len(named["d"]) > len("31"):
        return None
    try:
        return _day(named["y"], named["m"], named["d"])
    except ValueError:
        return None


def _day(digits: str, month: str, day: str) -> date:
    year = int(digits)
    if len(digits) == len("23"):
        year += 2000 if year < CENTURY_PIVOT else 1900
    elif year > BUDDHIST_FROM:
        year -= BUDDHIST_YEARS
    return date(year, int(month), int(day))
