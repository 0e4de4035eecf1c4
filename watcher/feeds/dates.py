"""Dates as feeds write them: RFC 5322, ISO 8601, and what newsrooms make of both.

feedparser's own dates are not used: it reads WIB and KST as GMT, and `2020/1/10` as November.
No pattern below repeats without a bound, and texts are short, so no text takes long.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone

from watcher.feeds.date_words import AFTERNOON, MONTHS, MORNING, ZONES, fold

#: Longest text that can be a date: "Wednesday, 13 September 2023 14:05:00 GMT+0700 (Western
#: Indonesia Time)" has 71 characters.
MAX_DATE = 120

#: A clock or a zone that is wrong this far ahead is taken for now; beyond it is no date.
FUTURE_GRACE = timedelta(hours=1)

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
        now: the clock: dates up to an hour ahead become `now`, later ones None.
        month_first: "09/13/2023" style where a date like 9/10/2023 can be read both ways.
    """
    if not 0 < len(text) <= MAX_DATE:
        return None
    try:
        return _nearest(_readings(_normal(text), month_first), now)
    except (ValueError, OverflowError):
        return None


def month_first(texts: Iterable[str]) -> bool:
    """Tell whether a feed writes the month before the day: some "9/13", and never "13/9"."""
    pairs = [
        (int(found[1]), int(found[3])) for t in texts if (found := NUMBERS.search(t[:MAX_DATE]))
    ]
    return any(second > 12 for _, second in pairs) and all(first <= 12 for first, _ in pairs)  # noqa: PLR2004 - months


def _normal(text: str) -> str:
    words = " ".join(fold(text).split())
    return VIETNAMESE_MONTH.sub(r"/\1/", re.sub(r"(كانون|تشرين) ", r"\1_", words))


def _nearest(readings: Iterator[tuple[datetime, timedelta]], now: datetime) -> datetime | None:
    """Take the first reading that is not in the future; one just ahead counts as now."""
    for moment, grace in readings:
        if EARLIEST <= moment <= now + grace:
            return min(moment, now)
    return None


def _readings(text: str, month_first: bool) -> Iterator[tuple[datetime, timedelta]]:
    if found := EPOCH.fullmatch(text):
        yield datetime.fromtimestamp(int(found[1]), UTC), FUTURE_GRACE
    elif found := COMPACT.fullmatch(text):
        yield from _compact(found)
    else:
        yield from _spelled(text, month_first)


def _compact(found: re.Match[str]) -> Iterator[tuple[datetime, timedelta]]:
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    zone = OFFSET.match(found[7] or "")
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_fixed(zone))
    yield moment.astimezone(UTC), FUTURE_GRACE if found[4] else FUTURE_GRACE_OF_DAY


def _spelled(text: str, month_first: bool) -> Iterator[tuple[datetime, timedelta]]:
    """Find the time, then the date in what is left of the text, then the zone."""
    clock = CLOCK.search(text) or ASIAN_CLOCK.search(text)
    rest = text[: clock.start()] + " | " + text[clock.end() :] if clock else text
    date = _date(rest, month_first)
    if date is None:
        return
    year, month, day, place = date
    if clock is None:
        rest = rest[: place[0]] + " | " + rest[place[1] :]
        clock = DOTTED_CLOCK.search(rest)
        after = rest[clock.end() :] if clock else ""
    else:
        after = text[clock.end() :]
    hour, minute, second = _time(clock, text)
    naive = datetime(year, month, day) + timedelta(hours=hour, minutes=minute, seconds=second)  # noqa: DTZ001 - the zone follows
    grace = FUTURE_GRACE if clock else FUTURE_GRACE_OF_DAY
    for zone in _zones(after, rest):
        yield naive.replace(tzinfo=zone).astimezone(UTC), grace


def _time(clock: re.Match[str] | None, text: str) -> tuple[int, int, int]:
    """Return hour, minute and second; 24:00 is the next midnight, a leap second the 59th."""
    if clock is None:
        return 0, 0, 0
    hour, minute, second = (int(group or 0) for group in clock.groups())
    after, before = HALF_AFTER.match(text, clock.end()), HALF_BEFORE.search(text, 0, clock.start())
    half = after[1] if after else before[0] if before else None
    if half and hour <= 12:  # noqa: PLR2004 - the clock's
        hour = hour % 12 + (12 if half in AFTERNOON else 0)
    if hour > 24 or minute > 59 or second > 60:  # noqa: PLR2004 - the clock's
        raise ValueError(text)
    return hour, minute, min(second, 59)


def _zones(after: str, rest: str) -> Iterator[timezone]:
    """Yield the zone's readings: a number beside the time, else a name, else UTC."""
    half = HALF_AFTER.match(after)
    offset = OFFSET.match(after, half.end() if half else 0)
    names = [word for word in WORD.findall(after) + WORD.findall(rest) if word in ZONES]
    if offset:
        yield _fixed(offset)
    elif names:
        yield from (timezone(timedelta(minutes=minutes)) for minutes in ZONES[names[0]])
    else:
        yield UTC


def _fixed(offset: re.Match[str] | None) -> timezone:
    if offset is None:
        return UTC
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))


def _date(text: str, month_first: bool) -> tuple[int, int, int, tuple[int, int]] | None:
    """Return year, month and day, and where they stand."""
    if found := ASIAN_DATE.search(text):
        era = JAPANESE_ERAS.get(found[1] or "", 0)
        year = era + int(found[2].replace("元", "1"))
        return _whole(str(year), found[3], found[4], found)
    if found := YEAR_FIRST.search(text):
        return _whole(found[1], found[2], found[3], found)
    return _named_date(text) or _numeric_date(text, month_first)


def _named_date(text: str) -> tuple[int, int, int, tuple[int, int]] | None:
    for pattern, (year, name, day) in (
        (DAY_NAME_YEAR, (3, 2, 1)),
        (NAME_DAY_YEAR, (3, 1, 2)),
        (YEAR_NAME_DAY, (1, 2, 3)),
    ):
        for found in pattern.finditer(text):
            if month := MONTHS.get(found[name]):
                return _whole(found[year], str(month), found[day], found)
    return None


def _numeric_date(text: str, month_first: bool) -> tuple[int, int, int, tuple[int, int]] | None:
    found = NUMBERS.search(text)
    if not found:
        return None
    day, month = found[1], found[3]
    if int(month) > 12 or (month_first and int(day) <= 12):  # noqa: PLR2004 - months
        day, month = month, day
    return _whole(found[4], month, day, found)


def _whole(
    digits: str, month: str, day: str, found: re.Match[str]
) -> tuple[int, int, int, tuple[int, int]]:
    year = int(digits)
    if len(digits) == 2:  # noqa: PLR2004 - "23" means 2023, "0023" does not
        year += 2000 if year < CENTURY_PIVOT else 1900
    elif year > BUDDHIST_FROM:
        year -= BUDDHIST_YEARS
    return year, int(month), int(day), found.span()
