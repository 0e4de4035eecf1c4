"""What parts two events though the words agree, and what does not: tolls that rise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_values import NOON, signed

from watcher.model import Entry, Reading
from watcher.stories.events import unless_parted
from watcher.stories.features import exchanged, overlap, runs_on
from watcher.stories.relate import relate
from watcher.stories.signature import sign
from watcher.stories.unspaced import names_other
from watcher.stories.watched import echoes, watched_chance

KIM = ("kim",)


@pytest.mark.parametrize(
    ("language", "a", "b"),
    [
        ("en", "Lagos factory explosion kills three", "Nairobi factory explosion kills three"),
        ("id", "Kebakaran Pabrik di Bekasi, 3 Tewas", "Kebakaran Pabrik di Surabaya, 3 Tewas"),
        ("ru", "В Самаре при пожаре погибли трое", "В Казани при пожаре погибли трое"),
        ("de", "Drei Tote bei Brand in Köln", "Drei Tote bei Brand in Hamburg"),
        (
            "en",
            "Northampton factory explosion kills three",
            "Southampton factory explosion kills three",
        ),
        ("ru", "В Белгородской области погибли трое", "В Волгоградской области погибли трое"),
        ("uk", "Підтверджено ураження Рязанського НПЗ", "Підтверджено ураження Саратовського НПЗ"),
        ("zh", "东京发生5.2级地震", "大阪发生5.2级地震"),
        ("ja", "愛知県で火事 2人死亡", "愛媛県で火事 2人死亡"),
        ("ko", "부산 아파트 화재로 2명 사망", "대구 아파트 화재로 2명 사망"),
        ("ko", "도쿄에서 규모 5.2 지진", "오사카에서 규모 5.2 지진"),
    ],
)
def test_the_same_headline_of_another_place_is_another_event(language: str, a: str, b: str) -> None:
    verdict = relate(signed(a, language), signed(b, language, 1))
    assert verdict.relation == "different", verdict
    assert "in the same place" in verdict.reason


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Explosion in Yerevan kills three", "Explosion in Erevan kills three"),
        ("Three detained with Gaddafi in Sirte", "Three detained with Qaddafi in Sirte"),
        ("Three dead on Zelenskiy's visit", "Three dead on Zelenskyy's visit"),
    ],
)
def test_another_spelling_is_no_other_name(a: str, b: str) -> None:
    assert exchanged(signed(a), signed(b)) == []


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("普京抵达平壤开始访问", "普京到达平壤开始访问"),
        ("普京会见金正恩", "普京会晤金正恩"),
        ("北朝鮮がミサイル発射", "北朝鮮がミサイルを発射"),
        ("푸틴 평양 도착", "푸틴 대통령 평양 도착"),
    ],
)
def test_a_synonym_or_a_particle_is_no_other_name(a: str, b: str) -> None:
    assert not names_other(a, b)


@given(st.text("东京大阪県で地震 2", max_size=12), st.text("东京大阪県で地震 2", max_size=12))
def test_another_name_does_not_depend_on_who_is_asked(a: str, b: str) -> None:
    assert names_other(a, b) == names_other(b, a)
    assert not names_other(a, a)


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("en", "Japan quake death toll rises to 30", "Japan quake death toll rises to 48"),
        ("ja", "能登半島地震 死者78人に", "能登半島地震 死者84人に"),
        ("id", "Korban Tewas Gempa Jepang Jadi 62", "Korban Tewas Gempa Jepang Jadi 73"),
    ],
)
def test_a_toll_that_rises_is_no_clash_of_figures(language: str, early: str, late: str) -> None:
    a, b = signed(early, language), signed(late, language, 6)
    assert overlap(a, b).number_conflict == overlap(b, a).number_conflict == 0
    verdict = relate(a, b)
    assert verdict.relation == "same", verdict


@pytest.mark.parametrize(
    ("early", "late"),
    [
        pytest.param("Bus crash kills 30", "Bus crash kills 12", id="a toll that falls"),
        pytest.param("Shares gain 3%", "Shares gain 5%", id="no victims"),
        pytest.param("2 dead in 2023 blast", "4 dead in 2019 blast", id="another year"),
    ],
)
def test_other_figures_still_clash(early: str, late: str) -> None:
    a, b = signed(early), signed(late, hours=3)
    assert not runs_on(a, b)
    assert overlap(a, b).number_conflict == 1


def test_a_meeting_of_one_topic_is_another_story_than_its_announcement() -> None:
    announced = "Putin to visit Vostochny, may meet Kim"
    held = "Putin, Kim meet at Vostochny cosmodrome"
    unwatched = unless_parted(0.7, signed(announced), signed(held, hours=13))
    watched = unless_parted(0.7, signed(announced, lists=KIM), signed(held, hours=13, lists=KIM))
    assert watched < 0.5 < unwatched == 0.7


@pytest.mark.parametrize(
    ("language", "announced", "held"),
    [
        ("en", "Putin to meet Kim in Vladivostok on Wednesday", "Putin meets Kim in Vladivostok"),
        ("ru", "Путин встретится с Ким Чен Ыном", "Путин встретился с Ким Чен Ыном"),
        ("id", "Putin akan bertemu Kim di Vladivostok", "Putin bertemu Kim di Vladivostok"),
        ("ko", "푸틴, 블라디보스토크서 김정은과 회담 예정", "푸틴, 블라디보스토크서 김정은과 회담"),
        ("zh", "普京将在符拉迪沃斯托克会见金正恩", "普京在符拉迪沃斯托克会见金正恩"),
    ],
)
def test_words_in_common_do_not_make_up_for_what_is_still_to_come(
    language: str, announced: str, held: str
) -> None:
    early, late = (
        signed(announced, language, lists=KIM),
        signed(held, language, hours=45, lists=KIM),
    )
    assert unless_parted(0.999, early, late) < 0.3


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "Putin meets Kim Jong Un", "After meeting Putin, Kim Jong Un visits jet plant"),
        ("en", "Kim to meet Putin in Russia", "Kim leaves Russia after summit with Putin"),
        ("en", "Putin meets Kim in Russia", "Kim leaves Russia after meeting Putin"),
        ("id", "Putin bertemu Kim di Rusia", "Usai bertemu Putin, Kim kunjungi pabrik di Rusia"),
        ("ru", "Путин встретился с Кимом", "После встречи с Путиным Ким посетил завод"),
        (
            "de",
            "Putin trifft Kim in Russland",
            "Nach Treffen mit Putin besucht Kim russisches Werk",
        ),
        ("es", "Putin se reúne con Kim", "Tras reunirse con Putin, Kim visita una fábrica"),
        ("ko", "김정은, 푸틴과 회담", "김정은, 푸틴과 회담 후 전투기 공장 방문"),
        ("zh", "普京会见金正恩", "金正恩会见普京后参观战机工厂"),
        ("ja", "金正恩氏とプーチン氏が会談", "金正恩氏、プーチン氏と会談後に工場訪問"),
    ],
)
def test_of_one_topic_what_came_after_a_meeting_is_another_story(
    language: str, before: str, after: str
) -> None:
    early, late = signed(before, language, lists=KIM), signed(after, language, hours=9, lists=KIM)
    assert unless_parted(0.999, early, late) < 0.3
    assert watched_chance(late, early, overlap(late, early)) < 0.5


def test_a_body_that_says_after_tells_of_the_event_itself() -> None:
    entry = Entry("x", "", NOON, "After five hours the talks of Putin and Kim are at an end.")
    assert sign(entry, Reading("en", (), ())).acts.done == {"meet"}


@given(
    st.floats(0, 1),
    st.sampled_from(["Kim to meet Putin", "Kim meets Putin", "Kim meets Xi", "Fire in Bonn"]),
    st.sampled_from(["Kim to meet Putin", "After meeting Putin, Kim meets Xi", "Fire in Bern"]),
)
def test_what_parts_only_lessens_a_chance_whoever_is_asked(chance: float, a: str, b: str) -> None:
    one, other = signed(a, lists=KIM), signed(b, hours=1, lists=KIM)
    assert 0 <= unless_parted(chance, one, other) <= chance
    assert unless_parted(chance, one, other) == unless_parted(chance, other, one)


def test_a_meeting_is_not_told_again_by_what_came_after_it() -> None:
    after = signed("Putin leaves Pyongyang after talks with Kim", lists=KIM)
    during = signed("Putin and Kim hold talks in Pyongyang", lists=KIM)
    late = signed("Путин и Ким провели переговоры в Пхеньяне", "ru", 1, lists=KIM)
    assert echoes(late, during, 0.9)
    assert not echoes(late, after, 0.9)
    met = signed("Путин и Ким провели переговоры в Пхеньяне", "ru", lists=KIM)
    left = signed("Putin leaves Pyongyang after talks with Kim", hours=1, lists=KIM)
    assert not echoes(left, met, 0.9)
