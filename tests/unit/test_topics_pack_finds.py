"""What the lists that come with the program find in headlines, and what they do not."""

from datetime import UTC, datetime

import pytest
from watchlists import found

from watcher.config import Settings
from watcher.model import Entry
from watcher.topics.pack import load_pack
from watcher.topics.watchlist import Watchlist

SEEN = datetime(2026, 1, 1, tzinfo=UTC)


def watchlist(**uses: str | list[str]) -> Watchlist:
    words = {name for name, use in uses.items() if load_pack(_first(use)).is_words}
    tables = {
        "entities": {name: {"use": use} for name, use in uses.items() if name not in words},
        "words": {name: {"use": uses[name]} for name in words},
        "topics": [{"id": name, "match": name} for name in uses],
    }
    return Watchlist(Settings.model_validate(tables))


def _first(use: str | list[str]) -> str:
    return (use if isinstance(use, str) else use[0]).removeprefix("pack:")


KIM_PUTIN = watchlist(kim="pack:kim-jong-un", putin="pack:putin")
NOT_KIM = watchlist(kim="pack:kim-jong-un")
PLACES = watchlist(
    north=["pack:north-korea", "pack:pyongyang"],
    russia=["pack:russia", "pack:moscow", "pack:kremlin"],
)
ACTS = watchlist(
    meeting=["pack:meeting", "pack:summit", "pack:talks"],
    visit="pack:visit",
    munitions="pack:munitions",
    arms="pack:arms",
    transfer="pack:transfer",
    agreement="pack:agreement",
    sanctions="pack:sanctions",
    troops="pack:troops",
    nuclear="pack:nuclear",
    drills="pack:drills",
    missile_test="pack:missile-test",
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Kim Jong-un boards his train to see Putin"),
        ("id", "Naik kereta, Kim Jong Un menuju tempat Putin"),
        ("ru", "Ким Чен Ына ждут у Путина"),
        ("uk", "Путіну подзвонив Кім Чен Ин"),
        ("be", "Пуцін прывітаў Кім Чэн Ына"),
        ("bg", "Ким Чен Ун благодари на Путин"),
        ("sr", "Путин чека Ким Џонг Уна"),
        ("hr", "Putin je čestitao Kim Džong-unu"),
        ("pl", "Putin napisał do Kim Dzong Una"),
        ("cs", "Kim Čong-una čeká Putin"),
        ("hu", "Putyin levele Kim Dzsongunnak"),
        ("lt", "Putinas laukia Kim Jong-uno ir Kim Čen Uno"),
        ("lv", "Kims Čenuns raksta Putinam"),
        ("fi", "Kim Jong-unin juna Putinin luo"),
        ("et", "Kim Jong-uni kiri Putinile"),
        ("tr", "Kim Jong-un'un treni Putin'e doğru yolda"),
        ("az", "Kim Çen In Putinlə danışıb"),
        ("de", "Kim Jong-uns Zug rollt zu Putin"),
        ("nl", "Kim Jong-oen schrijft Poetin een brief"),
        ("fr", "Kim Jong-un salue Poutine"),
        ("el", "Ο Κιμ Γιονγκ Ουν γράφει στον Πούτιν"),
        ("he", "קים ג'ונג און כתב לפוטין"),
        ("ar", "بوتين يهنئ كيم جونغ أون"),
        ("fa", "نامه کیم جونگ اون به پوتین"),
        ("ur", "کم جونگ ان کا پوٹن کو خط"),
        ("hi", "किम जोंग-उन ने पुतिन को लिखा पत्र"),
        ("bn", "পুতিনকে চিঠি লিখলেন কিম জং উন"),
        ("ta", "கிம் ஜாங் உன் புதின் கடிதம்"),
        ("te", "కిమ్ జోంగ్ ఉన్ పుతిన్ లేఖ"),
        ("th", "คิมจองอึนเขียนถึงปูติน"),
        ("vi", "Kim Jong-un gửi thư cho Putin"),
        ("ja", "キム・ジョンウン氏、プーチン氏に祝電"),
        ("zh", "金正恩致電普丁"),
        ("ko", "김정은, 푸틴에 축전"),
        ("ka", "კიმ ჩენ ინი და პუტინი"),
        ("hy", "Կիմ Չեն Ին և Պուտին"),
    ],
)
def test_people_are_found_in_the_forms_of_a_language(language: str, text: str) -> None:
    assert found(KIM_PUTIN, text, language) == {"kim", "putin"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The North Korean leader thanked the Russian president"),
        ("id", "Pemimpin Korut berterima kasih kepada Presiden Rusia"),
        ("ko", "북한 국무위원장, 러시아 대통령에 감사"),
        ("ru", "Лидера КНДР поблагодарил президент РФ"),
        ("uk", "Північнокорейського лідера привітав президент Росії"),
        ("bg", "Севернокорейският лидер благодари на руския президент"),
        ("sr", "Severnokorejski lider zahvalio predsedniku Rusije"),
        ("pl", "Przywódca Korei Północnej podziękował rosyjskiemu prezydentowi"),
        ("cs", "Severokorejský vůdce poděkoval ruskému prezidentovi"),
        ("sk", "Vodca KĽDR poďakoval prezidentovi; ruský prezident odpovedal"),
        ("zh", "朝鲜领导人感谢俄罗斯总统"),
        ("ja", "北朝鮮の指導者、ロシア大統領に謝意"),
        ("ar", "زعيم كوريا الشمالية يشكر الرئيس الروسي"),
        ("fa", "رهبر کره شمالی از رئیس جمهور روسیه تشکر کرد"),
        ("he", "מנהיג צפון קוריאה הודה לנשיא רוסיה"),
        ("es", "El líder norcoreano agradece al presidente ruso"),
        ("fr", "Le dirigeant nord-coréen remercie le président russe"),
        ("de", "Nordkoreas Machthaber dankt dem russischen Präsidenten"),
        ("pt", "Líder norte-coreano agradece ao presidente da Rússia"),
        ("it", "Il leader nordcoreano ringrazia il presidente russo"),
        ("ro", "Liderul nord-coreean i-a mulțumit; președintele Rusiei a răspuns"),
        ("nl", "Noord-Koreaanse leider bedankt Russische president"),
        ("sv", "Nordkoreas ledare tackar Rysslands president"),
        ("no", "Nord-Koreas leder takker Russlands president"),
        ("da", "Nordkoreas leder takker Ruslands præsident"),
        ("fi", "Pohjois-Korean johtaja kiitti Venäjän presidenttiä"),
        ("hu", "Az észak-koreai vezető levele: köszöni az orosz elnök szavait"),
        ("tr", "Kuzey Kore lideri Rusya Devlet Başkanı'na teşekkür etti"),
        ("el", "Ο ηγέτης της Βόρειας Κορέας και ο πρόεδρος της Ρωσίας"),
        ("th", "ผู้นำเกาหลีเหนือขอบคุณประธานาธิบดีรัสเซีย"),
        ("vi", "Lãnh đạo Triều Tiên cảm ơn Tổng thống Nga"),
        ("hi", "उत्तर कोरियाई नेता ने रूसी राष्ट्रपति को धन्यवाद दिया"),
    ],
)
def test_people_are_found_by_their_offices(language: str, text: str) -> None:
    assert found(KIM_PUTIN, text, language) == {"kim", "putin"}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Kim Kardashian and Kim Yo Jong", set()),
        ("ru", "Ким Чен Ир умер", set()),
        ("ko", "김여정 담화", set()),
        ("zh", "金与正谈话", set()),
    ],
)
def test_others_of_the_name_are_not_found(language: str, text: str, expected: set[str]) -> None:
    assert found(NOT_KIM, text, language) == expected


@pytest.mark.parametrize(
    ("use", "language", "text"),
    [
        ("yoon-suk-yeol", "en", "Court sentences ex-President Yoon"),
        ("yoon-suk-yeol", "de", "Haft für Ex-Präsident Yoon"),
        ("yoon-suk-yeol", "fr", "L'ex-président Yoon condamné"),
        ("yoon-suk-yeol", "id", "Mantan Presiden Yoon ditahan"),
        ("yoon-suk-yeol", "vi", "Cựu Tổng thống Yoon bị bắt"),
        ("yoon-suk-yeol", "ko", "윤 전 대통령 구속"),
        ("wang-yi", "de", "Außenminister Wang reist ab"),
    ],
)
def test_people_are_found_by_office_and_family_name(use: str, language: str, text: str) -> None:
    assert found(watchlist(it=f"pack:{use}"), text, language) == {"it"}


@pytest.mark.parametrize(
    ("use", "country", "text"),
    [
        ("yoon-suk-yeol", "KR", "Prosecutors seek prison term for South Korea's Yoon"),
        ("choe-son-hui", "RU", "North Korea's Choe arrives in Russia"),
        ("choe-son-hui", "KP", "North Korea's Choe arrives in Moscow"),
        ("choe-son-hui", "KP", "Choe arrives in Moscow, North Korea says"),
        ("choe-son-hui", "KP", "North Korean FM Choe in Moscow"),
        ("moon-jae-in", "KR", "South Korea's former President Moon questioned"),
        ("lee-jae-myung", "KR", "President Lee calls a summit in South Korea"),
    ],
)
def test_a_family_name_counts_beside_the_country(use: str, country: str, text: str) -> None:
    lists = {"it": {"use": f"pack:{use}"}, "korea": {"country": country}}
    topics = [{"id": "it", "match": "it AND korea"}, {"id": "alone", "match": "it"}]
    one = Watchlist(Settings.model_validate({"entities": lists, "topics": topics}))

    assert found(one, text, "en") == {"it"}


@pytest.mark.parametrize(
    ("text", "is_yoon"),
    [
        ("韓国の尹氏に懲役刑求刑", True),
        ("尹氏の弾劾審判 韓国憲法裁が判断へ", True),
        ("韓国前大統領の尹氏、出廷", True),
        ("韓国の俳優尹氏が来日", False),
        ("韓国の歌手尹氏に聞く", False),
        ("尹氏に聞く", False),
    ],
)
def test_yoon_is_told_by_his_japanese_short_name_beside_korea(text: str, is_yoon: bool) -> None:
    lists = {"yoon": {"use": "pack:yoon-suk-yeol"}, "korea": {"country": "KR"}}
    topics = [{"id": "it", "match": "yoon AND korea"}]
    one = Watchlist(Settings.model_validate({"entities": lists, "topics": topics}))

    assert bool(found(one, text, "ja")) is is_yoon


@pytest.mark.parametrize(
    ("use", "language", "text"),
    [
        ("lee-jae-myung", "en", "Samsung President Lee resigns"),
        ("lee-jae-myung", "es", "El presidente Lee Hsien Loong visita China"),
        ("moon-jae-in", "en", "Jupiter: president moons crowd"),
        ("wang-yi", "ko", "중국 화웨이 왕 부장"),
        ("yoon-suk-yeol", "ja", "韓国の俳優尹氏が来日"),
    ],
)
def test_an_office_with_a_common_family_name_is_not_enough(
    use: str, language: str, text: str
) -> None:
    one = watchlist(it=f"pack:{use}")

    assert "it" not in found(one, text, language)


@pytest.mark.parametrize(
    ("use", "language", "text"),
    [
        ("pack:pentagon", "fr", "Trump a demandé au Pentagone de réduire"),
        ("pack:moscow", "vi", "Cuộc gặp tại Matxcova"),
    ],
)
def test_places_are_found_as_feeds_write_them(use: str, language: str, text: str) -> None:
    tables = {"entities": {"it": {"use": use}}, "topics": [{"id": "t", "match": "it"}]}
    one = Watchlist(Settings.model_validate(tables))

    assert one.read(Entry("1", text, SEEN, language=language)).matches


def test_the_office_of_a_country_whose_name_holds_another_is_not_the_others() -> None:
    putin = watchlist(putin="pack:putin")

    assert found(putin, "俄罗斯总统访问平壤", "zh")
    assert not found(putin, "白俄罗斯总统访问平壤", "zh")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("ro", "Puțin mai târziu, cu puțini oameni", id="puțin is little"),
        pytest.param("fr", "Il est venu seul", id="seul is alone"),
        pytest.param("en", "A soul singer and a tramp", id="soul, tramp"),
        pytest.param("es", "Una mosca en la sopa", id="mosca is a fly"),
        pytest.param("it", "I modi di dire", id="modi is ways"),
        pytest.param("de", "Lichter blinken am Abend", id="blinken is to flash"),
        pytest.param("tr", "Bunu kim söyledi Moskova yolunda", id="kim is who"),
        pytest.param("ja", "朝露が光る", id="morning dew"),
    ],
)
def test_everyday_words_that_look_like_names_are_not_found(language: str, text: str) -> None:
    uses = (
        *("putin", "kim-jong-un", "seoul", "trump", "rubio", "moscow", "modi", "blinken"),
        *("russia", "xi-jinping"),
    )
    tables = {"entities": {name: {"use": f"pack:{name}"} for name in uses}}
    topic = {"id": "t", "match": " OR ".join(uses)}
    one = Watchlist(Settings.model_validate({**tables, "topics": [topic]}))
    mentions = one.read(Entry("1", text, SEEN, language=language)).mentions

    assert not [m for m in mentions if m.text not in {"Moskova", "朝露"}]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Pyongyang thanks the Kremlin"),
        ("en", "DPRK and Russians"),
        ("id", "Korut dan Moskow"),
        ("ru", "Пхеньян ответил Москве"),
        ("uk", "У Північній Кореї про російську пропозицію"),
        ("pl", "W Korei Północnej o rosyjskich planach"),
        ("cs", "Severokorejci a ruské plány"),
        ("sr", "Severnoj Koreji iz Moskve"),
        ("fi", "Pohjoiskorealaiset ja venäläiset"),
        ("hu", "Phenjan és Moszkva"),
        ("de", "Nordkoreanische und russische Pläne"),
        ("es", "Norcoreanos y rusos"),
        ("fr", "Pyongyang et Moscou"),
        ("it", "I nordcoreani e i russi"),
        ("ro", "Coreea de Nord și Moscova"),
        ("el", "Βόρεια Κορέα και Μόσχα"),
        ("he", "פיונגיאנג ומוסקבה"),
        ("ar", "بيونغ يانغ وموسكو"),
        ("fa", "کره شمالی و مسکو"),
        ("hi", "उत्तर कोरिया और रूस"),
        ("bn", "উত্তর কোরিয়া ও রাশিয়া"),
        ("ja", "平壌とモスクワ"),
        ("ko", "北, 러시아에 답신"),
        ("zh", "平壤与莫斯科"),
        ("th", "เปียงยางและมอสโก"),
        ("vi", "Bình Nhưỡng và Điện Kremlin"),
        ("tr", "Pyongyang ile Moskova"),
    ],
)
def test_countries_are_found_by_names_adjectives_and_capitals(language: str, text: str) -> None:
    assert found(PLACES, text, language) == {"north", "russia"}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Ministers met and signed a treaty", {"meeting", "agreement"}),
        ("en", "Soldiers were deployed", {"troops"}),
        ("id", "Kedua menteri bertemu dan menandatangani perjanjian", {"meeting", "agreement"}),
        ("id", "Pasukan dikerahkan", {"troops"}),
        ("ms", "Presiden melawat Manila", {"visit"}),
        ("ko", "미사일 발사에 추가 제재", {"sanctions", "missile_test", "arms"}),
        ("ru", "Новые санкции из-за ядерных испытаний", {"sanctions", "nuclear"}),
        ("uk", "Угоду підписано після переговорів", {"agreement", "meeting", "transfer"}),
        ("zh", "双方举行联合军演", {"drills"}),
        ("ja", "弾薬を輸送", {"munitions", "transfer"}),
        ("ar", "بدء المناورات العسكرية", {"drills"}),
        ("es", "Nuevas sanciones", {"sanctions"}),
        ("fr", "Livraison de munitions", {"munitions", "transfer"}),
        ("de", "Panzerlieferung verschoben, Soldaten bleiben", {"arms", "troops"}),
        ("pt", "Tropas em manobras", {"troops", "drills"}),
        ("it", "Colloqui a Roma", {"meeting"}),
        ("nl", "Nieuwe sancties", {"sanctions"}),
        ("pl", "Podpisano porozumienie", {"agreement"}),
        ("cs", "Nové sankce kvůli jaderným pokusům", {"sanctions", "nuclear"}),
        ("tr", "Yeni yaptırımlar", {"sanctions"}),
        ("vi", "Hai nước tập trận", {"drills"}),
        ("th", "เริ่มซ้อมรบร่วม", {"drills"}),
        ("hi", "नए प्रतिबंध", {"sanctions"}),
        ("fa", "تحریم‌های تازه", {"sanctions"}),
        ("he", "סנקציות חדשות", {"sanctions"}),
        ("sv", "Nya sanktioner", {"sanctions"}),
        ("fi", "Uusia pakotteita", {"sanctions"}),
        ("hu", "Új szankciók", {"sanctions"}),
        ("ro", "Noi sancțiuni", {"sanctions"}),
        ("el", "Νέες κυρώσεις", {"sanctions"}),
        ("bg", "Нови санкции", {"sanctions"}),
        ("sr", "Нове санкције", {"sanctions"}),
        ("da", "Nye sanktioner", {"sanctions"}),
        ("kk", "Екі министр келіссөз жүргізді", {"meeting"}),
        ("kk", "Оқ-дәрі жеткізілді", {"munitions", "transfer"}),
        ("be", "Прэм'ер едзе на цягніку", {"visit"}),
        ("ur", "وزیر کا دورۂ چین", {"visit"}),
        ("fr", "Il propose des missiles", {"arms", "transfer"}),
    ],
)
def test_words_are_found_in_the_forms_of_a_language(
    language: str, text: str, expected: set[str]
) -> None:
    assert found(ACTS, text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Poetin en Kim sluiten militair akkoord"),
        ("pl", "Putin i Kim podpisali umowę wojskową"),
        ("uk", "Путін і Кім підписали військову угоду"),
        ("tr", "Putin ve Kim askeri anlaşma imzaladı"),
        ("vi", "Putin, Kim ký thỏa thuận quân sự"),
        ("th", "ปูติน-คิม ลงนามข้อตกลงทางทหาร"),
        ("ms", "Putin, Kim meterai perjanjian tentera"),
        ("fi", "Putin ja Kim allekirjoittivat sotilaallisen sopimuksen"),
        ("hu", "Putyin és Kim katonai megállapodást írt alá"),
        ("el", "Πούτιν και Κιμ υπέγραψαν στρατιωτική συμφωνία"),
        ("ka", "პუტინმა და კიმმა სამხედრო შეთანხმებას ხელი მოაწერეს"),
        ("sq", "Putin dhe Kim nënshkruajnë marrëveshje ushtarake"),
        ("es", "Putin y Kim firman acuerdos militares"),
        ("fr", "Poutine et Kim signent des accords militaires"),
    ],
)
def test_a_military_pact_is_no_troops(language: str, text: str) -> None:
    assert "troops" not in found(ACTS, text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Noord-Koreaanse militairen in Koersk"),
        ("pl", "wojska Korei Północnej w Kursku"),
        ("uk", "північнокорейські військові на Курщині"),
        ("tr", "Kuzey Koreli askerler Kursk'ta"),
        ("vi", "Triều Tiên đưa quân tới Kursk"),
        ("th", "เกาหลีเหนือส่งทหารไปรัสเซีย"),
        ("ms", "Korea Utara hantar tentera ke Kursk"),
        ("fi", "Pohjois-Korean sotilaita Kurskissa"),
        ("hu", "észak-koreai katonák Kurszkban"),
        ("es", "militares norcoreanos en Kursk"),
    ],
)
def test_soldiers_are_troops(language: str, text: str) -> None:
    assert "troops" in found(ACTS, text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ms", "Jaket kalis peluru"),
        ("id", "Rompi anti-peluru"),
        ("vi", "Áo chống đạn"),
        ("th", "เสื้อเกราะกันกระสุน"),
        ("fa", "جلیقه ضد گلوله"),
        ("he", "אפוד חסין קליעים"),
    ],
)
def test_what_stops_bullets_is_no_munition(language: str, text: str) -> None:
    assert not found(ACTS, text, language)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Kim heads home with a gift", True),
        ("es", "Kim vuelve a casa", True),
        ("es", "Kim vuelve a probar", False),
        ("ru", "Ким возвращается на родину", True),
        ("de", "Kim weist Kritik zurück", False),
        ("zh", "金正恩启程回国", True),
    ],
)
def test_a_journey_home_is_one_and_not_a_thing_done_again(
    language: str, text: str, *, expected: bool
) -> None:
    home = watchlist(homecoming="pack:homecoming")

    assert bool(found(home, text, language)) is expected


@pytest.mark.parametrize(
    ("language", "title", "found"),
    [
        pytest.param("es", "Putin llega a Pionyang", True, id="as CLDR has it"),
        pytest.param("fr", "Il est arrivé seul de Pionyang", False, id="in no other language"),
        pytest.param("am", "ፑቲን ፕዮንግያንግ ገቡ", True, id="a script that the file has not"),
    ],
)
def test_capitals_are_known_by_the_names_that_cldr_has(
    language: str, title: str, *, found: bool
) -> None:
    settings = Settings.model_validate(
        {
            "entities": {"pyongyang": {"use": "pack:pyongyang"}, "seoul": {"use": "pack:seoul"}},
            "topics": [{"id": "capitals", "match": "pyongyang OR seoul"}],
        }
    )

    reading = Watchlist(settings).read(Entry("1", title, SEEN, language=language))

    assert bool(reading.matches) is found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "зброя військовим КНДР"),
        ("fi", "aseita pohjoiskorealaisille sotilaille"),
        ("hu", "észak-koreai katonának adott fegyver"),
        ("tr", "10 bin askeri Rusya'ya gönderdi"),
        ("ms", "menghantar tentera ke Rusia|10,000 tentera"),
        ("ka", "კორეელ სამხედროს"),
    ],
)
def test_soldiers_are_known_in_their_cases(language: str, text: str) -> None:
    tables = {
        "words": {"it": {"use": "pack:troops"}},
        "topics": [{"id": "t", "match": "it"}],
    }
    one = Watchlist(Settings.model_validate(tables))
    titles = text.split("|")

    assert not [t for t in titles if not one.read(Entry("1", t, SEEN, language=language)).matches]
