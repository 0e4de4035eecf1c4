"""A message as lines of styled spans: composed once, written as Telegram HTML, mail or plain text.

Because styles are values and never markup inside text, no format can be broken by a headline,
and cutting a message short cannot cut a tag or an entity.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from html import escape
from itertools import groupby, repeat
from typing import Self

from watcher.alerts.clean import FSI, PDI

ELLIPSIS = "…"
#: A line shorter than this says nothing; it is dropped rather than cut.
MIN_LINE = 32
#: To what items are cut, one after the other, until all of them fit: each is named before any is
#: left out.
ITEM_CAPS = (160, 120, 90, 60, 45, MIN_LINE)
#: How far a cut may go back to end at a word.
_WORD_REACH = 24
_ZERO_WIDTH_JOINER = "\u200d"
#: Emoji skin tones and regional indicators belong to the character before them.
_MODIFIERS = range(0x1F3FB, 0x1F400)
_REGIONAL = range(0x1F1E6, 0x1F200)


class Role(Enum):
    """What a line is for: chooses its looks, and how soon it is shortened."""

    TOPIC = auto()
    HEADLINE = auto()
    ORIGINAL = auto()
    META = auto()
    SENTENCE = auto()
    SUMMARY = auto()
    WHY = auto()
    SECTION = auto()
    ITEM = auto()
    DETAIL = auto()
    BARS = auto()
    COVERAGE = auto()
    NOTE = auto()


#: Shortened first to last; the rest (topic, headline, coverage, notes) is never dropped.
SHORTENED = (
    (Role.SUMMARY,),
    (Role.DETAIL,),
    (Role.BARS,),
    (Role.SENTENCE,),
    (Role.WHY,),
    (Role.ITEM, Role.SECTION),
    (Role.ORIGINAL,),
    (Role.META,),
)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one line in one style; `href` is "" or a safe address.

    Attributes:
        bars: heights that the text draws in characters, for formats that can draw them better.
        spare: goes before its line is cut.
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str = ""
    bars: tuple[int, ...] = ()
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message.

    Attributes:
        language: of its feed text, for voices and hyphenation in mail; None for ours.
        gap: a blank line stands before it.
    """

    role: Role
    spans: tuple[Span, ...]
    language: str | None = None
    gap: bool = False

    @classmethod
    def of(
        cls, role: Role, *spans: Span | str, language: str | None = None, gap: bool = False
    ) -> Self:
        """Return a line; bare strings are plain spans, empty ones vanish."""
        whole = (Span(span) if isinstance(span, str) else span for span in spans)
        return cls(role, tuple(span for span in whole if span.text), language, gap)

    @property
    def text(self) -> str:
        """What people see of it."""
        return "".join(span.text for span in self.spans)

    @property
    def length(self) -> int:
        """Its share of the message in UTF-16 units, with the line ends before it."""
        return utf16_length(self.text) + (2 if self.gap else 1) if self.spans else 0


#: What a dropped line leaves behind.
_NOTHING = Line(Role.NOTE, ())


def html_of(spans: Iterable[Span], link_style: str = "") -> str:
    """Return spans in the few tags that Telegram and mail share; one link stays one link."""
    return "".join(
        _linked("".join(map(_tagged, group)), href, link_style)
        for href, group in groupby(spans, key=lambda span: span.href)
    )


def _tagged(span: Span) -> str:
    text = escape(span.text)
    for tag, wanted in (("b", span.bold), ("i", span.italic), ("code", span.code)):
        text = f"<{tag}>{text}</{tag}>" if wanted else text
    return text


def _linked(html: str, href: str, style: str) -> str:
    style = f' style="{style}"' if style else ""
    return f'<a href="{escape(href)}"{style}>{html}</a>' if href else html


def plainer(lines: Iterable[Line], limit: int) -> tuple[Line, ...]:
    """Return the lines with at most `limit` styles where that can be had: links are kept.

    A service that shows so many and no more would leave the last headlines unlinked.
    """
    whole = tuple(lines)
    for roles in (frozenset({Role.ITEM, Role.DETAIL, Role.BARS}), frozenset(Role)):
        if sum(_styles(line) for line in whole) > limit:
            whole = tuple(_plain(line) if line.role in roles else line for line in whole)
    return whole


def _styles(line: Line) -> int:
    tags = sum(span.bold + span.italic + span.code for span in line.spans)
    return tags + sum(bool(href) for href, _ in groupby(line.spans, key=lambda span: span.href))


def _plain(line: Line) -> Line:
    spans = (Span(span.text, href=span.href, bars=span.bars) for span in line.spans)
    return replace(line, spans=tuple(spans))


def text_of(lines: Sequence[Line]) -> str:
    """Return the visible text of a message."""
    return "".join(
        ("\n\n" if line.gap else "\n") * bool(index) + line.text for index, line in enumerate(lines)
    )


def utf16_length(text: str) -> int:
    """Return the length as Telegram counts it: characters beyond U+FFFF count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Return text of at most `limit` UTF-16 units, ended by an ellipsis where it was cut.

    Cuts at a word where one ends nearby, never inside a letter with its marks or an emoji.
    """
    end, tail = _cut(text, limit)
    return text[:end] + tail


def cut_line(line: Line, limit: int) -> Line:
    """Return the line with at most `limit` UTF-16 units of visible text, cut as `cut` does it."""
    end, tail = _cut(line.text, limit)
    if end == len(line.text):
        return line
    kept: list[Span] = []
    for span in line.spans:
        kept.append(replace(span, text=span.text[:end]))
        end -= len(kept[-1].text)
        if not end:
            break
    kept[-1] = replace(kept[-1], text=kept[-1].text + tail)
    return replace(line, spans=tuple(span for span in kept if span.text))


def _cut(text: str, limit: int) -> tuple[int, str]:
    """Return how many characters are kept of a text, and what follows them then."""
    if utf16_length(text) <= limit:
        return len(text), ""
    # Room for the ellipsis, and for the ends of isolates that the cut may take away.
    opened = text.count(FSI)
    if limit <= opened:
        return 0, ""
    kept = text[: _boundary(text, _prefix(text, limit - 1 - opened))].rstrip()
    return len(kept), ELLIPSIS + PDI * (kept.count(FSI) - kept.count(PDI))


def fit(lines: Iterable[Line], limit: int) -> tuple[Line, ...]:
    """Return the lines shortened to `limit` UTF-16 units: summaries first, headlines last.

    Items are cut to few words each before one goes; those that go are counted in a closing note.
    """
    whole = tuple(lines)
    if _length(whole) <= limit:
        return whole
    kept = _shorten(_hopeful(whole, limit), limit - _note(len(whole)).length)
    dropped = _items(whole) - _items(kept)
    return (*kept, _note(dropped)) if dropped else kept


def _hopeful(lines: Iterable[Line], limit: int) -> list[Line]:
    """Return the lines without the items that find no room however short they become.

    Items go from the last to the first, and each takes two units at least.
    """
    room = repeat(True, limit // 2)
    return [line for line in lines if line.role is not Role.ITEM or next(room, False)]


def _note(dropped: int) -> Line:
    return Line.of(Role.NOTE, f"{ELLIPSIS} and {dropped} more", gap=True)


def _items(lines: Sequence[Line]) -> int:
    return sum(line.role is Role.ITEM for line in lines)


def _length(lines: Sequence[Line]) -> int:
    return utf16_length(text_of(lines))


def _shorten(lines: Sequence[Line], limit: int) -> tuple[Line, ...]:
    """Shorten the least important lines, from the last to the first."""
    kept: list[Line | None] = list(lines)
    excess = _length(lines) - limit
    for roles in SHORTENED:
        if excess > 0 and Role.ITEM in roles:
            kept, excess = _brief_items(kept, excess)
        for index in reversed(range(len(kept))):
            line = kept[index]
            if excess > 0 and line is not None and line.role in roles:
                kept[index] = _shorter(line, excess)
                excess -= line.length - (kept[index] or _NOTHING).length
    return _cut_the_rest([line for line in kept if line is not None], limit)


def _brief_items(lines: Sequence[Line | None], excess: int) -> tuple[list[Line | None], int]:
    """Return the lines with all items in so few words that they fit, and what is still too much."""
    brief, left = list(lines), excess
    for cap in ITEM_CAPS:
        brief = [_brief(one, cap) if one and one.role is Role.ITEM else one for one in lines]
        pairs = zip(lines, brief, strict=True)
        left = excess - sum(old.length - new.length for old, new in pairs if old and new)
        if left <= 0:
            break
    return brief, left


def _brief(item: Line, cap: int) -> Line:
    """Return an item in at most so many units: what can be spared goes first."""
    if utf16_length(item.text) <= cap:
        return item
    spared = tuple(span for span in item.spans if not span.spare)
    return cut_line(replace(item, spans=spared) if spared != item.spans else item, cap)


def _shorter(line: Line, excess: int) -> Line | None:
    """Return the line shortened by `excess` units if enough of it is left; items go whole."""
    room = utf16_length(line.text) - excess
    if room < MIN_LINE or line.role in {Role.ITEM, Role.SECTION}:
        return None
    return cut_line(line, room)


def _cut_the_rest(lines: list[Line], limit: int) -> tuple[Line, ...]:
    """Cut even what is never dropped: caps on titles and names leave no real message to this."""
    excess = _length(lines) - limit
    for index in reversed(range(len(lines))):
        if excess > 0:
            line = lines[index]
            lines[index] = cut_line(line, max(utf16_length(line.text) - excess, MIN_LINE))
            excess -= line.length - lines[index].length
    return tuple(lines)


def _prefix(text: str, limit: int) -> int:
    """Return how many characters fit into a number of UTF-16 units."""
    if text.isascii():
        return min(len(text), limit)
    units = 0
    for index, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > limit:
            return index
    return len(text)


def _boundary(text: str, end: int) -> int:
    """Return the last place up to `end` where text may be cut."""
    while end > 0 and _joined(text, end):
        end -= 1
    space = text.rfind(" ", max(end - _WORD_REACH, 0), end + 1)
    return space if space > 0 else end


def _joined(text: str, end: int) -> bool:
    """Tell whether the characters on both sides of a place belong together (near UAX #29)."""
    if end >= len(text):
        return False
    before, after = text[end - 1], text[end]
    return (
        unicodedata.category(after)[0] == "M"
        or _ZERO_WIDTH_JOINER in {before, after}
        or ord(after) in _MODIFIERS
        or (ord(after) in _REGIONAL and _flags_before(text, end) % 2 == 1)
    )


def _flags_before(text: str, end: int) -> int:
    """Count the regional indicators right before a place: two make one flag."""
    start = end
    while start > 0 and ord(text[start - 1]) in _REGIONAL:
        start -= 1
    return end - start
