"""Chinese characters: those that are one in two writings, and those of one language alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from math import prod

from watcher.data_files import read_data
from watcher.topics.scripts import Script, script_of
from watcher.topics.terms import Term

#: Ways to write a name that are looked for; of one with more, all in one writing or in the other.
MOST_WRITINGS = 16


#: Characters of the first level of JIS X 0208, in Shift JIS: all that Japanese news writes, but for
#: some names. On the second stand those of which Japan has a newer form, and Taiwan has not.
_FIRST_LEVEL = range(0x889F, 0x9873)
#: What simplified and traditional Chinese are written in, as far as news writes them.
_CHINESE = ("gb2312", "big5")


class _Writers(dict[str, str]):
    """Looks up once which language alone writes a character: "zh", "ja", or "" for neither."""

    def __missing__(self, char: str) -> str:
        language = self[char] = _writer(char) if script_of(char) is Script.HAN else ""
        return language


_WRITERS = _Writers()


def _writer(char: str) -> str:
    if int.from_bytes(char.encode("shift_jis", "replace"), "big") not in _FIRST_LEVEL:
        return "zh"
    is_chinese = any(char.encode(writing, "ignore") for writing in _CHINESE)
    return "" if is_chinese else "ja"


def language_of_characters(text: str) -> str | None:
    """Return "ja" or "zh" where only one of them has all characters of a text; None where both."""
    writers = set(map(_WRITERS.__getitem__, set(text)))
    return next((language for language in ("zh", "ja") if language in writers), None)


@cache
def simplified_characters() -> Mapping[int, str]:
    """Return traditional character -> the simplified one, as `str.translate` takes them."""
    text = read_data("topics", "simplified.txt")
    rows = (row for row in text.splitlines() if not row.startswith("#"))
    return {ord(pair[0]): pair[1] for pair in " ".join(rows).split()}


@cache
def _traditional() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for code, char in simplified_characters().items():
        found.setdefault(char, []).append(chr(code))
    return found


def other_writings(term: Term) -> Iterator[Term]:
    """Yield a name of Chinese characters as it is written elsewhere: 习近平, 習近平."""
    manner = term.manner
    if manner.script is not Script.HAN or not manner.names or manner.cased:
        return
    for written in dict.fromkeys(_writings(term.key)):
        if written != term.key:
            yield replace(term, key=written, exact=written)


def _writings(text: str) -> Iterator[str]:
    plain = text.translate(simplified_characters())
    choices = [(char, *_traditional().get(char, ())) for char in plain]
    if prod(map(len, choices)) <= MOST_WRITINGS:
        yield from map("".join, product(*choices))
    else:
        yield plain
        yield "".join(some[min(1, len(some) - 1)] for some in choices)
