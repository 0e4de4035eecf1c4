"""Which entries of a watched topic may be kept quiet about, in one language and across."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_values import watched

from watcher.stories.copies import Copy
from watcher.stories.silence import earned
from watcher.stories.unread import first_unread

SURE = Copy(1.0, "", "nearly equal")


def doubt(language: str, early: str, late: str, hours: float = 2) -> str:
    """Return why a later title is told although the model is sure of a copy; "" if it is not."""
    return earned(
        watched(late, language, hours), watched(early, language), SURE
    ).reason.removeprefix(SURE.reason)


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("en", "Coup attempt against Oruro governor", "Coup against Oruro governor"),
        ("en", "Mayor to resign, sources say", "Mayor to resign"),
        ("en", "Farmers to block roads to Paris", "Farmers block roads to Paris"),
        ("id", "Wali Kota Didesak Mundur", "Wali Kota Mundur"),
        ("de", "Rufe nach Rücktritt des Landrats", "Rücktritt des Landrats"),
        ("fr", "Tentative d'attentat contre le préfet", "Attentat contre le préfet"),
        ("fr", "Le préfet ne démissionnera pas", "Le préfet démissionnera"),
        ("es", "Convocan huelga de enfermeras", "Huelga de enfermeras"),
        ("ru", "Попытка покушения на мэра", "Покушение на мэра"),
        ("ar", "محاولة اغتيال المحافظ", "اغتيال المحافظ"),
        ("ja", "日銀、追加利上げ観測", "日銀、追加利上げ"),
        ("zh", "加拿大航空罢工警告", "加拿大航空罢工"),
        ("ko", "대통령 사임 시사", "대통령 사임"),
    ],
)
def test_a_headline_without_what_made_the_first_a_call_or_an_attempt_is_told(
    language: str, early: str, late: str
) -> None:
    assert doubt(language, early, late)


@pytest.mark.parametrize(
    ("language", "early", "late", "reason"),
    [
        pytest.param(
            "en", "Israel Accepts Truce Plan", "Hamas Accepts Truce Plan", "Hamas", id="who"
        ),
        pytest.param(
            "en",
            "Israel in strike on Iran nuclear site",
            "US, Israel in strike on Iran nuclear site",
            "names united-states",
            id="who joins",
        ),
        pytest.param("en", "Mayor votes for the bill", "Mayor votes against the bill", "against",
                     id="side"),
        pytest.param("en", "Court finds ban legal", "Court finds ban illegal", "illegal",
                     id="prefix"),
        pytest.param("de", "Gericht: Wahl ungültig", "Gericht: Wahl gültig", "gültig",
                     id="prefix left out"),
        pytest.param("de", "Warnstreik bei der Bahn", "Streik bei der Bahn", "Streik",
                     id="compound"),
        pytest.param("en", "Kim to meet Putin on Monday", "Kim to meet Putin on Friday", "Friday",
                     id="weekday"),
        pytest.param("en", "Truce in Gaza?", "Truce in Gaza", "asks", id="question"),
        pytest.param("ja", "石破首相、辞任か", "石破首相、辞任", "か", id="Japanese question"),
        pytest.param("ar", "هل يستقيل المحافظ", "يستقيل المحافظ", "هل", id="Arabic question"),
        pytest.param(
            "en", "Arsenal beat Chelsea in the cup", "Chelsea beat Arsenal in cup", "another order",
            id="who beats whom",
        ),
        pytest.param(
            "en", "Fed Interest Rate Decision", "Fed Interest Rate Decision – Rates Cut",
            "rates cut", id="a tail that looks like an outlet",
        ),
        pytest.param("en", "Ministers sign pacts", "Ministers sign 6 pacts",
                     "counts something more", id="how many"),
        pytest.param("en", "Ministers sign pact of 1994", "Ministers sign pact of 1995",
                     "counts something more", id="of which year"),
        pytest.param("id", "Tsunami Terjang Pantai", "[SALAH] Tsunami Terjang Pantai",
                     "correction", id="fact check"),
    ],
)  # fmt: skip
def test_a_headline_that_tells_something_else_in_nearly_the_same_words_is_told(
    language: str, early: str, late: str, reason: str
) -> None:
    assert reason in doubt(language, early, late)


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("首相、法案を通す", "首相、法案を通すまい"),
        ("首相、辞めるつもり", "首相、辞めるはず"),
        ("知事、市長の話はほんとう", "知事、市長の話はでたらめ"),
        ("大臣が知事をほめる", "大臣が知事をけなす"),
        ("原発、再稼働できる", "原発、再稼働できぬ"),
        ("首相が知事と会う", "首相が知事と会うかも"),
        ("首相、辞めることをきめた", "首相、辞めることをやめた"),
        ("監督、続けるらしい", "監督、続けるそう"),
        ("兵が町を去る", "兵が町を去るな"),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_what_differs_in_hiragana_alone_may_be_news(early: str, late: str, is_turned: bool) -> None:
    pair = (late, early) if is_turned else (early, late)
    assert doubt("ja", *pair)


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Army sends 3,000 shells, 5,000 tents", "Army sends 3000 tents, 5000 shells"),
        ("Army sends tents, 3,000 shells", "Army sends 3000 tents, shells"),
        ("Tents: 3,000 shells", "Shells: 3000 tents"),
        ("Army on 05/09 sends tents", "Army sends tents on 5/9"),
    ],
)
def test_figures_that_change_what_they_count_are_told_however_written(
    early: str, late: str
) -> None:
    assert doubt("en", early, late)


def test_a_figure_in_other_digits_is_no_news() -> None:
    assert doubt("en", "Army sends 3,000 tents", "Army sends 3000 tents") == ""
    assert doubt("de", "Heer schickt 3000 Zelte", "Heer schickt 3.000 Zelte") == ""
    assert doubt("ja", "陸軍、テント3,000張を送る", "陸軍、テント3000張を送る") == ""


@pytest.mark.parametrize("tail", ["North Korea Sends Troops", "North Korea sends more troops"])
def test_what_an_outlet_with_a_short_name_adds_behind_a_dash_is_told(tail: str) -> None:
    early = watched("Putin Thanks Kim Jong Un", "en", outlet="RT")
    late = watched(f"Putin Thanks Kim Jong Un - {tail}", "en", 2, outlet="RT")
    assert "it adds \u201cnorth" in earned(late, early, SURE).reason.casefold()


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("en", "Fed cuts rates by a quarter point", "(2nd LD) Fed cuts rates by a quarter point"),
        (
            "en",
            "Fed cuts rates by a quarter point",
            "Fed cuts rates by a quarter point - The Times",
        ),
        (
            "en",
            "Carrier attacked off Hodeidah, UKMTO says",
            "Carrier attacked off Hodeidah - UKMTO",
        ),
        (
            "en",
            "Carrier attacked off Hodeidah - UKMTO",
            "Carrier attacked off Hodeidah, UKMTO says",
        ),
        ("en", "Carrier attacked off Hodeidah - UKMTO", "Carrier attacked off Hodeidah - UKMTO"),
        ("tr", "SON DAKİKA... Banka faizi indirdi", "Banka faizi indirdi"),
        ("sv", "Banken sänker räntan", "JUST NU: Banken sänker räntan"),
        ("ar", "البنك المركزي يرفع الفائدة", "عاجل.. البنك المركزي يرفع الفائدة"),
        ("it", "Sciopero dei treni il 12 ottobre", "Sciopero dei treni il 12 ottobre - Cronaca"),
        ("id", "Timnas Kalahkan Vietnam 2-0", "Timnas Kalahkan Vietnam 2-0 - Bola"),
        ("en", "Rebel raid hits town", "Rebel raid hits the town"),
        ("en", "Rebel raid kills 12 in town", "Rebel raid kills at least 12 in town: medics"),
        ("de", "EZB senkt Leitzins auf zwei Prozent", "EZB senkt Leitzins auf 2 Prozent"),
        ("en", "Rebel raid hits town near the border", "Rebel raid hits town near the\u2026"),
        ("es", "Aprueban reforma de pensiones", "Aprueban reforma de pensiones – EL PAÍS"),
        ("id", "Banjir rendam rumah di Demak", "Rumah di Demak terendam banjir"),
        ("de", "Anschlag auf Landrat in Bayern", "Anschlag auf den Landrat von Bayern"),
        ("fr", "Attentat contre le préfet", "DIRECT. Attentat contre un préfet"),
        ("ko", "한은, 기준금리 2.5%로 동결", "한은, 기준금리 2.5%로 동결(종합)"),
        ("zh", "美联储宣布降息25个基点", "美联储宣布降息25个基点_新浪财经"),
        ("ja", "日銀、利上げを決定", "〈速報〉日銀、利上げを決定|日本経済新聞"),
        ("ar", "البنك المركزي يرفع الفائدة", "البنك المركزي يرفع الفائدة - الجزيرة نت"),
    ],
)
def test_wrapping_and_grammar_are_no_news(language: str, early: str, late: str) -> None:
    assert doubt(language, early, late) == ""


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Houthis strike vessel - UKMTO", "Houthis strike UKMTO vessel"),
        ("Tanker attacked - The Jakarta Post", "Jakarta tanker attacked"),
    ],
)
def test_whom_a_title_is_about_was_not_said_by_an_outlet_of_that_name(
    early: str, late: str
) -> None:
    assert doubt("en", early, late)
    assert doubt("en", late, early)


@pytest.mark.parametrize(
    "late",
    [
        "UKMTO: Houthis strike vessel",
        "Houthis strike vessel: UKMTO",
        "Houthis strike vessel, UKMTO say",
        "Houthis strike vessel, UKMTO has said",
    ],
)
def test_who_is_named_beside_a_colon_or_a_word_for_saying_says_it(late: str) -> None:
    assert doubt("en", "Houthis strike vessel - UKMTO", late) == ""
    assert doubt("en", late, "Houthis strike vessel - UKMTO") == ""


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("vi", "Nga bán tên lửa sang Iran", "Nga bắn tên lửa sang Iran"),
        ("tr", "Şimşek yeni bakan oldu", "Şimşek yeni bakan öldü"),
    ],
)
def test_a_word_with_other_accents_is_another_word(language: str, early: str, late: str) -> None:
    assert doubt(language, early, late)
    assert doubt(language, late, early)


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        (
            "fr",
            "Etats-Unis : Trump visé par une enquête",
            "États-Unis : Trump visé par une enquête",
        ),
        ("fr", "A Genève, l'Iran négocie", "À Genève, l'Iran négocie"),
        ("fr", "Un événement annulé à Paris", "Un évènement annulé à Paris"),
        ("de", "Orban fordert härtere Sanktionen", "Orbán fordert härtere Sanktionen"),
        ("ru", "Российский самолёт разбился в Йорке", "Российский самолет разбился в Йорке"),
        ("ro", "Şedinţă de urgenţă la Bucureşti", "Ședință de urgență la București"),
        ("vi", "Nga ký thoả thuận với Iran", "Nga ký thỏa thuận với Iran"),
        ("vi", "Hoà Bình: lũ lụt", "Hòa Bình: lũ lụt"),
        ("es", "Sólo tres países votan en contra", "Solo tres países votan en contra"),
        ("no", "Én død i ulykke på E6", "En død i ulykke på E6"),
        ("it", "Perchè l'Italia è in crisi", "Perché l'Italia è in crisi"),
        ("es", "Terremoto en MÉXICO: caída de árboles", "Terremoto en MEXICO: caída de árboles"),
    ],
)
def test_a_word_spelled_otherwise_is_the_same_word(language: str, early: str, late: str) -> None:
    assert doubt(language, early, late) == doubt(language, late, early) == ""


@pytest.mark.parametrize(("hours", "told"), [(3, False), (17, False), (24, True)])
def test_the_same_headline_a_day_later_may_tell_of_another(hours: float, told: bool) -> None:
    title = "Strong earthquake shakes eastern Taiwan"
    assert ("happened again" in doubt("en", title, title, hours)) is told


@pytest.mark.parametrize(
    ("language", "title", "told"),
    [
        ("en", "Strong earthquake of magnitude 6.2 shakes eastern Taiwan", True),
        ("en", "North Korea fires 2 ballistic missiles", True),
        ("en", "Taiwan detects 12 Chinese aircraft", True),
        ("en", "Students kidnapped from boarding school in Nigeria, governor says", True),
        ("en", "IAEA says power line to Ukrainian nuclear plant has been cut, backup in use", True),
        ("en", "Heatwave pushes temperatures to record high in Delhi as schools are shut", True),
        ("ru", "Воздушная тревога объявлена в Киеве и большинстве областей, сообщают власти", True),
        ("ru", "В Белгороде и области объявлена ракетная опасность, всех просят в укрытия", True),
        (
            "sv",
            "Flyglarm i stora delar av Ukraina, alla uppmanas att gå till skyddsrummen",
            True,
        ),
        ("zh", "多架次解放军军机越过台海中线 台防务部门称密切监控并派机舰应对 局势持续紧张", True),
        ("ja", "中国軍機が台湾海峡の中間線を越える、台湾国防部が発表し警戒を続けて", True),
        ("en", "Air raid alert across Ukraine over threat of missiles, air force says", True),
        ("en", "Blasts heard in Tehran as air defences are activated, media report", True),
        ("en", "Power outage leaves 2 million in the dark in Kyiv", True),
        ("en", "Coup attempt under way as soldiers surround the palace, residents say", True),
        ("bg", "Силно земетресение разтърси централна България и съседните държави", True),
        ("ja", "北朝鮮が弾道ミサイルの可能性があるもの発射、すでに落下と推定　防衛省が発表", True),
        ("en", "Premier meets farmers in Oslo", True),
        ("ja", "首相がオスロで農家と会談", True),
        ("ru", "Путин и Трамп поговорили по телефону", True),
        ("en", "North Korea sends balloons", True),
        ("en", "Thousands of protesters take to the streets of Tbilisi for another night", True),
        ("de", "Warnstreik bei der Bahn legt den Fernverkehr in ganz Deutschland lahm", True),
        ("en", "Hundreds of flights cancelled as snow and ice hit airports in Germany", True),
        ("ja", "尖閣諸島周辺の接続水域に中国海警局の船が航行、4隻とも機関砲を搭載", True),
        ("id", "Siswa keracunan makan bergizi di Kabupaten Bandung Barat, kata pemerintah", True),
        ("ar", "انقطاع الكهرباء عن مناطق واسعة في العاصمة السودانية الخرطوم بحسب الوزارة", True),
        (
            "fr",
            "Le trafic des trains interrompu entre Lyon et Dijon, annonce la direction",
            True,
        ),
        (
            "de",
            "Bahnstrecke zwischen Hamburg und Berlin wegen Kabelbrands unterbrochen",
            True,
        ),
        ("en", "Commuter trains crowded again in Oslo as winter sets in up in the north", True),
        ("en", "Premier meets 40 farmers in Oslo", False),
        ("en", "Swedish premier meets farmers who block the road to the port of Oslo", False),
        ("en", "Asian shares slip after weak data from China, 3rd fall in a week", False),
        ("ja", "首相がオスロで農家と会談 港への道の封鎖を解くよう求める", False),
        ("ja", "日経平均は3日ぶり反発、金利低下を好感 中東不透明感はくすぶる", False),
        ("ja", "米AI新興ウィスパー・フロー、評価額20億ドルに 9カ月で3倍弱", False),
    ],
)
def test_a_headline_is_of_one_day_only_if_it_is_long_and_no_danger(
    language: str, title: str, told: bool
) -> None:
    assert ("happened again" in doubt(language, title, title, 24)) is told


def test_not_so_where_the_same_text_is_sent_again() -> None:
    title = "Strong earthquake shakes eastern Taiwan"
    text = (
        "A strong earthquake shook buildings in the east of Taiwan early on Tuesday, police said."
    )
    late, early = watched(title, "en", 24, text), watched(title, "en", 0, text)
    assert earned(late, early, SURE) == SURE


def test_numbers_and_parts_of_them_are_read() -> None:
    sent = "La Corée du Nord livre trois millions et 2 000 à la Russie"
    assert first_unread(watched(sent, "fr")) == ""


@pytest.mark.parametrize(
    ("early", "late"),
    [
        pytest.param("Putin invites Kim", "Kim invites Putin", id="who does it to whom"),
        pytest.param("Putin shuns Kim at talks", "Kim shuns Putin at talks", id="an unread act"),
        pytest.param(
            "Putin meets Kim, Xi meets Modi", "Putin meets Modi, Xi meets Kim", id="pairs"
        ),
        pytest.param(
            "Kim, Xi meet in Kursk and Kyiv", "Kim, Xi meet in Kyiv and Kursk", id="where"
        ),
    ],
)
def test_any_other_order_of_the_same_words_may_be_news(early: str, late: str) -> None:
    assert doubt("en", early, late) == ", but words in another order"


PARTS = [
    "Kim",
    "meets",
    "strikes",
    "not",
    "in",
    "-",
    "|",
    "?",
    "port",
    "airport",
    "7",
    "会談",
    "か",
]
TITLES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=8).map(" ".join)


@given(TITLES, st.sampled_from(["en", "de", "ja", "ar", None]))
def test_a_title_repeats_itself(title: str, language: str) -> None:
    assert doubt(language, title, title) == ""


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["en", "id", "xx"]))
def test_any_two_titles_are_judged(early: str, late: str, language: str) -> None:
    assert isinstance(doubt(language, early, late), str)


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("id", "Bupati Tidak Hadiri Rapat Nelayan", "Bupati Tak Hadiri Rapat Nelayan"),
        ("ms", "Menteri tak hadiri mesyuarat nelayan", "Menteri tidak hadiri mesyuarat nelayan"),
        ("id", "Gempa M 6,1 Guncang Maluku Tengah", "Gempa Magnitudo 6,1 Guncang Maluku Tengah"),
        ("en", "M 5.8 quake shakes Ambon harbour", "Magnitude 5.8 quake shakes Ambon harbour"),
        ("id", "Korea Utara Tembakkan Rudal ke Laut", "Korut Tembakkan Rudal ke Laut"),
        ("id", "Korsel Larang Kapal Nelayan", "Korea Selatan Larang Kapal Nelayan"),
    ],
)
def test_another_word_for_the_same_is_no_news(language: str, early: str, late: str) -> None:
    assert doubt(language, early, late) == doubt(language, late, early) == ""


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("id", "Bupati Hadiri Rapat Nelayan", "Bupati Tak Hadiri Rapat Nelayan"),
        ("id", "Bupati Tidak Hadiri Rapat Nelayan", "Bupati Hadiri Rapat Nelayan"),
        ("id", "Bupati Belum Hadiri Rapat Nelayan", "Bupati Tidak Hadiri Rapat Nelayan"),
        ("id", "Korea Utara Larang Kapal Nelayan", "Korea Selatan Larang Kapal Nelayan"),
    ],
)
def test_a_word_for_something_else_is_news(language: str, early: str, late: str) -> None:
    assert doubt(language, early, late)
