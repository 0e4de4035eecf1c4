"""Files that ship with the program but live at the top of a checkout.

The wheel carries them inside the package; an editable install does not, so the checkout's own
are the fallback.
"""

from pathlib import Path

from watcher.errors import WatcherError

PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Return where a shipped file or folder is, such as "config.example.toml".

    Raises:
        WatcherError: the installation is incomplete.
    """
    for place in (PACKAGE / name, PACKAGE.parent / name):
        if place.exists():
            return place
    raise WatcherError(f"{name} is missing from this installation; install Watcher again")
