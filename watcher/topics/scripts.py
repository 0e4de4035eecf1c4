"""Which writing system a character belongs to, as far as word borders depend on it."""

import unicodedata
from enum import StrEnum


class Script(StrEnum):
    """Writing systems that the boundary rules and the language shortcut tell apart."""

    LATIN = "Latin"
    CYRILLIC = "Cyrillic"
    GREEK = "Greek"
    ARMENIAN = "Armenian"
    HEBREW = "Hebrew"
    ARABIC = "Arabic"
    GEORGIAN = "Georgian"
    HAN = "Han"
    KANA = "kana"
    HANGUL = "Hangul"
    THAI = "Thai"
    LAO = "Lao"
    KHMER = "Khmer"
    BURMESE = "Burmese"
    OTHER_SPACED = "other letters"
    DIGIT = "digits"
    NONE = "no letter"

    # The hash of enumerations is written in Python, and every letter's script is looked up.
    __hash__ = str.__hash__


#: Scripts that write without spaces between words, or (Korean) join particles to them.
UNSPACED = frozenset(
    {
        Script.HAN,
        Script.KANA,
        Script.HANGUL,
        Script.THAI,
        Script.LAO,
        Script.KHMER,
        Script.BURMESE,
    }
)

#: Scripts that one news language writes.
SCRIPT_LANGUAGES = {
    Script.HANGUL: "ko",
    Script.KANA: "ja",
    Script.THAI: "th",
    Script.LAO: "lo",
    Script.KHMER: "km",
    Script.BURMESE: "my",
    Script.GREEK: "el",
    Script.HEBREW: "he",
    Script.ARMENIAN: "hy",
    Script.GEORGIAN: "ka",
}

_RANGES = (
    (0x0041, 0x024F, Script.LATIN),
    (0x0250, 0x02AF, Script.LATIN),
    (0x0370, 0x03FF, Script.GREEK),
    (0x0400, 0x052F, Script.CYRILLIC),
    (0x0530, 0x058F, Script.ARMENIAN),
    (0x0590, 0x05FF, Script.HEBREW),
    (0x0600, 0x077F, Script.ARABIC),
    (0x08A0, 0x08FF, Script.ARABIC),
    (0x0E00, 0x0E7F, Script.THAI),
    (0x0E80, 0x0EFF, Script.LAO),
    (0x1000, 0x109F, Script.BURMESE),
    (0x10A0, 0x10FF, Script.GEORGIAN),
    (0x1100, 0x11FF, Script.HANGUL),
    (0x1780, 0x17FF, Script.KHMER),
    (0x1C80, 0x1C8F, Script.CYRILLIC),
    (0x1C90, 0x1CBF, Script.GEORGIAN),
    (0x1E00, 0x1EFF, Script.LATIN),
    (0x1F00, 0x1FFF, Script.GREEK),
    (0x3005, 0x3007, Script.HAN),
    (0x3040, 0x30FF, Script.KANA),
    (0x3130, 0x318F, Script.HANGUL),
    (0x31F0, 0x31FF, Script.KANA),
    (0x3400, 0x4DBF, Script.HAN),
    (0x4E00, 0x9FFF, Script.HAN),
    (0xA980, 0xA9FF, Script.OTHER_SPACED),
    (0xAC00, 0xD7FF, Script.HANGUL),
    (0xF900, 0xFAFF, Script.HAN),
    (0xFF21, 0xFF5A, Script.LATIN),
    (0xFF66, 0xFF9F, Script.KANA),
    (0x20000, 0x3FFFF, Script.HAN),
)

#: The letters of some scripts, to stand between the brackets of a pattern.
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
HIRAGANA = "\u3040-\u309f"
KATAKANA = "\u30a0-\u30ff"
KANA = HIRAGANA + KATAKANA
HANGUL = "\uac00-\ud7a3"


class _Scripts(dict[str, Script]):
    """Looks each character up once."""

    def __missing__(self, char: str) -> Script:
        script = self[char] = _find(char)
        return script


_SCRIPTS = _Scripts()


def scripts_in(text: str) -> set[Script]:
    """Return the scripts of a text's characters."""
    return set(map(_SCRIPTS.__getitem__, set(text)))


def script_of(char: str) -> Script:
    """Return the script of a letter or of a mark on one; digits and the rest have their own."""
    return _SCRIPTS[char]


class _Joins(dict[str, bool]):
    """Tells of each character whether it continues a word of a spaced script."""

    def __missing__(self, char: str) -> bool:
        script = _SCRIPTS[char]
        joins = self[char] = script is not Script.NONE and script not in UNSPACED
        return joins


#: Whether a character continues a word of a spaced script.
CONTINUES_WORD = _Joins()


def _find(char: str) -> Script:
    category = unicodedata.category(char)
    if category.startswith("N") and not "\u3005" <= char <= "\u3007":
        return Script.DIGIT
    if not category.startswith(("L", "M")):
        return Script.NONE
    code = ord(char)
    for first, last, script in _RANGES:
        if first <= code <= last:
            return script
    return Script.OTHER_SPACED
