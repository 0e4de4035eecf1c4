from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from watchlists import FERRY, MEETS, MINUTE, entry

from watcher.service.evaluate.baselines import BASELINES, Baseline, Headline, headline

EQUAL, RATIO, TOKEN_SET, NEWSBLUR = BASELINES
WINDOW = timedelta(hours=72)
RULES = pytest.mark.parametrize("rule", BASELINES, ids=lambda rule: rule.name)
TITLES = st.lists(st.sampled_from([MEETS, FERRY, f"{MEETS} again", "Putin", "", "日本で地震"]))


def headlines(titles: Sequence[str], minutes: int = 1) -> list[Headline]:
    return [headline(entry(title, minutes * place)) for place, title in enumerate(titles)]


@pytest.mark.parametrize(
    ("a", "b", "answers"),
    [
        pytest.param(MEETS, f"Watch: {MEETS} - Reuters", "yyyy", id="equal once cleaned"),
        pytest.param(MEETS, MEETS.replace("3", "5"), "nyyy", id="one letter differs"),
        pytest.param(
            "Volcano erupts in southern Iceland, flights cancelled",
            "Flights cancelled as volcano erupts in southern Iceland near capital Reykjavik",
            "nnyy",
            id="words in another order and more",
        ),
        pytest.param(MEETS, FERRY, "nnnn", id="another event"),
        pytest.param("Storm hits coast", "Coast storm hits", "nnyn", id="too short for overlap"),
    ],
)
def test_what_each_rule_takes_for_one(a: str, b: str, answers: str) -> None:
    found = [rule.alike(headline(entry(a)), headline(entry(b))) for rule in BASELINES]

    assert "".join("ny"[alike] for alike in found) == answers


@RULES
def test_a_headline_joins_none_that_is_older_than_the_window(rule: Baseline) -> None:
    inside, outside = (headlines([MEETS, FERRY, MEETS], minutes) for minutes in (2160, 2161))

    assert rule.group(inside, WINDOW) == [0, 1, 0]
    assert rule.group(outside, WINDOW) == [0, 1, 2]


def test_the_one_most_alike_wins() -> None:
    near, nearest = f"{MEETS} with China", f"{MEETS} with China now"

    assert RATIO.group(headlines([near, nearest, f"{nearest}!"]), WINDOW) == [0, 0, 0]
    assert RATIO.nearest(headlines([f"{nearest}!"])[0], headlines([near, nearest])) == 1
    assert NEWSBLUR.nearest(headlines([nearest])[0], headlines([near, nearest])) == 0


def test_a_missing_title_is_replaced_by_the_summary() -> None:
    assert headline(entry("", summary=MEETS)).text == headline(entry(MEETS)).text


@RULES
@given(titles=TITLES)
def test_a_group_is_named_by_its_first_headline(rule: Baseline, titles: list[str]) -> None:
    groups = rule.group(headlines(titles), WINDOW)

    assert len(groups) == len(titles)
    assert all(groups[group] == group <= place for place, group in enumerate(groups))


@RULES
@given(titles=TITLES)
def test_later_headlines_change_no_earlier_group(rule: Baseline, titles: list[str]) -> None:
    whole = rule.group(headlines(titles), WINDOW)

    assert rule.group(headlines(titles[: len(titles) // 2]), WINDOW) == whole[: len(titles) // 2]


def test_it_takes_its_own_time_from_the_entry() -> None:
    assert headline(entry(MEETS, 5)).time - headline(entry(MEETS)).time == 5 * MINUTE
