import json
import runpy
from pathlib import Path

import pytest

from watcher.config.settings import EntityTable
from watcher.topics.compiling import entity_terms
from watcher.topics.countries import countries, country_names, is_written, longer_names
from watcher.topics.engine import Engine
from watcher.topics.pack import COUNTRY_PACKS, load_pack, pack_names, packed_names
from watcher.topics.terms import Kind


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("KP", "en", "North Korea"),
        ("KP", "id", "Korea Utara"),
        ("KP", "zh", "朝鲜"),
        ("KP", "zh", "北韓"),
        ("KP", "th", "เกาหลีเหนือ"),
        ("RU", "vi", "Nga"),
        ("MM", "en", "Burma"),
        ("US", "ja", "米国"),
    ],
)
def test_country_has_its_name_in_a_language(code: str, language: str, name: str) -> None:
    assert name in countries()[code][language]


def test_names_that_mean_other_things_elsewhere_are_bound_to_their_languages() -> None:
    names = {one.text: one for code in ("RU", "IS", "US") for one in country_names(code)}

    assert not names["Nga"].everywhere
    assert names["Nga"].languages == {"vi"}
    assert names["Rusia"].everywhere
    assert not names["Island"].everywhere
    assert names["=US"].languages >= {"en", "de"}


@pytest.mark.parametrize(
    ("code", "other"),
    [("RU", "白俄罗斯"), ("US", "สหรัฐอาหรับเอมิเรตส์"), ("NE", "Nigeria"), ("SD", "Etelä-Sudan")],
)
def test_other_countries_names_that_hold_one_are_known(code: str, other: str) -> None:
    assert other in {one.text for one in longer_names(code)}


def test_unknown_code_has_no_names() -> None:
    assert not list(country_names("XX"))
    assert not list(longer_names("XX"))


def is_found(code: str, title: str, language: str | None) -> bool:
    """Tell whether `country = "XX"` alone finds its country in a title."""
    finds = Engine(entity_terms("it", EntityTable(country=code))).find_in(title, language)
    masks = [one for kind, one in finds if kind is Kind.NOT]
    return any(
        kind is Kind.COUNTRY and not any(m.start <= one.start and one.end <= m.end for m in masks)
        for kind, one in finds
    )


@pytest.mark.parametrize(
    ("code", "language", "titles"),
    [
        ("US", "en", "U.S. forces|the U.S.-led talks|after U.S strikes|UK, US and EU"),
        ("US", "id", "Kedubes AS|Presiden Amerika"),
        ("US", "pt", "Exército dos EUA"),
        ("US", "it", "dazi Usa"),
        ("US", "tr", "ABD'den açıklama|Amerika"),
        ("US", "vi", "Tổng thống Mỹ|TỔNG THỐNG MỸ"),
        ("US", "he", 'נשיא ארה"ב|נשיא ארה״ב|בארה"ב'),
        ("US", "th", "ประธานาธิบดีสหรัฐฯ"),
        ("US", "lt", "JAV prezidentas"),
        ("US", "sr", "Predsednik SAD|Председник САД"),
        ("GB", "en", "the U.K. government"),
        ("GB", "de", "in Großbritannien|UK-Wahl"),
        ("GB", "fr", "en Grande-Bretagne"),
        ("GB", "es", "la Gran Bretaña"),
        ("GB", "tr", "İngiltere'de"),
        ("GB", "ar", "بريطانيا|في بريطانيا|لبريطانيا"),
        ("GB", "cs", "ve Velké Británii"),
        ("GB", "fa", "انگلیس"),
        ("AE", "en", "UAE says"),
        ("AE", "id", "UEA kirim bantuan"),
        ("AE", "ar", "الإمارات|بالإمارات"),
        ("AE", "ru", "в Объединённых Арабских Эмиратах|из Эмиратов"),
        ("AE", "zh", "阿联酋总统"),
        ("SA", "ar", "السعودية"),
        ("KR", "ru", "в Южной Корее"),
        ("KR", "en", "S.Korea's KOSPI|S. Korea"),
        ("KR", "id", "Korsel"),
        ("KR", "ko", "한국 대통령"),
        ("KP", "ru", "Северная Корея"),
        ("KP", "id", "Korut"),
        ("KP", "en", "N. Korean tanker"),
        ("CD", "fr", "en RDC|en République démocratique du Congo|en RD Congo"),
        ("CD", "ko", "콩고민주공화국"),
        ("CD", "ar", "الكونغو الديمقراطية"),
        ("CD", "ru", "в Демократической Республике Конго"),
        ("CD", "en", "Ebola in Congo|boat capsizes on Congo River"),
        ("CD", "fr", "naufrage sur le fleuve Congo"),
        ("PS", "de", "in Palästina"),
        ("PS", "tr", "Filistin'de"),
        ("PS", "ru", "в Палестине"),
        ("PS", "ja", "パレスチナで"),
        ("PS", "ko", "팔레스타인"),
        ("PS", "zh", "巴勒斯坦人"),
        ("HK", "ar", "هونغ كونغ"),
        ("CI", "de", "in der Elfenbeinküste"),
        ("BY", "de", "in Weißrussland"),
        ("MD", "ru", "в Молдавии"),
        ("DE", "pl", "w Niemczech|kanclerz Niemiec"),
        ("AU", "ko", "호주"),
        ("VA", "en", "Vatican diplomat"),
        ("RU", "ru", "российские войска"),
        ("RU", "ar", "ضباط روسيون|جنود روسيين|الروسيان|الروسيات"),
        ("RU", "ur", "روسیوں کی"),
        ("CN", "ar", "الصينيون|مواطنين صينيين"),
        ("ML", "ar", "انقلاب في مالي|مالي: هجوم على قاعدة"),
        ("ML", "ar", "الجيش المالي يعلن مقتل 20|المجلس العسكري المالي|مقتل جنود ماليين في هجوم"),
        ("ML", "fa", "انفجار در مالی|ارتش مالی"),
        ("ML", "ar", "الرئيس المالي أسيمي غويتا|القوات المالية تستعيد كيدال|مسلحون ماليون"),
        ("ML", "ar", "الحكومة المالية الانتقالية|العاصمة المالية باماكو تحت الحصار"),
        ("ML", "fa", "رئیس جمهور مالی کشته شد|باماکو، پایتخت مالی|نظامیان مالی"),
        ("ML", "fa", "رئیس‌جمهور مالی|رئیس‌جمهوری مالی|وزیر خارجه مالی|سفیر مالی در تهران"),
        ("ML", "fa", "خروج نیروهای فرانسه از مالی|کودتای مالی|شورای نظامی مالی"),
        ("ML", "fa", "شورشیان مالی|کودتاگران مالی"),
        ("ML", "ur", "مالی میں دھماکہ"),
        ("ML", "ur", "مالی نے سفیر نکال دیا|مالی سے فرانسیسی فوج|مالی کے فوجی ہلاک"),
        ("ML", "ur", "مالی کے صدر گرفتار|مالی کی حکومت|مالی کے دارالحکومت باماکو پر حملہ"),
        ("CL", "ar", "عمال شيليون"),
        ("FJ", "ar", "جنود فيجيون"),
    ],
)
def test_everyday_names_of_a_country_are_known(code: str, language: str, titles: str) -> None:
    assert not [title for title in titles.split("|") if not is_found(code, title, language)]


@pytest.mark.parametrize(
    ("code", "language", "title"),
    [
        ("US", "en", "AS ROMA WINS"),
        ("US", None, "AS ROMA WINS"),
        ("US", "it", "L'AS Bari vince"),
        ("US", "id", "AS Roma menang"),
        ("US", "en", "sun of the Americas"),
        ("US", "en", "South America trade deal"),
        ("US", "es", "la cumbre de América Latina"),
        ("US", "pl", "w Ameryce Południowej"),
        ("US", "ru", "в Латинской Америке"),
        ("US", "ar", "أمريكا اللاتينية"),
        ("US", "en", "Copa America final"),
        ("US", "en", "Bank of America results"),
        ("US", "vi", "thẩm mỹ viện"),
        ("US", "vi", "các nước Nam Mỹ"),
        ("US", "ru", "городской сад"),
        ("US", None, "городской сад"),
        ("AE", "en", "Arsenal at the Emirates"),
        ("AE", "fr", "L'EAU MONTE"),
        ("CF", "uk", "російський цар"),
        ("CD", "ru", "в Республике Конго"),
        ("CG", "fr", "en République démocratique du Congo"),
        ("IE", "en", "Northern Ireland police"),
        ("IE", "ru", "в Северной Ирландии"),
        ("MX", "en", "New Mexico fires"),
        ("JE", "en", "New Jersey governor"),
        ("JE", "en", "World Cup jerseys"),
        ("IN", "en", "Indian Ocean tsunami"),
        ("IN", "de", "im Indischen Ozean"),
        ("IN", "en", "an indie band"),
        ("NE", "en", "Niger Delta pollution"),
        ("GN", "en", "a guinea pig"),
        ("TR", "en", "turkey prices"),
        ("CL", "en", "a chile pepper"),
        ("CN", "en", "fine china on sale"),
        ("GB", "en", "Rule, Britannia!"),
        ("GB", "th", "เรียนภาษาอังกฤษ"),
        ("US", "th", "กาแฟอเมริกาโน"),
        ("US", "vi", "Bảo tàng Mỹ thuật"),
        ("US", "vi", "Sân Mỹ Đình"),
        ("JP", "vi", "tối Chủ Nhật"),
        ("AU", "ko", "호주머니"),
        ("KR", "ko", "남한산성"),
        ("CG", "ko", "콩고물"),
        ("PG", "zh", "古巴新总统"),
        ("PG", "zh", "以巴新一轮冲突"),
        ("PG", "zh", "古巴新政府成立"),
        ("PG", "zh", "沙巴新政府宣誓"),
        ("PG", "zh", "蒙巴新警察局"),
        ("PG", "zh", "在巴新闻发布会"),
        ("PG", "zh", "和巴新任总统会谈"),
        ("PG", "zh", "访问巴新德里"),
        ("NE", "en", "Gunmen kill 12 in Nigeria's Niger State"),
        ("GE", "en", "Georgia Republican primary"),
        ("FR", "en", "shots in the French Quarter"),
        ("JO", "en", "Jordan Love injured"),
        ("TR", "en", "shops open on Turkey Day"),
        ("PA", "en", "in a Panama hat"),
        ("IN", "en", "West Indians beat England"),
        ("US", "it", "SUD AMERICA"),
        ("US", None, "AS Monacos Torwart"),
        ("AG", "es", "Antigua fábrica"),
        ("MD", "cs", "Moldau"),
        ("US", None, "FA CUP: AS IT HAPPENED"),
        ("US", None, "JOIN US NOW"),
        ("US", None, "САД У ДОМА"),
        ("CN", None, "The Chin"),
        ("CN", None, "Chin up"),
        ("CN", "pl", "chin"),
        ("KR", "en", "Trump's Korea envoy"),
        ("KP", "en", "Rock'n Korea tour"),
        ("KR", "en", "TRUMP'S KOREA ENVOY"),
        ("JP", "vi", "MỪNG SINH NHẬT"),
        ("US", None, "ЦВЕТУТ САДЫ И САД"),
        ("CF", None, "ЦАР ПЁТР"),
        ("US", "en", "Google to pay US$15"),
        ("AU", "en", "costs A$15"),
        ("NZ", "en", "a NZ$2m prize"),
        ("HK", "en", "HK$3 a share"),
        ("IQ", "fa", "عراقچی در تهران"),
        ("IR", "fa", "ایرانسل"),
        ("PE", "ar", "انفجار بيروت"),
        ("ML", "ar", "وزارة المالية|ملايين الدولارات"),
        ("ML", "ar", "محللون ماليون"),
        ("ML", "ar", "مستشارين ماليين"),
        ("ML", "ar", "الماليات العامة"),
        ("ML", "ar", "الدعم المالي للشركات"),
        ("ML", "ar", "المجلس المالي|خبراء ماليين"),
        ("ML", "fa", "مالیات بر ارزش افزوده"),
        ("ML", "fa", "اداره کل ماليات"),
        ("ML", "fa", "بحران مالی در تهران"),
        ("ML", "fa", "دبی پایتخت مالی خاورمیانه"),
        ("ML", "ar", "الرئيس المالي التنفيذي للمجموعة"),
        ("ML", "fa", "اصلاحات در مالیات"),
        ("ML", "ur", "مالیات کے وزیر"),
        ("ML", "ur", "مالی سال کا بجٹ"),
        ("ML", "ur", "مالیوں کی ہڑتال"),
        ("KE", "ar", "في بكين"),
        ("RE", "pt", "a inflação aumentou na reunião de julho"),
        ("RE", "pt", "Reunião do Copom"),
        ("RE", "es", "Reunión de ministros"),
        ("RE", None, "Reunion tour"),
        ("GD", None, "Grenade attack kills two"),
        ("GD", "fr", "Grenade lancée à Lyon"),
        ("GD", "es", "terremoto en Granada"),
        ("IM", None, "Man held over fire"),
        ("IM", "no", "Man må betale"),
        ("NE", None, "Attack kills 20 in Nigeria"),
        ("IS", None, "Rhode Island"),
        ("GE", "de", "Wahl in Georgia"),
    ],
)
def test_namesakes_of_a_country_are_not_it(code: str, language: str | None, title: str) -> None:
    assert not is_found(code, title, language)


@pytest.mark.parametrize(
    ("code", "language", "titles"),
    [
        ("JO", "ja", "ヨルダン川西岸"),
        ("JO", "zh", "约旦河西岸|約旦河西岸"),
        ("JO", "ko", "요르단강 서안|요르단 서안"),
        ("JO", "en", "the Jordan River|Michael B. Jordan wins"),
        ("JP", "ja", "日本海に落下|日本海側"),
        ("JP", "ru", "в Японское море|над Японским морем"),
        ("JP", "en", "into the Sea of Japan"),
        ("IN", "ja", "インド洋|自由で開かれたインド太平洋"),
        ("IN", "zh", "印度洋|印度太平洋战略"),
        ("IN", "ko", "인도양|인도·태평양|인도적 지원"),
        ("IN", "vi", "Ấn Độ Dương"),
        ("IN", "th", "มหาสมุทรอินเดีย"),
        ("MX", "ja", "メキシコ湾|ニューメキシコ州"),
        ("MX", "zh", "墨西哥湾|墨西哥灣|新墨西哥州"),
        ("MX", "ko", "뉴멕시코주|멕시코만 원유"),
        ("MX", "ar", "خليج المكسيك"),
        ("CN", "zh", "在南中国海|南中国海争端"),
        ("CN", "ko", "남중국해"),
        ("CN", "en", "the disputed South China Sea"),
        ("CN", "ru", "в Южно-Китайском море"),
        ("OM", "en", "Gulf of Oman"),
        ("OM", "ja", "オマーン湾"),
        ("OM", "zh", "阿曼湾"),
        ("OM", "ar", "خليج عمان"),
        ("GE", "ja", "ジョージア州"),
        ("GE", "ko", "조지아주에서|조지아 주지사"),
        ("GE", "zh", "喬治亞州"),
        ("GE", "en", "Georgia governor Kemp|Georgia Gov. Kemp"),
        ("NE", "en", "Niger State governor|a mosque in Niger State"),
        ("NE", "ja", "ニジェール川"),
        ("MN", "zh", "内蒙古"),
        ("MN", "ru", "во Внутренней Монголии"),
        ("CO", "ja", "コロンビア大学"),
        ("JE", "ja", "ニュージャージー州"),
        ("TD", "en", "Lake Chad|Chad Daybell"),
        ("GB", "en", "M 6.1 - New Britain|M 5.2 NEW BRITAIN REGION, PAPUA NEW GUINEA"),
        ("GB", "ru", "у острова Новая Британия|на Новой Британии"),
        ("CD", "en", "Congo Basin forest fund|Rainforest of the Congo Basin: Gabon pledge"),
        ("CD", "fr", "les forêts du bassin du Congo"),
        ("CD", "es", "la cuenca del Congo"),
        ("CD", "pt", "a bacia do Congo"),
        ("CD", "de", "im Kongo-Becken"),
        ("CD", "ru", "в бассейне Конго|в бассейне реки Конго"),
        ("CD", "zh", "刚果盆地的雨林"),
        ("CD", "ar", "غابات حوض الكونغو"),
        ("CG", "de", "der Kongo-Fluss|im Kongo-Becken"),
    ],
)
def test_a_sea_or_state_named_after_a_country_is_not_it(
    code: str, language: str, titles: str
) -> None:
    assert not [title for title in titles.split("|") if is_found(code, title, language)]


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("US", "America's allies"),
        ("GN", "Guinea votes"),
        ("CN", "CHINA VOTES"),
        ("TR", "Turkey's lira"),
        ("NE", "Niger's junta"),
        ("IE", "Ireland and Northern Ireland"),
        ("CN", "China cabinet reshuffle"),
        ("CN", "Fine China, says minister"),
        ("NE", "Niger state media"),
        ("GE", "Georgia state of emergency"),
        ("GE", "Georgia runoff: Georgia power cuts"),
        ("FR", "French press reacts"),
        ("IN", "Trade: American-Indian talks"),
        ("IN", "the west Indian state"),
        ("KR", "S Korea, S. Korean tanker"),
        ("CG", "Republic of Congo votes"),
        ("AG", "Antigua votes"),
        ("GB", "a new Britain-France deal"),
    ],
)
def test_a_country_is_found_beside_its_namesakes(code: str, title: str) -> None:
    assert is_found(code, title, "en")


@pytest.mark.parametrize(
    ("code", "language", "titles"),
    [
        ("US", "vi", "Quan hệ Việt Nam-Mỹ|Quan hệ Việt Nam – Mỹ|Trung-Mỹ|Trung – Mỹ|Đài Bắc - Mỹ"),
        ("US", "vi", "Mỹ đình chỉ viện trợ|Mỹ linh hoạt|chính phủ Mỹ"),
        ("JP", "vi", "đảng Dân chủ Nhật"),
        ("PA", "de", "Panama hat gewählt"),
        ("MD", "de", "Moldau: Sandu siegt"),
        ("US", "id", "Kedubes AS"),
        ("ID", "id", "Presiden RI"),
        ("CN", "pl", "wraca z Chin"),
        ("KP", "en", "N. KOREA FIRES MISSILE|N KOREA'S KIM"),
        ("KR", "en", "S. KOREA, U.S. HOLD DRILL|U.S.-S.KOREA TALKS"),
        ("CN", None, "Premier poleci do Chin|Eksport z Chin spada"),
        ("US", None, "САД бомбардовале Иран|U.S. STRIKES IRAN|EUA ATACAM O IRÃ"),
        ("US", "vi", "MỸ ĐÌNH CHỈ VIỆN TRỢ"),
        ("CF", None, "В ЦАР погибли наёмники"),
        ("ZA", None, "ПАР приймає гостей"),
        ("ID", None, "MENLU RI TEMUI MENLU AS"),
        ("PG", "zh", "巴新前总理被捕|中国与巴新会谈|在巴新任职|古巴与巴新建交"),
        ("CD", "ko", "콩고 물난리로 수십 명 사망|콩고 물 부족 심각"),
        ("AU", "ko", "호주 머니마켓"),
        ("KR", "ko", "남한 산성비 비상"),
        ("NE", "en", "Niger state media|Niger State Media Reports"),
        ("GE", "en", "Georgia Government Falls|Georgia Gov't|Georgia Southern Border Clash"),
        ("IN", "en", "Indian summer heatwave kills 20"),
        ("TR", "en", "Turkey Day Of Mourning"),
        ("FR", "en", "French Quarter-Final Hopes"),
        ("US", "en", "US $15bn aid"),
        ("IQ", "fa", "عراقی‌ها|وزیر عراقی"),
        ("IQ", "ar", "القوات العراقية"),
        ("IR", "fa", "ایرانیان"),
        ("IR", "ar", "الإيرانيون"),
        ("IR", "ur", "ایرانیوں"),
        ("OM", "ar", "السلطان العماني"),
        ("RE", "fr", "cyclone à La Réunion"),
        ("RE", "es", "ciclón en La Reunión"),
        ("GD", "fr", "le Premier ministre de la Grenade"),
        ("GD", "en", "Grenada votes"),
        ("IS", "de", "Vulkan in Island"),
        ("NE", "mt", "in-Niġer"),
        ("JP", "zh", "日本海军|日本海关|日本海域"),
        ("JP", "ja", "日本海上自衛隊|日本海軍"),
        ("CN", "zh", "越南中国海军联合巡逻"),
        ("IN", "ko", "인도 양국"),
        ("IN", "vi", "Ấn Độ - Thái Lan"),
        ("MX", "ko", "멕시코만 관세 면제"),
        ("GE", "ko", "조지아주재 대사"),
        ("GE", "en", "Georgia votes"),
        ("JO", "ko", "요르단 강경 대응"),
        ("MN", "th", "มองโกเลียในปีนี้"),
    ],
)
def test_namesakes_silence_nothing_that_is_said_of_a_country(
    code: str, language: str, titles: str
) -> None:
    assert not [title for title in titles.split("|") if not is_found(code, title, language)]


def test_an_abbreviation_counts_where_it_is_no_word_in_capitals() -> None:
    assert is_found("US", "US、制裁", None)
    assert is_found("US", "US strikes", None)
    assert is_found("AE", "UAE VOTES", None)
    assert is_found("US", "США ВВЕЛИ САНКЦИИ", None)
    assert is_found("US", "Menlu AS Temui Presiden", None)
    assert is_found("ID", "Menlu RI", None)
    assert is_found("US", "US STRIKES", "en")


def test_added_names_tell_their_source() -> None:
    assert is_written("SA", "ar", "السعودية")
    assert not is_written("SA", "ar", "المملكة العربية السعودية")
    assert "السعودية" in countries()["SA"]["ar"]


def test_every_country_of_the_pack_is_known_by_its_code() -> None:
    packs = {name: load_pack(name) for name in pack_names()}

    assert {
        pack.country: name for name, pack in packs.items() if pack.country and pack.kind == "place"
    } == COUNTRY_PACKS


def test_names_from_a_used_pack_are_not_brought_twice() -> None:
    assert not list(packed_names("KP", ("pack:north-korea",)))
    assert any(one.text == "Korut" for one in packed_names("KP", ()))


def test_which_names_hold_those_of_other_countries_is_as_the_border_rules_say_now() -> None:
    script = Path(__file__).parents[2] / "scripts" / "make_countries.py"
    found = runpy.run_path(str(script))["longer"](countries())

    data = Path("watcher", "topics", "data", "countries.json")
    stored = json.loads(script.parents[1].joinpath(data).read_text("utf-8"))["longer"]
    assert stored == found, f"run {script.name} again"
