"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

import json
import re
from collections.abc import Mapping
from typing import Any

from watcher.errors import FeedError
from watcher.feeds.parsed import MAX_ENTRIES, RawEntry, RawFeed
from watcher.feeds.text import one_line

VERSION_PREFIX = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")

#: Where programs that answer with JSON say what went wrong.
ERROR_KEYS = ("error", "message", "errors", "detail", "status")

#: An object, or a list of what JSON knows; a word in brackets heads a table in TOML and INI files.
_BEGINNING = re.compile(r'[\ufeff\s]*(?:\{|\[[\s\[]*(?:[{"\]\d-]|true\b|false\b|null\b|$))')

#: Characters of an error that are shown.
SHOWN = 120


def is_json(text: str) -> bool:
    """Tell whether a body is meant to be JSON: a feed in XML begins with "<"."""
    return _BEGINNING.match(text) is not None


def read_json_feed(text: str) -> RawFeed:
    """Return the feed that a JSON document holds.

    Raises:
        FeedError: it is damaged, or it is no JSON Feed; the message names the error it reports.
    """
    try:
        document = json.loads(text.lstrip("\ufeff \t\r\n"), strict=False)
    except (ValueError, RecursionError) as error:
        raise FeedError("the body is JSON that cannot be read") from error
    if not isinstance(document, dict) or not _is_feed(document):
        raise FeedError(f"the body is JSON, but no JSON Feed{_reported(document)}")
    items = document.get("items")
    listed = items[:MAX_ENTRIES] if isinstance(items, list) else []
    return RawFeed(
        title=_text(document, "title"),
        link=_text(document, "home_page_url") or _text(document, "feed_url"),
        language=_text(document, "language"),
        entries=tuple(_entry(item) for item in listed if isinstance(item, dict)),
        next_page=_text(document, "next_url"),
    )


def _is_feed(document: Mapping[str, Any]) -> bool:
    if _text(document, "version").startswith(VERSION_PREFIX):
        return True
    items = document.get("items")
    return isinstance(items, list) and any(
        isinstance(item, dict)
        and _text(item, "id")
        and (_text(item, "url") or _text(item, "title"))
        for item in items
    )


def _reported(document: object) -> str:
    if not isinstance(document, dict):
        return ""
    found = (document[key] for key in ERROR_KEYS if document.get(key))
    error = next(found, None)
    return f"; it says: {one_line(str(error), SHOWN)}" if error is not None else ""


def _entry(item: Mapping[str, Any]) -> RawEntry:
    return RawEntry(
        id=_text(item, "id"),
        title=_text(item, "title"),
        link=_text(item, "url") or _text(item, "external_url"),
        summary=_text(item, "summary"),
        content=_text(item, "content_text") or _text(item, "content_html"),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        author=_author(item),
        language=_text(item, "language"),
    )


def _author(item: Mapping[str, Any]) -> str:
    """Version 1.1 has a list `authors`, version 1 one `author`."""
    authors = item.get("authors")
    people = authors if isinstance(authors, list) else [item.get("author")]
    names = (_text(one, "name") for one in people if isinstance(one, dict))
    return ", ".join(filter(None, names))


def _text(document: Mapping[str, Any], key: str) -> str:
    """Return a text member; numbers count as text, because ids often are."""
    value = document.get(key)
    return str(value) if isinstance(value, str | int | float) and value is not True else ""
