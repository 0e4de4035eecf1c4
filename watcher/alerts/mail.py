"""The HTML part of a mail: one column that phones show well, light or dark, nothing remote."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby

from watcher.alerts.clean import direction
from watcher.alerts.languages import sound_tag
from watcher.alerts.lines import Line, Role, Span, html_of

#: Reads on white (contrast 4.3:1) and on a dark client's #121212 (4.4:1) alike.
LINK_COLOUR = "#2b7bd6"
_LINK = f"color:{LINK_COLOUR};text-decoration:none;"
_DETAIL = "padding-inline-start:16px;font-size:15px;"
_MUTED = "font-size:14px;opacity:.75;"
#: Text and background colours are left to the client: what is not set cannot clash in dark mode.
_STYLES = {
    Role.TOPIC: "font-size:14px;",
    Role.HEADLINE: "font-size:20px;line-height:1.3;",
    Role.ORIGINAL: _MUTED,
    Role.META: _MUTED,
    Role.SENTENCE: f"border-inline-start:3px solid {LINK_COLOUR};padding-inline-start:12px;",
    Role.WHY: "font-size:14px;",
    Role.SECTION: "font-size:17px;",
    Role.DETAIL: _DETAIL,
    Role.ADDS: _DETAIL,
    Role.BARS: f"padding-inline-start:16px;{_MUTED}",
    # A line that shows on any ground.
    Role.COVERAGE: f"border-top:1px solid rgba(128,128,128,.4);padding-top:8px;{_MUTED}",
    Role.NOTE: _MUTED,
}
#: Pixels: 24 cells and a few words stand beside each other on a phone.
_CELL_WIDTH, _CELL_STEP = 7, 2
_TABLE = (
    "display:inline-table;vertical-align:baseline;table-layout:fixed;border-spacing:1px 0;"
    f"color:{LINK_COLOUR};"
)
#: Drawn bars of one mail, 1.4 kB each. Gmail shows 102 kB of a mail and hides the rest behind a
#: link: so many stories with bars are 45 kB, and without them 200 are 101 kB.
MAX_DRAWN = 25
#: Lines of feed text alone take its direction; where our words stand too, they lead.
_FEED_TEXT = frozenset({Role.HEADLINE, Role.SENTENCE, Role.SUMMARY})
_PAGE = """\
<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0;padding:16px;">
<div style="max-width:640px;margin:0 auto;font-family:system-ui,-apple-system,'Segoe UI',Roboto,\
'Noto Sans',sans-serif;font-size:16px;line-height:1.5;overflow-wrap:anywhere;">
{body}
</div>
</body>
</html>
"""


def mail_html(lines: Iterable[Line], title: str) -> str:
    """Return a whole HTML page with inline styles."""
    body = "\n".join(map(_paragraph, _lightened(tuple(lines))))
    return _PAGE.format(title=escape(title), body=body)


def _lightened(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines with bars left as characters where there are too many to draw each.

    The first stays drawn: it is of all the stories together.
    """
    barred = [index for index, line in enumerate(lines) if any(span.bars for span in line.spans)]
    left = frozenset(barred[1:] if len(barred) > MAX_DRAWN else ())
    for index, line in enumerate(lines):
        yield _undrawn(line) if index in left else line


def _undrawn(line: Line) -> Line:
    return replace(line, spans=tuple(replace(span, bars=()) for span in line.spans))


def _paragraph(line: Line) -> str:
    margin = "margin:16px 0 0;" if line.gap else "margin:4px 0 0;"
    style = margin + _STYLES.get(line.role, "")
    tag = sound_tag(line.language)
    language = f' lang="{tag}"' if tag else ""
    way = direction(line.text) if line.role in _FEED_TEXT else "ltr"
    # A paragraph cannot hold a table.
    element = "div" if line.role is Role.BARS else "p"
    parts = (_spans(has, spans) for has, spans in groupby(line.spans, lambda span: bool(span.bars)))
    return f'<{element} style="{style}" dir="{way}"{language}>{"".join(parts)}</{element}>'


def _spans(has_bars: bool, spans: Iterable[Span]) -> str:
    if not has_bars:
        return html_of(spans, _LINK)
    return "".join(_bars(span.bars) for span in spans)


def _bars(heights: Sequence[int]) -> str:
    """Return bars as cells of a table: every mail client draws those, without an image.

    A bar is the upper edge of an empty box in the table's colour: all else stands in the table,
    once.
    """
    cells = "".join(
        f'<td><div style="border-top:{1 + height * _CELL_STEP}px solid"></div></td>'
        for height in heights
    )
    width = len(heights) * (_CELL_WIDTH + 1) + 1
    table = f'<table style="{_TABLE}width:{width}px;" cellpadding="0" aria-hidden="true">'
    return f'{table}<tr valign="bottom">{cells}</tr></table>'
