"""Names sound alike in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.stories.transliterate import common_sounds, sounds, spoken_words


@pytest.mark.parametrize(
    "spellings",
    [
        pytest.param("putin путин 푸틴 プーチン بوتين פוטין", id="Putin"),
        pytest.param("trump трамп 트럼프 トランプ ترامب", id="Trump"),
        pytest.param("zelensky зеленский 젤렌스키 ゼレンスキー", id="Zelensky"),
        pytest.param("washington вашингтон 워싱턴 ワシントン", id="Washington"),
        pytest.param("singapore сингапур 싱가포르 シンガポール", id="Singapore"),
        pytest.param("indonesia индонезия 인도네시아 インドネシア", id="Indonesia"),
        pytest.param("modi मोदी", id="Modi"),
        pytest.param("kharkiv харків", id="Kharkiv: a vowel that is named after two peoples"),
        pytest.param("pakistan پاکستان", id="Pakistan in Urdu"),
        pytest.param("tehran تہران", id="Tehran in Urdu"),
        pytest.param("islamabad اسلامآباد इस्लामाबाद ইসলামাবাদ", id="Islamabad"),
        pytest.param("london лондон לונדון", id="London: a vav within a word"),
        pytest.param("iran ایران איראן", id="Iran"),
    ],
)
def test_a_name_sounds_the_same_in_every_script(spellings: str) -> None:
    assert len({sounds(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("putin", "trump", id="two presidents"),
        pytest.param("kavanaugh", "кабул", id="a judge and a city"),
        pytest.param("会谈", "meeting", id="Chinese characters say no sound"),
    ],
)
def test_other_names_sound_otherwise(a: str, b: str) -> None:
    assert sounds(a) != sounds(b)


def test_an_ending_does_not_part_a_name() -> None:
    assert common_sounds("putin visits pyongyang", "встреча с путиным") > 0
    assert common_sounds("zelensky in warsaw", "젤렌스키는 바르샤바") > 0


def test_words_of_one_script_are_left_to_their_spelling() -> None:
    assert common_sounds("putin in beijing", "putin di beijing") == 0


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("blast in islamabad", "इस्लामाबाद में धमाका", id="vowels that are marks"),
        pytest.param("blast in islamabad", "ইসলামাবাদে বিস্ফোরণ", id="and an ending behind them"),
        pytest.param("blast in damascus", "انفجار بدمشق", id="in, Arabic"),
        pytest.param("blast in mogadishu", "انفجار بمقديشو", id="in, Arabic, another city"),
        pytest.param("blast in damascus", "פיצוץ בדמשק", id="in, Hebrew"),
    ],
)
def test_a_name_is_heard_with_all_that_its_language_writes_to_it(a: str, b: str) -> None:
    assert common_sounds(a, b) > 0


@pytest.mark.parametrize(
    ("a", "b", "least"),
    [
        ("in madrid bar injures 21", "התפוצץ במטולה", False),
        ("seen over munich airport", "נורו לעבר קריית שמונה", False),
        ("on ryazan refinery causes fire", "على بلدة الخيام جنوب لبنان", False),
        ("zelensky in washington", "زيلينسكي في واشنطن", True),
    ],
)
def test_two_sounds_of_a_script_without_vowels_are_chance(a: str, b: str, least: bool) -> None:
    assert (common_sounds(a, b) > 1) is least


def test_katakana_names_are_found_between_other_characters() -> None:
    assert "トランプ" in spoken_words("昨日トランプ大統領")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_heard_the_same_from_both_sides(a: str, b: str) -> None:
    assert set("".join(spoken_words(a).values())) <= set("pktslmn")
    assert (common_sounds(a, b) > 0) == (common_sounds(b, a) > 0)
