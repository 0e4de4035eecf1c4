"""Feed text and links made safe to show: no control characters, no tricks of direction or width.

Escaping is not done here but where each format is written, once.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

from watcher.feeds.domains import ascii_domain
from watcher.feeds.flags import REGION_FLAG

#: Direction is isolated by us where a line mixes text of two directions (UAX #9, FSI and PDI).
FSI, PDI = "\u2068", "\u2069"
#: Before an isolate: programs that look for a line's direction inside isolates (ICU's
#: ubidi_getBaseDirection does) would else turn a line of ours around.
LRM = "\u200e"

#: Format characters with a use in honest text: joiners of Persian, Indic scripts and emoji, the
#: direction marks, and the Arabic signs that are visible though classed as format characters.
_HONEST_FORMAT = frozenset(
    "\u200c\u200d\u200e\u200f\u061c\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2\u070f"
)
#: Letters and symbols by their class, blank to the eye (Hangul fillers, the empty Braille cell).
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c")
#: What shows nothing at the beginning or end of clean text.
EDGES = " " + "".join(sorted(_JOINERS))
#: More marks on one letter than any orthography stacks; the rest climbs over its neighbours.
MAX_MARKS = 8
#: Servers take addresses of about this length (nginx and Apache: 8 kB). A slug of 230 letters in an
#: Indic script or Thai has more than 2,048 characters in ASCII.
MAX_URL = 8192
_SAFE_URL = "!#$%&'()*+,/:;=?@[]~-._"
#: At most 253 characters; a dot may end a host (RFC 1034 section 3.1), feeds do give such links.
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{,251}[a-z0-9_])?\.?|\[[0-9a-f:.]+\]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def clean(text: str) -> str:
    """Return text on one line without what cannot be seen or turns other text around."""
    return clean_range(text, [])[0].strip(EDGES)


def clean_range(text: str, positions: list[int]) -> tuple[str, list[int]]:
    """Return clean text, and where the given positions of the original have moved to."""
    kept: list[str] = []
    moved: list[int] = []
    marks = 0
    flags = {place for flag in REGION_FLAG.finditer(text) for place in range(*flag.span())}
    for place, character in enumerate(text):
        moved.append(len(kept))
        shown = character if place in flags else _shown(character, kept[-1] if kept else " ")
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if shown and marks <= MAX_MARKS:
            kept.append(shown)
    moved.append(len(kept))
    return "".join(kept), [moved[min(position, len(text))] for position in positions]


def is_right_to_left(text: str) -> bool:
    """Tell whether text holds a letter of a script written from right to left."""
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def direction(text: str) -> str:
    """Return "rtl" or "ltr" by the first letter that has a direction (UAX #9, P2)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L" or kind in _RIGHT_TO_LEFT:
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def isolate(text: str) -> str:
    """Return text that keeps its own direction amid ours, also where it begins the line."""
    return f"{LRM}{FSI}{text}{PDI}" if is_right_to_left(text) else text


def safe_url(url: str) -> str:
    """Return an http(s) address in plain ASCII, or "" for anything else.

    What is longer than `MAX_URL` leads to the front page of its site instead.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = ascii_domain(parts.hostname or ""), parts.port
    except (ValueError, UnicodeError):
        return ""
    host = f"[{host}]" if ":" in host else host
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return ""
    place = f"{host}:{port}" if port is not None else host
    safe = urlunsplit((parts.scheme, place, *(_percent(part) for part in parts[2:])))
    return safe if len(safe) <= MAX_URL else f"{parts.scheme}://{place}/"


def shown_host(url: str) -> str:
    """Return the host people see in an address, without "www."; "" if it is no safe address."""
    return (urlsplit(safe_url(url)).hostname or "").removeprefix("www.").rstrip(".")


def _shown(character: str, before: str) -> str:
    """Return what stands for a character behind another: itself, one space or nothing."""
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if character in _BLANKS or category in {"Cc", "Zs", "Zl", "Zp"}:
        return "" if before == " " else " "
    if character in _JOINERS:
        return "" if before in _JOINERS else character
    if category == "Cf":
        return character if character in _HONEST_FORMAT else ""
    return character


def _percent(part: str) -> str:
    # Not by "replace": its "?" would begin a query.
    return quote(_SURROGATE.sub("\ufffd", part), safe=_SAFE_URL)
