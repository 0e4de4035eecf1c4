"""Whose report an entry carries, whom it quotes, and which officials speak, in many languages."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Entry
from watcher.outlets.attribution import Attribution, attribute
from watcher.outlets.publishers import Publishers, by_name

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OURS = Publishers()


def said(title: str = "", summary: str = "", author: str = "", outlet: str = "") -> Attribution:
    entry = Entry("1", title, NOW, summary, "https://www.daily.example/1", outlet or "Daily")
    return attribute(entry, author, OURS)


@pytest.mark.parametrize(
    ("summary", "agency"),
    [
        pytest.param("JAKARTA, Nov 19 (Reuters) - Ferries run again", "Reuters", id="en"),
        pytest.param("By Ann Ode and Bo Li Nov 19 (Reuters) - Ferries", "Reuters", id="en, names"),
        pytest.param("NEWARK, N.J. (AP) — Ferries run again", "AP", id="en, short name"),
        pytest.param("Jakarta (ANTARA) - Kapal berlayar lagi", "Antara", id="id"),
        pytest.param("Kapal berlayar lagi, katanya. (Antara)", "Antara", id="id, at the end"),
        pytest.param("МОСКВА, 13 сен - РИА Новости. Паромы ходят", "Rossiya Segodnya", id="ru"),
        pytest.param("ВЛАДИВОСТОК, 13 сентября. /ТАСС/. Паромы", "TASS", id="ru, slashes"),
        pytest.param("МОСКВА. 13 сентября. INTERFAX.RU - Паромы", "Interfax", id="ru, its site"),
        pytest.param("(서울=연합뉴스) 김기자 기자 = 여객선이", "Yonhap", id="ko"),
        pytest.param("[서울=뉴시스] 김기자 기자 = 여객선이", "Newsis", id="ko, square"),
        pytest.param("[シンガポール 19日 ロイター] - フェリーが", "Reuters", id="ja"),
        pytest.param("[ミラノ(イタリア) 20日 ロイター] - フェリー", "Reuters", id="ja, nested"),
        pytest.param("(ブルームバーグ): フェリーが", "Bloomberg", id="ja, at once"),
        pytest.param("【東京共同】フェリーが", "Kyodo", id="ja, short name"),
        pytest.param("新华社北京3月16日电 轮渡恢复", "Xinhua", id="zh"),
        pytest.param("（中央社記者王小明台北16日電）渡輪", "CNA (Taiwan)", id="zh-TW"),
        pytest.param("موسكو (رويترز) - عادت العبارات", "Reuters", id="ar"),
        pytest.param("باريس (أ ف ب) - عادت العبارات", "AFP", id="ar, spelt"),
        pytest.param("Nova York, 24 set (EFE).- As balsas voltam", "EFE", id="pt"),
        pytest.param("Berlin (dpa) - Die Fähren fahren wieder", "dpa", id="de"),
        pytest.param("Roma, 24 set (ANSA) - I traghetti", "ANSA", id="it"),
        pytest.param("Les ferrys reprennent. — AFP", "AFP", id="fr, at the end"),
        pytest.param("Kapal berlayar lagi. Sumber: Reuters", "Reuters", id="a named source"),
        pytest.param("LONDON | Reuters — Ferries run again", "Reuters", id="en, a bar"),
        pytest.param("Le Monde avec AFP. Les ferrys", "AFP", id="fr, edited"),
        pytest.param("La Nación con Reuters - Los barcos", "Reuters", id="es, edited"),
        pytest.param("Le Journal du Lac avec AFP. Les ferrys", "AFP", id="fr, edited, long"),
        pytest.param("L'Obs avec l'AFP. Les ferrys", "AFP", id="fr, edited, an article"),
        pytest.param("路透伦敦3月3日 - 轮渡恢复", "Reuters", id="zh, a dash"),
        pytest.param("لندن - رويترز: عادت العبارات", "Reuters", id="ar, a place"),
        pytest.param("Jakarta - Reuters: Kapal berlayar", "Reuters", id="id, a place"),
        pytest.param("(أ.ف.ب) عادت العبارات", "AFP", id="ar, stops"),
        pytest.param("(Reuters) Ferries run again", "Reuters", id="all that is in a bracket"),
        pytest.param("フェリーが再開した＝ロイター", "Reuters", id="ja, at the end"),
    ],
)
def test_a_byline_tells_whose_report_it_is(summary: str, agency: str) -> None:
    assert said(summary=summary).agency == agency


@pytest.mark.parametrize(
    "summary",
    [
        pytest.param("The Dutch Data Protection Authority (AP) has fined a firm", id="initials"),
        pytest.param("Kapal di antara dua pulau. Antara keduanya jauh", id="a common word"),
        pytest.param("(Photo by Ann Ode / AFP) Ferries run again", id="a picture"),
        pytest.param("[사진=연합뉴스] 여객선이 다시", id="a picture, ko"),
        pytest.param("A source told Reuters on Thursday", id="told"),
        pytest.param("Reuters journalists were detained", id="the subject"),
        pytest.param("(Weekly Law is Reuters' report on lawyers and", id="a product"),
        pytest.param("Le maire parle avec Reuters. Les ferrys", id="spoken with"),
        pytest.param("(AP) the authority has fined a firm", id="initials in a bracket"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_mere_mention_is_no_byline(summary: str) -> None:
    assert said(summary=summary).agency is None


@pytest.mark.parametrize(
    ("title", "agency"),
    [
        ("[연합뉴스] 여객선이 다시 다닌다", "Yonhap"),
        ("여객선이 다시 다닌다 (연합뉴스)", "Yonhap"),
        ("Whom readers trust (Reuters) - a survey", None),
        ("(Reuters) - Ferries run again", None),
        ("Who reads [Reuters] - a survey", None),
    ],
)
def test_a_bracket_within_a_headline_is_no_byline(title: str, agency: str | None) -> None:
    assert said(title).agency == agency


@pytest.mark.parametrize(
    ("author", "agency"),
    [
        pytest.param("Reuters", "Reuters", id="alone"),
        pytest.param("AFP in New York", "AFP", id="with a place"),
        pytest.param("none@none.com (AFP)", "AFP", id="RSS"),
        pytest.param("美联社", "AP", id="zh"),
        pytest.param("ТАСС", "TASS", id="ru"),
        pytest.param("Ann Ode", None, id="a reporter"),
        pytest.param("Kremlin", None, id="no agency"),
        pytest.param("We rely on Reuters. " * 20, None, id="prose"),
    ],
)
def test_the_feed_s_author_may_be_an_agency(author: str, agency: str | None) -> None:
    assert said("Ferries run again", author=author).agency == agency


def test_an_agency_s_own_outlet_carries_its_report_whoever_it_quotes() -> None:
    found = said("Kim to visit - Yonhap", outlet="Reuters")

    assert (found.publisher, found.agency, found.quoted) == ("Reuters", "Reuters", ("Yonhap",))


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        pytest.param("Ferries run again, according to news agency TASS.", "TASS", id="en"),
        pytest.param("The ferry sank, Reuters reports.", "Reuters", id="en, after"),
        pytest.param("Menurut KCNA, kapal berlayar lagi", "KCNA", id="id"),
        pytest.param("Паромы ходят, передает ТАСС", "TASS", id="ru"),
        pytest.param("Пороми ходять, повідомляє Укрінформ", "Ukrinform", id="uk"),
        pytest.param("조선중앙통신은 14일 배가 떠났다고 보도했다", "KCNA", id="ko"),
        pytest.param("조선중앙통신에 따르면 배가 떠났다", "KCNA", id="ko, according to"),
        pytest.param("据朝中社报道，轮渡恢复", "KCNA", id="zh"),
        pytest.param("朝鮮中央通信によると、フェリーは", "KCNA", id="ja"),
        pytest.param("نقلا عن رويترز عادت العبارات", "Reuters", id="ar"),
        pytest.param("Nach Angaben der Deutschen Presse-Agentur", None, id="de, not in that form"),
        pytest.param("Selon l'Agence France-Presse, les ferrys", "AFP", id="fr"),
        pytest.param("Según la Agencia EFE, los barcos", "EFE", id="es"),
        pytest.param("hãng thông tấn KCNA đưa tin", "KCNA", id="vi"),
        pytest.param("Los barcos zarpan, informa EFE.", "EFE", id="es, a common word"),
        pytest.param("I traghetti, riferisce l'ANSA", "ANSA", id="it, a common word"),
        pytest.param("Les ferrys, a rapporté l'agence Reuters.", "Reuters", id="fr, the agency"),
        pytest.param("Promy kursują, podaje Reuters.", "Reuters", id="pl"),
        pytest.param("Promy kursują – podała agencja Reutera.", "Reuters", id="pl, a case"),
        pytest.param("As balsas voltam, noticiou a Reuters.", "Reuters", id="pt"),
        pytest.param("Trajekty plují, uvádí agentura Reuters.", "Reuters", id="cs"),
        pytest.param("وكالة رويترز: عادت العبارات", "Reuters", id="ar, the agency"),
        pytest.param("The mayor told The Associated Press on Monday", "AP", id="en, told"),
        pytest.param("The mayor resigned, AP reported on Monday.", "AP", id="en, initials"),
        pytest.param("AA reported record profits for the year", None, id="en, another"),
        pytest.param("El EFE no es nada", None, id="es, a mention"),
    ],
)
def test_a_quoted_agency_is_kept_apart_from_a_byline(text: str, agency: str | None) -> None:
    found = said(summary=text)

    assert found.agency is None
    assert found.quoted == ((agency,) if agency else ())


@pytest.mark.parametrize(
    ("title", "agency"),
    [
        pytest.param("Ferries run again | AFP", "AFP", id="en"),
        pytest.param("フェリー再開＝ロイター", "Reuters", id="ja"),
    ],
)
def test_the_tail_of_a_title_names_an_agency_that_it_quotes(title: str, agency: str) -> None:
    found = said(title)

    assert (found.agency, found.quoted) == (None, (agency,))


@pytest.mark.parametrize(
    ("title", "official"),
    [
        pytest.param("EU Commission announces ferries", "European Commission", id="en, the EU"),
        pytest.param("Kremlin: ferries run again", "Kremlin", id="en, colon"),
        pytest.param("Ferries run again - Peskov", "Kremlin", id="en, dash"),
        pytest.param("Ferries run again, says White House", "White House", id="en, says"),
        pytest.param("White House on Friday accused the firm", "White House", id="en, accused"),
        pytest.param("Kata juru bicara Kremlin, kapal berlayar", "Kremlin", id="id"),
        pytest.param("Gedung Putih menyatakan kapal berlayar", "White House", id="id, after"),
        pytest.param("Кремль сообщил о паромах", "Kremlin", id="ru"),
        pytest.param("Песков: паромы ходят", "Kremlin", id="ru, spokesman"),
        pytest.param("В Кремле рассказали о паромах", "Kremlin", id="ru, those within"),
        pytest.param("По словам пресс-секретаря Кремля, паромы", "Kremlin", id="ru, words of"),
        pytest.param("국방부 “배가 떠났다”", "defence ministry", id="ko, quotation"),
        pytest.param("크렘린궁은 13일 배가 떠났다고 밝혔다", "Kremlin", id="ko, verb at the end"),
        pytest.param("克里姆林宫：轮渡恢复", "Kremlin", id="zh, colon"),
        pytest.param("韩国国防部长申源湜指出轮渡恢复", "defence ministry", id="zh, written on"),
        pytest.param("クレムリンの報道官は13日、再開を発表した", "Kremlin", id="ja"),
        pytest.param("米国防総省は再開を明らかにした", "Pentagon", id="ja, the longer name"),
        pytest.param("أعلن الكرملين أن العبارات عادت", "Kremlin", id="ar"),
        pytest.param("Der Kreml teilte mit, die Fähren führen", "Kremlin", id="de"),
        pytest.param("Le Kremlin a annoncé la reprise", "Kremlin", id="fr"),
        pytest.param("según el Kremlin, los barcos zarpan", "Kremlin", id="es"),
        pytest.param("De acordo com o Kremlin, as balsas", "Kremlin", id="pt"),
        pytest.param("Kremlin'den açıklama: feribotlar", "Kremlin", id="tr"),
        pytest.param("क्रेमलिन ने कहा कि नौका चली", "Kremlin", id="hi"),
        pytest.param("Điện Kremlin thông báo phà chạy lại", "Kremlin", id="vi"),
    ],
)
def test_an_official_who_speaks_is_marked(title: str, official: str) -> None:
    found = said(title)

    assert found.speakers == (official,)
    assert found.official is None


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Kim Jong Un meets Putin in the Kremlin", id="en, a place"),
        pytest.param("Trump says Kremlin wants peace", id="en, spoken of"),
        pytest.param("Seoul's White House visit", id="en, a goal"),
        pytest.param("Putin's Kremlin critics arrested", id="en, an adjective"),
        pytest.param("Kremlin critic says he was poisoned", id="en, another"),
        pytest.param("Seoul urges UN to announce aid", id="en, spoken to"),
        pytest.param("Seoul Desak PBB Umumkan Bantuan", id="id, spoken to"),
        pytest.param("Putin sambut Kim di Kremlin", id="id"),
        pytest.param("Путин принял Кима в Кремле", id="ru"),
        pytest.param("Путин заявил в Кремле, что паромы ходят", id="ru, said there"),
        pytest.param("푸틴, 크렘린궁에서 시진핑과 회담", id="ko"),
        pytest.param("普京在克里姆林宫会见习近平", id="zh"),
        pytest.param("プーチン氏、クレムリンで会談", id="ja"),
        pytest.param("بوتين يستقبل شي في الكرملين", id="ar"),
        pytest.param("Putin empfängt Xi im Kreml", id="de"),
        pytest.param("Poutine reçoit Xi au Kremlin", id="fr"),
        pytest.param("Putin recibe a Xi en el Kremlin", id="es"),
        pytest.param("Kritik terhadap Kremlin", id="id, spoken of"),
        pytest.param("What the mayor told Kremlin", id="en, who is told"),
    ],
)
def test_a_place_or_what_is_spoken_of_does_not_speak(title: str) -> None:
    assert said(title).speakers == ()


def test_a_ministry_whose_country_is_told_is_not_told_without_it() -> None:
    found = said("Ferries run again, defence ministry says", "The Russian Defence Ministry said so")

    assert found.speakers == ("Russian defence ministry",)


def test_an_official_outlet_is_official_and_quotes_others() -> None:
    found = said("Kremlin says ferries run", outlet="KCNA")

    assert (found.official, found.speakers) == ("KCNA", ("Kremlin",))


def test_the_report_of_an_official_agency_is_official_wherever_it_is_carried() -> None:
    found = said(summary="PYONGYANG, Nov 19 (KCNA) -- Ferries run again")

    assert (found.publisher, found.agency, found.official) == ("daily.example", "KCNA", "KCNA")


@given(st.text(), st.text(), st.text())
def test_any_text_has_an_attribution_of_known_names(title: str, summary: str, author: str) -> None:
    found = said(title, summary, author)

    for name in (*found.quoted, *found.speakers, *filter(None, (found.agency,))):
        assert name in by_name()
    assert found.agency not in found.quoted
    assert found.official not in found.speakers
