from datetime import UTC, datetime

import pytest

from watcher.model import Entry
from watcher.stories.grown import tells_below

LONG = "The two leaders sat down in the palace by the sea and spoke of trade. " * 8
DIED = "Kim Jong Un has died, state television says. "
HURT = "A blast hurt four people at the gate. "


def grows(*texts: str, language: str = "en") -> bool:
    *known, last = map(str.strip, texts)  # as feeds' texts are
    met = Entry("1", "Kim visits", datetime(2026, 11, 22, tzinfo=UTC), summary=last)
    return tells_below(met, [("Kim visits", text) for text in known], language)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(LONG, LONG + DIED, id="a sentence more"),
        pytest.param(LONG + HURT, LONG + HURT + DIED, id="the second one"),
        pytest.param(f"{LONG}(12 comments)", f"{LONG}{DIED}(13 comments)", id="above a counter"),
        pytest.param(
            f"{LONG}Read also: Rain falls.", f"{LONG}{DIED}Read also: A cup is won.", id="a closing"
        ),
    ],
)
def test_a_grave_act_at_the_foot_of_a_long_page_is_told(before: str, after: str) -> None:
    assert grows(before, after)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Kim Jong Un, who has ruled since 2011, has died, state television says."),
        ("en", "A court sentenced the minister to prison until 2031."),
        ("en", "At 2030 GMT a missile killed 12 people in the port."),
        ("en", "The quake killed 2000 people."),
        ("de", "Der Minister, im Amt seit 2023, ist am Dienstag zurückgetreten."),
        ("fr", "Le maire, élu en 2020, a été tué mardi."),
        ("ru", "Генерал, служивший с 2014 года, погиб во вторник."),
        ("id", "Menteri angkatan 2024 itu tewas pada Selasa."),
    ],
)
def test_a_year_in_a_sentence_at_the_foot_hides_no_grave_act(language: str, sentence: str) -> None:
    assert grows(LONG, LONG + sentence, language=language)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(f"{LONG}(12 comments)", f"{LONG}(13 comments)", id="a counter"),
        pytest.param(LONG, f"{LONG}They smiled.", id="no grave act"),
        pytest.param(LONG[:280], LONG[:280] + DIED, id="others compare the beginning"),
        pytest.param(LONG, LONG + "The sea was calm. " * 32 + DIED, id="the full text"),
        pytest.param(f"{LONG}They ate […]", f"{LONG}They ate fish. {DIED}", id="cut off before"),
        pytest.param(LONG, f"{LONG}\nBus crash kills 12\nA cup is won", id="other headlines"),
        pytest.param(LONG, f"{LONG}Bus crash kills 12 | A cup is won", id="on one line"),
        pytest.param(LONG, f"{LONG}Read also: Bus crash kills 12.", id="a closing"),
        pytest.param(LONG, f"Rain fell. {LONG[70:]}{DIED}", id="another text"),
    ],
)
def test_what_else_stands_at_the_foot_tells_nothing(before: str, after: str) -> None:
    assert not grows(before, after)


def test_what_the_page_had_before_tells_nothing() -> None:
    assert not grows(LONG + DIED, LONG, LONG + DIED)
