"""What is done in a report, and whether it is done, still to come or over."""

import tomllib
from datetime import UTC, datetime
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Entry
from watcher.stories.act_kinds import MANIFOLD
from watcher.stories.acts import NO_ACTS, PREFIX, Acts, act_terms, act_words, find_acts
from watcher.stories.phases import act_overlap, is_aftermath
from watcher.stories.signature import sign

FOLDER = resources.files("watcher.stories").joinpath("data/acts")
TABLES = {
    file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
    for file in FOLDER.iterdir()
}


def done(*acts: str) -> Acts:
    return Acts(done=frozenset(acts))


def noun(*acts: str) -> Acts:
    return Acts(done=frozenset(acts), nouns=frozenset(acts))


def planned(*acts: str) -> Acts:
    return Acts(planned=frozenset(acts))


@pytest.mark.parametrize(
    ("language", "title", "acts"),
    [
        ("en", "Premier meets farmers", done("meet")),
        ("en", "Premier to meet farmers, aide says", planned("meet")),
        ("en", "Premier meets farmers next week", planned("meet")),
        ("en", "Premier leaves for Oslo", done("depart")),
        ("id", "Presiden akan bertemu petani", planned("meet")),
        ("ms", "Presiden tiba di Oslo", done("arrive")),
        ("ru", "Министры встретятся в Осло", planned("meet")),
        ("ru", "Министры подписали договор", done("sign", "agree")),
        ("uk", "Президент прибув до Осло", done("arrive")),
        ("de", "Kanzler soll Bauern treffen", planned("meet")),
        (
            "de",
            "Kanzler will die Bauern noch vor dem Winter in ihrem Dorf treffen",
            planned("meet"),
        ),
        ("de", "Kanzler will am Wochenende noch in das Dorf und trifft dort Bauern", done("meet")),
        ("fr", "Le ministre est arrivé à Oslo", done("arrive")),
        ("es", "El ministro llegó a Oslo", done("arrive")),
        ("pt", "Ministro cancela viagem", done("cancel", "visit")),
        ("it", "Il ministro arriva a Oslo", done("arrive")),
        ("nl", "Minister wil boeren ontmoeten", planned("meet")),
        ("nl", "Minister zal nog deze week de boeren in hun eigen dorp ontmoeten", planned("meet")),
        ("pl", "Minister przybył do Oslo", done("arrive")),
        ("cs", "Ministr přijel do Osla", done("arrive")),
        ("tr", "Bakanlar önümüzdeki hafta görüşecek", planned("meet")),
        ("ar", "الوزير يصل إلى أوسلو", done("arrive")),
        ("ar", "القمة المرتقبة في أوسلو", planned("meet")),
        ("hi", "मंत्री ओस्लो पहुंचे", done("arrive")),
        ("zh", "部长抵达奥斯陆", done("arrive")),
        ("ja", "首相がオスロに到着", done("arrive")),
        ("ja", "首相、来週オスロ訪問へ", planned("visit")),
        ("ja", "首相、来週にもオスロ訪問 外交筋", planned("visit")),
        ("ko", "장관 오슬로 도착", done("arrive")),
        ("ko", "장관, 내일 농민과 면담 예정", planned("meet")),
        ("vi", "Bộ trưởng sẽ thăm Oslo", planned("visit")),
        ("fi", "Ministeri saapui Osloon", done("arrive")),
        ("el", "Ο υπουργός έφτασε στο Όσλο", done("arrive")),
        ("en", "Premier to host farmers in Oslo", planned("welcome")),
        ("en", "Premier set for talks in Oslo", planned("meet")),
        ("ar", "الوزير سيلتقي المزارعين", planned("meet")),
        ("fa", "وزیر با کشاورزان دیدار خواهد کرد", planned("meet")),
        ("fa", "وزیر با کشاورزان دیدار کرد", done("meet")),
    ],
)
def test_acts_are_found_with_their_phase(language: str, title: str, acts: Acts) -> None:
    assert find_acts(title, language) == acts


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Premier to meet farmers in the port of Oslo on Wednesday for summit talks"),
        ("ar", "الوزير سيلتقي المزارعين في ميناء أوسلو يوم الأربعاء لإجراء محادثات"),
        ("de", "Premier wird die Bauern in Oslo treffen: Gespräche über Milch"),
        ("es", "El ministro se reunirá con los pescadores el miércoles para una cumbre"),
        ("fr", "Le ministre rencontrera les pêcheurs mercredi à Oslo pour un sommet"),
        ("it", "Il ministro incontrerà i pescatori mercoledì a Oslo per colloqui"),
        ("pl", "Premier spotka się z rolnikami w środę w porcie na rozmowy"),
        ("ru", "Министр встретится с фермерами в среду, переговоры пройдут в порту"),
        ("vi", "Bộ trưởng sẽ gặp nông dân tại cảng Oslo vào thứ Tư để hội đàm"),
    ],
)
def test_what_is_planned_is_not_done_by_being_named_again(language: str, title: str) -> None:
    assert find_acts(title, language) == planned("meet")


@pytest.mark.parametrize(
    ("title", "acts"),
    [
        pytest.param(
            "Rebels plan to strike Oslo, strike port",
            Acts(done=frozenset({"attack"}), planned=frozenset({"attack"})),
            id="what is done on and on",
        ),
        pytest.param(
            "Premier to meet farmers in Oslo on Wednesday after summit",
            Acts(planned=frozenset({"meet"}), over=frozenset({"meet"})),
            id="what is over",
        ),
        pytest.param(
            "Premier meets farmers, to meet fishers",
            Acts(done=frozenset({"meet"}), planned=frozenset({"meet"})),
            id="what is named before",
        ),
    ],
)
def test_unless_it_is_plainly_another_time(title: str, acts: Acts) -> None:
    assert find_acts(title, "en") == acts


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Premier upbeat after talks with farmers"),
        ("ru", "Министр доволен после встречи с фермерами"),
        ("zh", "部长会谈后表示满意"),
        ("ko", "장관, 회담 후 만족감"),
    ],
)
def test_what_lies_behind_is_over(language: str, title: str) -> None:
    assert "meet" in find_acts(title, language).over
    assert "meet" not in find_acts(title, language).told


@pytest.mark.parametrize("pause", ["...", "\u2026", " \u2026 "])
@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ko", "이스라엘·이란 휴전 합의{}24시간 후 종전"),
        ("ja", "両国が停戦合意{}24時間後に発効"),
        ("zh", "双方达成停火协议{}24小时后生效"),
    ],
)
def test_an_after_of_the_next_clause_leaves_an_act_done(
    language: str, title: str, pause: str
) -> None:
    assert find_acts(title.format(pause), language) == Acts(done=frozenset({"agree"}))


@pytest.mark.parametrize("pause", ["...", "\u2026", " \u2026 "])
@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ko", "두 정상 회담{}내일 오슬로"),
        ("ko", "두 정상 회담{}가능성"),
        ("ja", "両首脳が会談{}あす"),
        ("zh", "两国领导人会晤{}预计明天举行"),
        ("id", "Kedua pemimpin bertemu{}besok"),
    ],
)
def test_a_day_to_come_straight_behind_a_pause_is_that_of_the_act_before_it(
    language: str, title: str, pause: str
) -> None:
    assert find_acts(title.format(pause), language) == Acts(planned=frozenset({"meet"}))


@pytest.mark.parametrize(
    ("title", "acts"),
    [
        ("두 정상 회담...내일 귀국", Acts(frozenset({"meet"}), frozenset({"return"}))),
        ("휴전 합의...내일 발효", Acts(done=frozenset({"agree"}))),
    ],
)
def test_but_not_where_it_is_that_of_the_next_clause(title: str, acts: Acts) -> None:
    assert find_acts(title, "ko") == acts


@pytest.mark.parametrize(
    ("title", "acts"),
    [
        pytest.param(
            "Premier returns to Oslo after meeting farmers",
            Acts(done=frozenset({"return"}), over=frozenset({"meet"})),
            id="the to of an act is no mark",
        ),
        pytest.param(
            "Premier to visit Oslo after talks with farmers",
            Acts(planned=frozenset({"visit"}), over=frozenset({"meet"})),
            id="of two marks the nearer one says",
        ),
        pytest.param(
            "After talks, premier to visit Oslo",
            Acts(planned=frozenset({"visit"}), over=frozenset({"meet"})),
            id="each act has its own mark",
        ),
        pytest.param(
            "After talks premier departs",
            Acts(done=frozenset({"depart"}), over=frozenset({"meet"})),
            id="an after is that of one act",
        ),
        pytest.param(
            "After summit talks premier upbeat",
            Acts(over=frozenset({"meet"})),
            id="however many words name it",
        ),
    ],
)
def test_an_act_is_what_its_own_mark_says(title: str, acts: Acts) -> None:
    assert find_acts(title, "en") == acts


@pytest.mark.parametrize(
    ("title", "acts"),
    [
        ("장관, 18~19일 오슬로 방문", planned("visit")),
        ("장관, 17일 오슬로 방문", done("visit")),
        ("장관, 오슬로 방문", done("visit")),
    ],
)
def test_what_falls_on_a_day_after_the_report_is_to_come(title: str, acts: Acts) -> None:
    reported = datetime(2024, 6, 17, 10, tzinfo=UTC)
    entry = Entry("1", title, reported, outlet="A", language="ko", published=reported)
    assert sign(entry, None).acts == acts


def test_a_mark_does_not_reach_over_the_end_of_a_clause() -> None:
    assert find_acts("Farmers will see, minister signs pact", "en").done == {"sign", "agree"}


@pytest.mark.parametrize(
    ("language", "title", "acts"),
    [
        ("id", "Presiden Bakal ke Oslo, Temui Petani", planned("meet")),
        ("en", "Premier to visit Oslo, meet farmers", planned("visit", "meet")),
        ("en", "Premier to see Oslo, farmers meet", done("meet")),
    ],
)
def test_a_verb_straight_behind_a_comma_goes_on_with_what_is_to_come(
    language: str, title: str, acts: Acts
) -> None:
    assert find_acts(title, language) == acts


def test_a_word_counts_in_its_language_only() -> None:
    assert find_acts("Presiden tiba di Oslo", "en") == NO_ACTS
    assert find_acts("Premier meets farmers", "xx") == NO_ACTS


def test_a_headline_in_no_known_language_is_read_as_english_if_it_may_be() -> None:
    assert find_acts("Premier meets farmers", None).done == {"meet"}
    assert find_acts("Премьер meets фермеров", None) == NO_ACTS


def test_a_hidden_term_is_as_if_its_list_did_not_hold_it() -> None:
    title = "Premier meets farmers, signs pact"
    assert act_terms(title, "en") == {
        (f"{PREFIX}meet", "meets"),
        (f"{PREFIX}sign", "signs"),
        (f"{PREFIX}agree", "pact"),
    }
    left = find_acts(title, "en", {(f"{PREFIX}meet", "meets")})
    assert left.done == {"sign", "agree"}


@pytest.mark.parametrize(
    ("language", "title", "acts"),
    [
        ("en", "Farmers eye summit in Oslo", noun("meet")),
        ("en", "Premier meets farmers at summit", done("meet")),
        ("id", "Kunjungan presiden ke Oslo", noun("visit")),
        ("ru", "Фермеры о визите министра", noun("visit")),
    ],
)
def test_what_only_a_noun_names_is_known_as_such(language: str, title: str, acts: Acts) -> None:
    assert find_acts(title, language) == acts


@pytest.mark.parametrize(
    ("language", "title", "acts"),
    [
        ("en", "Prosecutors say farmers lied", NO_ACTS),
        ("en", "Premier inspects nuclear bombers", done("inspect")),
        ("en", "Explosive drones found on farm", NO_ACTS),
        ("en", "Premier explores important forest", NO_ACTS),
        ("en", "Farm bears signs of neglect", NO_ACTS),
        ("en", "Premiers meet at space launch centre", done("meet")),
        ("en", "Sanctioned ship docks at port", NO_ACTS),
        ("en", "Premier boards frigate", done("inspect")),
        ("en", "Premier boards train", done("depart")),
        ("en", "Met Office sees a mild winter", NO_ACTS),
        ("en", "Farmers march in March", done("protest")),
        ("en", "Farmers doing well in March", NO_ACTS),
        ("en", "Premier inspects farm in May", done("inspect")),
        ("en", "Premier sends letter to farmers", done("message")),
        ("en", "Premier sends hay to farmers", done("supply")),
        ("id", "Presiden kirim surat ke petani", done("message")),
        ("ru", "Министр направил письмо фермерам", done("message")),
        ("ru", "Министр отправил фермерам сено", done("supply")),
        ("ru", "Министр отправился в Осло", done("depart")),
        ("ru", "Фермеры нашли пусковую установку", NO_ACTS),
        ("uk", "Фермери знайшли пускові установки", NO_ACTS),
        ("fr", "Le ministre dans un centre de lancement", NO_ACTS),
        ("es", "Un día importante para el ministro", NO_ACTS),
        ("it", "Un giorno importante per il ministro", NO_ACTS),
        ("ko", "장관, 전략폭격기 시찰", done("inspect")),
        ("ko", "장관, 발사장 시찰", done("inspect")),
        ("zh", "部长在发射场会晤农民", done("meet")),
        ("ja", "首相、発射場を視察", done("inspect")),
    ],
)
def test_what_only_looks_like_an_act_is_none(language: str, title: str, acts: Acts) -> None:
    assert find_acts(title, language) == acts


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
    ("language", "title", "acts"),
    [
        ("uk", "Осло відправить фермерам сіно", planned("supply")),
        ("ru", "Осло отправит фермерам сено", planned("supply")),
        ("ru", "Министр встретится с фермерами", planned("meet")),
        ("uk", "Осло відправило фермерам сіно", done("supply")),
    ],
)
def test_a_perfective_future_is_to_come(language: str, title: str, acts: Acts) -> None:
    assert find_acts(title, language) == acts


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
    assert not [*act_words("Touristes enlevés au Mali", "fr")]
    assert find_acts("Touristes enlevés au Mali", "fr") == NO_ACTS


@pytest.mark.parametrize("language", sorted(TABLES))
def test_each_term_of_an_act_is_found_in_a_headline_that_holds_it(language: str) -> None:
    table = TABLES[language]
    conditional = {term for name in ("fails", "declines", "claims") for term in table.get(name, ())}
    lost = [
        (act, term)
        for act, row in table.items()
        if isinstance(row, str) and act not in ("none", "future", "soon", "before", "after", "deed")
        for term in row.split("|")
        if term not in conditional
        and act not in find_acts(f"X {term.strip('*')} Oslo", language).named
    ]
    assert lost == []


def test_a_fire_that_leaves_victims_departs_for_nowhere() -> None:
    assert find_acts("Fire leaves 3 dead", "en").done.isdisjoint({"depart"})


@pytest.mark.parametrize(
    "title", ["Premier appears to have left for Oslo", "Premier may have left for Oslo"]
)
def test_what_may_have_been_done_is_not_to_come(title: str) -> None:
    assert find_acts(title, "en") == done("depart")


def test_what_could_have_been_is_not_to_come() -> None:
    assert find_acts("Lockdown could have halved deaths", "en").planned == frozenset()


def test_what_would_have_been_is_not_done() -> None:
    title = "Premier says he would have attacked Iran"
    assert "attack" not in find_acts(title, "en").done


def test_a_label_is_no_act() -> None:
    reported = datetime(2024, 6, 17, 10, tzinfo=UTC)
    entry = Entry("1", "(URGENT) Premier leaves for Oslo", reported, language="en")
    assert sign(entry, None).acts == done("depart")


@pytest.mark.parametrize("language", sorted(TABLES))
def test_each_term_of_no_act_stands_over_an_act_or_a_mark(language: str) -> None:
    terms = TABLES[language].get("none", "").split("|")
    names = {term: {name for name, _ in act_terms(term.strip("*"), language)} for term in terms}
    assert [term for term, found in names.items() if term and found <= {f"{PREFIX}none"}] == []


def test_twenty_languages_and_more_have_words_for_the_main_acts() -> None:
    main = {"meet", "visit", "arrive", "depart", "sign", "agree", "supply", "launch", "warn"}
    assert len(TABLES) >= 20
    assert {name for name, table in TABLES.items() if not main <= table.keys()} == set()


@pytest.mark.parametrize("language", sorted(TABLES))
def test_a_language_names_only_known_acts_and_no_term_twice_in_one(language: str) -> None:
    table = TABLES[language]
    assert table.keys() <= TABLES["en"].keys() | {
        "before",
        "behind",
        "brackets",
        "carried",
        "claims",
        "deed",
        "nouns",
        "to_come",
    }
    assert set(table.get("behind", ())) <= {"future", "before", "after"}
    assert set(table.get("brackets", ())) <= set(table["future"].split("|"))
    every = {term for row in table.values() if isinstance(row, str) for term in row.split("|")}
    assert {*table.get("carried", ()), *table.get("nouns", ())} <= every
    for name, row in table.items():
        if not isinstance(row, str):
            continue
        terms = row.split("|")
        assert len(terms) == len(set(terms)), name
        assert all(term.strip() == term and term.strip("*") for term in terms), name


WORDS = st.sampled_from(["to", "meet", "signs", "after", "talks", ",", "後", "会談", "будет", "x"])


@given(st.lists(WORDS, max_size=9).map(" ".join), st.sampled_from([*TABLES, "xx", None]))
def test_no_act_is_both_told_and_nothing(title: str, language: str | None) -> None:
    acts = find_acts(title, language)
    assert acts.told == acts.done | acts.planned
    assert bool(acts) == bool(acts.told or acts.over)
    hidden = act_terms(title, language)
    assert find_acts(title, language, hidden) == NO_ACTS


@given(st.text(max_size=60), st.sampled_from([*TABLES, None]))
def test_any_text_is_accepted(text: str, language: str | None) -> None:
    find_acts(text, language)


def test_a_claim_of_responsibility_parts_no_two_reports_of_an_attack() -> None:
    claimed = find_acts("Rebels claim responsibility for attack on ship", "en")
    assert claimed == done("claim", "attack")
    assert act_overlap(claimed, find_acts("Ship attacked", "en")) == 1


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("en", "Earthquake hits Chile", "Three dead after earthquake in Chile"),
        ("en", "Drones attack depot", "Explosion at depot after drone attack"),
        ("ru", "Дроны атаковали завод", "После атаки дронов на заводе пожар"),
        ("id", "Gempa guncang Maluku", "Tiga orang tewas usai gempa Maluku"),
        ("de", "Drohnenangriff auf Raffinerie", "Brand in Raffinerie nach Drohnenangriff"),
        ("en", "24 dead in floods in Texas", "Girls missing after floods in Texas"),
        ("en", "Earthquake hits Chile", "Chile may count more dead after earthquake"),
    ],
)
def test_the_harm_that_a_disaster_does_is_told_with_it(
    language: str, early: str, late: str
) -> None:
    ours, theirs = (find_acts(one, language).without(MANIFOLD) for one in (early, late))

    assert not is_aftermath(ours, theirs)


@pytest.mark.parametrize(
    "late",
    [
        "Minister visits Chile after earthquake",
        "Chile approves law after earthquake",
        "Three dead, minister resigns after earthquake",
    ],
)
def test_what_else_is_done_after_a_disaster_is_its_aftermath(late: str) -> None:
    early = find_acts("Earthquake hits Chile", "en")
    assert is_aftermath(early, find_acts(late, "en"))
    assert is_aftermath(find_acts(late, "en"), early)


@pytest.mark.parametrize(
    ("language", "title", "acts"),
    [
        ("de", "Frachter vor der Küste des Jemen angegriffen", done("attack")),
        ("de", "Minister vor seinem Haus festgenommen", done("arrest")),
        ("pl", "Przed ambasadą protest", done("protest")),
        ("cs", "Před ambasádou protest", done("protest")),
        ("ru", "Перед посольством протест", done("protest")),
        ("uk", "Перед посольством протест", done("protest")),
        ("ja", "大使館前に抗議", done("protest")),
        ("vi", "Biểu tình trước đại sứ quán", done("protest")),
    ],
)
def test_what_stands_before_a_place_is_not_to_come(language: str, title: str, acts: Acts) -> None:
    assert find_acts(title, language) == acts


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("de", "Streit vor dem Treffen"),
        ("de", "Sorge vor der Wahl"),
        ("pl", "Przed szczytem"),
        ("cs", "Před summitem"),
        ("ru", "Перед саммитом"),
        ("uk", "Перед візитом"),
        ("hu", "A találkozó előtt"),
        ("ja", "会談前に"),
        ("vi", "Trước hội nghị"),
    ],
)
def test_what_stands_before_a_meeting_tells_that_it_is_to_come(language: str, title: str) -> None:
    acts = find_acts(title, language)
    assert acts.planned
    assert not acts.planned & acts.done
