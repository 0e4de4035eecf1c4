"""The poller under a clock of its own: whose turn it is, and what is polled when."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from poll_values import idle
from polled_world import DAY, HOUR, MINUTE, SECOND, START, World, answered, feed, poll_one, siblings

from watcher.config.settings import FeedTable
from watcher.errors import FeedError
from watcher.feeds.fetch import Fetched, Request
from watcher.feeds.hosts import host_of
from watcher.feeds.schedule import PollState
from watcher.service.polling.visit import PolledFeed, PollOutcome


async def test_a_host_has_one_request_in_flight_and_others_do_not_wait_for_it() -> None:
    world = World()
    world.gates["https://a.example/1"] = gate = asyncio.Event()
    poller = world.poller(per_host_delay="0s")

    polls = asyncio.create_task(poller.poll_due([*siblings(3), feed(9)]))
    await world.until(lambda: len(world.kept) == 1)
    assert world.urls == ["https://a.example/1", "https://9.example/"]
    gate.set()

    assert len(await polls) == 4
    assert sorted(world.urls) == [
        "https://9.example/",
        "https://a.example/1",
        "https://a.example/2",
        "https://a.example/3",
    ]


async def test_in_one_round_feeds_that_are_led_to_one_host_are_asked_there_one_by_one() -> None:
    world = World(leads={f"https://{number}.example/": "common.example" for number in (1, 2, 3)})
    world.gates = {url: asyncio.Event() for url in world.leads}
    poller = world.poller(per_host_delay="0s")

    polls = asyncio.create_task(poller.poll_due([feed(number) for number in (1, 2, 3)]))
    await world.until(lambda: world.turned_away == 2)
    for gate in world.gates.values():
        gate.set()

    outcomes = await polls
    assert sorted(outcome.feed.id for outcome in outcomes) == [1, 2, 3]
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert len(world.urls) == 3 + 2  # two were led there in vain


async def test_a_poll_that_was_led_to_a_busy_host_is_no_failure_and_comes_when_it_is_free() -> None:
    world = World(leads={"https://1.example/": "2.example"})
    world.gates["https://2.example/"] = gate = asyncio.Event()
    poller = await world.polling([feed(2), feed(1)])
    await poller.tick()
    await world.until(lambda: world.turned_away == 1)
    gate.set()
    await world.kept_in_all(1)
    world.now += 5 * SECOND
    await poller.tick()

    outcome = (await world.kept_in_all(2))[-1]
    assert (outcome.feed.id, outcome.error, outcome.state.failures) == (1, None, 0)
    await poller.stop()


async def test_starts_at_one_host_are_apart_by_the_delay() -> None:
    world = World()
    poller = await world.polling(siblings(3))

    starts: list[int] = []
    for second in range(12):
        world.now = START + second * SECOND
        await poller.tick()
        await asyncio.sleep(0)
        starts += [second] * (len(world.asked) - len(starts))
        await world.kept_in_all(len(starts))

    assert starts == [0, 5, 10]


async def test_no_more_polls_run_at_once_than_configured() -> None:
    world = World()
    gate = asyncio.Event()
    feeds = [feed(number) for number in range(1, 8)]
    world.gates = {polled.settings.url: gate for polled in feeds}

    polls = asyncio.create_task(world.poller(concurrency=3).poll_due(feeds))
    await world.until(lambda: len(world.asked) == 3)
    assert len(world.in_flight) == 3
    gate.set()

    assert len(await polls) == 7


async def test_retry_after_holds_for_the_whole_host_and_is_kept() -> None:
    world = World()
    world.answers["https://a.example/1"] = FeedError("busy", status=429, retry_after=2 * HOUR)
    feeds = [*siblings(3), feed(9)]

    outcomes = await world.poller().poll_due(feeds)

    assert {outcome.feed.id for outcome in outcomes} == {1, 9}
    states = {outcome.feed.id: outcome.state for outcome in world.kept}
    assert {states[number].next_due for number in (2, 3)} == {START + 2 * HOUR}  # no jitter here
    assert START + 2 * HOUR < (states[1].next_due or START) < START + 3 * HOUR  # after the others
    assert [states[number].failures for number in (1, 2, 3)] == [1, 0, 0]
    postponed = [outcome for outcome in world.kept if outcome.feed.id in {2, 3}]
    assert all(outcome.fetched is None and outcome.error is None for outcome in postponed)


async def test_a_host_that_rests_is_left_alone_by_feeds_that_are_led_there_for_the_first_time() -> (
    None
):
    urls = [f"https://{number}.example/" for number in (1, 2, 3)]
    busy = FeedError("busy", status=429, retry_after=HOUR, host="busy.example")
    world = World(leads=dict.fromkeys(urls, "busy.example"), answers=dict.fromkeys(urls, busy))
    first, *later = [feed(number) for number in (1, 2, 3)]
    soon = [replace(one, state=PollState(next_due=START + MINUTE)) for one in later]
    poller = await world.polling([first, *soon])
    await world.tick(poller, kept=1)

    world.now += MINUTE
    await world.tick(poller, kept=3)
    assert world.turned_away == 2
    for outcome in world.kept[1:]:
        assert (outcome.error, outcome.state.failures) == (None, 0)
        assert outcome.state.next_due == outcome.state.rests_until == START + HOUR
        assert outcome.state.resting == "busy.example"

    world.answers.clear()
    world.now = START + HOUR
    await world.tick(poller, kept=4)
    await poller.stop()
    assert world.turned_away == 2


async def test_a_host_that_answers_well_before_its_time_rests_no_longer() -> None:
    led, busy = feed(1, state=PollState(next_due=START + MINUTE)), feed(2, "https://busy.example/")
    world = World(leads={led.url: "busy.example"})
    world.answers[busy.url] = FeedError("busy", status=429, retry_after=HOUR)
    poller = await world.polling([led, busy])
    for minutes in (0, 1):
        world.now = START + minutes * MINUTE
        await world.tick(poller, kept=minutes + 1)
    assert world.turned_away == 1

    world.answers.clear()
    for number in (2, 1):
        world.now += MINUTE
        poller.poll_soon(number)
        await world.tick(poller, kept=5 - number)
    await poller.stop()

    assert world.turned_away == 1
    assert [outcome.error for outcome in world.kept[2:]] == [None, None]


async def test_in_one_round_a_feed_that_is_led_to_a_host_that_rests_has_no_outcome() -> None:
    known = PollState(rests_until=START + HOUR, resting="busy.example", next_due=START + HOUR)
    world = World(leads={"https://1.example/": "busy.example"})

    outcomes = await world.poller().poll_due([feed(1)], [feed(2, state=known)])

    assert outcomes == []
    assert [outcome.state.next_due for outcome in world.kept] == [START + HOUR]


async def test_a_feed_is_polled_again_when_it_is_due_and_not_before() -> None:
    world = World()
    poller = await world.polling([feed(state=PollState(next_due=START + MINUTE), interval="15m")])

    await poller.tick()
    assert not world.asked
    world.now = START + MINUTE
    await world.tick(poller, kept=1)
    world.now += 15 * MINUTE - SECOND
    await poller.tick()
    await asyncio.sleep(0)
    assert len(world.asked) == 1
    world.now += SECOND
    await world.tick(poller, kept=2)
    await poller.stop()


async def test_a_feed_that_somebody_waits_for_is_next_in_the_line_of_its_host() -> None:
    world = World()
    poller = await world.polling(siblings(4))
    await world.tick(poller, kept=1)
    poller.poll_soon(4)
    await poller.replace(siblings(4))  # a reload forgets nobody who waits
    assert poller.why_not_yet(4) == "others come first"

    world.now += 5 * SECOND
    await world.tick(poller, kept=2)
    assert world.urls == ["https://a.example/1", "https://a.example/4"]

    for count in (3, 4):
        world.now += 5 * SECOND
        await world.tick(poller, kept=count)
    assert len(set(world.urls)) == 4  # and then it is due as it was planned
    await poller.stop()


async def test_why_a_feed_that_somebody_waits_for_was_not_polled_yet_is_what_holds_it_up() -> None:
    world = World()
    world.gates["https://a.example/1"] = gate = asyncio.Event()
    world.answers["https://a.example/1"] = FeedError("busy", status=429, retry_after=HOUR)
    poller = await world.polling(siblings(2))
    for number in (1, 2):
        poller.poll_soon(number)
    told = [poller.why_not_yet(number) for number in (1, 2)]
    assert told == ["its poll is still under way", "others come first"]
    poller.pause(True)
    assert poller.why_not_yet(2) == "polling is paused"
    poller.pause(False)

    gate.set()
    await world.kept_in_all(2)
    assert poller.why_not_yet(2) == "its host asked for patience"
    await poller.stop()


async def test_a_feed_is_never_polled_twice_at_once() -> None:
    world = World()
    world.gates["https://1.example/"] = gate = asyncio.Event()
    poller = await world.polling([feed()])

    for _ in range(3):
        await poller.tick()
        await poller.replace([feed()])
        world.now += HOUR
        await asyncio.sleep(0)
    assert len(world.asked) == 1
    gate.set()
    await world.kept_in_all(1)
    await poller.stop()


async def test_a_page_on_another_host_keeps_neither_host_busy_when_polls_end_together() -> None:
    world, kept = World(), asyncio.Event()
    page = "https://archive.example/2"
    paged: dict[str, Any] = {"page": page, "next_due": START, "resume": START + HOUR}

    async def finish(outcome: PollOutcome) -> PollState:
        await world.finish(outcome)
        await kept.wait()  # as where they share a commit
        is_first = outcome.feed.url == "https://a.example/feed"
        return outcome.state._replace(**paged) if is_first else outcome.state

    poller = world.poller(finish=finish, per_host_delay="0s")
    feeds = [feed(1), feed(2, "https://a.example/feed")]
    await poller.replace(feeds)
    await world.tick(poller, kept=2)
    kept.set()
    await world.kept_in_all(3)
    later = PollState(next_due=START + MINUTE)
    others = [feed(3, "https://a.example/b", later), feed(4, "https://archive.example/b", later)]
    await poller.replace([*feeds, *others])
    world.now += MINUTE
    await world.tick(poller, kept=5)
    await poller.stop()

    assert world.urls[:3] == ["https://1.example/", "https://a.example/feed", page]
    assert set(world.urls[3:]) == {"https://a.example/b", "https://archive.example/b"}


async def test_stop_cuts_fetches_short_and_lets_what_is_being_kept_finish() -> None:
    world = World()
    world.gates["https://1.example/"] = asyncio.Event()
    keeping, may_end = asyncio.Event(), asyncio.Event()
    done = []

    async def finish(outcome: PollOutcome) -> PollState:
        keeping.set()
        await may_end.wait()
        done.append(outcome.feed.id)
        return outcome.state

    poller = await world.polling(
        [feed(1), feed(2), feed(3, state=PollState(next_due=START + HOUR))], finish=finish
    )
    await poller.tick()
    await keeping.wait()

    stopping = asyncio.create_task(poller.stop())
    await asyncio.sleep(0)
    may_end.set()
    await stopping
    world.now += HOUR
    await poller.tick()
    await asyncio.sleep(0)

    assert done == [2]
    assert not world.in_flight
    assert len(world.asked) == 2


async def test_a_poll_stopped_before_its_first_step_leaves_no_trace() -> None:
    world = World()
    poller = await world.polling([feed()])

    await poller.tick()
    await poller.stop()

    assert not world.asked
    assert not world.kept


async def test_a_feed_that_another_host_answers_for_keeps_its_share_of_the_polls() -> None:
    unchanged = answered(None, 304, url="https://elsewhere.example/")
    world = World(answers={"https://1.example/": unchanged})
    poller = await world.polling([feed(state=PollState(last_success=START, next_due=START))])
    price = poller._verdicts._budget.price
    await world.tick(poller, kept=1)
    await poller.stop()

    assert poller._feeds[1].host == "elsewhere.example"
    assert poller._verdicts._budget.price == price


async def test_ten_thousand_overdue_feeds_start_a_hundred_at_a_time_one_for_a_host() -> None:
    world = World()
    most_tasks, in_flight, crowded = 0, Counter[str](), 0

    async def fetch(request: Request) -> Fetched:
        nonlocal most_tasks, crowded
        host = host_of(request.url)
        in_flight[host] += 1
        most_tasks = max(most_tasks, len(asyncio.all_tasks()))
        crowded = max(crowded, in_flight[host])
        await asyncio.sleep(0)
        in_flight[host] -= 1
        return answered(None, 304, url=request.url)

    poller = world.poller(fetch=fetch, per_host_delay="0s")
    overdue = PollState(next_due=START - HOUR, last_success=START - DAY)
    table = FeedTable(url="https://0.example/")
    await poller.replace(
        PolledFeed(n, table.model_copy(update={"url": f"https://{n % 3000}.example/{n}"}), overdue)
        for n in range(10_000)
    )
    await poller.tick()
    await idle(poller)
    await poller.stop()

    assert len(world.kept) == 10_000
    assert most_tasks <= 110
    assert crowded == 1
    dues = [outcome.state.next_due for outcome in world.kept]
    assert min(due for due in dues if due) > START  # and none comes back at once


async def test_the_pause_between_two_requests_to_a_host_outlasts_a_restart() -> None:
    world = World()
    known = (await poll_one(world, feed())).state
    poller = world.poller()  # of the next life, a second later
    world.now += timedelta(seconds=1)
    await poller.replace([feed(2, state=known._replace(next_due=world.now))])
    asked = len(world.asked)

    await poller.tick()
    await idle(poller)
    assert len(world.asked) == asked
    world.now += timedelta(seconds=5)
    await poller.tick()
    await idle(poller)
    assert len(world.asked) == asked + 1
