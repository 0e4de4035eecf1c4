"""What is told again, and what is not, of a report in another language."""

from datetime import timedelta

import pytest
from story_values import watched

from watcher.model import (
    Addition,
    Adds,
    News,
    Relation,
)
from watcher.stories.assign import assign
from watcher.stories.signature import Member
from watcher.stories.silence import REPEATS_CHANCE, contradiction, why_told_again
from watcher.stories.unread import first_unread

ACROSS = [
    pytest.param(
        "Strike on Gaza kills 12 people", "ar", "مقتل 12 صحفيا في غارة على غزة", id="whom"
    ),
    pytest.param("Israel strikes Gaza hospital", "ja", "イスラエル、ガザの学校を空爆", id="target"),
    pytest.param("Israel attacks Iran", "ru", "Иран атаковал Израиль", id="who whom"),
    pytest.param("Israel attacks Iran", "ar", "إيران تشن هجوما على إسرائيل", id="Arabic"),
    pytest.param("Gaza: 15 missing", "de", "Gaza: 15 Leichen", id="what has one name here"),
    pytest.param("Gaza: 15 missing", "fr", "Gaza : 15 hospitalisés", id="in hospital"),
]


@pytest.mark.parametrize(("early", "language", "late"), ACROSS)
def test_what_happens_again_and_again_is_told_in_every_language(
    early: str, language: str, late: str
) -> None:
    made = assign(
        watched(late, language, 1),
        [Member(1, 1, watched(early, "en"))],
        window=timedelta(hours=72),
    )
    assert made.relation is not Relation.COPY


def of_another_summary(language: str, late: str, summary: str, first: str = "") -> Relation:
    early = Member(1, 1, watched("Kim Jong Un meets Putin", "en", summary=first))
    again = watched(late, language, 1, summary)
    return assign(again, [early], window=timedelta(hours=72)).relation


@pytest.mark.parametrize(
    ("language", "late", "summary"),
    [
        pytest.param(
            "ar", "قمة بين بوتين وكيم جونغ أون",
            "قال السفير ألكسندر ماتسيجورا إن قمة بوتين وكيم جونغ أون على جدول الأعمال.",
            id="still to come, says one whom nobody knows",
        ),
        pytest.param(
            "ru", "Ким Чен Ын встретился с Путиным", "Ким Чен Ын встретится с Путиным.",
            id="still to come",
        ),
        pytest.param(
            "ru", "Ким Чен Ын встретился с Путиным", "Путин пригласил Ким Чен Ына в Москву.",
            id="another act",
        ),
        pytest.param(
            "ru", "Ким Чен Ын встретился с Путиным",
            "Ким Чен Ын встретился с Путиным и Си Цзиньпином.",
            id="another one",
        ),
        pytest.param(
            "ru", "Ким Чен Ын встретился с Путиным",
            "Ким Чен Ын встретился с Путиным 3 раза.", id="a figure",
        ),
        pytest.param(
            "ko", "김정은, 푸틴 만나",
            "김정은 위원장이 푸틴 대통령을 만난 뒤 쓰러졌다고 관리가 전했다.",
            id="Korean words that nobody reads",
        ),
        pytest.param(
            "zh", "普京与金正恩会晤", "普京与金正恩会晤时晕倒，随从人员将其抬走。", id="Chinese",
        ),
    ],
)  # fmt: skip
def test_a_summary_that_may_tell_more_is_no_copy_in_another_language(
    language: str, late: str, summary: str
) -> None:
    assert of_another_summary(language, late, "") is Relation.COPY
    assert of_another_summary(language, late, summary) is not Relation.COPY


def test_a_summary_that_tells_but_its_headline_again_is_one() -> None:
    again = "Ким Чен Ын встретился с Путиным."
    assert of_another_summary("ru", "Путин и Ким Чен Ын встретились", again) is Relation.COPY


@pytest.mark.parametrize(
    ("language", "late"),
    [
        ("ko", "김정은, 푸틴 만나"),
        ("ru", "Ким Чен Ын встретился с Путиным"),
    ],
)
def test_what_two_people_do_once_is_not(language: str, late: str) -> None:
    early = Member(1, 1, watched("Kim Jong Un meets Putin", "en"))
    made = assign(watched(late, language, 1), [early], window=timedelta(hours=72))
    assert made.relation is Relation.COPY


@pytest.mark.parametrize(
    ("language", "other"),
    [
        ("fr", "Kim Jong Un n'a pas rencontré Poutine"),
        ("ko", "김정은, 푸틴 만나지 않아"),
        ("id", "Apakah Kim Jong Un bertemu Putin"),
        ("ru", "Встретился ли Ким Чен Ын с Путиным"),
        ("zh", "金正恩与普京会晤了吗"),
        ("id", "Kim Jong Un seharusnya bertemu Putin"),
    ],
)
def test_a_denial_or_a_question_repeats_no_report_in_another_language(
    language: str, other: str
) -> None:
    denial, report = watched(other, language), watched("Kim Jong Un meets Putin", "en")
    news = News((Addition(Adds.LANGUAGE, language),))
    for late, early in ((denial, report), (report, denial)):
        reason = why_told_again(late, early, news, 0.9)
        assert reason.startswith(("may contradict it: ", "perhaps new: "))


@pytest.mark.parametrize(("lists", "told"), [("who", True), ("who what", False)])
def test_one_man_visits_more_than_one_place_a_day(lists: str, told: bool) -> None:
    early = watched("Putin visits hospital in Kazan", "en", lists=lists)
    late = watched("Путин посетил ферму", "ru", 1, lists=lists)
    news = News((Addition(Adds.LANGUAGE, "ru"),))
    assert bool(why_told_again(late, early, news, 0.9)) is told


INVITES = "Putin invites Kim Jong Un"
RUSSIAN = News((Addition(Adds.LANGUAGE, "ru"),))


def told_again(title: str, early: str = INVITES, news: News = RUSSIAN, chance: float = 0.9) -> str:
    """Return why a Russian title is told after an English one."""
    return why_told_again(watched(title, "ru", 1), watched(early, "en"), news, chance)


def test_what_tells_surely_the_same_in_another_language_is_not_told_again() -> None:
    assert told_again("Путин пригласил Ким Чен Ына") == ""
    assert told_again("Путин встретился с Ким Чен Ыном", "Kim Jong Un meets Putin") == ""


@pytest.mark.parametrize(
    ("title", "difference"),
    [
        ("Путин не пригласил Ким Чен Ына", "may contradict it: one says “не”"),
        ("По Слухам, Путин пригласил Ким Чен Ына", "perhaps new: one says “Слухам”"),
        ("Пригласил ли Путин Ким Чен Ына?", "perhaps new: one of them asks"),
    ],
)
def test_what_may_contradict_in_another_language_is_told_with_what_differs(
    title: str, difference: str
) -> None:
    assert told_again(title) == difference


@pytest.mark.parametrize(
    ("language", "late", "early"),
    [
        ("fr", "Liban : sept morts, selon le ministère de la Santé", "Seven killed in Lebanon"),
        ("de", "Gesundheitsministerium meldet sieben Tote", "Seven killed in Lebanon"),
        ("tr", "Sağlık Bakanlığı: 7 ölü", "Seven killed in Lebanon"),
        ("es", "La FAA certifica el 737", "FAA certifies 737 after years of delay"),
        ("ru", "Путин посетит Пхеньян", "Putin announces plan to visit Pyongyang"),
    ],
)
def test_a_ministry_a_delay_that_is_over_and_a_word_for_a_plan_contradict_nothing(
    language: str, late: str, early: str
) -> None:
    assert not contradiction(watched(late, language, 1), watched(early, "en"))


def test_a_minister_and_a_plan_of_what_is_done_contradict() -> None:
    assert contradiction(watched("Le ministre rencontre Kim", "fr", 1), watched("Kim talks", "en"))
    assert contradiction(
        watched("Путин посетил Пхеньян", "ru", 1), watched("Putin plans trip", "en")
    )


def test_what_may_be_of_another_event_in_another_language_is_told() -> None:
    unsure = REPEATS_CHANCE - 0.01
    told = told_again("Путин пригласил Ким Чен Ына", chance=unsure)
    assert told == "not sure enough for silence"


def test_what_adds_to_its_story_in_another_language_is_told() -> None:
    news = News((*RUSSIAN.additions, Addition(Adds.NUMBER, "6")))
    assert told_again("Путин пригласил Ким Чен Ына", news=news) == "it adds the number 6"


def test_who_does_it_to_whom_in_another_language_is_told() -> None:
    assert told_again("Ким Чен Ын пригласил Путина") == "names them in another order"


def test_what_was_done_and_then_is_to_come_in_another_language_is_told() -> None:
    sent = watched("North Korea has sent 3 million shells to Russia", "en")
    to_send = watched("La Corée du Nord va livrer 3 millions d'obus à la Russie", "fr", 4)
    news = News((Addition(Adds.LANGUAGE, "fr"),))
    reason = "what is done in one of them is to come in the other"
    assert why_told_again(to_send, sent, news, 0.7) == reason


@pytest.mark.parametrize(
    ("language", "late", "unread"),
    [
        ("id", "Kim Jong Un pingsan saat bertemu Putin di Vladivostok", "pingsan"),
        ("en", "Kim Jong Un and Putin end meeting in Vladivostok", "end"),
        ("fr", "Kim Jong-un et Poutine se rencontrent encore à Vladivostok", "encore"),
        ("id", "Kim Jong Un akan bertemu Putin pekan depan", "pekan"),
        ("id", "Kim Jong Un bertemu Putin di Vladivostok", ""),
        ("de", "Kim Jong Un und Putin treffen sich in Wladiwostok", ""),
        ("ja", "金正恩氏、失神 プーチン氏と会談", "失神"),
        ("ja", "金正恩氏、プーチン氏と会談", ""),
    ],
)
def test_a_word_that_nothing_reads_may_be_news_in_another_language(
    language: str, late: str, unread: str
) -> None:
    assert first_unread(watched(late, language, 1)) == unread
