"""`watcher init`: write a commented configuration to start from."""

from pathlib import Path

import click

from watcher.errors import UsageError
from watcher.resources import shipped


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("config.toml"))
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
def init(path: Path, *, force: bool) -> None:
    """Write a commented config.toml to start from."""
    if path.is_dir():
        path /= "config.toml"
    if path.exists() and not force:
        raise UsageError(f"{path} exists already; name another file, or overwrite it with --force")
    example = shipped("config.example.toml").read_text(encoding="utf-8")
    try:
        path.write_text(example, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    click.echo(f"wrote {path}: two topics, some twenty feeds, alerts on the screen")
    click.echo(
        f"next: edit it, then `watcher check --config {path}` and `watcher run --config {path}`"
    )
