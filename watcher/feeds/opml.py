"""OPML, by which feed readers hand their subscriptions to each other (opml.org, version 2.0)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from watcher.errors import UsageError
from watcher.feeds.decode import decode
from watcher.feeds.json_feed import is_json
from watcher.feeds.mend import HTML_ROOT, escape_stray
from watcher.feeds.text import clean

#: What people hand over instead, by its root.
ROOTS = {
    "html": "it is a web page",
    "rss": "it is a feed itself; `watcher feeds add` takes its address",
    "feed": "it is a feed itself; `watcher feeds add` takes its address",
    "rdf": "it is a feed itself; `watcher feeds add` takes its address",
}

#: Characters of a name that are kept.
MAX_LABEL = 200

#: Characters of a text that is no OPML that are shown.
MAX_SHOWN = 40

#: Folders in each other that are told apart; readers know two levels, and parsers end at 256.
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of a list; `folders` from the outermost one on."""

    url: str
    title: str = ""
    folders: tuple[str, ...] = ()


def read_opml(data: bytes) -> tuple[Outline, ...]:
    """Return the feeds of an OPML document, in its order.

    Every reader has its own idea of capital letters in attributes, and some put folders into
    `category`; entities are not followed.

    Raises:
        UsageError: it is no OPML.
    """
    root = _root(decode(data))
    if _name(root) != "opml":
        hint = ROOTS.get(_name(root), f"its root is <{_name(root)}>")
        raise UsageError(f"it is no OPML: {hint}")
    body = next((child for child in root if _name(child) == "body"), root)
    return tuple(_outlines(body, ()))


def _root(text: str) -> etree._Element:
    """Parse a document; addresses with a bare "&" are common, and nothing of them may be lost."""
    broken: Exception = ValueError()
    for spelling in (text, escape_stray(text, {})):
        parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True)
        try:
            return etree.fromstring(spelling.strip().encode("utf-8", "replace"), parser)
        except (etree.LxmlError, ValueError) as error:
            broken = error
    raise UsageError(f"it is no OPML: {_trouble(text, broken)}")


def _trouble(text: str, broken: Exception) -> str:
    """Say what a text is that is no XML, or where its XML breaks."""
    start = text.strip()[:MAX_SHOWN]
    if not start:
        return "it is empty"
    if is_json(start):
        return "it is JSON"
    if HTML_ROOT.match(start):
        return ROOTS["html"]
    if start[0] != "<":
        return f'it begins with "{_plain(start)}"'
    if not isinstance(broken, etree.XMLSyntaxError) or not broken.lineno:
        return "its XML cannot be read"
    line = broken.lineno + text[: len(text) - len(text.lstrip())].count("\n")
    why = _plain((broken.msg or "").partition(", line ")[0])  # some of its sentences end a line
    return f"its XML cannot be read: line {line}: {why}"


def _outlines(parent: etree._Element, folders: tuple[str, ...]) -> Iterator[Outline]:
    for element in parent:
        if _name(element) != "outline":
            continue
        values = {str(key).lower(): str(value) for key, value in element.attrib.items()}
        label = _plain(values.get("title", "") or values.get("text", ""))
        url = clean(values.get("xmlurl", "")).strip()
        if url:
            yield Outline(url, label, folders or _categories(values))
        inner = (*folders, label)[:MAX_DEPTH] if label and not url else folders
        yield from _outlines(element, inner)  # of a feed too: some nest what belongs to it


def _categories(values: Mapping[str, str]) -> tuple[str, ...]:
    """Read `category="/news/asia,/wires"`: its slashes part levels, its commas categories."""
    parts = values.get("category", "").replace(",", "/").split("/")
    return tuple(dict.fromkeys(filter(None, map(_plain, parts))))


def _plain(label: str) -> str:
    """Return a name on one line; it is no markup, so that "AT&T <news>" stays what it is."""
    return " ".join(clean(label).split())[:MAX_LABEL].strip()


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def write_opml(outlines: Iterable[Outline], now: datetime) -> bytes:
    """Return an OPML 2.0 document; feeds of one folder stand in it together."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Feeds of Watcher"
    etree.SubElement(head, "dateCreated").text = format_datetime(now, usegmt=True)
    body = etree.SubElement(root, "body")
    made: dict[tuple[str, ...], etree._Element] = {(): body}
    for outline in outlines:
        folders = tuple(filter(None, map(_plain, outline.folders)))
        folder = _folder(folders[:MAX_DEPTH], made)
        label = _plain(outline.title) or outline.url
        attributes = {"type": "rss", "text": label, "title": label, "xmlUrl": outline.url}
        if folders:
            attributes["category"] = ",".join(f"/{one}" for one in folders)
        etree.SubElement(folder, "outline", attributes)
    document: bytes = etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return document


def _folder(path: tuple[str, ...], made: dict[tuple[str, ...], etree._Element]) -> etree._Element:
    if path not in made:
        parent = _folder(path[:-1], made)
        made[path] = etree.SubElement(parent, "outline", {"text": path[-1], "title": path[-1]})
    return made[path]
