import pytest
from alert_values import LABELS, news, report
from hypothesis import given

from watcher.alerts.adds import ADDS_UNITS, clause, telling_first
from watcher.alerts.lines import utf16_length
from watcher.model import Addition, Adds, News


@pytest.mark.parametrize(
    ("additions", "said"),
    [
        pytest.param([(Adds.DENIAL, "")], "contradicts an earlier report", id="denial"),
        pytest.param([(Adds.ACT, "signed")], "new step: signed", id="act"),
        pytest.param(
            [(Adds.ACT, "quake (planned)"), (Adds.ACT, "crash")],
            "new steps: natural disaster (planned), accident",
            id="acts by what they stand for",
        ),
        pytest.param(
            [(Adds.OFFICIAL, "Kremlin"), (Adds.OFFICIAL, "KCNA")],
            "official sources: Kremlin, KCNA",
            id="officials",
        ),
        pytest.param(
            [(Adds.NUMBER, "1,000 USD"), (Adds.DAY, "09-03")],
            "new number: 1,000 USD; new date: 3 Sep",
            id="two kinds",
        ),
        pytest.param(
            [(Adds.NUMBER, "300,000,000 USD"), (Adds.NUMBER, "1,250,000,000"), (Adds.NUMBER, "5%")],
            "new numbers: 300 million USD, 1.25 billion, 5%",
            id="large figures",
        ),
        pytest.param(
            [(Adds.NUMBER, "46,000,000,000 IDR"), (Adds.NUMBER, "46,000,000,000,000,000")],
            "new numbers: 46 billion IDR, 46,000 trillion",
            id="larger ones, without an exponent",
        ),
        pytest.param([(Adds.NUMBER, ",")], "new number: ,", id="no figure"),
        pytest.param([(Adds.NAME, "kim")], "also about: Kim Jong Un", id="by its label"),
        pytest.param(
            [(Adds.OFFICIAL, "Kim Jong Un"), (Adds.NAME, "kim"), (Adds.NAME, "arms_deals")],
            "official source: Kim Jong Un; also about: arms deals",
            id="no name twice",
        ),
        pytest.param([(Adds.CORRECTION, "")], "corrects what was reported", id="correction"),
        pytest.param([(Adds.NAME, "arms_deals")], "also about: arms deals", id="no label"),
        pytest.param(
            [(Adds.NAME, "arms_deals"), (Adds.NAME, "jong_un"), (Adds.LANGUAGE, "ru")],
            "also about: arms deals; first in Russian",
            id="a list that only varies a name",
        ),
        pytest.param([(Adds.NAME, "jong_un")], "also about: jong un", id="and nothing else"),
        pytest.param([(Adds.LANGUAGE, "ru")], "first in Russian", id="language"),
        pytest.param([(Adds.LANGUAGE, "tlh")], "first in tlh", id="language without a name"),
        pytest.param([(Adds.DAY, "2023-09-11")], "new date: 11 Sep 2023", id="of another year"),
        pytest.param([(Adds.DAY, "13-40")], "new date: 13-40", id="no day"),
        pytest.param([(Adds.UNTOLD, "")], "reported before, but not told here", id="untold"),
        pytest.param([(Adds.DOUBT, "")], "perhaps new", id="doubt"),
        pytest.param([], "", id="nothing"),
    ],
)
def test_what_an_entry_adds_is_said_in_a_clause(
    additions: list[tuple[Adds, str]], said: str
) -> None:
    found = News(tuple(Addition(kind, detail) for kind, detail in additions))

    assert clause(found, LABELS) == said


def test_where_nobody_asked_nothing_is_said() -> None:
    assert clause(None, {}) == ""


def test_the_most_telling_comes_first_and_the_rest_keeps_its_order() -> None:
    doubt, language, number = (
        report(kind, number=place, news=News((Addition(Adds(kind)),)))
        for place, kind in enumerate(["doubt", "language", "number"])
    )
    unknown, other = report("unknown"), report("other")

    ordered = telling_first([unknown, doubt, language, other, number])

    assert ordered == (number, language, doubt, unknown, other)


@given(news)
def test_whatever_is_added_is_one_short_line(found: News) -> None:
    said = clause(found, {"ru": "Russia"})

    assert utf16_length(said) <= ADDS_UNITS
    assert "\n" not in said
