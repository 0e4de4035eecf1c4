"""Problems as text for people: place, sentence, source line, caret."""

import unicodedata
from collections.abc import Iterable

from watcher.config.document import Document
from watcher.config.problems import Place, Problem
from watcher.config.reading import shown
from watcher.config.redact import redact
from watcher.wording import plural

#: Columns of a source line that are shown; longer lines are cut around the mistake.
WIDEST_LINE = 120
#: Columns that stay visible before the mistake when a line is cut at its start.
COLUMNS_BEFORE = 60


def report(
    problems: Iterable[Problem], document: Document, *, outcome: str = "nothing was started"
) -> str:
    """Return all problems, sorted by place, each with its source line and a caret.

    Args:
        problems: of one configuration; the same one twice is shown once.
        document: the files that they stand in.
        outcome: what follows from an error, for the last line.
    """
    places = {problem: document.locate(problem) for problem in problems}
    ordered = sorted(places, key=lambda problem: _order(places[problem], document))
    blocks = [_block(problem, places[problem]) for problem in ordered]
    return "\n".join([*dict.fromkeys(blocks), _summary(ordered, outcome)])


def _order(place: Place, document: Document) -> tuple[int, int, int]:
    files = document.files
    index = files.index(place.file) if place.file in files else len(files)
    return (index, place.line, place.column)


def _summary(problems: list[Problem], outcome: str) -> str:
    warnings = sum(problem.warning for problem in problems)
    errors = len(problems) - warnings
    counts = {"problem": errors, "warning": warnings}
    text = ", ".join(plural(count, thing) for thing, count in counts.items() if count)
    return f"{text}; {outcome}" if errors else text or "no problems"


def _block(problem: Problem, place: Place) -> str:
    kind = "warning: " if problem.warning else ""
    message = _printable(problem.message)
    head = f"{shown(place.file)}:{place.line}:{place.column}: {kind}{message}"
    if not place.source.strip():
        return head
    source, start = _window(_printable(redact(place.source, problem.path)), place)
    before, marked = source[:start], source[start : start + place.length]
    gap = "".join("\t" if char == "\t" else " " * _width(char) for char in before)
    carets = "^" * max(sum(map(_width, marked)), 1)
    return f"{head}\n{place.line:>3} | {source}\n{'':>3} | {gap}{carets}"


def _window(source: str, place: Place) -> tuple[str, int]:
    """Cut a long line around the mistake; return it and where the mistake starts in it."""
    start = place.column - 1
    if len(source) <= WIDEST_LINE:
        return source.rstrip(), start
    first = max(0, min(start - COLUMNS_BEFORE, len(source) - WIDEST_LINE))
    cut = source[first : first + WIDEST_LINE]
    left, right = "…" if first else "", "…" if first + WIDEST_LINE < len(source) else ""
    return f"{left}{cut.rstrip()}{right}", start - first + len(left)


def _width(char: str) -> int:
    """Return how many columns of a terminal a character takes."""
    if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Me", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"F", "W"} else 1


def _printable(text: str) -> str:
    """Replace what would steer a terminal: control characters, and marks that turn text round."""
    return "".join("\ufffd" if _steers(char) else char for char in text)


def _steers(char: str) -> bool:
    turns = "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
    return turns or (char != "\t" and unicodedata.category(char) == "Cc")
