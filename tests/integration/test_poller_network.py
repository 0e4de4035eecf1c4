"""Is it them or is it us: what the poller does when hosts cannot be reached."""

import asyncio
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from poll_values import idle
from polled_world import HOUR, LOST, MINUTE, SECOND, START, Answer, World, feed, siblings
from structlog.testing import capture_logs

from watcher.errors import FeedError
from watcher.feeds.hosts import host_of
from watcher.feeds.schedule import PollState
from watcher.service.polling.poller import Poller
from watcher.service.polling.visit import PolledFeed


async def test_when_most_hosts_fail_at_once_no_feed_is_blamed_and_polling_resumes_at_once() -> None:
    world = World()
    feeds = [feed(number) for number in range(1, 5)]
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)

    outcomes = await world.tick(poller, kept=7)  # three were blamed before the fourth, and excused
    assert poller.is_offline
    assert world.announced == [True]
    assert [outcome.feed.id for outcome in outcomes if outcome.offline] == [4]
    latest = {outcome.feed.id: outcome.state for outcome in outcomes}
    assert {state.failures for state in latest.values()} == {0}
    assert {state.next_due for state in latest.values()} == {START + 30 * SECOND}

    world.answers = {}
    world.now += 30 * SECOND
    await world.tick(poller, kept=11)
    await poller.stop()
    assert world.announced == [True, False]


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(FeedError("too slow", server=True, unanswered=True), id="silence"),
        pytest.param(FeedError("trouble (503)", status=503, stand_in="page"), id="one page"),
    ],
)
async def test_where_something_else_answers_in_place_of_all_hosts_no_feed_is_blamed(
    failure: FeedError,
) -> None:
    world = World()
    feeds = [feed(number) for number in range(1, 5)]
    world.answers = {polled.settings.url: failure for polled in feeds}
    poller = await world.polling(feeds)

    outcomes = await world.tick(poller, kept=7)
    await poller.stop()

    assert poller.is_offline
    latest = {outcome.feed.id: outcome.state for outcome in outcomes}
    assert {state.failures for state in latest.values()} == {0}


async def test_a_reload_while_feeds_are_excused_for_our_network_ends_no_poll() -> None:
    world = World()
    feeds = [feed(number) for number in range(1, 11)]
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)
    world.on_excuse = lambda: poller.replace(feeds[6:])

    with capture_logs() as logs:
        await poller.tick()
        await world.until(lambda: world.on_excuse is None)
        async with asyncio.timeout(60):
            await idle(poller)

    assert [one for one in logs if one["log_level"] == "error"] == []
    excused = [outcome.feed.id for outcome in world.kept if not outcome.is_poll]
    assert len(excused) == len(set(excused))
    await poller.stop()


async def test_the_return_of_the_network_makes_all_that_waited_due() -> None:
    world = World()
    feeds = [feed(number) for number in range(1, 4)]
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = world.poller()
    late = feed(4, state=PollState(next_due=START + 10 * SECOND))
    await poller.replace([*feeds, late])
    before = len(await world.tick(poller, kept=5))

    world.answers = {}
    world.now += 10 * SECOND
    await world.tick(poller, kept=before + 4)
    await poller.stop()

    assert {outcome.feed.id for outcome in world.kept[before:]} == {1, 2, 3, 4}
    assert all(outcome.error is None for outcome in world.kept[before:])


async def live(world: World, poller: Poller, span: timedelta) -> None:
    """Let time pass from poll to poll."""
    end = world.now + span
    while (due := await idle(poller)) is not None and due <= end:
        world.now = max(world.now, due)
        await poller.tick()
    world.now = end


def crowd(hosts: int, feeds: int) -> list[PolledFeed]:
    """Return so many feeds of each of so many hosts."""
    return [
        feed(10 * host + number, f"https://{host}.example/{number}")
        for host in range(1, hosts + 1)
        for number in range(feeds)
    ]


@pytest.mark.parametrize(
    ("failure", "most", "least_wait"),
    [
        pytest.param(LOST, 20, 30 * SECOND, id="nobody is there"),
        pytest.param(
            FeedError("certificate", network=True, certificate=True), 14, 5 * MINUTE, id="untrusted"
        ),
        pytest.param(
            FeedError("busy", status=503, stand_in="page", retry_after=HOUR), 5, HOUR, id="sent off"
        ),
    ],
)
async def test_while_offline_one_feed_of_each_host_is_tried_ever_more_seldom(
    failure: FeedError, most: int, least_wait: timedelta
) -> None:
    world = World()
    feeds = crowd(hosts=3, feeds=4)
    world.answers = {polled.settings.url: failure for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, MINUTE)
    assert poller.is_offline
    world.asked.clear()
    began = world.now
    await live(world, poller, HOUR)
    asked = Counter(host_of(request.url) for request in world.asked)
    await poller.stop()

    assert max(asked.values(), default=0) <= most
    assert world.now - began >= least_wait


async def test_when_the_network_is_back_what_was_left_out_is_asked_at_its_own_time() -> None:
    world = World()
    feeds = crowd(hosts=2, feeds=2)
    late = feed(99, "https://1.example/late", PollState(next_due=START + 50 * MINUTE))
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling([*feeds, late])
    await live(world, poller, 20 * MINUTE)
    assert late.settings.url not in world.urls
    world.answers = {}
    world.asked.clear()
    back = world.now
    await live(world, poller, 5 * MINUTE + 5 * SECOND)
    early = set(world.urls)
    await live(world, poller, START + 51 * MINUTE - world.now)
    await poller.stop()

    assert world.announced == [True, False]
    assert {polled.settings.url for polled in feeds} <= early
    assert late.settings.url not in early
    assert late.settings.url in world.urls
    assert back < START + 50 * MINUTE


async def test_while_offline_feeds_nearby_are_polled_as_ever() -> None:
    world = World()
    feeds = crowd(hosts=2, feeds=1)
    soon = PollState(next_due=START + 10 * SECOND)
    near = [feed(90 + number, f"http://10.0.0.8/{number}", soon) for number in range(3)]
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling([*feeds, *near])
    await live(world, poller, MINUTE)
    world.asked.clear()
    await live(world, poller, HOUR)
    await poller.stop()

    assert poller.is_offline
    assert {one.settings.url for one in near} <= set(world.urls)


async def test_a_probe_that_leaves_the_configuration_is_followed_by_another_of_its_host() -> None:
    world = World()
    feeds = crowd(hosts=2, feeds=2)
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, 10 * MINUTE)
    last = next(url for url in reversed(world.urls) if host_of(url) == "1.example")
    probe = next(one for one in feeds[:2] if one.settings.url != last)
    await poller.replace([one for one in feeds if one is not probe])
    world.asked.clear()
    await live(world, poller, 10 * MINUTE)
    await poller.stop()

    assert "1.example" in {host_of(url) for url in world.urls}


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(FeedError("busy", status=503, stand_in="page"), id="page"),
        pytest.param(FeedError("too slow", server=True, unanswered=True), id="silence"),
    ],
)
async def test_we_are_back_though_the_feed_that_tries_has_trouble_of_its_own(
    trouble: FeedError,
) -> None:
    world = World(has_way_out=False)
    feeds = siblings(3)
    unrouted = FeedError("the network is unreachable", network=True, unrouted=True)
    world.answers = {polled.settings.url: unrouted for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, 20 * MINUTE)
    assert poller.is_offline
    world.answers = {feeds[0].settings.url: trouble}
    world.asked.clear()
    await live(world, poller, 20 * MINUTE)
    await poller.stop()

    assert world.announced == [True, False]
    assert set(world.urls) == {polled.settings.url for polled in feeds}


async def test_a_single_host_is_not_blamed_where_the_machine_itself_knows_no_way_out() -> None:
    world = World(has_way_out=False)
    feeds = siblings(3)
    unrouted = FeedError("the network is unreachable", network=True, unrouted=True)
    world.answers = {polled.settings.url: unrouted for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, 2 * HOUR)
    assert world.announced == [True]
    assert {outcome.state.failures for outcome in world.kept} == {0}
    world.answers = {}
    world.asked.clear()
    await live(world, poller, 6 * MINUTE)
    await poller.stop()

    assert world.announced == [True, False]
    assert set(world.urls) == {polled.settings.url for polled in feeds}


async def test_when_a_lost_host_answers_again_its_feeds_are_asked_one_by_one() -> None:
    world = World()
    feeds = siblings(6)
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, 9 * HOUR)
    assert not world.announced
    world.answers = {}
    world.asked.clear()
    before = len(world.kept)
    while not world.asked:
        await live(world, poller, MINUTE)
    await live(world, poller, MINUTE)
    await poller.stop()

    assert {request.url for request in world.asked} == {polled.settings.url for polled in feeds}
    polls = [outcome.at for outcome in world.kept[before:] if outcome.is_poll]
    assert all(later - earlier >= 5 * SECOND for earlier, later in pairwise(polls))


async def test_when_a_lost_host_is_lost_again_at_once_its_feeds_are_asked_when_it_is_back() -> None:
    world = World()
    feeds = siblings(4)
    gone: dict[str, Answer] = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)
    for away, back in ((9 * HOUR, SECOND), (HOUR, MINUTE)):
        world.answers = gone
        await live(world, poller, away)
        world.answers = {}
        world.asked.clear()
        while not world.asked:
            await live(world, poller, SECOND)
        await live(world, poller, back)
    await poller.stop()

    assert set(world.urls) == gone.keys()


async def test_a_feed_with_trouble_of_its_own_goes_on_waiting_when_its_host_answers_again() -> None:
    world = World()
    feeds = siblings(3)
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, HOUR)
    gone = FeedError("not there (404)", status=404)
    world.answers = {feeds[0].settings.url: gone}
    poller.poll_soon(1)
    await idle(poller)
    world.asked.clear()
    poller.poll_soon(2)
    await live(world, poller, MINUTE)
    await poller.stop()

    assert feeds[0].settings.url not in world.urls
    assert feeds[2].settings.url in world.urls


@pytest.mark.parametrize(
    ("failing", "failure", "most"),
    [
        pytest.param(1, FeedError("slow", server=True, unanswered=True), 6, id="too slow"),
        pytest.param(1, LOST, 6, id="a name that is gone"),
        pytest.param(2, LOST, 14, id="two of them, for which the host rests"),
    ],
)
async def test_a_feed_that_fails_beside_healthy_neighbours_is_tried_ever_later(
    failing: int, failure: FeedError, most: int
) -> None:
    world = World()
    feeds = siblings(6)
    world.answers = {polled.settings.url: failure for polled in feeds[:failing]}
    poller = await world.polling(feeds, interval="15m", max_interval="15m")
    await live(world, poller, 8 * HOUR)
    await poller.stop()

    assert sum(world.urls.count(polled.settings.url) for polled in feeds[:failing]) <= most


async def test_one_dead_host_among_healthy_ones_is_its_own_fault() -> None:
    world = World()
    world.answers["https://1.example/"] = LOST

    outcomes = await world.poller().poll_due([feed(number) for number in range(1, 6)])

    assert {outcome.feed.id: outcome.state.failures for outcome in outcomes} == {
        1: 1,
        2: 0,
        3: 0,
        4: 0,
        5: 0,
    }
    assert not world.announced
