"""What pipes gave, as `<(pass show bot)` does: once, while the configuration is loaded anew."""

from pathlib import Path
from stat import S_ISFIFO

_given: dict[Path, bytes] = {}


def is_pipe(path: Path) -> bool:
    """Tell whether a pipe stands at a path: it can be read once only.

    Raises:
        OSError: nothing can be seen there.
    """
    return S_ISFIFO(path.stat().st_mode)


def keep(path: Path, data: bytes) -> None:
    """Keep what a pipe gave for the life of this process."""
    _given[path] = data


def given(path: Path) -> bytes:
    """Return what a pipe gave; empty if nothing yet."""
    return _given.get(path, b"")
