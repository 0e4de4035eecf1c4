"""How the daemon and its parse workers talk: frames of JSON, with a body behind a request.

JSON and not pickle: a worker reads hostile documents, and whatever becomes of it, its answer
must not be able to run code in the daemon.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from watcher.errors import FeedError
from watcher.feeds.parsed import ParsedEntry, ParsedFeed

#: Before each frame: bytes of its JSON, and bytes of the body after it.
LENGTHS = struct.Struct("!II")


@dataclass(frozen=True, slots=True)
class Job:
    """One document to parse, and the patience for it in seconds."""

    body: bytes
    content_type: str | None
    url: str
    now: datetime
    timeout_s: float


def pack(message: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return a frame."""
    text = json.dumps(message, separators=(",", ":")).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def pack_job(job: Job) -> bytes:
    """Return the frame of a request."""
    message = {
        "content_type": job.content_type,
        "url": job.url,
        "now": job.now.isoformat(),
        "timeout_s": job.timeout_s,
    }
    return pack(message, job.body)


def unpack_job(text: bytes, body: bytes) -> Job:
    """Return the request that a frame holds."""
    message = json.loads(text)
    now = datetime.fromisoformat(message["now"])
    return Job(body, message["content_type"], message["url"], now, message["timeout_s"])


def answer(feed: ParsedFeed) -> dict[str, Any]:
    """Return a feed as JSON can hold it."""
    message = asdict(feed)
    message["ttl"] = feed.ttl.total_seconds() if feed.ttl else None
    for entry in message["entries"]:
        for key in ("published", "updated"):
            entry[key] = entry[key].isoformat() if entry[key] else None
    return {"feed": message}


def failure(error: FeedError) -> dict[str, Any]:
    """Return an error as JSON can hold it."""
    return {"error": str(error), "permanent": error.permanent}


def unpack_answer(message: Mapping[str, Any]) -> ParsedFeed:
    """Return the feed that a worker found.

    Raises:
        FeedError: what it says the document is instead.
    """
    if "error" in message:
        raise FeedError(message["error"], permanent=message["permanent"])
    feed = message["feed"]
    return ParsedFeed(
        title=feed["title"],
        link=feed["link"],
        language=feed["language"],
        entries=tuple(map(_entry, feed["entries"])),
        problems=tuple(feed["problems"]),
        ttl=timedelta(seconds=feed["ttl"]) if feed["ttl"] else None,
    )


def _entry(message: dict[str, Any]) -> ParsedEntry:
    dates = {key: _date(message[key]) for key in ("published", "updated")}
    return ParsedEntry(**{**message, **dates})


def _date(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
