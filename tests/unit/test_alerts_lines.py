from html.parser import HTMLParser

import pytest
from alert_values import ugly_text
from hypothesis import given
from hypothesis import strategies as st
from telegram_rules import check_html

from watcher.alerts.clean import FSI, PDI, clean
from watcher.alerts.lines import (
    SHORTENED,
    Line,
    Role,
    Span,
    cut,
    cut_line,
    fit,
    html_of,
    plainer,
    text_of,
    utf16_length,
)


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
        pytest.param(
            f"{FSI}الجزيرة الإخبارية{PDI}", 11, f"{FSI}الجزيرة…{PDI}", id="isolate closed"
        ),
        pytest.param("abc", 1, "…", id="no room"),
        pytest.param("abc", 0, "", id="no room at all"),
    ],
)
def test_cut(text: str, limit: int, kept: str) -> None:
    assert cut(text, limit) == kept


@given(ugly_text, st.integers(0, 100))
def test_cut_text_fits_and_begins_as_before(text: str, limit: int) -> None:
    text = clean(text)
    kept = cut(text, limit)

    assert utf16_length(kept) <= limit
    assert kept == text or text.startswith(kept.removesuffix("…"))


spans = st.builds(
    Span,
    ugly_text.map(clean),
    bold=st.booleans(),
    italic=st.booleans(),
    code=st.booleans(),
    href=st.sampled_from(["", "", "https://x.org/?a=1&b=2"]),
)
lines = st.builds(
    lambda role, spans, gap: Line.of(role, *spans, gap=gap),
    st.sampled_from(Role),
    st.lists(spans, min_size=1, max_size=4),
    st.booleans(),
)


@given(lines, st.integers(0, 300))
def test_cut_line_fits_and_keeps_its_first_words(line: Line, limit: int) -> None:
    kept = cut_line(line, limit)

    assert utf16_length(kept.text) <= limit
    assert line.text.startswith(kept.text.removesuffix("…")) or not kept.text


@given(st.lists(lines, max_size=40), st.integers(1500, 4000))
def test_fitted_lines_fit_and_whole_messages_stay_whole(message: list[Line], limit: int) -> None:
    kept = fit(message, limit)

    essential = {role for role in Role if not any(role in roles for roles in SHORTENED)}
    assert [line.role for line in kept if line.role in essential - {Role.NOTE}] == [
        line.role for line in message if line.role in essential - {Role.NOTE}
    ]
    if sum(line.role in essential for line in message) < limit // 40:
        assert utf16_length(text_of(kept)) <= limit
    if utf16_length(text_of(message)) <= limit:
        assert kept == tuple(message)


def test_summaries_go_before_evidence_and_dropped_items_are_counted() -> None:
    message = [
        Line.of(Role.TOPIC, "topic"),
        *(Line.of(Role.ITEM, f"item {n} " + "x" * 40) for n in range(10)),
        Line.of(Role.SUMMARY, "s" * 400),
        Line.of(Role.SENTENCE, "word " * 20),
    ]

    mild, hard = fit(message, 700), fit(message, 300)
    assert [line.role for line in mild if line.role is not Role.ITEM] == [
        Role.TOPIC,
        Role.SUMMARY,
        Role.SENTENCE,
    ]
    assert {line.role for line in hard} == {Role.TOPIC, Role.ITEM, Role.NOTE}
    assert hard[-1].text == f"… and {10 - sum(line.role is Role.ITEM for line in hard)} more"


@pytest.mark.parametrize("byline", [[], [Span(" — Antara, 12:00", spare=True)]])
def test_items_lose_words_before_one_of_them_is_left_out(byline: list[Span]) -> None:
    link = "https://x.org"
    message = [
        Line.of(Role.ITEM, "• ", Span(f"item {n} " + "word " * 20, href=link), *byline)
        for n in range(10)
    ]

    kept = fit(message, 700)
    assert [line.spans[0].text + line.spans[1].text[:6] for line in kept] == [
        f"• item {n}" for n in range(10)
    ]
    assert all(line.text.endswith("word…") and line.spans[1].href for line in kept)


def test_a_line_that_is_cut_between_two_styles_says_so() -> None:
    line = Line.of(Role.ITEM, Span("Kim", bold=True, href="https://x.org"), " meets Putin")

    assert cut_line(line, 4).spans == (Span("Kim…", bold=True, href="https://x.org"),)
    assert cut_line(line, 3).text == "Ki…"


@given(st.lists(lines, max_size=40), st.integers(20, 60))
def test_plainer_lines_say_the_same_and_keep_every_link(message: list[Line], limit: int) -> None:
    kept = plainer(message, limit)

    assert text_of(kept) == text_of(message)
    links = [[span.href for span in line.spans] for line in message]
    assert [[span.href for span in line.spans] for line in kept] == links
    source = "".join(html_of(line.spans) for line in kept)
    assert source.count("</") <= max(limit, source.count("</a>"))


def test_a_huge_digest_is_fitted_quickly_enough_to_finish() -> None:
    message = [Line.of(Role.ITEM, "headline " * 20) for _ in range(20_000)]

    assert utf16_length(text_of(fit(message, 4000))) <= 4000


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
