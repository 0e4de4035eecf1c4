from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.decide import MOST_TOLD, Decision, Policy, Ring, decide
from watcher.config.values import Updates
from watcher.model import (
    WHOLE_DAY,
    Action,
    Addition,
    Adds,
    Assignment,
    Entry,
    News,
    Priority,
    Reason,
    Relation,
)

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
INTERVALS = (2 * MINUTE, 10 * MINUTE, 30 * MINUTE)
ENTRY = Entry(id="1", title="Kim meets Putin", seen=NOW, published=NOW - MINUTE)
ALERT = Ring(1, Action.ALERT, NOW - HOUR)
POLICY = Policy(
    priority=Priority.NORMAL,
    updates=Updates.EDIT_REPLY,
    window=72 * HOUR,
    backfill=2 * HOUR,
    group_wait=timedelta(seconds=45),
    reply_intervals=INTERVALS,
)


def related(relation: Relation) -> Assignment:
    return Assignment(relation, story=12, copy_of=None, score=90, reason="same title")


def decided(**changes: Any) -> Decision:
    policy = {key: changes.pop(key) for key in POLICY.__slots__ if key in changes}
    values: dict[str, Any] = {
        "entry": ENTRY,
        "assignment": related(Relation.SAME),
        "rings": (),
        "policy": replace(POLICY, **policy),
        "now": NOW,
        "baseline": False,
        "new_topic": False,
        "muted_until": None,
        "news": None,
        "is_told": True,
    }
    return decide(**{**values, **changes})


COPY = related(Relation.COPY)


def published(ago: timedelta) -> Entry:
    return replace(ENTRY, published=NOW - ago)


def test_first_report_is_an_alert_after_the_group_wait() -> None:
    decision = decided()

    assert (decision.action, decision.reason) == (Action.ALERT, Reason.FIRST_REPORT)
    assert decision.due == NOW + timedelta(seconds=45)


def test_what_went_out_gathers_nothing_though_a_clock_set_back_calls_it_not_yet_due() -> None:
    tomorrow = Ring(7, Action.ALERT, NOW + 24 * HOUR, tried=True)

    decision = decided(rings=(tomorrow,))

    assert (decision.reason, decision.ring) == (Reason.POSSIBLY_NEW, None)
    assert decision.due == NOW + INTERVALS[0]


def test_high_priority_does_not_wait_for_the_group() -> None:
    assert decided(priority=Priority.HIGH).due == NOW


def test_copy_of_a_story_never_told_is_an_alert() -> None:
    assert decided(assignment=related(Relation.COPY)).action is Action.ALERT


def test_copy_of_what_nobody_was_told_is_told_by_a_reply_that_says_why() -> None:
    decision = decided(assignment=COPY, rings=(ALERT,), is_told=False)

    assert (decision.action, decision.reason) == (Action.REPLY, Reason.COPY_OF_UNTOLD)
    assert decision.due == NOW


def test_copy_of_what_nobody_was_told_adds_that_it_was_not_told() -> None:
    untold = News((Addition(Adds.UNTOLD),))

    for ring in (ALERT, Ring(1, Action.ALERT, NOW + MINUTE)):
        told = decided(assignment=COPY, rings=(ring,), is_told=False, news=News())
        assert told.news == untold
    assert decided(rings=(ALERT,), news=News()).news == untold  # its topic is new to it
    assert decided(assignment=COPY, rings=(ALERT,), news=News()).news == News()


def test_copy_of_what_nobody_was_told_joins_the_message_that_still_gathers() -> None:
    gathering = Ring(1, Action.ALERT, NOW + MINUTE)

    decision = decided(assignment=COPY, rings=(gathering,), is_told=False)

    assert decision == Decision(Action.REPLY, Reason.GATHERED, ring=1)


def test_copy_of_what_nobody_was_told_is_named_where_a_topic_wants_edits_alone() -> None:
    decision = decided(assignment=COPY, rings=(ALERT,), is_told=False, updates=Updates.EDIT)

    assert decision == Decision(Action.EDIT, Reason.COPY_OF_UNTOLD, ring=1)
    assert decision.names


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"entry": published(73 * HOUR)}, Reason.TOO_OLD, id="beyond the window"),
        pytest.param(
            {"entry": published(3 * HOUR), "baseline": True}, Reason.BASELINE, id="first poll"
        ),
        pytest.param(
            {"entry": replace(ENTRY, published=None), "baseline": True},
            Reason.BASELINE,
            id="undated on the first poll",
        ),
        pytest.param(
            {"entry": published(3 * HOUR - WHOLE_DAY), "baseline": True},
            Reason.BASELINE,
            id="some time today, on the first poll",
        ),
        pytest.param(
            {"entry": published(3 * HOUR), "new_topic": True}, Reason.NEW_TOPIC, id="new topic"
        ),
        pytest.param(
            {"entry": replace(published(-HOUR), seen=NOW - 3 * HOUR), "new_topic": True},
            Reason.NEW_TOPIC,
            id="new topic, met before it and dated ahead",
        ),
        pytest.param({"muted_until": NOW + MINUTE}, Reason.MUTED, id="muted"),
        pytest.param(
            {
                "rings": [ALERT],
                "assignment": related(Relation.COPY),
                "updates": Updates.NONE,
            },
            Reason.COPY,
            id="copy without updates",
        ),
        pytest.param(
            {"rings": [ALERT], "updates": Updates.NONE}, Reason.UPDATES_OFF, id="no updates"
        ),
    ],
)
def test_silence_has_its_reason(changes: dict[str, Any], reason: Reason) -> None:
    assert decided(**changes) == Decision(Action.SUPPRESS, reason)


@pytest.mark.parametrize(
    ("rings", "ring"),
    [
        pytest.param([ALERT], 1, id="on the screen"),
        pytest.param([Ring(3, Action.ALERT, NOW + MINUTE)], 3, id="gathering"),
        pytest.param([ALERT, Ring(2, Action.REPLY, NOW)], 1, id="with replies"),
        pytest.param([Ring(2, Action.REPLY, NOW), Ring(4, Action.ALERT, NOW)], 4, id="merged"),
        pytest.param([Ring(2, Action.REPLY, NOW)], 2, id="parted from its alert"),
    ],
)
@pytest.mark.parametrize("updates", [Updates.EDIT, Updates.EDIT_REPLY])
def test_a_copy_changes_the_threads_first_message_silently(
    rings: Sequence[Ring], ring: int, updates: Updates
) -> None:
    decision = decided(rings=rings, assignment=related(Relation.COPY), updates=updates)

    assert decision == Decision(Action.EDIT, Reason.COPY, ring=ring)


@pytest.mark.parametrize(
    "rings",
    [
        pytest.param([replace(ALERT, is_shared=True)], id="another story's message"),
        pytest.param([Ring(2, Action.REPLY, NOW - HOUR, tried=True)], id="a reply"),
    ],
)
def test_without_replies_what_no_message_can_name_opens_one(rings: Sequence[Ring]) -> None:
    decision = decided(rings=rings, updates=Updates.EDIT)

    assert decision == Decision(Action.ALERT, Reason.POSSIBLY_NEW, due=NOW)


def test_without_replies_what_may_be_new_changes_the_message() -> None:
    decision = decided(rings=[ALERT], updates=Updates.EDIT)

    assert decision == Decision(Action.EDIT, Reason.POSSIBLY_NEW, ring=1)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"entry": published(HOUR), "baseline": True}, id="young on the first poll"),
        pytest.param({"entry": published(HOUR), "new_topic": True}, id="young for a new topic"),
        pytest.param({"entry": replace(ENTRY, published=None)}, id="undated on a later poll"),
        pytest.param({"muted_until": NOW}, id="mute just ended"),
        pytest.param({"entry": published(72 * HOUR)}, id="at the edge of the window"),
        pytest.param({"entry": published(-HOUR), "baseline": True}, id="dated ahead of the clock"),
    ],
)
def test_what_is_young_and_not_muted_is_alerted(changes: dict[str, Any]) -> None:
    assert decided(**changes).action is Action.ALERT


def test_without_replies_what_takes_the_place_of_lost_messages_waits_as_a_reply_does() -> None:
    lost = [replace(ALERT, due=NOW - MINUTE, is_stuck=True)]

    decision = decided(rings=lost, updates=Updates.EDIT, reply_intervals=[5 * MINUTE])

    assert decision == Decision(Action.ALERT, Reason.POSSIBLY_NEW, due=NOW + 4 * MINUTE)


def test_without_replies_an_alert_for_some_alone_takes_nothing_from_what_others_see() -> None:
    rings = [ALERT, Ring(7, Action.ALERT, NOW + MINUTE)]
    lost = [replace(ALERT, is_stuck=True), rings[1]]

    assert decided(rings=rings, updates=Updates.EDIT).ring == 1
    assert decided(rings=lost, updates=Updates.EDIT).ring == 7


@pytest.mark.parametrize("relation", [Relation.SAME, Relation.NEW])
@pytest.mark.parametrize(
    ("updates", "action"),
    [
        *product(Updates, [Action.REPLY]),
        *product([Updates.NONE, Updates.EDIT_REPLY], [Action.ALERT]),
    ],
)
def test_possibly_new_joins_the_message_that_still_gathers(
    relation: Relation, updates: Updates, action: Action
) -> None:
    rings = [ALERT, Ring(7, action, NOW + MINUTE)]

    decision = decided(rings=rings, assignment=related(relation), updates=updates)

    assert decision == Decision(Action.REPLY, Reason.GATHERED, ring=7)


@pytest.mark.parametrize(
    ("rings", "due"),
    [
        pytest.param([ALERT], NOW, id="long after the alert: at once"),
        pytest.param(
            [Ring(1, Action.ALERT, NOW - MINUTE)], NOW + MINUTE, id="first interval after the alert"
        ),
        pytest.param(
            [ALERT, Ring(2, Action.REPLY, NOW - MINUTE)], NOW + 9 * MINUTE, id="second interval"
        ),
        pytest.param(
            [ALERT, *(Ring(n, Action.REPLY, NOW) for n in range(2, 9))],
            NOW + 30 * MINUTE,
            id="last interval repeats",
        ),
    ],
)
def test_replies_keep_growing_distances(rings: Sequence[Ring], due: datetime) -> None:
    assert decided(rings=rings) == Decision(Action.REPLY, Reason.POSSIBLY_NEW, due=due)


def test_what_a_message_cannot_name_comes_right_behind_it() -> None:
    due = NOW + MINUTE
    full = Ring(7, Action.REPLY, due, told=MOST_TOLD)

    made = decided(rings=[ALERT, full])

    assert (made.action, made.ring, made.due) == (Action.REPLY, None, due)
    assert decided(rings=[ALERT, replace(full, told=MOST_TOLD - 1)]).ring == 7
    assert decided(rings=[ALERT, full], updates=Updates.EDIT).ring == 7


def test_an_alert_that_replies_came_after_is_changed_once_updates_are_edits() -> None:
    rings = [ALERT, Ring(2, Action.REPLY, NOW - HOUR)]

    made = decided(rings=rings, updates=Updates.EDIT)

    assert (made.action, made.ring) == (Action.EDIT, ALERT.id)


def test_reply_without_intervals_is_due_at_once() -> None:
    assert decided(rings=[ALERT], reply_intervals=()).due == NOW


sequences = st.lists(
    st.tuples(
        st.sampled_from(Relation),
        st.timedeltas(timedelta(0), 90 * HOUR),  # since the entry before
        st.one_of(st.none(), st.timedeltas(timedelta(0), 100 * HOUR)),  # its age
        st.booleans(),  # first poll
        st.booleans(),  # new topic
        st.booleans(),  # muted
        st.sampled_from(Updates),
        st.booleans(),  # told what a copy repeats
    ),
    max_size=30,
)


def folded(
    sequence: Sequence[tuple[Any, ...]], group_wait: timedelta
) -> list[tuple[datetime, Decision, list[Ring]]]:
    """Decide about one entry after the other; returns clock, decision and rings so far."""
    now, rings, decisions = NOW, list[Ring](), []
    for relation, later, age, baseline, new_topic, muted, updates, is_told in sequence:
        now += later
        entry = replace(ENTRY, seen=now, published=now - age if age is not None else None)
        decision = decided(
            entry=entry,
            assignment=related(relation),
            rings=tuple(rings),
            now=now,
            group_wait=group_wait,
            updates=updates,
            baseline=baseline,
            new_topic=new_topic,
            muted_until=now + MINUTE if muted else None,
            is_told=is_told,
        )
        if decision.due is not None:
            rings.append(Ring(len(rings) + 1, decision.action, decision.due))
        decisions.append((now, decision, list(rings)))
    return decisions


@given(sequences, st.sampled_from([timedelta(0), 45 * MINUTE]))
def test_one_alert_per_topic_and_story_and_it_comes_first(
    sequence: Sequence[tuple[Any, ...]], group_wait: timedelta
) -> None:
    decisions = folded(sequence, group_wait)

    actions = [decision.action for _, decision, _ in decisions if decision.due]
    assert actions[:1] in ([], [Action.ALERT])
    assert Action.ALERT not in actions[1:]


@given(sequences, st.sampled_from([timedelta(0), 45 * MINUTE]))
def test_only_stated_reasons_keep_quiet_and_every_ring_is_due_in_time(
    sequence: Sequence[tuple[Any, ...]], group_wait: timedelta
) -> None:
    may_be_new = {Reason.POSSIBLY_NEW, Reason.COPY_OF_UNTOLD}
    ringing = {Reason.FIRST_REPORT, Reason.GATHERED, *may_be_new}
    for now, decision, rings in folded(sequence, group_wait):
        is_edit = decision.action is Action.EDIT
        assert decision.rings == (decision.reason in ringing and not is_edit)
        assert not is_edit or decision.reason in {Reason.COPY, *may_be_new}
        assert (decision.ring is not None) == (decision.reason is Reason.GATHERED or is_edit)
        assert decision.due is None or decision.due >= now
        assert decision.ring in {None, rings[0].id if is_edit else rings[-1].id} if rings else True
        gaps = [b.due - a.due for a, b in pairwise(rings)]
        assert all(gap >= INTERVALS[min(i, 2)] for i, gap in enumerate(gaps))


@given(st.sampled_from(Relation), st.timedeltas(timedelta(0), 72 * HOUR), st.booleans())
def test_possibly_new_is_never_silenced_by_default(
    relation: Relation, age: timedelta, told: bool
) -> None:
    decision = decided(
        entry=published(age), assignment=related(relation), rings=[ALERT] if told else []
    )

    assert decision.rings or (relation is Relation.COPY and told)
