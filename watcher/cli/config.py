"""`watcher check` and `watcher config`: what the configuration says, and what is wrong with it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli import EXIT_CONFIG
from watcher.cli.output import Group, json_text, print_json
from watcher.cli.streams import remark
from watcher.errors import ConfigError
from watcher.wording import plural

if TYPE_CHECKING:
    from watcher.config import Document, Loaded, Problem, Settings
    from watcher.service.in_force.watch import Found, Watch

#: For who has none yet.
HOW_TO_ADD_FEEDS = "`watcher feeds add URL` adds those of a page"

#: The option by which a configuration is named; what it is for differs.
config_for = partial(click.option, "--config", "-c", type=click.Path(path_type=Path))
config_option = config_for(
    help="Configuration file. Default: $WATCHER_CONFIG, ./config.toml, "
    "$XDG_CONFIG_HOME/watcher/config.toml, /etc/watcher/config.toml.",
)


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(config: Path | None, as_json: bool) -> None:
    """Check the configuration and show every problem at once.

    Exits with 0 when it can be used, with 78 when it cannot.
    """
    from watcher.config import report
    from watcher.config.reading import shown

    path, loaded, problems, failed = _examined(config)
    if as_json:
        places = [_as_json(problem, loaded.document) for problem in problems]
        print_json({"ok": not failed, "problems": places})
    elif problems:
        click.echo(report(problems, loaded.document))
    if failed:
        sys.exit(EXIT_CONFIG)
    if loaded.settings and not as_json:
        click.echo(f"{shown(path)}: ok: {_summary(loaded.settings)}")
        if unused := _unused(loaded.settings, loaded.document):
            click.echo(f"no topic names {', '.join(f'`{name}`' for name in unused)}")


@click.group("config", cls=Group)
def config_group() -> None:
    """Tools around the configuration file."""


@config_group.command()
def schema() -> None:
    """Print the JSON schema of config.toml, for editors that complete and check."""
    click.echo(schema_text())


def schema_text() -> str:
    """Return the JSON schema of config.toml."""
    from watcher.config import json_schema

    return json_text(json_schema(), indent=2)


def load_or_exit(config: Path | None, *, warn: bool = False) -> Settings:
    """Return the settings; print problems to standard error.

    Exits with 78 when the configuration cannot be used; warnings do not keep it from that, and
    commands that only look at something leave them to `watcher check`: `warn` shows them, too.
    """
    return load_with_document(config, warn=warn)[0]


def settings_or_default(config: Path | None) -> Settings:
    """Return the settings of the file that is named, or empty ones that watch nothing.

    Where there is a configuration that other commands find, it is said that it does not count.
    """
    from watcher.config import Settings
    from watcher.config.reading import shown

    if config:
        return load_or_exit(config)
    if found := found_config(None):
        remark(f"no topics: {shown(found)} counts only with --config {shown(found)}")
    return Settings()


def settings_in_use() -> Settings | None:
    """Return the settings that commands find by themselves; None if there are none to be used."""
    from watcher.config import load

    path = found_config(None)
    return load(path).settings if path else None


def load_or_outline(config: Path | None) -> tuple[Settings, Path, str]:
    """Return the settings, the file they are from, and what is wrong with it, "" if nothing is.

    Of settings that cannot be used the table `watcher`, as far as it can: for who looks at what
    runs on the former ones.
    """
    from watcher.config import Settings, report

    path, loaded, problems, failed = _examined(config, warnings=False)
    settings = loaded.settings or loaded.outline or Settings()
    said = report(problems, loaded.document, outcome="what runs is not touched")
    return settings, path, said if failed else ""


def load_with_document(config: Path | None, *, warn: bool = False) -> tuple[Settings, Document]:
    """Return the settings and the text that they are from; see `load_or_exit`."""
    from watcher.config import report
    from watcher.service.encoder.encoders import encoder_problem

    _, loaded, problems, failed = _examined(config, warnings=warn)
    if problems and (warn or failed):
        click.echo(report(problems, loaded.document), err=True)
    if loaded.settings is None or failed:
        sys.exit(EXIT_CONFIG)
    if not warn and (encoder := encoder_problem(loaded.settings)):
        remark(encoder.message)
    return loaded.settings, loaded.document


def load_watch(config: Path | None, *, lasting: bool) -> tuple[Watch, Document]:
    """Return what to watch and the text that it is from, as `load_or_exit` with warnings does.

    For what is `lasting` other processes do what takes memory, the names of the cast as well.
    """
    from watcher.config import report
    from watcher.service import loop
    from watcher.service.in_force.watch import find_watch_here

    path = _meant(config)
    found = loop.run(_find_lasting(path)) if lasting else find_watch_here(path)
    if found.problems:
        click.echo(report(found.problems, found.loaded.document), err=True)
    if found.watch is None:
        sys.exit(EXIT_CONFIG)
    return found.watch, found.loaded.document


async def _find_lasting(path: Path) -> Found:
    from watcher.service.in_force.watch import find_watch
    from watcher.service.intake.names import load_names
    from watcher.service.monitoring.sd_notify import more_time

    with more_time("reading the configuration"):
        names = asyncio.create_task(load_names())
        found = await find_watch(path)
        if found.watch:  # else the names are for nothing: the loop's end cancels them
            await names
    return found


def _examined(
    config: Path | None, *, warnings: bool = True
) -> tuple[Path, Loaded, tuple[Problem, ...], bool]:
    """Return the file that is meant, what it holds, its problems, and whether it is unusable."""
    from watcher.service.in_force.watch import examine

    path = _meant(config)
    loaded, problems = examine(path, warnings=warnings)
    return path, loaded, problems, any(not problem.warning for problem in problems)


def found_config(config: Path | None) -> Path | None:
    """Return the file that is meant; None where none is named and there is none to be found."""
    from watcher.config import find_config

    with suppress(ConfigError):
        return find_config(config, os.environ, Path.cwd())
    return None


def _meant(config: Path | None) -> Path:
    """Return the file that is meant, once we look where the service does that it is for."""
    from watcher.config import find_config
    from watcher.service.installation.places import service_environment

    path = find_config(config, os.environ, Path.cwd())
    os.environ.update(service_environment(path, os.environ))  # its state and secrets
    return path


def _as_json(problem: Problem, document: Document) -> dict[str, object]:
    place = document.locate(problem)
    return {
        "file": str(place.file),
        "line": place.line,
        "column": place.column,
        "length": place.length,
        "severity": "warning" if problem.warning else "error",
        "path": list(problem.path),
        "message": problem.message,
    }


def _summary(settings: Settings) -> str:
    """Say how many of each there are; all stand in the file, feeds can also be looked for."""
    feeds = plural(len(settings.feeds), "feed")
    counts = (
        feeds if settings.feeds else f"{feeds} ({HOW_TO_ADD_FEEDS})",
        plural(len(settings.topics), "topic"),
        plural(len(settings.entities), "entity", "entities"),
        plural(len(settings.words), "word list"),
        plural(len(settings.channels), "channel"),
    )
    return ", ".join(counts)


def _unused(settings: Settings, document: Document) -> list[str]:
    """Return the lists of the main file that no topic names; included ones may serve others too."""
    from watcher.topics.compiling import lists_of

    named = {name for topic in settings.topics for name in lists_of(topic.match)}
    tables = (("entities", settings.entities), ("words", settings.words))
    paths = [(table, name) for table, lists in tables for name in lists if name not in named]
    return [name for table, name in paths if document.sources[0].known((table, name))[1:]]
