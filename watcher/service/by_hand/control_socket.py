"""Where the control socket is, and whether a daemon listens on it: without what HTTP needs."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SOCKET_NAME: Final = "watcher.sock"
#: A daemon runs on after its program was replaced.
OTHER_VERSION: Final = "the running daemon is another version of Watcher: restart it"
#: sun_path has 108 bytes on Linux, 104 elsewhere, with the zero at its end.
_LONGEST_PATH: Final = 100


def socket_path(database: Path) -> Path:
    """Return where the daemon on a database listens."""
    return database.parent / SOCKET_NAME


def is_listening(database: Path) -> bool:
    """Tell whether a daemon on a database runs, also one that we may not speak to."""
    with socket.socket(socket.AF_UNIX) as probe:
        # A daemon that hangs takes no more connections one day; that is no reason to wait for it.
        probe.setblocking(False)
        try:
            with short_name(socket_path(database)) as name:
                probe.connect(name)
        except (BlockingIOError, PermissionError):
            return True
        except OSError:
            return False
    return True


@contextmanager
def short_name(path: Path) -> Iterator[str]:
    """Yield a name of the path that is short enough for a socket's address."""
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
