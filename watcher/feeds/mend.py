"""Makes the text of a damaged feed well-formed, so that a strict reader can take it.

Where this does not succeed feedparser's loose reader takes over, which mistakes more.
"""

import html
import re
from dataclasses import dataclass
from itertools import count

from watcher.errors import FeedError

#: How far into the text the feed may begin, after notices of PHP and the like.
JUNK_REACH = 65_536

#: Longest entity of a feed's own that is filled in; longer ones and ones that name others are
#: how XML bombs are built.
MAX_ENTITY = 200

#: Own entities that are filled in at most, so that a feed cannot grow by them.
MAX_OWN_ENTITIES = 100

#: White space in a row that is left alone; 3 MB of it is one of the known bombs.
MAX_BLANKS = 10_000

ROOTS = r"(?:\w{1,20}:)?(?:rss|rdf|feed|channel)"
ROOT = re.compile(rf"<{ROOTS}(?=[\s>])", re.IGNORECASE)
START = re.compile(rf"<\?xml\s|<!doctype\s+(?!html|\s)|<{ROOTS}(?=[\s>])", re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]{0,500}\?>", re.IGNORECASE)
HTML_ROOT = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
ENTITY = re.compile(r"<!ENTITY\s+(\w{1,40})\s+(?:\"([^\"<]*)\"|'([^'<]*)')\s*>")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Of these, what UTF-8 can spell: bytes of controls, and two that are no characters.
CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})
NO_CHARACTERS = ("\ufffe", "\uffff")
BLANK_RUN = re.compile(rf"\s{{{MAX_BLANKS},}}")

#: CDATA and comments are passed over; every "&" outside of them is looked at, and every "<"
#: that opens nothing: "5 < 6", "<<<".
MARKS = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(?![\w/!?:])|"
    r"&(?:#(\d{1,9});|#[xX]([0-9a-fA-F]{1,8});|(\w{1,40});)?",
    re.DOTALL,
)

#: Stray marks that are mended; feedparser needs 3 us for each, and 2 MB of "&" is a known bomb.
MAX_STRAYS = 200_000

XML_ENTITIES = frozenset({"lt", "gt", "amp", "quot", "apos"})


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Text without what no feed needs, the entities it declares, and what was wrong."""

    text: str
    entities: dict[str, str]
    problems: tuple[str, ...]


def trim(text: str) -> Trimmed:
    """Return the feed without its declaration, DOCTYPE, junk around it and forbidden characters."""
    problems: list[str] = []
    text, removed = FORBIDDEN.subn("", text) if _may_hold_forbidden(text) else (text, 0)
    if removed:
        problems.append(f"characters that XML forbids were removed: {removed}")
    text, runs = BLANK_RUN.subn("\n", text) if _holds_a_run(text) else (text, 0)
    if runs:
        problems.append(f"white space of more than {MAX_BLANKS} characters was removed")
    text = _without_junk(text, problems)
    text, entities = _without_doctype(text, problems)
    return Trimmed(text, entities, tuple(problems))


def _may_hold_forbidden(text: str) -> bool:
    """Look for the bytes of forbidden characters: a fiftieth of the time that the pattern needs."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return True
    is_controlled = len(data.translate(None, CONTROLS)) < len(data)
    return is_controlled or any(mark in text for mark in NO_CHARACTERS)


def _holds_a_run(text: str) -> bool:
    """Look around one character in so many: a run cannot slip through between two of them."""
    places = (place for place in range(0, len(text), MAX_BLANKS) if text[place].isspace())
    return any(_blanks_around(text, place) >= MAX_BLANKS for place in places)


def _blanks_around(text: str, place: int) -> int:
    """Return how many blanks stand around a place, as far as a run would reach."""
    before, behind = text[max(place - MAX_BLANKS, 0) : place], text[place : place + MAX_BLANKS]
    return len(before) - len(before.rstrip()) + len(behind) - len(behind.lstrip())


def _without_junk(text: str, problems: list[str]) -> str:
    """Cut what stands before the XML declaration or the root, and after the root's end."""
    start = START.search(text[:JUNK_REACH])
    if start:
        if COMMENT.sub("", text[: start.start()]).strip(" \t\r\n\ufeff"):
            problems.append("text before the feed was ignored")
        text = text[start.start() :]
    return _without_tail(DECLARATION.sub("", text, count=1).lstrip(), problems)


def _without_tail(text: str, problems: list[str]) -> str:
    """Cut after the root's own end: an RDF feed's `</channel>` comes before its items."""
    root = ROOT.search(text[:JUNK_REACH])
    start = text.rfind(f"</{root[0][1:]}") if root else -1
    end = text.find(">", start) + 1 if start >= 0 else 0
    if not end:
        return text
    if text[end:].strip():
        problems.append("text after the feed was ignored")
    return text[:end]


def _without_doctype(text: str, problems: list[str]) -> tuple[str, dict[str, str]]:
    """Cut the DOCTYPE, and keep what few harmless entities it declares."""
    root = ROOT.search(text)
    head = text[: root.start()] if root else text[:JUNK_REACH]
    start = head.lower().find("<!doctype")
    if start < 0 or not root:
        return text, {}
    declared = head.upper().count("<!ENTITY")
    entities = _harmless_entities(head) if declared <= MAX_OWN_ENTITIES else {}
    if declared > len(entities) and "<!ENTITY % " not in head:
        problems.append("the document declares entities that were not followed")
    return head[:start] + text[root.start() :], entities


def _harmless_entities(head: str) -> dict[str, str]:
    found = {match[1]: match[2] or match[3] or "" for match in ENTITY.finditer(head)}
    return {
        name: html.escape(value)
        for name, value in found.items()
        if len(value) <= MAX_ENTITY and "&" not in value and "%" not in value
    }


def escape_stray(text: str, entities: dict[str, str]) -> str:
    """Return text in which every "&" and "<" outside CDATA begins something that XML knows."""
    strays = count()

    def mended(found: re.Match[str]) -> str:
        spelled, decimal, hexadecimal, name = found[0], found[1], found[2], found[3]
        if spelled in ("&", "<"):
            if next(strays) >= MAX_STRAYS:
                raise FeedError(f"the document has more than {MAX_STRAYS} stray `&` and `<`")
            return html.escape(spelled)
        if spelled[0] == "<" or name in XML_ENTITIES:
            return spelled
        if name:
            return _entity(name, entities)
        return _character(int(decimal or hexadecimal, 10 if decimal else 16))

    return MARKS.sub(mended, text)


def _character(code: int) -> str:
    """Spell a character reference so that XML takes it; HTML's rules mend the impossible."""
    character = html.unescape(f"&#{code};")
    return "" if FORBIDDEN.search(character) else html.escape(character)


def _entity(name: str, entities: dict[str, str]) -> str:
    if name in entities:
        return entities[name]
    spelled = f"&{name};"
    known = html.unescape(spelled)
    return html.escape(known) if known != spelled else "&amp;" + spelled[1:]
