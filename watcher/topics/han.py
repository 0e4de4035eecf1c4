"""Chinese characters that are one: the simplified ones, and the traditional ones of Taiwan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from math import prod

from watcher.data_files import read_data
from watcher.topics.scripts import Script
from watcher.topics.terms import Term

#: Ways to write a name that are looked for; of one with more, all in one writing or in the other.
MOST_WRITINGS = 16


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
