"""`watcher eval`: how well stories, topics and alerts agree with labelled items."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from watcher.cli.output import json_option, print_json, print_table, progress
from watcher.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watcher.service.evaluate import AlertsScore, PairsScore, StoriesScore, TopicScore
    from watcher.service.items import Item
    from watcher.stories.metrics import GroupingScore, Score

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
config_option = click.option(
    "--config", "-c", type=click.Path(path_type=Path), help="Use its watchlist."
)
topics_option = click.option(
    "--config", "-c", type=click.Path(path_type=Path), required=True, help="Take its topics."
)


@click.group("eval")
def evaluate() -> None:
    """Score stories, topics or alerts on labelled items."""


@evaluate.command("stories")
@file_argument
@config_option
@json_option
def stories(file: Path, config: Path | None, *, as_json: bool) -> None:
    """Score stories and copies against `cluster`, or the verdicts on labelled pairs.

    FILE holds items, replayed in time order, or pairs ({"label", "a", "b"}).
    """
    from watcher.cli.replay import settings_or_default
    from watcher.service.evaluate import evaluate_pairs, evaluate_stories
    from watcher.service.items import is_pairs_file, read_items, read_pairs

    settings = settings_or_default(config)
    if is_pairs_file(file):
        pairs = evaluate_pairs(read_pairs(file), settings)
        print_json(_pairs_record(pairs)) if as_json else _print_pairs(pairs)
        return
    score = evaluate_stories(_labelled(read_items(file), "cluster", file), settings, _tick)
    print_json(_stories_record(score)) if as_json else _print_stories(score)


@evaluate.command("topics")
@file_argument
@topics_option
@click.option("--errors", is_flag=True, help="List the items that were missed or wrongly found.")
@json_option
def topics(file: Path, config: Path, *, errors: bool, as_json: bool) -> None:
    """Score the topics' matches against the `labels` of items."""
    from watcher.cli.config import load_or_exit
    from watcher.service.evaluate import evaluate_topics
    from watcher.service.items import read_items

    settings, _ = load_or_exit(config, warn=False)
    items = read_items(file)
    scores = evaluate_topics(_labelled(items, "labels", file), settings, _tick)
    if as_json:
        print_json([_topic_record(score) for score in scores])
        return
    print_table(
        ("topic", "items", "precision", "recall", "F1"),
        [(s.topic, s.positives, *_cells(s.score)) for s in scores],
        "no topic in this configuration",
    )
    for score in scores:
        click.echo(f"{score.topic}: recall by language: {_languages(score)}")
        if errors:
            _print_errors(score, items)


@evaluate.command("alerts")
@file_argument
@topics_option
@click.option(
    "--blur", default="36h", show_default=True, help="Blur the clock by 0 to this; 0s keeps it."
)
@click.option(
    "--seeds", default=5, show_default=True, type=click.IntRange(1, 1000), help="Clocks to average."
)
@json_option
def alerts(file: Path, config: Path, blur: str, seeds: int, *, as_json: bool) -> None:
    """Score how gold stories are told: new alerts, rings, and stories that nobody told.

    The times of FILE say too much about its stories; every item is moved to the start of its day
    plus a random part of --blur.
    """
    from watcher.cli.config import load_or_exit
    from watcher.config.values import parse_duration
    from watcher.service.evaluate import evaluate_alerts
    from watcher.service.items import read_items

    try:
        width = parse_duration(blur)
    except ValueError as error:
        raise UsageError(f"--blur {error}") from error
    settings, _ = load_or_exit(config, warn=False)
    items = _labelled(_labelled(read_items(file), "labels", file), "cluster", file)
    score = evaluate_alerts(items, settings, blur=width, seeds=seeds, tick=_tick)
    print_json(_alerts_record(score)) if as_json else _print_alerts(score)


def _tick(items: "Iterable[Item]") -> "Iterator[Item]":
    with progress(list(items), "evaluating") as bar:
        yield from bar


def _labelled(items: "list[Item]", key: Literal["cluster", "labels"], file: Path) -> "list[Item]":
    if all(getattr(item, key) is None for item in items):
        raise UsageError(f'{file}: no item has "{key}", so there is nothing to score against')
    return items


def _record(score: "Score") -> dict[str, float]:
    values = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    return {name: round(value, 4) for name, value in values.items()}


def _grouping_record(score: "GroupingScore") -> dict[str, object]:
    return {
        "pairwise": _record(score.pairwise),
        "bcubed": _record(score.bcubed),
        "ari": round(score.ari, 4),
    }


def _stories_record(score: "StoriesScore") -> dict[str, object]:
    return {
        "items": score.items,
        "clusters": score.clusters,
        "stories": _grouping_record(score.stories),
        "copies": _grouping_record(score.copies),
    }


def _pairs_record(score: "PairsScore") -> dict[str, object]:
    return {
        "pairs": score.pairs,
        "copy": _record(score.copy),
        "copy_or_same": _record(score.copy_or_same),
        "confusion": [
            {"gold": gold, "found": found, "pairs": n}
            for (gold, found), n in score.confusion.items()
        ],
    }


def _topic_record(score: "TopicScore") -> dict[str, object]:
    return {
        "topic": score.topic,
        "items": score.positives,
        **_record(score.score),
        "missed": score.missed,
        "extra": score.extra,
        "recall_by_language": {
            language: {"found": found, "items": items}
            for language, (found, items) in sorted(score.recall_by_language.items())
        },
    }


def _alerts_record(score: "AlertsScore") -> dict[str, object]:
    record = {k: round(v, 4) for k, v in asdict(score).items() if isinstance(v, float)}
    return {"stories": score.stories, **record, "grouping": _grouping_record(score.grouping)}


def _cells(score: "Score") -> tuple[str, str, str]:
    return f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}"


def _print_stories(score: "StoriesScore") -> None:
    click.echo(f"{score.items} items in {score.clusters} gold clusters")
    rows = [
        (name, measure, *_cells(value), f"{grouping.ari:.3f}" if measure == "pairwise" else "")
        for name, grouping in (("stories", score.stories), ("copies", score.copies))
        for measure, value in (("pairwise", grouping.pairwise), ("BCubed", grouping.bcubed))
    ]
    print_table(("grouping", "measure", "precision", "recall", "F1", "ARI"), rows, "")


def _print_pairs(score: "PairsScore") -> None:
    from watcher.service.evaluate import LABELS

    click.echo(f"{score.pairs} labelled pairs")
    rows = [("copy", *_cells(score.copy)), ("copy or same", *_cells(score.copy_or_same))]
    print_table(("verdict", "precision", "recall", "F1"), rows, "")
    confusion = [(g, *(score.confusion.get((g, f), 0) for f in LABELS)) for g in LABELS]
    print_table(("gold \\ found", *LABELS), confusion, "")


def _print_alerts(score: "AlertsScore") -> None:
    rows = [
        ("new alerts per gold story", f"{score.alerts:.2f}"),
        ("rings that tell of it", f"{score.rings:.2f}"),
        ("gold stories untold", f"{score.untold:.1%}"),
        ("rings about something else, per gold story", f"{score.extra_rings:.2f}"),
        ("stories: pairwise F1", f"{score.grouping.pairwise.f1:.3f}"),
        ("stories: BCubed F1", f"{score.grouping.bcubed.f1:.3f}"),
    ]
    print_table((f"{score.stories} gold stories", "value"), rows, "")


def _languages(score: "TopicScore") -> str:
    rows = sorted(score.recall_by_language.items(), key=lambda row: (-row[1][1], row[0]))
    return ", ".join(f"{language} {found}/{items}" for language, (found, items) in rows)


def _print_errors(score: "TopicScore", items: "list[Item]") -> None:
    texts = {item.entry.id: item.entry for item in items}
    for name, ids in (("missed", score.missed), ("extra", score.extra)):
        for id in ids:  # noqa: A001 - the word of the file format
            entry = texts[id]
            click.echo(f"  {name} {id} [{entry.language}] {entry.title} | {entry.summary[:160]}")
