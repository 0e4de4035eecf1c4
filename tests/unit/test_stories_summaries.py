"""Of two reports under one headline: what the later summary tells alone."""

from datetime import UTC, datetime, timedelta

import pytest

from watcher.model import Entry, Evidence, Field, Match, Reading, Relation, Rule
from watcher.stories.assign import assign
from watcher.stories.signature import Member, Signature, sign
from watcher.stories.summaries import summary_adds, tells_beside, tells_of_another

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
HEADLINE = "Kim Jong Un and Putin hold talks"
BEGUN = "Talks began in Vladivostok on Tuesday, 3 March."
KIM = Evidence("kim", "Kim", "Kim", Field.TITLE, 0, 3, Rule.EXACT)


def signed(summary: str, hours: float = 0, language: str = "en") -> Signature:
    entry = Entry("x", HEADLINE, NOON + timedelta(hours=hours), outlet="One", summary=summary)
    return sign(entry, Reading(language, (KIM,), (Match("summit", (KIM,), (Field.TITLE, 0, 1)),)))


TELLS_MORE = [
    ("Gunmen opened fire on the two leaders; 5 people were killed.", "5"),
    ("Both leaders watched as eight missiles were fired.", "8"),
    ("Gunmen opened fire on the two leaders; 12 people were killed.", "12"),
    ("The two leaders spoke of 2,000 containers that had crossed the border.", "2,000"),
    ("The Kremlin denied reports that the two leaders had met.", "deny"),
    ("The leaders sat down in Beijing on 5 March.", "another day"),
    ("The leaders will sit down on Thursday, officials said.", "another day"),
    ("Correction: the leaders sit down tomorrow, not today.", "correction"),
    ("Iran took part in the talks of the two leaders in Vladivostok.", "Iran"),
]
#: What nobody may miss who has read but the headline.
GRAVE = [
    ("en", "Two of their guards were killed, an aide said.", "die"),
    ("en", "2 killed.", "die"),
    ("en", "Police arrested 23 of the onlookers, an aide said.", "arrest"),
    ("en", "Iran claimed responsibility for the blast on the eve, an aide said.", "claim"),
    ("id", "Dua pengawal tewas, kata seorang pembantu.", "die"),
    ("ru", "Двое охранников погибли, сообщил помощник.", "die"),
    ("fr", "Les pompiers ont évacué 23 personnes, selon un conseiller.", "rescue"),
    ("en", "The quake brought down a building, trapping people inside.", "peril"),
    ("en", "There are no survivors, the airline said.", "die"),
    ("de", "Der Lokführer und zwei Fahrgäste starben.", "die"),
    ("de", "Mehrere Arbeiter sind verschüttet.", "peril"),
    ("id", "Ratusan rumah roboh, banyak warga tertimbun.", "peril"),
    ("es", "El Gobierno decreta el estado de excepción.", "peril"),
    ("fr", "Plusieurs alpinistes sont portés disparus.", "peril"),
    ("pt", "Segundo a companhia, não há sobreviventes.", "die"),
    ("it", "Due operai sono intrappolati sotto le macerie.", "peril"),
    ("nl", "Drie bergbeklimmers zijn vermist.", "peril"),
    ("pl", "Dwóch górników jest uwięzionych pod ziemią.", "peril"),
    ("cs", "Dva horolezci jsou nezvěstní.", "peril"),
    ("sk", "Dvaja horolezci sú nezvestní.", "peril"),
    ("hu", "Két hegymászó eltűnt a hóban.", "peril"),
    ("ro", "Doi alpiniști au fost dați dispăruți.", "peril"),
    ("sv", "Tre klättrare är försvunna i snön.", "peril"),
    ("fi", "Kaksi kiipeilijää on kateissa.", "peril"),
    ("el", "Δύο ορειβάτες αγνοούνται στο βουνό.", "peril"),
    ("ru", "Под завалами остаются люди.", "peril"),
    ("uk", "Під завалами залишаються люди.", "peril"),
    ("ar", "لا يزال عمال عالقون تحت الأنقاض.", "peril"),
    ("fa", "دو کوهنورد مفقود شده‌اند.", "peril"),
    ("hi", "मलबे में कई लोग दबे हैं।", "peril"),
    ("ja", "胸から血を流して倒れ、心肺停止とみられる。", "peril"),
    ("ko", "작업자 다수가 고립됐다.", "peril"),
    ("zh", "多人被困井下。", "peril"),
    ("tr", "Enkaz altında çok sayıda işçi var.", "peril"),
    ("vi", "Nhiều công nhân mắc kẹt dưới hầm.", "peril"),
    ("en", "A coup is under way, the African Union said.", "coup"),
    ("en", "The cabinet declared war on Iran.", "war"),
    ("de", "Für zwei Wachen endete der Abend tödlich.", "die"),
    ("fr", "Deux pompiers n'ont pas survécu.", "die"),
    ("sv", "Statsministern avgår.", "resign"),
    ("no", "To personer dør.", "die"),
    ("cs", "USA v noci napadly Írán.", "attack"),
    ("sk", "V škole je streľba.", "attack"),
    ("nl", "De minister is opgestapt.", "resign"),
    ("pl", "Generałowie przejęli władzę.", "coup"),
    ("id", "Kudeta terjadi di ibu kota.", "coup"),
    ("fa", "تیراندازی در مدرسه‌ای رخ داد.", "attack"),
    ("ja", "反乱軍が政権を掌握した。", "coup"),
    ("ko", "군부가 권력 장악을 선언했다.", "coup"),
    ("zh", "军方夺取政权。", "coup"),
    ("id", "Banjir itu menewaskan 23 orang.", "die"),
    ("en", "The gunmen abducted 12 teachers.", "kidnap"),
    ("ko", "괴한들이 교사 12명을 납치했다.", "kidnap"),
]


@pytest.mark.parametrize(("summary", "named"), TELLS_MORE)
def test_a_summary_that_tells_more_says_what(summary: str, named: str) -> None:
    assert named in summary_adds(signed(summary, 48), signed(BEGUN))


@pytest.mark.parametrize(
    ("language", "early", "late", "named"),
    [
        (
            "fr",
            "La chambre a voté pour la réforme.",
            "La chambre a voté contre la réforme.",
            "contre",
        ),
        (
            "es",
            "El senado vota por las sanciones.",
            "El senado vota contra las sanciones.",
            "contra",
        ),
        ("de", "Die Rakete fiel ins Meer.", "Eine zweite Rakete fiel ins Meer.", "zweite"),
        ("ru", "Взрыв прогремел на заправке.", "Взрыв вновь прогремел на заправке.", "вновь"),
        ("tr", "Meclis reform için oy verdi.", "Meclis reforma karşı oy verdi.", "karşı"),
    ],
)
def test_a_word_that_ties_no_two_reports_may_part_their_summaries(
    language: str, early: str, late: str, named: str
) -> None:
    assert named in summary_adds(signed(late, 1, language), signed(early, 0, language))


@pytest.mark.parametrize(("summary", "named"), TELLS_MORE)
def test_an_equal_headline_silences_no_summary_that_tells_more(summary: str, named: str) -> None:
    late, early = signed(summary, 48), Member(1, 1, signed(BEGUN))
    made = assign(late, [early], window=timedelta(hours=72))
    assert made.relation is not Relation.COPY, named


def test_a_summary_that_is_a_correction_is_told_where_the_earlier_report_has_none() -> None:
    late = signed("Correction: the leaders sit down tomorrow, not today.", 1)
    assert summary_adds(late, signed("")) == "its summary is a correction"


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (BEGUN, BEGUN),
        (BEGUN, ""),
        (BEGUN, "Talks began in Vladivostok on 3 March, officials said."),
        ("", "Talks of the two leaders began in Vladivostok on 3 March, with 40 aides."),
        (BEGUN, "In Vladivostok the talks began on Tuesday, it is said"),
        (
            "The two leaders began their talks in Vladivostok on a cold...",
            "BY RAIL - The two leaders began their talks in Vladivostok on a cold day; 90 came",
        ),
    ],
)
def test_the_same_text_told_shorter_or_longer_adds_nothing(early: str, late: str) -> None:
    assert not summary_adds(signed(late, 1), signed(early))


BRIEF = "World news in brief"


def under_brief(summary: str, *lists: str, title: str = BRIEF) -> Signature:
    """Return an entry of which the summary alone says what is watched."""
    evidence = tuple(
        Evidence(name, name, name.capitalize(), Field.SUMMARY, 0, 1, Rule.EXACT) for name in lists
    )
    match = Match("summit", evidence, (Field.SUMMARY, 0, 1))
    reading = Reading("en", evidence, (match,), by_summary=frozenset({"summit"}))
    return sign(Entry("x", title, NOON, outlet="One", summary=summary), reading)


SHAKE = under_brief("Kim and Putin shake hands at the cosmodrome of Vostochny.", "kim", "putin")


@pytest.mark.parametrize(
    ("late", "why"),
    [
        pytest.param(
            under_brief("Kim and Putin toast their friendship over dumplings.", "kim", "putin"),
            "only the headline",
            id="other words",
        ),
        pytest.param(
            under_brief("Kim and Putin shake hands at the cosmodrome in Russia.", "kim", "russia"),
            "russia",
            id="another list",
        ),
        pytest.param(
            under_brief("At the cosmodrome of Vostochny Kim and Putin shake hands.", "kim"),
            "",
            id="the same words",
        ),
    ],
)
def test_a_headline_that_says_nothing_watched_makes_no_copy_of_another_report(
    late: Signature, why: str
) -> None:
    made = assign(late, [Member(1, 1, SHAKE)], window=timedelta(hours=72))

    assert why in tells_of_another(late, SHAKE)
    assert (made.relation is Relation.COPY) is not bool(why)


def test_a_headline_that_says_what_is_watched_needs_no_like_summary() -> None:
    early = signed("A cold wind blew over the platform.")

    assert not tells_of_another(signed("Crowds had gathered early."), early)


@pytest.mark.parametrize("early", ["", "VLADIVOSTOK"])
@pytest.mark.parametrize(("language", "summary", "act"), GRAVE)
def test_what_is_grave_is_told_though_the_earlier_entry_had_no_summary(
    early: str, language: str, summary: str, act: str
) -> None:
    late, first = signed(summary, 3, language), signed(early, 0, language)
    assert act in summary_adds(late, first)
    made = assign(late, [Member(1, 1, first)], window=timedelta(hours=72))
    assert made.relation is Relation.SAME


#: What is done before something else, and after it.
ORDERED = [
    ("ru", "Президент был в парламенте до выборов.", "Президент был в парламенте после выборов."),
    ("uk", "Президент був у парламенті до виборів.", "Президент був у парламенті після виборів."),
    ("en", "Parliament debates it before the vote.", "Parliament debates it after the vote."),
    ("de", "Das Parlament hat vor der Wahl beraten.", "Das Parlament hat nach der Wahl beraten."),
    ("fr", "Le parlement siège avant le vote.", "Le parlement siège après le vote."),
    ("es", "El parlamento debate antes del voto.", "El parlamento debate después del voto."),
    ("pt", "O parlamento debate antes das eleições.", "O parlamento debate após as eleições."),
    ("it", "Il parlamento discute prima del voto.", "Il parlamento discute dopo il voto."),
    ("pl", "Sejm obradował przed wyborami.", "Sejm obradował po wyborami."),
    ("tr", "Meclis seçimden önce toplandı.", "Meclis seçimden sonra toplandı."),
    ("id", "Parlemen bersidang sebelum pemilu.", "Parlemen bersidang setelah pemilu."),
    ("vi", "Quốc hội thảo luận trước bầu cử.", "Quốc hội thảo luận sau bầu cử."),
    ("hi", "संसद में चुनाव से पहले चर्चा हुई।", "संसद में चुनाव के बाद चर्चा हुई।"),
    ("ar", "البرلمان يناقش الموازنة قبل الانتخابات.", "البرلمان يناقش الموازنة بعد الانتخابات."),
    ("fa", "مجلس پیش از انتخابات بررسی کرد.", "مجلس پس از انتخابات بررسی کرد."),
    ("ja", "国会が選挙前に予算を審議した。", "国会が選挙後に予算を審議した。"),
    ("zh", "议会在选举前审议预算。", "议会在选举后审议预算。"),
]


@pytest.mark.parametrize(("language", "before", "after"), ORDERED)
def test_whether_it_is_done_before_or_after_something_is_news(
    language: str, before: str, after: str
) -> None:
    one, other = (reported(brief, 0, language, "Budget") for brief in (before, after))
    assert summary_adds(other, one)
    assert summary_adds(one, other)


#: A headline of one peril, and a summary of another: what stands for many things.
OTHER_PERILS = [
    ("en", "Three missing in storm off Oman", "Their boat capsized in storm off Oman."),
    ("de", "Drei Segler auf der Ostsee vermisst", "Das Boot der drei Segler ist gekentert."),
    ("it", "Migranti dispersi in Libia", "Barca capovolta in Libia, migranti dispersi."),
    ("pl", "Trzech zaginionych w Szwecji", "Łódź rybaków wywróciła się w Szwecji."),
    ("ru", "Трое рыбаков пропали в Японии", "Лодка рыбаков в Японии перевернулась."),
    ("id", "Tiga nelayan hilang dalam badai, terjebak", "Perahu nelayan terbalik dalam badai."),
    ("vi", "Ba ngư dân mất tích trong bão", "Ba ngư dân bị lật thuyền trong bão."),
    ("zh", "台风中三名渔民失踪", "三名渔民的渔船在台风中翻沉。"),
    ("ja", "台風で漁師3人が行方不明", "漁師3人の船が台風で転覆した。"),
    ("ko", "가자 병원 폭발, 환자들 고립", "가자 병원을 이스라엘군이 폭파."),
    ("en", "Journalist missing in Mali", "The journalist was executed, the army said."),
]
#: A headline of a peril, and a summary of the same.
SAME_PERILS = [
    ("en", "Three climbers missing", "Three climbers are missing since Sunday."),
    ("de", "Drei Segler vermisst", "Drei vermisste Segler werden auf der Ostsee gesucht."),
    ("ru", "Катер перевернулся", "Перевернулся катер."),
    ("zh", "三名渔民失踪", "三名渔民失踪。"),
]


@pytest.mark.parametrize(("language", "title", "summary"), OTHER_PERILS)
def test_one_peril_silences_no_other(language: str, title: str, summary: str) -> None:
    late, first = reported(summary, 3, language, title), reported("", 0, language, title)
    assert summary_adds(late, first) == "its summary tells of another act: peril"


@pytest.mark.parametrize(("language", "title", "summary"), SAME_PERILS)
def test_the_same_peril_is_told_once(language: str, title: str, summary: str) -> None:
    late, first = reported(summary, 3, language, title), reported("", 0, language, title)
    assert not summary_adds(late, first)


#: A headline of a release, and a summary that tells of a new kidnapping in the same clause.
KIDNAPPED_TOO = [
    ("en", "12 hostages freed in Mali", "12 hostages were freed in Mali as gunmen kidnapped two."),
    ("de", "Geiseln in Mali frei", "Die Geiseln sind frei aber Bewaffnete entführten zwei Helfer."),
    ("fr", "Otages libérés au Mali", "Des otages sont libérés mais deux autres ont été enlevés."),
    ("es", "Liberan rehenes en Malí", "Liberan rehenes mientras otro grupo secuestró a un cura."),
    ("pt", "Reféns libertados no Mali", "Reféns foram libertados mas um padre foi sequestrado."),
    ("it", "Liberati ostaggi in Mali", "Gli ostaggi sono liberati ma un prete è stato rapito."),
    ("ru", "Заложники освобождены", "Пока освобождали заложников боевики похитили священника."),
    ("uk", "Заручників звільнено", "Заручників звільнено але бойовики викрали священника."),
    ("pl", "Zakładnicy uwolnieni", "Zakładnicy uwolnieni ale napastnicy porwali księdza."),
    (
        "tr",
        "Rehineler serbest",
        "Rehineler serbest bırakılırken silahlı kişiler bir rahibi kaçırdı.",
    ),
    ("id", "Sandera dibebaskan", "Sandera dibebaskan saat kelompok bersenjata menculik dua guru."),
    ("vi", "Con tin được thả", "Con tin được thả nhưng tay súng bắt cóc một linh mục."),
    ("ar", "الإفراج عن رهائن", "أفرج عن رهائن في مالي لكن مسلحين خطفوا قسا."),
    ("fa", "آزادی گروگان‌ها", "گروگان‌ها آزاد شدند اما افراد مسلح دو معلم را ربودند."),
    ("hi", "बंधक रिहा", "बंधक रिहा लेकिन बंदूकधारियों ने पादरी का अपहरण किया।"),
    ("ja", "マリで人質解放", "マリで人質が解放された一方で武装集団が神父を誘拐した。"),
    ("ko", "말리 인질 석방", "말리 인질이 석방된 가운데 무장세력이 신부를 납치했다."),
    ("zh", "马里人质获释", "马里人质获释同时武装分子绑架了两名教师。"),
]


@pytest.mark.parametrize(("language", "title", "summary"), KIDNAPPED_TOO)
def test_a_release_silences_no_new_kidnapping(language: str, title: str, summary: str) -> None:
    late, first = reported(summary, 3, language, title), reported("", 0, language, title)
    assert summary_adds(late, first) == "its summary tells of another act: kidnap"
    assert tells_beside(late, [reported("", 0, "sv", title)])


#: A headline that says of whom a release is, and a summary that tells of a kidnapping by itself.
KIDNAPPED_APART = [
    (
        "en",
        "Kidnapped priest freed in Mali",
        "The priest was freed. Gunmen kidnapped other clerics hours later.",
    ),
    (
        "fr",
        "Le prêtre enlevé au Mali a été libéré",
        "Le prêtre a été libéré. Des hommes armés ont enlevé une religieuse.",
    ),
    (
        "es",
        "Liberan a cura secuestrado en Malí",
        "El cura fue liberado. Hombres armados secuestraron a una monja.",
    ),
    (
        "pt",
        "Padre sequestrado no Mali é libertado",
        "O padre foi libertado. Homens armados sequestraram uma freira.",
    ),
    (
        "it",
        "Liberato il prete rapito in Mali",
        "Il prete è stato liberato. Uomini armati hanno rapito una suora.",
    ),
    (
        "ru",
        "Похищенный священник освобождён в Мали",
        "Священник освобождён. Вечером боевики похитили монахиню.",
    ),
    (
        "uk",
        "Викраденого священника звільнено в Малі",
        "Священника звільнено. Увечері бойовики викрали черницю.",
    ),
    (
        "tr",
        "Mali'de kaçırılan rahip serbest bırakıldı",
        "Rahip serbest bırakıldı. Silahlı kişiler akşam bir doktoru kaçırdı.",
    ),
    (
        "id",
        "Pendeta yang diculik di Mali dibebaskan",
        "Pendeta itu dibebaskan. Kelompok bersenjata menculik dua guru.",
    ),
    ("ar", "الإفراج عن القس المخطوف في مالي", "أفرج عن القس. خطف مسلحون راهبة في المساء."),
    ("ja", "マリで拉致された神父を解放", "神父が解放された。武装集団は夜、修道女を拉致した。"),
    ("ko", "말리서 납치된 신부 석방", "신부가 석방됐다. 무장세력이 저녁에 수녀를 납치했다."),
    ("zh", "马里被绑架神父获释", "神父获释。武装分子晚上绑架了一名修女。"),
]


@pytest.mark.parametrize(("language", "title", "summary"), KIDNAPPED_APART)
def test_of_whom_a_release_is_silences_no_kidnapping_told_apart(
    language: str, title: str, summary: str
) -> None:
    late, first = reported(summary, 3, language, title), reported("", 0, language, title)
    assert summary_adds(late, first) == "its summary tells of another act: kidnap"
    assert tells_beside(late, [first]) == "its summary tells of another act: kidnap"


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Kidnapped priest freed in Mali", "The abducted priest was freed on Tuesday."),
        ("Priest freed in Mali", "The priest was freed two years after he was abducted."),
    ],
)
def test_a_kidnapping_that_was_told_or_is_long_over_is_no_news(title: str, summary: str) -> None:
    late, first = reported(summary, 3, "en", title), reported("", 0, "en", title)
    assert not summary_adds(late, first)


#: One headline of each, a first summary, and the same text with something grave put into it.
REVISED = [
    (
        "en",
        "Plane makes emergency landing in Almaty",
        "The Boeing landed safely on Tuesday, the airport said.",
        "The Boeing broke in two on Tuesday and burned, the airport said.",
        "broke",
    ),
    (
        "en",
        "Man held after stabbing at Munich station",
        "Police said on Monday that a suspect was in custody.",
        "Police said on Monday that a suspect was in custody and that a second man got away.",
        "names 2",
    ),
    (
        "en",
        "WHO team arrives in Congo over unknown disease",
        "The disease has been reported in Panzi.",
        "The disease has been reported in Panzi and now also in Kinshasa.",
        "now",
    ),
    (
        "en",
        "Premier meets farmers in Oslo",
        "The premier has agreed to the farmers' demands.",
        "The premier has not agreed to the farmers' demands.",
        "not",
    ),
    (
        "ru",
        "Премьер встретился с фермерами",
        "Премьер согласился с требованиями фермеров.",
        "Премьер не согласился с требованиями фермеров.",
        "не",
    ),
    (
        "uk",
        "Вибухи у Києві",
        "У столиці працює ППО, повідомив мер Віталій Кличко.",
        "У столиці працює ППО, підвал затоплено, повідомив мер Віталій Кличко.",
        "підвал",
    ),
    (
        "ko",
        "화성 리튬전지 공장 화재",
        "24일 오전 경기 화성의 리튬전지 공장에서 불이 났다.",
        "24일 오전 경기 화성의 리튬전지 공장에서 불이 났다. 연기가 서울을 뒤덮었다.",
        "연기",
    ),
    (
        "zh",
        "山西一煤矿发生事故",
        "事故发生在周一上午，救援正在进行。",
        "事故发生在周一上午，井下仍有明火，救援正在进行。",
        "井下",
    ),
    (
        "es",
        "Apagón en Chile",
        "El corte afecta a varias regiones desde la tarde del martes.",
        "El Gobierno saca al Ejército a las calles de Santiago.",
        "Gobierno",
    ),
]
LANDED = "The Boeing landed safely on Tuesday, the airport said."
MISSING = "A ferry is missing on the lake"
WHITE = f"{LANDED} Snow lay there, {', '.join(['all white'] * 20)}"
#: What templates put under a report.
CLOSINGS = (
    "The post Plane lands in Almaty? Yes appeared first on Gulf Herald.",
    "Read more",
    "Continue reading...",
    "Click here to read the full article...",
    "(Photo: AFP)",
    "[Gambas:Video 20detik]",
    "Baca juga: Harga beras naik lagi",
    "Reporting by Ann Roe; editing by J. Doe. Our Standards: The Thomson Principles.",
    "Follow us on Telegram and Facebook. Sign up for our newsletter.",
    "Copyright 2026 Gulf Herald. All rights reserved.",
    "La entrada Avión aterriza aparece primero en Heraldo.",
    "Читайте также: Погода в городе",
    "One.",
)


def reported(summary: str, hours: float, language: str, title: str) -> Signature:
    match = Match("watched", (KIM,), (Field.TITLE, 0, 1))
    entry = Entry("x", title, NOON + timedelta(hours=hours), outlet="One", summary=summary)
    return sign(entry, Reading(language, (KIM,), (match,)))


@pytest.mark.parametrize(("language", "title", "early", "late", "word"), REVISED)
def test_a_telling_word_put_into_a_summary_is_news(
    language: str, title: str, early: str, late: str, word: str
) -> None:
    last, first = reported(late, 3, language, title), reported(early, 0, language, title)
    made = assign(last, [Member(1, 1, first)], window=timedelta(hours=72))

    assert word in summary_adds(last, first)
    assert made.relation is not Relation.COPY


@pytest.mark.parametrize(
    ("early", "late"),
    [
        pytest.param(LANDED, f"ALMATY, Aug 17 (Reuters) - {LANDED}", id="a dateline"),
        pytest.param(LANDED, f"By Jane Doe and Ann Roe ROME, 17 août : {LANDED}", id="a byline"),
        pytest.param(f"ALMATY: {LANDED}", LANDED, id="a dateline left out"),
        *(
            pytest.param(LANDED, f"{dateline} {LANDED}", id=dateline)
            for dateline in ("Hong Kong –", "Jakarta, CNN Indonesia --", "Séoul, Corée du Sud -")
        ),
        pytest.param(LANDED, LANDED[:40] + "...", id="a shorter cut, amid a word"),
        pytest.param(LANDED[:40] + "...", f"{LANDED} Snow lay there.", id="a longer cut"),
        pytest.param(f"{WHITE} an", f"{WHITE} and cold", id="by length"),
        pytest.param(f"{LANDED[:40]}...", f"{LANDED} Snow lay on the ...", id="a longer cut, too"),
        pytest.param(
            "박 씨는 화요일 착륙했다. 공항...",
            "박 씨는 화요일 착륙했다. 공항은 하얗다.",
            id="letters that run on",
        ),
        *(pytest.param(LANDED, f"{LANDED} {closing}", id=closing) for closing in CLOSINGS),
        pytest.param(
            "Jane Doe [ROME 19 Reuters] -", f"Jane Doe [ROME 19 Reuters] - {LANDED}", id="-"
        ),
    ],
)
def test_a_dateline_and_another_cut_of_one_text_are_no_news(early: str, late: str) -> None:
    title = "Plane makes emergency landing in Almaty"

    assert not summary_adds(reported(late, 3, "en", title), reported(early, 0, "en", title))


@pytest.mark.parametrize(
    ("early", "late", "named"),
    [
        pytest.param(LANDED, f"{LANDED} Its wing was gone.", "wing", id="a whole sentence more"),
        pytest.param(LANDED, f"Wing gone: {LANDED}", "Wing", id="no dateline"),
        pytest.param(LANDED[:-1], f"{LANDED[:-1]}, with one wing", "wing", id="a stop left out"),
        pytest.param(f"{LANDED[:40]}...", f"{LANDED} Two died.", "die", id="grave, behind a cut"),
        pytest.param(
            LANDED, f"{LANDED} Snow lay on the ...", "Snow", id="cut off, behind a whole text"
        ),
        pytest.param(LANDED, f"Radiation Leak: {LANDED}", "Radiation", id="a kicker"),
        pytest.param(
            f"{LANDED} Click here to read the full article...",
            "Its wing was gone by noon. Click here to read the full article...",
            "wing",
            id="the same closing that breaks off",
        ),
        pytest.param(
            "The Boeing landed safely, the airport said for more -",
            "Its wing was gone. The airport said for more -",
            "wing",
            id="another text that breaks off in the same words",
        ),
        pytest.param(MISSING, f"{MISSING}, capsized", "peril", id="of one act, missing"),
        pytest.param(f"{MISSING}: struck", f"{MISSING}: struck, shelled", "shelled", id="struck"),
    ],
)
def test_what_is_no_dateline_and_no_cut_is_news(early: str, late: str, named: str) -> None:
    title = "Plane makes emergency landing in Almaty"

    assert named in summary_adds(reported(late, 3, "en", title), reported(early, 0, "en", title))


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("en", "A blast killed guards.", "A blast killed guards at 5 p.m."),
        ("en", "A blast killed guards.", "A blast killed guards at 5pm on the day."),
        ("en", "A blast killed guards.", "A blast killed guards at 5.30am."),
        ("en", "A blast killed guards.", "A blast killed guards 2 days ago."),
        ("ko", "폭발로 경비원이 숨졌다.", "2일 전 폭발로 경비원이 숨졌다."),
    ],
)
def test_when_a_grave_act_was_is_no_count_of_its_victims(
    language: str, early: str, late: str
) -> None:
    title = "Blast at plant"

    added = summary_adds(reported(late, 3, language, title), reported(early, 0, language, title))
    assert "names" not in added


def test_in_german_five_may_die_on_monday() -> None:
    early, late = (f"In Kiel starben {count}am Montag Wachen." for count in ("", "5 "))
    added = summary_adds(reported(late, 3, "de", "Blast"), reported(early, 0, "de", "Blast"))
    assert "names 5" in added
