"""Chinese in both of its writings is one; Japanese and Korean stay as they are."""

import pytest
from story_values import signed

from watcher.stories.given import stems_of
from watcher.stories.han import simplified
from watcher.stories.relate import relate


@pytest.mark.parametrize(
    ("simple", "traditional"),
    [
        ("金正恩与普京举行会谈 讨论军事合作", "金正恩與普京舉行會談 討論軍事合作"),
        ("台湾东部海域发生6.2级地震", "臺灣東部海域發生6.2級地震"),
        ("香港电台记者获释", "香港電台記者獲釋"),
        ("中国辽宁舰穿越台湾海峡", "中國遼寧艦穿越臺灣海峽"),
    ],
)
def test_one_headline_in_both_writings_is_a_copy(simple: str, traditional: str) -> None:
    early, late = signed(simple, "zh"), signed(traditional, "zh-Hant", 1)
    assert early.title == late.title
    assert relate(early, late).relation == relate(late, early).relation == "copy"


@pytest.mark.parametrize(
    ("simple", "traditional"),
    [
        ("普京会见金正恩", "普京沒有會見金正恩"),
        ("普京邀请金正恩访俄", "金正恩邀請普京訪俄"),
        ("股市上涨3%", "股市下跌3%"),
        ("发射3万枚炮弹", "發射5萬枚砲彈"),
    ],
)
def test_guards_hold_between_the_writings(simple: str, traditional: str) -> None:
    early, late = signed(simple, "zh"), signed(traditional, "zh-Hant", 1)
    assert relate(early, late).relation != "copy"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("日朝首脳會談開催決定", "ja"),
        ("株価上昇", "ja"),
        ("上昇するドル", "zh"),
        ("韓美 연합훈련", "zh"),
        ("韓國 대통령", "ko"),
        ("韓國", None),
        ("Xi meets 習近平", "en"),
        ("plain", "zh"),
    ],
)
def test_what_is_not_chinese_stays(text: str, language: str | None) -> None:
    assert simplified(text, language) == text


def test_simplifying_again_changes_nothing() -> None:
    every = "".join(map(chr, range(0x3400, 0xA000)))
    once = simplified(every, "zh")
    assert len(once) == len(every)
    assert simplified(once, "zh") == once


def test_terms_of_topics_are_known_in_both_writings() -> None:
    assert {"韓國", "韩国"} <= stems_of(["韓國"])


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("현대차, 美서 9만대 리콜", "현대차, 미국서 9만대 리콜"),
        ("美·中 정상 통화", "미국·중국 정상 통화"),
        ("시진핑 中 주석", "시진핑 중국 주석"),
        ("北 미사일 발사", "북한 미사일 발사"),
        ("희토류 무기화 나선 中…美 반발", "희토류 무기화 나선 중국…미국 반발"),
        ("북한 도발에도 침묵하는 中", "북한 도발에도 침묵하는 중국"),
        ("수출 통제 강화한 中, 보복", "수출 통제 강화한 중국, 보복"),
        ("정부는 中, 일본은 北 규탄", "정부는 중국, 일본은 북한 규탄"),
    ],
)
def test_a_korean_headline_that_shortens_a_country_names_it(short: str, full: str) -> None:
    assert signed(short, "ko").title == signed(full, "ko").title


@pytest.mark.parametrize(
    "title",
    [
        "3日 회담",
        "산책하던 中, 벼락 맞아 사망",
        "이동하는 中, 교통사고",
        "大統領 방미",
        "訪中 외교부 장관",
        "尹錫悦 선고",
        "수사 中",
        "회의 中, 폭발",
        "방한 中, 회견",
        "대선 中, 충돌",
    ],
)
def test_other_characters_of_a_korean_headline_stay(title: str) -> None:
    assert simplified(title, "ko") == title
