"""What a broken configuration still says about its watchlist, so that all problems show at once."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from watcher.config.scan import KeyPath
from watcher.config.settings import Settings

#: The tables of a watchlist; their own checks need nothing else.
WATCHLIST = ("entities", "words", "topics")

#: What stands where a term could not be read, so that the others keep their numbers.
STAND_IN = "stand-in"

#: Each round takes out what the models refuse; a table in place of a string shows in the next.
ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """The watchlist of a configuration that cannot be used.

    Attributes:
        whole: nothing of it was left out, so that what is missing in it is missing indeed.
    """

    settings: Settings
    whole: bool


def draft(raw: dict[str, Any]) -> Draft | None:
    """Return the watchlist without what the models refuse; None when too little is left."""
    tables = deepcopy({key: raw[key] for key in WATCHLIST if key in raw})
    for done in range(ROUNDS):
        try:
            settings = Settings.model_validate(tables)
        except ValidationError as error:
            for details in reversed(error.errors(include_url=False)):
                _take_out(tables, details)
        else:
            return Draft(settings, whole=done == 0)
    return None


def _take_out(tables: dict[str, Any], error: ErrorDetails) -> None:
    """Take one refused value out of raw TOML, or fill in what is missing."""
    *parents, last = _path(error)
    place = _place(tables, parents)
    if isinstance(place, list):
        place[int(last)] = {} if parents == ["topics"] else STAND_IN
    elif isinstance(place, dict) and error["type"] == "missing":
        place[last] = f'"{STAND_IN}"' if last == "match" else STAND_IN
    elif isinstance(place, dict) and error["type"] == "model_type":
        place[last] = {}
    elif isinstance(place, dict):
        place.pop(last, None)


def _path(error: ErrorDetails) -> KeyPath:
    path = error["loc"]
    return path[:-1] if path[-1] == "[key]" else path


def _place(tables: dict[str, Any], parents: list[Any]) -> Any:
    """Return what holds a refused value; None when it was taken out for another mistake."""
    place: Any = tables
    for part in parents:
        if not isinstance(place, dict | list) or (isinstance(place, dict) and part not in place):
            return None
        place = place[part]
    return place
