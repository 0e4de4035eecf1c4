"""The days that a text names, in the notations of many languages."""

import json
from datetime import date, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.stories.days import (
    _DATE,
    _IN_DATES,
    _MARK,
    Day,
    are_ahead,
    find_days,
    find_weekdays,
    share_day,
)
from watcher.stories.vocabulary import table
from watcher.stories.words import fold

REPORTED = date(2024, 6, 17)


def days(text: str, reported: date | None = REPORTED) -> set[tuple[int, int]]:
    return {(day.month, day.day) for day in find_days(fold(text), reported)[1]}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("harga emas 12 september 2023", (9, 12), id="Indonesian"),
        pytest.param("briefing: September 12", (9, 12), id="month first"),
        pytest.param("payable Sept. 29", (9, 29), id="abbreviated"),
        pytest.param("am 13. Juni", (6, 13), id="German"),
        pytest.param("13 сентября", (9, 13), id="Russian"),
        pytest.param("13 вересня", (9, 13), id="Ukrainian"),
        pytest.param("18 czerwca", (6, 18), id="Polish"),
        pytest.param("18 listopada", (11, 18), id="Polish, where Croatian means another"),
        pytest.param("18 Haziran\u2019da", (6, 18), id="Turkish, with an ending"),
        pytest.param("18. kesäkuuta", (6, 18), id="Finnish"),
        pytest.param("18 Ιουνίου", (6, 18), id="Greek"),
        pytest.param("18 يونيو", (6, 18), id="Arabic"),
        pytest.param("18 ژوئن", (6, 18), id="Persian"),
        pytest.param("18 ביוני", (6, 18), id="Hebrew, with a letter before"),
        pytest.param("18 फ़रवरी को", (2, 18), id="Hindi, which ends in a mark"),
        pytest.param("18 มิถุนายน", (6, 18), id="Thai"),
        pytest.param("ngày 18 tháng 6", (6, 18), id="Vietnamese"),
        pytest.param("9月13日", (9, 13), id="Chinese"),
        pytest.param("6월 18일", (6, 18), id="Korean"),
        pytest.param("市場サマリー(19日)", (6, 19), id="the nearest day"),
        pytest.param("18일 만나", (6, 18), id="a day before a word like a span"),
        pytest.param("19日前往平壤", (6, 19), id="the same in Chinese"),
        pytest.param("2023-09-13", (9, 13), id="ISO"),
        pytest.param("12.09.2023", (9, 12), id="points"),
        pytest.param("8/20/2026", (8, 20), id="slashes"),
    ],
)
def test_a_day_is_read_and_taken_out_of_the_text(text: str, day: tuple[int, int]) -> None:
    rest, found, _ = find_days(fold(text), REPORTED)
    assert set(found) == {day}
    assert not any(mark.isdigit() for mark in rest)


@pytest.mark.parametrize(
    "text",
    [
        "June 18-19",
        "18-19 June",
        "18–19 Juni",
        "18. und 19. Juni",
        "18 и 19 июня",
        "18∼19일",
        "18·19일",
        "6월 18~19일",
        "6月18日至19日",
        "18日から19日",
    ],
)
def test_both_ends_of_a_range_are_named(text: str) -> None:
    assert days(text) == {(6, 18), (6, 19)}


@pytest.mark.parametrize(
    "text", ["3일 만에", "3일째", "3일간", "5일 후", "10日間", "5日ぶり", "3日目", "3日後", "日中"]
)
def test_a_span_of_days_is_no_date(text: str) -> None:
    assert days(text) == set()


@pytest.mark.parametrize(
    "text", ["20/30 and 13월 4일", "77일", "0日", "2024-00-12", "32.06.2024", "6月0日"]
)
def test_what_cannot_be_a_date_stays_in_the_text(text: str) -> None:
    assert find_days(text, REPORTED) == (text, frozenset(), frozenset())


def test_a_date_may_tell_its_year() -> None:
    assert find_days("september 12, 2023", REPORTED)[2] == {(2023, (9, 12))}


@pytest.mark.parametrize(
    ("reported", "day"),
    [
        pytest.param(date(2024, 6, 17), (6, 30), id="this month"),
        pytest.param(date(2024, 7, 2), (6, 30), id="the month before"),
        pytest.param(date(2024, 12, 31), (12, 30), id="the end of a year"),
        pytest.param(date(2024, 1, 3), (12, 30), id="the year before"),
        pytest.param(date(2024, 2, 20), (1, 30), id="February has none"),
        pytest.param(None, (0, 30), id="nothing tells"),
    ],
)
def test_a_day_without_a_month_is_the_nearest(reported: date | None, day: tuple[int, int]) -> None:
    assert days("30일", reported) == {day}


@pytest.mark.parametrize(
    ("named", "ahead"),
    [
        pytest.param([Day(6, 18)], True, id="tomorrow"),
        pytest.param([Day(6, 18), Day(6, 19)], True, id="both"),
        pytest.param([Day(6, 17)], False, id="today"),
        pytest.param([Day(6, 16), Day(6, 19)], False, id="one is past"),
        pytest.param([Day(1, 2)], False, id="nearer in the past"),
        pytest.param([Day(6, 31)], False, id="no such day"),
        pytest.param([], False, id="none"),
    ],
)
def test_days_are_ahead_if_all_are(named: list[Day], ahead: bool) -> None:
    assert are_ahead(named, REPORTED) is ahead


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        pytest.param("june 18", "18-19 июня", True, id="one of two"),
        pytest.param("june 18", "june 19", False, id="another day"),
        pytest.param("june 18", "18일", True, id="no month"),
        pytest.param("june 18", "", False, id="no day"),
    ],
)
def test_one_day_in_common_is_enough(a: str, b: str, shared: bool) -> None:
    ours, theirs = (find_days(text, None)[1] for text in (a, b))
    assert share_day(ours, theirs) is shared
    assert share_day(theirs, ours) is shared


def test_the_months_of_cldr_are_folded_and_name_one_month_each() -> None:
    source = resources.files("watcher.stories").joinpath("data/months.json")
    named = json.loads(source.read_text("utf-8"))
    words = [word for names in named.values() for word in names]
    assert set(named) == {str(month) for month in range(1, 13)}
    assert words == [fold(word) for word in words]
    assert len(words) == len(set(words))
    ours = table("months")
    assert {w for m, names in named.items() for w in names if ours.get(w, m) != m} == set()


@given(st.text(), st.dates() | st.none())
def test_any_text_is_read(text: str, reported: date | None) -> None:
    rest, found, dated = find_days(fold(text), reported)
    assert all(0 <= day.month <= 12 and 0 < day.day <= 31 for day in found)
    assert all(0 <= one.year <= 9999 for one in dated)
    assert isinstance(rest, str)


@given(st.dates(date(1, 3, 1), date(9999, 10, 1)), st.integers(-13, 13))
def test_a_near_day_is_found_again_without_its_month(reported: date, away: int) -> None:
    meant = reported + timedelta(days=away)
    assert days(f"{meant.day}日", reported) == {(meant.month, meant.day)}
    assert are_ahead([Day(0, meant.day)], reported) is (away > 0)


@given(st.from_regex(_DATE))
def test_what_is_looked_for_first_stands_in_every_date(text: str) -> None:
    marks = {chr(_MARK + month) for month in range(1, 13)}
    assert _IN_DATES.search(text) or not marks.isdisjoint(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("talks on monday and tuesday", {"1", "2"}),
        ("в среду и пятницу", {"3", "5"}),
        ("本周四会晤", {"4"}),
        ("周四会晤", {"4"}),
        ("금요일 회담", {"5"}),
        ("am sonntag", {"7"}),
        ("le mardi 3 mars", {"2"}),
        ("mondays", set()),
    ],
)
def test_days_of_the_week_are_found(text: str, days: set[str]) -> None:
    assert find_weekdays(text) == days


@pytest.mark.parametrize(
    ("text", "reported", "month_first", "day"),
    [
        pytest.param("6/10/2026", date(2026, 10, 7), False, (10, 6), id="day first"),
        pytest.param("10/6/2026", date(2026, 10, 7), False, (10, 6), id="month first"),
        pytest.param("6/10", date(2026, 6, 9), False, (6, 10), id="without a year"),
        pytest.param("6/10/26", date(2026, 10, 7), False, (10, 6), id="two digits of the year"),
        pytest.param("6/10", None, False, (10, 6), id="nobody knows when"),
        pytest.param("6/10", None, True, (6, 10), id="nobody knows when, in America"),
        pytest.param("20/8/2026", date(2026, 2, 8), True, (8, 20), id="one way only"),
    ],
)
def test_of_two_ways_to_read_a_day_the_nearer_one_is_meant(
    text: str, reported: date | None, *, month_first: bool, day: tuple[int, int]
) -> None:
    assert find_days(text, reported, month_first=month_first)[1] == {day}


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("Kamis (03/08)", "id", (8, 3)),
        ("am 3/8", "de", (8, 3)),
        ("8/3に", "ja", (8, 3)),
        ("8/3", "hu", (8, 3)),
        ("on 3/8", "en", (3, 8)),
        ("3/8", None, (3, 8)),
        ("13/8", "ja", (8, 13)),
        ("8/13", "id", (8, 13)),
    ],
)
def test_the_language_tells_whether_the_day_or_the_month_stands_first(
    text: str, language: str | None, day: tuple[int, int]
) -> None:
    assert find_days(fold(text), date(2024, 3, 9), language)[1] == {day}
