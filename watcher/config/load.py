"""From a path to settings, or to everything that is wrong with them."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from watcher.config import checks
from watcher.config.document import Document
from watcher.config.draft import Draft, draft
from watcher.config.explain import explain
from watcher.config.files import check_secrets
from watcher.config.problems import Problem
from watcher.config.reading import Reading, read, shown
from watcher.config.scan import KeyPath
from watcher.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a configuration file holds.

    Attributes:
        settings: None when a problem is an error, not a warning.
        draft: the watchlist of settings that are None, where every file could be read.
        outline: the table `watcher` alone of settings that are None, as far as it can be used:
            where the state is.
    """

    settings: Settings | None
    problems: tuple[Problem, ...]
    document: Document
    draft: Draft | None = None
    outline: Settings | None = None


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Loaded:
    """Read a configuration with all its files; a user's mistake is a problem, never raised."""
    reading = read(path)
    problems, settings = list(reading.problems), None
    if reading.sources:
        problems += _check(reading, environ)
        settings, refused = _validate(reading.raw, path)
        problems += refused
    if all(problem.warning for problem in problems):
        return Loaded(settings, tuple(problems), reading.document)
    watchlist = draft(reading.raw) if reading.complete else None
    outline = _outline(reading.raw, path)
    return Loaded(None, tuple(problems), reading.document, watchlist, outline)


def _validate(raw: dict[str, Any], file: Path) -> tuple[Settings | None, list[Problem]]:
    try:
        return Settings.model_validate(raw, context={"file": file}), []
    except ValidationError as error:
        return None, explain(error)


def _outline(raw: dict[str, Any], file: Path) -> Settings | None:
    """Return settings of the table `watcher` alone, or those of an empty file."""
    outline, _ = _validate({"watcher": raw.get("watcher", {})}, file)
    return outline or _validate({}, file)[0]


def _check(reading: Reading, environ: Mapping[str, str]) -> Iterator[Problem]:
    document, raw = reading.document, reading.raw

    def where(path: KeyPath) -> str:
        place = document.locate(Problem(path, ""))
        return f"{shown(place.file)}:{place.line}"

    if reading.complete:  # else a name may be defined in what we could not read
        yield from checks.check_names(raw)
        yield from checks.check_loudly(raw)
    yield from checks.check_doubles(raw, where)
    yield from checks.check_lists(raw)
    yield from checks.check_publishers(raw, where)
    yield from checks.check_channels(raw)
    yield from checks.check_service(raw)
    yield from checks.check_times(raw)
    yield from checks.check_proxy(raw, environ)
    yield from check_secrets(raw, document, environ)
