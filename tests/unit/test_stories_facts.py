"""What two entries name alike: figures, days, measures, people, tolls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_values import signed

from watcher.stories.facts import in_other_measures, updates_toll

EARLY = "Floods kill at least 51 in Spain"


@pytest.mark.parametrize(
    ("title", "hours", "is_update"),
    [
        pytest.param("Spain floods: death toll rises to 158", 5, True, id="more dead"),
        pytest.param("Spain floods: death toll rises to 158", -5, False, id="told before"),
        pytest.param("Spain floods: death toll put at 45", 5, False, id="fewer"),
        pytest.param("Spain floods: death toll rises", 5, False, id="no count"),
        pytest.param("Chile floods: death toll rises to 158", 5, False, id="of others"),
        pytest.param("Spain floods: army sends 158 soldiers", 5, False, id="no victims"),
        pytest.param("Spain floods: dead are worth 158 dollars", 5, False, id="an amount"),
    ],
)
def test_a_toll_is_updated_by_a_later_and_higher_one_of_the_same_people(
    title: str, hours: float, is_update: bool
) -> None:
    assert updates_toll(signed(title, hours=hours), signed(EARLY)) is is_update


@given(st.text(), st.text())
def test_no_two_tolls_update_each_other(a: str, b: str) -> None:
    assert not (updates_toll(signed(a), signed(b)) and updates_toll(signed(b), signed(a)))


def test_a_magnitude_is_a_measure_though_it_is_whole() -> None:
    assert in_other_measures(
        signed("Gempa M 5,0 guncang Maluku"), signed("Gempa M 6,1 guncang Maluku")
    )


@pytest.mark.parametrize(("magnitude", "is_other"), [("6.9", True), ("5.2", False)])
def test_where_a_title_measures_nothing_its_summary_does(magnitude: str, is_other: bool) -> None:
    shaken = "shook the whole island, and people ran out into the streets"
    summary = f"A quake of magnitude {magnitude} {shaken}."
    bare = signed("Second quake shakes Leyte", summary=summary)
    measured = signed("Gempa M 5,0 guncang Leyte", summary=summary)

    assert in_other_measures(bare, signed("Gempa M 5,1 guncang Leyte")) is is_other
    assert not in_other_measures(measured, signed("Gempa M 5,1 guncang Leyte"))
