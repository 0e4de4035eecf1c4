"""Items files (JSONL, DESIGN section 6): labelled or plain news items for replay and evaluation."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watcher.errors import WatcherError
from watcher.model import Entry

#: Items without a time follow each other this far apart.
STEP = timedelta(minutes=1)
#: The clock of a file that names no time at all.
START = datetime(2000, 1, 1, tzinfo=UTC)


class ItemsError(WatcherError):
    """An items file cannot be read; names the line."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an items file.

    Attributes:
        entry: the item as an entry, seen at its own time.
        cluster: the gold story, if the file knows it.
        labels: ids of the topics it belongs to; None if the file does not say.
    """

    entry: Entry
    cluster: str | None
    labels: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of a pairs file; `label` is "copy", "same", "different" or None."""

    a: Entry
    b: Entry
    label: str | None


def read_items(path: Path) -> list[Item]:
    """Return the items of a file in time order; equal times keep the file's order.

    Raises:
        ItemsError: the file is missing, not JSONL, or an item has no id.
    """
    items = []
    clock = START - STEP
    for place, record in _records(path):
        clock = _time(record.get("time"), place) or clock + STEP
        items.append(_item(record, clock, place))
    return sorted(items, key=lambda item: item.entry.seen)


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of a file; a bare title stands for an item.

    Raises:
        ItemsError: the file is missing or a line holds no pair.
    """
    return [_pair(record, place) for place, record in _records(path)]


def is_pairs_file(path: Path) -> bool:
    """Tell whether a file's first line holds a pair."""
    first = next(_records(path), None)
    return first is not None and {"a", "b"} <= first[1].keys()


def bare(title: str) -> Entry:
    """Return a title as an entry without time, outlet or anything else."""
    return Entry(id="", title=title, seen=START)


def _records(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise ItemsError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ItemsError(f"{path}: not UTF-8 (byte {error.start})") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{path}:{number}", _record(line, f"{path}:{number}")


def _record(line: str, place: str) -> Mapping[str, object]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise ItemsError(f"{place}: not a JSON object: {error}") from error
    if not isinstance(record, dict):
        raise ItemsError(f"{place}: expected a JSON object, got {type(record).__name__}")
    return record


def _item(record: Mapping[str, object], time: datetime, place: str) -> Item:
    id = record.get("id")  # noqa: A001 - the word of the file format
    if id is None or id == "":
        raise ItemsError(f"{place}: the item has no id")
    labels = record.get("labels")
    cluster = record.get("cluster")
    return Item(
        entry=_entry(record, str(id), time),
        cluster=None if cluster is None else str(cluster),
        labels=frozenset(map(str, labels)) if isinstance(labels, Iterable) else None,
    )


def _entry(record: Mapping[str, object], id: str, time: datetime) -> Entry:  # noqa: A002
    return Entry(
        id=id,
        title=_text(record, "title"),
        seen=time,
        summary=_text(record, "summary"),
        url=_text(record, "url"),
        outlet=_text(record, "outlet"),
        language=_text(record, "lang") or None,
        published=time,
    )


def _pair(record: Mapping[str, object], place: str) -> Pair:
    if not {"a", "b"} <= record.keys():
        raise ItemsError(f'{place}: a pair needs both "a" and "b"')
    label = record.get("label")
    return Pair(
        _side(record["a"], place), _side(record["b"], place), None if label is None else str(label)
    )


def _side(value: object, place: str) -> Entry:
    if isinstance(value, str):
        return bare(value)
    if not isinstance(value, dict):
        raise ItemsError(f"{place}: a side of a pair is a title or an item")
    return _entry(value, str(value.get("id") or ""), _time(value.get("time"), place) or START)


def _text(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else "" if value is None else str(value)


def _time(value: object, place: str) -> datetime | None:
    if not value:
        return None
    try:
        time = datetime.fromisoformat(str(value))
        # An offset at the edge of the calendar overflows; such a date is no date.
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ItemsError(f"{place}: time {value!r} is not RFC 3339") from error
