"""`watcher stories split|merge`: stories corrected by hand."""

from collections.abc import Mapping
from pathlib import Path

import click

from watcher.cli.config import config_option, load_or_exit
from watcher.cli.output import json_option, print_json
from watcher.cli.state import perform
from watcher.cli.values import NUMBER
from watcher.wording import plural


@click.command()
@click.argument("story", type=NUMBER)
@click.argument("entries", metavar="ENTRY...", type=NUMBER, nargs=-1, required=True)
@config_option
@json_option
def split(story: int, entries: tuple[int, ...], config: Path | None, *, as_json: bool) -> None:
    """Let entries leave a story for a new one.

    ENTRY is a number that `watcher stories show STORY` lists. Nothing is told again because of it;
    what was said is kept as labelled data, see `watcher eval stories --from-corrections`.
    """
    settings = load_or_exit(config)
    done = perform(settings, "stories.split", {"story": story, "entries": list(entries)})
    if as_json:
        print_json(done)
        return
    left = _entries(done)
    if done["changed"]:
        click.echo(f"story {done['new_story']}: {left} left story {done['story']}")
    else:
        click.echo(f"story {done['new_story']} has {left} of story {done['story']} already")


@click.command()
@click.argument("a", metavar="A", type=NUMBER)
@click.argument("b", metavar="B", type=NUMBER)
@config_option
@json_option
def merge(a: int, b: int, config: Path | None, *, as_json: bool) -> None:
    """Let the stories A and B be one: the older one, whose number is smaller.

    The other number stays an alias of it: `watcher stories show` finds it for ever. Nothing is
    told again because of it.
    """
    settings = load_or_exit(config)
    done = perform(settings, "stories.merge", {"a": a, "b": b})
    if as_json:
        print_json(done)
    elif done["changed"]:
        click.echo(f"story {done['story']}: {_entries(done)} of story {done['merged']} joined it")
    else:
        click.echo(f"stories {a} and {b} are one already: story {done['story']}")


def _entries(done: Mapping[str, object]) -> str:
    entries = done["entries"]
    count = len(entries) if isinstance(entries, list) else 0
    return plural(count, "entry", "entries")
