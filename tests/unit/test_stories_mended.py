"""Whether an edit only mends how an entry is spelled."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from watchlists import NOON

from watcher.model import Entry
from watcher.stories.mended import is_beginning, is_mended


def titled(title: str, summary: str = "") -> Entry:
    return Entry("1", title, NOON, summary=summary)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Kim insepcts a shipyard", "Kim inspects a shipyard", id="wrong order"),
        pytest.param("Kim inspecst a shipyard", "Kim inspects a shipyard", id="at the end"),
        pytest.param("Putin commited to talks", "Putin committed to talks", id="a double missing"),
        pytest.param("Putin visitts Kazan", "Putin visits Kazan", id="a double too many"),
        pytest.param("Kim inpects a shipyard", "Kim inspects a shipyard", id="a letter missing"),
        pytest.param("Путин подипсал указ", "Путин подписал указ", id="Cyrillic"),
        pytest.param("KIM INSEPCTS A SHIPYARD", "Kim inspects a shipyard", id="capitals"),
    ],
)
def test_a_typo_put_right_is_nothing_new(before: str, after: str) -> None:
    assert is_mended(titled(after), titled(before))
    assert is_mended(titled(before), titled(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Arms are legal", "Arms are illegal", id="denied"),
        pytest.param("Putin visits Austria", "Putin visits Australia", id="another country"),
        pytest.param("Talks on Tuesday", "Talks on Thursday", id="another day"),
        pytest.param("Putin defends Kim", "Putin defeats Kim", id="another verb"),
        pytest.param("Minister reigns", "Minister resigns", id="a letter of a short word"),
        pytest.param("Putin geliyor", "Putin gelmiyor", id="denied by one letter"),
        pytest.param("Onu gömüyor", "Onu gömmüyor", id="denied by a double letter"),
        pytest.param("Putin uneasy", "Putin uneasily", id="two letters"),
        pytest.param("Ship arrives", "Ships arrive", id="plural"),
        pytest.param("Putin promise", "Putin promised", id="an ending"),
        pytest.param("Princes of Kazan", "Princess of Kazan", id="an ending that doubles"),
        pytest.param("Nuclear plans", "Unclear plans", id="the first letters"),
        pytest.param("Kim has 100012 men", "Kim has 100021 men", id="a number"),
        pytest.param("Trail in Kazan", "Trial in Kazan", id="a short word"),
        pytest.param("Kim insepcts a ship", "Kim inspects a ship again", id="a word more"),
        pytest.param("Kim insepcts a ship?", "Kim inspects a ship", id="no question any more"),
        pytest.param("Kim insepcts commited men", "Kim inspects committed men", id="two words"),
        pytest.param("金正恩朝美会谈", "金正恩美朝会谈", id="words without blanks"),
        pytest.param("Kim inspects", "Kim inspects", id="nothing"),
    ],
)
def test_another_word_may_be_news(before: str, after: str) -> None:
    assert not is_mended(titled(after), titled(before))


def test_a_summary_that_changed_as_well_may_be_news() -> None:
    before, after = titled("Kim insepcts it"), titled("Kim inspects it", "And sinks it.")

    assert not is_mended(after, before)


VUCIC = "Vučić’s party: “déjà vu” – Serbia votes"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Vu\ufffdi\ufffd wins", "Vučić wins", id="marks"),
        pytest.param("Vu\ufffd\ufffdi\ufffd\ufffd wins", "Vučić wins", id="a mark a byte"),
        pytest.param(re.sub("[^\0-\x7f]", "\ufffd", VUCIC), VUCIC, id="quotes and dashes"),
        pytest.param("Пут\ufffdн подп\ufffdсал указ", "Путин подписал указ", id="Cyrillic"),
        pytest.param(re.sub("[^\0-\x7f]", "?", VUCIC), VUCIC, id="question marks"),
        pytest.param("Does Vu?i? win?", "Does Vučić win?", id="one mark asks"),
        pytest.param("JosÃ© wins", "José wins", id="encoded twice"),
        pytest.param("VuÄ\x8diÄ‡ wins".replace("\x8d", ""), "Vučić wins", id="a byte is gone"),
        pytest.param("ÐŸÑƒÑ‚Ð¸Ð½ ÑƒÐµÑ…Ð°Ð»", "Путин уехал", id="Cyrillic encoded twice"),
        pytest.param(
            "Francois Bayrou demissionne", "François Bayrou démissionne", id="accents added"
        ),
        pytest.param("Vucic wins", "Vučić wins", id="accents of one word"),
        pytest.param("ERDOGAN: IZMIR", "Erdoğan: İzmir", id="accents and capitals"),
        pytest.param("Vuc\u030cic\u0301 wins", "Vučić wins", id="composed"),
    ],
)
def test_a_repaired_encoding_is_nothing_new(before: str, after: str) -> None:
    assert is_mended(titled(after, "A text."), titled(before, "A text."))
    assert is_mended(titled(before), titled(after))
    assert is_mended(titled(after, after), titled(before, before))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Vu\ufffdi\ufffd wins", "Vučić loses", id="a word more"),
        pytest.param("\ufffd men die", "9 men die", id="a figure"),
        pytest.param("\ufffd men die", "٩ men die", id="another script's figure"),
        pytest.param("Area of 5 km\ufffd", "Area of 5 km²", id="a small figure"),
        pytest.param("Путин \ufffd\ufffd приедет", "Путин не приедет", id="a word all lost"),
        pytest.param("\ufffdу\ufffdи\ufffd", "Путин", id="most lost"),
        pytest.param("金正恩\ufffd去北京", "金正恩不去北京", id="a word of one character"),
        pytest.param("पुत\ufffdन", "पुतिन", id="a vowel sign"),
        pytest.param("Putin resigns?", "Putin resigns…", id="no question any more"),
        pytest.param("Vu?i? resigns?", "Vučić resigns…", id="the one that asked"),
        pytest.param("Putin? Kim!", "Putin– Kim!", id="none amid letters"),
        pytest.param("Bakan oldu", "Bakan öldü", id="a short word"),
        pytest.param("Erdoğan kazandi", "Erdogan kazandı", id="accents moved"),
        pytest.param("JosÃ© wins 4", "José wins 5", id="encoded twice with another figure"),
        pytest.param("Президент Зеленский", "Президент Зеленскии", id="no accent"),
        pytest.param("KIM", "Kim", id="capitals alone"),
    ],
)
def test_what_may_be_another_word_or_figure_is_no_repair(before: str, after: str) -> None:
    assert not is_mended(titled(after), titled(before))
    assert not is_mended(titled(before), titled(after))


def test_a_repair_under_another_summary_may_be_news() -> None:
    assert not is_mended(titled("Vučić wins", "By 5."), titled("Vucic wins", "By 4."))


signs = st.text("aeéčć’“–?Ãи\ufffd 3459²", max_size=12)


def figures(text: str) -> list[str]:
    return re.findall("[0-9²]+", text)


@given(signs, signs)
@example("a\ufffd", "a4")
@example("a?a 5", "aé 5")
def test_no_figure_ever_changes_in_a_repair(before: str, after: str) -> None:
    assume(figures(before) != figures(after))

    assert not is_mended(titled(after), titled(before))


latin = st.text("abcdeéèčćşğüöñ’“–", min_size=1, max_size=9)


@given(st.lists(latin, min_size=1), st.integers(0, 120), st.integers(0, 120))
def test_no_figure_changes_along_with_a_repair(words: list[str], before: int, after: int) -> None:
    title = " ".join(words)
    assume(before != after)

    for damaged in (re.sub("[^\0-\x7f]", sign, title) for sign in ("\ufffd", "?")):
        assert not is_mended(titled(f"{title} {after}"), titled(f"{damaged} {before}"))


@given(st.lists(latin, min_size=1, max_size=5))
def test_whatever_was_damaged_as_a_whole_is_known_when_it_is_whole(words: list[str]) -> None:
    title = " ".join(words)
    assume(not title.isascii())
    byte_by_byte = title.encode().decode("ascii", "replace")

    for damaged in (re.sub("[^\0-\x7f]", "\ufffd", title), byte_by_byte):
        assert is_mended(titled(title), titled(damaged))


@given(st.text(), st.text())
def test_a_repair_is_one_in_both_directions(before: str, after: str) -> None:
    there, back = titled(after), titled(before)

    assert is_mended(there, back) == is_mended(back, there)


@pytest.mark.parametrize(
    "title",
    ["Kim meets Putin", "Kim meets Pu…", "Kim meets ...", "Kim meets Putin […]", "Kim meets…"],
)
def test_a_title_may_be_the_beginning_of_a_text(title: str) -> None:
    assert is_beginning(title, "Kim meets Putin in Kazan.")


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Kim meets Pu", id="another word"),
        pytest.param("Kim meets Xi", id="other words"),
        pytest.param("Kim meets Putin in Kazan. Again", id="more"),
        pytest.param("…", id="nothing"),
        pytest.param("", id="empty"),
    ],
)
def test_a_title_that_says_more_or_other_is_no_beginning(title: str) -> None:
    assert not is_beginning(title, "Kim meets Putin in Kazan.")


@pytest.mark.parametrize("text", ["Kim has 50 ships", "Kim has 5,000 ships", "Kim has 5.5 ships"])
def test_a_figure_is_not_begun(text: str) -> None:
    assert not is_beginning("Kim has 5", text)
    assert not is_beginning("Kim has 5…", text)


@given(st.text("ab 129.,…", max_size=15), st.integers(0, 15), st.sampled_from(["", "…", " ..."]))
def test_no_figure_is_another_in_a_beginning(text: str, length: int, end: str) -> None:
    begun = text[:length]
    assume(is_beginning(f"{begun}{end}", text))

    number = re.compile(r"\d+(?:[.,]\d+)*")
    found = number.findall(begun)
    assert found == number.findall(text)[: len(found)]
