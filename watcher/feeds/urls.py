"""One address for one page: what of a URL says which page it is, and nothing else.

The result is a key to compare by, not an address to open: it always says https and knows neither
"www." nor tracking. When in doubt two addresses stay two: a page missed as known comes in again
and is recognised by its words, a page wrongly taken for another is lost.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

from watcher.data_files import read_table
from watcher.feeds.domains import ascii_domain
from watcher.feeds.hosts import is_site
from watcher.feeds.links import MAX_URL

#: "http://h:443" and "https://h:80" are the same house as without: both ports mean no other site.
_DEFAULT_PORTS: Final = frozenset({None, 80, 443})
#: Hosts of the same site for small screens; only where what follows is a site of its own.
_SMALL_SCREEN: Final = ("m.", "mobile.", "amp.")
#: A number, a slug of three words, or letters amid which there are digits ("c1d64p3q2d0o").
_ARTICLE: Final = re.compile(
    r"\d{3}|[^-_]{2}[-_][^-_]{2}.*[-_][^-_]{2}|(?<!\w)(?=[a-z]*\d+[a-z]+\d)[a-z0-9]{8,}(?!\w)",
    re.IGNORECASE,
)
#: One video of many: its eleven letters need hold no digit. Short ids of other sites ("?id=5") are
#: as often those of a section, and rare: 1 of the 35,973 addresses that we measure with.
_VIDEO: Final = re.compile(
    r"https://(?:youtube\.com/(?:shorts/|watch\?(?:.*&)?v=)|youtu\.be/)[\w-]{11}(?![\w-])"
)
#: What many sites end an article's address with; the part before it tells.
_INDEX: Final = re.compile(r"/index\.\w+$", re.IGNORECASE)
_UNRESERVED: Final = re.compile(
    r"%(2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])", re.IGNORECASE
)
_HEX: Final = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
#: Left as they are when an address is written in ASCII; "%" because what is escaped stays so.
_SAFE: Final = "/:@!$&'()*+,;=~%?-._|[]"
_GOOGLE_NEWS: Final = "news.google.com"
_GOOGLE_ID: Final = re.compile(r"(?:/rss)?/(?:articles|read|stories)/([\w-]{8,}=*)/?")
#: How Google packs an address into an id: two numbers, then field 4, a text.
_GOOGLE_HEAD: Final = re.compile(rb"\x08[\x00-\x7f]\"")
#: Copies of AMP pages under another roof: the address of the page itself follows.
_AMP_COPY: Final = re.compile(r"/(?:c|v|amp)/(?:s/)?([^/]+\.[^/]+/.+)")
_AMP_ROOFS: Final = (".cdn.ampproject.org", "google.com")
_SESSION: Final = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_HTTP: Final = re.compile(rb"https?://[\x21-\x7e]+")


@lru_cache(maxsize=64)  # of every new entry it is asked: whether it is known, and to store it
def canonical_url(url: str) -> str:
    """Return the key by which addresses of one page are equal; any text is accepted.

    "" stays "", and what is no http(s) address stays as it is but for space around it.
    """
    trimmed = url.strip()
    parts = _split(trimmed)
    if parts is None:
        return trimmed
    return _google_news(parts) or _led_to(parts) or _amp_copy(parts) or _key(parts)


def is_article(url: str) -> bool:
    """Whether an address looks like one page of many, not like a home page or a section.

    Its last part holds a number, a slug of three words or a mixture of letters and digits, or its
    query one of these; or it is a video's.
    """
    page = canonical_url(url)
    parts = _split(page)
    if parts is None:
        return False
    if parts.hostname == _GOOGLE_NEWS or _VIDEO.match(page):
        return True
    last = _INDEX.sub("", parts.path).rpartition("/")[2]
    return any(_ARTICLE.search(unquote(text)) for text in (last, parts.query))


def is_opaque(url: str) -> bool:
    """Whether an address is an id of Google News, which may be another one at every poll."""
    parts = _split(canonical_url(url))
    return parts is not None and parts.hostname == _GOOGLE_NEWS


def _split(url: str) -> SplitResult | None:
    """Return the parts of an http(s) address with a host; None for anything else."""
    if len(url) > MAX_URL:  # kept as it is; feeds.links lets none through
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises where the port is no number
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


def _key(parts: SplitResult) -> str:
    host, path, query = _host(parts), _path(parts.path), _query(parts.query)
    fragment = _ascii(parts.fragment) if parts.fragment.startswith("!") else ""
    return "".join(
        (
            "https://",
            host,
            path,
            f"?{query}" if query else "",
            f"#{fragment}" if fragment else "",
        )
    )


def _host(parts: SplitResult) -> str:
    host = _ascii_host(parts.hostname or "")
    while (shorter := _without_prefix(host)) != host:
        host = shorter
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port in _DEFAULT_PORTS else f"{host}:{parts.port}"


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    try:
        return ascii_domain(host).lower()
    except UnicodeError:
        return quote(host, safe="", errors="replace").lower()


def _without_prefix(host: str) -> str:
    if host.startswith("www.") and "." in host[4:]:
        return host[4:]
    for prefix in _SMALL_SCREEN:
        if host.startswith(prefix) and is_site(host[len(prefix) :]):
            return host[len(prefix) :]
    return host


def _path(path: str) -> str:
    plain = _SESSION.sub("", _ascii(path))
    return _until_steady(plain, lambda text: _without_amp(text.rstrip("/")))


def _without_amp(path: str) -> str:
    """Return a path without what makes it the AMP version, if what is left names an article."""
    head, _, last = path.rpartition("/")
    for plain in (
        head if last.lower() == "amp" else path,
        path[4:] if path.lower().startswith("/amp/") else path,
        path[: -len(".amp.html")] + ".html" if last.lower().endswith(".amp.html") else path,
    ):
        if plain != path and _ARTICLE.search(plain.rpartition("/")[2]):
            return plain
    return path


def _query(query: str) -> str:
    pairs = [part for part in _ascii(query).split("&") if part and not _is_tracking(part)]
    return "&".join(sorted(pairs))


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    known, name = _known(), unquote(name).lower()
    return (
        name in known.keys
        or name.startswith(known.prefixes)
        or unquote(value).lower() in known.values.get(name, ())
    )


def _ascii(text: str) -> str:
    """Return text in ASCII, each character in the one way that RFC 3986 section 6.2.2 prefers."""
    # Half a character becomes U+FFFD: `quote` would make it "?", where a query begins.
    whole = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    escaped = quote(whole, safe=_SAFE)
    plain = _UNRESERVED.sub(lambda found: chr(int(found[1], 16)), escaped)
    return _HEX.sub(lambda found: found[0].upper(), plain)


def _until_steady(text: str, step: Callable[[str], str]) -> str:
    while (changed := step(text)) != text:
        text = changed
    return text


def _google_news(parts: SplitResult) -> str:
    """Return what a Google News link leads to, or its id without edition and language; else ""."""
    found = _GOOGLE_ID.fullmatch(parts.path)
    if parts.hostname != _GOOGLE_NEWS or not found:
        return ""
    inside = _inside(found[1].rstrip("="))
    if _split(inside):
        return canonical_url(inside)
    return f"https://{_GOOGLE_NEWS}/articles/{found[1].rstrip('=')}"


def _inside(article: str) -> str:
    """Return the address packed into a Google News id; "" for the newer, opaque ids."""
    try:
        packed = base64.urlsafe_b64decode(article + "=" * (-len(article) % 4))
    except (binascii.Error, ValueError):
        return ""
    if not _GOOGLE_HEAD.match(packed):
        return ""
    length, start = _varint(packed, 3)
    text = packed[start : start + length]
    return text.decode("ascii") if _HTTP.fullmatch(text) else ""


def _varint(packed: bytes, start: int) -> tuple[int, int]:
    """Return a protocol buffer's number of one or two bytes, and where it ends."""
    first, second = (*packed[start : start + 2], 0, 0)[:2]
    if first < 0x80:  # noqa: PLR2004 - the top bit says that another byte follows
        return first, start + 1
    return (first & 0x7F) | second << 7, start + 2


def _led_to(parts: SplitResult) -> str:
    """Return where a page that only leads on leads to; "" for other pages."""
    host = _without_prefix(_ascii_host(parts.hostname or ""))
    keys = _known().redirects.get(f"{host}{parts.path}")
    if not keys:
        return ""
    pairs = (part.partition("=") for part in parts.query.split("&"))
    given = {name: unquote(value) for name, _, value in pairs}
    target = next((given[key] for key in keys if _split(given.get(key, "").strip())), "")
    return canonical_url(target)


def _amp_copy(parts: SplitResult) -> str:
    """Return the page that an AMP cache shows; "" for other pages."""
    found = _AMP_COPY.fullmatch(parts.path)
    if not found or not (parts.hostname or "").endswith(_AMP_ROOFS):
        return ""
    page = f"https://{found[1]}" + (f"?{parts.query}" if parts.query else "")
    return canonical_url(page) if _split(page) else ""


@dataclass(frozen=True, slots=True)
class _Known:
    """The reviewed list of `data/addresses.toml`."""

    prefixes: tuple[str, ...]
    keys: frozenset[str]
    values: Mapping[str, Iterable[str]]
    redirects: Mapping[str, tuple[str, ...]]


@cache
def _known() -> _Known:
    tables = read_table("feeds", "addresses.toml")
    return _Known(
        prefixes=tuple(tables["prefixes"]),
        keys=frozenset(tables["keys"]),
        values={name: frozenset(values) for name, values in tables["values"].items()},
        redirects={place: tuple(keys) for place, keys in tables["redirects"].items()},
    )
