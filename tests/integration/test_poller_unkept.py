"""What becomes of a poll whose outcome cannot be kept."""

import asyncio

import pytest
from polled_world import MINUTE, World, answered, feed
from structlog.testing import capture_logs

from watcher.errors import StorageError
from watcher.feeds.schedule import PollState
from watcher.service.polling.poller import Poller


async def test_what_cannot_be_kept_is_polled_again_from_the_old_state() -> None:
    world = World(broken=OSError("disk full"))
    world.answers["https://1.example/"] = answered(etag='"2"')
    poller = await world.polling([feed(state=PollState(etag='"1"'))])
    await poller.tick()
    await world.until(lambda: len(world.asked) == 1)
    for _ in range(5):
        await asyncio.sleep(0)

    world.broken = None
    world.now += MINUTE
    await world.tick(poller, kept=1)
    await poller.stop()

    assert [request.etag for request in world.asked] == ['"1"', '"1"']


@pytest.mark.parametrize(
    ("error", "has_traceback"),
    [(StorageError("the database is damaged; run this"), False), (ValueError("a bug"), True)],
)
async def test_that_it_cannot_be_kept_is_a_sentence_unless_it_is_a_fault_of_ours(
    error: Exception, *, has_traceback: bool
) -> None:
    world = World(broken=error)
    poller = await world.polling([feed()])
    with capture_logs() as logged:
        await poller.tick()
        await world.until(lambda: len(world.asked) == 1)
        for _ in range(5):
            await asyncio.sleep(0)
    await poller.stop()

    (line,) = logged
    assert line["error"] == str(error)
    assert line["exc_info"] is has_traceback


async def ticks(world: World, poller: Poller, minutes: int) -> None:
    """Let the feeds be polled for some minutes."""
    for _ in range(minutes):
        await poller.tick()
        for _ in range(10):
            await asyncio.sleep(0)
        world.now += MINUTE


async def test_a_feed_of_which_nothing_can_be_kept_counts_as_failing_after_some_tries() -> None:
    world = World(refused="https://1.example/")
    poller = await world.polling([feed(state=PollState(etag='"1"')), feed(2)], interval="15m")

    await ticks(world, poller, minutes=3)
    await poller.stop()

    assert world.urls.count(world.refused) == 3
    (failure,) = (outcome for outcome in world.kept if outcome.feed.id == 1)
    assert str(failure.error) == "what it brings cannot be kept: the database refuses it"
    assert (failure.state.failures, failure.state.etag) == (1, '"1"')
    assert failure.state.next_due == world.now - MINUTE + 15 * MINUTE


async def test_a_feed_of_which_something_is_kept_again_has_its_tries_anew() -> None:
    world = World(refused="https://1.example/")
    poller = await world.polling([feed()], interval="1m", min_interval="1m", max_interval="1m")

    for number in range(6):
        world.answers["https://1.example/"] = b"%d" % number
        world.refused = "" if number in {2, 5} else "https://1.example/"
        await ticks(world, poller, minutes=1)
    await poller.stop()

    assert [outcome.error for outcome in world.kept] == [None, None]


@pytest.mark.parametrize("error", [StorageError("full", is_full=True), StorageError("damaged")])
async def test_no_feed_is_blamed_for_a_database_that_takes_nothing(error: StorageError) -> None:
    world = World(broken=error)
    poller = await world.polling([feed(), feed(2)])

    await ticks(world, poller, minutes=5)
    await poller.stop()

    assert world.kept == []
    assert world.urls.count("https://1.example/") == 5


async def test_once_fails_loudly_when_an_outcome_cannot_be_kept() -> None:
    world = World(broken=OSError("disk full"))
    world.gates["https://2.example/"] = asyncio.Event()

    with pytest.raises(OSError, match="disk full"):
        await world.poller().poll_due([feed(1), feed(2)])

    assert not world.in_flight


async def test_once_starts_nothing_more_when_an_outcome_cannot_be_kept() -> None:
    world = World(broken=OSError("disk full"))
    feeds = [feed(number) for number in range(1, 60)]

    with pytest.raises(OSError, match="disk full"):
        await world.poller().poll_due(feeds)
    asked = len(world.asked)
    for _ in range(5):
        await asyncio.sleep(0)

    assert len(world.asked) == asked < len(feeds)
