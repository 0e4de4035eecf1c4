"""One writing for Chinese: simplified characters for the traditional ones of Taiwan and Hong Kong.

Only titles and summaries are written so, to be compared with each other. Japanese and Korean write
some of these characters too, and are left alone.
"""

import re
from typing import Final

from watcher.topics.han import simplified_characters

_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA_OR_HANGUL: Final = re.compile("[\u3041-\u30fa\uac00-\ud7a3]")
_CHINESE: Final = frozenset({"zh", "yue"})


def simplified(text: str, language: str | None) -> str:
    """Return a Chinese text with simplified characters; one of another language as it is."""
    if text.isascii() or language not in _CHINESE or not _HAN.search(text):
        return text
    return text if _KANA_OR_HANGUL.search(text) else text.translate(simplified_characters())
