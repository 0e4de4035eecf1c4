"""The files of a configuration, and where in them a problem stands."""

from bisect import bisect_right
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path

from watcher.config.problems import Place, Problem
from watcher.config.scan import Item, KeyPath, Span, content_offset, scan


class Source:
    """One file of a configuration.

    Attributes:
        text: its text; line feeds end its lines.
        patterns: what its `include` matches files with, for `glob`; each starts at a folder.
        unmatched: those that match nothing, each with the warning of that.
        shifts: for each top-level list that several files share, which of the joined list's
            indices stand here.
    """

    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self.text = text
        self.patterns: list[str] = []
        self.unmatched: dict[str, Problem] = {}
        self.shifts: dict[str, range] = {}

    def place(self, path: KeyPath, *, at_key: bool = False) -> Place:
        """Return where a path of this file stands; what is missing stands at its table."""
        item = self._item(self.known(path))
        whole = len(self.known(path)) == len(path)
        spans = (item.key, item.value) if at_key and whole else (item.value, item.key)
        return self.cut(next((span for span in spans if span), Span(0, 0)))

    def place_inside(self, path: KeyPath, offset: int, length: int) -> Place:
        """Return where characters of the string value at a path stand."""
        value = self._item(path).value
        if value is None or self.text[value.start : value.start + 1] not in {'"', "'"}:
            return self.place(path)
        literal = self.text[value.start : value.end]
        start = value.start + content_offset(literal, offset)
        end = value.start + content_offset(literal, offset + length)
        return self.cut(Span(start, end))

    def known(self, path: KeyPath) -> KeyPath:
        """Return the longest beginning of a path that stands in this file."""
        lengths = range(len(path), 0, -1)
        return next((path[:n] for n in lengths if path[:n] in self._items), ())

    def cut(self, span: Span) -> Place:
        """Return the place of a span, cut at its first line's end."""
        line = bisect_right(self._line_starts, span.start)
        start = self._line_starts[line - 1]
        source = self.text[start:].partition("\n")[0]
        column = span.start - start
        end = min(span.end - start, len(source))
        return Place(self.file, line, column + 1, max(end - column, 1), source)

    def _item(self, path: KeyPath) -> Item:
        return self._items.get(path, Item(None, None))

    @cached_property
    def _items(self) -> dict[KeyPath, Item]:
        try:
            return scan(self.text)
        except (RecursionError, ValueError):  # nested too deeply, or no valid TOML
            return {}

    @cached_property
    def _line_starts(self) -> list[int]:
        lines = self.text.split("\n")
        return [0, *accumulate(len(line) + 1 for line in lines[:-1])]


class Document:
    """All files of a configuration in the order they were read."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self.sources = sources

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, the main one first."""
        return tuple(source.file for source in self.sources)

    @property
    def digest(self) -> bytes:
        """A digest of what the files say: another text has another."""
        texts = repr([(source.file, source.text) for source in self.sources])
        return blake2b(texts.encode(errors="surrogatepass"), digest_size=16).digest()

    @property
    def patterns(self) -> tuple[str, ...]:
        """What they include, as patterns for `glob`."""
        return tuple(pattern for source in self.sources for pattern in source.patterns)

    @property
    def unmatched(self) -> dict[str, Problem]:
        """The patterns that match nothing, each with the warning of that."""
        return {
            pattern: warning
            for source in self.sources
            for pattern, warning in source.unmatched.items()
        }

    def locate(self, problem: Problem) -> Place:
        """Return where a problem stands; at its table when it is about a missing key."""
        if problem.place:
            return problem.place
        if not self.sources:
            return Place(Path(), 1, 1, 1, "")
        source, path = self._source_of(problem.path)
        if problem.offset is not None:
            return source.place_inside(path, problem.offset, problem.length)
        return source.place(path, at_key=problem.at_key)

    def _source_of(self, path: KeyPath) -> tuple[Source, KeyPath]:
        """Return the file that knows most of a path, and the path as it is in that file."""
        local = [(source, _unshift(path, source)) for source in self.sources]
        return max(local, key=lambda pair: len(pair[0].known(pair[1])))


def _unshift(path: KeyPath, source: Source) -> KeyPath:
    if len(path) < 2 or not isinstance(path[1], int):  # noqa: PLR2004  (a list and an index)
        return path
    indices = source.shifts.get(str(path[0]))
    if indices is None:  # no file shares it with another
        return path
    if path[1] not in indices:
        return ()
    return (path[0], path[1] - indices.start, *path[2:])
