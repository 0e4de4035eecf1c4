"""The data files that come with the rooms, each in its room's folder `data`."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


def read_data(room: str, name: str) -> str:
    """Return the text of a data file of a room, as "topics" or "service.encoder"."""
    return resources.files(f"watcher.{room}").joinpath("data", name).read_text("utf-8")


def read_anew(room: str, name: str) -> Mapping[str, Any]:
    """Return what a file of TOML or JSON holds."""
    text = read_data(room, name)
    return json.loads(text) if name.endswith(".json") else tomllib.loads(text)


#: The same, read once: for tables that are asked for as long as the program runs.
read_table = cache(read_anew)
