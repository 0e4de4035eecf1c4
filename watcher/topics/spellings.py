"""Names as they are spelled elsewhere in their own script: Goerlitz, नरेंद्र beside नरेन्द्र."""

import re
from collections.abc import Iterator
from dataclasses import replace

from watcher.topics.normalise import fold
from watcher.topics.scripts import Script
from watcher.topics.terms import BARE_NAME, Term

#: What is written where a keyboard has no umlauts; without its points alone a name is found anyway.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

#: The nasal of Hindi that is spoken before each row of consonants, which a dot stands for too.
_NASALS = {"ङ": "कखगघ", "ञ": "चछजझ", "ण": "टठडढ", "न": "तथदध", "म": "पफबभ"}
_DOT, _JOINED = "\u0902", "\u094d"


def other_spellings(term: Term) -> Iterator[Term]:
    """Yield a name with its umlauts written out, or with the other signs of a nasal in Hindi."""
    manner = term.manner
    if not manner.names or manner.cased or manner.wildcard:
        return
    if manner.script is Script.LATIN and "de" in (manner.languages or {"de"}):
        yield from _spelled(term, term.text.translate(_UMLAUTS))
    elif manner.script is Script.OTHER_SPACED:
        yield from _spelled(term, _dotted(term.text))
        yield from _spelled(term, _undotted(term.text))


def _spelled(term: Term, text: str) -> Iterator[Term]:
    """Yield a term of another text, unless it is the same or too short."""
    folded = fold(text)
    key = folded.key
    if key != term.key and len(key) >= BARE_NAME:
        yield replace(term, key=key, exact=folded.exact, gaps=folded.gaps(0, len(key)))


def _dotted(text: str) -> str:
    for nasal, row in _NASALS.items():
        text = re.sub(f"{nasal}{_JOINED}(?=[{row}])", _DOT, text)
    return text


def _undotted(text: str) -> str:
    for nasal, row in _NASALS.items():
        text = re.sub(f"{_DOT}(?=[{row}])", nasal + _JOINED, text)
    return text
