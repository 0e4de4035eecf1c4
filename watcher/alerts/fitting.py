"""A message made to fit what its service takes: the least important shortened or left out first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

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
#: To what items are cut, one after the other, until all of them fit.
ITEM_CAPS = (160, 120, 90, 60, 45, MIN_LINE)
#: An item of so many units says what happened: other lines go before it is cut further.
_TELLING = 60
#: What matched and why it did is said in so many units at least as long as there are items.
BRIEF = 160
_NUMBER_BYTES = 4
#: The first items are the most telling: what so many of them add is said as long as they stay.
_MOST_TELLING = 5
#: Items, and what belongs to the item before it.
_OF_ITEMS = frozenset({Role.ITEM, Role.DETAIL, Role.ADDS, Role.BARS})


@dataclass(frozen=True, slots=True)
class _Step:
    """One way to shorten a message: the lines of some roles, from the last to the first.

    Attributes:
        shorter: a line, and by how many units the message is too long -> the line; None if it goes.
        spared: so many lines, the first of these roles, stay as they are.
    """

    roles: tuple[Role, ...]
    shorter: Callable[[Line, int], Line | None]
    spared: int = 0


def plainer(lines: Iterable[Line], limit: int) -> tuple[Line, ...]:
    """Return the lines with at most `limit` styles where that can be had: links are kept.

    A service that shows so many and no more would leave the last headlines unlinked.
    """
    whole = tuple(lines)
    for roles in (_OF_ITEMS, frozenset(Role)):
        if sum(_styles(line) for line in whole) > limit:
            whole = tuple(_plain(line) if line.role in roles else line for line in whole)
    return whole


def _styles(line: Line) -> int:
    return sum(span.bold + span.italic + span.code for span in line.spans) + len(line.hrefs)


def _plain(line: Line) -> Line:
    spans = (Span(span.text, href=span.href, bars=span.bars) for span in line.spans)
    return replace(line, spans=tuple(spans))


def linked(lines: Iterable[Line], markup: int, entities: int) -> tuple[Line, ...]:
    """Return the lines without the links that make them too much for a service.

    The longest go first, the headline's after all others; a closing note counts those that went.

    Args:
        lines: of a message that fits otherwise.
        markup: how many bytes of text with its tags are taken.
        entities: how many bytes of styles and links are taken, as `_weights` counts them.
    """
    whole = list(lines)
    linking = [index for index, line in enumerate(whole) if line.hrefs]
    weights = [_weights(line) for line in whole]
    over = (sum(one for one, _ in weights) - markup, sum(one for _, one in weights) - entities)
    gone = 0
    for index in sorted(linking, key=lambda index: _worth(whole[index], index)):
        if max(over) > 0:
            before, after = weights[index], _weights(bare := _unlinked(whole[index]))
            over = (over[0] - before[0] + after[0], over[1] - before[1] + after[1])
            whole[index], gone = bare, gone + 1
    return (*whole, _links_note(whole, gone)) if gone else tuple(whole)


def _worth(line: Line, index: int) -> tuple[bool, int, int]:
    """Return by what links go: long ones first, among equals the last first."""
    return line.role is Role.HEADLINE, -sum(map(len, line.hrefs)), -index


def _weights(line: Line) -> tuple[int, int]:
    """Return a line's bytes of text with tags, line ends included, and those of its entities.

    An entity is three numbers of four bytes, and the text of a link with its length.
    """
    links = sum(len(href) + _NUMBER_BYTES for href in line.hrefs)
    markup = len(html_of(line.spans).encode()) + (2 if line.gap else 1)
    return markup, links + 3 * _NUMBER_BYTES * _styles(line)


def _unlinked(line: Line) -> Line:
    return replace(line, spans=tuple(replace(span, href="") for span in line.spans))


def _links_note(lines: Sequence[Line], gone: int) -> Line:
    return Line.of(
        Role.NOTE,
        f"(links left out for want of room: {gone})",
        gap=lines[-1].role is not Role.NOTE,
    )


def fit(lines: Iterable[Line], limit: int, links: int, least: int = MIN_LINE) -> tuple[Line, ...]:
    """Return the lines shortened to `limit` UTF-16 units, with at most `links` linked items.

    Summaries go first; headlines and the note below never. Items are cut, to `least` units and no
    less, before one goes; those that go are counted in a closing note.
    """
    whole = tuple(lines)
    hopeful = _hopeful(whole, links)
    kept = _shorten(hopeful, limit, least)
    if _items(kept) == _items(whole):
        return kept
    kept = _shorten(hopeful, limit - _note(len(whole)).length, least)
    return (*kept, _note(_items(whole) - _items(kept)))


def _hopeful(lines: Sequence[Line], links: int) -> tuple[Line, ...]:
    """Return the lines without the items for which no link is left, and what belongs to them."""
    most = links - sum(bool(line.hrefs) for line in lines if line.role not in _OF_ITEMS)
    numbers = accumulate(line.role is Role.ITEM for line in lines)
    return tuple(
        line
        for number, line in zip(numbers, lines, strict=True)
        if number <= most or line.role not in _OF_ITEMS
    )


def _note(dropped: int) -> Line:
    return Line.of(Role.NOTE, f"{ELLIPSIS} and {dropped} more", gap=True)


def _items(lines: Sequence[Line]) -> int:
    return sum(line.role is Role.ITEM for line in lines)


def _length(lines: Sequence[Line]) -> int:
    return utf16_length(text_of(lines))


def _shorten(lines: Sequence[Line], limit: int, least: int) -> tuple[Line, ...]:
    """Take step after step, and of each no more than it needs."""
    kept: list[Line | None] = list(lines)
    excess = _length(lines) - limit
    for step in _steps(least):
        places = [i for i, line in enumerate(kept) if line and line.role in step.roles]
        for place in reversed(places[step.spared :]):
            line = kept[place]
            if excess > 0 and line is not None:
                kept[place] = shorter = step.shorter(line, excess)
                excess -= line.length - (shorter.length if shorter else 0)
    return _cut_the_rest([line for line in kept if line is not None], limit)


def _steps(least: int) -> Iterator[_Step]:
    """Yield the steps, the least loss first; topic, headline, coverage and notes are in none."""
    briefly = [partial(_brief, cap=cap) for cap in ITEM_CAPS if cap >= least]
    telling = sum(cap >= _TELLING for cap in ITEM_CAPS)
    yield _Step((Role.SUMMARY,), _shorter)
    for brief in briefly[:telling]:
        yield _Step((Role.ITEM,), brief)
    yield _Step((Role.BARS,), _gone)
    yield _Step((Role.DETAIL,), _gone)
    for role in (Role.SENTENCE, Role.WHY):
        yield _Step((role,), partial(_brief, cap=BRIEF))
    yield _Step((Role.ADDS,), _gone, spared=_MOST_TELLING)
    for brief in briefly[telling:]:
        yield _Step((Role.ITEM,), brief)
    yield _Step((Role.ITEM, Role.ADDS, Role.SECTION), _gone)
    for role in (Role.SENTENCE, Role.WHY, Role.ORIGINAL, Role.META):
        yield _Step((role,), _shorter)


def _brief(line: Line, excess: int, cap: int) -> Line:
    """Return a line shorter by `excess` units, but no shorter than a cap: the spare goes first."""
    room = max(utf16_length(line.text) - excess, cap)
    if utf16_length(line.text) <= room:
        return line
    spared = tuple(span for span in line.spans if not span.spare)
    return cut_line(replace(line, spans=spared) if spared != line.spans else line, room)


def _shorter(line: Line, excess: int) -> Line | None:
    """Return the line shortened by `excess` units if enough of it is left."""
    room = utf16_length(line.text) - excess
    return cut_line(line, room) if room >= MIN_LINE else None


def _gone(_line: Line, _excess: int) -> None:
    return None


def _cut_the_rest(lines: list[Line], limit: int) -> tuple[Line, ...]:
    """Cut even what is never dropped: caps on titles and names leave no real message to this."""
    excess = _length(lines) - limit
    for index in reversed(range(len(lines))):
        if excess > 0:
            line = lines[index]
            lines[index] = cut_line(line, max(utf16_length(line.text) - excess, MIN_LINE))
            excess -= line.length - lines[index].length
    return tuple(lines)
