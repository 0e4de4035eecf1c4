"""Which surface forms a term admits, per script: one verdict each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Rule
from watcher.topics.boundaries import admit, places
from watcher.topics.normalise import fold
from watcher.topics.terms import Kind, Term, compile_stem, compile_term

NAME, WORD, SHORT = Kind.NAME, Kind.WORD, Kind.SHORT

YES = [
    (NAME, "Kim Jong Un", "Kim Jong-un"),
    (NAME, "Kim Jong Un", "KIM JONG UN"),
    (NAME, "Kim Jong Un", "Kim Jongun"),
    (NAME, "Kim Jong Un", "#KimJongUn"),
    (NAME, "Kim Jongun", "Kim Jong Un"),
    (NAME, "Kim Jong Un", "Kim Jong Un’s train"),
    (NAME, "Kim Jong Un", "Ｋｉｍ　Ｊｏｎｇ　Ｕｎ"),
    (NAME, "Kim Dzong Un", "z Kim Dzong Unem"),
    (NAME, "Kim Čong-un", "s Kim Čong-unem"),
    (NAME, "Kim Čong-un", "Kim Cong-un"),
    (NAME, "Putin", "Putina"),
    (NAME, "Putin", "Put\u200bin's visit"),
    (NAME, "Путин", "Пу\u200bти\u00adным"),
    (NAME, "Kim Jong Un", "Kim\u200b Jong\u200bUn"),
    (NAME, "ปูติน", "ประธานาธิบดี\u200bปูติน\u200bพบ"),
    (NAME, "Putin", "Putinem"),
    (NAME, "Putin", "Putinin kanssa"),
    (NAME, "Putin", "Putin'le"),
    (NAME, "Putin", "Putin-nya"),
    (NAME, "Putin", "Putins Besuch"),
    (NAME, "Putin", "在Putin的"),
    (NAME, "Putin", "Putin은"),
    (NAME, "Путин", "с Путиным"),
    (NAME, "Путин", "Пу́тин"),
    (NAME, "Путін", "Путіна"),
    (NAME, "Ким Чен Ын", "с Ким Чен Ыном"),
    (NAME, "Washington", "Washingtoner Erklärung"),
    (NAME, "Nordkorea", "Nordkorea-Besuch"),
    (NAME, "Nordkorea", "Nordkoreas Machthaber"),
    (NAME, "North Korea", "North Korean leader"),
    (NAME, "金正恩", "朝鲜领导人金正恩访问"),
    (NAME, "金正恩", "金 正恩"),
    (NAME, "キム・ジョンウン", "キムジョンウン総書記"),
    (NAME, "キムジョンウン", "キム・ジョンウン氏"),
    (NAME, "プーチン", "ﾌﾟｰﾁﾝ大統領"),
    (NAME, "ロシア", "北朝鮮がロシアに"),
    (NAME, "김정은", "김정은과"),
    (NAME, "김정은", "김 정은"),
    (NAME, "푸틴", "푸틴은"),
    (NAME, "북러", "북러회담"),
    (NAME, "ปูติน", "ประธานาธิบดีปูตินพบ"),
    (NAME, "بوتين", "وبوتين"),
    (NAME, "روسيا", "لروسيا"),
    (NAME, "كوريا الشمالية", "بكوريا الشمالية"),
    (NAME, "الكرملين", "للكرملين"),
    (NAME, "الكرملين", "والكرملين"),
    (NAME, "كيم جونغ أون", "كيم جونغ اون"),
    (NAME, "פוטין", "ופוטין"),
    (NAME, "Πούτιν", "ΠΟΥΤΙΝ"),
    (NAME, "पुतिन", "राष्ट्रपति पुतिन से"),
    (NAME, "норкорейск*", "норкорейский"),
    (NAME, "U.S.", "the U.S. said"),
    (NAME, "=US", "the US said"),
    (NAME, "=U.S.", "the U.S.-led talks"),
    (NAME, "N. Korea", "N.Korea fires"),
    (NAME, "北", "北、ミサイル発射"),
    (SHORT, "Kim", "Kim: summit"),
    (SHORT, "Kim", "Kim's"),
    (SHORT, "キム", "キム総書記"),
    (SHORT, "러", "北, 러에 자주포 수출"),
    (SHORT, "러", "북·러의 거래"),
    (SHORT, "북", "북에서 온 포탄"),
    (WORD, "arms", "arms deal"),
    (WORD, "anti-air", "anti air missiles"),
    (WORD, "weapon*", "weaponry"),
    (WORD, "munición", "munición"),
    (WORD, "снаряд*", "снарядов"),
    (WORD, "أسلحة", "والأسلحة"),
    (WORD, "회담", "정상회담을"),
    (WORD, "미사일 발사", "미사일발사"),
    (WORD, "武器", "军事武器交易"),
    (WORD, "積み", "北朝鮮の武器積みドゥナイ港に"),
    (WORD, "送った", "砲弾送ったか"),
]

NO = [
    (SHORT, "Kim", "Kimberly"),
    (SHORT, "Kim", "Kimia Farma"),
    (SHORT, "Kim", "kimchi"),
    (SHORT, "Kim", "Joakim"),
    (SHORT, "キム", "キムチ"),
    (SHORT, "러", "백만 달러에 판매"),
    (SHORT, "러", "러닝화 판매"),
    (SHORT, "북", "북극에서"),
    (SHORT, "كيم", "كيماوي"),
    (NAME, "Putin", "Putinisme"),
    (NAME, "Putin", "Putinism"),
    (NAME, "Путин", "путинизм"),
    (NAME, "Putin", "computing"),
    (NAME, "Putin", "Pu tin"),
    (NAME, "Putin", "Rasputin"),
    (NAME, "Trump", "trumpet"),
    (NAME, "Modi", "modify"),
    (NAME, "India", "Indiana"),
    (NAME, "Kim Jong Un", "Kim Jong Under"),
    (NAME, "Kim Jong Un", "Kim Jong Il"),
    (NAME, "Kim Jong Un", "Kim, Jong Un"),
    (NAME, "Moscow", "Moscowian tales"),
    (NAME, "ロシア", "ベロロシア"),
    (NAME, "マリ", "マリリン"),
    (NAME, "北", "北京"),
    (NAME, "俄", "俄亥俄州"),
    (NAME, "=US", "join us"),
    (NAME, "=U.S.", "the US said"),
    (NAME, "=US", "USA"),
    (NAME, "U.S.", "tell us"),
    (NAME, "Čong", "Cong"),
    (NAME, "الهند", "هند"),
    (WORD, "arms", "farms"),
    (WORD, "arms", "armsman"),
    (WORD, "arms", "far ms"),
    (WORD, "đạn", "dan"),
    (WORD, "munición", "municion"),
    (WORD, "peluru artileri", "peluruartileri"),
    (WORD, "shells", "shell s"),
    (WORD, "武器", "武 器"),
    (WORD, "152", "1520"),
]


def compiled(kind: Kind, text: str) -> Term:
    term = compile_term(text, "list", kind)
    assert term is not None
    return term


@pytest.mark.parametrize(("kind", "term", "text"), YES, ids=str)
def test_form_is_admitted(kind: Kind, term: str, text: str) -> None:
    assert list(places(compiled(kind, term), fold(text)))


@pytest.mark.parametrize(("kind", "term", "text"), NO, ids=str)
def test_look_alike_is_refused(kind: Kind, term: str, text: str) -> None:
    assert not list(places(compiled(kind, term), fold(text)))


@pytest.mark.parametrize(
    ("kind", "term", "text", "rule", "span"),
    [
        pytest.param(NAME, "Putin", "Putin said", Rule.EXACT, "Putin", id="exact"),
        pytest.param(NAME, "Путин", "с Путиным", Rule.CASE_ENDING, "Путиным", id="ending"),
        pytest.param(NAME, "北韓", "访问北韓后", Rule.INSIDE, "北韓", id="inside"),
        pytest.param(NAME, "بوتين", "وبوتين", Rule.PROCLITIC, "وبوتين", id="proclitic"),
        pytest.param(WORD, "weapon*", "weaponry", Rule.WILDCARD, "weaponry", id="wildcard"),
        pytest.param(SHORT, "Kim", "Kim said", Rule.SHORT, "Kim", id="short"),
        pytest.param(Kind.ROLE, "лидер КНДР", "лидер КНДР", Rule.ROLE, "лидер КНДР", id="role"),
        pytest.param(Kind.COUNTRY, "Rusia", "ke Rusia", Rule.COUNTRY, "Rusia", id="country"),
    ],
)
def test_rule_and_span_tell_what_was_admitted(
    kind: Kind, term: str, text: str, rule: Rule, span: str
) -> None:
    folded = fold(text)
    (place,) = places(compiled(kind, term), folded)

    assert place.rule is rule
    assert text[slice(*folded.span(place.first, place.last))] == span


@pytest.mark.parametrize(
    ("name", "form", "admitted"),
    [
        ("Москва", "в Москве", True),
        ("Россия", "с Россией", True),
        ("Росія", "Росії", True),
        ("Китай", "с Китаем", True),
        ("Израиль", "Израиля", True),
        ("Москва", "москвич", False),
        ("Китай", "китам", False),
        ("Корея", "кореец", False),
        ("Мали", "малый", False),
        ("Obama", "Obamy", False),
    ],
)
def test_last_letter_of_cyrillic_names_may_change(name: str, form: str, *, admitted: bool) -> None:
    stem = compile_stem(compiled(NAME, name))

    assert bool(stem and list(places(stem, fold(form)))) is admitted


def test_indonesian_words_take_their_enclitics_in_indonesian_alone() -> None:
    folded, term = fold("senjatanya"), compiled(WORD, "senjata")

    assert admit(term, folded, 0, 7, "id")
    assert not admit(term, folded, 0, 7, "es")


@given(st.sampled_from(YES), st.text(max_size=20), st.text(max_size=20))
def test_no_surroundings_raise(case: tuple[Kind, str, str], before: str, after: str) -> None:
    kind, term, text = case
    whole = f"{before}{text}{after}"
    folded = fold(whole)

    for place in places(compiled(kind, term), folded):
        start, end = folded.span(place.first, place.last)
        assert 0 <= start < end <= len(whole)


@given(st.sampled_from(YES))
def test_punctuation_around_never_hides_a_form(case: tuple[Kind, str, str]) -> None:
    kind, term, text = case

    assert list(places(compiled(kind, term), fold(f"(“{text}”), {text}!")))
