from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.pace import MINUTE_S, Pace, Turn, is_next, spare, wait_s
from watcher.model import Priority

GROUP = Pace("group", 1.0, most=20)
PERSON = Pace("person", 1.0)


def sent_at(pace: Pace, asked: list[float]) -> list[float]:
    """Return when messages go out that are there at these times, oldest first."""
    sent: list[float] = []
    for at in asked:
        now = max(at, sent[-1] if sent else at)
        sent.append(now + wait_s(pace, sent, now))
    return sent


def test_a_message_that_comes_alone_waits_for_nothing() -> None:
    assert sent_at(GROUP, [5.0, 7.0, 60.0]) == [5.0, 7.0, 60.0]


def test_messages_that_come_together_follow_each_other_by_the_second() -> None:
    assert sent_at(PERSON, [0.0, 0.0, 0.5]) == [0.0, 1.0, 2.0]


def test_a_group_gets_no_more_than_it_takes_in_a_minute() -> None:
    assert sent_at(GROUP, [0.0] * 22)[-3:] == [19.0, 60.0, 61.0]


def test_what_is_less_urgent_leaves_room_in_a_minute_for_what_is_more() -> None:
    edit, normal, high = spare(None), spare(Priority.NORMAL), spare(Priority.HIGH)
    ten, seventeen = [float(at) for at in range(10)], [float(at) for at in range(17)]

    assert wait_s(GROUP, ten[:9], 30.0, edit) == 0.0
    assert wait_s(GROUP, ten, 30.0, edit) == 30.0
    assert wait_s(GROUP, ten, 30.0, normal) == 0.0
    assert wait_s(GROUP, seventeen, 30.0, normal) == 30.0
    assert wait_s(GROUP, seventeen, 30.0, high) == 0.0


def test_a_chat_that_takes_few_messages_takes_some_of_each_kind() -> None:
    assert wait_s(Pace("narrow", 1.0, most=2), [], 30.0, spare(None)) == 0.0


def test_a_chat_without_a_limit_by_the_minute_keeps_no_room() -> None:
    assert wait_s(PERSON, [float(at) for at in range(50)], 60.0, spare(None)) == 0.0


def test_of_those_that_wait_for_a_chat_the_most_urgent_goes_first_then_who_waits_for_longest() -> (
    None
):
    edit, normal, high = (
        Turn(spare(one), since)
        for one, since in ((None, 0.0), (Priority.NORMAL, 1.0), (Priority.HIGH, 2.0))
    )
    older = Turn(spare(Priority.NORMAL), 0.5)

    order = [high, older, normal, edit]

    assert all(is_next(one, order[place:]) for place, one in enumerate(order))
    assert not any(is_next(one, order[:place]) for place, one in enumerate(order) if place)


@given(st.lists(st.floats(0, 200), max_size=60).map(sorted))
def test_no_chat_is_ever_told_more_than_it_takes(asked: list[float]) -> None:
    sent = sent_at(GROUP, asked)

    assert all(later - earlier > 0.999 for earlier, later in pairwise(sent))
    assert all(b - a > MINUTE_S - 0.001 for a, b in zip(sent, sent[20:], strict=False))
    assert all(at <= then for at, then in zip(asked, sent, strict=True))
