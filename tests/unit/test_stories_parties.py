"""Somebody meets one and then another: two events, told in the same words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Entry, Reading, Relation
from watcher.stories.assign import assign
from watcher.stories.parties import is_with_another
from watcher.stories.relate import relate
from watcher.stories.signature import Member, Signature, sign

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
SUMMIT = "Presidents and prime ministers of the alliance gathered for two days of talks. "


def told(title: str, language: str = "en", hours: float = 0, summary: str = "") -> Signature:
    time = NOON + timedelta(hours=hours)
    entry = Entry("x", title, time, summary=summary, outlet=f"Outlet {hours}", published=time)
    return sign(entry, Reading(language, (), ()))


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("en", "Kim meets Putin in Vladivostok", "Kim meets Trump in Singapore"),
        ("en", "Lavrov Meets Rubio in Riyadh", "Lavrov Meets Wang Yi in Beijing"),
        ("en", "Macron meets Modi in Delhi for talks on defence", "Macron meets Meloni in Rome"),
        ("en", "Russia's Putin in phone call with Modi", "Putin, Erdogan discuss grain by phone"),
        ("de", "Macron trifft Starmer in Berlin", "Macron trifft Meloni in Rom"),
        ("ru", "Путин встретился с Моди в Дели", "Путин провел встречу с Ким Чен Ыном"),
        ("id", "Putin Bertemu Modi di New Delhi", "Putin Bertemu Kim Jong Un di Vladivostok"),
        ("ko", "푸틴, 트럼프와 정상회담", "푸틴, 김정은과 정상회담"),
        ("zh", "习近平会见普京", "习近平会见金正恩"),
        ("en", "Minister Lavrov meets Rubio in Riyadh", "Lavrov meets Foreign Minister Wang Yi"),
        ("id", "Menlu Lavrov bertemu Rubio", "Menlu Rusia Lavrov bertemu Menlu China Wang Yi"),
    ],
)
def test_whoever_meets_one_and_then_another_is_in_two_stories(
    language: str, early: str, late: str
) -> None:
    a, b = told(early, language), told(late, language, hours=5)
    assert is_with_another(a, b)
    assert relate(a, b).relation == "different"
    assert assign(b, [Member(1, 1, a)], window=timedelta(hours=72)).relation is Relation.NEW


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("Putin meets Modi in Delhi", "Путин встретился с Ким Чен Ыном"),
        ("Kim meets Xi in Beijing", "Путин встретился с Ким Чен Ыном в Пекине"),
        ("Foreign minister Lavrov meets Wang Yi", "Министр Лавров встретился с Рубио"),
    ],
)
def test_two_meetings_are_two_stories_in_two_languages(early: str, late: str) -> None:
    assert relate(told(early), told(late, "ru", 1)).relation == "different"


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        ("en", "Putin meets Witkoff", "Putin meets Trump envoy"),
        ("en", "Kim Jong Un meets Shoigu", "Kim Jong Un meets Putin's top aide"),
        ("en", "Rubio meets Lavrov in Riyadh", "Rubio meets Putin's foreign minister"),
        ("id", "Putin temui Witkoff", "Putin temui utusan Trump"),
        ("de", "Putin trifft Witkoff", "Putin trifft Trumps Gesandten"),
        ("fr", "Poutine rencontre Witkoff", "Poutine rencontre l'envoyé de Trump"),
        ("ru", "Путин встретился с Уиткоффом", "Путин провел встречу со спецпосланником Трампа"),
        ("ko", "푸틴, 위트코프와 회담", "푸틴, 트럼프 특사와 회담"),
        ("zh", "普京会见威特科夫", "普京会见特朗普特使"),
    ],
)
def test_whoever_is_called_by_somebody_elses_name_is_no_other_party(
    language: str, early: str, late: str
) -> None:
    assert not is_with_another(told(early, language), told(late, language, hours=2))


@pytest.mark.parametrize(
    ("early", "late", "summary"),
    [
        pytest.param("Putin meets Modi", "Modi and Putin hold talks in Delhi", "", id="one pair"),
        pytest.param(
            "Modi meets Putin", "Putin, Modi and Xi Jinping hold talks", "", id="one of several"
        ),
        pytest.param("Modi meets Putin in Delhi", "Modi holds talks in Delhi", "", id="one alone"),
        pytest.param(
            "Putin meets Trump envoy in Moscow",
            "Putin meets Witkoff in the Kremlin",
            f"{SUMMIT}Trump had sent him.",
            id="named in the summary",
        ),
        pytest.param(
            "Emmanuel Macron meets Friedrich Merz in Berlin",
            "President Macron meets Chancellor Merz in Berlin",
            "",
            id="a first name, an office",
        ),
        pytest.param(
            "Macron meets Frederiksen in Aarhus",
            "Macron meets Denmark's leader in Denmark",
            "",
            id="a country for its leader",
        ),
        pytest.param(
            "Zelensky attacks Putin in Berlin", "Zelensky attacks Trump in Rome", "", id="no act"
        ),
        pytest.param(
            "Lavrov meets Fidan in Antalya",
            "Lavrov meets Turkish counterpart in Turkey",
            "",
            id="a country for its minister",
        ),
        pytest.param(
            "Abbas meets Blair in Amman", "Abbas meets Tony Blair in Jordan", "", id="a first name"
        ),
        pytest.param("EU leaders meet Zelensky", "Zelensky meets Macron in Paris", "", id="a body"),
    ],
)
def test_others_present_or_named_otherwise_make_no_second_meeting(
    early: str, late: str, summary: str
) -> None:
    assert not is_with_another(told(early), told(late, hours=5, summary=summary))


def test_a_german_noun_is_no_other_name() -> None:
    early, late = "Macron trifft Merz in Berlin", "Macron trifft Kanzler im Kanzleramt"
    assert not is_with_another(told(early, "de"), told(late, "de", hours=2))


TITLES = st.sampled_from(
    [
        "Kim meets Putin in Vladivostok",
        "Kim meets Trump in Singapore",
        "Lavrov meets Fidan in Ankara",
        "Lavrov, Rubio hold talks in Riyadh",
        "Macron meets with Merz in Berlin for talks on defence",
        "Macron meets Meloni in Rome",
    ]
)


@given(TITLES, TITLES)
def test_it_is_the_same_whichever_came_first(a: str, b: str) -> None:
    assert is_with_another(told(a), told(b)) == is_with_another(told(b), told(a))
