import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_SUBMITTED
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from hypothesis import given
from hypothesis import strategies as st
from watchlists import NOON

from watcher.service.jobs import TICK, TIDY, Every, make_scheduler


def test_after_a_clock_jumped_by_years_each_job_runs_once_and_goes_on() -> None:
    async def poll() -> None:
        pass

    async def tidy() -> None:
        pass

    jobs = make_scheduler({poll: TICK, tidy: TIDY}).get_jobs()

    assert len(jobs) == 2
    for job in jobs:
        planned = job.trigger.get_next_fire_time(None, NOON)
        late = planned + timedelta(days=10_000)
        assert late < job.trigger.get_next_fire_time(planned, late) <= late + timedelta(hours=1)


@given(st.integers(1, 3600), st.integers(0, 100_000))
def test_an_interval_is_kept_and_never_lies_in_the_past(seconds: int, late: int) -> None:
    interval, now = timedelta(seconds=seconds), NOON + timedelta(seconds=late)

    after = Every(interval).get_next_fire_time(NOON, now)

    assert now < after <= now + interval
    assert late >= seconds or after == NOON + interval


def scheduler_of(*jobs: Callable[[], Awaitable[None]]) -> AsyncIOScheduler:
    """Return the daemon's scheduler with these jobs, each due at once."""
    scheduler = make_scheduler({})
    for work in jobs:
        scheduler.add_job(work, name=work.__name__)
    return scheduler


async def test_a_look_left_out_while_the_last_one_takes_its_time_is_no_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scheduler = scheduler_of()
    looks, enough = iter(range(5)), asyncio.Event()

    async def dawdle() -> None:
        await asyncio.Event().wait()

    async def look() -> None:
        if next(looks, None) is None:
            enough.set()

    for work in (dawdle, look):
        scheduler.add_job(work, "interval", seconds=0.01, name=work.__name__)
    scheduler.start()
    await enough.wait()
    scheduler.shutdown(wait=False)

    assert caplog.messages == []


@pytest.mark.parametrize("has_begun", [True, False], ids=["at work", "not begun"])
async def test_a_job_cut_short_by_the_end_is_no_fault(
    caplog: pytest.LogCaptureFixture, *, has_begun: bool
) -> None:
    submitted, began = asyncio.Event(), asyncio.Event()

    async def deliver() -> None:
        began.set()
        await asyncio.Event().wait()

    scheduler = scheduler_of(deliver)
    scheduler.add_listener(lambda _: submitted.set(), EVENT_JOB_SUBMITTED)
    with caplog.at_level(logging.INFO):
        scheduler.start()
        await (began if has_begun else submitted).wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        scheduler.shutdown(wait=False)
        await asyncio.gather(*others, return_exceptions=True)

    assert [record.message for record in caplog.records if record.exc_info] == []


async def test_a_job_that_stumbles_is_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    stumbled = asyncio.Event()

    async def deliver() -> None:
        raise ValueError("no")

    scheduler = scheduler_of(deliver)
    scheduler.add_listener(lambda _: stumbled.set(), EVENT_JOB_ERROR)
    scheduler.start()
    await stumbled.wait()
    scheduler.shutdown(wait=False)

    assert [record.levelname for record in caplog.records if record.exc_info] == ["ERROR"]
