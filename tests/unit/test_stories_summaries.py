"""Of two reports under one headline: what the later summary tells alone."""

from datetime import UTC, datetime, timedelta

import pytest

from watcher.model import Entry, Evidence, Field, Match, Reading, Relation, Rule
from watcher.stories.assign import assign
from watcher.stories.signature import Member, Signature, sign
from watcher.stories.summaries import summary_adds, tells_of_another

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
HEADLINE = "Kim Jong Un and Putin hold talks"
BEGUN = "Talks began in Vladivostok on Tuesday, 3 March."
KIM = Evidence("kim", "Kim", "Kim", Field.TITLE, 0, 3, Rule.EXACT)


def signed(summary: str, hours: float = 0, language: str = "en") -> Signature:
    entry = Entry("x", HEADLINE, NOON + timedelta(hours=hours), outlet="One", summary=summary)
    return sign(entry, Reading(language, (KIM,), (Match("summit", (KIM,), (Field.TITLE, 0, 1)),)))


TELLS_MORE = [
    ("Gunmen opened fire on the two leaders; 12 people were killed.", "12"),
    ("The two leaders spoke of 2,000 containers that had crossed the border.", "2,000"),
    ("The Kremlin denied reports that the two leaders had met.", "deny"),
    ("The leaders sat down in Beijing on 5 March.", "another day"),
    ("The leaders will sit down on Thursday, officials said.", "another day"),
    ("Correction: the leaders sit down tomorrow, not today.", "correction"),
    ("Iran took part in the talks of the two leaders in Vladivostok.", "Iran"),
]
#: What nobody may miss who has read but the headline.
GRAVE = [
    ("en", "Two of their guards were killed, an aide said.", "die"),
    ("en", "2 killed.", "die"),
    ("en", "Police arrested 23 of the onlookers, an aide said.", "arrest"),
    ("en", "Iran claimed responsibility for the blast on the eve, an aide said.", "claim"),
    ("id", "Dua pengawal tewas, kata seorang pembantu.", "die"),
    ("ru", "Двое охранников погибли, сообщил помощник.", "die"),
    ("fr", "Les pompiers ont évacué 23 personnes, selon un conseiller.", "rescue"),
]


@pytest.mark.parametrize(("summary", "named"), TELLS_MORE)
def test_a_summary_that_tells_more_says_what(summary: str, named: str) -> None:
    assert named in summary_adds(signed(summary, 48), signed(BEGUN))


@pytest.mark.parametrize(("summary", "named"), TELLS_MORE)
def test_an_equal_headline_silences_no_summary_that_tells_more(summary: str, named: str) -> None:
    late, early = signed(summary, 48), Member(1, 1, signed(BEGUN))
    made = assign(late, [early], window=timedelta(hours=72))
    assert made.relation is not Relation.COPY, named


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (BEGUN, BEGUN),
        (BEGUN, ""),
        (BEGUN, "Talks began in Vladivostok on 3 March, the first since 2019, officials said."),
        ("", "Talks of the two leaders began in Vladivostok on 3 March, with 40 aides."),
        (BEGUN, "In Vladivostok the talks of two leaders began on the day, it is said"),
        (
            "The two leaders began their talks in Vladivostok on a cold...",
            "BY RAIL - The two leaders began their talks in Vladivostok on a cold day; 90 came",
        ),
    ],
)
def test_the_same_text_told_shorter_or_longer_adds_nothing(early: str, late: str) -> None:
    assert not summary_adds(signed(late, 1), signed(early))


BRIEF = "World news in brief"


def under_brief(summary: str, *lists: str, title: str = BRIEF) -> Signature:
    """Return an entry of which the summary alone says what is watched."""
    evidence = tuple(
        Evidence(name, name, name.capitalize(), Field.SUMMARY, 0, 1, Rule.EXACT) for name in lists
    )
    match = Match("summit", evidence, (Field.SUMMARY, 0, 1))
    reading = Reading("en", evidence, (match,), by_summary=frozenset({"summit"}))
    return sign(Entry("x", title, NOON, outlet="One", summary=summary), reading)


SHAKE = under_brief("Kim and Putin shake hands at the cosmodrome of Vostochny.", "kim", "putin")


@pytest.mark.parametrize(
    ("late", "why"),
    [
        pytest.param(
            under_brief("Kim and Putin toast their friendship over dumplings.", "kim", "putin"),
            "only the headline",
            id="other words",
        ),
        pytest.param(
            under_brief("Kim and Putin shake hands at the cosmodrome in Russia.", "kim", "russia"),
            "russia",
            id="another list",
        ),
        pytest.param(
            under_brief("At Vostochny the cosmodrome saw Kim and Putin shake hands.", "kim"),
            "",
            id="the same words",
        ),
    ],
)
def test_a_headline_that_says_nothing_watched_makes_no_copy_of_another_report(
    late: Signature, why: str
) -> None:
    made = assign(late, [Member(1, 1, SHAKE)], window=timedelta(hours=72))

    assert why in tells_of_another(late, SHAKE)
    assert (made.relation is Relation.COPY) is not bool(why)


def test_a_headline_that_says_what_is_watched_needs_no_like_summary() -> None:
    early = signed("A cold wind blew over the platform.")

    assert not tells_of_another(signed("Crowds had gathered early."), early)


@pytest.mark.parametrize("early", ["", "VLADIVOSTOK"])
@pytest.mark.parametrize(("language", "summary", "act"), GRAVE)
def test_what_is_grave_is_told_though_the_earlier_entry_had_no_summary(
    early: str, language: str, summary: str, act: str
) -> None:
    late, first = signed(summary, 3, language), signed(early, 0, language)
    assert act in summary_adds(late, first)
    made = assign(late, [Member(1, 1, first)], window=timedelta(hours=72))
    assert made.relation is Relation.SAME


def test_who_is_only_named_beside_no_act_is_no_news() -> None:
    late = signed("Talks began in Vladivostok on 3 March, not far from China, an aide said.", 1)
    assert not summary_adds(late, signed(BEGUN))
