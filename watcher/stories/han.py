"""One writing for Chinese: simplified characters for the traditional ones of Taiwan and Hong Kong.

Only titles and summaries are written so, to be compared with each other. Japanese and Korean write
some of these characters too, and are left alone; but Korean headlines name countries by one of
them, which is read as the name.
"""

import re
from typing import Final

from watcher.topics.han import simplified_characters
from watcher.topics.scripts import HAN, HANGUL

_HAN: Final = re.compile(f"[{HAN}]")
_KANA_OR_HANGUL: Final = re.compile(f"[\u3041-\u30fa{HANGUL}]")
_CHINESE: Final = frozenset({"zh", "yue"})
#: How Korean headlines shorten the names of countries: "美서 리콜", "美·中 정상".
_SHORTENED: Final = {
    "美": "미국",
    "日": "일본",
    "中": "중국",
    "北": "북한",
    "韓": "한국",
    "英": "영국",
    "佛": "프랑스",
    "獨": "독일",
    "露": "러시아",
}
#: Behind a particle, or an ending of verbs that few nouns have: "일본은 中", "반발한 中"; not
#: "방한 中", during a visit, nor "이동하는 中, 사고", while moving; but "침묵하는 中" at the end.
_NO_NOUN: Final = (
    r"(?:(?<=[은된낸린킨든른꾼쓴힌뜬친]\s)|(?<=[나맞앞]선\s)|(?<=\w\w한\s)"
    r"|(?<=[^하되오가]는\s)|(?<=는\s)(?=中\s*$))"
)
#: But 中 behind a noun, at the end of a phrase, is "during": "회의 中, 폭발".
_DURING: Final = rf"(?<=\w\s)(?!{_NO_NOUN})中(?:[^\w\s·]|\s*$)"
_AT_A_BEGINNING: Final = re.compile(rf"(?<!\w)(?!{_DURING})[{''.join(_SHORTENED)}](?![{HAN}])")


def simplified(text: str, language: str | None) -> str:
    """Return a Chinese text with simplified characters, a Korean one with countries in Hangul.

    One of another language is returned as it is.
    """
    if text.isascii() or not _HAN.search(text):
        return text
    if language == "ko":
        return _AT_A_BEGINNING.sub(lambda found: _SHORTENED[found[0]], text)
    if language not in _CHINESE:
        return text
    return text if _KANA_OR_HANGUL.search(text) else text.translate(simplified_characters())
