"""`watcher init`: write a commented configuration to start from."""

import shlex
from pathlib import Path

import click

from watcher.cli.values import NewFile
from watcher.cli.writing import unwritable, writing
from watcher.errors import UsageError
from watcher.resources import shipped

#: The name that the first line of the example tells editors.
SCHEMA = "config.schema.json"


@click.command()
@click.argument("path", type=NewFile(), default=Path("config.toml"))
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
def init(path: Path, *, force: bool) -> None:
    """Write a commented config.toml to start from.

    Its schema, config.schema.json, is written beside it for editors, anew each time.
    """
    from watcher.cli.config import schema_text

    if path.is_dir():
        path /= "config.toml"
    if path.exists() and not force:
        raise UsageError(f"{path} exists already; name another file, or overwrite it with --force")
    schema = path.with_name(SCHEMA)
    _write(schema, schema_text() + "\n")  # without the configuration one can try again
    _write(path, shipped("config.example.toml").read_text(encoding="utf-8"))
    click.echo(f"wrote {path}: two topics, some twenty feeds, alerts on the screen")
    click.echo(f"wrote {schema}: with it editors complete and check while you type")
    # Commands find ./config.toml by themselves.
    config = "" if path == Path("config.toml") else f" --config {shlex.quote(str(path))}"
    click.echo(f"next: edit it, then `watcher check{config}` and `watcher run{config}`")


def _write(path: Path, text: str) -> None:
    """Write a whole file or none: on a full disk the old one stays."""
    try:
        with writing(path, is_private=False) as file:
            file.write(text)
    except OSError as error:
        raise unwritable(path, error) from error
