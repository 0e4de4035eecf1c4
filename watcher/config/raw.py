"""Walking through raw TOML: whatever has the wrong type is passed over, and left to the models."""

from collections.abc import Mapping
from typing import Any

from watcher.config.scan import KeyPath

Raw = Mapping[str, Any]


def table(raw: Raw, name: str) -> Raw:
    """Return the table of that name; an empty one where there is none."""
    found = raw.get(name)
    return found if isinstance(found, dict) else {}


def named_tables(raw: Raw, name: str) -> list[tuple[KeyPath, Raw]]:
    """Return the tables in a table, as of [channels.NAME], each with its path."""
    found = table(raw, name).items()
    return [((name, key), inner) for key, inner in found if isinstance(inner, dict)]


def tables(raw: Raw, name: str) -> list[tuple[KeyPath, Raw]]:
    """Return the tables of a list, as of [[feeds]], each with its path."""
    found = enumerate(elements(raw, name))
    return [((name, index), inner) for index, inner in found if isinstance(inner, dict)]


def elements(raw: Raw, name: str) -> list[Any]:
    """Return the elements of the list of that name; none where there is none."""
    found = raw.get(name)
    return found if isinstance(found, list) else []
