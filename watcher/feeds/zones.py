"""Zones as feeds write them: an offset, a short or long name, the name of a region."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

#: No place is farther from UTC than Kiritimati.
FARTHEST = timedelta(hours=14)

#: Beside the time: +0700, GMT+7, (UTC+07:00); "14:05 - 13/09/2023" has a dash and no offset.
OFFSET = re.compile(
    r"[\s(]{0,4}(?:(?:gmt|utc|ut)\s?([+-])\s?|([+-])(?:\s(?=\d{2}:?\d{2}))?)"
    r"(\d{1,2}):?(\d{2})?(?![./-]?\d)"
)
WORD = re.compile(r"[^\W\d]+")

_ZONES = """
z=0 ut=0 utc=0 gmt=0 wet=0 west=1 bst=1 cet=1 mez=1 cest=2 mesz=2 met=1 mest=2 eet=2 eest=3 sast=2
cat=2 wat=1 eat=3 msk=3 мск=3 msd=4 trt=3 idt=3 samt=4 gst=4 irst=3.5 irdt=4.5 aft=4.5 pkt=5 uzt=5
yekt=5 ist=5.5/2 npt=5.75 almt=6 omst=6 mmt=6.5 novt=7 krat=7 ict=7 wib=7 hovt=7 wita=8 sgt=8 myt=8
hkt=8 pht=8 phst=8 awst=8 irkt=8 ulat=8 wit=9 kst=9 jst=9 yakt=9 kdt=10 acst=9.5 acdt=10.5 aest=10
aedt=11 vlat=10 chst=10 magt=11 sakt=11 pett=12 nzst=12 nzdt=13 nst=-3.5 ndt=-2.5 ast=-4/3 adt=-3
est=-5 edt=-4 cst=-6/8 cdt=-5 mst=-7/8 mdt=-6 pst=-8/8 pdt=-7 akst=-9 akdt=-8 hst=-10 brt=-3
brst=-2 art=-3 clt=-4 clst=-3 cot=-5 pet=-5 vet=-4
"""

#: Minutes east of UTC of each zone that a name can mean, such as the CST of a Chinese server.
ZONES: Mapping[str, tuple[int, ...]] = {
    name: tuple(int(float(hours) * 60) for hours in offsets.split("/"))
    for name, offsets in (pair.split("=") for pair in _ZONES.split())
}

#: The parts of the United States; words of other languages, unless they stand beside the time.
_PARTS = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
_PART = re.compile(r"[\s(]{0,2}(et|ct|mt|pt)(?!\w)")

_LONG_NAMES = """
eastern=America/New_York|central=America/Chicago|mountain=America/Denver
pacific=America/Los_Angeles|atlantic=America/Halifax|newfoundland=America/St_Johns
alaska=America/Anchorage|alaskan=America/Anchorage|hawaii=Pacific/Honolulu
hawaiian=Pacific/Honolulu|hawaii-aleutian=Pacific/Honolulu|brasilia=America/Sao_Paulo
e. south america=America/Sao_Paulo|argentina=America/Argentina/Buenos_Aires
colombia=America/Bogota|peru=America/Lima|venezuela=America/Caracas|chile=America/Santiago
greenwich mean=Etc/UTC|coordinated universal=Etc/UTC|gmt=Europe/London|british=Europe/London
irish=Europe/Dublin|western european=Europe/Lisbon|central european=Europe/Berlin
eastern european=Europe/Kyiv|w. europe=Europe/Berlin|central europe=Europe/Budapest
romance=Europe/Paris|fle=Europe/Kyiv|gtb=Europe/Bucharest|turkey=Europe/Istanbul
moscow=Europe/Moscow|russian=Europe/Moscow|israel=Asia/Jerusalem|egypt=Africa/Cairo
arab=Asia/Riyadh|arabia=Asia/Riyadh|arabian=Asia/Riyadh|gulf=Asia/Dubai
iran=Asia/Tehran|pakistan=Asia/Karachi|india=Asia/Kolkata|nepal=Asia/Kathmandu
sri lanka=Asia/Colombo|bangladesh=Asia/Dhaka|myanmar=Asia/Yangon|indochina=Asia/Bangkok
se asia=Asia/Bangkok|western indonesia=Asia/Jakarta|central indonesia=Asia/Makassar
eastern indonesia=Asia/Jayapura|malaysia=Asia/Kuala_Lumpur|singapore=Asia/Singapore
china=Asia/Shanghai|hong kong=Asia/Hong_Kong|taipei=Asia/Taipei|philippine=Asia/Manila
korea=Asia/Seoul|korean=Asia/Seoul|japan=Asia/Tokyo|tokyo=Asia/Tokyo
australian eastern=Australia/Sydney|aus eastern=Australia/Sydney
australian central=Australia/Adelaide|australian western=Australia/Perth
w. australia=Australia/Perth|new zealand=Pacific/Auckland|south africa=Africa/Johannesburg
east africa=Africa/Nairobi|eastern africa=Africa/Nairobi|west africa=Africa/Lagos
western africa=Africa/Lagos|central africa=Africa/Maputo
"""

#: "Eastern Standard Time", as Java, Windows and browsers write it -> a region that says so.
LONG_NAMES: Mapping[str, str] = dict(
    pair.split("=") for pair in _LONG_NAMES.strip().replace("\n", "|").split("|")
)
_LONG = re.compile(
    rf"(?<!\w)({'|'.join(map(re.escape, sorted(LONG_NAMES, key=len, reverse=True)))})"
    r" (?:standard |daylight |summer )?time(?!\w)"
)
_REGION = re.compile(
    r"(?<![\w/])(?:africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific)"
    r"(?:/[a-z_-]{3,30}){1,2}"
)


def offsets(local: datetime, beside: str, rest: str) -> Iterator[timedelta]:
    """Yield how far a zone that is meant may be from UTC; nothing for a text without one.

    Args:
        local: the time there, naive.
        beside: the text behind the time, folded.
        rest: the text without the time and without its date.

    Raises:
        ValueError: no place on earth has that offset.
    """
    if number := OFFSET.match(beside):
        yield _offset(number)
        return
    if region := _region(beside, rest):
        yield ZoneInfo(region).utcoffset(local) or timedelta()
        return
    names = (word for word in WORD.findall(beside) + WORD.findall(rest) if word in ZONES)
    yield from (timedelta(minutes=minutes) for minutes in ZONES[next(names, "utc")])


def _offset(found: re.Match[str]) -> timedelta:
    offset = timedelta(hours=int(found[3]), minutes=int(found[4] or 0))
    if offset > FARTHEST:
        raise ValueError(found[0])
    return -offset if "-" in (found[1], found[2]) else offset


def _region(beside: str, rest: str) -> str | None:
    """Return the region that "ET", a long name or its own name stands for; None without one."""
    if part := _PART.match(beside):
        return _PARTS[part[1]]
    for text in (beside, rest):
        if "time" in text and (found := _LONG.search(text)):
            return LONG_NAMES[found[1]]
        if "/" in text and (found := _REGION.search(text)):
            return _known_regions().get(found[0])
    return None


@cache
def _known_regions() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}
