"""What a headline is about, in any language, and what that says of two headlines."""

import tomllib
from datetime import timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_values import signed

from watcher.model import Relation
from watcher.stories.assign import assign
from watcher.stories.signature import Member
from watcher.stories.subjects import find_subjects, subject_terms, subject_words

TWO = ("kim", "putin")
FOLDER = resources.files("watcher.stories").joinpath("data/subjects")
TABLES = {
    file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
    for file in FOLDER.iterdir()
}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "North Korea sends 1 million artillery shells to Russia"),
        ("id", "Korea Utara kirim 1 juta peluru artileri ke Rusia"),
        ("ru", "КНДР отправила России миллион артиллерийских снарядов"),
        ("zh", "朝鲜向俄罗斯运送100万枚炮弹"),
        ("ja", "北朝鮮がロシアに砲弾100万発を供与"),
        ("ko", "북한, 러시아에 포탄 100만발 지원"),
        ("th", "เกาหลีเหนือส่งกระสุนปืนใหญ่ 1 ล้านนัดให้รัสเซีย"),
        ("vi", "Triều Tiên gửi 1 triệu quả đạn pháo cho Nga"),
    ],
)
def test_one_subject_is_found_in_any_language(language: str, title: str) -> None:
    assert find_subjects(title, language).keys() == {"shell"}


@pytest.mark.parametrize(
    ("title", "subjects"),
    [
        ("Ballistic missile launched", {"ballistic"}),
        ("Missile launched", {"missile"}),
        ("Operating profit rises", {"operating-profit"}),
        ("Forest fire near school", {"wildfire", "school"}),
        ("Leaders hold talks", set()),
    ],
)
def test_the_longest_term_names_the_subject(title: str, subjects: set[str]) -> None:
    assert find_subjects(title, "en").keys() == subjects


def test_a_subject_is_told_in_the_first_word_for_it() -> None:
    assert find_subjects("Munitions: more ammunition sent", "en") == {"ammunition": "Munitions"}


def test_a_word_that_tells_nothing_is_read_but_names_no_subject() -> None:
    assert list(subject_words("Leaders hold talks", "en")) == ["Leaders", "hold talks"]


def test_a_hidden_term_names_no_subject() -> None:
    title = "Ammunition sent by train"
    assert find_subjects(title, "en", subject_terms("ammunition", "en")).keys() == {"train"}


def test_an_unknown_language_is_read_as_english_where_its_letters_are() -> None:
    assert find_subjects("Ammunition sent", None).keys() == {"ammunition"}
    assert find_subjects("Munición enviada", "xx") == {}


def told_again(early: tuple[str, str], late: tuple[str, str]) -> tuple[Relation, str]:
    """Return what becomes of a headline after one in another language: (language, title)."""
    first = signed(early[1], early[0], lists=TWO)
    again = signed(late[1], late[0], 1 / 3, lists=TWO)
    made = assign(again, [Member(1, 1, first)], window=timedelta(days=3))
    return made.relation, made.reason


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (
            ("en", "Kim Jong Un, Putin hold talks on military cooperation"),
            ("zh", "金正恩與普京會談 討論軍事合作"),
        ),
        (
            ("ru", "Ким Чен Ын и Путин провели переговоры во Владивостоке"),
            ("ko", "김정은·푸틴, 블라디보스토크서 정상회담"),
        ),
        (
            ("id", "Korea Utara kirim 1 juta peluru artileri ke Rusia"),
            ("zh", "朝鲜向俄罗斯运送100万枚炮弹"),
        ),
        (
            ("en", "North Korea sent missiles to Russia on Sept 13"),
            ("ja", "北朝鮮が9月13日、ロシアにミサイルを供与"),
        ),
        (
            ("ru", "Путин и Ким Чен Ын подписали договор"),
            ("ja", "プーチン氏と金正恩氏が条約に署名"),
        ),
    ],
)
def test_a_translation_of_one_subject_is_a_copy(
    early: tuple[str, str], late: tuple[str, str]
) -> None:
    assert told_again(early, late)[0] is Relation.COPY


@pytest.mark.parametrize(
    ("early", "late", "doubt"),
    [
        (
            ("en", "Kim Jong Un, Putin hold talks on military cooperation"),
            ("zh", "金正恩与普京会谈 讨论粮食合作"),
            "it adds \u201c粮食\u201d",
        ),
        (
            ("en", "Kim Jong Un, Putin hold talks on military cooperation"),
            ("zh", "金正恩与普京会谈"),
            "it leaves out \u201cmilitary\u201d",
        ),
        (
            ("en", "North Korea sends 10,000 containers of ammunition to Russia"),
            ("ja", "北朝鮮がロシアに食料のコンテナ1万個を供与"),
            "it adds \u201c食料\u201d",
        ),
    ],
)
def test_another_subject_is_told_and_named(
    early: tuple[str, str], late: tuple[str, str], doubt: str
) -> None:
    relation, reason = told_again(early, late)
    assert relation is Relation.SAME
    assert reason.endswith(doubt)


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (("en", "4 kidnappers killed in Nigeria"), ("ru", "4 заложника убиты в Нигерии")),
        (("id", "4 penculik tewas di Nigeria"), ("en", "4 hostages killed in Nigeria")),
        (("es", "Israel mata a 4 secuestradores"), ("en", "Israel kills 4 hostages")),
        (("zh", "哈马斯在加沙释放4名人质"), ("en", "Hamas frees 4 hostages, kidnaps 4 in Gaza")),
        (
            ("en", "Hamas frees 4 hostages in Gaza"),
            ("es", "Hamás libera 4 rehenes y secuestra a 4 en Gaza"),
        ),
    ],
)
def test_who_kidnaps_is_no_hostage(early: tuple[str, str], late: tuple[str, str]) -> None:
    assert told_again(early, late)[0] is not Relation.COPY


@pytest.mark.parametrize("language", sorted(TABLES))
def test_a_language_names_only_known_subjects_and_no_term_twice(language: str) -> None:
    table = TABLES[language]
    assert table.keys() <= TABLES["en"].keys() | {"light", "head", "people"}
    terms = [term for row in table.values() for term in row.split("|")]
    assert [term for term in terms if not term.strip("*") or term.strip() != term] == []
    assert sorted({term for term in terms if terms.count(term) > 1}) == []


WORDS = st.sampled_from(
    ["ammunition", "talks", "hold", "shells", "砲弾", "が", "снаряды", "x", ","]
)


@given(st.lists(WORDS, max_size=9).map(" ".join), st.sampled_from([*TABLES, "xx", None]))
def test_a_title_without_its_terms_is_about_nothing(title: str, language: str | None) -> None:
    assert find_subjects(title, language, subject_terms(title, language)) == {}


@given(st.text(max_size=60), st.sampled_from([*TABLES, None]))
def test_each_subject_is_named_by_a_word_of_the_text(text: str, language: str | None) -> None:
    assert all(word in text for word in find_subjects(text, language).values())
