"""The detector that tells a text's language by its letters (eld), with half of the memory."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol, cast

from watcher.topics.scripts import SCRIPT_LANGUAGES

#: Languages that the detector is never asked about.
_KNOWN_BY_SCRIPT = frozenset(SCRIPT_LANGUAGES.values()) | {"zh"}


class Answer(Protocol):
    """The part of eld's answers that is used."""

    language: str | None

    def is_reliable(self) -> bool: ...

    def scores(self) -> dict[str, float]: ...


class _Eld(Protocol):
    def detect(self, text: str) -> Answer: ...


def ask(text: str) -> Answer:
    """Return what the detector says of a text."""
    return _detector().detect(text)


def load_detector() -> None:
    """Load the detector now: for 0.15 s no other thread of the process gets its turn."""
    _detector()


@cache
def _detector() -> _Eld:
    from eld import LanguageDetector  # 0.2 s and 17 MB: commands do mostly without
    from eld.languageData import languageData

    detector = LanguageDetector()
    _make_lean(languageData.ngrams, languageData.lang_codes)
    return cast("_Eld", detector)


class _Told(tuple[tuple[int, int], ...]):
    """What is told of a syllable: how frequent it is in which languages, as the detector reads."""

    __slots__ = ()

    items = tuple.__iter__


def _make_lean(table: dict[bytes, Any], codes: Mapping[int, str]) -> None:
    """Let the detector's table do with half the memory.

    Syllables of languages that their script gives away are never asked for; of what is told of
    the other 86,000 some 19,000 differ. All are made anew before the old ones go, so that their
    memory is free in whole pieces.
    """
    scripted = {number for number, code in codes.items() if code in _KNOWN_BY_SCRIPT}
    pairs: dict[tuple[int, int], tuple[int, int]] = {}
    kept: dict[_Told, _Told] = {}
    lean: dict[bytes, _Told] = {}
    for syllable, value in table.items():
        if not scripted.issuperset(value):
            told = _Told(pairs.setdefault(pair, pair) for pair in value.items())
            lean[syllable] = kept.setdefault(told, told)
    table.clear()  # the detector's module holds on to it
    table.update(lean)
