import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds import due
from watcher.feeds.due import DueQueue
from watcher.service.polling.ways import wait_after

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DELAY = 5 * SECOND


def all_due(queue: DueQueue, now: datetime = NOW) -> list[int]:
    taken = []
    while (feed := queue.take(now)) is not None:
        taken.append(feed)
    return taken


def test_feeds_come_when_they_are_due_the_longest_overdue_first() -> None:
    queue = DueQueue(DELAY)
    queue.put(1, "a", NOW)
    queue.put(2, "b", NOW - SECOND)
    queue.put(3, "c", NOW + SECOND)

    assert all_due(queue) == [2, 1]
    assert queue.next_turn() == NOW + SECOND
    assert len(queue) == 1


def test_a_host_has_one_request_in_flight_and_a_pause_between_starts() -> None:
    queue = DueQueue(DELAY)
    for feed in (1, 2, 3):
        queue.put(feed, "a", NOW)

    assert all_due(queue) == [1]
    assert all_due(queue, NOW + 60 * SECOND) == []  # still in flight
    queue.done(1)
    assert all_due(queue, NOW + 61 * SECOND) == [2]
    queue.done(2)
    assert all_due(queue, NOW + 65 * SECOND) == []
    assert queue.next_turn() == NOW + 66 * SECOND
    assert all_due(queue, NOW + 66 * SECOND) == [3]


def test_a_feed_that_is_led_to_another_host_waits_for_both_and_keeps_both_busy() -> None:
    queue = DueQueue(DELAY)
    queue.put(1, "b", NOW)
    queue.put(2, "a", NOW, led_to="b")
    queue.put(3, "a", NOW + SECOND)

    assert all_due(queue) == [1]  # 2 has to wait for b
    assert all_due(queue, NOW + 60 * SECOND) == [3]
    queue.done(1)
    assert all_due(queue, NOW + 61 * SECOND) == []  # and now for a
    queue.done(3)
    assert all_due(queue, NOW + 65 * SECOND) == [2]
    queue.put(1, "b", NOW)
    queue.put(3, "a", NOW)
    assert all_due(queue, NOW + 600 * SECOND) == []
    queue.done(2)
    assert sorted(all_due(queue, NOW + 600 * SECOND)) == [1, 3]


def test_feeds_that_one_host_leads_elsewhere_are_asked_one_by_one() -> None:
    queue = DueQueue(DELAY)
    for feed in (1, 2, 3):
        queue.put(feed, "a", NOW, led_to=f"b{feed}")

    assert all_due(queue) == [1]
    queue.done(1)
    assert all_due(queue) == []
    assert all_due(queue, NOW + DELAY) == [2]


def test_the_pause_after_a_request_of_before_a_restart_is_kept() -> None:
    queue = DueQueue(DELAY)
    queue.put(1, "a", NOW)
    queue.was_asked("a", NOW - SECOND)
    queue.was_asked("a", NOW - 60 * SECOND)

    assert all_due(queue, NOW + 3 * SECOND) == []
    assert all_due(queue, NOW + 4 * SECOND) == [1]


def test_a_host_that_a_feed_is_led_to_meanwhile_is_busy_too_and_has_its_pause() -> None:
    queue = DueQueue(DELAY)
    queue.put(1, "a", NOW)
    assert all_due(queue) == [1]
    queue.put(2, "b", NOW)

    assert queue.join(1, "b", NOW + SECOND)
    assert all_due(queue, NOW + 60 * SECOND) == []
    queue.done(1)
    assert all_due(queue, NOW + 5 * SECOND) == []
    assert all_due(queue, NOW + 6 * SECOND) == [2]


def test_a_host_that_is_busy_or_has_its_pause_is_not_joined() -> None:
    queue = DueQueue(DELAY)
    queue.put(1, "a", NOW)
    queue.put(2, "b", NOW)
    assert sorted(all_due(queue)) == [1, 2]

    assert not queue.join(1, "b", NOW + 60 * SECOND)
    queue.done(2)
    assert not queue.join(1, "b", NOW + 4 * SECOND)
    assert queue.join(1, "b", NOW + 5 * SECOND)


def test_the_pause_of_a_host_that_was_waited_for_begins_when_it_is_asked() -> None:
    queue = DueQueue(DELAY)
    queue.put(1, "a", NOW, led_to="b")
    assert all_due(queue) == [1]
    queue.put(2, "b", NOW)

    assert queue.join(1, "b", NOW + 3 * SECOND)
    queue.done(1)
    assert all_due(queue, NOW + 7 * SECOND) == []
    assert all_due(queue, NOW + 8 * SECOND) == [2]


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.integers(0, 20)), max_size=12
    ),
    st.lists(st.integers(1, 4), min_size=12, max_size=12),
)
def test_whoever_leads_to_whom_no_host_is_asked_twice_at_once_and_nobody_is_forgotten(
    feeds: list[tuple[str, str, int]], lasting: list[int]
) -> None:
    queue, started, ends = DueQueue(DELAY), dict[str, datetime](), dict[int, datetime]()
    for number, (host, led_to, due_s) in enumerate(feeds):
        other = None if led_to == host else led_to
        queue.put(number, host, NOW + due_s * SECOND, led_to=other)
    asked: list[int] = []
    for second in range(200):
        now = NOW + second * SECOND
        for number in [feed for feed, end in ends.items() if end <= now]:
            del ends[number]
            queue.done(number)
        for number in all_due(queue, now):
            for host in set(feeds[number][:2]):
                assert all(host not in feeds[other][:2] for other in ends)
                assert now >= started.get(host, NOW - DELAY) + DELAY
                started[host] = now
            ends[number] = now + lasting[number] * SECOND
            asked.append(number)
    assert sorted(asked) == list(range(len(feeds)))


@given(
    st.lists(st.tuples(*[st.sampled_from("abcd")] * 4), max_size=8),
    st.lists(st.integers(1, 4), min_size=8, max_size=8),
)
def test_wherever_feeds_are_led_no_host_is_asked_twice_at_once_and_all_arrive(
    ways: list[tuple[str, ...]], lasting: list[int]
) -> None:
    """Each poll asks the hosts of its way in turn, and comes anew where the next is not free."""
    queue, ends = DueQueue(DELAY), dict[int, datetime]()
    lot, turned_away = Random(7), Counter[int]()  # noqa: S311 - no secret
    starts, arrived = dict[str, datetime](), list[int]()
    for number, way in enumerate(ways):
        queue.put(number, way[0], NOW)
    for second in range(6000):
        if len(arrived) == len(ways) and not ends:
            break
        now = NOW + second * SECOND
        for number in [feed for feed, end in ends.items() if end <= now]:
            del ends[number]
            queue.done(number)
        for number in all_due(queue, now):
            busy = _led(queue, number, ways[number], starts, now)
            if busy is None:
                ends[number] = now + lasting[number] * SECOND
                arrived.append(number)
            else:
                queue.done(number)
                turned_away[number] += 1
                due = now + wait_after(turned_away[number], DELAY, lot.random())
                queue.put(number, ways[number][0], due, led_to=busy)
            for asked in set(ways[number]):
                holders = [one for one in ends if asked in ways[one]]
                assert len(holders) <= 1
    assert sorted(arrived) == list(range(len(ways)))


def _led(
    queue: DueQueue, number: int, way: tuple[str, ...], starts: dict[str, datetime], now: datetime
) -> str | None:
    """Follow a way as far as its hosts admit it; return the one that does not."""
    asked = {way[0]}
    starts[way[0]] = now
    for host in way[1:]:
        if host not in asked:
            if not queue.join(number, host, now):
                return host
            assert now >= starts.get(host, NOW - DELAY) + DELAY
            starts[host] = now
            asked.add(host)
    return None


Plan = Mapping[int, tuple[str, ...]]


def lived(
    plan: Plan, intervals: Sequence[int], lasting: Sequence[int], *, seconds: int
) -> tuple[Counter[int], int]:
    """Poll feeds again and again; return how often each was asked, and the most passings.

    A feed is passed over when another that shares a host with it, and was due later, is asked
    first. Plan, intervals and what polls last are repeated as often as needed.
    """
    queue, asked, passed, most = DueQueue(DELAY), Counter[int](), Counter[int](), 0
    due, ends = dict.fromkeys(plan, NOW), dict[int, datetime]()

    def put(feed: int, at: datetime) -> None:
        due[feed] = at
        queue.put(feed, plan[feed][0], at, led_to=plan[feed][1] if plan[feed][1:] else None)

    for feed in plan:
        put(feed, NOW)
    for now in (NOW + second * SECOND for second in range(seconds)):
        for feed in [feed for feed, end in ends.items() if end <= now]:
            del ends[feed]
            queue.done(feed)
            put(feed, now + intervals[feed % len(intervals)] * SECOND)
        for feed in all_due(queue, now):
            ends[feed] = now + lasting[asked.total() % len(lasting)] * SECOND
            asked[feed] += 1
            passed[feed] = 0
            waiting = [one for one in plan if one not in ends and due[one] < due[feed]]
            passed.update(one for one in waiting if {*plan[one]} & {*plan[feed]})
            most = max([most, *passed.values()])
    return asked, most


@pytest.mark.parametrize("neighbours", [0, 1, 20])
def test_a_feed_that_leads_to_a_host_with_too_many_feeds_is_asked_as_often_as_those(
    neighbours: int,
) -> None:
    plan: dict[int, tuple[str, ...]] = dict.fromkeys(range(20), ("busy",))
    plan[20] = ("leading", "busy")
    plan |= dict.fromkeys(range(21, 21 + neighbours), ("leading",))

    asked, _ = lived(plan, [60], [1], seconds=3600)

    assert asked[0] > 30
    assert min(asked[feed] for feed in plan) >= 0.8 * asked[0]


@given(
    st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=2, unique=True), max_size=12),
    st.lists(st.integers(1, 60), min_size=1, max_size=12),
    st.lists(st.integers(1, 9), min_size=1, max_size=12),
)
def test_no_feed_is_passed_over_for_long_by_feeds_that_were_due_later(
    hosts: list[list[str]], intervals: list[int], lasting: list[int]
) -> None:
    plan = {number: tuple(names) for number, names in enumerate(hosts)}

    _, most = lived(plan, intervals, lasting, seconds=900)

    assert most <= 2 * len(plan)


def test_without_a_delay_the_next_feed_of_a_host_goes_at_once() -> None:
    queue = DueQueue(timedelta())
    queue.put(1, "a", NOW)
    queue.put(2, "a", NOW)

    assert all_due(queue) == [1]
    queue.done(1)
    assert all_due(queue) == [2]


def test_a_feed_planned_anew_has_only_its_new_time() -> None:
    queue = DueQueue(DELAY)
    queue.put(1, "a", NOW)
    queue.put(1, "a", NOW + 60 * SECOND)

    assert all_due(queue, NOW + 59 * SECOND) == []
    assert all_due(queue, NOW + 60 * SECOND) == [1]
    assert all_due(queue, NOW + 600 * SECOND) == []


def test_a_dropped_feed_does_not_hold_up_those_behind_it() -> None:
    queue = DueQueue(DELAY)
    for feed in (1, 2, 3):
        queue.put(feed, "a", NOW)
    assert all_due(queue) == [1]

    queue.drop(2)
    queue.done(1)

    assert all_due(queue, NOW + DELAY) == [3]
    assert len(queue) == 0


step = st.tuples(
    st.sampled_from(["put", "put", "take", "take", "done", "drop", "wait"]),
    st.integers(0, 9),
    st.integers(0, 20),
)


def hosts_of(feed: int) -> set[str]:
    """Return a feed's hosts: from the seventh on it is led from one to another."""
    return {str(feed % 3), str((feed + feed // 7) % 3)}


@given(st.lists(step, max_size=200))
def test_politeness_holds_whatever_happens_and_no_feed_is_lost(
    steps: list[tuple[str, int, int]],
) -> None:
    queue, now = DueQueue(DELAY), NOW
    planned: set[int] = set()
    in_flight: dict[int, set[str]] = {}
    started: dict[str, datetime] = {}
    for what, feed, count in steps:
        host = str(feed % 3)
        if what == "put":
            led_to = next(iter(hosts_of(feed) - {host}), None)
            queue.put(feed, host, now + count * SECOND, led_to=led_to)
            planned.add(feed)
        elif what == "drop":
            queue.drop(feed)
            planned.discard(feed)
        elif what == "wait":
            now += count * SECOND
        elif what == "done" and in_flight:
            asked = sorted(in_flight)[feed % len(in_flight)]
            queue.done(asked)
            del in_flight[asked]
        elif what == "take" and (taken := queue.take(now)) is not None:
            planned.remove(taken)
            hosts = hosts_of(taken)
            assert hosts.isdisjoint(set().union(*in_flight.values()))
            assert now - max(started.get(host, NOW - DELAY) for host in hosts) >= DELAY
            in_flight[taken] = hosts
            started |= dict.fromkeys(hosts, now)

    for asked in in_flight:
        queue.done(asked)
    rest = set()
    for _ in range(20):
        now += 20 * SECOND
        for feed in all_due(queue, now):
            rest.add(feed)
            queue.done(feed)
    assert rest == planned


@pytest.mark.parametrize("led_to", [None, "common"])
@pytest.mark.parametrize("hosts", [1, 10, 10_000])
def test_ten_thousand_overdue_feeds_cost_a_few_steps_each_however_they_share_hosts(
    monkeypatch: pytest.MonkeyPatch, hosts: int, led_to: str | None
) -> None:
    pushed = 0

    def push(heap: list[Any], item: Any) -> None:
        nonlocal pushed
        pushed += 1
        heapq.heappush(heap, item)

    monkeypatch.setattr(due, "heappush", push)
    queue, now = DueQueue(SECOND), NOW
    order: list[int] = []
    for feed in range(10_000):
        queue.put(feed, str(feed % hosts), NOW - SECOND, led_to=led_to)
    while len(order) < 10_000:
        taken = all_due(queue, now)
        assert len({feed % hosts for feed in taken}) == len(taken)
        for feed in taken:
            queue.done(feed)
        order += taken
        now += SECOND

    assert sorted(order) == list(range(10_000))
    assert pushed <= (5 if led_to else 3) * 10_000
    assert now - NOW == (10_000 if led_to else 10_000 // hosts) * SECOND
