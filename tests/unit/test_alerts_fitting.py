import pytest
from alert_values import lines
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.fitting import SHORTENED, fit, linked, plainer
from watcher.alerts.lines import Line, Role, Span, html_of, text_of, utf16_length


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


def markup(message: tuple[Line, ...]) -> int:
    return sum(len(html_of(line.spans).encode()) + 1 + line.gap for line in message)


@given(st.lists(lines, max_size=40), st.integers(0, 3_000))
def test_lines_keep_the_links_that_a_service_takes(message: list[Line], size: int) -> None:
    kept = linked(message, size)

    told = kept[: len(message)]
    assert text_of(told) == text_of(message)
    assert markup(told) <= size or not any(span.href for line in told for span in line.spans)
    assert len(kept) > len(message) or kept == tuple(message)


def test_the_longest_links_go_first_and_the_headlines_last() -> None:
    roles = (Role.HEADLINE, *[Role.ITEM] * 4)
    urls = [f"https://x.org/{'a' * length}" for length in (900, 100, 500, 500, 100)]
    message = [Line.of(role, Span("a", href=url)) for role, url in zip(roles, urls, strict=True)]

    assert [bool(line.spans[0].href) for line in linked(message, 1900)] == [
        *(True, True, True, False, True),
        False,
    ]
    assert [bool(line.spans[0].href) for line in linked(message, 1000)] == [
        *(True, False, False, False, False),
        False,
    ]
    assert linked(message, 1900)[-1].text == "(links left out for want of room: 1)"
