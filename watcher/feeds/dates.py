"""Dates as feeds write them: RFC 5322, ISO 8601, and what newsrooms make of both.

feedparser's own dates are not used: it reads WIB and KST as GMT, and `2020/1/10` as November.
No pattern below repeats without a bound, and texts are short, so no text takes long.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from watcher.feeds.date_words import AFTERNOON, MONTHS, MORNING, ZONES, fold

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

#: No place is farther from UTC than Kiritimati.
FARTHEST_ZONE = timedelta(hours=14)

NOON = 12
END_OF_DAY = 24
DECEMBER = 12

EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d{1,9})?")
COMPACT = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:[t ]?(\d{2})(\d{2})(\d{2})?(?:\.\d{1,9})?)?\s?(z|[+-]\d{2}:?\d{2})?"
)
CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s?:\s?(\d{1,2})(?:\s?:\s?(\d{1,2}))?(?:[.,]\d{1,9})?")
ASIAN_CLOCK = re.compile(
    r"(\d{1,2})\s?[시時时点點]\s?(?:(\d{1,2})\s?[분分])?\s?(?:(\d{1,2})\s?[초秒])?"
)
DOTTED_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?![\d.])")
HALF_AFTER = re.compile(
    rf"[\s,]{{0,2}}({'|'.join(map(re.escape, sorted(MORNING | AFTERNOON, reverse=True)))})(?!\w)"
)
#: Not "am": in German that is the word before a date.
HALF_BEFORE = re.compile(
    "|".join(word for word in sorted(MORNING | AFTERNOON) if word > "\u2e80") + r"|\bpm\b"
)
OFFSET = re.compile(r"\s{0,3}(?:gmt|utc|ut)?\s?([+-])\s?(\d{1,2}):?(\d{2})?(?!\d)")
WORD = re.compile(r"[^\W\d]+")

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


def parse_date(text: str, *, now: datetime, month_first: bool = False) -> datetime | None:
    """Return the moment a feed names, in UTC, or None when it names no sane one.

    Args:
        text: the date as the feed spells it. Without a zone it is taken as UTC.
        now: the clock: dates up to two days ahead become `now`, later ones None.
        month_first: "09/13/2023" style where a date like 9/10/2023 can be read both ways.
    """
    moments = _moments(text, month_first)
    for moment, grace in moments:
        if moment <= now + grace:
            return min(moment, now)
    return now if any(moment <= now + FARTHEST_AHEAD for moment, _ in moments) else None


def is_ahead(text: str, *, now: datetime, month_first: bool = False) -> bool:
    """Tell whether a text names a moment further ahead of the clock than clocks differ."""
    moments = _moments(text, month_first)
    return bool(moments) and all(moment > now + grace for moment, grace in moments)


def month_first(texts: Iterable[str]) -> bool:
    """Tell whether a feed writes the month before the day: some "9/13", and never "13/9"."""
    found = filter(None, (NUMBERS.search(text[:MAX_DATE]) for text in texts))
    pairs = [(int(numbers[1]), int(numbers[3])) for numbers in found]
    return any(second > DECEMBER for _, second in pairs) and all(
        first <= DECEMBER for first, _ in pairs
    )


def is_numeric(text: str) -> bool:
    """Tell whether a date's order of day and month hangs on the other dates of its feed."""
    return bool(NUMBERS.search(text[:MAX_DATE]))


def _normal(text: str) -> str:
    words = " ".join(fold(text).split())
    return VIETNAMESE_MONTH.sub(r"/\1/", re.sub(r"(كانون|تشرين) ", r"\1_", words))


def _moments(text: str, month_first: bool) -> list[tuple[datetime, timedelta]]:
    """Return the sane moments that a text can mean, likeliest first, each with its grace."""
    if not 0 < len(text) <= MAX_DATE:
        return []
    try:
        readings = list(_readings(_normal(text), month_first))
    except (ValueError, OverflowError):
        return []
    return [(moment, grace) for moment, grace in readings if moment >= EARLIEST]


def _readings(text: str, month_first: bool) -> Iterator[tuple[datetime, timedelta]]:
    """Yield what the text can mean, likeliest first, and how far ahead is nothing to tell."""
    if found := EPOCH.fullmatch(text):
        yield datetime.fromtimestamp(int(found[1]), UTC), FUTURE_GRACE
    elif found := COMPACT.fullmatch(text):
        yield _compact(found)
    else:
        yield from _spelled(text, month_first)


def _compact(found: re.Match[str]) -> tuple[datetime, timedelta]:
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    local = _start(date(year, month, day)) + _since_midnight(hour, minute, second)
    offset = OFFSET.match(found[7] or "")
    grace = FUTURE_GRACE if found[4] else FUTURE_GRACE_OF_DAY
    return local - (_offset(offset) if offset else timedelta()), grace


def _spelled(text: str, month_first: bool) -> Iterator[tuple[datetime, timedelta]]:
    """Find the time, then the date in what is left of the text, then the zone."""
    clock = CLOCK.search(text) or ASIAN_CLOCK.search(text)
    found = _date(_without(clock, text), month_first)
    if found is None:
        return
    day, rest = found
    clock = clock or DOTTED_CLOCK.search(rest)
    after = clock.string[clock.end() :] if clock else ""
    local = _start(day) + (_time(clock) if clock else timedelta())
    for offset in _zones(after, rest):
        yield local - offset, FUTURE_GRACE if clock else FUTURE_GRACE_OF_DAY


def _without(found: re.Match[str] | None, text: str) -> str:
    """Return the text with a bar in place of what was found, so that nothing grows together."""
    return f"{text[: found.start()]} | {text[found.end() :]}" if found else text


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


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


def _zones(after: str, rest: str) -> Iterator[timedelta]:
    """Yield the zone's readings: a number beside the time, else a name, else UTC."""
    half = HALF_AFTER.match(after)
    number = OFFSET.match(after, half.end() if half else 0)
    names = (word for word in WORD.findall(after) + WORD.findall(rest) if word in ZONES)
    if number:
        yield _offset(number)
    else:
        yield from (timedelta(minutes=minutes) for minutes in ZONES[next(names, "utc")])


def _offset(found: re.Match[str]) -> timedelta:
    """Return an offset from UTC; a ValueError for one that no place on earth has."""
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if offset > FARTHEST_ZONE:
        raise ValueError(found[0])
    return -offset if found[1] == "-" else offset


def _date(text: str, month_first: bool) -> tuple[date, str] | None:
    """Return the day that a text names, and the text without it."""
    if found := ASIAN_DATE.search(text):
        year = JAPANESE_ERAS.get(found[1] or "", 0) + int(found[2].replace("元", "1"))
        return _whole(str(year), found[3], found[4], found)
    if found := YEAR_FIRST.search(text):
        return _whole(found[1], found[2], found[3], found)
    return _named_date(text) or _numeric_date(text, month_first)


def _named_date(text: str) -> tuple[date, str] | None:
    for pattern, (year, name, day) in (
        (DAY_NAME_YEAR, (3, 2, 1)),
        (NAME_DAY_YEAR, (3, 1, 2)),
        (YEAR_NAME_DAY, (1, 2, 3)),
    ):
        for found in pattern.finditer(text):
            if month := MONTHS.get(found[name]):
                return _whole(found[year], str(month), found[day], found)
    return None


def _numeric_date(text: str, month_first: bool) -> tuple[date, str] | None:
    found = NUMBERS.search(text)
    if not found:
        return None
    day, month = found[1], found[3]
    if int(month) > DECEMBER or (month_first and int(day) <= DECEMBER):
        day, month = month, day
    return _whole(found[4], month, day, found)


def _whole(digits: str, month: str, day: str, found: re.Match[str]) -> tuple[date, str]:
    year = int(digits)
    if len(digits) == len("23"):
        year += 2000 if year < CENTURY_PIVOT else 1900
    elif year > BUDDHIST_FROM:
        year -= BUDDHIST_YEARS
    return date(year, int(month), int(day)), _without(found, found.string)
