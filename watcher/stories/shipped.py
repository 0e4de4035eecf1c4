"""The data files that come with this package."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

_FOLDER: Final = resources.files("watcher.stories").joinpath("data")


def read_data(name: str) -> str:
    """Return the text of a data file."""
    return _FOLDER.joinpath(name).read_text("utf-8")


@cache
def read_table(name: str) -> Mapping[str, Any]:
    """Return what a file of TOML or JSON holds; it is read once."""
    text = read_data(name)
    return json.loads(text) if name.endswith(".json") else tomllib.loads(text)
