"""Whether the diacritics of a text are those of a term: they may be absent, as headlines go bare.

Where marks tell syllables apart, as in Vietnamese, they must not contradict: "triệu tiền" (millions
in cash) is not "Triều Tiên" (North Korea). Elsewhere people write one mark for another: Orbàn.
"""

import re
import unicodedata
from collections.abc import Sequence

from watcher.topics.endings import UNINFLECTED
from watcher.topics.normalise import Folded
from watcher.topics.terms import Term

#: Letters of Vietnamese, whose stroke Croatian has too, beside others of its own.
_TONED = re.compile("[\u0111\u01a1\u01b0\u1ea0-\u1ef9]")
_CROATIAN = re.compile("[čćšž]")
_VIETNAMESE = "vi"


def marks_fit(term: Term, folded: Folded, first: int, last: int, language: str | None) -> bool:
    """Tell whether a place of the key has the diacritics of a term, or may lack them."""
    there = folded.exact[first:last]
    if there == term.exact:
        return True
    if term.manner.keeps_diacritics:
        return False
    return term.exact == term.key or (
        not is_foreign(term, language) and _may_lack(term, there, folded, language)
    )


def _may_lack(term: Term, there: str, folded: Folded, language: str | None) -> bool:
    """Tell whether marks other than a term's leave it the same name."""
    if there == term.key:
        return not (language == _VIETNAMESE and _is_toned(term.exact) and _is_toned(folded.exact))
    if language == _VIETNAMESE or _is_toned(term.exact + there):
        return _syllables(there, term.gaps) == _syllables(term.exact, term.gaps)
    return True


def is_foreign(term: Term, language: str | None) -> bool:
    """Tell whether a country's name is of another language, in one where names take no case."""
    own = term.manner.own
    return own is not None and language in UNINFLECTED and language not in own


def _is_toned(exact: str) -> bool:
    return bool(_TONED.search(exact)) and not _CROATIAN.search(exact)


def _syllables(exact: str, gaps: Sequence[int]) -> list[list[str]]:
    """Return the letters and marks of each syllable; a tone stands on either vowel: hòa, hoà."""
    parts = (exact[first:last] for first, last in zip((0, *gaps), (*gaps, None), strict=True))
    return [sorted(unicodedata.normalize("NFD", part)) for part in parts]
