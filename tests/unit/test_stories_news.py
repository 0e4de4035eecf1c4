"""What an entry adds to the story that it joins."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watcher.model import Addition, Adds, Entry, Evidence, Field, Match, News, Reading, Rule
from watcher.stories.news import MOST_DETAILS, news_of
from watcher.stories.signature import Signature, sign

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def told(
    title: str, language: str | None = "en", *, summary: str = "", lists: tuple[str, ...] = ()
) -> Signature:
    mentions = tuple(Evidence(one, "", "", Field.TITLE, 0, 1, Rule.EXACT) for one in lists)
    entry = Entry("x", title, NOON + timedelta(minutes=5), summary, outlet="Antara")
    return sign(entry, Reading(language, mentions, ()))


FIRST = told("Ferry sinks off Sulawesi, 12 missing", lists=("ferry",))


@pytest.mark.parametrize(
    ("late", "addition"),
    [
        pytest.param(
            told("Ferry sinks off Sulawesi, 31 missing"), Addition(Adds.NUMBER, "31"), id="number"
        ),
        pytest.param(
            told("Kapal feri tenggelam di Sulawesi", "id"),
            Addition(Adds.LANGUAGE, "id"),
            id="first in a language",
        ),
        pytest.param(
            told("Ferry did not sink off Sulawesi, owner says"), Addition(Adds.DENIAL), id="denial"
        ),
        pytest.param(
            told("CORRECTED-Ferry sinks off Sulawesi, 12 missing"),
            Addition(Adds.CORRECTION),
            id="correction",
        ),
        pytest.param(
            told("Ferry sinks off Sulawesi", lists=("ferry", "navy")),
            Addition(Adds.NAME, "navy"),
            id="a watched name",
        ),
        pytest.param(
            told("Ferry sank on 3 March off Sulawesi"), Addition(Adds.DAY, "03-03"), id="day"
        ),
        pytest.param(
            told("Ferry sank on 3 March 2026 off Sulawesi"),
            Addition(Adds.DAY, "03-03"),
            id="day of this year",
        ),
        pytest.param(
            told("Kapal yang tenggelam di Sulawesi (11/9/2023)", "id"),
            Addition(Adds.DAY, "2023-09-11"),
            id="day of another year",
        ),
        pytest.param(
            told("Kremlin says it knows of the ferry off Sulawesi"),
            Addition(Adds.OFFICIAL, "Kremlin"),
            id="official",
        ),
        pytest.param(
            told("Ship goes down near Sulawesi"), Addition(Adds.DOUBT), id="nothing we can name"
        ),
    ],
)
def test_what_an_entry_adds_is_named(late: Signature, addition: Addition) -> None:
    assert addition in news_of(late, [FIRST]).additions


def test_no_language_is_the_first_after_one_that_nobody_recognised() -> None:
    unknown = told("Ferry sinks off Sulawesi", None)

    assert news_of(told("Ship goes down near Sulawesi"), [unknown]) == News((Addition(Adds.DOUBT),))


def test_what_any_earlier_entry_told_is_no_news() -> None:
    again = told("12 missing as ferry sinks", lists=("ferry",))
    assert news_of(again, [told("Kapal tenggelam", "id"), FIRST]) == News((Addition(Adds.DOUBT),))


def test_small_counts_of_a_summary_are_no_news() -> None:
    summary = "The ferry with 2 masts went down on its way between two of the islands on Tuesday, "
    late = told("Ferry sinks off Sulawesi", summary=f"{summary} with 140 people on board.")
    assert news_of(late, [FIRST]).additions == (Addition(Adds.NUMBER, "140"),)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ((Addition(Adds.DENIAL),), (Addition(Adds.ACT, "meets"),)),
        ((Addition(Adds.NUMBER, "7"),), (Addition(Adds.LANGUAGE, "ru"),)),
        (
            (Addition(Adds.NUMBER, "7"), Addition(Adds.LANGUAGE, "ru")),
            (Addition(Adds.NUMBER, "7"),),
        ),
        ((Addition(Adds.DOUBT),), ()),
    ],
)
def test_the_more_telling_is_the_stronger(
    more: tuple[Addition, ...], less: tuple[Addition, ...]
) -> None:
    assert News(more).strength > News(less).strength


def test_only_a_doubt_names_nothing() -> None:
    assert News((Addition(Adds.DOUBT),)).is_doubt
    assert not News((Addition(Adds.DAY, "03-03"),)).is_doubt
    assert News().strength == 0


TITLES = st.lists(
    st.sampled_from(["ferry", "sinks", "not", "Kremlin says", "12", "$7 million", "3 May", "飛行"]),
    max_size=6,
).map(" ".join)
SIGNATURES = st.builds(told, TITLES, st.sampled_from(["en", "id", "ja"]))


@given(SIGNATURES, st.lists(SIGNATURES, max_size=4))
@example(told("12 boats, 31 cars, 57 dogs and 40 men arrive", "en"), [])
def test_news_is_never_empty_and_names_no_more_than_a_message_holds(
    late: Signature, earlier: list[Signature]
) -> None:
    news = news_of(late, earlier)
    kinds = [one.kind for one in news.additions]
    assert kinds == sorted(kinds, key=list(Adds).index)
    assert all(1 <= kinds.count(kind) <= MOST_DETAILS for kind in kinds)
    assert 0 < news.strength <= 100


@given(SIGNATURES, st.lists(SIGNATURES, max_size=4))
def test_who_tells_the_same_again_adds_only_a_doubt(
    late: Signature, earlier: list[Signature]
) -> None:
    assert news_of(late, [*earlier, late]).is_doubt or any(
        one.kind is Adds.DENIAL for one in news_of(late, [*earlier, late]).additions
    )


@given(SIGNATURES, st.lists(SIGNATURES, max_size=4))
def test_the_order_of_earlier_entries_does_not_matter(
    late: Signature, earlier: list[Signature]
) -> None:
    assert news_of(late, earlier) == news_of(late, earlier[::-1])


def test_a_list_that_serves_another_topic_is_no_addition() -> None:
    entry = Entry("x", "Kapal tenggelam", NOON + timedelta(minutes=5), "", outlet="Antara")
    mentions = tuple(
        Evidence(one, "", "", Field.TITLE, 0, 1, Rule.EXACT) for one in ("navy", "war")
    )
    asked = (("ferries", frozenset({"ferry", "navy"})),)
    matches = (Match("ferries", mentions, (Field.TITLE, 0, 1)),)
    late = sign(entry, Reading("en", mentions, matches, asked=asked))

    assert news_of(late, [FIRST]).additions == (Addition(Adds.NAME, "navy"),)


def test_a_number_is_told_in_the_writing_of_people() -> None:
    late = told("Feri tenggelam, rugi Rp 46 miliar", "id")

    assert Addition(Adds.NUMBER, "46,000,000,000 IDR") in news_of(late, [FIRST]).additions


def test_in_the_in_portuguese_denies_nothing() -> None:
    first = told("Surto de Ébola em Kasai, diz OMS", "pt")
    late = told("OMS teme surto de Ébola no Kasai", "pt")

    assert Addition(Adds.DENIAL) not in news_of(late, [first]).additions


MEETS_PUTIN = told("Kim Jong Un meets Putin in Russia")


@pytest.mark.parametrize(
    ("early", "late"),
    [
        pytest.param(
            told("해외 여행이 거의 없는 김정은, 푸틴과 회담", "ko"), MEETS_PUTIN,
            id="who hardly travels",
        ),
        pytest.param(MEETS_PUTIN, told("Ким без охраны встретился с Путиным", "ru"), id="without"),
        pytest.param(
            MEETS_PUTIN, told("Ким, не подписав договор, встретился с Путиным", "ru"),
            id="another act",
        ),
        pytest.param(
            told("Kereta Kim berangkat dari Pyongyang", "id"), told("Kim arrives in Russia"),
            id="who arrives after he left",
        ),
        pytest.param(
            told("Ferry sinks off Chittagong"), told("Ferry on fire, passengers jump into sea"),
            id="what rises and sinks",
        ),
    ],
)  # fmt: skip
def test_what_denies_nothing_that_was_told_is_no_denial(early: Signature, late: Signature) -> None:
    assert Addition(Adds.DENIAL) not in news_of(late, [early]).additions


@pytest.mark.parametrize(
    "late",
    [
        told("Ким Чен Ын не встретился с Путиным", "ru"),
        told("Kreml dementiert Treffen von Kim und Putin", "de"),
    ],
)
def test_an_act_denied_in_another_language_is_a_denial(late: Signature) -> None:
    assert Addition(Adds.DENIAL) in news_of(late, [MEETS_PUTIN]).additions
