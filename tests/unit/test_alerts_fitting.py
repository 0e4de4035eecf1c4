import pytest
from alert_values import lines
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.fitting import BRIEF, fit, linked, plainer
from watcher.alerts.lines import Line, Role, Span, html_of, text_of, utf16_length


@given(st.lists(lines, max_size=40), st.integers(1500, 4000))
def test_fitted_lines_fit_and_whole_messages_stay_whole(message: list[Line], limit: int) -> None:
    kept = fit(message, limit, 100)

    essential = {Role.TOPIC, Role.HEADLINE, Role.COVERAGE, Role.NOTE}
    assert [line.role for line in kept if line.role in essential - {Role.NOTE}] == [
        line.role for line in message if line.role in essential - {Role.NOTE}
    ]
    if sum(line.role in essential for line in message) < limit // 40:
        assert utf16_length(text_of(kept)) <= limit
    if utf16_length(text_of(message)) <= limit:
        assert kept == tuple(message)


def test_summaries_go_before_items_and_items_before_evidence() -> None:
    message = [
        Line.of(Role.TOPIC, "topic"),
        Line.of(Role.SUMMARY, "s" * 400),
        Line.of(Role.SENTENCE, "word " * 20),
        Line.of(Role.WHY, "Why: Kim"),
        *(Line.of(Role.ITEM, f"item {n} " + "x" * 40) for n in range(10)),
    ]

    mild, hard = fit(message, 700, 100), fit(message, 300, 100)
    assert [line.role for line in mild if line.role is not Role.ITEM] == [
        *(Role.TOPIC, Role.SUMMARY, Role.SENTENCE, Role.WHY)
    ]
    named = sum(line.role is Role.ITEM for line in hard)
    assert [line.role for line in hard] == [
        *(Role.TOPIC, Role.SENTENCE, Role.WHY),
        *[Role.ITEM] * named,
        Role.NOTE,
    ]
    assert named > 3
    assert hard[-1].text == f"… and {10 - named} more"


def test_long_reasons_are_cut_before_items_lose_what_they_tell() -> None:
    message = [
        Line.of(Role.WHY, "Why: " + "word " * 100),
        *(Line.of(Role.ITEM, f"item {n} " + "x" * 50) for n in range(10)),
    ]

    kept = fit(message, 800, 100)
    assert kept[1:] == tuple(message[1:])
    assert BRIEF <= utf16_length(kept[0].text) < 250


def test_no_more_is_cut_than_has_to_be() -> None:
    message = [Line.of(Role.ITEM, f"item {n} " + "word " * 30) for n in range(20)]

    for limit in range(1000, 3000, 50):
        kept = fit(message, limit, 100)
        assert limit - 30 < utf16_length(text_of(kept)) <= limit


def test_what_the_first_items_add_stays_as_long_as_they_do_and_goes_with_the_others() -> None:
    report = (Line.of(Role.ITEM, "item " * 12), Line.of(Role.ADDS, "adds"))

    tight, hopeless = fit(report * 20, 1300, 100), fit(report * 20, 300, 100)
    assert [line.role for line in tight].count(Role.ITEM) == 20
    assert 5 < [line.role for line in tight].count(Role.ADDS) < 20
    assert [line.role for line in hopeless][:4] == [Role.ITEM, Role.ADDS] * 2


def test_no_more_items_are_named_than_a_service_links() -> None:
    headline = Line.of(Role.HEADLINE, Span("Kim", href="https://x.org"))
    report = (Line.of(Role.ITEM, Span("Kim", href="https://x.org")), Line.of(Role.ADDS, "adds"))

    kept = fit([headline, *report * 30], 4000, 20)
    assert [line.role for line in kept] == [
        *(Role.HEADLINE, *[Role.ITEM, Role.ADDS] * 19, Role.NOTE)
    ]
    assert kept[-1].text == "… and 11 more"


def test_items_go_before_they_are_cut_to_less_than_the_least() -> None:
    message = [Line.of(Role.ITEM, f"item {n} " + "x" * 200) for n in range(100)]

    kept = fit(message, 4000, 100, least=60)
    assert all(utf16_length(line.text) == 60 for line in kept[:-1])
    assert len(kept) > 60


@pytest.mark.parametrize("byline", [[], [Span(" — Antara, 12:00", spare=True)]])
def test_items_lose_words_before_one_of_them_is_left_out(byline: list[Span]) -> None:
    link = "https://x.org"
    message = [
        Line.of(Role.ITEM, "• ", Span(f"item {n} " + "word " * 20, href=link), *byline)
        for n in range(10)
    ]

    kept = fit(message, 700, 100)
    assert [line.spans[0].text + line.spans[1].text[:6] for line in kept] == [
        f"• item {n}" for n in range(10)
    ]
    assert all(line.text.endswith("word…") and line.spans[1].href for line in kept)


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

    assert utf16_length(text_of(fit(message, 4000, 100))) <= 4000


def markup(message: tuple[Line, ...]) -> int:
    return sum(len(html_of(line.spans).encode()) + 1 + line.gap for line in message)


@given(st.lists(lines, max_size=40), st.integers(0, 3_000), st.integers(0, 1_000))
def test_lines_keep_the_links_that_a_service_takes(
    message: list[Line], most: int, entities: int
) -> None:
    kept = linked(message, most, entities)

    told = kept[: len(message)]
    hrefs = [span.href for line in told for span in line.spans if span.href]
    assert text_of(told) == text_of(message)
    assert not hrefs or (markup(told) <= most and sum(map(len, hrefs)) <= entities * len(hrefs))
    assert len(kept) > len(message) or kept == tuple(message)


@pytest.mark.parametrize(
    ("markup", "entities", "kept"),
    [
        pytest.param(3000, 3000, "HABCD", id="all"),
        pytest.param(2100, 3000, "HABD", id="too many bytes of markup"),
        pytest.param(3000, 2000, "HABD", id="too many bytes of entities"),
        pytest.param(1000, 3000, "H", id="the headline's alone"),
        pytest.param(900, 3000, "", id="none"),
    ],
)
def test_the_longest_links_go_first_and_the_headlines_last(
    markup: int, entities: int, kept: str
) -> None:
    lengths = {"H": 900, "A": 100, "B": 500, "C": 500, "D": 100}
    message = [
        Line.of(
            Role.HEADLINE if name == "H" else Role.ITEM,
            Span(name, href=f"https://x.org/{'a' * length}"),
        )
        for name, length in lengths.items()
    ]

    told = linked(message, markup, entities)
    assert "".join(line.text for line in told if line.spans[0].href) == kept
    notes = [f"(links left out for want of room: {5 - len(kept)})"] if len(kept) < 5 else []
    assert [line.text for line in told[5:]] == notes
