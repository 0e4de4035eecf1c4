"""Where sentences and words begin, in any script, as far as simple rules go."""

import re
from collections.abc import Iterator

from watcher.topics.scripts import UNSPACED, Script, script_of
from watcher.topics.wordsets import word_set

_NONE = Script.NONE  # read off its class, it takes ten times as long

#: Marks that end a sentence and need no space after them.
_FULL_STOPS = "。！？｡．؟۔।॥։።။៕…‼⁇⁈⁉"

#: Closing quotes and brackets belong to the sentence that they close.
_CLOSERS = "\"'’”»)\\]）」』】》〉›"

_END = re.compile(
    rf"[{_FULL_STOPS}]+[{_CLOSERS}]*\s*"
    rf"|(?<![!?])[!?]+[{_CLOSERS}]*(?:\s+|$)"
    rf"|(?<!\.)\.+[{_CLOSERS}]*\s+"
    r"|\n\s*\n\s*"
)

#: Words that end with a point inside a sentence: titles, ranks, months, "No. 5". English,
#: German, French, Spanish, Indonesian, Russian.
_ABBREVIATIONS = word_set("""
    no nos nr num art fig vol pp ed al vs ca cf etc inc ltd co corp bros jr sr
    mr mrs ms dr prof rev hon st mt ft gen lt col maj capt cpt sgt cmdr adm gov sen rep pres amb
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    z d bzw ggf usw evtl inkl mio mrd hr abs str dipl ing
    mm mme mlle me sra srta ud uds ee uu av
    drs hj kab kec prov tgl ttd yth kol letjen mayjen brigjen jend
    г гг ул им т тыс млн млрд руб долл см стр обл др пр ген проф акад
    """)

#: German dates hold a point: "am 13. September".
_GERMAN_MONTHS = re.compile(
    "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
)

_LAST_WORD = re.compile(r"(\w+)\W*$")
_NEXT_WORD = re.compile(r"\W{0,40}(\w{1,12})")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of a text's sentences, spaces around them left out."""
    spans: list[tuple[int, int]] = []
    first = 0
    for last in (*_borders(text), len(text)):
        sentence = text[first:last]
        start = first + len(sentence) - len(sentence.lstrip())
        end = first + len(sentence.rstrip())
        if start < end:
            spans.append((start, end))
        first = last
    return spans


def _borders(text: str) -> Iterator[int]:
    for found in _END.finditer(text):
        if not found[0].startswith(".") or _ends_sentence(text, found.start(), found.end()):
            yield found.end()


def _ends_sentence(text: str, point: int, after: int) -> bool:
    """Tell whether a point followed by a space ends a sentence: not in "U.S. ", "No. 5"."""
    following = _NEXT_WORD.match(text, after)
    if following is None:
        return True
    if following[1][0].islower():
        return False
    before = _LAST_WORD.search(text, max(0, point - 20), point)
    if before is None:
        return True
    word = before[1]
    if word.isdigit():
        in_date = following[1].isdigit() or _GERMAN_MONTHS.match(following[1])
        return not (len(word) <= 2 and in_date)  # noqa: PLR2004 - a day or month has two digits
    initial = len(word) == 1 and word.isupper()
    return not initial and word.casefold() not in _ABBREVIATIONS


def word_numbers(text: str) -> list[float]:
    """Return per character the number of its word; two characters of unspaced script are a word."""
    numbers: list[float] = []
    number, previous = 0.0, _NONE
    for char in text:
        script = script_of(char)
        if script in UNSPACED:
            number += 0.5 if previous in UNSPACED else 1.0
        elif script is not _NONE and (previous is _NONE or previous in UNSPACED):
            number += 1.0
        previous = script
        numbers.append(number)
    return numbers
