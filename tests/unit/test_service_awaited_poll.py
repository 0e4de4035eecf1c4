"""Who waits for a poll, and until when."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from poll_values import outcome

from watcher.config.settings import PollingTable
from watcher.errors import StorageError
from watcher.feeds.schedule import PollState
from watcher.service.by_hand.awaited_poll import AwaitedPolls, brought, longest_wait_s
from watcher.service.intake.taken import Taken

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)


async def test_all_who_wait_for_a_feed_are_told_what_its_poll_brought() -> None:
    awaited, polled = AwaitedPolls(), outcome()
    told = [awaited.expect(polled.feed) for _ in range(2)]
    awaited.kept(polled, Taken())

    first, second = await asyncio.gather(*told)
    assert first == second
    assert first["status"] == 200
    assert not awaited._waiting


@pytest.mark.parametrize(
    ("wait", "until"),
    [(timedelta(minutes=34), "03:34"), (timedelta(days=1), "2026-12-01 03:00")],
)
async def test_who_waits_for_a_feed_that_leads_to_a_resting_host_is_told_at_once(
    wait: timedelta, until: str
) -> None:
    awaited, polled = AwaitedPolls(), outcome(error="x")
    told = awaited.expect(polled.feed)
    soon = polled._replace(error=None, led_to=("busy.example",), at=NOW)
    awaited.kept(soon._replace(state=PollState(rests_until=NOW + wait)), Taken())

    with pytest.raises(StorageError, match=f"it leads to asked for patience until {until} UTC;"):
        await told


async def test_who_waits_for_a_feed_that_leaves_the_configuration_is_told_at_once() -> None:
    awaited, polled = AwaitedPolls(), outcome()
    told = awaited.expect(polled.feed)
    awaited.keep_only([polled.feed])
    assert not told.done()

    awaited.keep_only([])
    with pytest.raises(StorageError, match="it has left the configuration"):
        await told


async def test_who_waited_in_vain_is_told_why() -> None:
    told = AwaitedPolls().expect(outcome().feed)

    with pytest.raises(StorageError, match="within 0 s: its poll is still under way; `watcher"):
        await brought(told, "Wire", 0, lambda: "its poll is still under way")


@pytest.mark.parametrize(("timeout", "wait_s"), [("30s", 55), ("2m", 130)])
def test_a_poll_is_waited_for_until_a_slow_one_is_over(timeout: str, wait_s: float) -> None:
    assert longest_wait_s(PollingTable.model_validate({"timeout": timeout})) == wait_s


async def test_who_waits_no_longer_is_let_go_of_and_the_others_are_told() -> None:
    awaited, polled = AwaitedPolls(), outcome()
    gone, stays = awaited.expect(polled.feed), awaited.expect(polled.feed)
    gone.cancel()
    await asyncio.sleep(0)
    assert list(awaited._waiting.values()) == [[stays]]

    stays.cancel()
    await asyncio.sleep(0)
    assert not awaited._waiting
