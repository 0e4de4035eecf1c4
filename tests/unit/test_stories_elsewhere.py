"""One event is told of a city and of its country; the same words of two places are two events."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from watcher.config import Settings
from watcher.data_files import read_table
from watcher.model import Entry, Relation
from watcher.stories.assign import assign
from watcher.stories.cast import is_actor, is_country, members, with_countries
from watcher.stories.elsewhere import are_elsewhere
from watcher.stories.places import cities, lie_together, seats
from watcher.stories.signature import Member, Signature, sign
from watcher.topics.watchlist import Watchlist

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
WINDOW = timedelta(hours=72)
#: A topic that asks for a word in each language, and for no place.
WORDS: dict[str, dict[str, list[str]]] = {
    "peril": {
        "ar": ["انفجار"],
        "de": ["Drohnen", "Fähre", "Geiseln"],
        "en": ["ferry", "hostages", "missile", "plane", "strike", "tanker", "ship", "fire"],
        "es": ["incendio", "barco"],
        "fr": ["incendie"],
        "id": ["kebakaran", "rudal"],
        "ja": ["ホテル", "旅客機"],
        "ko": ["화재"],
        "ru": ["пожар*", "самолет*", "удар*"],
        "tr": ["yangın*"],
        "zh": ["火灾"],
    },
    "summit": {"en": ["talks"], "ru": ["встре*"], "uk": ["зустріти*"], "ko": ["회담*"]},
}


@cache
def watchlist() -> Watchlist:
    topics = [{"id": name, "match": name} for name in WORDS]
    return Watchlist(Settings.model_validate({"words": WORDS, "topics": topics}))


def read(language: str, title: str, minutes: float = 0) -> Signature:
    time = NOON + timedelta(minutes=minutes)
    entry = Entry("x", title, time, outlet=title, language=language)
    return sign(entry, watchlist().read(entry))


def relation(language: str, early: str, late: str, minutes: float = 40) -> Relation:
    known = [Member(1, 1, read(language, early))]
    return assign(read(language, late, minutes), known, window=WINDOW).relation


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        pytest.param(
            "en",
            "Ferry fire in Istanbul leaves passengers trapped on deck",
            "Ferry fire leaves passengers trapped on deck in Turkey",
            id="en",
        ),
        pytest.param(
            "en",
            "Fire breaks out at Louvre, visitors evacuated",
            "Fire breaks out at Paris museum, visitors evacuated",
            id="en, a house in a city",
        ),
        pytest.param(
            "de",
            "Drohnen treffen Wohnhaus in Charkiw",
            "Ukraine: Drohnen treffen Wohnhaus",
            id="de, before a colon",
        ),
        pytest.param(
            "fr",
            "Incendie dans un immeuble à Paris, plusieurs blessés",
            "France : incendie dans un immeuble, plusieurs blessés",
            id="fr",
        ),
        pytest.param(
            "es",
            "Incendio en un edificio de Nueva York deja vecinos atrapados",
            "Incendio en un edificio de Estados Unidos deja vecinos atrapados",
            id="es",
        ),
        pytest.param(
            "ru",
            "Пожар в порту Одессы после атаки дронов",
            "Пожар в порту на Украине после атаки дронов",
            id="ru",
        ),
        pytest.param(
            "tr",
            "İstanbul'da yolcu feribotunda yangın çıktı",
            "Türkiye'de yolcu feribotunda yangın çıktı",
            id="tr",
        ),
        pytest.param(
            "ar",
            "انفجار في مرفأ بيروت وسقوط جرحى",
            "انفجار في مرفأ في لبنان وسقوط جرحى",
            id="ar",
        ),
        pytest.param(
            "zh", "上海一座商场发生火灾 多人被困", "中国一座商场发生火灾 多人被困", id="zh"
        ),
        pytest.param("ko", "부산 어선 화재, 선원 실종", "한국 어선 화재, 선원 실종", id="ko"),
    ],
)
def test_a_city_and_its_country_are_one_place(language: str, early: str, late: str) -> None:
    assert relation(language, early, late) is Relation.SAME


@pytest.mark.parametrize(
    ("early", "late"),
    [
        pytest.param(
            "Tanker seized near Strait of Hormuz with 20 crew",
            "Iran seizes tanker with 20 crew",
            id="a strait",
        ),
        pytest.param(
            "Cargo ship hit by missile in Red Sea, crew abandon vessel",
            "Crew abandon cargo ship hit by missile off Yemen",
            id="a sea",
        ),
        pytest.param(
            "Three hostages freed in Gaza", "Three freed hostages arrive in Israel", id="a border"
        ),
        pytest.param(
            "Three hostages freed in Gaza", "Three hostages released by Hamas", id="whose it is"
        ),
    ],
)
def test_a_sea_and_a_border_lie_in_several_countries(early: str, late: str) -> None:
    assert relation("en", early, late) is Relation.SAME


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        pytest.param(
            "en",
            "North Korea fires ballistic missile",
            "Japan says ballistic missile has fallen outside its waters",
            id="en",
        ),
        pytest.param(
            "id",
            "Korea Utara luncurkan rudal balistik",
            "Jepang sebut rudal balistik jatuh di luar perairannya",
            id="id",
        ),
        pytest.param(
            "en",
            "Brussels: strike on Kharkiv hospital is a war crime",
            "Strike on Ukraine hospital: patients trapped",
            id="en, a colon",
        ),
    ],
)
def test_who_speaks_is_no_place(language: str, early: str, late: str) -> None:
    assert not are_elsewhere(read(language, early), read(language, late))


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        pytest.param(
            "en",
            "Seoul says Kim and Putin likely to hold talks soon",
            "Kim Jong Un may hold talks with Putin in Russia",
            id="en",
        ),
        pytest.param(
            "ru",
            "США: Ким Чен Ын и Путин могут встретиться",
            "Ким Чен Ын может встретиться с Путиным в России",
            id="ru",
        ),
        pytest.param(
            "uk",
            "США: Кім Чен Ин і Путін можуть зустрітися",
            "Кім Чен Ин може зустрітися з Путіним у Росії",
            id="uk",
        ),
        pytest.param(
            "ko",
            '미국 "김정은·푸틴 회담 가능성"',
            "김정은, 러시아서 푸틴과 회담할 듯",
            id="ko",
        ),
    ],
)
def test_two_people_who_meet_are_not_elsewhere_for_a_country(
    language: str, early: str, late: str
) -> None:
    assert not are_elsewhere(read(language, early), read(language, late))


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        pytest.param(
            "en",
            "Drone strike hits hospital courtyard in Odesa",
            "Russian drone strike hits hospital courtyard",
            id="en",
        ),
        pytest.param(
            "ru", "Удар дронов по больнице в Ливане", "Удар израильских дронов по больнице", id="ru"
        ),
    ],
)
def test_who_strikes_is_not_where_it_strikes(language: str, early: str, late: str) -> None:
    assert not are_elsewhere(read(language, early), read(language, late))


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        pytest.param(
            "en",
            "Azerbaijani passenger plane crashes with 67 on board",
            "Passenger plane crashes near Aktau in Kazakhstan with 67 on board",
            id="en",
        ),
        pytest.param(
            "ru",
            "Азербайджанский самолет разбился с 67 людьми на борту",
            "Пассажирский самолет разбился в Казахстане, на борту 67 человек",
            id="ru",
        ),
        pytest.param(
            "es",
            "Barco panameño se hunde frente a las costas con 14 tripulantes",
            "Se hunde un barco frente a las costas de España con 14 tripulantes",
            id="es",
        ),
    ],
)
def test_a_flag_is_no_place_where_a_count_ties(language: str, early: str, late: str) -> None:
    assert relation(language, early, late) is Relation.SAME


@pytest.mark.parametrize(
    ("language", "told", "places"),
    [
        pytest.param(
            "en",
            "Ferry fire near {}, passengers jump overboard",
            ["Tokyo", "Jakarta", "Seoul", "Istanbul", "London", "Kyiv", "Shanghai", "Beirut"],
            id="en, eight capitals and ports",
        ),
        pytest.param(
            "en",
            "Strike on {}: rescuers pull survivors from rubble",
            ["Kyiv", "Odesa", "Kharkiv", "Beirut"],
            id="en, strikes on cities",
        ),
        pytest.param(
            "ru",
            "Удар дронов по {}, горит жилой дом",
            ["Киеву", "Одессе", "Харькову"],
            id="ru, a capital and cities of its country",
        ),
        pytest.param(
            "id",
            "Kebakaran hotel di {}, tamu terjebak",
            ["Jakarta", "Tokyo", "Seoul", "Turki", "Chile"],
            id="id",
        ),
        pytest.param(
            "ja",
            "{}で旅客機が緊急着陸、乗客けが",
            ["東京", "沖縄", "韓国", "ロンドン"],
            id="ja",
        ),
        pytest.param(
            "tr",
            "{} otelde yangın çıktı, mahsur kalanlar var",
            ["İstanbul'da", "Tokyo'da", "Hindistan'da", "Şili'de"],
            id="tr",
        ),
    ],
)
def test_the_same_words_of_another_place_are_another_story(
    language: str, told: str, places: list[str]
) -> None:
    known: list[Member] = []
    for number, place in enumerate(places):
        entry = read(language, told.format(place), minutes=7 * number)
        assert assign(entry, known, window=WINDOW).relation is Relation.NEW
        known.append(Member(number, number, entry))


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Bus crash in Peru kills 20", "Bus crash in Egypt kills 20"),
        ("Bus crash in Peru kills 20", "20 dead as bus plunges into ravine in Egypt"),
    ],
)
def test_one_count_makes_no_crash_of_two_that_are_marked_elsewhere(early: str, late: str) -> None:
    assert are_elsewhere(read("en", early), read("en", late))
    assert are_elsewhere(read("en", late), read("en", early))


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("en", "Bus crash in Hong Kong kills 20", "Bus crash in China kills 20"),
        ("en", "Bus crash in Puerto Rico kills 20", "Bus crash in United States kills 20"),
        ("fr", "Accident de bus à La Réunion : 12 morts", "Accident de bus en France : 12 morts"),
        ("es", "Accidente de autobús en Canarias: 12 muertos", "12 muertos en España: accidente"),
        ("en", "Bus crash in Kosovo kills 20", "Bus crash in Serbia kills 20"),
    ],
)
def test_what_happens_in_a_land_of_a_country_happens_in_both(
    language: str, early: str, late: str
) -> None:
    assert not are_elsewhere(read(language, early), read(language, late))
    assert not are_elsewhere(read(language, late), read(language, early))


def test_two_lands_of_one_country_are_two_places() -> None:
    titles = ("Bus crash in Hong Kong kills 20", "Bus crash in Macao kills 20")
    assert are_elsewhere(*(read("en", title) for title in titles))


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("ar", "غرق قارب في تونس: 20 قتيلا", "غرق قارب في إيطاليا: 20 قتيلا"),
        ("de", "Boot vor Tunesien gesunken: 20 Tote", "Fähre vor Italien gesunken: 20 Tote"),
        ("en", "Boat sinks off Tunisia, 20 dead", "Boat sinks off Italy, 20 dead"),
        ("en", "Ferry sinks off Yemen, 20 dead", "Ferry sinks off Djibouti, 20 dead"),
        ("es", "Se hunde bote en Túnez: 20 muertos", "Se hunde bote en Italia: 20 muertos"),
        ("fr", "Naufrage d'un bateau en Tunisie : 20 morts", "Naufrage en Italie : 20 morts"),
        ("id", "Kapal tenggelam di Tunisia, 20 tewas", "Kapal tenggelam di Italia, 20 tewas"),
        ("ja", "チュニジアで漁船沈没、20人死亡", "イタリアで漁船沈没、20人死亡"),
        ("ko", "튀니지에서 여객선 침몰 20명 사망", "이탈리아에서 여객선 침몰 20명 사망"),
        ("ru", "Лодка затонула в Тунисе: 20 погибших", "Лодка затонула в Италии: 20 погибших"),
    ],
)
def test_a_count_may_tie_boats_of_two_coasts(language: str, early: str, late: str) -> None:
    assert not are_elsewhere(read(language, early), read(language, late))


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Kyiv says drone attack hits depot", "Moscow says drone attack hits depot"),
        (
            "Plane flown from Baku crashes with 67 on board",
            "Plane crashes in Russia with 67 aboard",
        ),
        ("Bus crash near Zambia border kills 18", "Bus crash in Zimbabwe kills 18"),
        ("Iran launches missile", "Missile lands off Yemen"),
        ("Iran targeted by sanctions over missile", "US imposes sanctions over missile"),
        ("Strike on hospital by Israel", "Strike on hospital in Lebanon"),
        ("Earthquake of magnitude 6.3 hits Iran", "Earthquake of magnitude 6.3 hits Iraq"),
        ("Japan detects missile launch", "South Korea detects missile launch"),
    ],
)
def test_two_who_tell_of_one_event_are_not_elsewhere(early: str, late: str) -> None:
    assert not are_elsewhere(read("en", early), read("en", late))


def test_every_place_of_the_table_is_known_and_lies_in_a_country() -> None:
    lands = set(read_table("stories", "places.toml")["lands"])
    assert cities() | lands <= members()
    assert with_countries(frozenset(seats())) <= members()
    assert not any(map(is_actor, cities()))
    for city in cities() | lands:
        countries = [one for one in members() if is_country(one)]
        assert any(lie_together(frozenset({city}), frozenset({one})) for one in countries)


def test_a_house_in_a_city_lies_in_its_country_too() -> None:
    louvre = frozenset({"louvre"})
    assert lie_together(louvre, frozenset({"paris"}))
    assert lie_together(frozenset({"FR"}), louvre)
    assert not lie_together(louvre, frozenset({"berlin"}))
