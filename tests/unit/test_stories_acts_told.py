"""One act by whatever words: deaths, claims, launches and what else people report once."""

import pytest
from story_values import done, planned

from watcher.stories.acts import NO_ACTS, act_words, find_acts
from watcher.stories.phases import act_overlap


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Premier leaves Oslo"),
        ("id", "Presiden tinggalkan Oslo"),
        ("id", "Presiden meninggalkan Oslo"),
        ("fr", "Le ministre quitte Oslo"),
        ("de", "Kanzler verlässt Oslo"),
        ("es", "El ministro abandonó Oslo"),
        ("ru", "Министр покинул Осло"),
        ("uk", "Президент залишив Осло"),
        ("ja", "首相、オスロを離れた"),
        ("zh", "部长离开奥斯陆"),
    ],
)
def test_leaving_a_place_is_one_act_in_all_languages(language: str, title: str) -> None:
    assert find_acts(title, language) == done("depart")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Oslo puts satellite into orbit"),
        ("ru", "В Осло объявили о выводе на орбиту спутника"),
        ("ko", "장관 위성 궤도 진입"),
        ("fr", "Satellite mis en orbite"),
        ("zh", "卫星成功入轨"),
    ],
)
def test_what_comes_into_orbit_is_launched(language: str, title: str) -> None:
    assert find_acts(title, language) == done("launch")


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Oslo to freeze assets"), ("ko", "자산동결 예정"), ("ja", "資産凍結の予定")],
)
def test_assets_are_frozen_by_sanctions(language: str, title: str) -> None:
    assert find_acts(title, language) == planned("sanction")


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "War casualties"), ("id", "Korban perang"), ("zh", "伤亡"), ("ko", "사상자")],
)
def test_casualties_are_victims(language: str, title: str) -> None:
    assert find_acts(title, language) == done("die")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ar", "الفتاة ماتت"),
        ("cs", "Dvě ženy zemřely"),
        ("de", "Zwei Fahrgäste starben"),
        ("el", "Δύο άνθρωποι πέθαναν"),
        ("en", "Two hikers perished"),
        ("es", "Dos mujeres murieron"),
        ("fa", "دو نفر جان دادند"),
        ("fi", "Kaksi ihmistä kuoli"),
        ("fr", "Deux femmes sont mortes"),
        ("hi", "दो लोग मरे"),
        ("hu", "Két ember meghalt"),
        ("id", "Dua orang meninggal"),
        ("it", "Due donne morirono"),
        ("ja", "2人が死んだ"),
        ("ko", "2명이 숨졌다"),
        ("nl", "Twee mensen stierven"),
        ("pl", "Dwie osoby nie żyją"),
        ("pt", "Duas mulheres morreram"),
        ("ro", "Doi oameni au murit"),
        ("ru", "Две женщины погибли"),
        ("sk", "Dve ženy zomreli"),
        ("sv", "Två personer har dött"),
        ("tr", "İki kişi yaşamını yitirdi"),
        ("uk", "Двоє людей загинули"),
        ("vi", "Hai người tử nạn"),
        ("zh", "两人罹难"),
    ],
)
def test_several_die_as_one_does(language: str, title: str) -> None:
    assert find_acts(title, language) == done("die")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ar", "لقي عاملان مصرعهما"),
        ("cs", "Dělník zraněním podlehl"),
        ("da", "En mand er omkommet"),
        ("de", "Ein Arbeiter verunglückte tödlich"),
        ("el", "Υπέκυψε ένας εργάτης"),
        ("en", "The driver did not survive"),
        ("es", "Hallado sin vida un obrero"),
        ("fi", "Kuljettaja ei selvinnyt"),
        ("fr", "Le grutier n'a pas survécu"),
        ("hu", "A darus nem élte túl"),
        ("id", "Seorang mandor meregang nyawa"),
        ("it", "Estratto senza vita un operaio"),
        ("nl", "Een bouwvakker heeft het niet overleefd"),
        ("no", "En mann omkom"),
        ("pl", "Robotnik nie przeżył"),
        ("pt", "Um pedestre não resistiu aos ferimentos"),
        ("ro", "Un muncitor a decedat"),
        ("ru", "Рабочий без признаков жизни"),
        ("sv", "En man hittades livlös"),
        ("uk", "Кранівник без ознак життя"),
        ("vi", "Công nhân không qua khỏi"),
        ("zh", "两人不治"),
    ],
)
def test_a_death_told_otherwise_is_a_death(language: str, title: str) -> None:
    assert find_acts(title, language) == done("die")


@pytest.mark.parametrize(
    ("act", "titles"),
    [
        (
            "arrest",
            {
                "da": "Manden er anholdt",
                "de": "Kanzler in Handschellen",
                "es": "El alcalde, esposado",
                "fr": "Le maire en garde à vue",
                "it": "Il sindaco in manette",
                "ja": "容疑者を確保",
                "no": "Mannen er pågrepet",
                "pl": "Burmistrz w rękach policji",
                "ru": "Мэр в СИЗО",
                "sv": "Mannen greps",
                "tr": "Başkan gözaltına alındı",
                "uk": "Меру вручили підозру",
            },
        ),
        (
            "resign",
            {
                "ar": "الوزير تنازل عن العرش",
                "cs": "Král abdikoval",
                "de": "Der König dankt ab",
                "el": "Παραιτήθηκε ο υπουργός",
                "en": "The king abdicates",
                "es": "El rey abdicó",
                "fa": "وزیر استعفا داد",
                "fi": "Ministeri erosi tehtävästään",
                "hu": "A miniszter lemondott",
                "id": "Raja turun takhta",
                "ja": "国王が退位",
                "pl": "Król abdykował",
                "ro": "Premierul a demisionat",
                "ru": "Премьер сложил полномочия",
                "zh": "国王退位",
            },
        ),
        (
            "coup",
            {
                "ar": "الجيش يستولي على السلطة",
                "cs": "Armáda převzala moc",
                "de": "Das Militär ergreift die Macht",
                "el": "Πραξικόπημα στον Νίγηρα",
                "en": "Army seizes power in Niger",
                "es": "Los militares tomaron el poder",
                "fa": "کودتا در نیجر",
                "fi": "Armeija kaappasi vallan",
                "fr": "L'armée prend le pouvoir",
                "hi": "नाइजर में तख्तापलट",
                "hu": "A hadsereg átvette a hatalmat",
                "id": "Militer rebut kekuasaan",
                "it": "Colpo di stato in Niger",
                "ja": "ニジェールでクーデター",
                "ko": "니제르 쿠데타",
                "nl": "Leger grijpt de macht",
                "pl": "Zamach stanu w Nigrze",
                "pt": "Golpe de Estado no Níger",
                "ro": "Lovitură de stat în Niger",
                "ru": "Военные захватили власть",
                "sk": "Armáda prevzala moc",
                "sv": "Militären tar makten",
                "tr": "Ordu yönetime el koydu",
                "uk": "Військові захопили владу",
                "vi": "Đảo chính ở Niger",
                "zh": "尼日尔政变",
            },
        ),
        (
            "war",
            {
                "de": "Oslo erklärt den Krieg",
                "en": "Congress declares war on Spain",
                "es": "Oslo declaró la guerra",
                "fr": "Oslo déclare la guerre",
                "id": "Oslo nyatakan perang",
                "ja": "宣戦布告",
                "pl": "Oslo wypowiedziało wojnę",
                "ru": "Осло объявил войну",
                "tr": "Oslo savaş ilan etti",
                "zh": "奥斯陆宣战",
            },
        ),
        (
            "peril",
            {
                "en": "Martial law in Oslo",
                "ja": "オスロに戒厳令",
                "ko": "계엄 선포",
                "ru": "Введено военное положение",
                "zh": "奥斯陆戒严",
            },
        ),
        (
            "dine",
            {
                "en": "Premier toasts farmers",
                "ko": "장관 만찬",
                "zh": "部长设宴",
                "ja": "首相が夕食会",
                "id": "Presiden makan malam",
                "ru": "Министр на ужине",
                "fr": "Dîner pour le ministre",
                "es": "Cena del ministro",
            },
        ),
        (
            "sight",
            {
                "en": "Premier spotted in Oslo",
                "ko": "오슬로서 장관 포착",
                "zh": "部长在奥斯陆现身",
                "ja": "首相をオスロで目撃",
                "id": "Presiden terlihat di Oslo",
                "ru": "Министр замечен в Осло",
                "de": "Kanzler in Oslo gesichtet",
                "es": "Avistado en Oslo el ministro",
            },
        ),
        (
            "drill",
            {
                "en": "Soldiers undergo training",
                "ko": "병사 훈련",
                "zh": "士兵受训",
                "ja": "兵士が訓練",
                "id": "Tentara berlatih",
                "uk": "Військові тренуються",
                "it": "Soldati addestrati",
                "fi": "Sotaharjoitus Oslossa",
            },
        ),
        (
            "honour",
            {
                "en": "Farmers decorated in Oslo",
                "ko": "농민에 훈장",
                "zh": "农民授勋",
                "ja": "農家に勲章",
                "id": "Petani dianugerahi",
                "ru": "Фермеров наградили",
                "pl": "Rolnicy odznaczeni",
                "es": "Condecorados los granjeros",
            },
        ),
        (
            "claim",
            {
                "en": "Rebels claim responsibility",
                "ko": "반군, 배후 자처",
                "zh": "叛军声称负责",
                "ja": "反政府勢力が犯行声明",
                "id": "Pemberontak mengaku bertanggung jawab",
                "ru": "Ответственность взяли на себя повстанцы",
                "uk": "Відповідальність взяли на себе повстанці",
                "de": "Rebellen übernehmen die Verantwortung",
                "fr": "Les rebelles revendiquent la responsabilité",
                "es": "Los rebeldes reivindican la autoría",
                "pt": "Rebeldes reivindicam a autoria",
                "it": "I ribelli rivendicano la responsabilità",
                "nl": "Rebellen eisen de verantwoordelijkheid op",
                "pl": "Rebelianci wzięli odpowiedzialność",
                "cs": "Povstalci převzali odpovědnost",
                "sk": "Povstalci prevzali zodpovednosť",
                "hu": "A lázadók vállalták a felelősséget",
                "fi": "Kapinalliset ottivat vastuun",
                "sv": "Rebeller tar på sig ansvaret",
                "ro": "Rebelii și-au asumat responsabilitatea",
                "el": "Οι αντάρτες ανέλαβαν την ευθύνη",
                "tr": "İsyancılar sorumluluğu üstlendi",
                "vi": "Phiến quân nhận trách nhiệm",
                "ar": "المتمردون: مسؤوليتهم عن",
                "fa": "شورشیان مسئولیت را بر عهده گرفتند",
                "hi": "विद्रोहियों ने जिम्मेदारी ली",
            },
        ),
        (
            "fault",
            {
                "en": "Half of tractors defective",
                "ko": "트랙터 불량",
                "zh": "拖拉机故障",
                "ja": "トラクターに欠陥",
                "id": "Separuh traktor rusak",
                "ru": "Трактор сломался",
                "de": "Traktor defekt",
                "fr": "Tracteur en panne",
            },
        ),
    ],
)
def test_what_people_report_once_is_an_act(act: str, titles: dict[str, str]) -> None:
    assert {language: find_acts(title, language).named for language, title in titles.items()} == {
        language: {act} for language in titles
    }


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("fr", "L'attaque, revendiquée par les Houthis"),
        ("fr", "L'État islamique a revendiqué l'attentat"),
        ("de", "Der IS reklamiert den Anschlag für sich"),
        ("es", "El grupo se atribuye el atentado"),
        ("it", "L'Isis rivendica la strage"),
        ("nl", "De aanslag is opgeëist"),
        ("pl", "Odpowiedzialność za zamach wzięło na siebie ISIS"),
        ("hu", "Az Iszlám Állam magára vállalta a merényletet"),
        ("ro", "ISIS revendică atentatul"),
        ("ru", "Ответственность за теракт взяло на себя ИГ"),
        ("uk", "Відповідальність за теракт взяло на себе угруповання"),
        ("tr", "Saldırıyı örgüt üstlendi"),
        ("ar", "داعش يتبنى التفجير"),
        ("zh", "叛军认领袭击"),
        ("ru", "ИГ взяло ответственность за теракт"),
        ("uk", "Угруповання бере відповідальність за теракт"),
        ("fr", "L'attentat de Paris : l'EI revendique"),
        ("it", "Attentato a Oslo, l'Isis rivendica"),
        ("nl", "IS claimt aanslag"),
        ("cs", "Islámský stát se přihlásil k útoku"),
        ("sk", "Islamský štát sa prihlásil k útoku"),
        ("tr", "Başkentte saldırı: IŞİD üstlendi"),
    ],
)
def test_a_claim_is_told_beside_the_attack_that_it_is_of(language: str, title: str) -> None:
    assert find_acts(title, language) == done("claim", "attack")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("fr", "L'État islamique revendique l'enlèvement des touristes"),
        ("fr", "Le groupe revendique le piratage du ministère"),
        ("es", "El ELN se atribuye el secuestro del soldado"),
        ("es", "Los hutíes reivindican el derribo de un dron"),
        ("it", "Il gruppo rivendica il sequestro"),
        ("pt", "O grupo reivindica o sequestro"),
        ("de", "Die Hackergruppe reklamiert die Tat für sich"),
        ("nl", "Groep claimt ontvoering"),
        ("pl", "Porwanie wziął na siebie oddział rebeliantów"),
        ("hu", "A csoport magára vállalta az emberrablást"),
        ("cs", "Povstalci: hlásí se k únosu novinářky"),
        ("sk", "Skupina hlási sa k únosu"),
        ("ro", "Gruparea revendică răpirea"),
        ("ru", "Боевики взяли на себя похищение"),
        ("uk", "Бойовики взяли на себе викрадення"),
        ("tr", "Kaçırma eylemini örgüt üstlendi"),
        ("ar", "تبنى التنظيم عملية الخطف"),
        ("fa", "گروه ربودن خبرنگار را بر عهده گرفت"),
        ("zh", "叛军声称对绑架负责"),
    ],
)
def test_who_claims_a_kidnapping_or_a_plane_shot_down_claims(language: str, title: str) -> None:
    assert "claim" in find_acts(title, language).done


def test_what_is_claimed_and_no_act_stays_a_word_that_tells() -> None:
    assert not [*act_words("Ministère piraté au Mali", "fr")]
    assert find_acts("Ministère piraté au Mali", "fr") == NO_ACTS


def test_a_claim_of_responsibility_parts_no_two_reports_of_an_attack() -> None:
    claimed = find_acts("Rebels claim responsibility for attack on ship", "en")
    assert claimed == done("claim", "attack")
    assert act_overlap(claimed, find_acts("Ship attacked", "en")) == 1
