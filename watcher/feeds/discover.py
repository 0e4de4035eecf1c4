"""The feeds that a web page names: `<link rel="alternate">`, else links that look like feeds.

Its answer's Link fields count as its own; a page that only leads to another one says where.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from watcher.feeds.decode import decode
from watcher.feeds.links import absolute, address, is_for_readers
from watcher.feeds.text import one_line

#: Bytes of a page that are looked at; feeds are named in its head, plain links may follow later.
MOST_BYTES = 2_000_000

#: Feeds of one page that are offered at most; some sites name one for every section.
MOST_FEEDS = 50

#: Characters of a feed's title that are shown.
MAX_TITLE = 120

TYPES = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/(?:xml|json)|text/xml",
    re.IGNORECASE,
)
#: Types that are not only of feeds: WordPress names its API "application/json".
VAGUE_TYPES = re.compile(r"application/(?:xml|json)|text/xml", re.IGNORECASE)
LOOKS_LIKE_A_FEED = re.compile(
    r"/(?:feeds?|rss|atom|rdf)(?:[/.?#]|$)|\.(?:rss|atom|rdf)(?:[?#]|$)|(?:feed|rss|atom|index)\.xml",
    re.IGNORECASE,
)
#: A member of a Link field (RFC 8288), and the parameters in it.
LINK = re.compile(r'<([^<>]{0,4096})>((?:\s*;[^,;"<]{0,200}(?:"[^"]{0,500}")?){0,20})')
PARAMETER = re.compile(r';\s*([\w-]+)\*?\s*=\s*(?:"([^"]*)"|([^\s;,"]+))')
#: `content` of `<meta http-equiv="refresh">`: seconds, and where to.
REFRESH = re.compile(r"\s*[\d.]*\s*[;,]\s*(?:url\s*=)?\s*[\"']?([^\"']+)", re.IGNORECASE)
COMMENTS = re.compile(r"comments?[/ ]feed|/comments/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A feed that a page names."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: the feeds that it names, and where it sends its readers, or ""."""

    feeds: tuple[Named, ...]
    leads_to: str


def read_page(body: bytes, content_type: str | None, url: str, links: str = "") -> Page:
    """Return what a page says; feeds in its order, those of comments last.

    Args:
        body: the page.
        content_type: the HTTP header, for its charset.
        url: where it came from; relative links hang on it.
        links: the answer's Link fields.
    """
    reader = _read(decode(body[:MOST_BYTES], content_type))
    base = absolute(reader.base, url) or url
    alternates = [*_distinct(reader.alternates, base), *_distinct(_alternates(links), url)]
    found = list(dict.fromkeys(alternates)) or list(_distinct(reader.anchors, base))
    found.sort(key=lambda named: bool(COMMENTS.search(f"{named.url} {named.title}")))
    leads_to = absolute(reader.refresh, base)
    return Page(tuple(found[:MOST_FEEDS]), "" if leads_to == url else leads_to)


def _alternates(links: str) -> list[tuple[str, str]]:
    """Return the feeds that Link fields name, as addresses and titles."""
    found = []
    for link in LINK.finditer(links):
        given = {
            name.lower(): quoted or plain for name, quoted, plain in PARAMETER.findall(link[2])
        }
        if _is_alternate({**given, "href": link[1]}):
            found.append((link[1].strip(), given.get("title", "")))
    return found


def _distinct(links: list[tuple[str, str]], base: str) -> Iterator[Named]:
    seen = set()
    for href, title in links:
        link = address(href) if is_for_readers(href) else href
        url = absolute(link, base).partition("#")[0]
        if url and url not in seen:
            seen.add(url)
            yield Named(url, one_line(title, MAX_TITLE))


def _read(text: str) -> "_Reader":
    reader = _Reader()
    parser = etree.HTMLParser(target=reader, huge_tree=True)
    try:
        parser.feed(text)
        parser.close()
    except etree.LxmlError:  # what was read until then counts
        pass
    return reader


@dataclass(slots=True)
class _Reader:
    """Gathers links, as events of an HTML parser: no tree, no depth."""

    base: str = ""
    refresh: str = ""
    alternates: list[tuple[str, str]] = field(default_factory=list)
    anchors: list[tuple[str, str]] = field(default_factory=list)
    anchor: str = ""
    words: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        href = attributes.get("href", "")
        if tag == "base" and href and not self.base:
            self.base = href
        elif tag == "link" and href and _is_alternate(attributes):
            self.alternates.append((href, attributes.get("title", "")))
        elif tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
            leads = REFRESH.match(attributes.get("content", ""))
            self.refresh = self.refresh or (leads[1].strip() if leads else "")
        elif tag == "a" and (is_for_readers(href) or LOOKS_LIKE_A_FEED.search(href)):
            self.anchor, self.words = href, []

    def end(self, tag: str) -> None:
        if tag == "a" and self.anchor:
            self.anchors.append((self.anchor, "".join(self.words)))
            self.anchor = ""

    def data(self, text: str) -> None:
        if self.anchor:
            self.words.append(text)

    def comment(self, _text: str) -> None:
        pass

    def close(self) -> None:
        pass


def _is_alternate(attributes: Mapping[str, str]) -> bool:
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").partition(";")[0].strip()
    if "feed" in relations:
        return True
    if "alternate" not in relations or not TYPES.fullmatch(kind):
        return False
    return not VAGUE_TYPES.fullmatch(kind) or bool(
        LOOKS_LIKE_A_FEED.search(attributes.get("href", ""))
    )
