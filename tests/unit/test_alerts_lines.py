from html.parser import HTMLParser

import pytest
import regex
from alert_values import lines, spans, ugly_text
from hypothesis import given
from hypothesis import strategies as st
from telegram_rules import check_html

from watcher.alerts.clean import FSI, PDI, clean
from watcher.alerts.lines import Line, Role, Span, cut, cut_line, html_of, utf16_length

WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
CHAIN = "\u200d".join("👨" * 700)


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        pytest.param("short", 5, "short", id="fits"),
        pytest.param("Kim meets Putin", 12, "Kim meets…", id="at a word"),
        pytest.param("金正恩与普京会晤", 5, "金正恩与…", id="between characters"),
        pytest.param("😀😀😀", 4, "😀…", id="never half an emoji"),
        pytest.param("ae\u0301\u0301x", 4, "a…", id="never between letter and accent"),
        pytest.param("a👨\u200d👩\u200d👧", 7, "a…", id="never inside a family"),
        pytest.param("a🇮🇩🇷🇺", 8, "a🇮🇩…", id="never inside a flag"),
        pytest.param("👍🏽👍🏽", 7, "👍🏽…", id="never before a skin tone"),
        pytest.param(f"a{WALES}b", 14, "a…", id="never inside the flag of a region"),
        pytest.param("\u1112\u1161\u11ab\u1100\u1161a", 5, "\u1112\u1161\u11ab…", id="Hangul"),
        pytest.param("पक्ष्म", 5, "प…", id="never inside a conjunct"),
        pytest.param("กน้ำใจ", 4, "ก…", id="Thai SARA AM"),
        pytest.param("ກກຳກ", 3, "ກ…", id="Lao AM"),
        pytest.param("Kraken " + CHAIN, 60, "Kraken " + CHAIN[:33] + "…", id="endless chain"),
        pytest.param(
            f"{FSI}الجزيرة الإخبارية{PDI}", 11, f"{FSI}الجزيرة…{PDI}", id="isolate closed"
        ),
        pytest.param("abc", 1, "…", id="no room"),
        pytest.param("abc", 0, "", id="no room at all"),
    ],
)
def test_a_text_is_cut_at_a_word_or_between_whole_characters(
    text: str, limit: int, kept: str
) -> None:
    assert cut(text, limit) == kept


@given(ugly_text, st.integers(0, 100))
def test_cut_text_fits_and_begins_as_before(text: str, limit: int) -> None:
    text = clean(text)
    kept = cut(text, limit)

    assert utf16_length(kept) <= limit
    assert kept == text or text.startswith(kept.removesuffix("…"))


#: Letters of scripts in which one that people see is several characters.
letters = st.text("กำน้ใจนकषत्रिका한\u1112\u1161\u11ab👨\u200d👩🏽🇮🇩e\u0301 ", max_size=60)


@given(letters, st.integers(1, 40))
def test_a_cut_parts_no_letter(text: str, limit: int) -> None:
    text = clean(text)
    kept = cut(text, limit).removesuffix("…")
    whole = regex.findall(r"\X", text)
    parts = {"".join(whole[:count]) for count in range(len(whole) + 1)}

    # A space or a joiner at the end joins nothing any more.
    assert kept in {part.rstrip().removesuffix("\u200d") for part in parts} | parts


@given(lines, st.integers(0, 300))
def test_cut_line_fits_and_keeps_its_first_words(line: Line, limit: int) -> None:
    kept = cut_line(line, limit)

    assert utf16_length(kept.text) <= limit
    assert line.text.startswith(kept.text.removesuffix("…")) or not kept.text


def test_a_line_that_is_cut_between_two_styles_says_so() -> None:
    line = Line.of(Role.ITEM, Span("Kim", bold=True, href="https://x.org"), " meets Putin")

    assert cut_line(line, 4).spans == (Span("Kim…", bold=True, href="https://x.org"),)
    assert cut_line(line, 3).text == "Ki…"


class Reader(HTMLParser):
    """Collects what a mail client shows."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = ""

    def handle_data(self, data: str) -> None:
        self.shown += data


@given(st.lists(spans, min_size=1, max_size=5))
def test_markup_shows_exactly_the_text(styled: list[Span]) -> None:
    # A code span takes no other style: Watcher only writes plain ones.
    styled = [Span(s.text, s.bold and not s.code, s.italic, False, s.href) for s in styled]
    source = html_of(styled)
    meant = "".join(span.text for span in styled)
    reader = Reader()
    reader.feed(source)
    reader.close()

    assert reader.shown == meant
    if meant.strip():
        assert check_html(source) == meant


def test_spans_of_one_link_become_one_link() -> None:
    styled = [Span("Kim", bold=True, href="https://x.org"), Span(" meets", href="https://x.org")]

    assert html_of(styled) == '<a href="https://x.org"><b>Kim</b> meets</a>'
