"""Feeds that change: real documents whose entries move on, poll by poll."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from watcher.errors import FeedError
from watcher.feeds.decode import decode
from watcher.feeds.survey import survey

#: Documents with fewer entries cannot move on.
FEWEST = 4

TITLE = re.compile(rb"(<title[^>]*>).*?(</title>)", re.DOTALL)
NAME = re.compile(rb"(<(?:guid|id)[^>]*>)(.*?)(</(?:guid|id)>)", re.DOTALL)
LINK = re.compile(rb"(<link>)(.*?)(</link>)|(<link[^>]*href=\"[^\"]*)(\")", re.DOTALL)
ABOUT = re.compile(rb"(rdf:about=\"[^\"]*)(\")")
DATE = re.compile(rb"(<pubDate>).*?(</pubDate>)", re.DOTALL)
ISO_DATE = re.compile(rb"(<(?:updated|published|dc:date)>).*?(</)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Base:
    """A real document in pieces: what stands around its entries, and the entries."""

    head: bytes
    entries: tuple[bytes, ...]
    tail: bytes


def bases(folder: Path, most_entries: int) -> list[Base]:
    """Return the real documents that can be cut into entries, each with its newest ones."""
    found = (_base(path.read_bytes(), most_entries) for path in sorted(folder.iterdir()))
    return [base for base in found if base is not None]


def _base(body: bytes, most: int) -> Base | None:
    try:
        look = survey(decode(body))
    except FeedError:
        return None
    spans = look.entries[:most]
    if not look.well_formed or len(spans) < FEWEST:
        return None
    pieces = tuple(look.data[span.start : span.end] for span in spans)
    return Base(look.data[: spans[0].start], pieces, look.data[look.entries[-1].end :])


def headlines(path: Path) -> list[bytes]:
    """Return real headlines for the entries to come."""
    lines = path.read_text("utf-8").splitlines()
    return [json.loads(line)["title"].encode() for line in lines]


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed of many on a base; `fresh` entries come with each version."""

    number: int
    base: Base
    headlines: list[bytes]
    fresh: int

    def body(self, version: int) -> bytes:
        """Return the document after it changed so many times: new entries first, oldest gone."""
        return b"\n".join((self.base.head, *self._window(version), self.base.tail))

    def _window(self, version: int) -> Iterator[bytes]:
        newest = version * self.fresh
        for place in range(len(self.base.entries)):
            yield self._entry(newest - place)

    def _entry(self, serial: int) -> bytes:
        """Return an entry; those with serials up to 0 are the document's own."""
        pattern = self.base.entries[-serial % len(self.base.entries)]
        mark = b"/n%d-%d" % (self.number, serial)
        own = NAME.sub(rb"\g<1>\g<2>" + mark + rb"\g<3>", pattern)
        own = ABOUT.sub(rb"\g<1>" + mark + rb"\g<2>", own)
        own = LINK.sub(lambda m: _linked(m, mark), own)
        if serial <= 0:
            return own
        title = self.headlines[(self.number * 7919 + serial) % len(self.headlines)]
        now = datetime.now(UTC)
        own = TITLE.sub(lambda m: m[1] + b"<![CDATA[" + title + b"]]>" + m[2], own, count=1)
        own = DATE.sub(lambda m: m[1] + format_datetime(_hour(now)).encode() + m[2], own)
        return ISO_DATE.sub(lambda m: m[1] + _hour(now).isoformat().encode() + m[2], own)


def _hour(now: datetime) -> datetime:
    """Dates that stay for a run: an entry that is the same must read the same."""
    return now.replace(minute=0, second=0, microsecond=0)


def _linked(found: re.Match[bytes], mark: bytes) -> bytes:
    if found[4]:
        return found[4] + mark + found[5]
    return found[1] + found[2].strip() + mark + found[3]
