"""A message made to fit what its service takes: the least important shortened or left out first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby, repeat

from watcher.alerts.lines import (
    ELLIPSIS,
    Line,
    Role,
    Span,
    cut_line,
    html_of,
    text_of,
    utf16_length,
)

#: A line shorter than this says nothing; it is dropped rather than cut.
MIN_LINE = 32
#: To what items are cut, one after the other, until all of them fit: each is named before any is
#: left out.
ITEM_CAPS = (160, 120, 90, 60, 45, MIN_LINE)
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


#: What a dropped line leaves behind.
_NOTHING = Line(Role.NOTE, ())


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


def linked(lines: Iterable[Line], size: int) -> tuple[Line, ...]:
    """Return the lines without the links that make more than `size` bytes of markup.

    The longest go first, the headline's after all others; a closing note counts those that went.
    """
    whole = list(lines)
    linking = [index for index, line in enumerate(whole) if _href(line)]
    excess, gone = sum(map(_size, whole)) - size, 0
    for index in sorted(linking, key=lambda index: _worth(whole[index], index)):
        if excess > 0:
            excess -= _size(whole[index]) - _size(_unlinked(whole[index]))
            whole[index], gone = _unlinked(whole[index]), gone + 1
    return (*whole, _links_note(whole, gone)) if gone else tuple(whole)


def _worth(line: Line, index: int) -> tuple[bool, int, int]:
    """Return by what links go: long ones first, among equals the last first."""
    return line.role is Role.HEADLINE, -len(_href(line)), -index


def _href(line: Line) -> str:
    return next((span.href for span in line.spans if span.href), "")


def _size(line: Line) -> int:
    """Return how many bytes a line takes in a message, with the line ends before it."""
    return len(html_of(line.spans).encode()) + (2 if line.gap else 1)


def _unlinked(line: Line) -> Line:
    return replace(line, spans=tuple(replace(span, href="") for span in line.spans))


def _links_note(lines: Sequence[Line], gone: int) -> Line:
    return Line.of(
        Role.NOTE,
        f"(links left out for want of room: {gone})",
        gap=lines[-1].role is not Role.NOTE,
    )


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
