"""A message as lines of styled spans: composed once, written as Telegram HTML, mail or plain text.

Because styles are values and never markup inside text, no format can be broken by a headline,
and cutting a message short cannot cut a tag or an entity.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from html import escape
from itertools import groupby
from typing import Self

from watcher.alerts.clean import FSI, PDI

ELLIPSIS = "…"
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
    ADDS = auto()
    BARS = auto()
    COVERAGE = auto()
    NOTE = auto()


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
