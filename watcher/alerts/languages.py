"""What people call a language tag."""

import re

#: ISO 639 codes of the languages news feeds come in; others show their code.
NAMES = {
    "am": "Amharic",
    "ar": "Arabic",
    "az": "Azerbaijani",
    "be": "Belarusian",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "bs": "Bosnian",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fil": "Filipino",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "jv": "Javanese",
    "ka": "Georgian",
    "kk": "Kazakh",
    "km": "Khmer",
    "ko": "Korean",
    "ky": "Kyrgyz",
    "lo": "Lao",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "mn": "Mongolian",
    "ms": "Malay",
    "my": "Burmese",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "tg": "Tajik",
    "th": "Thai",
    "tl": "Filipino",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "uz": "Uzbek",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
#: Regions and scripts that tell Chinese readers which characters to expect.
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


#: BCP 47 in outline; feeds write anything where a language belongs.
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")


def sound_tag(tag: str | None) -> str:
    """Return a language tag fit for a lang attribute; "" for what is none."""
    tag = (tag or "").replace("_", "-")
    return tag if _TAG.fullmatch(tag) else ""


def primary(tag: str) -> str:
    """Return the primary subtag: "zh" of "zh-TW"."""
    return tag.replace("_", "-").split("-")[0].lower()


def language_name(tag: str | None) -> str:
    """Return the English name of a language; its code where we have none, "" for no language."""
    tag = sound_tag(tag)
    parts = set(tag.lower().split("-")[1:])
    if primary(tag) == "zh" and parts & _TRADITIONAL and "hans" not in parts:
        return "Chinese (traditional)"
    return NAMES.get(primary(tag), tag)
