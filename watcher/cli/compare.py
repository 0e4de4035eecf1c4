"""`watcher compare`: how two titles relate, and why."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_for, settings_or_default
from watcher.cli.output import json_option, one_line, print_json, progress
from watcher.cli.streams import text_of
from watcher.cli.values import ITEMS_FILE, LANGUAGE
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.service.trials.items import Pair
    from watcher.stories.relate import Verdict


@click.command()
@click.argument("titles", nargs=-1)
@click.option(
    "--pairs",
    type=ITEMS_FILE,
    help='A file with a pair a line: {"a": item, "b": item}; an item may be a bare title. - is '
    "standard input.",
)
@config_for(help="Use its watchlist too. Default: none.")
@click.option(
    "--lang",
    "languages",
    multiple=True,
    type=LANGUAGE,
    help="The language of the titles, such as id, as a feed's `lang` has it; given twice, that of "
    "each. Default: what their words tell, which in short ones is often nothing.",
)
@json_option
def compare(
    titles: tuple[str, ...],
    pairs: Path | None,
    config: Path | None,
    languages: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Say how two titles relate, and why.

    One repeats the other (copy), both report the same event (same), or they are different. The
    number is how sure that answer is, 0-100; "but ..." is what forbids to call them copies.

    Where both match a topic of the watchlist, the answer is what `run` would make of the later one
    (without times: the second): a copy is kept quiet about, anything else is told. Without such a
    topic a copy is one report in two outlets; where a topic would tell it all the same, the reason
    says so.
    """
    if len(titles) != (0 if pairs else 2):
        raise UsageError("compare takes two titles (in quotes), or --pairs FILE")
    if languages and (pairs or len(languages) > len(titles)):
        raise UsageError("--lang is for two titles, once for both or once for each")
    from watcher.service.encoder.encoding import computed
    from watcher.service.intake.judge import compare as relate_entries
    from watcher.service.trials.items import read_pairs
    from watcher.topics.watchlist import Watchlist

    settings = settings_or_default(config)
    watchlist, vectors = Watchlist(settings), computed(settings.stories.encoder)
    sides = read_pairs(pairs) if pairs else [_typed(titles, languages)]
    with progress(sides, "comparing", prints=True) as bar:
        for pair in bar:
            verdict = relate_entries(
                pair.a, pair.b, watchlist, window=settings.stories.window, vectors=vectors
            )
            _show(verdict, as_json=as_json)


def _typed(titles: Sequence[str], languages: Sequence[str]) -> "Pair":
    from watcher.service.trials.items import Pair, bare

    a, b = map(bare, map(text_of, titles))
    if languages:
        a, b = replace(a, language=languages[0]), replace(b, language=languages[-1])
    return Pair(a, b, None)


def _show(verdict: "Verdict", *, as_json: bool) -> None:
    score = round(verdict.score, 1)
    if as_json:
        print_json({"relation": verdict.relation, "score": score, "reason": verdict.reason})
    else:
        click.echo(f"{verdict.relation}  {score:.1f}  {one_line(verdict.reason)}")
