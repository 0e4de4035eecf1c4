"""What `watcher eval` prints: tables for people, records for programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.output import one_line, print_table
from watcher.service.evaluate.metrics import Score
from watcher.service.moments import rfc3339

if TYPE_CHECKING:
    from watcher.model import Entry
    from watcher.service.evaluate.alerts import AlertsScore
    from watcher.service.evaluate.figures import Figure
    from watcher.service.evaluate.floors import Floor
    from watcher.service.evaluate.languages import LanguageScore, LanguagesScore
    from watcher.service.evaluate.mistakes import Mistake
    from watcher.service.evaluate.order import OrderScore
    from watcher.service.evaluate.pairs import PairsScore
    from watcher.service.evaluate.stories import StoriesScore
    from watcher.service.evaluate.topics import TopicScore
    from watcher.service.trials.items import Item

#: Characters of a summary that tell which item is meant.
SUMMARY = 160

Alerts = Mapping[str, "AlertsScore"]


def stories_record(score: "StoriesScore") -> dict[str, object]:
    """Return what `watcher eval stories` prints of an items file."""
    record: dict[str, object] = _record(score)
    return record


def pairs_record(score: "PairsScore") -> dict[str, object]:
    """Return what `watcher eval stories` prints of a pairs file."""
    return _verdicts_record(score) | {
        "baselines": {name: _verdicts_record(one) for name, one in score.baselines.items()}
    }


def corrections_record(score: "PairsScore") -> dict[str, object]:
    """Return the same of corrections, which say nothing of copies."""
    record = _verdicts_record(score)
    del record["copy"]
    others = {name: corrections_record(one) for name, one in score.baselines.items()}
    return record | ({"baselines": others} if others else {})


def order_record(order: "OrderScore | None") -> dict[str, object]:
    """Return what --shuffle adds."""
    return {} if order is None else {"order": _record(order)}


def mistakes_record(mistakes: "Sequence[Mistake] | None") -> dict[str, object]:
    """Return what --explain adds."""
    if mistakes is None:
        return {}
    return {
        "mistakes": [
            {
                "kind": one.kind,
                "score": round(one.score, 1),
                "reason": one.reason,
                "entry": _entry_record(one.entry),
                "other": _entry_record(one.other),
            }
            for one in mistakes
        ]
    }


def languages_record(score: "LanguagesScore | None") -> dict[str, object]:
    """Return what a file in several languages adds."""
    if score is None:
        return {}
    rows = [
        {
            "language": row.language,
            "events": row.events,
            "lexical": _record(row.lexical),
            "encoded": _record(row.encoded) if row.encoded else None,
        }
        for row in score.rows
    ]
    cost = {"encoder": score.encoder or None, "ms_per_item": round(score.ms_per_item, 1)}
    return {"across_languages": {"base": score.base, **cost, "languages": rows}}


def topics_record(
    scores: "Sequence[TopicScore]", variants: Mapping[str, Mapping[str, Score]]
) -> list[dict[str, object]]:
    """Return what `watcher eval topics` prints."""
    return [
        {
            "topic": score.topic,
            "items": score.positives,
            **_record(score.score),
            **{_key(name): _record(of[score.topic]) for name, of in variants.items()},
            "missed": score.missed,
            "extra": score.extra,
            "recall_by_language": {
                language: {"found": found, "items": items}
                for language, (found, items) in sorted(score.recall_by_language.items())
            },
        }
        for score in scores
    ]


def alerts_record(
    scores: Alerts, variants: Mapping[str, Alerts], ours: str, *, baselines: bool
) -> dict[str, object]:
    """Return what `watcher eval alerts` prints."""

    def record(name: str) -> dict[str, object]:
        again = {_key(variant): _record(of[name]) for variant, of in variants.items()}
        return {**_record(scores[name]), **again}

    others = [name for name in scores if name != ours] if baselines else []
    return record(ours) | {"baselines": {name: record(name) for name in others}}


def figure_record(figure: "Figure") -> dict[str, object]:
    """Return one row of the table of a folder."""
    return {
        "file": figure.file,
        "figure": figure.name,
        "value": round(figure.value, 4),
        "floor": figure.floor.value if figure.floor else None,
        "holds": figure.holds,
        "baselines": {name: round(value, 4) for name, value in figure.baselines.items()},
    }


def print_stories(score: "StoriesScore") -> None:
    """Print precision, recall and F1 of stories and copy groups, and of simpler rules."""
    click.echo(f"{score.items} items in {score.clusters} gold clusters")
    groupings = {"stories": score.stories, "copies": score.copies, **score.baselines}
    rows = [
        (name, *_cells(one.pairwise), *_cells(one.bcubed), f"{one.ari:.3f}")
        for name, one in groupings.items()
    ]
    headings = ("", "pairwise P", "R", "F1", "BCubed P", "R", "F1", "ARI")
    print_table(headings, rows)


def print_languages(score: "LanguagesScore | None") -> None:
    """Print how well each language's items find those of the base, without and with encoder."""
    if score is None:
        return
    click.echo()
    asked = (f"{score.encoder} P", "R", "F1") if score.encoder else ()
    headings = (f"{score.base} against", "events", "words P", "R", "F1", *asked)
    print_table(headings, [_language_row(row) for row in score.rows])
    if score.encoder:
        click.echo(f"{score.encoder}: {score.ms_per_item:.0f} ms a headline")


def _language_row(row: "LanguageScore") -> tuple[object, ...]:
    encoded = _cells(row.encoded) if row.encoded else ()
    return row.language, row.events, *_cells(row.lexical), *encoded


def print_pairs(score: "PairsScore") -> None:
    """Print precision, recall and F1 of the verdicts, ours and others', and our confusions."""
    from watcher.service.trials.items import LABELS

    click.echo(f"{score.pairs} labelled pairs")
    columns = {"Watcher": score, **score.baselines}
    rows = [(name, *_cells(one.copy), *_cells(one.copy_or_same)) for name, one in columns.items()]
    print_table(("", "copy P", "R", "F1", "copy or same P", "R", "F1"), rows)
    click.echo()
    confusion = [(g, *(score.confusion.get((g, f), 0) for f in LABELS)) for g in LABELS]
    print_table(("gold \\ found", *LABELS), confusion)


def print_corrections(score: "PairsScore") -> None:
    """Print the same of corrections, which say of two entries only whether they are one story."""
    click.echo(f"{score.pairs} pairs of entries that were corrected by hand")
    columns = {"same story": score, **score.baselines}
    rows = [(name, *_cells(one.copy_or_same)) for name, one in columns.items()]
    print_table(("verdict", "precision", "recall", "F1"), rows)
    print_table(
        ("gold", "found", "pairs"),
        [(gold, said, count) for (gold, said), count in sorted(score.confusion.items())],
    )


def print_order(order: "OrderScore | None", stretch: timedelta | None) -> None:
    """Print what --shuffle asks for."""
    if order is not None and stretch is not None:
        click.echo(
            f"shuffled within {stretch.total_seconds():g} s, {order.moved:.0%} of the items come "
            f"at another place; {order.entries:.1%} of an entry's company changes, "
            f"{order.pairs:.1%} of the pairs that share a story"
        )


def print_mistakes(mistakes: "Sequence[Mistake] | None") -> None:
    """Print what --explain asks for, two lines of headlines each."""
    for one in mistakes or ():
        click.echo(f"\n{one.kind}, {one.score:.1f}: {one_line(one.reason)}")
        for entry in (one.other, one.entry):
            click.echo(f"  {_headline(entry)}")
    if mistakes is not None and not mistakes:
        click.echo("\nno mistakes")


def print_topics(
    scores: "Sequence[TopicScore]", variants: Mapping[str, Mapping[str, Score]]
) -> None:
    """Print precision, recall and F1 of every topic, and its F1 under other conditions."""
    print_table(
        ("topic", "items", "precision", "recall", "F1", *(f"F1, {name}" for name in variants)),
        [(s.topic, s.positives, *_cells(s.score), *_f1s(variants, s.topic)) for s in scores],
        "no topic in this configuration",
    )
    for score in scores:
        click.echo(f"{score.topic}: recall by language: {_languages(score)}")


def print_topic_errors(scores: "Sequence[TopicScore]", items: "Sequence[Item]") -> None:
    """Print the items that topics missed or wrongly found."""
    texts = {item.entry.id: item.entry for item in items}
    for score in scores:
        for name, ids in (("missed", score.missed), ("extra", score.extra)):
            for one in ids:
                entry = texts[one]
                text = f"[{entry.language}] {entry.title} | {entry.summary[:SUMMARY]}"
                click.echo(f"  {score.topic}: {name} {one} {one_line(text)}")


def print_alerts(
    scores: Alerts, variants: Mapping[str, Alerts], ours: str, *, baselines: bool
) -> None:
    """Print how gold stories are told, each contender's line followed by its variants."""
    rows: list[Sequence[object]] = []
    for name in scores if baselines else (ours,):
        rows.append((name, *_told(scores[name])))
        rows += [(f"  {variant}", *_told(of[name])) for variant, of in variants.items()]
    headings = (
        "new alerts",
        "rings",
        "untold",
        "silenced",
        "other rings",
        "pairwise F1",
        "BCubed F1",
    )
    print_table((f"per gold story ({scores[ours].stories})", *headings), rows)


def print_floors(asked: "Mapping[str, Floor]", values: Mapping[str, float]) -> None:
    """Print which of the floors hold that are asked of a known set."""
    shown = [
        f"{name} {_bound(floor)} {'holds' if floor.holds(values[name]) else 'missed'}"
        for name, floor in asked.items()
        if name in values
    ]
    if shown:
        click.echo(f"floors: {', '.join(shown)}")


def print_figures(figures: "Sequence[Figure]") -> None:
    """Print a table of figures, a row each, with floors and simpler rules."""
    rules = list(dict.fromkeys(name for one in figures for name in one.baselines))
    rows = [
        (
            one.file,
            one.name,
            _number(one.value),
            _floor(one),
            *(_number(one.baselines.get(rule)) for rule in rules),
        )
        for one in figures
    ]
    print_table(("file", "figure", "Watcher", "floor", *rules), rows)
    asked = [one.holds for one in figures if one.holds is not None]
    if asked:
        click.echo(f"{sum(asked)} of {len(asked)} floors hold")


def _key(name: str) -> str:
    return name.replace(" ", "_")


def _record(figures: object) -> Any:
    """Return what a score holds by name; shares have four decimals, and each score its F1."""
    if isinstance(figures, float):
        return round(figures, 4)
    if isinstance(figures, Score):
        values = {"precision": figures.precision, "recall": figures.recall, "f1": figures.f1}
        return _record(values)
    if isinstance(figures, Mapping):
        return {name: _record(one) for name, one in figures.items()}
    if is_dataclass(figures):
        return {one.name: _record(getattr(figures, one.name)) for one in fields(figures)}
    return figures


def _verdicts_record(score: "PairsScore") -> dict[str, object]:
    return {
        "pairs": score.pairs,
        "copy": _record(score.copy),
        "copy_or_same": _record(score.copy_or_same),
        "confusion": [
            {"gold": gold, "found": found, "pairs": n}
            for (gold, found), n in score.confusion.items()
        ],
    }


def _entry_record(entry: "Entry") -> dict[str, object]:
    return {"id": entry.id, "time": entry.time, "outlet": entry.outlet, "title": entry.title}


def _cells(score: Score) -> tuple[str, str, str]:
    return f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}"


def _told(score: "AlertsScore") -> tuple[str, ...]:
    return (
        f"{score.alerts:.2f}",
        f"{score.rings:.2f}",
        f"{score.untold:.1%}",
        f"{score.silenced:.1%}",
        f"{score.extra_rings:.2f}",
        f"{score.grouping.pairwise.f1:.3f}",
        f"{score.grouping.bcubed.f1:.3f}",
    )


def _f1s(variants: Mapping[str, Mapping[str, Score]], topic: str) -> Iterable[str]:
    return (f"{of[topic].f1:.3f}" for of in variants.values())


def _number(value: object) -> str:
    """Return a share with three decimals, a count as it is."""
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _floor(figure: "Figure") -> str:
    if figure.floor is None:
        return ""
    return f"{_bound(figure.floor)} {'holds' if figure.holds else 'missed'}"


def _bound(floor: "Floor") -> str:
    sign = "\u2264" if floor.at_most else "\u2265"
    return f"{sign} {floor.value:g}"


def _headline(entry: "Entry") -> str:
    text = one_line(entry.title or entry.summary[:SUMMARY])
    outlet = one_line(entry.outlet) or "-"
    return f"{rfc3339(entry.time)}  {outlet}  {text}  [{one_line(entry.id)}]"


def _languages(score: "TopicScore") -> str:
    rows = sorted(score.recall_by_language.items(), key=lambda row: (-row[1][1], row[0]))
    return ", ".join(f"{language} {found}/{items}" for language, (found, items) in rows)
