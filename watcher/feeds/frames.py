"""How the daemon and its parse workers talk: frames of JSON, with bytes behind it.

JSON and not pickle: a worker reads hostile documents, and whatever becomes of it, its answer
must not be able to run code in the daemon. Each entry is a line of its own: one string of ten
megabytes would be decoded in one piece, and nothing else could run meanwhile.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from watcher.errors import FeedError
from watcher.feeds.compression import MAX_BODY_BYTES
from watcher.feeds.parsed import ParsedEntry, ParsedFeed

#: Before each frame: bytes of its JSON, and bytes of what stands after it.
LENGTHS = struct.Struct("!II")

#: What is said of a feed, beside its entries, and of an entry. `asdict` copies each value: with it
#: a line takes three times as long.
_OF_FEED: Final = tuple(one.name for one in fields(ParsedFeed) if one.name != "entries")
_OF_ENTRY: Final = tuple(one.name for one in fields(ParsedEntry))


@dataclass(frozen=True, slots=True)
class Job:
    """One document to parse.

    Attributes:
        timeout_s: the patience for it.
        memory: of the poll before.
        max_body: bytes that it may have, inflated.
    """

    body: bytes
    content_type: str | None
    url: str
    now: datetime
    timeout_s: float
    memory: bytes = b""
    max_body: int = MAX_BODY_BYTES


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says: an error or a feed, and the feed's entries, a line of JSON each."""

    message: Mapping[str, Any]
    entries: bytes = b""


def pack(message: Mapping[str, Any], after: bytes = b"") -> bytes:
    """Return a frame."""
    text = _json(message)
    return LENGTHS.pack(len(text), len(after)) + text + after


def pack_job(job: Job) -> bytes:
    """Return the frame of a request."""
    message = {
        "content_type": job.content_type,
        "url": job.url,
        "now": job.now.isoformat(),
        "timeout_s": job.timeout_s,
        "memory": job.memory.hex(),
        "max_body": job.max_body,
    }
    return pack(message, job.body)


def unpack_job(text: bytes, body: bytes) -> Job:
    """Return the request that a frame holds."""
    message = json.loads(text)
    now, memory = datetime.fromisoformat(message["now"]), bytes.fromhex(message["memory"])
    return Job(body, **{**message, "now": now, "memory": memory})


def answer(feed: ParsedFeed) -> Answer:
    """Return a feed as a frame can hold it."""
    about = {
        **{name: getattr(feed, name) for name in _OF_FEED},
        "ttl": feed.ttl.total_seconds() if feed.ttl else None,
        "known": [key.hex() for key in feed.known],
        "memory": feed.memory.hex(),
    }
    return Answer({"feed": about}, b"\n".join(map(_entry_line, feed.entries)))


def _entry_line(entry: ParsedEntry) -> bytes:
    values = {name: getattr(entry, name) for name in _OF_ENTRY}
    for key in ("published", "updated"):
        values[key] = values[key].isoformat() if values[key] else None
    return _json(values)


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def failure(error: FeedError) -> Answer:
    """Return an error as a frame can hold it."""
    return Answer({"error": str(error)})


def unpack_answer(answer: Answer) -> ParsedFeed:
    """Return the feed that a worker found.

    Raises:
        FeedError: what it says the document is instead.
    """
    message = answer.message
    if "error" in message:
        raise FeedError(message["error"])
    feed = message["feed"]
    values = {
        **feed,
        **{name: tuple(feed[name]) for name in ("problems", "skip_hours", "skip_days")},
        "entries": tuple(map(_entry, answer.entries.splitlines())),
        "ttl": timedelta(seconds=feed["ttl"]) if feed["ttl"] else None,
        "known": tuple(map(bytes.fromhex, feed["known"])),
        "memory": bytes.fromhex(feed["memory"]),
    }
    return ParsedFeed(**values)


def _entry(line: bytes) -> ParsedEntry:
    message = json.loads(line)
    dates = {key: _date(message[key]) for key in ("published", "updated")}
    return ParsedEntry(**{**message, **dates})


def _date(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
