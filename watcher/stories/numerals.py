"""Digits of every script, and numbers written in Chinese or Korean characters, as our digits.

"三千発", "3千発", "삼천 발" and "๓๐๐๐" are 3000. What makes a myriad or more of it stays:
"三千万" is "3000万", for print rounds there.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from watcher.stories.vocabulary import alternatives, word_list

_OTHER_DIGIT: Final = re.compile(r"(?![0-9])\d")
_DIGITS: Final = (
    {char: value for value, char in enumerate("〇一二三四五六七八九")}
    | {char: value for value, char in enumerate("일이삼사오육칠팔구", 1)}
    | {"零": 0, "两": 2, "兩": 2, "両": 2, "륙": 6}
)
_UNITS: Final = {"十": 10, "百": 100, "千": 1000, "십": 10, "백": 100, "천": 1000}
#: Of more characters no numeral is made.
_LONGEST: Final = 40
#: What is counted so often is written as no year is: "1,950".
_YEARS: Final = frozenset(range(1900, 2100)) - {2000}
#: Of Chinese digits alone so many are read one by one: "二〇二五年"; fewer say "two or three".
_ONE_BY_ONE: Final = 3

_COUNTERS: Final = word_list("counters")
_HANGUL: Final = "[가-힣]"
_HAN_COUNTER: Final = alternatives(word for word in _COUNTERS if not re.match(_HANGUL, word))
#: A word of its own, but for its particle: "발" counts shells, "발사" is a launch.
_HANGUL_COUNTER: Final = (
    rf"(?:{alternatives(word for word in _COUNTERS if re.match(_HANGUL, word))})"
    rf"(?:이|가|을|를|은|는|의|에|도|으로|로|과|와|씩|만|뿐|까지)?(?!{_HANGUL})"
)
_FIGURE: Final = r"\d++(?:[.,]\d++)*+"
_LED_BY_DIGITS: Final = re.compile(
    rf"(?<![\d.,])(?P<run>{_FIGURE}(?:[十百千万萬億亿兆십백천만억조]|{_FIGURE})++)"
)
#: Baidu, "very", the Thousand Talents Plan and the Gang of Four; "not even once".
_NO_HAN_COUNT: Final = "百度|十分(?![钟鐘鍾間])|千人[计計]|四人[帮幫]"
_NO_KOREAN_COUNT: Final = r"한\s번도"
#: Behind an ordinal's mark or "several" a numeral counts nothing.
_HAN: Final = re.compile(
    rf"(?<![第数數几幾〇零一二两兩両三四五六七八九十百千万萬億亿兆\d])(?!{_NO_HAN_COUNT})"
    r"(?P<run>[〇零一二两兩両三四五六七八九十百千万萬億亿兆]++)"
    rf"(?=[余餘多]?(?:{_HAN_COUNTER}))"
)
_SINO_KOREAN: Final = re.compile(
    rf"(?<!{_HANGUL})(?<!\d)(?<![\d수몇]\s)(?P<run>[일이삼사오육륙칠팔구십백천만억조]++)"
    rf"(?=(?P<space>\s?)여?\s?{_HANGUL_COUNTER})"
)
_TENS: Final = {
    word: 10 * tens
    for tens, word in enumerate(
        ["열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"], 1
    )
} | {"스무": 20}
_ONES: Final = {
    word: ones
    for ones, word in enumerate(["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"], 1)
}
_KOREAN: Final = re.compile(
    rf"(?<!{_HANGUL})(?!{_NO_KOREAN_COUNT})"
    rf"(?P<tens>{alternatives(_TENS)})?(?P<ones>{alternatives(_ONES)})?(?=\s{_HANGUL_COUNTER})"
)
_BEFORE_COUNTER: Final = re.compile(rf"(?<=[\d만억조])\s(?={_HANGUL_COUNTER})")
_MYRIADS: Final = re.compile("([万萬億亿兆만억조])")
_PARTS: Final = re.compile(rf"{_FIGURE}|.")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
#: "1.2.3" and "1,234.5" are not read.
_ONE_NUMBER: Final = re.compile(rf"\D|\d+(?:[.,]\d+)?|{_THOUSANDS.pattern}")
_IN_HAN: Final = re.compile("[〇零一二两兩両三四五六七八九十百千]")
_IN_HANGUL: Final = re.compile(_HANGUL)
#: What one of is counted; "一个", "一名" are articles as often as not, "一時" is "for a while".
_COUNTED_ONE: Final = frozenset("人枚发發発架艘辆輛棟栋年月日")


def western_digits(text: str) -> str:
    """Return text with the digits 0 to 9 for those of all other scripts."""
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)


def with_digits(text: str) -> str:
    """Return text with digits for the Chinese and Korean numerals that count something in it."""
    if text.isascii():
        return text
    is_han, is_hangul = _IN_HAN.search(text), _IN_HANGUL.search(text)
    if is_han or is_hangul:
        text = _LED_BY_DIGITS.sub(_rewritten, text)
    if is_han:
        text = _HAN.sub(_rewritten, text)
    if is_hangul:
        text = _SINO_KOREAN.sub(_rewritten_korean, text)
        text = _KOREAN.sub(_rewritten_native, text)
        text = _BEFORE_COUNTER.sub("", text)
    return text


def _rewritten(found: re.Match[str]) -> str:
    """Return a numeral in digits; as it was if it is none."""
    run = found["run"]
    if len(run) > _LONGEST or _is_plain(run) or (run == "一" and not _counts_one(found)):
        return run
    *parts, last = _MYRIADS.split(run)
    sections = [_section(part) for part in parts[::2]]
    rest = _section(last) if last else ""
    if rest is None or not all(sections):
        return run
    above = "".join(
        f"{section}{myriad}" for section, myriad in zip(sections, parts[1::2], strict=True)
    )
    return above + (f"{int(rest):,}" if not above and _is_counted_year(rest, last) else rest)


def _counts_one(found: re.Match[str]) -> bool:
    return found.string[found.end() : found.end() + 1] in _COUNTED_ONE


def _is_counted_year(digits: str, written: str) -> bool:
    """Whether a number would be taken for a year, though it is not written as one: "2천20"."""
    return any(char in _UNITS for char in written) and int(digits) in _YEARS


def _is_plain(run: str) -> bool:
    """Whether a run has no character to be made a digit: "3万5000"."""
    return not any(char in _UNITS or char in _DIGITS for char in run)


def _rewritten_korean(found: re.Match[str]) -> str:
    """Return the same, where a numeral is made of syllables that many a word is made of."""
    run = found["run"]
    is_number = any(char in _UNITS or _MYRIADS.match(char) for char in run)
    # "백발" is grey hair, "십대" a teenager.
    return _rewritten(found) if is_number and (len(run) > 1 or found["space"]) else run


def _rewritten_native(found: re.Match[str]) -> str:
    value = _TENS.get(found["tens"], 0) + _ONES.get(found["ones"], 0)
    return str(value) if value else found[0]


def _section(text: str) -> str | None:
    """Return what is written below a myriad in digits; None if it is no number."""
    parts = _PARTS.findall(text)
    if not any(part in _UNITS for part in parts):
        return _one_by_one(parts)
    value = _sum(parts)
    if value is None or value != int(value):
        return None
    return str(int(value))


def _one_by_one(parts: list[str]) -> str | None:
    if len(parts) == 1 and parts[0] not in _DIGITS:
        return parts[0]
    if any(part not in _DIGITS for part in parts) or 1 < len(parts) < _ONE_BY_ONE:
        return None
    return "".join(str(_DIGITS[part]) for part in parts)


def _sum(parts: Iterable[str]) -> Decimal | None:
    """Return the value of "1천600": every digit with its unit, and the units go down."""
    total, pending, last = Decimal(0), None, 10 * max(_UNITS.values())
    for part in parts:
        if unit := _UNITS.get(part):
            if unit >= last:
                return None
            total, pending, last = total + (1 if pending is None else pending) * unit, None, unit
        elif pending or not _ONE_NUMBER.fullmatch(part):
            return None
        else:
            pending = _amount(part)
    return total + (pending or 0)


def _amount(part: str) -> Decimal:
    if part in _DIGITS:
        return Decimal(_DIGITS[part])
    return Decimal(part.replace(",", "") if _THOUSANDS.fullmatch(part) else part.replace(",", "."))
