"""Two headlines in different languages that tell the same of the same people and places."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_values import NOON, signed

from watcher.model import Entry, Reading, Relation
from watcher.stories.archive import MemoryArchive
from watcher.stories.assign import STORY_CHANCE, assign
from watcher.stories.features import overlap
from watcher.stories.relate import relate
from watcher.stories.signature import Signature, sign
from watcher.stories.told import may_be_told, told_chance

WINDOW = timedelta(hours=72)
TITLES = st.sampled_from(
    [
        "Lavrov meets Kim Jong Un in Wonsan",
        "Ким Чен Ын принял Лаврова в Вонсане",
        "Gempa M 7,4 Guncang Filipina",
        "フィリピン南部でM7.4の地震",
        "Trump says he will meet Xi",
        "",
    ]
)


def chance(a: Signature, b: Signature) -> float:
    return told_chance(a, b, overlap(a, b))


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ru", "Ким Чен Ын принял Лаврова в Вонсане"),
        ("ko", "김정은, 원산서 라브로프 접견"),
        ("id", "Kim Jong Un Bertemu Menlu Rusia Lavrov di Wonsan"),
    ],
)
def test_the_same_people_and_act_are_one_event(language: str, title: str) -> None:
    english = signed("Lavrov meets with Kim Jong Un in Wonsan", "en")

    assert chance(english, signed(title, language, hours=1)) >= STORY_CHANCE


@pytest.mark.parametrize(
    ("language", "title"),
    [
        pytest.param("ru", "Путин вылетел в Китай", id="other people"),
        pytest.param("ru", "Лавров раскритиковал НАТО", id="another act of one of them"),
        pytest.param("ko", "김정은, 미사일 발사 참관", id="the other one elsewhere"),
    ],
)
def test_what_else_they_do_is_another_event(language: str, title: str) -> None:
    english = signed("Lavrov meets with Kim Jong Un in Wonsan", "en")

    assert chance(english, signed(title, language, hours=1)) < STORY_CHANCE


def test_a_figure_tells_two_events_of_one_kind_in_one_country_apart() -> None:
    first = signed("Magnitude 7.4 earthquake strikes off southern Philippines", "en")
    again = signed("Filipina Kembali Diguncang Gempa M 6,8", "id", hours=9)
    same = signed("フィリピン南部でM7.4の地震 津波警報", "ja", hours=1)

    assert chance(first, same) >= STORY_CHANCE > chance(first, again)


def test_days_later_it_is_told_of_something_new() -> None:
    english, russian = "Trump meets Xi", "Трамп встретился с Си Цзиньпином"

    assert chance(signed(english, "en"), signed(russian, "ru", hours=1)) >= STORY_CHANCE
    assert chance(signed(english, "en"), signed(russian, "ru", hours=60)) < STORY_CHANCE


def test_small_counts_are_no_agreement() -> None:
    english = signed("Erdogan phones 3 presidents about Gaza", "en")

    assert chance(english, signed("에르도안, 홍수 피해 지역 3곳 방문", "ko")) < STORY_CHANCE


@given(TITLES, TITLES, st.sampled_from(["en", "ru", "ja"]), st.floats(0, 90))
def test_it_is_the_same_whichever_came_first(a: str, b: str, language: str, hours: float) -> None:
    one, other = signed(a, "id"), signed(b, language, hours)

    assert chance(one, other) == pytest.approx(chance(other, one))
    assert may_be_told(one, other) == may_be_told(other, one)


def test_a_report_without_a_word_in_common_is_found_and_joined() -> None:
    archive = MemoryArchive()
    archive.add(1, 1, signed("Lavrov meets with Kim Jong Un in Wonsan", "en"))
    archive.add(2, 2, signed("Harga beras naik di Jakarta", "id"))
    late = signed("김정은, 원산서 라브로프 접견", "ko", hours=1)
    members = archive.candidates(late, late.time - WINDOW)

    assert [member.entry for member in members] == [1]
    found = assign(late, members, window=WINDOW)
    assert (found.relation, found.story) == (Relation.SAME, 1)


def test_a_report_in_its_own_language_is_found_by_its_words_only() -> None:
    archive = MemoryArchive()
    archive.add(1, 1, signed("Lavrov meets with Kim Jong Un in Wonsan", "en"))
    late = signed("Pyongyang says talks were fruitful", "en", hours=1)

    assert archive.candidates(late, late.time - WINDOW) == []


def test_bare_titles_are_compared_the_same_way() -> None:
    english, korean = (
        sign(Entry(title, title, NOON), Reading(language, (), ()))
        for title, language in (
            ("Lavrov meets with Kim Jong Un in Wonsan", None),
            ("김정은, 원산서 라브로프 접견", "ko"),
        )
    )

    assert relate(english, korean).relation == "same"
