"""A message as lines of styled spans: composed once, written as Telegram HTML, mail or plain text.

Because styles are values and never markup inside text, no format can be broken by a headline,
and cutting a message short cannot cut a tag or an entity.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from html import escape
from itertools import groupby, takewhile
from typing import TYPE_CHECKING, Self

from watcher.alerts.clean import FSI, PDI

if TYPE_CHECKING:
    import regex

ELLIPSIS = "…"
#: How far a cut may go back to end at a word.
_WORD_REACH = 24
#: How far a cut may go back so as not to part what is read as one character: a family with skin
#: tones has 11, a flag of a region 7. Longer chains of joiners are made to be long, and are parted.
_LETTER_REACH = 32
_ZERO_WIDTH_JOINER = "\u200d"


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
    def hrefs(self) -> tuple[str, ...]:
        """The addresses of its links; pieces of one link have one."""
        return tuple(href for href, _ in groupby(self.spans, key=lambda span: span.href) if href)

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


def text_of(lines: Iterable[Line]) -> str:
    """Return the visible text of a message."""
    return message_of(lines, lambda line: line.text)


def message_html(lines: Iterable[Line]) -> str:
    """Return a message in the tags that Telegram and mail share."""
    return message_of(lines, lambda line: html_of(line.spans))


def message_of(lines: Iterable[Line], write: Callable[[Line], str]) -> str:
    """Return lines below each other, each as `write` has it."""
    return "".join(
        ("\n\n" if line.gap else "\n") * bool(index) + write(line)
        for index, line in enumerate(lines)
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
    kept = text[: place_to_cut(text, _prefix(text, limit - 1 - opened))].rstrip()
    kept = kept.removesuffix(_ZERO_WIDTH_JOINER)
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


def place_to_cut(text: str, end: int) -> int:
    """Return the last place up to `end` where text may be cut: at a word where one ends nearby.

    Never inside what is read as one character, as far as such go.
    """
    end = _between_letters(text, end)
    space = text.rfind(" ", max(end - _WORD_REACH, 0), end + 1)
    return space if space > 0 else end


def _between_letters(text: str, end: int) -> int:
    """Return the last place up to `end` between two characters as people see them."""
    if text.isascii() or not 0 < end < len(text):
        return end
    # A space begins a character of its own.
    start = max(text.rfind(" ", 0, end), 0)
    # The one in which `end` lies is seen whole, however little of it is kept.
    letters = takewhile(lambda found: found.start() <= end, _letters().finditer(text, start))
    place = max(found.start() for found in letters)
    return place if end - place <= _LETTER_REACH else end


@cache
def _letters() -> "regex.Pattern[str]":
    """Return what is read as one character (UAX #29): Hangul and Indic syllables, emoji of several.

    Imported when first needed: 1.7 MB and 20 ms where nothing asked for the language detector,
    which brings it too.
    """
    import regex

    return regex.compile(r"\X")
