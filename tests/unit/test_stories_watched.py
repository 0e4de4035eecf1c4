"""Entries of one topic: what they share by matching alone joins no two events."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from watcher.config import Settings
from watcher.model import Assignment, Entry, Relation
from watcher.stories.archive import MemoryArchive
from watcher.stories.assign import assign
from watcher.stories.facts import in_other_casts, in_other_measures, shares_figure
from watcher.stories.features import overlap
from watcher.stories.signature import Member, Signature, sign
from watcher.stories.watched import list_overlap
from watcher.topics.watchlist import Watchlist

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
WINDOW = timedelta(hours=72)

ENTITIES: dict[str, object] = {
    "indonesia": {"country": "ID", "names": ["Palu", "Mentawai", "Sumatra", "Sulawesi", "Ambon"]},
    "mali": {"country": "ML", "names": ["Bamako"]},
    "niger": {"country": "NE", "names": ["Niamey"]},
    "palu": {"names": ["Palu"]},
    "lombok": {"names": ["Lombok"]},
    "turkey": {"names": ["Turkey"]},
    "egypt": {"names": ["Egypt"]},
    "sea": {"names": ["Red Sea"]},
    "rebels": {"names": ["Houthis"]},
    "kim": {"names": ["Kim Jong Un"], "short": ["Kim"]},
    "putin": {"names": ["Putin"]},
    "tannos": {"names": ["Paulus Tannos"], "short": ["Tannos"]},
}
WORDS: dict[str, object] = {
    "shock": {"en": ["earthquake*", "quake*"], "id": ["gempa*"], "ru": ["землетрясени*"]},
    "coup": {"en": ["coup", "putsch"], "fr": ["coup d'état"], "id": ["kudeta"]},
    "court": {"en": ["court", "hearing"], "id": ["sidang", "pengadilan"]},
    "attack": {"en": ["bombing*"]},
    "side": {"id": ["Utara"], "en": ["North*"]},
    "house": {"id": ["rumah"], "en": ["house*"]},
    "vessel": {"en": ["tanker*"]},
    "travel": {"en": ["arrives", "flies"]},
}
MATCHES = {
    "quake": "shock AND indonesia",
    "niger": "coup AND niger",
    "coup": "coup NEAR (mali OR niger)",
    "tannos": "tannos AND (court OR indonesia)",
    "words": '"earthquake" OR "quake"',
    "damage": "shock AND indonesia AND (house OR NOT house)",
    "sides": "side AND court",
    "provinces": "shock AND (palu OR lombok)",
    "countries": "shock AND (turkey OR egypt)",
    "visit": "travel AND (kim OR putin)",
    "ships": "vessel AND (sea OR rebels)",
    "either": "(shock OR attack) AND indonesia",
    "anywhere": "shock",
}


@cache
def watchlist(*topics: str) -> Watchlist:
    tables = [{"id": topic, "match": MATCHES[topic]} for topic in topics]
    lists = {"entities": ENTITIES, "words": WORDS, "topics": tables}
    return Watchlist(Settings.model_validate(lists))


Told = tuple[str, str]


def replay(topic: str, told: Sequence[Told], *, hours: float = 2) -> list[Assignment]:
    """Assign headlines of some languages, each some hours after the one before."""
    archive, made = MemoryArchive(), []
    for number, (language, title) in enumerate(told):
        time = NOON + number * timedelta(hours=hours)
        entry = Entry(str(number), title, time, outlet=str(number), language=language)
        signature = sign(entry, watchlist(topic).read(entry))
        decision = assign(signature, archive.candidates(signature, time - WINDOW), window=WINDOW)
        archive.add(number, number if decision.story is None else decision.story, signature)
        made.append(decision)
    return made


def story(topic: str, early: Told, late: Told, *, hours: float = 2) -> Relation:
    """Return how the later of two relates to the earlier."""
    return replay(topic, [early, late], hours=hours)[1].relation


@pytest.mark.parametrize(
    ("early", "late"),
    [
        pytest.param(
            ("en", "Strong earthquake rattles Sumatra"),
            ("id", "Gempa besar di Ambon, rumah rusak"),
            id="Indonesian",
        ),
        pytest.param(
            ("id", "Gempa Dangkal Guncang Mentawai"),
            ("ru", "Землетрясение на Сулавеси"),
            id="Russian",
        ),
    ],
)
def test_the_act_that_a_topic_is_about_joins_no_two_events(early: Told, late: Told) -> None:
    assert story("quake", early, late, hours=5) is Relation.NEW


@pytest.mark.parametrize(
    ("topic", "title", "acts"),
    [
        ("quake", "Earthquake near Ambon: hundreds flee", {"quake"}),
        ("words", "Earthquake alarm fails as quake damages temples", {"quake"}),
        ("either", "Quake rattles Ambon", {"quake"}),
        ("either", "Quake rattles Ambon after bombing of a market", set()),
        ("tannos", "Tannos faces court after quake in Singapore", set()),
    ],
)
def test_an_act_is_given_where_a_topic_could_not_have_matched_without_its_words(
    topic: str, title: str, acts: set[str]
) -> None:
    entry = Entry("1", title, NOON, language="en")
    assert sign(entry, watchlist(topic).read(entry)).given_acts == acts


def test_an_act_beside_the_one_that_a_topic_is_about_still_joins() -> None:
    early = ("en", "Mali junta leader resigns after coup")
    late = ("id", "Pemimpin Mali mundur usai kudeta")
    assert story("coup", early, late, hours=1) is not Relation.NEW


def test_a_country_that_a_topic_does_not_ask_for_joins_reports_in_two_languages() -> None:
    early = ("en", "Strong earthquake shakes Mozambique")
    late = ("ru", "Землетрясение в Мозамбике")
    assert story("anywhere", early, late, hours=3) is Relation.SAME


@pytest.mark.parametrize(("hours", "relation"), [(2, Relation.SAME), (10, Relation.NEW)])
def test_a_place_alone_joins_no_two_languages_of_a_topic_hours_later(
    hours: float, relation: Relation
) -> None:
    early = ("en", "Strong earthquake shakes Jakarta")
    late = ("id", "Gempa mengguncang Jakarta")
    assert story("anywhere", early, late, hours=hours) is relation


def test_a_country_that_every_report_of_a_topic_names_joins_no_two_events() -> None:
    early = ("en", "Niger coup: borders are closed")
    late = ("fr", "Niger, le coup d'État divise")
    assert story("niger", early, late, hours=20) is Relation.NEW


@pytest.mark.parametrize(
    ("late", "relation"),
    [
        pytest.param("Gempa tewaskan tiga orang di Lembata", Relation.NEW, id="elsewhere"),
        pytest.param("Gempa Mozambik tewaskan tiga orang", Relation.SAME, id="the same country"),
    ],
)
def test_of_events_anywhere_harm_alone_joins_no_two_languages(
    late: str, relation: Relation
) -> None:
    early = ("en", "Earthquake in Mozambique kills farmers")
    assert story("anywhere", early, ("id", late), hours=3) is relation
    assert (
        story("anywhere", ("en", "Earthquake kills farmers"), ("id", late), hours=3) is Relation.NEW
    )


def test_two_that_name_other_entities_of_their_topic_tell_of_two_events() -> None:
    early, late = ("en", "Strong earthquake shakes Palu"), ("id", "Gempa kuat guncang Lombok")
    assert story("provinces", early, late, hours=0.5) is Relation.NEW
    both = ("id", "Gempa kuat guncang Lombok dan Palu")
    assert story("provinces", early, both, hours=0.5) is not Relation.NEW


@pytest.mark.parametrize("hours", [0.3, 2])
def test_countries_are_two_events_though_they_are_told_at_once(hours: float) -> None:
    early, late = ("en", "Earthquake shakes Turkey"), ("en", "Earthquake shakes Egypt")
    assert story("countries", early, late, hours=hours) is Relation.NEW


def test_who_does_it_and_where_it_is_done_are_no_rivals_at_once() -> None:
    early, late = ("en", "Tanker attacked in Red Sea"), ("en", "Houthis attack tanker")
    assert story("ships", early, late, hours=0.3) is not Relation.NEW


def test_two_who_are_at_one_place_are_no_rivals_at_once() -> None:
    early, late = ("en", "Kim arrives in Vladivostok"), ("en", "Putin flies to Vladivostok")
    assert story("visit", early, late, hours=0.3) is not Relation.NEW


def test_a_figure_still_joins_two_reports_of_one_quake() -> None:
    early = ("id", "Gempa Palu: 140 tewas")
    late = ("en", "Earthquake kills 140 on Sulawesi")
    assert story("quake", early, late) is not Relation.NEW


def test_a_topic_of_bare_words_still_joins_one_event() -> None:
    early = ("en", "Earthquake kills 140 in Valparaiso")
    late = ("en", "Valparaiso quake: at least 140 dead")
    assert story("words", early, late) is not Relation.NEW


@pytest.mark.parametrize(
    ("first", "abroad", "again"),
    [
        pytest.param(
            ("en", "Singapore court orders extradition of Paulus Tannos"),
            ("id", "Pengadilan Singapura perintahkan ekstradisi Paulus Tannos"),
            ("en", "Singapore court orders extradition of fugitive Paulus Tannos, lawyer says no"),
            id="a fugitive",
        ),
        pytest.param(
            ("en", "Earthquake kills 140 on Sulawesi, hospitals full"),
            ("id", "Gempa Sulawesi: 140 tewas"),
            ("en", "Sulawesi earthquake kills 140, hospitals full, not enough doctors"),
            id="a quake",
        ),
    ],
)
def test_a_reason_speaks_of_the_report_that_is_nearest_in_its_own_language(
    first: Told, abroad: Told, again: Told
) -> None:
    topic = "tannos" if "Tannos" in first[1] else "quake"
    made = replay(topic, [first, abroad, again])
    assert made[2].story == made[1].story == 0
    assert "another language" not in made[2].reason


@pytest.mark.parametrize(
    ("early", "late", "agree"),
    [
        pytest.param(
            "Earthquake in North Sulawesi", "Gempa di Sumatra Utara", 0.0, id="another's list"
        ),
        pytest.param(
            "Earthquake in North Sulawesi ruins houses",
            "Gempa Palu: rumah rusak",
            1.0,
            id="its own",
        ),
    ],
)
def test_lists_that_only_another_topic_asks_for_are_no_agreement(
    early: str, late: str, agree: float
) -> None:
    entries = (Entry("1", early, NOON, language="en"), Entry("2", late, NOON, language="id"))
    one, other = (sign(entry, watchlist("damage", "sides").read(entry)) for entry in entries)
    assert one.topics == other.topics == {"damage"}
    assert list_overlap(other, one) == list_overlap(one, other) == agree


@pytest.mark.parametrize(
    ("topic", "early", "late"),
    [
        pytest.param(
            "coup",
            ("fr", "Mbappé, coup de maître et triplé face au Mali"),
            ("fr", "Mali: un coup d'État déjoué, quatre officiers arrêtés"),
            id="with an entry that is not watched",
        ),
        pytest.param(
            "tannos",
            ("en", "Court freezes bank accounts of Paulus Tannos"),
            ("en", "Paulus Tannos loses court appeal against deportation"),
            id="in one language",
        ),
        pytest.param(
            "tannos",
            ("en", "Tannos faces court"),
            ("id", "Tannos di Singapura: sidang"),
            id="a name that two languages write alike",
        ),
        pytest.param(
            "quake",
            ("id", "Gempa Guncang Mentawai, warga berhamburan"),
            ("id", "Gempa Rusak Pelabuhan Palu, peringatan tsunami"),
            id="two quakes",
        ),
        pytest.param(
            "words",
            ("en", "Earthquake: thousands flee Valparaiso after strong quake"),
            ("en", "Quake damages temples near Mandalay as earthquake alarm fails"),
            id="a topic of bare words",
        ),
    ],
)
def test_the_words_of_a_topic_alone_join_no_two_events(topic: str, early: Told, late: Told) -> None:
    assert story(topic, early, late) is Relation.NEW


def test_more_than_the_words_of_a_topic_still_joins() -> None:
    early = ("en", "Court freezes accounts of Paulus Tannos")
    late = ("en", "Accounts of Paulus Tannos frozen by court")
    assert story("tannos", early, late) is not Relation.NEW


@pytest.mark.parametrize(
    ("late", "hours"),
    [
        pytest.param("Military coup in Niger", 5, id="a word more"),
        pytest.param("Coup in Niger", 5, id="the same words"),
        pytest.param("Niger: army confirms coup", 5, id="only one has words of its own"),
    ],
)
def test_reports_that_tell_little_but_the_topic_are_one_story(late: str, hours: float) -> None:
    assert story("niger", ("en", "Coup in Niger"), ("en", late), hours=hours) is not Relation.NEW


def test_reports_of_a_topic_that_come_at_once_need_no_other_word_to_be_one() -> None:
    early = ("en", "Niger president ousted in coup")
    late = ("en", "Niger: military coup topples Bazoum")
    assert story("niger", early, late, hours=0.5) is not Relation.NEW


@pytest.mark.parametrize(("where", "is_one"), [("Palu", True), ("Lombok", False)])
def test_a_rare_name_joins_that_is_one_of_those_that_a_topic_asks_for(
    where: str, is_one: bool
) -> None:
    early = ("en", "Earthquake damages harbour of Palu")
    late = ("en", f"{where} earthquake: hotel collapses")
    assert (story("provinces", early, late) is not Relation.NEW) == is_one


def signed(language: str, title: str, hours: float = 0) -> Signature:
    entry = Entry(title, title, NOON + timedelta(hours=hours), language=language)
    return sign(entry, watchlist("quake").read(entry))


@pytest.mark.parametrize(
    ("late", "is_other"),
    [
        pytest.param(("id", "Gempa M 7,2 Guncang Palu, peringatan tsunami"), True, id="of another"),
        pytest.param(("en", "Magnitude 6.4 earthquake strikes off Ambon"), True, id="in English"),
        pytest.param(("en", "Magnitude 5.9 earthquake strikes Sumatra"), False, id="nearly equal"),
        pytest.param(("id", "Gempa M 6,1 Guncang Mentawai"), False, id="corrected"),
        pytest.param(("id", "Gempa Mentawai: 12 rumah rusak"), False, id="a count"),
        pytest.param(("id", "Gempa Mentawai, warga berhamburan"), False, id="none"),
    ],
)
def test_measures_that_differ_tell_two_events_apart(late: Told, is_other: bool) -> None:
    early = signed("id", "Gempa M 5,8 Guncang Mentawai, warga berhamburan")
    other = signed(*late)
    assert in_other_measures(early, other) == in_other_measures(other, early) == is_other


@pytest.mark.parametrize(
    ("late", "is_other"),
    [
        pytest.param("Quake kills dozens in Bangladesh", True, id="another country"),
        pytest.param("Mozambican quake kills dozens", False, id="the same, in another form"),
        pytest.param("Quake kills dozens", False, id="no country"),
        pytest.param("Bangladesh sends aid to Mozambique after quake", False, id="both"),
    ],
)
def test_of_two_reports_that_name_other_countries_each_tells_an_event_of_its_own(
    late: str, is_other: bool
) -> None:
    early, other = signed("en", "Quake kills dozens in Mozambique"), signed("en", late)
    assert in_other_casts(early, other) == in_other_casts(other, early) == is_other


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (
            "Gempa M 5,8 Guncang Mentawai, Tidak Berpotensi Tsunami",
            "Gempa M 7,2 Guncang Palu, BMKG Keluarkan Peringatan Tsunami",
        ),
        (
            "Gempa M 5,8 Guncang Mentawai, warga berhamburan",
            "Gempa M 7,2 Guncang Palu, peringatan tsunami",
        ),
        (
            "Gempa M 4,4 Getarkan Ambon, warga panik keluar rumah",
            "Gempa M 6,6 Getarkan Lombok, warga panik keluar masjid",
        ),
    ],
)
def test_a_second_earthquake_is_no_reply_to_the_first(early: str, late: str) -> None:
    assert story("quake", ("id", early), ("id", late)) is Relation.NEW


@pytest.mark.parametrize(
    ("topic", "early", "late", "hours", "is_one"),
    [
        pytest.param(
            "quake",
            ("en", "Strong earthquake rattles Sumatra"),
            ("id", "Gempa besar di Sumatra, warga berhamburan"),
            0.5,
            True,
            id="at once",
        ),
        pytest.param(
            "quake",
            ("en", "Strong earthquake rattles Sumatra"),
            ("id", "Gempa besar di Sumatra, warga berhamburan"),
            3,
            False,
            id="hours later",
        ),
        pytest.param(
            "coup",
            ("en", "Coup in Mali, gunfire in the capital"),
            ("id", "Kudeta di Niger, warga berhamburan"),
            0.5,
            False,
            id="another country",
        ),
        pytest.param(
            "words",
            ("en", "Strong earthquake rattles Sumatra"),
            ("fr", "Un nouveau quake inquiète les joueurs"),
            0.5,
            False,
            id="of a broad topic",
        ),
    ],
)
def test_two_languages_that_tell_of_a_narrow_topic_at_once_tell_of_one_event(
    topic: str, early: Told, late: Told, hours: float, is_one: bool
) -> None:
    assert (story(topic, early, late, hours=hours) is not Relation.NEW) == is_one


def test_a_magnitude_is_a_figure_that_two_languages_share() -> None:
    early = signed("en", "Magnitude 6.9 earthquake strikes off Ambon")
    assert shares_figure(early, signed("id", "Gempa M 6,9 guncang Ambon"))
    assert not shares_figure(early, signed("id", "Gempa M 6,2 guncang Ambon"))
    assert not shares_figure(signed("en", "Quake: 6 hurt"), signed("id", "Gempa: 6 terluka"))


@pytest.mark.parametrize(("hours", "conflicts"), [(2, False), (17, True)])
def test_a_toll_contradicts_no_magnitude_that_was_told_shortly_before(
    hours: float, conflicts: bool
) -> None:
    early = signed("en", "M5.0 earthquake hits Sumatra, Indonesia")
    late = signed("en", "Earthquake hits Sulawesi, Indonesia, injuring 12", hours=hours)

    assert bool(overlap(late, early).number_conflict) is conflicts


ROYALS = "Surging Royals defeat Tigers to extend winning streak to six"
SOY = "GRANOS Soja amplía ganancias por dudas sobre rendimientos"


@pytest.mark.parametrize(
    ("early", "late", "summary", "relation"),
    [
        pytest.param(ROYALS, SOY, "Zorbland.", Relation.NEW, id="one act alone"),
        pytest.param(
            "Bessent says US to impose sanctions on Iran, urges China to cooperate",
            "El CEO de la Premier League pide un candidato capaz de unir a las confederaciones",
            "Zorbland.",
            Relation.NEW,
            id="half an act",
        ),
        pytest.param(
            "Putin arrives for talks",
            "Putin llega para conversar",
            "Zorbland.",
            Relation.SAME,
            id="somebody in both",
        ),
        pytest.param(
            "Zorbland's minister resigns",
            "Renuncia el ministro",
            "Zorbland.",
            Relation.SAME,
            id="a headline that has the topic's word",
        ),
    ],
)
def test_a_word_of_their_summaries_alone_joins_no_reports_in_two_languages(
    early: str, late: str, summary: str, relation: Relation
) -> None:
    tables = {"topics": [{"id": "z", "match": '"Zorbland"'}]}
    look = Watchlist(Settings.model_validate(tables))
    signatures = [
        sign(entry, look.read(entry))
        for entry in (
            Entry("1", early, NOON, summary, outlet="One", language="en"),
            Entry("2", late, NOON + timedelta(minutes=20), summary, outlet="Two", language="es"),
        )
    ]

    made = assign(signatures[1], [Member(1, 1, signatures[0])], window=WINDOW)

    assert made.relation is relation
