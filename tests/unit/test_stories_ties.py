"""What ties two reports of one topic beside the topic: names that are heard, acts, cities."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from story_values import signed

from watcher.config import Settings
from watcher.model import Entry, Relation
from watcher.stories.assign import assign
from watcher.stories.places import name_other_cities
from watcher.stories.signature import Member, Signature, sign
from watcher.stories.watched import sounds_alike
from watcher.topics.watchlist import Watchlist

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
WINDOW = timedelta(hours=72)
LISTS: dict[str, object] = {
    "entities": {
        "putin": {"names": ["Putin", "Путин"]},
        "ukraine": {"country": "UA", "names": ["Kharkiv", "Odesa", "Odessa", "Одесса"]},
    },
    "words": {
        "shock": {"en": ["earthquake*"], "id": ["gempa*"], "ru": ["землетрясени*"]},
        "strike": {"en": ["strike*"], "de": ["angriff*"], "ru": ["удар*"]},
        "aircraft": {"en": ["plane*"]},
        "crash": {"en": ["crash*"]},
        "travel": {"en": ["arrives"], "ru": ["прилетел"]},
    },
}
MATCHES = {
    "quakes": "shock",
    "crashes": "aircraft AND crash",
    "visit": "travel AND putin",
    "strikes": "strike AND ukraine",
}
Told = tuple[str, str]


@cache
def watchlist(topic: str) -> Watchlist:
    tables = [{"id": topic, "match": MATCHES[topic]}]
    return Watchlist(Settings.model_validate({**LISTS, "topics": tables}))


def read(topic: str, told: Told, hours: float = 0) -> Signature:
    language, title = told
    entry = Entry("x", title, NOON + timedelta(hours=hours), outlet=title, language=language)
    return sign(entry, watchlist(topic).read(entry))


def relation(topic: str, early: Told, late: Told, *, hours: float) -> Relation:
    """Return how the later of two relates to the earlier."""
    known = [Member(1, 1, read(topic, early))]
    return assign(read(topic, late, hours), known, window=WINDOW).relation


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        pytest.param("Землетрясение в Музаффарабаде", Relation.SAME, id="one city"),
        pytest.param("Землетрясение в Исламабаде", Relation.NEW, id="another city"),
        pytest.param("Землетрясение на северо-западе", Relation.NEW, id="no name"),
    ],
)
def test_a_name_that_nobody_listed_joins_two_scripts_of_a_topic(
    late: str, expected: Relation
) -> None:
    early = ("en", "Earthquake shakes Muzaffarabad")
    assert relation("quakes", early, ("ru", late), hours=3) is expected


def test_the_names_that_a_topic_asks_for_are_heard_in_vain() -> None:
    title = "Putin arrives in Vladivostok"
    early = read("visit", ("en", title))

    assert sounds_alike(early, signed("Владивосток: самолёт сел", "ru")) > 0
    assert sounds_alike(early, signed("Путин подписал указ", "ru")) == 0
    assert sounds_alike(signed(title), signed("Путин подписал указ", "ru")) > 0


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Minister warns of earthquake damage", "Gempa: BMKG memperingatkan warga"),
        ("Man arrested over earthquake hoax", "Penjual alat gempa ditangkap"),
        ("Earthquake kills farmers", "Gempa tewaskan tiga petani di Lembata"),
    ],
)
def test_of_a_broad_topic_one_act_alone_joins_no_two_reports(early: str, late: str) -> None:
    assert relation("quakes", ("en", early), ("id", late), hours=0.5) is Relation.NEW


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Earthquake in Turkey kills farmers", "Gempa Turki tewaskan tiga petani"),
        ("Earthquake kills 212 farmers", "Gempa tewaskan 212 petani"),
    ],
)
def test_an_act_beside_a_name_or_a_figure_of_a_broad_topic_joins(early: str, late: str) -> None:
    assert relation("quakes", ("en", early), ("id", late), hours=3) is Relation.SAME


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (("ru", "Удар по городу Одесса: трое погибших"), Relation.NEW),
        (("de", "Angriff auf Odessa in der Ukraine: drei Tote"), Relation.NEW),
        (("de", "Angriff auf Kharkiv in der Ukraine: drei Tote"), Relation.SAME),
        (("de", "Angriff in der Ukraine: drei Tote"), Relation.SAME),
    ],
)
def test_strikes_on_two_cities_of_one_country_are_two_stories(
    late: Told, expected: Relation
) -> None:
    early = ("en", "Strike on Kharkiv kills three, Ukraine says")
    assert relation("strikes", early, late, hours=5) is expected


def test_where_a_government_sits_is_no_other_city() -> None:
    early, late = ("en", "Kyiv hails strike on Kursk"), ("de", "Angriff auf Kursk, sagt Kyiv")
    kursk = frozenset({"kursk"})

    assert not name_other_cities(frozenset({"kyiv"}), kursk)
    assert name_other_cities(frozenset({"odesa", "ukraine"}), kursk)
    assert relation("strikes", early, late, hours=2) is Relation.SAME


@pytest.mark.parametrize(
    ("topic", "early", "late"),
    [
        (
            "crashes",
            "Plane carrying passengers and crew members crashes in Kazakhstan",
            (
                "Plane carrying passengers, crew members crashes after driving off runway in "
                "South Korea"
            ),
        ),
        (
            "quakes",
            "Hundreds dead, rescuers dig for survivors after earthquake in Morocco",
            "Rescuers dig with bare hands for survivors of Afghanistan earthquake",
        ),
        (
            "strikes",
            "Strike on Kharkiv, Ukraine: rescuers pull survivors from rubble",
            "Rescuers pull survivors from the rubble after strike on Odesa, Ukraine",
        ),
    ],
)
def test_the_words_of_disasters_join_no_two_in_other_places(
    topic: str, early: str, late: str
) -> None:
    assert relation(topic, ("en", early), ("en", late), hours=60) is Relation.NEW


def test_the_words_of_a_disaster_join_what_counts_the_same_there() -> None:
    early = "Plane with 181 passengers and crew crashes near airport in South Korea"
    late = "Plane with 181 passengers and crew crashes near airport, Thailand says"
    assert relation("crashes", ("en", early), ("en", late), hours=5) is Relation.SAME


@pytest.mark.parametrize(
    ("late", "hours", "expected"),
    [
        ("Morocco earthquake death toll rises to 2,012", 16, Relation.SAME),
        ("Morocco earthquake death toll falls to 212", 16, Relation.NEW),
        ("Afghanistan earthquake death toll rises to 2,012", 16, Relation.NEW),
        ("Morocco and Spain count 2,012 dead of quakes in Spain", 16, Relation.NEW),
    ],
)
def test_a_toll_that_rises_joins_two_languages(late: str, hours: float, expected: Relation) -> None:
    early = ("id", "Gempa Maroko: 820 orang tewas")
    assert relation("quakes", early, ("en", late), hours=hours) is expected


@pytest.mark.parametrize("minutes", [5, 180])
@pytest.mark.parametrize("city", ["Seoul", "Moscow", "Jakarta"])
def test_the_same_words_of_another_city_are_another_event(city: str, minutes: int) -> None:
    told = "Earthquake near {} shakes homes, people run into the streets"
    early, late = ("en", told.format("Tokyo")), ("en", told.format(city))
    assert relation("quakes", early, late, hours=minutes / 60) is Relation.NEW
