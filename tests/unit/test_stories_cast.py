"""Who and where a title tells of, in any language."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.stories.cast import (
    _BODIES,
    LANGUAGES,
    PREFIX,
    cast_terms,
    find_cast,
    is_actor,
    is_person,
    members,
    telling,
    with_countries,
)
from watcher.stories.places import seats
from watcher.topics.pack import load_pack, pack_names


@pytest.mark.parametrize(
    ("title", "language", "cast"),
    [
        pytest.param(
            "Lavrov meets with Kim Jong Un in Wonsan", "en", {"lavrov", "kim-jong-un"}, id="en"
        ),
        pytest.param(
            "Ким Чен Ын принял Лаврова в Вонсане", "ru", {"lavrov", "kim-jong-un"}, id="ru"
        ),
        pytest.param("김정은, 원산서 라브로프 접견", "ko", {"lavrov", "kim-jong-un"}, id="ko"),
        pytest.param("إسرائيل تقصف مستشفى في غزة", "ar", {"IL", "gaza"}, id="ar"),
        pytest.param("フィリピン南部でM7.4の地震", "ja", {"PH"}, id="ja"),
        pytest.param("Gempa M 7,4 Guncang Filipina", "id", {"PH"}, id="id"),
        pytest.param("Ein Erdbeben erschüttert die Philippinen", "de", {"PH"}, id="de"),
        pytest.param("Hamás libera a siete rehenes", "es", {"hamas"}, id="es"),
        pytest.param("哈马斯释放首批人质", "zh", {"hamas"}, id="zh"),
        pytest.param("ハマス、人質を解放", "ja", {"hamas"}, id="kana"),
        pytest.param("Rice prices fall in three provinces", "en", set(), id="nobody"),
    ],
)
def test_people_and_places_are_known_in_any_language(
    title: str, language: str, cast: set[str]
) -> None:
    assert set(find_cast(title, language)) == cast


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Kim Jong-un et Poutine se rencontrent à Khabarovsk", "fr"),
        ("Ким Чен Ын и Путин встретились в Хабаровске", "ru"),
        ("Kim Jong Un und Putin treffen sich in Chabarowsk", "de"),
        ("金正恩与普京在哈巴罗夫斯克会晤", "zh"),
        ("김정은·푸틴, 하바롭스크서 회담", "ko"),
    ],
)
def test_cities_of_the_russian_far_east_are_places(title: str, language: str) -> None:
    assert set(find_cast(title, language)) == {"kim-jong-un", "putin", "khabarovsk"}


def test_a_short_name_counts_beside_another_of_the_cast() -> None:
    assert set(find_cast("Kim leaves the band", "en")) == set()
    assert set(find_cast("Kim to meet Putin", "en")) == {"kim-jong-un", "putin"}


def test_whose_dollars_they_are_is_nowhere() -> None:
    assert find_cast("CK Hutchison seeks US$1.5 billion", "en") == ()
    assert find_cast("CK Hutchison seeks $1.5 billion in the US", "en") != ()


def test_a_name_within_a_longer_one_is_not_meant() -> None:
    assert set(find_cast("尼日利亚发生爆炸", "zh")) == {"NG"}
    assert set(find_cast("白俄罗斯总统讲话", "zh")) == {"BY"}


@pytest.mark.parametrize(
    ("title", "language"),
    [
        pytest.param("Цены газа в Европе растут", "ru", id="of gas, not Gaza"),
        pytest.param("Кримінал у Львові", "uk", id="crime, not Crimea"),
        pytest.param("Маска от гриппа", "ru", id="a mask, not Musk"),
        pytest.param("수치가 올랐다", "ko", id="a figure, not Suu Kyi"),
        pytest.param("Gli imputati salgono a tre", "it", id="nobody"),
    ],
)
def test_everyday_words_that_look_like_names_are_nobody(title: str, language: str) -> None:
    assert set(find_cast(title, language)) <= members() - {"gaza", "crimea", "musk", "suu-kyi"}


def test_no_name_is_of_two_and_nobody_stands_in_the_pack_too() -> None:
    table = tomllib.loads(
        resources.files("watcher.stories").joinpath("data/cast.toml").read_text("utf-8")
    )
    names = [name for row in table.values() for name in row.split("|")]

    assert len(names) == len(set(names))
    assert table.keys().isdisjoint(pack_names())


def test_people_and_bodies_act_and_places_do_not() -> None:
    packed = {name: load_pack(name).kind for name in members() & frozenset(pack_names())}
    others = {"houthis": True, "red-sea": False, "TR": False, "macron": True}

    kinds = {name: kind != "place" for name, kind in packed.items()} | others
    assert {name: is_actor(name) for name in kinds} == kinds


def test_a_person_is_no_body_and_no_place() -> None:
    people = {"macron", "lavrov"}
    others = {"hamas", "kremlin", "red-sea", "beijing", "TR", "china"}
    assert set(filter(is_person, people | others)) == people
    assert members() >= _BODIES  # of packs it is known
    assert _BODIES.isdisjoint(pack_names())


def test_a_turn_of_phrase_of_a_topic_is_nobody() -> None:
    assert set(find_cast("North Korea and Russia sign a treaty", "en")) == {"north-korea", "russia"}


def test_a_hidden_name_is_as_if_nobody_had_written_it() -> None:
    written = cast_terms("Lavrov visits Manila", "en")

    assert {name for name, _ in written} == {f"{PREFIX}lavrov"}
    assert set(find_cast("Lavrov visits Manila", "en")) == {"lavrov"}
    assert set(find_cast("Lavrov visits Manila", "en", written)) == set()


def test_the_names_of_countries_are_nobodys_list() -> None:
    assert cast_terms("Terremoto en Filipinas", "es") == set()


def test_whoever_is_named_more_seldom_tells_more() -> None:
    assert telling("lavrov") > telling("putin") > telling("trump")
    assert telling("PH") > telling("united-states")


def test_everybody_and_every_place_tells_something() -> None:
    assert all(telling(member) > 0 for member in members())


def test_languages_whose_acts_are_known_are_compared_with_others() -> None:
    folder = resources.files("watcher.stories").joinpath("data/acts")

    assert {file.name.removesuffix(".toml") for file in folder.iterdir()} <= LANGUAGES


@given(st.text(max_size=60), st.sampled_from([None, "en", "zh", "qq"]))
def test_any_text_has_a_cast(title: str, language: str | None) -> None:
    found = set(find_cast(title, language))

    assert found <= members()
    assert {one.removeprefix(PREFIX) for one, _ in cast_terms(title, language)} <= members()


def test_half_a_character_harms_nothing() -> None:
    assert set(find_cast("Путин \ud800 встретил Ким Чен Ына", "ru")) == {"putin", "kim-jong-un"}


def test_a_seat_of_government_names_its_country() -> None:
    named = frozenset(
        find_cast("Seoul and Washington condemn Kremlin over North Korean arms", "en")
    )
    assert {"south-korea", "united-states", "russia"} <= with_countries(named)
    assert with_countries(frozenset(seats())) <= members()
