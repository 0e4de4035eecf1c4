"""`watcher export`: what is in the database, for other programs."""

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from watcher.cli.config import config_option
from watcher.cli.output import json_text, progress
from watcher.cli.state import demand_topic, reading
from watcher.cli.values import NewFile, Parsed, parse_duration
from watcher.cli.writing import writing
from watcher.errors import UsageError
from watcher.service.moments import rfc3339, utc_now

if TYPE_CHECKING:
    from watcher.storage.exports import Exports, Record

#: What a spreadsheet takes for the beginning of a formula (OWASP "CSV injection"), wide forms too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

#: What names standard output, as in other commands.
_STANDARD_OUTPUT = Path("-")

#: The columns of a CSV; those of JSONL are the same, in the same order.
_NAMES = {
    "entries": "id time lang outlet url title summary author published seen feed guid story"
    " relation copy_of score reason topics",
    "stories": "story title opened last_seen entries outlets languages topics",
    "alerts": "alert topic story action priority created due lead title outlet url entries"
    " deliveries",
}
COLUMNS = {what: names.split() for what, names in _NAMES.items()}


def _moment(text: str) -> datetime:
    """Return a time: a span before now ("36h", "14d"), or a date as ISO 8601 writes it."""
    try:
        return utc_now() - parse_duration(text)
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"{text!r} is neither a span like 36h or 14d nor a date like 2026-11-01"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command()
@click.argument("what", type=click.Choice(list(COLUMNS)), default="entries")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["jsonl", "csv"]),
    help="Default: jsonl; of -o FILE.csv: csv.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
@click.option(
    "--since",
    type=Parsed("time", _moment),
    help="Only what was seen, joined or made since: 36h, 14d, or a date (UTC).",
)
@click.option("--topic", help="Only what belongs to this topic.")
@click.option(
    "--output",
    "-o",
    type=NewFile(dir_okay=False, allow_dash=True),
    help="File to write, or -. Default: standard output.",
)
@config_option
def export(
    what: str,
    kind: str | None,
    since: datetime | None,
    topic: str | None,
    output: Path | None,
    config: Path | None,
    *,
    as_json: bool,
) -> None:
    """Print entries, stories or alerts as JSONL or CSV.

    WHAT is entries (the default), stories or alerts, and they come oldest first. Nothing is held
    in memory, and a running daemon is not disturbed. Lines of entries are items, as
    `watcher replay` and `eval` read them. In CSV, lists are joined by "; ", and a text that a
    spreadsheet would take for a formula stands behind an apostrophe.
    """
    if as_json and kind == "csv":
        raise UsageError("--json and --format csv contradict each other")
    is_csv = (kind or _kind_of(output, as_json=as_json)) == "csv"
    with reading(config) as (settings, tx):
        demand_topic(topic, settings)
        pages = _paged(tx.exports(since, topic), what)
        with _writing(output) as target:
            (_write_csv if is_csv else _write_jsonl)(target, what, pages)


def _kind_of(output: Path | None, *, as_json: bool) -> str:
    return "csv" if not as_json and output and output.suffix.lower() == ".csv" else "jsonl"


def _paged(exports: "Exports", what: str) -> "Iterator[Sequence[Record]]":
    """Yield the pages; a bar shows how far it is, on a terminal that does not show them."""
    from watcher.storage.exports import PAGE

    if not sys.stderr.isatty():  # counting takes a while too
        yield from exports.pages(what)
        return
    pages = exports.pages(what)
    with progress(range(0, exports.count(what), PAGE), f"exporting {what}", prints=True) as bar:
        for _ in bar:
            yield next(pages, ())


def _write_jsonl(target: TextIO, _what: str, pages: "Iterator[Sequence[Record]]") -> None:
    target.writelines("".join(f"{json_text(record)}\n" for record in page) for page in pages)


def _write_csv(target: TextIO, what: str, pages: "Iterator[Sequence[Record]]") -> None:
    writer = csv.writer(target)
    writer.writerow(COLUMNS[what])
    for page in pages:
        writer.writerows([_cell(record[name]) for name in COLUMNS[what]] for record in page)


def _cell(value: object) -> object:
    """Return what stands in a cell."""
    match value:
        case None:
            return ""
        case datetime():
            return rfc3339(value)
        case list():
            return _harmless("; ".join(map(_piece, value)))
        case str():
            return _harmless(value.replace("\0", ""))
    return value


def _piece(value: object) -> str:
    """Return an element of a list: a delivery as channel, kind and state."""
    if isinstance(value, Mapping):
        return f"{value['channel']} {value['kind']} {value['state']}"
    return str(value)


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet runs; spaces before a formula do not hide it."""
    is_formula = text.startswith(FORMULA) or text.lstrip(" \xa0").startswith(FORMULA)
    return f"'{text}" if is_formula else text


@contextmanager
def _writing(output: Path | None) -> Iterator[TextIO]:
    """Yield what is written to; a file takes its place when it is whole."""
    if output is None or output == _STANDARD_OUTPUT:
        _as_it_is(sys.stdout)
        yield sys.stdout
        sys.stdout.flush()
    else:
        with writing(output) as file:
            yield file


def _as_it_is(stream: TextIO) -> None:
    """Let CSV end its own lines, and no letter be a failure."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(newline="")
