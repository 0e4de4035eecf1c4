"""From files to one raw table: reading, TOML syntax, `include`, joining."""

import glob
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from watcher.config.document import Document, Source
from watcher.config.problems import Place, Problem
from watcher.config.raw import elements
from watcher.config.scan import KeyPath

Raw = dict[str, Any]

#: Keys whose relative paths start at the folder of the file that they stand in; `~` is the home.
FILE_KEYS = {
    "apprise_file",
    "basic_auth_file",
    "ca_file",
    "heartbeat_url_file",
    "password_file",
    "token_file",
}

#: tomllib's words and ours; the first that begins its message counts.
SYNTAX_MESSAGES = {
    "Cannot overwrite a value": "this key is defined twice",
    "Cannot declare": "this table is declared twice",
    "Expected newline or end of document": "unexpected text; does a string lack its quotes?",
    "Illegal character '\\n'": "this string is not closed",
    "Expected \"'": "this string is not closed",
    "Unterminated string": "this string is not closed",
    "Unclosed array": "this list is not closed, or a comma is missing",
    "Unclosed inline table": "this inline table is not closed, or a comma is missing",
    "Unescaped '\\' in a string": "a backslash stands alone; write \\\\ or use 'single quotes'",
    "Invalid hex value": "a backslash begins a letter's number; write \\\\ or use 'single quotes'",
    "Expected '=' after a key": "expected `=` after the key",
    "Expected ']' at the end of a table declaration": "expected `]` at the end of the header",
    "Expected ']]' at the end of an array declaration": "expected `]]` at the end of the header",
}


@dataclass(slots=True)
class Reading:
    """All files of a configuration, joined.

    Attributes:
        complete: every file could be read, so that a name not found does not exist.
    """

    raw: Raw = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True

    @property
    def document(self) -> Document:
        """The files, to locate problems in."""
        return Document(tuple(self.sources))


def read(path: Path) -> Reading:
    """Read a configuration file and all that it includes."""
    reading = Reading()
    _read_file(path, reading, set(), named_at=None)
    return reading


def _read_file(path: Path, reading: Reading, seen: set[Path], named_at: Place | None) -> None:
    """Read one file, then its includes; `named_at` is where an `include` names it."""
    if path.resolve() in seen:
        return
    seen.add(path.resolve())
    try:
        source = Source(path, _decode(path, path.read_bytes()))
        reading.sources.append(source)
        table = _parse(source)
    except OSError as error:
        trouble = f"cannot be read: {(error.strerror or 'unknown reason').lower()}"
        reason = f"`include`: {shown(path)} {trouble}" if named_at else trouble
        place = named_at or Place(path, 1, 1, 1, "")
        reading.problems.append(Problem(("include",) if named_at else (), reason, place=place))
        reading.complete = False
    except _BadText as bad:
        reading.problems.append(Problem((), bad.message, place=bad.place))
        reading.complete = False
    else:
        reading.problems.extend(_join(reading, source, _anchor(table, path.parent)))
        for included, place in _included(table, source, reading):
            _read_file(included, reading, seen, place)


class _BadText(Exception):  # noqa: N818  (a way out of reading, no error of ours)
    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


def _decode(path: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        raise _BadText(
            "not UTF-8 text; save it as UTF-8", Place(path, line, column, 1, "")
        ) from None
    return text.replace("\r\n", "\n")


def _parse(source: Source) -> Raw:
    try:
        return tomllib.loads(source.text)
    except RecursionError:
        raise _BadText("nested too deeply", Place(source.file, 1, 1, 1, "")) from None
    except ValueError as error:  # TOMLDecodeError, and what int() and date() may add
        message, line, column = _syntax_error(str(error), source.text)
        text = source.text.split("\n")[line - 1]
        place = Place(source.file, line, column, 1, text)
        raise _BadText(f"no valid TOML: {_hint(message, text[column - 1 :])}", place) from None


def _syntax_error(message: str, text: str) -> tuple[str, int, int]:
    """Part tomllib's message from its place; line and column lie within the text."""
    lines = text.rstrip("\n").split("\n")
    found = re.search(r"^(.*?) \(at line (\d+), column (\d+)\)$", message, re.DOTALL)
    if found is None:
        return message.removesuffix(" (at end of document)"), len(lines), len(lines[-1]) + 1
    line, column = int(found[2]), int(found[3])
    if line > len(lines):
        return found[1], len(lines), len(lines[-1]) + 1
    return found[1], line, column


def _hint(message: str, rest: str) -> str:
    """Return what is wrong in our words; `rest` is the line from the mistake on."""
    if message == "Invalid value":
        if rest.startswith(("“", "”", "„", "‘", "’", "«")):
            return 'strings stand in straight quotes: "..."'
        if re.match("(?i)true|false", rest):
            return "true and false are written in lower case"
        if re.match(r"\w", rest):
            return 'strings stand in quotes: "..."'
        return "a value is missing or not understood"
    ours = (text for start, text in SYNTAX_MESSAGES.items() if message.startswith(start))
    return next(ours, message[:1].lower() + message[1:])


def _included(table: Raw, source: Source, reading: Reading) -> Iterator[tuple[Path, Place]]:
    """Yield the files that an `include` list names, with the place of their name."""
    for index, pattern in enumerate(elements(table, "include")):
        if not isinstance(pattern, str) or not pattern.strip():
            continue  # the models say so
        place = source.place(("include", index))
        user_path = os.path.expanduser(pattern)  # noqa: PTH111  (Path drops what glob may need)
        if not glob.has_magic(pattern):
            file = source.file.parent / user_path
            source.patterns.append(glob.escape(str(file)))
            yield file, place
            continue
        full = os.path.join(glob.escape(str(source.file.parent)), user_path)  # noqa: PTH118
        source.patterns.append(full)
        files = matching(full)
        if not files:
            message = f'`include`: "{pattern}" matches no file'
            source.unmatched[full] = Problem(("include",), message, place=place, warning=True)
            reading.problems.append(source.unmatched[full])
        yield from ((file, place) for file in files if file.is_file())


def matching(pattern: str) -> list[Path]:
    """Return what there is that a pattern of `include` matches."""
    return [Path(file) for file in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207  (absolute patterns)


def _anchor(value: Any, folder: Path) -> Any:
    """Return raw TOML in which the paths of files start at the folder they are relative to."""
    if isinstance(value, list):
        return [_anchor(element, folder) for element in value]
    if not isinstance(value, dict):
        return value
    return {
        key: str(folder / os.path.expanduser(inner))  # noqa: PTH111  (Path fails without a home)
        if key in FILE_KEYS and isinstance(inner, str) and inner.strip()
        else _anchor(inner, folder)
        for key, inner in value.items()
    }


def _join(reading: Reading, source: Source, table: Raw) -> Iterator[Problem]:
    """Add a file's table to the joined one; lists at the top are appended."""
    for key, value in table.items():
        joined = reading.raw.get(key)
        if isinstance(value, list) and isinstance(joined, list | None):
            joined = joined or []
            source.shifts[key] = range(len(joined), len(joined) + len(value))
            reading.raw[key] = joined + value
        else:
            yield from _join_key(reading, source, reading.raw, (key,), value)


def _join_key(
    reading: Reading, source: Source, into: Raw, path: KeyPath, value: Any
) -> Iterator[Problem]:
    key = str(path[-1])
    if key not in into:
        into[key] = value
    elif isinstance(into[key], dict) and isinstance(value, dict):
        for inner, inner_value in value.items():
            yield from _join_key(reading, source, into[key], (*path, inner), inner_value)
    else:
        first = Document(tuple(reading.sources[:-1])).locate(Problem(path, "", at_key=True))
        message = f"`{key}` is defined twice, first in {shown(first.file)}:{first.line}"
        yield Problem(path, message, place=source.place(path, at_key=True))


def shown(file: Path) -> str:
    """Return a file's name as messages show it: relative when it lies below where we are."""
    try:
        return str(file.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(file)
