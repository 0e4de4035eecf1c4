"""Which words are acts, in which language, and what the tables of acts hold."""

import tomllib
from datetime import UTC, datetime
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_values import done

from watcher.model import Entry
from watcher.stories.act_kinds import MANIFOLD
from watcher.stories.act_lists import PREFIX
from watcher.stories.acts import NO_ACTS, Acts, act_terms, find_acts
from watcher.stories.phases import is_aftermath
from watcher.stories.signature import sign

FOLDER = resources.files("watcher.stories").joinpath("data/acts")
TABLES = {
    file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
    for file in FOLDER.iterdir()
}


def noun(*acts: str) -> Acts:
    return Acts(done=frozenset(acts), nouns=frozenset(acts))


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
        ("en", "Opposition walked out of parliament", done("protest")),
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
    ("language", "title"),
    [
        ("en", "Kidnapped priest freed in Kenya"),
        ("pt", "Padre sequestrado no Mali é libertado"),
        ("it", "Il prete rapito in Mali è stato liberato"),
        ("en", "Abducted students rescued in Nigeria"),
        ("de", "Entführter Priester in Kenia freigelassen"),
        ("fr", "Kenya : le prêtre enlevé libéré"),
        ("es", "Liberan al sacerdote secuestrado en Kenia"),
        ("ru", "В Кении освобожден похищенный священник"),
        ("uk", "У Кенії звільнили викраденого священника"),
        ("pl", "Porwany ksiądz uwolniony w Kenii"),
        ("tr", "Kenya'da kaçırılan rahip serbest"),
        ("vi", "Linh mục bị bắt cóc ở Kenya được thả"),
        ("hi", "केन्या में अपहरण किए गए पादरी रिहा"),
        ("fa", "آزادی کشیش ربوده شده در کنیا"),
        ("ar", "الإفراج عن قس مختطف في كينيا"),
        ("zh", "肯尼亚被绑架神父获释"),
        ("ja", "ケニアで拉致の神父解放"),
        ("ko", "케냐 납치 신부 석방"),
    ],
)
def test_whoever_is_freed_was_kidnapped_before(language: str, title: str) -> None:
    told = find_acts(title, language).told
    assert "kidnap" not in told
    assert not told.isdisjoint({"free", "rescue"})


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Gunmen kidnap 20 students, free three"),
        ("en", "Priest freed; gunmen kidnap students"),
        ("es", "Hamás libera 4 rehenes y secuestra a 4 en Gaza"),
        ("de", "Banditen lassen Priester frei und entführen Schüler"),
        ("ru", "Боевики освободили двоих и похитили школьников"),
        ("ar", "مسلحون أفرجوا عن قس واختطفوا طلابا"),
        ("fa", "گروگانگیری در بانک"),
    ],
)
def test_a_release_beside_a_kidnapping_leaves_it_told(language: str, title: str) -> None:
    assert "kidnap" in find_acts(title, language).told
