from datetime import timedelta

import pytest
from stored import HOUR, NOW

from watcher.alerts.notices import (
    MOST_AT_ONCE,
    MOST_KEPT,
    PATIENCE,
    REPEATS,
    Fate,
    Notice,
    afterwards,
    joined,
    next_message,
    next_try,
    urgency,
)
from watcher.errors import DeliveryError
from watcher.model import Priority

SECOND = timedelta(seconds=1)
DOWN = DeliveryError("no")
BLOCKED = DeliveryError("the bot was blocked", permanent=True)
SPAM = DeliveryError("spam", permanent=True, text_refused=True)
LOST = DeliveryError("the answer was lost", maybe_sent=True)
DEFERRED = DeliveryError("taken for others, but not yet for bob@example.org", in_part=True)

SICK, WELL = Notice("feed x is sick"), Notice("feed x is well again")
IN_DOUBT = SICK._replace(lost=1, due=NOW + REPEATS[0])
PUT_OFF = IN_DOUBT._replace(has_come=True)


def asking(wait: timedelta) -> DeliveryError:
    return DeliveryError("slow down", retry_after=wait)


@pytest.mark.parametrize(
    ("error", "wait", "then"),
    [
        pytest.param(DOWN, SECOND, SECOND, id="a service that is away may be back"),
        pytest.param(DOWN, None, None, id="every wait is over"),
        pytest.param(BLOCKED, SECOND, None, id="the next minute changes nothing"),
        pytest.param(LOST, SECOND, None, id="it may be there, and another copy is not urgent"),
        pytest.param(DEFERRED, SECOND, None, id="some have it"),
        pytest.param(asking(2 * SECOND), SECOND, 2 * SECOND, id="as long as it is asked for"),
        pytest.param(asking(SECOND / 2), SECOND, SECOND, id="no sooner than else"),
        pytest.param(asking(PATIENCE + SECOND), SECOND, None, id="so long that others would wait"),
    ],
)
def test_a_road_is_tried_again_soon_where_that_may_help_and_keeps_nobody_waiting(
    error: DeliveryError, wait: timedelta | None, then: timedelta | None
) -> None:
    assert next_try(error, wait) == then


@pytest.mark.parametrize(
    ("errors", "waits", "why"),
    [
        pytest.param([SPAM], (), "its text is refused", id="its text is refused"),
        pytest.param([SPAM, SPAM], (), "its text is refused", id="by everyone"),
        pytest.param([], (), "", id="nobody is to be told"),
        pytest.param([SPAM, DOWN], (SICK, WELL), "", id="another may take it later"),
        pytest.param([BLOCKED], (SICK, WELL), "", id="a channel may be mended"),
    ],
)
def test_a_message_waits_until_it_is_taken_or_there_is_a_reason_to_give_it_up(
    errors: list[DeliveryError], waits: tuple[Notice, ...], why: str
) -> None:
    assert afterwards((SICK, WELL), errors, NOW) == Fate(waits, why)


def test_of_very_many_that_nobody_takes_the_newest_wait() -> None:
    message = [Notice(f"feed {n} is sick") for n in range(MOST_KEPT + 2)]

    assert afterwards(message, [DOWN], NOW) == Fate(message[2:], f"{MOST_KEPT} came after it")


@pytest.mark.parametrize(
    ("errors", "has_come"),
    [([LOST], False), ([DOWN, LOST], False), ([LOST, DOWN], False), ([DEFERRED], True)],
)
def test_a_message_in_doubt_waits_for_its_repeat(
    errors: list[DeliveryError], has_come: bool
) -> None:
    fate = afterwards((SICK, WELL), errors, NOW)

    assert joined([one.text for one in fate.waits]) == "feed x is sick; feed x is well again"
    assert {one[3:] for one in fate.waits} == {(1, NOW + REPEATS[0], has_come)}


def test_a_message_in_doubt_is_sent_again_ever_more_seldom_for_hours() -> None:
    now, times = NOW, []
    fate = afterwards([SICK], [LOST], now)
    while fate.waits:
        (one,) = fate.waits
        assert one.due
        times.append(one.due - now)
        now = one.due
        fate = afterwards([one], [LOST], now)

    assert fate.why_given_up == "it was sent 5 times: the answer was lost"
    assert tuple(times) == REPEATS


def test_what_went_along_with_something_newer_is_given_up_no_sooner() -> None:
    fate = afterwards((IN_DOUBT, WELL), [LOST], NOW)

    assert {one[3:] for one in fate.waits} == {(IN_DOUBT.lost, IN_DOUBT.due, False)}


def test_a_refusal_of_its_repeat_gives_no_message_up() -> None:
    assert afterwards((IN_DOUBT, WELL), [DOWN], NOW + HOUR) == Fate((IN_DOUBT, WELL))


@pytest.mark.parametrize(
    ("waiting", "after", "message"),
    [
        pytest.param([], 0 * SECOND, [], id="nothing waits"),
        pytest.param([SICK, WELL], 0 * SECOND, [SICK, WELL], id="all that waits is one message"),
        pytest.param([IN_DOUBT], SECOND, [], id="its time has not come"),
        pytest.param([IN_DOUBT], REPEATS[0], [IN_DOUBT], id="its time has come"),
        pytest.param([IN_DOUBT, WELL], SECOND, [IN_DOUBT, WELL], id="it goes along"),
        pytest.param([PUT_OFF], REPEATS[0], [PUT_OFF], id="who was put off is asked again"),
        pytest.param([PUT_OFF, WELL], SECOND, [WELL], id="who was put off reads the newer one"),
        pytest.param([IN_DOUBT], -3 * REPEATS[-1], [IN_DOUBT], id="the clock was far ahead"),
    ],
)
def test_what_is_in_doubt_goes_before_what_came_after_it_and_is_not_hurried(
    waiting: list[Notice], after: timedelta, message: list[Notice]
) -> None:
    assert list(next_message(waiting, NOW + after)) == message


def test_a_notice_that_waited_a_minute_for_a_busy_chat_goes_as_a_normal_alert() -> None:
    assert urgency(SICK.way, PATIENCE - SECOND) is None
    assert urgency(SICK.way, PATIENCE) is Priority.NORMAL


def test_that_alerts_do_not_arrive_goes_as_a_normal_alert_at_once() -> None:
    assert urgency(Notice("alert 1 is lost", anywhere=True).way, 0 * SECOND) is Priority.NORMAL


def test_of_very_many_notices_the_newest_are_told() -> None:
    sick = [f"feed {n} is sick" for n in range(MOST_AT_ONCE - 2)]
    well = [f"feed {n} is well again" for n in range(MOST_AT_ONCE - 2)]

    text = joined([*sick, *well])

    assert text.startswith("6 earlier ones: see `watcher status`; feed 6 is sick; feed 7 is sick; ")
    assert all(told in text for told in well)
