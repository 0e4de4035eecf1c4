"""Whether what a headline tells is done, to come or over, in many languages."""

from datetime import UTC, datetime

import pytest
from story_values import done, planned

from watcher.model import Entry
from watcher.stories.acts import Acts, find_acts
from watcher.stories.signature import sign


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
    "title", ["Premier appears to have left for Oslo", "Premier may have left for Oslo"]
)
def test_what_may_have_been_done_is_not_to_come(title: str) -> None:
    assert find_acts(title, "en") == done("depart")


def test_what_could_have_been_is_not_to_come() -> None:
    assert find_acts("Lockdown could have halved deaths", "en").planned == frozenset()


def test_what_would_have_been_is_not_done() -> None:
    title = "Premier says he would have attacked Iran"
    assert "attack" not in find_acts(title, "en").done


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
