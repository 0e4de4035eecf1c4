"""What two entries name alike: figures, days, measures, people, tolls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_values import signed

from watcher.stories.facts import counts_on, in_other_measures, updates_toll

EARLY = "Floods kill at least 51 in Spain"


@pytest.mark.parametrize(
    ("title", "hours", "is_update"),
    [
        pytest.param("Spain floods: death toll rises to 158", 5, True, id="more dead"),
        pytest.param("Spain floods: death toll put at 45", 5, False, id="fewer"),
        pytest.param("Spain floods: death toll rises", 5, False, id="no count"),
        pytest.param("Chile floods: death toll rises to 158", 5, False, id="of others"),
        pytest.param("Spain floods: army sends 158 soldiers", 5, False, id="no victims"),
        pytest.param("Spain floods: dead are worth 158 dollars", 5, False, id="an amount"),
    ],
)
def test_a_toll_is_updated_by_a_later_and_higher_one_of_the_same_people(
    title: str, hours: float, is_update: bool
) -> None:
    assert updates_toll(signed(title, hours=hours), signed(EARLY)) is is_update


@given(st.text(), st.text())
def test_no_two_tolls_update_each_other(a: str, b: str) -> None:
    assert not (updates_toll(signed(a), signed(b)) and updates_toll(signed(b), signed(a)))


def test_a_magnitude_is_a_measure_though_it_is_whole() -> None:
    assert in_other_measures(
        signed("Gempa M 5,0 guncang Maluku"), signed("Gempa M 6,1 guncang Maluku")
    )


@pytest.mark.parametrize(("magnitude", "is_other"), [("6.9", True), ("5.2", False)])
def test_where_a_title_measures_nothing_its_summary_does(magnitude: str, is_other: bool) -> None:
    shaken = "shook the whole island, and people ran out into the streets"
    summary = f"A quake of magnitude {magnitude} {shaken}."
    bare = signed("Second quake shakes Leyte", summary=summary)
    measured = signed("Gempa M 5,0 guncang Leyte", summary=summary)

    assert in_other_measures(bare, signed("Gempa M 5,1 guncang Leyte")) is is_other
    assert not in_other_measures(measured, signed("Gempa M 5,1 guncang Leyte"))


REST = ", as it was told on Monday by several people who had been there, and by an agency."


@pytest.mark.parametrize(
    ("language", "title", "summary"),
    [
        ("en", "Quake hits Leyte", "A 6.9-magnitude earthquake struck"),
        ("de", "Erdbeben auf Leyte", "Ein Erdbeben der Stärke 6,9 hat sich ereignet"),
        ("id", "Gempa guncang Leyte", "Gempa berkekuatan 6,9 mengguncang pulau itu"),
        ("tr", "Leyte'de deprem", "Adada 6,9 büyüklüğünde deprem oldu"),
        ("ru", "Землетрясение на Лейте", "Магнитуда составила 6,9"),
        ("zh", "莱特岛发生地震", "该岛周二发生6.9级地震"),
        ("vi", "Động đất ở Leyte", "Trận động đất có độ lớn 6,9 xảy ra trên đảo"),
        ("es", "Terremoto en Leyte", "Un terremoto de 6,9 grados sacudió la isla"),
        ("ar", "زلزال يضرب ليتي", "زلزال بلغت قوته 6.9 درجة ضرب الجزيرة"),
        ("ja", "レイテ島で地震", "レイテ島でM6.9の地震があった"),
        ("ko", "레이테섬 지진", "이 섬에서 규모 6.9의 지진이 발생했다"),
    ],
)
def test_a_summary_calls_its_magnitude_so_in_many_languages(
    language: str, title: str, summary: str
) -> None:
    late = signed(title, language, summary=summary + REST)

    assert in_other_measures(late, signed("M5.1 quake hits Leyte"))
    assert not in_other_measures(late, signed("M7.0 quake hits Leyte"))


@pytest.mark.parametrize(
    ("title", "early", "late"),
    [
        pytest.param(
            "Gempa guncang Cianjur", "pukul 4.30 WIB, kata warga", "pukul 5.45 WIB", id="an hour"
        ),
        pytest.param("Quake hits Leyte", "2.4 km off", "8.1 km off the coast", id="a distance"),
        pytest.param(
            "Quake hits Leyte", "6.2 miles under more than 1.2 million people", "5.1 m", id="m"
        ),
        pytest.param("Quake hits Leyte", "a magnitude 6.9 quake", "4.5 years ago", id="years"),
        pytest.param(
            "Court jails minister", "a magnitude 3.1 theft", "a magnitude 6.5 theft", id="no quake"
        ),
    ],
)
def test_no_other_fraction_of_a_summary_is_a_magnitude(title: str, early: str, late: str) -> None:
    a, b = signed(title, summary=early + REST), signed(title, summary=late + REST)
    assert not in_other_measures(a, b)


@pytest.mark.parametrize(
    ("early", "late", "counts"),
    [
        pytest.param(
            ("en", "Bus plunges into ravine in India, 10 killed"),
            ("en", "Helicopter crashes in India, 15 killed"),
            False,
            id="en, a bus and a helicopter",
        ),
        pytest.param(
            ("en", "Plane crash kills 3 in US"),
            ("en", "Train hits truck in US, 4 dead in crash"),
            False,
            id="en, a plane and a train",
        ),
        pytest.param(
            ("id", "Kecelakaan bus di India, 10 tewas"),
            ("ja", "インドの工場で爆発、14人死亡"),
            False,
            id="id and ja",
        ),
        pytest.param(
            ("zh", "印度大巴坠谷事故10人死亡"),
            ("zh", "印度工厂爆炸14人死亡"),
            False,
            id="zh",
        ),
        pytest.param(
            ("en", "Flood kills 12 in India"),
            ("en", "Landslide kills 17 in India"),
            False,
            id="a flood and a landslide",
        ),
        pytest.param(
            ("ko", "무안 여객기 사고, 85명 사망 한국"),
            ("ja", "韓国旅客機事故、死者179人に"),
            True,
            id="one plane",
        ),
        pytest.param(
            ("zh", "香港大楼火灾36人死亡"),
            ("en", "Hong Kong high-rise fire toll rises to 94 dead"),
            True,
            id="one fire",
        ),
        pytest.param(
            ("id", "Gempa Maroko: 820 orang tewas"),
            ("en", "Morocco: death toll of quake rises to 2,012"),
            True,
            id="one quake",
        ),
        pytest.param(
            ("en", "Bus plunges into gorge in Peru, 18 dead"),
            ("es", "Sube a 24 muertos el accidente de autobús en Perú"),
            True,
            id="a toll that is said to rise",
        ),
        pytest.param(
            ("en", "Bus plunges into gorge in Peru, 18 dead"),
            ("en", "Death toll of Peru plane crash rises to 24"),
            False,
            id="a toll that is said to rise, of another",
        ),
    ],
)
def test_a_toll_counts_on_that_of_one_accident(
    early: tuple[str, str], late: tuple[str, str], counts: bool
) -> None:
    a, b = signed(early[1], early[0]), signed(late[1], late[0], hours=20)
    assert counts_on(a, b) == counts_on(b, a) == counts
