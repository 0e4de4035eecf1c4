"""Names of people, places and things as headlines write them in every script: found, and not."""

import pytest

from watcher.config.settings import EntityTable
from watcher.model import Rule
from watcher.topics.compiling import country_terms, entity_terms, plain_terms
from watcher.topics.engine import Engine
from watcher.topics.normalise import fold
from watcher.topics.terms import Kind

NAME, WORD = Kind.NAME, Kind.WORD


def found(kind: Kind, text: str, title: str, language: str | None) -> list[str]:
    """Return what an engine finds of one term in a title, its inflected forms included."""
    terms = plain_terms((text,), "it", kind)
    return [one.text for _, one in Engine(terms).find_in(title, language)]


def entity_found(code: str, title: str, language: str) -> bool:
    finds = Engine(entity_terms("it", EntityTable(country=code))).find_in(title, language)
    others = [one for kind, one in finds if kind is Kind.NOT]
    countries = [one for kind, one in finds if kind is Kind.COUNTRY]
    return any(
        not any(other.start <= one.start and one.end <= other.end for other in others)
        for one in countries
    )


def country_found(code: str, title: str, language: str | None) -> bool:
    finds = Engine(country_terms("it", code)).find_in(title, language)
    ruled_out = {one.start for kind, one in finds if kind is Kind.NOT}
    return any(kind is Kind.COUNTRY and one.start not in ruled_out for kind, one in finds)


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("Triều Tiên", "Thưởng hai triệu tiền mặt", "vi"),
        ("Hàn Quốc", "Giới hạn quốc phòng", "vi"),
        ("Đài Loan", "Kéo dài loan tin", "vi"),
        ("Đài Loan", "Kéo dài loan tin", None),
        ("Đà Nẵng", "Giá đã nặng nề", "vi"),
        ("Tô Lâm", "Tờ lâm nghiệp", "vi"),
        ("Thái Lan", "Thai lần đầu", "vi"),
        ("Hà Nội", "Báo Ha Noi mới đổi tên", "vi"),
    ],
)
def test_marks_that_contradict_a_name_make_other_words(
    name: str, title: str, language: str | None
) -> None:
    assert not found(NAME, name, title, language)


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("Triều Tiên", "Trieu Tien phong ten lua", "vi"),
        ("Trieu Tien", "Triều Tiên phóng tên lửa", "vi"),
        ("Hòa Bình", "Thủy điện Hoà Bình", "vi"),
        ("Đà Nẵng", "Visiting Da Nang", "en"),
        ("Erdoğan", "Erdogan telefonoval", "cs"),
        ("Erdoğan", "Erdoǧan a Roma", "it"),
        ("Orbán", "Orbàn a Bruxelles", "it"),
        ("Orban", "Orbán Budapesten", "hu"),
        ("Élysée", "à l'Elysée", "fr"),
        ("Đoković", "Đokovic pobedio", "sr"),
        ("Kılıçdaroğlu", "KILIÇDAROĞLU KONUŞTU", "tr"),
        ("București", "la Bucureşti", "ro"),
        ("Erdoğan", "Erdogan thăm Hà Nội", "vi"),
    ],
)
def test_names_are_found_with_the_marks_that_people_write(
    name: str, title: str, language: str | None
) -> None:
    assert found(NAME, name, title, language)


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("Harris", "Harrison Ford stars", "en"),
        ("Bell", "A beer belly", "en"),
        ("Cooper", "Cohen might cooperate", "en"),
        ("Wood", "A wooden dish", "en"),
        ("Target", "Targeting asylum seekers", "en"),
        ("Target", "Serangan Israel Targetkan Hamas", "id"),
        ("Angel", "Angela Merkel", "en"),
        ("Macron", "la macronie", "fr"),
        ("Park", "Parker wins", "en"),
        ("Patriot", "a patriotic education", "en"),
        ("Flores", "incêndios florestais", "pt"),
        ("Газпром", "Газпромбанк повысил ставку", "ru"),
    ],
)
def test_where_names_have_no_cases_more_letters_make_other_words(
    name: str, title: str, language: str
) -> None:
    assert not found(NAME, name, title, language)


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("Trump", "Trump's tariffs", "en"),
        ("Houthi", "Houthis fire", "en"),
        ("Israel", "Israeli strikes", "en"),
        ("Taiwan", "Taiwanese voters", "en"),
        ("Prabowo", "Kabinet Prabowonya", "id"),
        ("Poetin", "Poetins leger", "nl"),
        ("Газпром", "Газпрому предъявлен иск", "ru"),
        ("Putin", "Rede Putins", "de"),
        ("Harris", "Harrisin kampanja", "fi"),
        ("Zelensky", "Zelenskyy warns of sanctions", "en"),
        ("Zelensky", "Zelenskyy bertemu Trump", "id"),
        ("Zelenski", "Zelenskiy calls for talks", "en"),
        ("Zelenski", "Zelenskii à Paris", "fr"),
        ("London", "Londoners celebrate", "en"),
        ("Brexit", "Brexiteers revolt", "en"),
        ("TikTok", "TikToker Terkenal Meninggal", "id"),
        ("Iran", "Las ofertas de crudo iraní", "es"),
        ("Iran", "los dirigentes iraníes", "es"),
    ],
)
def test_plurals_and_what_is_of_a_place_are_its_forms(name: str, title: str, language: str) -> None:
    assert found(NAME, name, title, language)


@pytest.mark.parametrize(
    ("code", "title", "language"),
    [
        ("NE", "Anglicans meet in Nigeria", "en"),
        ("IS", "Virgin Islands governor resigns", "en"),
        ("GR", "A broader reckoning in Congress", "en"),
        ("GE", "IMF's Georgieva warns", "en"),
        ("GE", "IWF-Chefin Georgieva warnt", "de"),
        ("CO", "Shooting in British Columbia", "en"),
        ("CO", "Columbia University Batalkan Acara", "id"),
        ("GM", "Republicans' opening gambit in trade", "en"),
        ("DM", "Dominican fans celebrate", "en"),
        ("PE", "Tulis nama di perut anak-anak", "id"),
        ("GD", "Tremors jolt Spain's Granada", "en"),
        ("QA", "Malam Lailatul Qadar di Al Aqsa", "id"),
        ("RE", "An emotional reunion", "en"),
        ("CN", "Smuggling over 2,000 live ants in luggage", "en"),
        ("IN", "as perspectivas da safra em Indiana", "pt"),
        ("GB", "Shooting in British Columbia", "en"),
    ],
)
def test_foreign_names_of_a_country_are_in_no_other_words(
    code: str, title: str, language: str
) -> None:
    assert not country_found(code, title, language)


@pytest.mark.parametrize(
    ("code", "title", "language"),
    [
        ("NE", "Niger junta leader", "en"),
        ("GR", "V Řecku hoří", "cs"),
        ("ES", "Vuelta a España", "en"),
        ("MX", "Mexican officials deny a deal", "en"),
        ("IT", "Italians vote", "en"),
        ("CU", "Cubans are losing their fear", "en"),
        ("IQ", "Iraqi forces", "en"),
        ("IS", "Islands Regierung", "de"),
        ("DM", "Dominica votes", "en"),
        ("RE", "La Réunion", "fr"),
        ("RU", "ke Rusia", "id"),
    ],
)
def test_a_country_is_found_by_its_names_and_what_is_of_it(
    code: str, title: str, language: str
) -> None:
    assert country_found(code, title, language)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("대만", "삼성전자 실적 기대만큼 나오지 않아"),
        ("인도", "외국인도 코스피 순매수"),
        ("이란", "전쟁이란 무엇인가"),
        ("오만", "십오만 관객 돌파"),
        ("미국", "가주한미국"),
        ("수단", "교통수단 요금 인상"),
        ("일본", "오늘 13일본격 수사"),
        ("インド", "インドネシア大統領が訪日"),
        ("インド", "インドアで過ごす"),
        ("イラン", "イランイランの香り"),
    ],
)
def test_short_names_are_not_in_the_middle_of_unspaced_words(name: str, title: str) -> None:
    assert not found(NAME, name, title, None)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("대만", "대만해협 긴장 고조"),
        ("이란", "미·이란 협상 재개"),
        ("이란", "美이란 핵협상"),
        ("이란", "대이란 제재"),
        ("인도", "'인도에서"),
        ("インド", "インド政府"),
        ("インド", "対インド関税"),
        ("スイス", "スイスフランが上昇"),
        ("インド", "インドルピー安"),
        ("ロシア", "ロシアチームが優勝"),
        ("テスラ", "テスラモデル3の値下げ"),
        ("イラン", "イランイラク戦争"),
        ("미국", "주한미국대사 접견"),
        ("한국", "재한국인 행사"),
        ("일본", "방일본 관광객"),
        ("ロシア", "ロシアメディアが報道"),
    ],
)
def test_short_names_begin_unspaced_words(name: str, title: str) -> None:
    assert found(NAME, name, title, None)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("F-16", "Ukraine receives first F-16s"),
        ("F-16", "Türkiye F16 aldı"),
        ("F-16", "F16戦闘機"),
        ("F-16", "Ｆ１６戦闘機"),
        ("F16", "F 16 crash"),
        ("S-400", "S400 krizi"),
        ("S-400", "Russia's S-400s"),
        ("MH17", "MH-17 verdict"),
        ("MH17", "MH 17"),
        ("G7", "G-7 leaders"),
        ("Т-90", "танки Т90"),
    ],
)
def test_designations_are_found_however_they_are_parted(name: str, title: str) -> None:
    assert found(NAME, name, title, None)
    assert found(WORD, name.removesuffix("s"), title.replace("s", ""), None)


@pytest.mark.parametrize(
    ("name", "title"),
    [("F-16", "F-160 tests"), ("A1", "a 1-0 win"), ("2024", "the 2024s"), ("Mig 29", "M ig29")],
)
def test_other_letters_and_digits_are_no_designation(name: str, title: str) -> None:
    assert not found(NAME, name, title, None)


@pytest.mark.parametrize(
    ("name", "language", "forms"),
    [
        ("Владимир Путин", "ru", "с Владимиром Путиным|Владимиру Путину|ВЛАДИМИРА ПУТИНА"),
        ("Илон Маск", "ru", "Илона Маска|Илоном Маском"),
        ("Зеленский", "ru", "Переговоры Зеленского|с Зеленским|о Зеленском|Зеленскому"),
        ("Нижний Новгород", "ru", "в Нижнем Новгороде|из Нижнего Новгорода"),
        ("Белая Церковь", "ru", "в Белой Церкви|Белую Церковь"),
        ("министр обороны", "ru", "министра обороны|с министром обороны"),
        ("Зеленський", "uk", "із Зеленським|Зеленського|Зеленському"),
        ("Харків", "uk", "у Харкові|Харкова|над Харковом"),
        ("Київ", "uk", "у Києві|Києва|над Києвом"),
        ("Donald Tusk", "pl", "z Donaldem Tuskiem|Donalda Tuska|Donaldowi Tuskowi"),
        ("Tusk", "pl", "z Tuskiem|Tuska"),
        ("Duda", "pl", "z Dudą|Dudy|Dudzie|Dudę"),
        ("Warszawa", "pl", "w Warszawie|Warszawy"),
        ("Kaczyński", "pl", "Kaczyńskiego|z Kaczyńskim"),
        ("Petr Fiala", "cs", "s Petrem Fialou|Petra Fialy|Petru Fialovi"),
        ("Pavel Blažek", "cs", "Pavla Blažka|s Pavlem Blažkem"),
        ("Praha", "cs", "v Praze|Prahy|Prahou"),
        ("Fico", "sk", "Fica|s Ficom|Ficovi"),
        ("Milorad Dodik", "sr", "s Miloradom Dodikom|Milorada Dodika"),
        ("Kosovo", "sr", "na Kosovu|Kosova"),
        ("Nausėda", "lt", "Nausėdos|Nausėdai|Nausėdą"),
        ("Vilnius", "lt", "Vilniuje|Vilniaus|Vilnių"),
        ("Donald Trump", "lt", "Donaldo Trumpo|Donaldas Trumpas"),
        ("Rinkēvičs", "lv", "Rinkēviča|Rinkēvičam|Rinkēviču"),
        ("Rīga", "lv", "Rīgā|Rīgas"),
        ("Αλέξης Τσίπρας", "el", "του Αλέξη Τσίπρα|ΑΛΕΞΗΣ ΤΣΙΠΡΑΣ"),
        ("Κύπρος", "el", "της Κύπρου|στην Κύπρο"),
        ("Gaza", "pl", "w Gazie|Gazy"),
        ("Газа", "ru", "в секторе Газы|Газу"),
        ("Москва", "ru", "поставки москве|МОСКВЕ"),
        ("gazeta", "pl", "gazety"),
        ("Petr Novák", "cs", "Petra Nováka|s Petrem Novákem"),
        ("Elizabeth Warren", "cs", "Elizabeth Warrenové"),
        ("Orbán", "hu", "Orbánnal|Orbánék|Orbántól"),
        ("Magyar Péter", "hu", "Magyar Péterrel|Magyar Péternek"),
    ],
)
def test_every_part_of_a_name_is_found_in_its_cases(name: str, language: str, forms: str) -> None:
    assert not [form for form in forms.split("|") if not found(NAME, name, form, language)]


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("Зеленский", "Зеленая партия победила", "ru"),
        ("Зеленский", "Елена Зеленская в Париже", "ru"),
        ("Толстой", "Толстый слой льда", "ru"),
        ("Владимир Путин", "Владимира, Путину", "ru"),
        ("Владимир Путин", "Владимир заявил: Путин", "ru"),
        ("Meta", "They met a minister", "en"),
        ("Apple", "How to apply", "en"),
        ("Apple", "How to apply", None),
        ("Duda", "Dudy", "en"),
        ("Tusk", "tuskulański", "pl"),
        ("Kaczyński", "Marta Kaczyńska", "pl"),
        ("Paris", "par Parlamentu", "lv"),
        ("Gaza", "Ceny gazu w Europie rosną", "pl"),
        ("Gaza", "Handel gazem z Rosją", "pl"),
        ("Газа", "Цены на газ: торгует газом", "ru"),
        ("Modi", "Tydzień mody w Paryżu", "pl"),
        ("Meloni", "Zbiory melonów, ceny melony", "pl"),
        ("Mali", "malého podnikatele", "cs"),
        ("Petr Novák", "případ Petry Novákové", "cs"),
        ("Александр Новак", "Александры Новак", "ru"),
    ],
)
def test_a_stem_with_another_ending_is_another_word(
    name: str, title: str, language: str | None
) -> None:
    assert not found(NAME, name, title, language)


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("A1", "A 1,000-year-old temple", "en"),
        ("A-10", "A 10-day ceasefire", "en"),
        ("A-10", "including a 10 percent increase", "en"),
        ("A10", "A 10 km da fronteira", "pt"),
        ("L1", "alla borsa di Hong Kong l'1 settembre", "it"),
        ("L1", "dal primo l’1", None),
    ],
)
def test_a_word_before_a_number_is_no_designation(
    name: str, title: str, language: str | None
) -> None:
    assert not found(NAME, name, title, language)


def test_an_aircraft_may_be_parted_where_no_article_is_written_so() -> None:
    assert found(NAME, "A320", "Der Airbus A 320 ist gelandet", "de")
    assert found(NAME, "A 320", "An Airbus A 320 landed", "en")
    assert found(NAME, "A-320", "An Airbus A-320 landed", "en")


@pytest.mark.parametrize(
    ("code", "title", "language"),
    [
        ("US", "Le président américain et les troupes américaines", "fr"),
        ("US", "a campanha norte-americana", "pt"),
        ("US", "el presidente americano", "es"),
        ("JP", "Das japanische Unternehmen", "de"),
        ("FR", "Le président français", "fr"),
        ("UA", "sur le front ukrainien", "fr"),
        ("IL", "Ataques aéreos israelenses", "pt"),
        ("BR", "filmes brasileiros", "pt"),
        ("DE", "La actividad empresarial alemana", "es"),
        ("NL", "o governo holandês", "pt"),
        ("SY", "les réfugiés syriens", "fr"),
        ("CN", "Chinese navy enters the strait", "en"),
        ("PL", "Polish pilot lands", "en"),
        ("XK", "Kosovars vote", "en"),
        ("MZ", "Mozambican army", "en"),
        ("DO", "Dominican opposition declares victory", "en"),
        ("AU", "Australian Open: Thiem hadert", "de"),
        ("ID", "Indonesian AID Siapkan Bantuan", "id"),
        ("KR", "Higit 300 na South Korean tourists", "tl"),
        ("PA", "PANAMA EXIGE LA RETIRADA DE LAS TROPAS", "es"),
        ("BJ", "BENIN : LE PRESIDENT DIT", "fr"),
        ("LY", "LIBIA EM GUERRA", "pt"),
        ("MC", "MONACO GANA EL PARTIDO", "es"),
    ],
)
def test_what_is_of_a_country_counts_as_its_name(code: str, title: str, language: str) -> None:
    assert entity_found(code, title, language)


@pytest.mark.parametrize(
    ("code", "title", "language"),
    [
        ("PL", "How to polish the silver", "en"),
        ("PL", "Two poles were raised", "en"),
        ("TR", "Turki al-Faisal speaks", "en"),
        ("FR", "Francesco Totti se retira", "es"),
        ("RU", "russofobo", "pt"),
        ("US", "Latin American leaders meet", "en"),
        ("TR", "Storm hits the Turks and Caicos", "en"),
        ("TR", "Another use of Amazon Mechanical Turk", "en"),
        ("DM", "Dominican opposition declares victory", "en"),
    ],
)
def test_adjectives_are_in_no_other_words(code: str, title: str, language: str) -> None:
    assert not entity_found(code, title, language)


def test_a_veto_holds_what_is_made_from_its_word() -> None:
    assert found(Kind.NEVER, "Football", "Ghana footballer dies", "en")
    assert found(Kind.NEVER, "cricket", "Ghana cricketers win", "en")


def test_a_name_in_the_nominative_is_exact() -> None:
    (one,) = Engine(plain_terms(("Владимир Путин",), "it", NAME)).find_in("Владимир Путин", "ru")

    assert one[1].rule is Rule.EXACT


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("राहुल गांधी", "राहुल गाँधी ने कहा"),
        ("फ़्रांस", "फ्रांस में"),
        ("जेलेंस्की", "ज़ेलेंस्की से"),
        ("הכנסת", "בכנסת"),
        ("הכנסת", "הצבעה לכנסת"),
        ("הכנסת", "והכנסת"),
        ("习近平", "習近平訪問"),
        ("習近平", "习近平访问"),
        ("台湾", "臺灣海峽"),
        ("台灣", "台湾海峡"),
        ("中国石油", "中國石油"),
        ("华为", "華為公司"),
    ],
)
def test_names_are_found_in_the_other_writing_of_their_script(name: str, title: str) -> None:
    assert found(NAME, name, title, None)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("הכנסת", "כנסת"),
        ("הכנסת", "מכנסת"),
        ("הודו", "בודו"),
        ("ভারত", "ভাৰত"),
        ("习近平", "習近仁"),
    ],
)
def test_other_letters_of_a_script_make_another_name(name: str, title: str) -> None:
    assert not found(NAME, name, title, None)


def test_a_dot_in_bengali_makes_another_letter() -> None:
    assert fold("বাড়ি").key != fold("বাডি").key
    assert fold("ज़").key == fold("ज").key
