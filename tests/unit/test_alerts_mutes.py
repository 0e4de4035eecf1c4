from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.mutes import (
    Subject,
    Unwanted,
    default_end,
    end_of,
    ends,
    hold_muted,
    morning,
    name_of,
)
from watcher.alerts.timing import Held
from watcher.config.values import LONGEST_DURATION, QuietHours
from watcher.model import Mute, MuteKind

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)  # 23:30 in Jakarta
HOUR = timedelta(hours=1)
WAITING = Subject("summit", 12, "desk", ("TASS",))


def mute(kind: MuteKind, subject: str, hours: float = 1) -> Mute:
    return Mute(kind, subject, NOW + hours * HOUR, NOW, "Ana")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        pytest.param("2h", NOW + 2 * HOUR, id="a length"),
        pytest.param(" 1h30m ", NOW + 1.5 * HOUR, id="a longer one"),
        pytest.param("08:00", datetime(2026, 11, 28, 1, tzinfo=UTC), id="the next eight o'clock"),
        pytest.param("23:45", datetime(2026, 11, 27, 16, 45, tzinfo=UTC), id="still today"),
        pytest.param("Morning", datetime(2026, 11, 28, 0, tzinfo=UTC), id="morning"),
        pytest.param("2026-12-01", datetime(2026, 11, 30, 17, tzinfo=UTC), id="a day's beginning"),
        pytest.param("2026-12-01T09:00", datetime(2026, 12, 1, 2, tzinfo=UTC), id="local"),
        pytest.param("2026-12-01T09:00:00Z", datetime(2026, 12, 1, 9, tzinfo=UTC), id="RFC 3339"),
    ],
)
def test_people_say_when_a_mute_ends(text: str, end: datetime) -> None:
    assert end_of(text, NOW, JAKARTA) == end


@pytest.mark.parametrize(
    "text", ["", "soon", "0s", "25:00", "2026-13-01", "2020-01-01", "9999-12-31", "20y", "3600w"]
)
def test_an_end_that_is_none_or_past_or_too_far_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        end_of(text, NOW, JAKARTA)


@given(st.text(max_size=30))
def test_any_text_is_a_time_to_come_or_refused(text: str) -> None:
    try:
        end = end_of(text, NOW, JAKARTA)
    except ValueError:
        return
    assert NOW < end <= NOW + LONGEST_DURATION


def test_morning_is_when_quiet_hours_end_else_at_seven() -> None:
    quiet = QuietHours(time(22), time(5, 30))
    siesta, evening = QuietHours(time(13), time(14, 30)), QuietHours(time(18), time(0))

    assert morning(NOW, JAKARTA).astimezone(JAKARTA).time() == time(7)
    for found in ([quiet], [None, siesta, quiet, QuietHours(time(22), time(9))]):
        assert morning(NOW, JAKARTA, found).astimezone(JAKARTA).time() == time(5, 30)
        assert end_of("morning", NOW, JAKARTA, found) == morning(NOW, JAKARTA, found)
    for other in (siesta, evening):
        assert morning(NOW, JAKARTA, [other]).astimezone(JAKARTA).time() == time(7)


def test_a_story_is_muted_for_a_week_and_all_else_for_a_day() -> None:
    lengths = {kind: default_end(kind, NOW) - NOW for kind in MuteKind}

    assert lengths == {
        kind: timedelta(days=7 if kind in {MuteKind.STORY, MuteKind.THREAD} else 1)
        for kind in MuteKind
    }


@pytest.mark.parametrize(
    ("kind", "subject", "covers"),
    [
        (MuteKind.STORY, "12", True),
        (MuteKind.STORY, "1", False),
        (MuteKind.TOPIC, "summit", True),
        (MuteKind.TOPIC, "arms", False),
        (MuteKind.THREAD, "summit/12", True),
        (MuteKind.THREAD, "arms/12", False),
        (MuteKind.CHANNEL, "desk", True),
        (MuteKind.CHANNEL, "mail", False),
        (MuteKind.OUTLET, "TASS", True),
        (MuteKind.OUTLET, "Antara", False),
    ],
)
def test_a_mute_holds_what_it_covers_until_its_end(
    kind: MuteKind, subject: str, *, covers: bool
) -> None:
    held = hold_muted(WAITING, ends([mute(kind, subject)]), NOW)

    assert (held is not None) is covers
    if held:
        is_later = kind in {MuteKind.TOPIC, MuteKind.CHANNEL}
        assert type(held) is (Held if is_later else Unwanted)
        assert held.until == NOW + HOUR


def test_a_ring_is_an_outlets_only_if_nobody_else_reports_in_it() -> None:
    both = Subject("summit", 12, "desk", ("TASS", "Antara"))
    one, two = mute(MuteKind.OUTLET, "TASS", 2), mute(MuteKind.OUTLET, "Antara", 5)

    assert hold_muted(both, ends([one]), NOW) is None
    found = hold_muted(both, ends([one, two]), NOW)
    assert found is not None
    assert found.until == one.until
    assert hold_muted(Subject("summit", 12, "desk"), ends([one, two]), NOW) is None


def test_a_story_that_nobody_wants_is_not_caught_up_with_its_snoozed_topic() -> None:
    mutes = ends([mute(MuteKind.TOPIC, "summit", 5), mute(MuteKind.STORY, "12", 1)])

    assert hold_muted(WAITING, mutes, NOW) == Unwanted(NOW + HOUR, "story 12 was muted")
    assert isinstance(hold_muted(WAITING, mutes, NOW + HOUR), Held)


def test_of_several_mutes_the_last_to_end_counts_and_one_that_ended_no_more() -> None:
    mutes = ends([mute(MuteKind.TOPIC, "summit", 3), mute(MuteKind.CHANNEL, "desk", 1)])

    held = hold_muted(WAITING, mutes, NOW)
    assert held is not None
    assert held.until == NOW + 3 * HOUR
    assert hold_muted(WAITING, mutes, NOW + 3 * HOUR) is None


def test_what_waits_for_the_same_end_is_one_message() -> None:
    mutes = ends([mute(MuteKind.CHANNEL, "desk")])
    others = Subject("arms", 13, "desk")

    one, other = hold_muted(WAITING, mutes, NOW), hold_muted(others, mutes, NOW)

    assert one is not None
    assert one == other


def test_mutes_are_named_as_people_say_it() -> None:
    assert name_of(MuteKind.STORY, "12") == "story 12"
    assert name_of(MuteKind.THREAD, "summit/12") == "story 12 for topic summit"
