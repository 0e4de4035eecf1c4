"""Which language an entry is in: by its script, by what the feed declares, by its letters."""

from collections import Counter
from functools import cache
from typing import Protocol, cast

from watcher.topics.scripts import Script, script_of
from watcher.topics.terms import language_family
from watcher.topics.wordsets import word_set

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

#: The languages that write in a script that several share; all others we meet are Latin.
SHARED_SCRIPTS = {
    Script.CYRILLIC: word_set(
        "ab av ba be bg ce cv kk ky mk mn os ru sah sr tg tk tt uk uz az bs sh cnr"
    ),
    Script.ARABIC: word_set("ar az ckb dv fa ks ku ms pa prs ps sd ug ur uz"),
    Script.HAN: word_set("zh ja ko yue wuu gan hak nan"),
}

#: Part of the letters that settles the script: a Korean headline may hold Chinese names.
SETTLING_SHARE = 0.15

#: Kana among Chinese characters is Japanese from this share on; a Chinese text may cite a name.
KANA_SHARE = 0.05

#: Fewer letters than this say nothing against what the feed declares.
LEAST_LETTERS = 40

#: Pairs that the detector confuses (measured: topics, section 3): what is declared stands.
CONFUSED = frozenset(
    frozenset(pair.split("/"))
    for pair in word_set(
        """
        id/ms cs/sk pt/es hi/mr hi/ne hr/sr hr/bs sr/bs no/da nb/da nn/da no/sv pt/gl es/gl es/ca
        ru/bg ru/uk mk/bg mk/sr fa/ps ar/fa ar/ur af/nl zh/ja az/tr
        """
    )
)


class Detector(Protocol):
    """The part of eld's answers that is used."""

    language: str | None

    def is_reliable(self) -> bool: ...


def identify(title: str, summary: str, declared: str | None) -> str | None:
    """Return the primary subtag of an entry's language, or None when nothing tells it.

    A script of one language decides; then what is declared, if its script fits and the letters do
    not clearly say otherwise; then the letters.
    """
    text = f"{title} {summary}"
    script, letters = _main_script(text)
    if script in SCRIPT_LANGUAGES:
        return SCRIPT_LANGUAGES[script]
    known = _primary(declared) if declared else None
    if known is not None and not _fits(known, script):
        known = None
    if known is not None and letters < LEAST_LETTERS:
        return known
    detected = _detect(text, script)
    return known if detected is None or _same(known, detected) else detected


def _primary(tag: str) -> str | None:
    primary = tag.strip().replace("_", "-").split("-")[0].casefold()
    return primary if primary.isalpha() and primary not in {"und", "mul", "zxx"} else None


def _main_script(text: str) -> tuple[Script, int]:
    """Return the script that most letters are of, or the one that gives the language away."""
    counts = Counter(map(script_of, text))
    letters = sum(counts.values()) - counts[Script.NONE] - counts[Script.DIGIT]
    if not letters:
        return Script.NONE, 0
    if counts[Script.KANA] > KANA_SHARE * (counts[Script.KANA] + counts[Script.HAN]) and (
        counts[Script.KANA] + counts[Script.HAN] > letters / 2
    ):
        return Script.KANA, letters
    if counts[Script.HANGUL] > SETTLING_SHARE * letters:
        return Script.HANGUL, letters
    del counts[Script.NONE], counts[Script.DIGIT]
    return counts.most_common(1)[0][0], letters


def _fits(language: str, script: Script) -> bool:
    """Tell whether a language is written in a script, as far as the script tells."""
    if script in SHARED_SCRIPTS:
        return language in SHARED_SCRIPTS[script]
    if script is Script.LATIN:
        only = SHARED_SCRIPTS[Script.HAN] | {"ru", "uk", "bg", "be", "mk", "ar", "fa", "ur"}
        return language not in only and language not in SCRIPT_LANGUAGES.values()
    return True


def _same(known: str | None, detected: str) -> bool:
    return known is not None and (
        language_family(known) == language_family(detected)
        or frozenset({known, detected}) in CONFUSED
    )


def _detect(text: str, script: Script) -> str | None:
    """Return what the letters say, or None when they do not say it clearly."""
    if script is Script.HAN:
        return "zh"
    result = cast("Detector", _detector().detect(text))
    if result.language is None or not result.is_reliable() or not _fits(result.language, script):
        return None
    # The detector knows Malay only; of the two, Indonesian is what news is mostly written in.
    return "id" if result.language == "ms" else result.language


@cache
def _detector() -> "_Eld":
    from eld import LanguageDetector  # 0.2 s and 46 MB: only when letters must be asked

    return cast("_Eld", LanguageDetector())


class _Eld(Protocol):
    def detect(self, text: str) -> object: ...
