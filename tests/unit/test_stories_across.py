"""Reports in different languages: what words tell, and what an encoder adds."""

from dataclasses import replace
from datetime import timedelta

import pytest
from encoders import THINGS, Things
from hypothesis import example, given
from hypothesis import strategies as st
from story_values import signed

from watcher.model import Relation
from watcher.stories.assign import assign
from watcher.stories.events import across_chance, event_chance, joining_chance
from watcher.stories.features import overlap
from watcher.stories.relate import is_doubtful, relate, undecided
from watcher.stories.signature import Member, Signature

WINDOW = timedelta(hours=72)
WORDS = [word for thing in THINGS for word in thing]
TITLES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
LANGUAGES = st.sampled_from(["en", "ko", "ru", "id"])


def told(title: str, language: str, *, encoded: bool = False, hours: int = 0) -> Signature:
    signature = signed(title, language, hours)
    return replace(signature, vector=Things().encode([title])[0]) if encoded else signature


@pytest.mark.parametrize(
    ("title", "language"),
    [
        pytest.param("Число погибших при цунами в Индонезии выросло до 832", "ru", id="Russian"),
        pytest.param("인도네시아 쓰나미 사망자 832명으로 늘어", "ko", id="Korean"),
        pytest.param("Korban tewas tsunami Indonesia naik menjadi 832", "id", id="Indonesian"),
    ],
)
def test_a_number_and_a_name_make_a_translation_the_same_event(title: str, language: str) -> None:
    english = told("Death toll from Indonesia tsunami rises to 832", "en")
    assert relate(english, told(title, language)).relation in {"same", "copy"}


def test_other_news_in_another_language_is_different() -> None:
    english = told("Death toll from Indonesia tsunami rises to 832", "en")
    assert relate(english, told("Путин прибыл в Пекин", "ru")).relation == "different"


@pytest.mark.parametrize(
    ("title", "other", "language"),
    [
        ("Magnitude 5.4 quake hits Sumatra", "Magnitude 6.3 quake hits Sulawesi", "et"),
        ("Ferry sinks off Bergen, 14 missing", "Ferry sinks off Haifa, 31 missing", "nl"),
    ],
)
def test_a_language_guessed_wrong_joins_no_headlines_of_two_events(
    title: str, other: str, language: str
) -> None:
    assert relate(told(title, "en"), told(other, language)).relation == "different"


@pytest.mark.parametrize(
    ("early", "late", "language"),
    [
        (
            "Typhoon Kalmaegi: {} flights cancelled",
            "Badai Kalmaegi Terjang Cebu, {} Orang Tewas",
            "id",
        ),
        ("Magnitude {} quake hits Sumatra", "Terremoto de magnitud {} en Sumatra", "es"),
    ],
)
def test_figures_that_differ_count_against_one_event_in_two_languages(
    early: str, late: str, language: str
) -> None:
    english, other = told(early.format(26), "en"), told(late.format(58), language)
    terms = overlap(english, other)
    unasked = across_chance(english, other, terms._replace(number_conflict=0.0))
    assert across_chance(english, other, terms) < unasked - 0.05


def test_an_encoder_joins_what_words_cannot() -> None:
    a, b = "putin and kim meet", "путин ким встретился"
    assert relate(told(a, "en"), told(b, "ru")).relation == "different"
    verdict = relate(told(a, "en", encoded=True), told(b, "ru", encoded=True))
    assert (verdict.relation, verdict.reason) == ("same", "means the same in another language")


def test_an_encoder_is_asked_where_words_leave_it_open() -> None:
    english = told("Ferry fire off Sulawesi coast kills 12 people", "en")
    assert is_doubtful(english, told("12 tewas dalam kebakaran feri", "id"))
    assert not is_doubtful(english, english)
    assert not is_doubtful(english, told("Bank keeps its benchmark rate", "en"))


def test_few_members_are_doubtful_however_many_there_are() -> None:
    entry = told("Ferry fire off Sulawesi coast kills 12 people", "en")
    members = [
        Member(number, number, told(f"Sulawesi ferry owner {number} arrested in Jakarta", "en"))
        for number in range(40)
    ]
    assert len(undecided(entry, members, window=WINDOW)) <= 4


@given(TITLES, LANGUAGES, TITLES, LANGUAGES)
def test_an_encoder_never_makes_a_copy(a: str, la: str, b: str, lb: str) -> None:
    plain = assign(told(a, la, hours=1), [Member(1, 1, told(b, lb))], window=WINDOW)
    first = Member(1, 1, told(b, lb, encoded=True))
    asked = assign(told(a, la, encoded=True, hours=1), [first], window=WINDOW)
    assert (asked.relation is Relation.COPY) == (plain.relation is Relation.COPY)


def test_in_a_stream_a_shared_name_and_number_are_not_enough() -> None:
    english = told("Erdogan phones 3 presidents about Gaza", "en")
    korean = told("에르도안, 홍수 피해 지역 3곳 방문", "ko")
    terms = overlap(english, korean)
    assert joining_chance(english, korean, terms) < event_chance(english, korean, terms)
    found = assign(korean, [Member(1, 1, english)], window=WINDOW)
    assert found.relation is Relation.NEW


@example("kim putin путиным fire", "en", "putin meet ferry", "ko")
@given(TITLES, LANGUAGES, TITLES, LANGUAGES)
def test_two_entries_relate_the_same_whichever_came_first(a: str, la: str, b: str, lb: str) -> None:
    one, other = told(a, la, encoded=True), told(b, lb, encoded=True)
    assert relate(one, other).relation == relate(other, one).relation
