"""Figures in the notations of many languages, and which of them contradict each other."""

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.stories.numbers import Number, Numbers, conflict, shown
from watcher.stories.words import fold
from watcher.stories.written_numbers import _BETWEEN_SCORES, _SCORE, find_numbers


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        pytest.param("2,012 people", "en", 2012, "", id="English thousands"),
        pytest.param("korban 1.037 orang", "id", 1037, "", id="Indonesian thousands"),
        pytest.param("gempa m 5,1", "id", 5.1, "", id="Indonesian decimals"),
        pytest.param("up 5.75%", "en", 5.75, "%", id="percent"),
        pytest.param("$14.8 billion", "en", 14.8e9, "usd", id="dollars"),
        pytest.param("€825m", "en", 825e6, "eur", id="glued multiplier"),
        pytest.param("rp 1,12 triliun", "id", 1.12e12, "idr", id="rupiah"),
        pytest.param("3,5 млн долларов", "ru", 3.5e6, "usd", id="Russian"),
        pytest.param("5 тысяч", "ru", 5000, "", id="Russian thousands"),
        pytest.param("6.700 conteneurs", "fr", 6700, "", id="French thousands by a point"),
        pytest.param("300 000 obus", "fr", 300_000, "", id="French thousands"),
        pytest.param("1\u202f250\xa0000 евро", "ru", 1_250_000, "eur", id="narrow spaces"),
        pytest.param("3만3천 명", "ko", 33000, "", id="Korean, in two parts"),
        pytest.param("1兆2000億円", "ja", 1.2e12, "jpy", id="Japanese, in two parts"),
        pytest.param("6700個", "ja", 6700, "", id="number inside Japanese"),
        pytest.param("南部でm7.4の地震", "ja", 7.4, "", id="a magnitude inside Japanese"),
        pytest.param("بـ200 صاروخ", "ar", 200, "", id="after an Arabic prefix"),
        pytest.param("1,000,000.50", "en", 1000000.5, "", id="both marks"),
        pytest.param("fires two missiles", "en", 2, "", id="as a word"),
        pytest.param("25 basis points", "en", 25, "bp", id="basis points"),
    ],
)
def test_an_amount_is_read(text: str, language: str, value: float, unit: str) -> None:
    amounts = find_numbers(text, language).amounts
    assert [(round(number.value, 6), number.unit) for number in amounts] == [(value, unit)]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("since 2022, officials say", {2022}),
        ("the best since 1998.", {1998}),
        ("2022年のロシア", {2022}),
        ("im jahr 2019 traf er", {2019}),
        ("1,950 containers", set()),
        ("2,022 shells", set()),
        ("2000 soldaten", set()),
        ("炮弹2022枚", set()),
        ("병력 2019명", set()),
    ],
)
def test_a_count_is_no_year(text: str, years: set[int]) -> None:
    found = find_numbers(text)
    assert found.years == years
    assert bool(found.amounts) is not bool(years)


@pytest.mark.parametrize(
    ("a", "b", "contradict"),
    [
        pytest.param("day 567", "day 568", True, id="counters are exact"),
        pytest.param("$14.8 billion", "$15 billion", False, id="rounded amounts agree"),
        pytest.param("$3.6 billion", "$3.7 billion", True, id="another figure, as precise"),
        pytest.param("3.6兆円", "3.7兆円", True, id="the same in Japanese"),
        pytest.param("1.2兆円", "1兆2000億円", False, id="one figure in two writings"),
        pytest.param("$148 million", "$150 million", False, id="rounded to tens"),
        pytest.param("$148 million", "$149 million", True, id="rounded to no tens"),
        pytest.param("up 23.2%", "up 23%", False, id="a rounded share"),
        pytest.param("up 23.2%", "up 23.5%", True, id="another share"),
        pytest.param("825 million", "0.83 billion", False, id="other multipliers"),
        pytest.param("€825m fine", "$966m fine", False, id="currencies apart"),
        pytest.param("kills 12", "kills 73", True, id="tolls"),
        pytest.param("kills 12", "kills many", False, id="one side is silent"),
        pytest.param("kills 12 in 3 towns", "kills 12", False, id="one side names more"),
        pytest.param("won 2-1", "won 3-1", True, id="scores"),
        pytest.param("september 12", "september 13", True, id="dates"),
        pytest.param("18-19 июня", "june 19", False, id="a day of several"),
        pytest.param("9月13日", "13日", False, id="a day without its month"),
        pytest.param("halt at 03:38 pm", "halt at 03:41 pm", True, id="times of day"),
        pytest.param("in 2023", "in 2024", True, id="years"),
        pytest.param("up 5% to 120", "up 5% to 120", False, id="equal"),
    ],
)
def test_figures_contradict(a: str, b: str, contradict: bool) -> None:
    assert bool(conflict(find_numbers(a), find_numbers(b))) is contradict


@pytest.mark.parametrize(
    ("a", "b", "contradict"),
    [
        pytest.param("2 dead", "magnitude 7.4", False, id="a count and a measure"),
        pytest.param("magnitude 5.0", "magnitude 7.4", True, id="measures"),
        pytest.param("m 5,0", "m 5,1", True, id="a measure that is whole"),
        pytest.param("2 dead", "7 dead", True, id="counts"),
        pytest.param("more than 240 on board", "242 on board", False, id="a bound"),
        pytest.param("almost 250 on board", "243 on board", False, id="a bound above"),
        pytest.param("240 on board", "290 on board", True, id="too far from what is round"),
        pytest.param("day 567", "day 568", True, id="none is round"),
        pytest.param("40 dead", "41 dead", True, id="what is small is counted"),
        pytest.param("up 5%", "up 7.4%", True, id="of one unit"),
        pytest.param("in 2023", "in 2024", True, id="years"),
    ],
)
def test_a_rough_look_minds_only_figures_of_one_kind_that_are_not_near(
    a: str, b: str, contradict: bool
) -> None:
    ours, theirs = find_numbers(a), find_numbers(b)
    assert bool(conflict(ours, theirs, roughly=True)) is contradict
    assert conflict(ours, theirs), "what keeps quiet minds every difference"


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(find_numbers(text.casefold()), Numbers)


@given(st.text(alphabet="0123456789.,万億ribu m%$-/: "), st.text(alphabet="0123456789.,万億%$-/ "))
def test_conflict_is_symmetric_and_not_with_itself(a: str, b: str) -> None:
    left, right = find_numbers(a), find_numbers(b)
    for roughly in (False, True):
        found = conflict(left, right, roughly=roughly)
        assert bool(found) == bool(conflict(right, left, roughly=roughly))
        assert not found or conflict(left, right), "a rough look finds no more"
    assert not conflict(left, left)


@given(st.from_regex(_SCORE))
def test_what_is_looked_for_first_stands_in_every_score(text: str) -> None:
    assert _BETWEEN_SCORES.search(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("trieu tien phong ten lua", "vi"),  # tên lửa: a missile
        ("kim odwiedzi ten kraj", "pl"),
        ("ten summit se nekonal", "cs"),
        ("kamer stemt ten onrechte tegen", "nl"),
        ("presidente dos estados unidos", "pt"),
        ("protesters gather in lima", "en"),
        ("lula au second tour", "fr"),
    ],
)
def test_a_numeral_of_one_language_is_a_word_like_any_other_elsewhere(
    text: str, language: str
) -> None:
    assert find_numbers(text, language).amounts == ()


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [("ten missing", "en", 10), ("lima orang tewas", "ms", 5), ("zwei tote", None, 2)],
)
def test_a_numeral_counts_in_its_own_language_and_where_none_is_known(
    text: str, language: str | None, value: float
) -> None:
    assert find_numbers(text, language).amounts == (Number(value),)


@given(st.floats(0, 1e15), st.sampled_from(["", "usd", "%"]), st.booleans())
def test_a_number_equals_itself(value: float, unit: str, rounded: bool) -> None:
    number = Number(value, unit, rounded=rounded)
    assert number.equals(number)


@pytest.mark.parametrize("text", ["covid-19 records", "f-16 jets", "g20 summit", "mi-8 down"])
def test_digits_of_a_name_are_no_figure(text: str) -> None:
    assert find_numbers(text, "en").amounts == ()


@pytest.mark.parametrize("text", ["9" * 400, "9" * 305 + " million", f"{'9' * 400} and 5"])
def test_a_number_beyond_all_measure_is_none(text: str) -> None:
    found = find_numbers(text)

    assert all(isfinite(number.value) for number in found.amounts)
    assert conflict(found, find_numbers("5 people")) == ""


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("rp 46 miliar", "id", "46,000,000,000 IDR"),
        ("$2,5 trillion", "de", "2,500,000,000,000 USD"),
        ("rm 0,5 juta", "ms", "500,000 ringgit"),
        ("0.00001", "en", "0.00001"),
        ("up 5.75%", "en", "5.75%"),
    ],
)
def test_a_number_is_shown_as_people_write_it(text: str, language: str, said: str) -> None:
    assert [shown(number) for number in find_numbers(text, language).amounts] == [said]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("내년 1월 이적", "ko"),
        ("来年1月に移籍", "ja"),
        ("明年1月转会", "zh"),
        ("thang 1 nam toi", "vi"),
    ],
)
def test_a_month_without_a_day_is_no_amount(text: str, language: str) -> None:
    assert find_numbers(text, language).amounts == ()


@pytest.mark.parametrize(
    ("language", "text", "amount"),
    [
        ("uk", "100 тисяч снарядів", 100_000),
        ("uk", "100 тис. снарядів", 100_000),
        ("cs", "100 tis. granátů", 100_000),
        ("da", "3 mia. kroner", 3_000_000_000),
        ("pl", "100 tysięcy pocisków", 100_000),
        ("fa", "۱۰۰ هزار گلوله", 100_000),
        ("nl", "100 duizend granaten", 100_000),
        ("cs", "100 tisíc granátů", 100_000),
        ("hu", "100 ezer lövedék", 100_000),
        ("el", "100 χιλιάδες βλήματα", 100_000),
        ("en", "2 lakh voters", 200_000),
        ("hi", "2 करोड़ मतदाता", 20_000_000),
        ("uk", "2 мільйони снарядів", 2_000_000),
        ("pl", "2 miliony pocisków", 2_000_000),
        ("bg", "2 милиона", 2_000_000),
        ("he", "2 מיליון", 2_000_000),
        ("ro", "2 milioane", 2_000_000),
        ("nl", "5 miljard euro", 5_000_000_000),
        ("es", "5 mil millones", 5_000_000_000),
        ("de", "3 Billionen", 3_000_000_000_000),
    ],
)
def test_thousands_and_millions_are_read_in_any_language(
    language: str, text: str, amount: float
) -> None:
    assert [one.value for one in find_numbers(fold(text), language).amounts] == [amount]
