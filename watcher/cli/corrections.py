"""`watcher stories split|merge`: stories corrected by hand, and what that says of ours."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_option, load_or_exit
from watcher.cli.output import json_option, json_text, print_json, print_table
from watcher.cli.state import perform, reading_of
from watcher.cli.values import NUMBER
from watcher.cli.writing import writing
from watcher.errors import UsageError
from watcher.wording import plural

if TYPE_CHECKING:
    from watcher.config.settings import Settings
    from watcher.service.evaluate.pairs import PairsScore

#: What of a pairs file's figures means something for corrections.
FIGURES = ("pairs", "copy_or_same", "confusion")


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


def score_corrections(
    settings: "Settings", write: Path | None, *, baselines: bool, most: int | None, as_json: bool
) -> None:
    """Score the present machinery on the corrections, and write them as a pairs file if asked to.

    Args:
        settings: to score under.
        write: the pairs file; None for none.
        baselines: score simpler rules beside it.
        most: so many mistakes are shown at most; None for none.
        as_json: print JSON for programs.

    Raises:
        UsageError: nothing was corrected yet.
    """
    from watcher.cli.evaluate_output import mistakes_record, print_mistakes
    from watcher.service.evaluate.mistakes import pair_mistakes
    from watcher.service.evaluate.pairs import evaluate_pairs
    from watcher.service.trials.items import pair_of

    with reading_of(settings) as tx:
        records = tx.corrections.pairs()
    if not records:
        raise UsageError(
            "there are no corrections yet: `watcher stories split` and `merge` make them"
        )
    if write:
        _write(write, records)
        click.echo(f"wrote {len(records)} pairs to {write}", err=True)
    pairs = [pair_of(record, "a correction") for record in records]
    score = evaluate_pairs(pairs, settings, baselines=baselines)
    mistakes = pair_mistakes(pairs, settings)[:most] if most else None
    if as_json:
        print_json(_record(score) | mistakes_record(mistakes))
        return
    _print(score)
    print_mistakes(mistakes)


def _record(score: "PairsScore") -> dict[str, object]:
    """Return the figures; which entries are copies people did not say, only what is one story."""
    from watcher.cli.evaluate_output import pairs_record

    record = {key: value for key, value in pairs_record(score).items() if key in FIGURES}
    others = {name: _record(one) for name, one in score.baselines.items()}
    return record | ({"baselines": others} if others else {})


def _print(score: "PairsScore") -> None:
    click.echo(f"{score.pairs} pairs of entries that were corrected by hand")
    columns = {"same story": score, **score.baselines}
    rows = [
        (name, f"{found.precision:.3f}", f"{found.recall:.3f}", f"{found.f1:.3f}")
        for name, found in ((name, one.copy_or_same) for name, one in columns.items())
    ]
    print_table(("verdict", "precision", "recall", "F1"), rows)
    print_table(
        ("gold", "found", "pairs"),
        [(gold, said, count) for (gold, said), count in sorted(score.confusion.items())],
    )


def _entries(done: Mapping[str, object]) -> str:
    entries = done["entries"]
    count = len(entries) if isinstance(entries, list) else 0
    return plural(count, "entry", "entries")


def _write(path: Path, records: list[dict[str, object]]) -> None:
    with writing(path, is_private=False) as file:
        file.writelines(f"{json_text(one)}\n" for one in records)
