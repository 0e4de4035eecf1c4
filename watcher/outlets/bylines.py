"""Bylines: the places where a text says whose report it is.

JAKARTA, Aug 19 (Reuters) -      [서울=뉴시스] 김 기자 =       МОСКВА, 13 сен - РИА Новости.
/TASS/      【東京共同】      新华社北京3月16日电      ... katanya. (ANTARA)      Source: AFP
"""

import re
from typing import Final

from watcher.model import Evidence, Field
from watcher.outlets.phrases import words
from watcher.topics.scripts import UNSPACED, script_of

#: Characters between a bracket and the name in it: "(Московская область, 13 сентября, Интерфакс)".
_BRACKET_REACH: Final = 60
#: A byline opens a text within so many characters (after the reporters' names) or closes it.
_OPENING: Final = 200
_DATELINE: Final = 60
_OPEN: Final = "([【（［〔「<"
_CLOSE: Final = ")]】）］〕」>"
_SQUARE: Final = "[【［〔"
#: One within another: "[ボルツァーノ(イタリア) 20日 ロイター] -".
_WHOLE_BRACKET: Final = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_DASH_FOLLOWS: Final = re.compile(r"^(?:\.(?:ru|com))?\.?\s?[-–—=]{1,2}\s", re.IGNORECASE)
_DASH_OR_COLON: Final = re.compile(r"^[.,]?\s?[-–—:=：－ー]")
_DATELINE_END: Final = re.compile(r"(?:^|[\d.,/(=|–—-])\s?$")
_DATE_AND_DASH: Final = re.compile(r"\d[^.!?。]{0,20}[-–—]\s?$")
#: "لندن - رويترز: ..."
_PLACE_AND_DASH: Final = re.compile(r"^[^\W\d][\w .]{1,24}\s[-–—]\s?$")
_COLON_FOLLOWS: Final = re.compile(r"^\s?[:：]\s")
#: "Le Monde avec AFP. ..."
_OUTLET_BEFORE: Final = re.compile(r"^\w[^.!?:;,]{1,40}\s$")
#: Words up to this length may be small in an outlet's name: "Le Journal du Dimanche".
_SMALL: Final = 3
_SENTENCE_FOLLOWS: Final = re.compile(r"^\s?[.:–—-]\s")
_PLACE_AND_SLASH: Final = re.compile(r"^\w[\w .-]{1,24}/\s?$")
_TELEGRAPHED: Final = re.compile(
    r"^[^，。,、\s\d]{0,12}(?:\d{1,2}月)?\d{1,2}日(?:[^，。,、\s]{0,2}[电電讯訊]|\s?[-–—]{1,2}\s)"
)
_CREDIT_BEFORE: Final = re.compile(r"(?:\s[-–—]|[/©|＝])\s?$")
_ENDS: Final = re.compile(r"(?:^|[.!?。！？…\"”»])\s*$")


def is_byline(text: str, name: Evidence, *, ambiguous: bool) -> bool:
    """Tell whether an agency's name stands in a text as whose report it is.

    Args:
        text: the title or summary.
        name: where the agency's name stands in it.
        ambiguous: the name is a common word or abbreviation, "(AP)": the place must be a clear one.
    """
    before, after = text[: name.start], text[name.end :]
    if _in_slashes(before, after) or _in_brackets(text, name, ambiguous):
        return True
    if name.field is Field.TITLE:
        return False
    if not ambiguous and _is_edited(before, after):
        return True
    return _opens(before, after) or _closes(before, after)


def _in_slashes(before: str, after: str) -> bool:
    return before.endswith("/") and after.startswith("/")


def _in_brackets(text: str, name: Evidence, ambiguous: bool) -> bool:
    text = _WHOLE_BRACKET.sub(_blank, text[: name.start]) + text[name.start :]
    first = _last_of(text, _OPEN, max(name.start - _BRACKET_REACH, 0), name.start)
    last = _first_of(text, _CLOSE, name.end, name.end + _BRACKET_REACH)
    if first < 0 or last < 0:
        return False
    if words("pictures", "words").search(text, first, last):
        return False
    rest = text[last + 1 :].lstrip()
    if not rest.strip(" .…"):
        return not ambiguous or bool(_ENDS.search(text[:first]))
    if name.field is Field.TITLE:
        return first == 0 and text[first] in _SQUARE
    if first == 0 and not ambiguous and last - first == name.end - name.start + 1:
        return True
    return first <= _OPENING and (text[first] in _SQUARE or _parted(rest, ambiguous))


def _parted(rest: str, ambiguous: bool) -> bool:
    """Tell whether what follows a bracket does not go on with its sentence: "(Reuters) - "."""
    if _DASH_OR_COLON.search(rest):
        return True
    return not ambiguous and script_of(rest[0]) in UNSPACED


def _opens(before: str, after: str) -> bool:
    if len(before) > _DATELINE:
        return False
    if _DASH_FOLLOWS.search(after) and _DATELINE_END.search(before):
        return True
    if _TELEGRAPHED.search(after) and not before.strip(" (（【["):
        return True
    if _COLON_FOLLOWS.search(after) and _PLACE_AND_DASH.search(before):
        return True
    return bool(_DATE_AND_DASH.search(before)) or bool(_PLACE_AND_SLASH.search(before))


def _is_edited(before: str, after: str) -> bool:
    """Tell whether an outlet tells that it edits an agency's report: "Le Monde avec AFP."."""
    linked = list(words("edited", "words").finditer(before[:_DATELINE]))
    if not linked or before[linked[-1].end() :].strip(" l'’"):
        return False
    outlet = before[: linked[-1].start()]
    if any(word[0].islower() and len(word) > _SMALL for word in outlet.split()):
        return False
    return bool(_OUTLET_BEFORE.search(outlet) and _SENTENCE_FOLLOWS.search(after))


def _closes(before: str, after: str) -> bool:
    """Tell whether the name is all of a credit at the end: "— Reuters", "Source: AFP"."""
    if after.strip(" .)]）】"):
        return False
    if _CREDIT_BEFORE.search(before):
        return True
    source = words("sources", "words").search(before, max(len(before) - 14, 0))
    return source is not None and not before[source.end() :].strip(" :：")


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _last_of(text: str, marks: str, start: int, end: int) -> int:
    return max((text.rfind(mark, start, end) for mark in marks), default=-1)


def _first_of(text: str, marks: str, start: int, end: int) -> int:
    places = [place for mark in marks if (place := text.find(mark, start, end)) >= 0]
    return min(places, default=-1)
