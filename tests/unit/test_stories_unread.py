"""What of a headline in letters that run on is read, and what of it may be news."""

import tomllib
from datetime import UTC, datetime
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Entry, Evidence, Field, Match, Reading, Rule
from watcher.stories.leftover import leftover
from watcher.stories.signature import Signature, sign
from watcher.stories.unread import first_unread, first_unsaid

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
PIECES = tomllib.loads(
    resources.files("watcher.stories").joinpath("data/pieces.toml").read_text("utf-8")
)


def signed(title: str, language: str | None, *found: str) -> Signature:
    evidence = tuple(Evidence("x", one, one, Field.TITLE, 0, 1, Rule.INSIDE) for one in found)
    matches = (Match("t", evidence, (Field.TITLE, 0, 1)),)
    return sign(Entry("x", title, NOON), Reading(language, evidence, matches))


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh", "金正恩与普京会谈不欢而散"),
        ("zh", "普京没见金正恩"),
        ("zh", "莫迪会见普京 气氛冷淡"),
        ("zh", "習近平抵達莫斯科後咳嗽"),
        ("zh", "普京为了会谈抵达平壤"),
        ("zh", "泽连斯基从基辅启程"),
        ("zh", "普京首次会见莫迪"),
        ("zh", "俄罗斯副总统会见金正恩"),
        ("zh", "普京与金正恩会谈三小时"),
        ("zh", "普京被邀请访问朝鲜"),
        ("ja", "プーチン氏、モディ氏との会談をすっぽかす"),
        ("ja", "金正恩氏、プーチン氏に会えぬ"),
        ("ja", "金正恩氏、プーチン氏と会談へ 韓国発表"),
        ("ja", "習近平氏らがモスクワに到着"),
        ("ja", "金正恩氏の側近、プーチン氏と会談"),
        ("ja", "プーチン氏、金正恩氏と会談のはず"),
        ("ja", "ゼレンスキー氏がキーウから出発"),
        ("ja", "プーチン氏が平壌に到着できない"),
        ("ja", "金正恩氏、プーチン氏とまた会談"),
        ("ko", "김정은-푸틴 회담설"),
        ("ko", "푸틴, 평양 도착 못 해"),
        ("ko", "시진핑, 모스크바 도착 지연"),
        ("ko", "김정은, 푸틴과 회담서 고성"),
        ("ko", "김정은 통역관, 푸틴과 회담"),
        ("ko", "김정은, 푸틴 만난다"),
        ("ko", "푸틴, 김정은만 초청"),
        ("ko", '정부 "푸틴 평양 도착했다"'),
        ("ko", "김정은, 푸틴 정부와 회담"),
        ("zh", "金正恩会见普京官员"),
        ("zh", "金正恩会见普京政府"),
        ("ja", "金正恩氏、プーチン政府側と会談"),
        ("th", "ปูตินไม่มา"),
        ("my", "ပူတင် မလာ"),
        ("km", "ពូទីន មិន មក"),
        ("lo", "ປູຕິນ ບໍ່ມາ"),
        (None, "金正恩会见普京时"),
    ],
)  # fmt: skip
def test_what_nothing_reads_in_letters_that_run_on_may_be_news(
    language: str | None, title: str
) -> None:
    names = ("ปูติน", "ပူတင်", "ពូទីន", "ປູຕິນ")
    assert first_unsaid(signed(title, language, *names), [])


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh", "习近平主席在北京会见普京总统"),
        ("zh", "據報導，普丁總統與金正恩舉行會談"),
        ("zh", "普京9月13日抵达平壤"),
        ("zh", "莫迪与普京通电话"),
        ("zh", "乌克兰攻击俄罗斯 死亡15人"),
        ("ja", "プーチン大統領、平壌に到着したと発表"),
        ("ja", "習近平国家主席、北京でモディ首相と会談した"),
        ("ja", "プーチン・金正恩両氏が会談"),
        ("ja", "北朝鮮とロシアが5月3日に条約に署名"),
        ("ja", "ロシアへウクライナが攻撃"),
        ("ko", "푸틴 대통령은 시진핑 국가주석과 정상회의를 했다"),
        ("ko", "푸틴, 김정은과의 회담을 했다"),
        ("ko", "푸틴 9월 13일에 평양 도착"),
        ("ko", "우크라이나, 러시아 공격…15명 사망"),
        ("th", "นายกฯ ปูติน และ ปูติน ใน 13 กันยายน"),
        ("my", "သမ္မတ ပူတင်နှင့် ပူတင်"),
        ("km", "លោក ពូទីន និង លោក ពូទីន"),
    ],
)  # fmt: skip
def test_names_acts_figures_offices_and_grammar_are_read(language: str, title: str) -> None:
    assert first_unread(signed(title, language, "ปูติน", "ပူတင်", "ពូទីន")) == ""


@pytest.mark.parametrize(
    ("title", "unread"),
    [
        ("朝鲜运送3千万枚", ""),
        ("朝鲜运送007", ""),
        ("朝鲜运送3小时", "小时"),
        ("朝鲜运送3000枚", ""),
        ("朝鲜运送三千枚", ""),
        ("朝鲜运送数千枚", "数千枚"),
    ],
)
def test_only_the_figures_that_are_compared_are_read(title: str, unread: str) -> None:
    assert leftover(title, "zh", ["朝鲜", "运送"]) == unread


def test_a_vowel_sign_makes_another_word_of_the_same_letters() -> None:
    assert leftover("ปูติน", "th", ["ปูติน"]) == ""
    assert leftover("ปีตูน", "th", ["ปูติน"])


def test_names_that_overlap_are_both_read() -> None:
    assert leftover("向俄罗斯", "zh", ["向俄", "俄罗斯"]) == ""


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [
        ("ja", "ロシアに部品を供与", "部品を"),
        ("zh", "普京会晤时间", "时间"),
        ("ko", "푸틴이 대통령궁 도착", "궁"),
    ],
)
def test_a_reason_names_the_word_and_not_the_grammar_before_it(
    language: str, title: str, word: str
) -> None:
    assert first_unread(signed(title, language)) == word


def test_grammar_is_read_in_its_language_alone() -> None:
    assert leftover("会談の", "ja", ["会談"]) == ""
    assert leftover("会談の", "zh", ["会談"]) == "の"


def test_two_words_of_one_character_may_be_another_word() -> None:
    assert leftover("与普京", "zh", ["普京"]) == ""
    assert leftover("为了普京", "zh", ["普京"]) == "为了"


LANGUAGES = sorted(PIECES["words"])
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
LISTED = frozenset("".join(row for table in PIECES.values() for row in table.values()))
TITLES = {
    "zh": "金正恩与普京会谈",
    "ja": "金正恩氏がプーチン氏と会談",
    "ko": "김정은, 푸틴과 회담",
}


@given(st.sampled_from(sorted(TITLES)), HAN.filter(lambda one: one not in LISTED), st.booleans())
def test_another_han_letter_before_or_behind_a_title_is_always_unread(
    language: str, letter: str, is_first: bool
) -> None:
    title = TITLES[language]
    assert first_unread(signed(title, language)) == ""
    # The engine may read it with its neighbours: no name or act of these is one letter longer.
    parts = (letter, title) if is_first else (title, letter)
    assert leftover(" ".join(parts), language, [title]) == letter


@given(st.text(max_size=30), st.sampled_from(LANGUAGES))
def test_a_title_of_read_letters_is_never_unread(title: str, language: str) -> None:
    assert leftover(title, language, title) == ""


@given(st.text(max_size=30), st.lists(st.text(max_size=4)), st.sampled_from([*LANGUAGES, None]))
def test_any_title_is_looked_through(title: str, read: list[str], language: str | None) -> None:
    assert isinstance(leftover(title, language, read), str)


@given(st.data(), st.sampled_from(LANGUAGES))
def test_a_listed_word_with_a_tail_tells_nothing(data: st.DataObject, language: str) -> None:
    words = PIECES["words"][language].split()
    tails = ["", *PIECES["tails"].get(language, "").split()]
    word, tail = data.draw(st.sampled_from(words)), data.draw(st.sampled_from(tails))
    assert leftover(word + tail, language, []) == ""


@pytest.mark.parametrize(
    ("language", "title"), [("ja", "発表したことを"), ("ko", "개최했다고"), ("ko", "보도했다고")]
)
def test_a_tail_behind_a_longer_listed_word_tells_nothing(language: str, title: str) -> None:
    assert leftover(title, language, []) == ""


def test_a_thousand_listed_words_are_looked_through_once() -> None:
    assert leftover("양국정상" * 1000 + "못", "ko", []) == "못"


def test_a_tail_takes_no_letter_of_a_listed_word() -> None:
    assert leftover("两国之间", "zh", []) == ""
    assert leftover("中的普京", "zh", ["普京"]) == ""
