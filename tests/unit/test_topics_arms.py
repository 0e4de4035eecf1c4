"""Deliveries of arms, as the example watchlist finds them: who gives, what, and to whom."""

import tomllib
from pathlib import Path

import pytest
from example_topics import ARMS, SEEN, topics_of, watchlist

from watcher.model import Entry
from watcher.topics.pack import Part, load_pack

PROJECT = Path(__file__).resolve().parents[2]

#: Language -> a headline with a place for each verb of pack:giving.
GIVING: dict[str, str] = tomllib.loads(
    (PROJECT / "tests" / "data" / "topics" / "giving.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Ballistic missiles from North Korea hit a residential block in Kyiv"),
        ("zh", "朝鲜弹道导弹击中基辅居民楼"),
        ("th", "ขีปนาวุธเกาหลีเหนือถล่มอพาร์ตเมนต์ในกรุงเคียฟ"),
        ("lt", "Šiaurės Korėjos balistinės raketos pataikė į namą Kyjive"),
        ("sk", "Severokórejské balistické rakety zasiahli obytný dom v Kyjeve"),
    ],
)
def test_a_ballistic_missile_that_hits_ukraine_is_no_test(language: str, title: str) -> None:
    assert topics_of(title, language) == {ARMS}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Russian gunners fire North Korean rockets"),
        ("en", "North Korean rocket launchers with Russian soldiers on the front line"),
        ("cs", "Ruská armáda odpaluje severokorejské rakety"),
        ("tr", "Rus ordusu Kuzey Kore füzesi ateşledi"),
        ("vi", "Nga bắn tên lửa Triều Tiên"),
    ],
)
def test_what_russia_fires_needs_neither_ukraine_nor_a_delivery(language: str, title: str) -> None:
    assert topics_of(title, language) == {ARMS}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Russia launches North Korean missiles in overnight attack"),
        ("de", "Russland greift mit nordkoreanischen Raketen an"),
        ("pl", "Rosja zaatakowała północnokoreańskimi rakietami"),
        ("ko", "러시아, 북한 미사일로 공격"),
        ("en", "Russia gets North Korean missiles"),
        ("fr", "La Russie obtient des missiles nord-coréens"),
        ("zh", "俄罗斯得到朝鲜武器"),
        ("ko", "러시아, 북한 무기 획득"),
    ],
)
def test_everyday_words_for_attacking_and_getting_count_beside_the_weapon(
    language: str, title: str
) -> None:
    assert topics_of(title, language) == {ARMS}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "North Korea hands over 50 ballistic missiles to Russia"),
        ("de", "Kim gibt Putin Waffen"),
        ("de", "Nordkorea hat Russland Waffen gegeben"),
        ("en", "North Korea sends cannons to Russia"),
        ("cs", "KLDR poslala Rusku kanóny"),
        ("en", "North Korea hands over to Russia dozens of missile launchers"),
        ("en", "Weapons North Korea hands over to Russia are killing civilians"),
        ("en", "North Korea hands Russia a fresh batch of missiles"),
        ("de", "Nordkorea gibt Russland laut Südkorea weitere Raketen"),
        ("de", "Nordkorea hat Russland nach Angaben aus Seoul Raketen gegeben"),
        ("de", "Nordkorea gibt Russland im Krieg gegen die Ukraine Waffen"),
        ("pl", "Korea Północna zapewnia coraz więcej broni Rosji"),
    ],
)
def test_who_gives_a_weapon_to_whom_is_a_delivery(language: str, title: str) -> None:
    assert ARMS in topics_of(title, language)


@pytest.mark.parametrize(
    "title",
    [
        "Russia launches dozens of North Korean missiles",
        "Russia launched several North Korean ballistic missiles overnight",
        "Russia launches new North Korean missiles in overnight strike",
        "Russia launches first North Korean missile since truce",
        "Russia has launched 60 North Korean missiles, officials say",
        "Russia launching more North Korean missiles",
        "Russia launched Iskander and North Korean missiles at power plants",
        "Russian attack involved North Korean missiles",
        "Russian attack: North Korean missile debris found",
        "Russia attacks, North Korean missile kills 4",
        "Russia attacks by North Korean missiles confirmed",
    ],
)
def test_words_may_stand_between_a_launch_and_the_weapon(title: str) -> None:
    assert topics_of(title, "en") == {ARMS}


@pytest.mark.parametrize(
    "title",
    [
        "Russia attacks US over North Korean missile drills",
        'Russia attacks "hysteria" over North Korean missile',
        "Russia launches probe after North Korean missile falls near border",
        "Russia launches investigation into North Korean missile debris",
        "Russia launches rocket for North Korean satellite; missile fears",
        "Russia launched Soyuz, North Korean rocket fails",
        "Russia launches new offensive, North Korean missile tests continue",
        "Russia launches war games; North Korean missile test",
        "Russia attacks sanctions; North Korea weapons programme grows",
        "Russia launches probe, Kim missile parade",
        "Russia gets flak for North Korean missile veto",
        "Russia gets briefing on North Korean missile test",
        "Russia gets warned on North Korean arms",
        "Russia gets tough on North Korean missile tests",
    ],
)
def test_what_is_launched_or_got_over_a_weapon_is_not_the_weapon(title: str) -> None:
    assert not topics_of(title, "en")


@pytest.mark.parametrize("language", GIVING)
def test_every_verb_of_giving_and_helping_tells_a_delivery_beside_the_weapon(language: str) -> None:
    verbs = [
        one.text.rstrip("*")
        for one in load_pack("giving").terms
        if language in one.tags and one.part is not Part.NOT
    ]
    titles = [GIVING[language].format(verb=verb) for verb in verbs]

    assert verbs
    assert not [title for title in titles if ARMS not in topics_of(title, language)]


def test_every_language_of_the_verbs_of_giving_has_a_headline() -> None:
    assert {tag for one in load_pack("giving").terms for tag in one.tags} == set(GIVING)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("id", "Korea Utara bantu Rusia dengan rudal"),
        ("vi", "Triều Tiên giúp Nga vũ khí"),
        ("zh", "朝鲜帮助俄罗斯导弹"),
        ("ko", "북한, 러시아 무기로 도와"),
        ("ar", "كوريا الشمالية تساعد روسيا بالأسلحة"),
        ("ru", "КНДР помогла России ракетами"),
        ("ru", "КНДР подарила России ракеты"),
        ("uk", "Північна Корея допомагає Росії ракетами"),
        ("es", "Corea del Norte ayuda a Rusia con misiles"),
        ("pt", "Coreia do Norte ajuda a Rússia com armas"),
        ("it", "Corea del Nord aiuta la Russia con armi"),
        ("ro", "Coreea de Nord ajută Rusia cu rachete"),
        ("de", "Kim gibt Moskau Raketen"),
        ("de", "Pjöngjang gibt den Russen Raketen"),
        ("de", "Nordkorea gibt Kreml Panzer"),
        ("de", "Nordkorea hilft Russland mit Raketen"),
        ("nl", "Noord-Korea helpt Rusland met wapens"),
        ("nl", "Noord-Korea heeft Rusland tanks gegeven"),
        ("sv", "Nordkorea hjälper Ryssland med vapen"),
        ("no", "Nord-Korea hjelper Russland med raketter"),
        ("da", "Nordkorea hjælper Rusland med raketter"),
        ("fi", "Pohjois-Korea auttaa Venäjää aseilla"),
        ("pl", "Korea Północna wspiera Rosję rakietami"),
        ("pl", "Korea Północna pomogła Rosji rakietami"),
        ("el", "Η Βόρεια Κορέα βοηθά τη Ρωσία με πυραύλους"),
    ],
)
def test_who_helps_with_a_weapon_delivers_it(language: str, title: str) -> None:
    assert topics_of(title, language) == {ARMS}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("pl", "Rosja zapewnia, że nie boi się rakiet Korei Północnej"),
        ("pl", "Zacharowa zapewniła, że Korea Północna ma prawo testować broń"),
        ("pl", "Korea Północna zapewnia Rosję o poparciu: broń tylko do obrony"),
        ("de", "Kim gibt Putin Treueschwur, testet Rakete"),
        ("de", "Trump gibt Putin Schuld an Nordkoreas Raketen"),
        ("de", "Nordkorea gibt Russland volle Unterstützung und verurteilt US-Waffen"),
        ("de", "Kim gibt Putin im Streit um Raketen Rückendeckung"),
        ("de", "Nordkorea testet Rakete und gibt Russland Rückhalt"),
        ("en", "North Korea hands over Russian pilot's remains, shows off missiles"),
        ("en", "North Korea hands over to Russia three prisoners, tests missile"),
        ("de", "Nordkorea gibt Raketentest bekannt, Russland besorgt"),
        ("pl", "Kim zapewnia Putina o przyjaźni i testuje rakietę"),
        ("en", "Kim Jong Un hands over medals to Russian troops, vows stronger weapons"),
    ],
)
def test_what_is_given_beside_a_weapon_is_not_the_weapon(language: str, title: str) -> None:
    assert ARMS not in topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Wagner received North Korean missiles"),
        ("de", "Nordkorea liefert Waffen an Wagner"),
        ("ru", "КНДР продала оружие Вагнеру"),
    ],
)
def test_what_wagner_gets_goes_to_russias_war(language: str, title: str) -> None:
    assert topics_of(title, language) == {ARMS}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Kim got missiles from Putin"),
        ("ko", "북한, 러시아 방공미사일 획득"),
        ("de", "Kim gab Putin die Hand, Raketen am Himmel"),
        ("de", "Nordkoreanische Raketen: Russland greift USA an"),
        ("en", "Russia got richer as North Korea tests missiles"),
    ],
)
def test_the_other_direction_and_other_objects_are_no_delivery(language: str, title: str) -> None:
    assert ARMS not in topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Russia voices concern over North Korean missile test"),
        ("en", "North Korea launches ballistic missiles as Russia's attack on Ukraine drags on"),
        ("ko", "러시아, 유엔 대북제재 감시단 연장에 거부권…우크라이나 전쟁 여파"),
    ],
)
def test_neither_tests_nor_sanctions_are_deliveries(language: str, title: str) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        (
            "en",
            "Kyiv used US-supplied shells against North Korean soldiers in Russia's Kursk region",
        ),
        ("fi", "Ukraina iski ohjuksilla pohjoiskorealaisten joukkojen kimppuun Venäjällä"),
        ("zh", "北韓派兵俄羅斯 首爾考慮提供烏克蘭武器"),
        ("fa", "سربازان کره شمالی در روسیه؛ سئول می‌خواهد به اوکراین سلاح بدهد"),
    ],
)
def test_what_is_fired_at_north_koreans_is_no_delivery_of_theirs(language: str, title: str) -> None:
    assert not topics_of(title, language)


def test_shells_of_north_korea_that_ukraine_hits_are_a_delivery() -> None:
    title = "Україна атакувала склад північнокорейських снарядів російських військ"

    assert topics_of(title, "uk") == {ARMS}


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "Pyongyang has shipped 20,000 containers of munitions to Russia, Seoul says",
            "Russia has provided North Korea with food and oil in return.",
        ),
        (
            "North Korea sends shells to Russia",
            "The EU supplied only 300,000 shells to Ukraine in the same time.",
        ),
    ],
)
def test_what_goes_the_other_way_in_return_silences_no_delivery(title: str, summary: str) -> None:
    entry = Entry("1", title, SEEN, summary, language="en")

    assert ARMS in {match.topic for match in watchlist().read(entry).matches}
