"""The preview, the event and its aftermath: stories of their own that know of each other."""

from datetime import UTC, datetime, timedelta

import pytest

from watcher.config import Settings
from watcher.model import Entry, Evidence, Field, Match, Reading, Rule
from watcher.stories.follows import followed
from watcher.stories.signature import Signature, sign
from watcher.topics.watchlist import Watchlist

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


@pytest.mark.parametrize(
    ("late", "is_sequel"),
    [
        pytest.param("Death toll of Chile quake rises to 158", True, id="a higher toll"),
        pytest.param("Death toll of Chile quake put at 45", False, id="a lower one"),
        pytest.param("Death toll of Peru quake rises to 158", False, id="of others"),
        pytest.param("Attack kills 158 in Chile", False, id="of what somebody did"),
    ],
)
def test_a_higher_toll_of_a_disaster_follows_its_story(late: str, is_sequel: bool) -> None:
    early = told("Earthquake kills 51 in Chile", lists=("quake",))
    assert bool(followed(told(late, 5, lists=("quake",)), [(7, early)])) is is_sequel


def test_a_higher_toll_of_an_attack_is_of_another_one() -> None:
    early = told("Attack kills 14 in Ukraine", lists=("war",))
    assert followed(told("Attack kills 20 in Ukraine", 5, lists=("war",)), [(7, early)]) is None


def test_of_several_stories_the_one_told_last_is_followed() -> None:
    members = [(7, PREVIEW), (9, told("Premier to meet farmers soon", 2)), (8, PREVIEW)]
    for order in (members, members[::-1]):
        found = followed(told("Premier meets farmers", 5), order)
        assert found is not None
        assert (found.story, found.reason) == (9, "what was still to come is done")


NAMES: dict[str, object] = {"korea": {"country": "KP"}, "leader": {"names": ["Kim Jong Un"]}}
SHOTS: dict[str, object] = {"fires": {"en": ["launch*", "fire*"]}}


def matched(title: str, hours: float = 0, *, match: str = "korea AND fires") -> Signature:
    """Sign an entry as a watchlist reads it, which knows what the topic's line asks for."""
    topic = {"id": "t", "match": match}
    lists = {"entities": NAMES, "words": SHOTS, "topics": [topic]}
    entry = Entry("x", title, NOON + timedelta(hours=hours), language="en")
    return sign(entry, Watchlist(Settings.model_validate(lists)).read(entry))


@pytest.mark.parametrize(
    ("early", "late", "is_sequel"),
    [
        pytest.param(
            "North Korea to launch rocket", "North Korea launches missile", False, id="its act"
        ),
        pytest.param(
            "North Korea to launch rocket on May 3",
            "North Korea launches missile on May 3",
            True,
            id="its act and a day",
        ),
        pytest.param(
            "North Korea to launch rocket towards Japan",
            "North Korea launches missile over Japan",
            True,
            id="its act and a place",
        ),
    ],
)
def test_what_a_topic_is_about_makes_no_sequel_by_itself(
    early: str, late: str, is_sequel: bool
) -> None:
    assert (followed(matched(late, 5), [(7, matched(early))]) is not None) == is_sequel


@pytest.mark.parametrize(
    ("early", "is_sequel"),
    [
        pytest.param("After fires, North Korea to meet farmers", True, id="the same country"),
        pytest.param("After fires, premier to meet farmers", False, id="nobody known"),
    ],
)
def test_another_act_makes_a_sequel_where_both_name_somebody(early: str, is_sequel: bool) -> None:
    late = matched("After fires, North Korea meets farmers", 5, match="fires")
    assert (followed(late, [(7, matched(early, match="fires"))]) is not None) == is_sequel
