from datetime import timedelta

import pytest

from watcher.alerts.notices import (
    MOST_AT_ONCE,
    MOST_KEPT,
    joined,
    next_try,
    said_again,
    why_given_up,
)
from watcher.errors import DeliveryError

MINUTE, LONGEST = timedelta(minutes=1), timedelta(minutes=5)
DOWN = DeliveryError("no")
BLOCKED = DeliveryError("the bot was blocked", permanent=True)
SPAM = DeliveryError("spam", permanent=True, text_refused=True)
LOST = DeliveryError("the answer was lost", maybe_sent=True)


def asking(wait: timedelta) -> DeliveryError:
    return DeliveryError("slow down", retry_after=wait)


@pytest.mark.parametrize(
    ("error", "wait", "then"),
    [
        pytest.param(DOWN, MINUTE, MINUTE, id="a service that is away may be back"),
        pytest.param(DOWN, None, None, id="every wait is over"),
        pytest.param(BLOCKED, MINUTE, None, id="the next minute changes nothing"),
        pytest.param(LOST, MINUTE, None, id="it may be there, and another copy is not urgent"),
        pytest.param(asking(2 * MINUTE), MINUTE, 2 * MINUTE, id="as long as it is asked for"),
        pytest.param(asking(MINUTE / 2), MINUTE, MINUTE, id="no sooner than else"),
        pytest.param(asking(6 * MINUTE), MINUTE, None, id="so long that others would wait for it"),
    ],
)
def test_a_road_is_tried_again_soon_where_that_may_help_and_keeps_nobody_waiting(
    error: DeliveryError, wait: timedelta | None, then: timedelta | None
) -> None:
    assert next_try(error, wait, LONGEST) == then


@pytest.mark.parametrize(
    ("errors", "newer", "why"),
    [
        pytest.param([SPAM], 0, "its text is refused", id="its text is refused"),
        pytest.param([SPAM, SPAM], 0, "its text is refused", id="by everyone"),
        pytest.param([SPAM, DOWN], 0, None, id="another may take it later"),
        pytest.param([BLOCKED], 0, None, id="a channel may be mended"),
        pytest.param([LOST], 0, None, id="its answer was lost"),
        pytest.param([DOWN], MOST_KEPT - 1, None, id="one of the newest"),
        pytest.param([DOWN], MOST_KEPT, f"{MOST_KEPT} came after it", id="nobody reads so many"),
    ],
)
def test_a_notice_waits_until_it_is_taken_or_there_is_a_reason_to_give_it_up(
    errors: list[DeliveryError], newer: int, why: str | None
) -> None:
    assert why_given_up("feed x is sick", errors, newer) == why


def test_a_notice_whose_answer_is_lost_is_sent_once_more_and_says_so() -> None:
    text = "feed x is sick"
    repeat = said_again(text, [LOST])

    assert (said_again(text, [DOWN]), repeat) == (text, f"{text} (possible repeat)")
    assert said_again(repeat, [DOWN]) == repeat
    assert why_given_up(repeat, [DOWN], 0) is None
    assert why_given_up(repeat, [DOWN, LOST], 0) == "it may have arrived twice"


def test_of_very_many_notices_the_newest_are_told() -> None:
    sick = [f"feed {n} is sick" for n in range(MOST_AT_ONCE - 2)]
    well = [f"feed {n} is well again" for n in range(MOST_AT_ONCE - 2)]

    text = joined([*sick, *well])

    assert text.startswith("6 earlier ones: see `watcher status`; feed 6 is sick; feed 7 is sick; ")
    assert all(told in text for told in well)
