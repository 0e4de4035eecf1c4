"""What is wrong with a configuration, and where it stands."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one line of a configuration file.

    Attributes:
        line, column: both from 1; columns count characters.
        length: characters, at least 1.
        source: the whole line.
    """

    file: Path
    line: int
    column: int
    length: int
    source: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake of the user's, or something worth a warning.

    Attributes:
        path: keys and indices into the merged TOML, e.g. ("topics", 0, "match"); empty for the
            whole file.
        message: one sentence, lower case, without a full stop.
        offset: characters into the string value at `path` where the mistake starts.
        length: characters that the caret covers, with `offset`.
        at_key: point at the key instead of its value.
        warning: it does not keep Watcher from running.
        place: where it stands, when no path leads there: a syntax error, a second definition.
    """

    path: tuple[str | int, ...]
    message: str
    offset: int | None = None
    length: int = 1
    at_key: bool = False
    warning: bool = False
    place: Place | None = None
