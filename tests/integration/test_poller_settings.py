"""What becomes of feeds when the configuration changes."""

import asyncio
from typing import Any

import pytest
from polled_world import HOUR, MINUTE, World, feed, siblings

from watcher.config.settings import PollingTable
from watcher.errors import FeedError


async def test_a_changed_configuration_takes_effect_without_an_early_poll() -> None:
    world = World()
    poller = await world.polling([feed(1), feed(2)])
    await world.tick(poller, kept=2)

    await poller.replace([feed(1, interval="1m"), feed(3)])
    await world.tick(poller, kept=3)
    world.now += 2 * MINUTE
    await world.tick(poller, kept=4)
    await poller.stop()

    assert world.urls == [f"https://{number}.example/" for number in (1, 2, 3, 1)]
    assert world.kept[3].state.next_due == world.now + MINUTE


REFUSED = FeedError("the outlet refuses us (403)", status=403)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"headers": {"User-Agent": "me"}}, id="headers"),
        pytest.param({"basic_auth": "ada:geheim"}, id="login"),
        pytest.param({"proxy": "http://proxy.example:3128"}, id="proxy"),
        pytest.param({"tls_verify": False}, id="certificate"),
        pytest.param({"allow_private": ["10.0.0.0/8"]}, id="address"),
    ],
)
async def test_a_feed_that_is_to_be_asked_otherwise_is_asked_at_once(
    settings: dict[str, Any],
) -> None:
    world = World(answers={"https://1.example/": REFUSED})
    poller = await world.polling([feed()])
    await world.tick(poller, kept=1)

    world.now += MINUTE
    await poller.replace([feed(tags=["other"])])
    await poller.tick()
    assert len(world.asked) == 1
    await poller.replace([feed(**settings)])
    await world.tick(poller, kept=2)
    await poller.replace([feed(**settings)])
    await poller.tick()
    await poller.stop()

    assert len(world.asked) == 2


async def test_a_feed_that_is_well_keeps_its_pace_whatever_it_is_asked_with() -> None:
    world = World()
    poller = await world.polling([feed()])
    await world.tick(poller, kept=1)

    world.now += MINUTE
    await poller.replace([feed(headers={"X-Key": "k"})])
    await poller.tick()
    await poller.stop()

    assert len(world.asked) == 1


@pytest.mark.parametrize(
    ("settings", "polling"),
    [
        pytest.param({"headers": {"X-Key": "k"}}, {}, id="its own"),
        pytest.param({}, {"user_agent": "me"}, id="those of all"),
    ],
)
async def test_settings_that_come_while_a_feed_is_asked_count_once_it_has_failed(
    settings: dict[str, Any], polling: dict[str, str]
) -> None:
    world = World(answers={"https://1.example/": REFUSED})
    gate = world.gates["https://1.example/"] = asyncio.Event()
    poller = await world.polling([feed()])
    await poller.tick()
    await world.until(lambda: bool(world.in_flight))

    await poller.replace([feed(**settings)], PollingTable.model_validate(polling))
    gate.set()
    await world.kept_in_all(1)
    for kept in (2, 2):
        world.now += MINUTE
        await world.tick(poller, kept=kept)
    await poller.stop()

    assert len(world.asked) == 2


async def test_what_was_to_be_set_for_all_feeds_helps_those_that_fail() -> None:
    world = World(answers={"https://1.example/": REFUSED})
    poller = await world.polling([feed(1), feed(2)])
    await world.tick(poller, kept=2)

    world.now += MINUTE
    await poller.replace([feed(1), feed(2)], PollingTable.model_validate({"user_agent": "me"}))
    await world.tick(poller, kept=3)
    await poller.stop()

    assert world.urls[2:] == ["https://1.example/"]


async def test_a_feed_that_is_to_be_asked_otherwise_waits_for_its_host() -> None:
    world = World()
    world.answers["https://a.example/1"] = FeedError("busy", status=429, retry_after=2 * HOUR)
    world.answers["https://a.example/2"] = REFUSED
    poller = await world.polling(siblings(2)[1:])
    await world.tick(poller, kept=1)
    world.now += MINUTE
    await poller.replace(siblings(2))
    await world.tick(poller, kept=3)  # of these one is put off

    otherwise = [
        feed(number, f"https://a.example/{number}", headers={"X-Key": "k"}) for number in (1, 2)
    ]
    await poller.replace(otherwise)
    for _ in range(119):
        world.now += MINUTE
        await poller.tick()
        await asyncio.sleep(0)
    assert len(world.asked) == 2
    world.now += MINUTE
    await poller.tick()
    await world.until(lambda: len(world.asked) == 3)
    await poller.stop()


async def test_a_removed_feed_is_cut_short_and_its_host_free_again() -> None:
    world = World()
    world.gates["https://a.example/1"] = asyncio.Event()
    first, second, *_ = siblings(2)
    poller = await world.polling([first], per_host_delay="0s")
    await poller.tick()
    await world.until(lambda: bool(world.in_flight))

    await poller.replace([second])
    await world.tick(poller, kept=1)
    await poller.stop()

    assert world.kept[0].feed.id == 2


async def test_a_reload_within_retry_after_asks_no_feed_of_the_host_early() -> None:
    world = World()
    world.answers["https://a.example/1"] = FeedError("busy", status=429, retry_after=24 * HOUR)
    poller = await world.polling(siblings(3))
    await world.tick(poller, kept=3)

    await poller.replace(siblings(3))
    for _ in range(23):
        world.now += HOUR
        await poller.tick()
        await asyncio.sleep(0)
    assert world.urls == ["https://a.example/1"]

    world.answers.clear()
    world.now += HOUR
    await world.tick(poller, kept=4)
    await poller.stop()
