"""Of a headline that comes again: what a summary tells where the earlier one has none."""

from datetime import UTC, datetime, timedelta

import pytest

from watcher.model import Entry, Evidence, Field, Match, Reading, Rule
from watcher.stories.asides import is_aside
from watcher.stories.signature import Signature, sign
from watcher.stories.summaries import summary_adds

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def signed(title: str, summary: str = "", language: str = "en", hours: float = 0) -> Signature:
    who = Evidence("who", "who", "whoop", Field.TITLE, 0, 3, Rule.EXACT)
    entry = Entry("x", title, NOON + timedelta(hours=hours), outlet="One", summary=summary)
    return sign(entry, Reading(language, (who,), (Match("t", (who,), (Field.TITLE, 0, 1)),)))


def added(language: str, title: str, early: str, late: str) -> str:
    """Return what the later of two summaries under one headline adds."""
    return summary_adds(signed(title, late, language, 1), signed(title, early, language))


LANDS = {
    "en": "Typhoon makes landfall in Vietnam",
    "id": "Topan landa Vietnam",
    "fr": "Le typhon frappe le Vietnam",
    "ru": "Тайфун в Тихом океане обрушился на Вьетнам",
    "ja": "台風がベトナムに上陸",
    "zh": "台风登陆越南",
}


@pytest.mark.parametrize("early", ["", "(Reuters)", "Read more"])
@pytest.mark.parametrize(
    ("language", "late"),
    [
        ("en", "The Mong Duong dam has burst, submerging three districts downstream of Cam Pha."),
        ("en", "412 bodies in Cam Pha."),
        ("en", "The dam has burst."),
        ("en", "The government has fallen."),
        ("en", "Rebels have whooped into Cam Pha."),  # the word of its topic
        ("en", "French troops have entered the capital, witnesses say."),
        ("id", "Bendungan Mong Duong jebol dan merendam tiga distrik."),
        ("fr", "Le barrage de Mong Duong a cédé, trois districts sont sous les eaux."),
        ("ru", "Прорвана плотина Монгзыонг, затоплены три района."),
        ("ja", "モンズオンダムが決壊し、三つの地区が水没した。"),
        ("zh", "蒙阳大坝溃决，三个区被淹。"),
    ],
)
def test_a_summary_that_has_nothing_of_its_headline_is_news_to_who_had_none(
    language: str, early: str, late: str
) -> None:
    reason = "its summary tells of something else than the headline"
    assert added(language, LANDS[language], early, late) == reason


@pytest.mark.parametrize("early", ["", "(Reuters)", "Read more"])
def test_so_is_a_grave_act_that_its_headline_does_not_tell(early: str) -> None:
    reason = "its summary tells of another act: coup"
    assert added("ru", LANDS["ru"], early, "Армия взяла власть в Ханое.") == reason


@pytest.mark.parametrize(
    ("language", "late"),
    [
        pytest.param("en", "A typhoon of 165 kph came ashore on Monday.", id="its word"),
        pytest.param("en", "Hanoi saw the storm come ashore on Monday.", id="its act"),
        pytest.param("en", "It was Vietnamese fishermen who saw it first.", id="its name"),
        pytest.param("en", "The wind blew over trees in Quang Ninh and...", id="cut off"),
        pytest.param("en", "This is a developing story.", id="a template"),
        pytest.param("en", "Jane Doe reports.", id="who reports"),
        pytest.param("en", "Photo: Reuters.", id="whose picture it is"),
        pytest.param("ja", "[ハノイ 14日 ロイター] - ド...", id="a dateline that breaks off"),
        pytest.param("ja", "(ブルームバーグ):", id="a byline"),
        pytest.param("zh", "新华社河内9月14日电", id="a Chinese dateline"),
    ],
)
def test_a_summary_that_begins_with_its_headline_or_says_nothing_is_no_news(
    language: str, late: str
) -> None:
    assert not added(language, LANDS[language], "", late)


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("en", "Power is out.", "Power is out. Dam burst."),
        ("en", "Power is out in three cities of the north.", "Dam burst."),
        ("ja", "停電が発生。", "停電が発生。ダムが決壊。"),
        ("zh", "造成停电。", "造成停电。大坝溃决。"),
    ],
)
def test_a_short_sentence_is_compared_as_a_long_one(language: str, early: str, late: str) -> None:
    assert "its summary adds" in added(language, LANDS[language], early, late)


def test_what_the_earlier_headline_says_is_nothing_else() -> None:
    late = signed("Typhoon lands", "Winds uproot strong old trees along the quay.")
    assert is_aside(late, signed("Typhoon lands"))
    assert not is_aside(late, signed("Typhoon lands with strong winds"))


@pytest.mark.parametrize(
    ("language", "title", "late"),
    [
        ("hr", "Požar u Zagrebu", "Požar u Zagrebu odnio je tri života."),
        ("th", "เครนถล่มที่ชลบุรี", "เครนถล่มที่ชลบุรี พบร่างคนงานไร้วิญญาณ"),
        ("bg", "Пожар в Пловдив", "При пожар в Пловдив загинаха деца."),
    ],
)
def test_where_no_act_is_known_any_word_of_an_only_summary_may_be_grave(
    language: str, title: str, late: str
) -> None:
    told = summary_adds(signed(title, late, language, 1), signed(title, "", language))
    again = summary_adds(signed(title, f"{title}.", language, 1), signed(title, "", language))

    assert "its summary adds" in told
    assert not again
