"""`watcher replay`: what Watcher would have made of a file of items."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_for, settings_or_default
from watcher.cli.output import json_option, one_line, print_json, progress
from watcher.cli.streams import remark
from watcher.cli.values import ITEMS_FILE
from watcher.service.moments import rfc3339

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watcher.service.trials.replay import Replayed


@click.command()
@click.argument("file", type=ITEMS_FILE)
@config_for(help="Topics to watch for. Default: none.")
@json_option
def replay(file: Path, config: Path | None, *, as_json: bool) -> None:
    """Run items of a file through match, story and alert.

    FILE holds one JSON object a line (id, time, lang, outlet, url, title, summary; all but id may
    be missing); - is standard input. Their times are the clock. Nothing is stored and nothing is
    sent.
    """
    from watcher.heap import making_to_last
    from watcher.service.trials.items import read_items
    from watcher.service.trials.replay import Replay, as_record
    from watcher.topics.watchlist import Watchlist

    settings = settings_or_default(config)
    items = read_items(file)
    _warn_of_twins([item.entry.id for item in items])
    run = Replay(settings, Watchlist(settings))
    # All that is made stays until the end: looking through it for garbage took a fifth of the time.
    with making_to_last(), progress(items, "replaying", prints=True) as bar:
        for _, replayed in zip(bar, run.run(items), strict=True):
            print_json(as_record(replayed)) if as_json else click.echo(_line(replayed))


def _warn_of_twins(ids: "Sequence[str]") -> None:
    """Say that some items share an id, by which `copy_of` cannot tell them apart."""
    twins = [id_ for id_, times in Counter(ids).items() if times > 1]
    if twins:
        example = one_line(twins[0])
        said = f'ids that stand more than once: {len(twins)}, such as "{example}"'
        remark(f"{said}; `copy_of` does not tell which item it names")


def _line(replayed: "Replayed") -> str:
    assignment = replayed.judgement.assignment
    told = " ".join(f"[{t.topic}: {t.decision.action}, {t.decision.reason}]" for t in replayed.told)
    head = f"{rfc3339(replayed.entry.seen)}  story {replayed.story:<5} {assignment.relation:<4}"
    title = one_line(replayed.entry.title or replayed.entry.summary[:80])
    reason = one_line(assignment.reason)
    return f"{head} {assignment.score:5.1f}  {title}  ({reason}) {told}".rstrip()
