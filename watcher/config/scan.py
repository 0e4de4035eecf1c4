"""Where the keys and values of a valid TOML text stand.

tomllib keeps no positions, so this walks the text a second time, only when there is something
to point at. The text has to be valid TOML (tomllib read it); nothing is checked here.
"""

import re
import tomllib
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
#: The four kinds of strings; up to two quotes may stand before the closing three.
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
#: Numbers, booleans, dates; a date and its time may be parted by a space.
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d [\d:.+Zz-]+|[^\s,\]}#]+")
#: What one or no character of a basic string is written as.
_BASIC_UNIT = re.compile(
    r"\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\[ \t]*\n[ \t\n]*|\\.|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of the text, from `start` up to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """Where one path stands.

    Attributes:
        key: its last key, in a header or before "="; None for an element of a list.
        value: its value; the whole header for a table that has one; None for a table that only
            dotted keys define.
    """

    key: Span | None
    value: Span | None


def scan(text: str) -> dict[KeyPath, Item]:
    """Return where each key, value, table and list element of a valid TOML text stands.

    Line feeds alone end its lines.
    """
    return _Scanner(text).items


def content_offset(literal: str, offset: int) -> int:
    """Return where in a string's literal, quotes counted, the character `offset` of it stands.

    An offset at or behind the string's end gives the place of the closing quotes.
    """
    quotes = 3 if literal.startswith(('"""', "'''")) else 1
    start = quotes + (quotes == 3 and literal.startswith("\n", quotes))  # noqa: PLR2004  (three quotes)
    end = len(literal) - quotes
    if literal.startswith("'"):
        return min(start + offset, end)
    units = _BASIC_UNIT.finditer(literal, start, end)
    starts = [unit.start() for unit in units if not _is_continuation(unit[0])]
    return starts[offset] if offset < len(starts) else end


def _is_continuation(unit: str) -> bool:
    return unit.startswith("\\") and unit[1:].lstrip(" \t").startswith("\n")


class _Scanner:
    def __init__(self, text: str) -> None:
        self.items: dict[KeyPath, Item] = {}
        self._text = text
        self._position = 0
        self._lengths: dict[KeyPath, int] = {}  # of the arrays of tables so far
        self._document()

    def _document(self) -> None:
        base: KeyPath = ()
        while self._next() != "":
            if self._next() == "[":
                base = self._header()
            else:
                self._key_value(base)

    def _header(self) -> KeyPath:
        start = self._position
        brackets = 2 if self._text.startswith("[[", start) else 1
        self._position += brackets
        keys = self._keys()
        self._next()
        self._position += brackets
        header = Span(start, self._position)
        path: KeyPath = ()
        for key, span in keys[:-1]:
            path = self._last(self._note((*path, key), span))
        key, span = keys[-1]
        path = self._note((*path, key), span)
        if brackets == 2:  # noqa: PLR2004  (an array of tables)
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._last(path)
        self.items[path] = Item(span, header)
        return path

    def _last(self, path: KeyPath) -> KeyPath:
        length = self._lengths.get(path)
        return (*path, length - 1) if length else path

    def _note(self, path: KeyPath, key: Span) -> KeyPath:
        self.items.setdefault(path, Item(key, None))
        return path

    def _key_value(self, base: KeyPath) -> None:
        path = base
        for key, span in self._keys():
            path = self._note((*path, key), span)
        self._next()
        self._position += 1  # the "="
        self._next()
        self.items[path] = Item(span, self._value(path))

    def _keys(self) -> list[tuple[str, Span]]:
        """Read a dotted key; it has one part at least."""
        keys = []
        while True:
            self._next()
            bare = _BARE_KEY.match(self._text, self._position)
            span = self._take(_STRING if bare is None else _BARE_KEY)
            literal = self._text[span.start : span.end]
            keys.append((literal if bare else tomllib.loads(f"key = {literal}")["key"], span))
            dot = _DOT.match(self._text, self._position)
            if dot is None:
                return keys
            self._position = dot.end()

    def _value(self, path: KeyPath) -> Span:
        match self._next():
            case "[":
                return self._array(path)
            case "{":
                return self._inline_table(path)
            case '"' | "'":
                return self._take(_STRING)
        return self._take(_SCALAR)

    def _array(self, path: KeyPath) -> Span:
        start = self._position
        self._position += 1
        index = 0
        while self._next() != "]":
            element = (*path, index)
            self.items[element] = Item(None, self._value(element))
            index += 1
            self._skip_comma()
        self._position += 1
        return Span(start, self._position)

    def _inline_table(self, path: KeyPath) -> Span:
        start = self._position
        self._position += 1
        while self._next() != "}":
            self._key_value(path)
            self._skip_comma()
        self._position += 1
        return Span(start, self._position)

    def _skip_comma(self) -> None:
        if self._next() == ",":
            self._position += 1

    def _next(self) -> str:
        """Skip blanks and comments; return the character there, "" at the end."""
        blank = _BLANK.match(self._text, self._position)
        self._position = blank.end() if blank else self._position
        return self._text[self._position : self._position + 1]

    def _take(self, pattern: re.Pattern[str]) -> Span:
        found = pattern.match(self._text, self._position)
        if found is None:  # not valid TOML, against the contract
            raise ValueError(f"no TOML at character {self._position}")
        self._position = found.end()
        return Span(found.start(), found.end())
