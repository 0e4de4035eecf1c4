"""Items files (JSONL): labelled or plain news items for replay and evaluation.

A line is {"id", "time", "lang", "outlet", "url", "title", "summary"}, and for an evaluation
"cluster" (the story it belongs to) or "labels" (the topics it matches). All but "id" may be
missing, null or empty.
"""

import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watcher.config.suggest import did_you_mean
from watcher.errors import UsageError
from watcher.feeds.text import unwrapped
from watcher.model import Entry
from watcher.surrogates import encodable
from watcher.wording import plural

#: Items without a time follow each other this far apart.
STEP = timedelta(minutes=1)
#: The clock of a file that names no time at all.
START = datetime(2000, 1, 1, tzinfo=UTC)
#: Times that leave room for windows and steps on both sides; the first newspaper is of 1605.
OLDEST, NEWEST = datetime(1600, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)

#: RFC 3339 allows one; it is the second before, as in a feed.
LEAP_SECOND = re.compile(r"([T ]\d\d:\d\d):60")

#: What a pair can be labelled as.
LABELS = ("copy", "same", "different")

#: The path that means standard input, as elsewhere on a command line.
STANDARD_INPUT = Path("-")

Record = Mapping[str, object]


class ItemsError(UsageError):
    """The user's items file cannot be read; names the line."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an items file.

    Attributes:
        entry: the item as an entry, seen at its own time.
        cluster: the gold story, if the file knows it.
        labels: ids of the topics it belongs to; None if the file does not say.
        hidden: (list, term) that nothing may be concluded from in this item.
        place: its file and line, for messages; "" for what was never in a file.
    """

    entry: Entry
    cluster: str | None = None
    labels: frozenset[str] | None = None
    hidden: frozenset[tuple[str, str]] = frozenset()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of a pairs file; `label` is "copy", "same", "different" or None."""

    a: Entry
    b: Entry
    label: str | None


def read_items(path: Path) -> list[Item]:
    """Return the items of a file in time order; equal times keep the file's order.

    Raises:
        ItemsError: the file is missing or not JSONL, or a line holds no item.
    """
    items = []
    clock = START - STEP
    for place, record in _records(path):
        clock = _time(record, place) or clock + STEP
        items.append(_item(record, clock, place))
    return sorted(items, key=lambda item: item.entry.seen)


def hardly_meant(items: Iterable[Item], topics: Collection[str]) -> Iterator[str]:
    """Yield what labelled items say that was hardly meant, each once: a place and a clause.

    Labels that no topic has, which count for nothing, and ids that several items have.
    """
    labelled: dict[str, list[Item]] = {}
    named: dict[str, list[Item]] = {}
    for item in items:
        named.setdefault(item.entry.id, []).append(item)
        for label in sorted((item.labels or frozenset()).difference(topics)):
            labelled.setdefault(label, []).append(item)
    for label, some in labelled.items():
        hint = did_you_mean(label, topics)
        yield f"{some[0].place}: no topic `{label}`{hint}{_and_more(some)}"
    for name, (first, *others) in named.items():
        if others:
            yield f"{others[0].place}: the id `{name}` is that of {first.place}{_and_more(others)}"


def _and_more(items: Sequence[Item]) -> str:
    """Return of how many more items something holds than of the first; "" if of none."""
    more = len(items) - 1
    return f" (and {plural(more, 'more item')})" if more else ""


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of a file; a bare title stands for an item.

    Raises:
        ItemsError: the file is missing or not JSONL, or a line holds no pair.
    """
    return [pair_of(record, place) for place, record in _records(path)]


def is_pairs_file(path: Path) -> bool:
    """Tell whether a file's first line holds a pair."""
    first = next(_records(path), None)
    return first is not None and {"a", "b"} <= first[1].keys()


def bare(title: str) -> Entry:
    """Return a title as an entry without time, outlet or anything else."""
    return Entry(id="", title=unwrapped(encodable(title)), seen=START)


def _records(path: Path) -> Iterator[tuple[str, Record]]:
    try:
        lines = _text_of(path).split("\n")
    except OSError as error:
        raise ItemsError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        broken = error.object.count(b"\n", 0, error.start) + 1
        raise ItemsError(f"{path}:{broken}: not UTF-8") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{path}:{number}", _record(line, f"{path}:{number}")


def _text_of(path: Path) -> str:
    """Return the text of a file, or of standard input where it is called "-"."""
    content = sys.stdin.buffer.read() if path == STANDARD_INPUT else path.read_bytes()
    return content.decode("utf-8-sig")


def _record(line: str, place: str) -> Record:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise ItemsError(f"{place}: not JSON: {error}") from error
    except RecursionError as error:
        raise ItemsError(f"{place}: not an item: nested too deeply") from error
    if not isinstance(record, dict):
        raise ItemsError(f"{place}: expected a JSON object, got {_kind(record)}")
    return record


def _item(record: Record, time: datetime, place: str) -> Item:
    if not _text(record, "id", place):
        raise ItemsError(f"{place}: the item has no `id`")
    return Item(
        entry=_entry(record, time, place),
        cluster=_text(record, "cluster", place) or None,
        labels=_labels(record, place),
        place=place,
    )


def _entry(record: Record, time: datetime, place: str) -> Entry:
    def text(key: str) -> str:
        return _text(record, key, place)

    return Entry(
        id=text("id"),
        title=unwrapped(text("title")),
        seen=time,
        summary=unwrapped(text("summary")),
        url=text("url"),
        outlet=text("outlet"),
        language=text("lang") or None,
        published=time,
    )


def _labels(record: Record, place: str) -> frozenset[str] | None:
    labels = record.get("labels")
    if labels is None:
        return None
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ItemsError(f"{place}: `labels` is a list of topic ids")
    return frozenset(labels)


def pair_of(record: Record, place: str) -> Pair:
    """Return the pair of one line.

    Raises:
        ItemsError: it holds no pair; the text names the place.
    """
    if not {"a", "b"} <= record.keys():
        raise ItemsError(f"{place}: a pair needs both `a` and `b`")
    a, b = (_side(record[side], f"{place}: `{side}`") for side in ("a", "b"))
    return Pair(a, b, _label(record, place))


def _label(record: Record, place: str) -> str | None:
    label = _text(record, "label", place) or None
    if label is not None and label not in LABELS:
        raise ItemsError(f'{place}: `label` is "copy", "same" or "different", not "{label}"')
    return label


def _side(value: object, place: str) -> Entry:
    if isinstance(value, str):
        return bare(value)
    if not isinstance(value, dict):
        raise ItemsError(f"{place} is a title or an item, not {_kind(value)}")
    return _entry(value, _time(value, place) or START, place)


def _text(record: Record, key: str, place: str) -> str:
    """Return a text, "" where it is missing or null; ids and clusters may be numbers too."""
    value = record.get(key)
    if isinstance(value, bool | dict | list):
        raise ItemsError(f"{place}: `{key}` is a text, not {_kind(value)}")
    return "" if value is None else encodable(str(value))


def _time(record: Record, place: str) -> datetime | None:
    text = _text(record, "time", place)
    if not text:
        return None
    try:
        time = datetime.fromisoformat(LEAP_SECOND.sub(r"\1:59", text.upper()))
    except ValueError as error:
        raise ItemsError(f"{place}: `time` {text!r} is not RFC 3339") from error
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    if not OLDEST <= time <= NEWEST:
        raise ItemsError(f"{place}: `time` {text!r} is beyond every calendar of news")
    return time.astimezone(UTC)


def _kind(value: object) -> str:
    """Return what JSON calls a value."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "a truth value"}
    return "null" if value is None else names.get(type(value), "a number")
