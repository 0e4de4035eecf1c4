"""The preview, the event and its aftermath: stories of their own that know of each other."""

from datetime import UTC, datetime, timedelta

import pytest

from watcher.model import Entry, Evidence, Field, Match, Reading, Rule
from watcher.stories.follows import followed
from watcher.stories.signature import Signature, sign

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
CAST = ("premier", "farmers")


def told(
    title: str, hours: float = 0, *, lists: tuple[str, ...] = CAST, topic: str = "farm"
) -> Signature:
    mentions = tuple(Evidence(one, "", "", Field.TITLE, 0, 1, Rule.EXACT) for one in lists)
    reading = Reading("en", mentions, (Match(topic, mentions, (Field.TITLE, 0, 1)),))
    return sign(Entry("x", title, NOON + timedelta(hours=hours)), reading)


PREVIEW = told("Premier to meet farmers")


@pytest.mark.parametrize(
    ("late", "early"),
    [
        pytest.param("Premier meets farmers", "Premier to meet farmers", id="event and preview"),
        pytest.param("Premier upbeat after talks", "Premier meets farmers", id="aftermath"),
        pytest.param("Premier arrives in Oslo", "Premier leaves for Oslo", id="next stage"),
    ],
)
def test_a_sequel_follows(late: str, early: str) -> None:
    found = followed(told(late, 5), [(7, told(early))])
    assert found is not None
    assert found.story == 7


@pytest.mark.parametrize(
    "late",
    [
        pytest.param(told("Premier to meet farmers in May", 5), id="still to come"),
        pytest.param(told("Premier meets farmers", -5), id="told earlier"),
        pytest.param(told("Premier meets farmers", 5, lists=("miners",)), id="another cast"),
        pytest.param(told("Premier meets farmers", 5, topic="mines"), id="another topic"),
        pytest.param(told("Premier on farmers", 5), id="no act"),
        pytest.param(told("Farmers eye premier at summit", 5), id="a noun tells no time"),
    ],
)
def test_anything_else_follows_nothing(late: Signature) -> None:
    assert followed(late, [(7, PREVIEW)]) is None


def test_of_several_stories_the_one_told_last_is_followed() -> None:
    members = [(7, PREVIEW), (9, told("Premier to meet farmers soon", 2)), (8, PREVIEW)]
    for order in (members, members[::-1]):
        found = followed(told("Premier meets farmers", 5), order)
        assert found is not None
        assert (found.story, found.reason) == (9, "what was still to come is done")
