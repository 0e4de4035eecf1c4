"""Summits of two leaders, as the example watchlist finds them: who meets, where, and who not."""

import pytest
from example_topics import ARMS, SEEN, SUMMIT, topics_of, watchlist

from watcher.model import Entry


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Kim Jong Un visits Russian embassy in Pyongyang to mark Victory Day"),
        ("ko", "김정은, 주북 러시아 대사관 방문해 전승절 축하"),
        ("fi", "Kim Jong-un tapasi Venäjän kulttuuriministerin Pjongjangissa"),
        ("he", "קים ג'ונג און נפגש עם שרת התרבות של רוסיה"),
    ],
)
def test_an_embassy_or_a_minister_is_no_summit(language: str, title: str) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Kim Jong Un meets families of fallen soldiers sent to Russia"),
        ("en", "Kim Jong Un decorates troops who returned home from Russia"),
        ("en", "Kim weeps as coffins of troops return from Russia"),
        ("en", "Kim Jong Un welcomes workers back from Russia"),
        ("ko", "김정은, 러시아 파병 전사자 유족 만나"),
        ("ru", "Ким Чен Ын встретил сапёров, вернувшихся из России"),
        ("pl", "Kim Dzong Un spotkał się z rodzinami żołnierzy poległych w Rosji"),
        ("de", "Kim Jong Un besucht russische Botschaft"),
    ],
)
def test_whom_kim_receives_at_home_is_no_summit(language: str, title: str) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("cs", "Putin letí do KLDR"),
        ("ru", "Путин летит в КНДР"),
        ("es", "Putin vuela a Corea del Norte"),
        ("vi", "Putin sang Triều Tiên"),
        ("sr", "Putin stiže u Severnu Koreju"),
        ("lt", "Putinas vyksta į Šiaurės Korėją"),
        ("lv", "Putins dodas uz Ziemeļkoreju"),
        ("no", "Kim Jong-un drar til Russland"),
        ("ko", "김정은 러시아 입국"),
        ("ja", "金正恩氏がロシア入国"),
    ],
)
def test_everyday_words_for_going_are_a_journey_beside_the_place(language: str, title: str) -> None:
    assert topics_of(title, language) == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh", "金正恩列车进入俄罗斯境内"),
        ("zh", "金正恩列车驶进俄罗斯"),
        ("zh", "金正恩列車進俄羅斯"),
        ("zh", "载有金正恩的列车进入俄罗斯"),
        ("zh", "金正恩坐火车去俄罗斯"),
        ("zh", "金正恩搭火車往俄羅斯"),
        ("ko", "김정은, 열차 타고 러시아로"),
        ("ko", "김정은 러 열차 이동"),
        ("ko", "김정은 장갑열차, 러시아 하산역에"),
        ("ko", "김정은 전용열차 러시아 진입"),
        ("ja", "金総書記の列車がロシアの駅を通過"),
        ("ja", "金正恩氏、露へ列車が通過"),
        ("ja", "金正恩氏の列車、ロシアに"),
    ],
)
def test_a_train_of_kims_is_a_journey_beside_russia(language: str, title: str) -> None:
    assert topics_of(title, language) == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh", "金正恩 俄罗斯列车出轨 深表悲痛"),
        ("zh", "金正恩:俄羅斯火車爆炸令人痛心"),
        ("ko", "김정은, 러 열차 탈선에 애도"),
        ("ko", "김정은, 러시아 열차 폭발 사고 애도"),
        ("ja", "金正恩氏、ロシアで列車が脱線し哀悼"),
        ("zh", "金正恩视察火车站 俄罗斯援建"),
        ("zh", "金正恩視察火車站 俄羅斯援建"),
        ("zh", "金正恩为列车站剪彩 俄罗斯援建"),
    ],
)
def test_an_accident_or_a_station_of_trains_is_no_journey(language: str, title: str) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Putin in Pyongyang: what to know"),
        ("en", "Kim Jong Un in Russia: live updates"),
        ("ru", "Путин в Пхеньяне: главное"),
        ("pl", "Putin w Pjongjangu"),
        ("ar", "كيم جونغ أون في روسيا"),
    ],
)
def test_who_is_in_the_others_country_needs_no_word_for_a_visit(language: str, title: str) -> None:
    assert topics_of(title, language) == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Putin in North Korea - arms and oil top agenda"),
        ("en", "Putin in North Korea – Deal or no deal?"),
        ("en", "Putin in North Korea – sanctions be damned"),
        ("en", "Kim Jong Un in Russia — Ukraine watches closely"),
        ("en", "Kim Jong Un in Russia - deal with Moscow expected"),
        ("ru", "Путин в КНДР — популярные вопросы"),
    ],
)
def test_what_stands_behind_a_dash_is_no_part_of_the_places_name(language: str, title: str) -> None:
    assert topics_of(title, language) == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Putin in North Korea Row With Seoul"),
        ("en", "Putin in North Korea Policy Shift"),
        ("en", "Kim Jong Un in Russia Pact: What to Know"),
        ("en", "Kim Jong Un in Russia-Ukraine war: what role?"),
        ("ru", "Путин в КНДР популярен"),
        ("ru", "Путина в КНДР любят"),
    ],
)
def test_a_place_in_a_name_is_no_place_in_capitals_either(language: str, title: str) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("uk", "Путін та Кім Чен Ин домовилися про допомогу військовим"),
        ("uk", "Кім пообіцяв Путіну допомогу військовими"),
        ("uk", "Путін і Кім: чого чекати військовим"),
        ("uk", "Путін і Кім уклали договір: він може стати військовим союзом"),
        ("uk", "Кім і Путін обмінялися військовими подарунками"),
        ("tr", "Putin ve Kim anlaşma imzaladı: 2 bin askeri araç"),
    ],
)
def test_what_is_military_and_no_soldier_of_kims_does_not_silence_the_two(
    language: str, title: str
) -> None:
    assert SUMMIT in topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Kim Jong Un heads home with drones from Russia"),
        ("lv", "Kims Čenuns atgriežas mājās no Krievijas"),
    ],
)
def test_kim_who_comes_home_from_russia_has_been_there(language: str, title: str) -> None:
    assert topics_of(title, language) == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("cs", "Kim Čong-un poblahopřál Putinovi ke Dni Ruska"),
        ("el", "Ο Κιμ Γιονγκ Ουν συνεχάρη τον Πούτιν για την επανεκλογή του"),
        ("uk", "Путін привітав Кім Чен Ина з днем народження"),
        ("zh", "金正恩电贺普京当选连任"),
        ("be", "Кім Чэн Ын павіншаваў Пуціна з Днём Расіі"),
        ("uk", "Путін написав листи Кіму"),
        ("ja", "金正恩氏、プーチン氏の誕生日を祝福"),
    ],
)
def test_who_congratulates_has_not_come(language: str, title: str) -> None:
    assert not topics_of(title, language)


def test_the_genitive_of_pyongyang_is_not_taken_for_its_dative() -> None:
    title = "Зброя з Пхеньяну до Москви: розвідка нарахувала десятки поставок"

    assert topics_of(title, "uk") == {ARMS}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ru", "Ким Чен Ын прибыл в Россию с рабочим визитом"),
        ("ru", "Ким Чен Ын прибыл в Россию на семь дней"),
        ("en", "Kim Jong Un arrives in Russia, greeted by governor"),
        ("en", "Kim Jong Un crosses into Russia by train, met by Russian governor"),
        ("en", "Workers' Party leader Kim Jong Un arrives in Russia"),
        ("ko", "김정은, 러시아 도착…주지사 영접"),
        ("de", "Kim Jong Un reist nach Russland: Das ist die Botschaft"),
    ],
)
def test_whoever_greets_kim_in_russia_he_has_come(language: str, title: str) -> None:
    assert topics_of(title, language) == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Reps. Ann Wagner, Young Kim visit Taiwan"),
        ("id", "Wagner bertemu Kim di final"),
        ("ru", "Юлий Ким в Москве отметил 88-летие"),
        ("ru", "Спецпредставитель Путина в КНДР"),
        ("it", "L'inviato di Putin a Pyongyang"),
        ("en", "Putin meets North Korea's Choe in Kremlin"),
        ("ru", "Путин: в КНДР понимают позицию России"),
        ("ko", '푸틴 "북한서 배울 점 많다"'),
        ("tr", "Kim, Rusya'da ölen askerleri andı"),
    ],
)
def test_a_namesake_an_envoy_or_a_quotation_is_no_summit(language: str, title: str) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "N. Korea's Choe meets Putin in Moscow"),
        ("en", "N. Korean FM Choe meets with Putin in Moscow"),
        ("en", "DPRK's Choe meets Putin"),
        ("en", "Pyongyang's Choe meets Putin"),
        ("en", "NKorean FM Choe holds talks with Putin"),
        ("en", "Putin, Choe discuss North Korea ties at meeting"),
        ("en", "Putin hosts North Korea's foreign minister Choe"),
        ("de", "Putin empfängt Nordkoreas Ministerin Choe"),
        ("de", "Nordkoreas Chefdiplomatin Choe trifft Putin"),
        ("fr", "Poutine reçoit la Nord-Coréenne Choe à Moscou"),
        ("fr", "Poutine reçoit la ministre nord-coréenne Choe"),
        ("es", "Putin se reúne con la norcoreana Choe en el Kremlin"),
        ("it", "Putin riceve la ministra nordcoreana Choe"),
        ("pt", "Putin recebe a norte-coreana Choe em Moscovo"),
        ("nl", "Poetin ontvangt Noord-Koreaanse minister Choe"),
        ("ro", "Putin s-a întâlnit cu nord-coreeana Choe"),
        ("tr", "Putin, Kuzey Koreli Choe ile görüştü"),
        ("sv", "Putin tar emot Nordkoreas utrikesminister Choe"),
    ],
)
def test_putin_with_minister_choe_is_no_summit_in_any_language(language: str, title: str) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Putin to visit North Korea, Lavrov says"),
        ("en", "Lavrov: Putin's visit to North Korea to take place soon"),
        ("en", "Putin may visit Pyongyang this month, Shoigu says"),
        ("en", "Choe Son Hui hosts Lavrov ahead of Putin's Pyongyang visit"),
        ("ko", '라브로프 "푸틴 방북 곧 이뤄질 것"'),
        ("ja", "プーチン氏訪朝は近い ラブロフ外相"),
        ("zh", "拉夫罗夫：普京访朝在即"),
        ("en", "Putin aide: Putin to visit North Korea, says Shoigu"),
        ("en", "Putin aide Ushakov: Putin visit to North Korea set; Lavrov to join"),
    ],
)
def test_an_envoy_may_announce_a_visit_of_putins(language: str, title: str) -> None:
    assert topics_of(title, language) == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Putin aide Shoigu visits North Korea"),
        ("en", "Putin sends Lavrov on visit to North Korea"),
        ("en", "Lavrov visits North Korea, meets Choe Son Hui, conveys Putin's greetings"),
        ("ru", "Лавров прибыл с визитом в КНДР, передал привет от Путина"),
        ("ko", "푸틴 측근 쇼이구 방북"),
        ("en", "Putin envoy visits Pyongyang: Lavrov meets Choe"),
        ("en", "Putin aide visits North Korea; Shoigu carries letter"),
        ("ja", "プーチン側近の訪朝 ショイグ氏"),
        ("zh", "普京密友访朝 绍伊古"),
        ("zh", "普京助手访朝：绍伊古"),
        ("zh", "普丁派蕭依古訪朝"),
        ("ru", "Посланник Путина прибыл в Пхеньян: Шойгу на переговорах"),
        ("es", "El enviado de Putin llega a Pyongyang: Shoigú"),
        ("id", "Utusan Putin Tiba di Pyongyang, Shoigu Bertemu Menhan"),
        ("ar", "مبعوث بوتين يصل إلى بيونغ يانغ شويغو"),
        ("vi", "Đặc phái viên của ông Putin tới Triều Tiên: ông Shoigu"),
        ("de", "Putin-Vertrauter auf Nordkoreareise: Schoigu in Pjöngjang"),
        ("ja", "プーチン政権の訪朝団 ラブロフ氏"),
        ("en", "Putin hosts visiting North Korea FM Choe"),
        ("zh", "普京接见到访的朝鲜外相"),
    ],
)
def test_a_visit_of_an_envoy_is_none_of_putins(language: str, title: str) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ru", "Шойгу по поручению Путина прилетел в Пхеньян"),
        ("ru", "Матвиенко от имени Путина прибыла в Пхеньян"),
        ("de", "Im Auftrag Putins reist Schoigu nach Nordkorea"),
        ("fa", "به دستور پوتین شویگو به کره شمالی سفر کرد"),
        ("en", "After meeting Putin, Lukashenko travels to North Korea"),
        ("es", "Tras reunirse con Putin, Lukashenko viaja a Corea del Norte"),
        ("ar", "بعد لقاء بوتين لوكاشينكو يزور كوريا الشمالية"),
        ("id", "Usai bertemu Putin, Lukashenko kunjungi Korea Utara"),
    ],
)
def test_a_journey_of_whom_putin_sends_meets_or_hears_is_none_of_his(
    language: str, title: str
) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Putin to travel to North Korea after meeting Xi"),
        ("en", "Putin to visit North Korea, Lukashenko says after talks with Putin"),
        ("en", "Trump after meeting Putin says Russian leader will visit North Korea"),
        ("id", "Putin akan kunjungi Korea Utara, kata Xi usai bertemu Putin"),
        ("fr", "Poutine se rendra en Corée du Nord, dit Xi après une rencontre avec Poutine"),
        ("en", "After meeting Xi, Putin travels to North Korea"),
        ("ru", "После встречи с Си Путин прилетел в Пхеньян"),
        ("de", "Nach Treffen mit Xi reist Putin nach Nordkorea"),
        ("de", "Agentur berichtet: Putin reist nach Nordkorea"),
    ],
)
def test_putin_may_meet_another_before_his_journey(language: str, title: str) -> None:
    assert topics_of(title, language) == {SUMMIT}


def test_kims_troops_in_russia_are_not_kim() -> None:
    assert not topics_of("Kim's troops in Russia: what we know", "en")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Putin arrives in North Korea; President Lee hopes for dialogue"),
        ("en", "Putin visits North Korea as Yoon calls emergency meeting"),
        ("vi", "Tổng thống Yoon lên án chuyến thăm Triều Tiên của Putin"),
        ("en", "Putin to visit North Korea soon, Choe told in Moscow"),
        ("en", "Kim Jong Un arrives in Vladivostok by Choe Sang-Hun"),
        ("en", "Putin arrives in North Korea, reports Choe Sang-hun"),
        ("en", "By CHOE SANG-HUN: Putin arrives in North Korea"),
        ("en", "Putin arrives in Pyongyang, greeted by FM Choe"),
        ("en", "Putin lands in Pyongyang with Lavrov and Belousov in tow"),
        ("en", "Putin, ministers visit North Korea; Lavrov, Belousov in delegation"),
        ("fr", "Poutine atterrit à Pyongyang, accueilli par Choe Son-hui"),
        ("es", "Putin aterriza en Pyongyang, recibido por la canciller Choe"),
        ("de", "Putin besucht Nordkorea, Lawrow begleitet ihn"),
        ("ru", "Путин прибыл в Северную Корею, с ним Лавров"),
        ("ar", "بوتين يصل إلى بيونغ يانغ ولافروف يرافقه"),
        ("ja", "プーチン氏が平壌到着、崔善姫外相が出迎え"),
        ("ko", "푸틴 평양 도착…최선희 외무상이 영접"),
        ("en", "Putin visits North Korea; Trump reacts"),
        ("de", "Selenskyj kritisiert Putins Besuch in Nordkorea"),
        ("fr", "Zelensky fustige la visite de Poutine en Corée du Nord"),
        ("ko", "젤렌스키, 푸틴 방북 비판"),
        ("ja", "トランプ氏、プーチン氏の訪朝に言及"),
        ("zh", "普丁訪平壤 李在明表關切"),
        ("zh", "普京抵平壤 崔善姬接机"),
        ("ko", '이 대통령 "푸틴 평양行 예의주시"'),
    ],
)
def test_who_comments_on_a_visit_takes_no_part_in_it(language: str, title: str) -> None:
    assert topics_of(title, language) == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Lee Jae-myung calls Putin's North Korea visit a threat"),
        ("en", "Analysis: Putin's Pyongyang trip rattles Seoul; President Yoon convenes council"),
        ("en", "Kim Jong Un in Russia, Yoon warns of grave consequences"),
        ("ko", '이재명 대통령 "푸틴 방북 예의주시"'),
        ("ko", "윤석열 대통령, 푸틴 북한 방문에 우려 표명"),
        ("ja", "尹大統領、プーチン氏の訪朝を非難"),
        ("ja", "プーチン大統領が北朝鮮訪問、李在明大統領は懸念表明"),
        ("zh", "普京访问朝鲜 李在明表示关切"),
        ("zh", "尹锡悦谴责普京访朝"),
        ("fr", "Yoon Suk Yeol dénonce le voyage de Poutine en Corée du Nord"),
        ("de", "Südkoreas Präsident Lee kritisiert Putins Besuch in Nordkorea"),
        ("de", "Lee Jae Myung kritisiert Putins Nordkorea-Reise"),
        ("ru", "Ли Чжэ Мён осудил визит Путина в КНДР"),
        ("en", "Visit by Putin to North Korea worries Lee Jae-myung"),
        ("es", "Yoon Suk-yeol condena la visita de Putin a Corea del Norte"),
        ("id", "Kunjungan Putin ke Korea Utara dikecam Yoon Suk Yeol"),
        ("en", "Putin holds summit in North Korea, Yoon voices concern"),
        ("en", "Yoon slams Putin's summit in Pyongyang"),
        ("de", "Yoon verurteilt Putins Gipfel in Nordkorea"),
        ("sv", "Yoon fördömer Putins toppmöte i Nordkorea"),
        ("ko", '푸틴, 북한서 정상회담…윤 대통령 "규탄"'),
        ("ko", "푸틴, 평양에서 정상회담…이재명 대통령 우려"),
        ("ja", "プーチン氏、平壌で首脳会談 尹大統領は非難"),
        ("zh", "普京在平壤举行会谈 尹锡悦谴责"),
        ("en", "President Yoon calls Putin-North Korea summit 'anachronistic'"),
        ("en", "Seoul's Yoon blasts Putin over treaty signed at Pyongyang summit"),
        ("de", "Yoon: Putins Treffen mit Nordkorea ist Provokation"),
        ("fr", "Yoon dénonce la rencontre de Poutine avec Pyongyang"),
        ("es", "Yoon condena la reunión de Putin con Corea del Norte"),
        ("ru", "Юн Сок Ёль осудил встречу Путина с руководством КНДР"),
        ("id", "Yoon Kecam Pertemuan Putin dengan Korut"),
        ("tr", "Yoon, Putin'in Pyongyang'daki görüşmelerini kınadı"),
        ("ko", '푸틴, 북한과 회담…윤 대통령 "강력 규탄"'),
        ("ja", "プーチン氏、北朝鮮と首脳会談 尹大統領は非難"),
        ("zh", "普京与朝鲜举行会谈 尹锡悦谴责"),
    ],
)
def test_south_koreas_president_may_speak_of_a_visit(language: str, title: str) -> None:
    assert topics_of(title, language) == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Lee Jae-myung and Putin discuss North Korea at summit"),
        ("en", "Putin hosts South Korea's president Moon Jae-in for talks on North Korea"),
        ("en", "Yoon meets Putin on sidelines, discusses North Korea"),
        ("en", "Lee Jae-myung holds phone talks with Putin on North Korea"),
        ("en", "Moon Jae-in and Putin discuss crisis in North Korea at summit"),
        ("en", "Yoon meets Putin to discuss human rights in North Korea"),
        ("en", "Putin and Moon Jae-in hold talks on the situation in North Korea"),
        ("en", "Putin congratulates Moon Jae-in on summit in Pyongyang"),
        ("en", "Putin, Moon Jae-in discuss inter-Korean summit in Pyongyang"),
        ("ja", "文在寅大統領、平壌で首脳会談 プーチン氏も歓迎"),
        ("zh", "文在寅在平壤会谈 普京表示欢迎"),
        ("ko", "이재명 대통령, 푸틴과 회담…북한서 억류된 국민 논의"),
        ("ja", "李在明大統領とプーチン氏が会談 北朝鮮での拘束を協議"),
        ("de", "Südkoreas Präsident Moon trifft Putin zu Gesprächen über Nordkorea"),
        ("de", "Putin empfängt Südkoreas Präsidenten Moon Jae In, Thema Nordkorea"),
        ("fr", "Moon Jae-in rencontre Poutine à Vladivostok, la Corée du Nord au menu"),
        ("es", "Moon Jae-in y Putin se reúnen para tratar la crisis de Corea del Norte"),
        ("it", "Putin incontra Moon Jae-in: colloqui sulla Corea del Nord"),
        ("pt", "Putin e Moon Jae-in reúnem-se para discutir Coreia do Norte"),
        ("ru", "Путин и Мун Чжэ Ин обсудили КНДР на встрече во Владивостоке"),
        ("uk", "Путін зустрівся з Мун Чже Іном: говорили про КНДР"),
        ("pl", "Putin spotkał się z Moon Jae-inem, rozmawiali o Korei Północnej"),
        ("cs", "Putin jednal s Mun Če-inem o Severní Koreji"),
        ("nl", "Poetin ontmoet Moon Jae-in in Vladivostok over Noord-Korea"),
        ("sv", "Putin träffar Moon Jae-in för samtal om Nordkorea"),
        ("tr", "Putin, Moon Jae-in ile Kuzey Kore'yi görüştü"),
        ("id", "Putin bertemu Moon Jae-in bahas Korea Utara"),
        ("vi", "Putin gặp Moon Jae-in bàn về Triều Tiên"),
        ("th", "ปูตินพบมุนแจอิน หารือปัญหาเกาหลีเหนือ"),
        ("ar", "بوتين يلتقي مون جاي إن لبحث أزمة كوريا الشمالية"),
        ("fa", "دیدار پوتین با مون جائه این درباره کره شمالی"),
        ("hi", "पुतिन ने मून जे इन से मुलाकात की, उत्तर कोरिया पर चर्चा"),
        ("ko", "이재명 대통령, 푸틴과 회담…북한 문제 논의"),
        ("ko", '李대통령, 푸틴과 통화…"북한 대화 복귀 역할 당부"'),
        ("ko", "文대통령, 푸틴과 정상회담…북한 비핵화 논의"),
        ("ko", "문재인-푸틴 정상회담, 북한 비핵화 논의"),
        ("ja", "李在明大統領、プーチン大統領と会談 北朝鮮情勢を協議"),
        ("zh", "文在寅与普京会谈 讨论朝鲜问题"),
        ("zh", "韩国总统李在明会晤普京 吁俄助劝朝鲜"),
    ],
)
def test_putin_with_south_koreas_president_is_another_summit(language: str, title: str) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "Moon Jae-in and Kim walk across the border",
            "Putin praised the summit and invited both Koreas, North Korea first, to a forum.",
        ),
    ],
)
def test_a_title_of_south_koreas_president_and_one_of_the_two_is_of_others(
    title: str, summary: str
) -> None:
    assert not watchlist().read(Entry("1", title, SEEN, summary, language="en")).matches


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "President Lee Jae-myung warns Putin",
            "Putin arrived in Pyongyang for talks with Kim Jong Un on Tuesday.",
        ),
        (
            "Kim's trip alarms Yoon Suk Yeol",
            "Kim Jong Un is in Vladivostok, where he will meet Putin.",
        ),
        (
            "Putin's trip alarms Yoon",
            "The Russian leader is visiting North Korea for the first time in 24 years.",
        ),
        ("Yoon warns Kim", "Kim Jong Un arrived in Russia on Tuesday by armoured train."),
    ],
)
def test_what_the_summary_says_of_the_two_counts_under_a_title_of_south_koreas(
    title: str, summary: str
) -> None:
    reading = watchlist().read(Entry("1", title, SEEN, summary, language="en"))

    assert {match.topic for match in reading.matches} == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title", "summary"),
    [
        (
            "en",
            "Treaty signed in Pyongyang: what it says",
            (
                "The two leaders promised mutual help. Putin praised North Korea. South Korea's "
                "President Yoon Suk Yeol called it an anachronism."
            ),
        ),
        (
            "de",
            "Beistandspakt in Pjöngjang unterzeichnet",
            (
                "Die beiden Staatschefs besiegelten den Vertrag. Südkoreas Präsident Yoon "
                "verurteilte ihn. Putin lobte Nordkorea."
            ),
        ),
        (
            "ru",
            "В Пхеньяне подписан договор",
            (
                "Лидеры двух стран поставили подписи. Юн Сок Ёль осудил документ. Путин "
                "поблагодарил КНДР."
            ),
        ),
    ],
)
def test_a_treaty_of_the_two_leaders_stays_theirs_whoever_condemns_it_in_another_sentence(
    language: str, title: str, summary: str
) -> None:
    reading = watchlist().read(Entry("1", title, SEEN, summary, language=language))

    assert {match.topic for match in reading.matches} == {SUMMIT}


@pytest.mark.parametrize("byline", ["By Christy Choe", "By Sang-Hun Choe, SEOUL"])
def test_a_reporter_of_the_ministers_surname_silences_no_arrival(byline: str) -> None:
    reading = watchlist().read(
        Entry("1", "Putin arrives in North Korea for state visit", SEEN, byline, language="en")
    )

    assert {match.topic for match in reading.matches} == {SUMMIT}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ru", "Пассажирский поезд Москва — Пхеньян отправился в первый рейс"),
        ("en", "First direct Moscow–Pyongyang train departs"),
        ("zh", "金正恩视察列车工厂 俄罗斯专家陪同"),
        ("zh", "金正恩批评列车晚点 俄罗斯游客滞留"),
        ("uk", "Кім Чен Ин зустрівся з військовими, які воювали за Росію"),
        ("en", "PUTIN IN NORTH KOREA ARMS ROW"),
        ("ru", "Книги Путина в КНДР популярны"),
    ],
)
def test_trains_soldiers_and_books_are_no_journey_of_the_two(language: str, title: str) -> None:
    assert not topics_of(title, language)


def test_where_kim_appears_is_enough_in_chinese() -> None:
    assert topics_of("金正恩现身符拉迪沃斯托克火车站", "zh") == {SUMMIT}


def test_no_list_alone_is_enough_for_the_summit() -> None:
    """To match the same list would tie hardly any two reports: each would ring by itself."""
    assert not watchlist().is_broad([SUMMIT])


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Kim meets Putin: a message to Seoul"),
        ("en", "Putin-Kim summit sends message, says Blinken"),
        ("ja", "プーチン氏と金氏が会談、米国へのメッセージ"),
        ("ko", "김정은·푸틴 정상회담, 미국에 보내는 메시지"),
    ],
)
def test_a_message_that_a_meeting_sends_is_no_letter(language: str, title: str) -> None:
    assert SUMMIT in topics_of(title, language)
