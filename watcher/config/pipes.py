"""What pipes gave, as `<(pass show bot)` does: once, while the configuration is loaded anew."""

from pathlib import Path
from stat import S_ISDIR, S_ISREG

_given: dict[Path, bytes] = {}


def is_pipe(path: Path) -> bool:
    """Tell whether what stands at a path can be read once only: a pipe, or a device.

    Raises:
        OSError: nothing can be seen there.
    """
    mode = path.stat().st_mode
    return not (S_ISREG(mode) or S_ISDIR(mode))


def keep(path: Path, data: bytes) -> None:
    """Keep what a pipe gave for the life of this process."""
    _given[path] = data


def given(path: Path) -> bytes:
    """Return what a pipe gave; empty if nothing yet."""
    return _given.get(path, b"")
