"""The data files that come with this package."""

from importlib import resources
from typing import Final

_FOLDER: Final = resources.files("watcher.stories").joinpath("data")


def read_data(name: str) -> str:
    """Return the text of a data file."""
    return _FOLDER.joinpath(name).read_text("utf-8")
