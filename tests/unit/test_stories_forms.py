"""Which words tell something, and which are forms of one."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_values import signed

from watcher.stories.forms import first_accented, first_ending, first_foreign, first_turned, tells
from watcher.stories.vocabulary import without_accents, word_list

FOLDER = resources.files("watcher.stories").joinpath("data")
TABLES = tomllib.loads(FOLDER.joinpath("forms.toml").read_text("utf-8"))
ACTS = {
    language: tomllib.loads(FOLDER.joinpath(f"acts/{language}.toml").read_text("utf-8"))
    for language in TABLES["function_words"]
}


@pytest.mark.parametrize(
    ("language", "word", "telling"),
    [
        ("en", "the", False),
        ("en", "says", False),
        ("en", "israel", True),
        ("en", "against", True),
        ("de", "von", False),
        ("en", "die", True),
        ("de", "die", False),
        ("ms", "dengan", False),
        ("xx", "qzx", True),
    ],
)
def test_articles_tell_nothing_in_their_language(language: str, word: str, telling: bool) -> None:
    assert tells(word, language) is telling


@pytest.mark.parametrize(
    ("language", "word", "known", "foreign"),
    [
        ("en", "soldiers", "soldier", True),
        ("de", "studentin", "student", True),
        ("hi", "लड़की", "लड़का", True),
        ("en", "legality", "legal", True),
        ("en", "illegal", "legal", True),
        ("en", "legal", "illegal", True),
        ("en", "airport", "port", True),
        ("id", "membahas", "bahas", False),
        ("id", "diserang", "serang", True),
        ("de", "gebaut", "baut", False),
        ("de", "streik", "warnstreik", True),
        ("ru", "невиновным", "виновным", True),
        ("ar", "والرئيس", "الرئيس", False),
        ("en", "ex", "former", False),
        ("ru", "бывшего", "экс", False),
    ],
)
def test_grammar_makes_forms_of_a_word_and_other_beginnings_another_word(
    language: str, word: str, known: str, foreign: bool
) -> None:
    found = first_foreign(signed(f"{word} zyxwv", language), signed(f"{known} zyxwv", language))
    assert bool(found) is foreign


@pytest.mark.parametrize("language", sorted(TABLES["function_words"]))
def test_no_word_that_denies_or_tells_of_a_plan_counts_as_grammar(language: str) -> None:
    quiet = set(TABLES["function_words"][language].split())
    marks = {
        without_accents(term)
        for mark in ("future", "after")
        for term in ACTS[language][mark].split("|")
    }
    assert not quiet & word_list("negation", language)
    assert quiet & marks <= {"since", "do", "da"}
    assert all(word == word.casefold() for word in quiet)


@pytest.mark.parametrize(
    ("language", "ours", "theirs", "found"),
    [
        ("id", "Penerbangan dari Bali batal", "Penerbangan ke Bali batal", "dari bali"),
        ("en", "Talks in Cairo on truce", "Talks in Cairo about truce", ""),
        ("uk", "Потяг до Львова", "Потяг зі Львова", "до львова"),
        ("en", "Missile fired at Iran", "Missile fired in Iran", "at iran"),
        ("id", "Pasukan Israel di Rafah", "Pasukan Israel ke Rafah", "di rafah"),
        ("ar", "قوات إلى غزة", "قوات في غزة", "إلى غزة"),
        ("nl", "Troepen naar Rafah", "Troepen in Rafah", "naar rafah"),
        ("en", "Explosion at Kabul airport", "Explosion in Kabul airport", ""),
        ("en", "Fire at Moscow refinery", "Fire in Moscow refinery", ""),
        ("en", "Missile fired into Japan", "Missile fired to Japan", ""),
        ("de", "Truppen nach Kiew", "Truppen für Kiew", ""),
        ("fr", "Troupes à Gaza", "Troupes pour Gaza", ""),
        ("es", "Ataque en Kiev", "Ataque a Kiev", ""),
        ("es", "Ataque ruso a Kiev", "Ataque ruso en Kiev", ""),
        ("es", "Misiles rusos a Venezuela", "Misiles rusos en Venezuela", "a venezuela"),
        ("pt", "Lula em Moscou", "Lula a Moscou", "em moscou"),
        ("pt", "Tropas dos EUA a Gaza", "Tropas dos EUA em Gaza", "a gaza"),
        ("pt", "Incêndio a Lisboa", "Incêndio em Lisboa", ""),
        ("it", "Truppe italiane a Gaza", "Truppe italiane in Gaza", "a gaza"),
        ("nl", "Duitse tanks aan Oekraïne", "Duitse tanks in Oekraïne", "aan oekraine"),
        ("en", "Iran fires missiles at Iraq", "Iran fires missiles in Iraq", "at iraq"),
        ("ar", "إطلاق صواريخ على إسرائيل", "إطلاق صواريخ في إسرائيل", "على إسرائيل"),
        ("it", "Esplosione a Beirut", "Esplosione in Beirut", ""),
        ("pt", "Mísseis para Israel", "Mísseis a Israel", ""),
        ("pl", "Rakiety dla Rosji", "Rakiety do Rosji", ""),
        ("ar", "هجوم على غزة", "هجوم في غزة", ""),
        ("ar", "صواريخ إيرانية على العراق", "صواريخ إيرانية في العراق", "على العراق"),
        ("es", "Tras el ataque, tropas a Irak", "Tras el ataque, tropas en Irak", "a irak"),
        ("es", "Ataque a Kiev y tropas a Irak", "Ataque a Kiev y tropas en Irak", "a irak"),
        ("it", "Raid Usa: truppe in Iran", "Raid Usa: truppe a Iran", "in iran"),
    ],
)
def test_whence_and_whither_are_told_apart(
    language: str, ours: str, theirs: str, found: str
) -> None:
    assert first_turned(signed(ours, language), signed(theirs, language)) == found


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        ("Un policier tué à Nice", "À Nice, un policier tue", "tué"),
        ("Un policier tué à Nice", "À Nice, un policier tué", ""),
        ("Un policier tué à Nice", "Un policier tue a Nice", ""),
        ("Đã bàn ngân hàng", "Đã bán ngân hàng", "bàn"),
        ("Eski Şampiyon Bakan Öldü", "Eski Şampiyon Bakan Oldu", "Öldü"),
        ("NGA BẮN TÊN LỬA", "NGA BÁN TÊN LỬA", "BẮN"),
        ("UN POLICIER TUÉ À GENÈVE", "UN POLICIER TUE À GENÈVE", "TUÉ"),
        ("UN POLICIER TUÉ À GENÈVE", "Un policier tué à Genève", ""),
        ("États-Unis : un policier tué", "Etats-Unis : un policier tué", ""),
    ],
)
def test_accents_tell_where_both_write_them(ours: str, theirs: str, found: str) -> None:
    assert first_accented(signed(ours, "fr"), signed(theirs, "fr")) == found


@pytest.mark.parametrize(
    ("language", "ours", "theirs", "found"),
    [
        ("tr", "Eski Şampiyon Bakan Oldu", "Eski şampiyon bakan öldü", "Oldu"),
        ("tr", "ESKİ ŞAMPİYON BAKAN OLDU", "Eski şampiyon bakan öldü", "OLDU"),
        ("tr", "IRAK'TA ŞİMŞEK ÖLDÜ", "Irak'ta Şimşek öldü", ""),
        ("vi", "Nga Bán Tên Lửa", "Nga bắn tên lửa", "Bán"),
        ("fr", "GENÈVE : UN POLICIER TUE", "Genève : un policier tué", "TUE"),
        ("fr", "Genève : Un Policier Tué", "Genève : un policier tué", ""),
        ("fr", "Evacuation d'un hôtel", "Un hôtel : évacuation", ""),
        ("fr", "ORBAN ARRIVE À GENÈVE", "Orbán arrive à Genève", ""),
    ],
)
def test_accents_tell_where_one_of_two_titles_alone_has_capitals_everywhere(
    language: str, ours: str, theirs: str, found: str
) -> None:
    one, other = signed(ours, language), signed(theirs, language)
    assert first_accented(one, other) == found
    assert bool(first_accented(other, one)) is bool(found)


WORDS = st.lists(
    st.sampled_from(["kim", "meets", "illegal", "legal", "the", "von", "di", "会談", "2", "x"]),
    max_size=7,
)


@given(WORDS, st.sampled_from(["en", "de", "id", "ja", "xx"]))
def test_nothing_of_a_title_is_foreign_to_it(parts: list[str], language: str) -> None:
    one = signed(" ".join(parts), language)
    assert first_foreign(one, one) == ""


@given(st.text(max_size=50), st.text(max_size=50))
def test_what_is_foreign_is_a_word_of_the_first_title(ours: str, theirs: str) -> None:
    mine = signed(ours, "en")
    found = first_foreign(mine, signed(theirs, "en"))
    assert found == "" or found in mine.words


@pytest.mark.parametrize(
    ("ours", "theirs", "ending"),
    [
        ("首相、知事との会談について", "首相、知事と会談", ""),
        ("知事が署名した", "知事が署名", ""),
        ("知事が署名せず", "知事が署名", "せず"),
        ("知事が署名か", "知事が署名", ""),  # one alone is a particle, or asks
        ("知事はうそつき", "知事は正直", "はうそつき"),
        ("チョコなど、うまい", "チョコなど、まずい", "うまい"),
    ],
)
def test_hiragana_that_are_no_grammar_are_a_word(ours: str, theirs: str, ending: str) -> None:
    assert first_ending(signed(ours, "ja"), signed(theirs, "ja")) == ending


@given(st.text("かなもしのがをたるー、会談", max_size=20))
def test_the_same_hiragana_are_no_other_word(title: str) -> None:
    assert first_ending(signed(title, "ja"), signed(title, "ja")) == ""


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "UN airlifts 3,000 tents", "UN airlifts 3000 tents"),
        ("de", "Stadt pflanzt 12.500 Bäume", "Stadt pflanzt 12500 Bäume"),
        ("ru", "Завод выпустил 45 000 машин", "Завод выпустил 45000 машин"),
        ("en", "India plants 1,00,000 trees", "India plants 100000 trees"),
        ("en", "Ferry carries 2.5 million", "Ferry carries 2,500,000"),
        ("en", "Storm kills three", "Storm kills 3"),
        ("hi", "बाढ़ में ७ लोग", "बाढ़ में 7 लोग"),
        ("en", "Fund pays $1,250.75", "Fund pays $1250.75"),
        ("en", "Kyiv gets 3,000 F-16 kits", "Kyiv gets 3000 F-16 kits"),
    ],
)
def test_a_figure_is_no_other_word_in_other_digits(language: str, one: str, other: str) -> None:
    ours, theirs = signed(one, language), signed(other, language)
    assert first_foreign(ours, theirs) == first_foreign(theirs, ours) == ""


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        pytest.param("en", "Army sends 3,000 then 5,000", "Army sends 5000 then 3000", id="order"),
        pytest.param("en", "Ship sails 3,000 km", "Ship sails 3000 miles", id="unit"),
        pytest.param("en", "Fund pays $3,000", "Fund pays 3000", id="money"),
        pytest.param("en", "Fund pays $3,000", "Fund pays €3000", id="other money"),
        pytest.param("en", "Python 3.1 is out", "Python 3.10 is out", id="version"),
        pytest.param("en", "Kernel 1.2.3 is out", "Kernel 123 is out", id="version of three"),
        pytest.param("en", "Studio casts 007", "Studio casts 7", id="name"),
        pytest.param("en", "Mayor hires 10.000", "Mayor hires 10", id="thousands of elsewhere"),
        pytest.param("id", "Wali kota rekrut 3,000", "Wali kota rekrut 3", id="and the other way"),
        pytest.param("en", "Bolton win 12-11", "Bolton win 1211", id="score"),
        pytest.param("en", "Curfew from 8:30", "Curfew from 830", id="time"),
        pytest.param("en", "Kyiv gets 3,000 F-16 kits", "Kyiv gets 3000 F-15 kits", id="in a name"),
        pytest.param("en", "Firm launches 5G", "Firm launches 5", id="with a letter"),
        pytest.param("en", "Call 0800 123 456", "Call 0800 123456", id="phone number"),
        pytest.param("en", "Storm kills 14.8 million", "Storm kills 15 million", id="rounded"),
        pytest.param("en", "Vote on 5 May 2,000", "Vote on 6 May 2000", id="day"),
        pytest.param("en", "Storm kills million", "Storm kills 1,000,000", id="without digits"),
    ],
)  # fmt: skip
def test_another_figure_is_another_word(language: str, one: str, other: str) -> None:
    ours, theirs = signed(one, language), signed(other, language)
    assert first_foreign(ours, theirs) or first_foreign(theirs, ours)


LARGE = st.integers(10_000, 10**9)  # "1,905" is no year, "1905" may be


@given(LARGE, LARGE)
def test_two_figures_are_one_word_if_they_are_one_number(one: int, other: int) -> None:
    ours = signed(f"Fund counts {one:,}", "en")
    for number in (one, other):
        theirs = signed(f"Fund counts {number}", "en")
        parted = first_foreign(ours, theirs) or first_foreign(theirs, ours)
        assert bool(parted) == (one != number)
