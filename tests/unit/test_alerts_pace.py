from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.pace import MINUTE_S, Pace, wait_s

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


@given(st.lists(st.floats(0, 200), max_size=60).map(sorted))
def test_no_chat_is_ever_told_more_than_it_takes(asked: list[float]) -> None:
    sent = sent_at(GROUP, asked)

    assert all(later - earlier > 0.999 for earlier, later in pairwise(sent))
    assert all(b - a > MINUTE_S - 0.001 for a, b in zip(sent, sent[20:], strict=False))
    assert all(at <= then for at, then in zip(asked, sent, strict=True))
