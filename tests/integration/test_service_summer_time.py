"""Nights in which the clocks change: nothing is lost or told twice, and people's hours are kept.

In Berlin 02:00 becomes 03:00 on 28 March 2027, and 03:00 becomes 02:00 on 31 October 2027.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from house import WIRE, Clock, House, Recorder
from unrelated import COUNT, headline, topics
from watchlists import settings

from watcher.alerts.timing import is_quiet
from watcher.alerts.views import Outgoing
from watcher.config.values import QuietHours
from watcher.model import Hold

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = (datetime(2027, month, day, tzinfo=BERLIN) for month, day in ((3, 28), (10, 31)))
NIGHTS = [pytest.param(SPRING, id="spring"), pytest.param(AUTUMN, id="autumn")]
STEP, STORY_EVERY = timedelta(minutes=10), timedelta(minutes=30)


class Dated(Recorder):
    """A channel that notes when it was given each message."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.at: list[datetime] = []

    async def send(self, outgoing: Outgoing) -> str | None:
        self.at.append(self._clock())
        return await super().send(outgoing)


@asynccontextmanager
async def a_night(
    folder: Path, change: datetime, channel: dict[str, object]
) -> AsyncIterator[tuple[Dated, list[str]]]:
    """Live through the night: a story each half hour from 20:00 on, and then a day without."""
    clock = Clock()
    clock.time = change.astimezone(UTC) - timedelta(hours=4)
    desk = Dated(clock)
    tables = settings(
        feeds=[{"url": WIRE}],
        channels={"desk": {"console": True, **channel}},
        topics=topics(),
        watcher={"timezone": "Europe/Berlin"},
        alerts={"group_wait": "0s"},
    )
    stories: list[str] = []
    async with House(folder, tables, clock, {"desk": desk}) as house:
        await house.poll()
        for step in range(int(timedelta(hours=37) / STEP)):
            if step * STEP % STORY_EVERY == timedelta(0) and step * STEP < timedelta(hours=14):
                stories.append(headline(len(stories)))
                await house.poll(stories[-1])
            await house.deliver()
            clock.time += STEP
        assert {delivery.state for delivery in house.deliveries()} == {"sent"}
    yield desk, stories


def told(desk: Recorder) -> list[list[str]]:
    return [[report.title for view in sent.views for report in view.reports] for sent in desk.sent]


def shown(times: list[datetime]) -> list[str]:
    """Return what the clocks on the wall show, with the offset from UTC."""
    return [f"{time.astimezone(BERLIN):%a %H:%M %z}" for time in times]


@pytest.mark.parametrize("change", NIGHTS)
@pytest.mark.parametrize(
    "hours", ["22:00-06:00", "23:00-02:30", "02:30-07:00", "02:10-02:50", "03:00-02:00"]
)
async def test_quiet_hours_are_those_of_the_clock_on_the_wall(
    tmp_path: Path, change: datetime, hours: str
) -> None:
    async with a_night(tmp_path, change, {"quiet_hours": hours}) as (desk, stories):
        quiet = QuietHours.parse(hours)

        assert sorted(title for message in told(desk) for title in message) == sorted(stories)
        assert not any(is_quiet(quiet, at, BERLIN) for at in desk.at)
        for at, sent in zip(desk.at, desk.sent, strict=True):
            if sent.hold is None:
                assert len(sent.views) == 1
            else:
                assert sent.hold is Hold.QUIET_HOURS
                assert is_quiet(quiet, at - STEP, BERLIN)  # at once when they are over


@pytest.mark.parametrize(
    ("change", "times"),
    [
        pytest.param(
            SPRING,
            ["Sun 03:00 +0200", "Mon 02:30 +0200"],
            id="the hour that does not exist: when it would have been over",
        ),
        pytest.param(
            AUTUMN,
            ["Sun 02:30 +0200", "Mon 02:30 +0100"],
            id="the hour that comes twice: the first time only",
        ),
    ],
)
async def test_a_digest_of_the_changed_hour_comes_once(
    tmp_path: Path, change: datetime, times: list[str]
) -> None:
    async with a_night(tmp_path, change, {"digest": "daily 02:30"}) as (desk, stories):
        assert shown(desk.at) == times
        first, second = told(desk)
        assert first + second == stories


@pytest.mark.parametrize(
    ("change", "times"),
    [
        pytest.param(SPRING, ["Sun 06:00 +0200", "Mon 06:00 +0200"], id="spring"),
        pytest.param(AUTUMN, ["Sun 06:00 +0100", "Mon 06:00 +0100"], id="autumn"),
    ],
)
async def test_a_digest_in_quiet_hours_waits_for_their_end(
    tmp_path: Path, change: datetime, times: list[str]
) -> None:
    channel: dict[str, object] = {"digest": "daily 02:30", "quiet_hours": "22:00-06:00"}
    async with a_night(tmp_path, change, channel) as (desk, stories):
        assert shown(desk.at) == times
        assert [title for message in told(desk) for title in message] == stories


@pytest.mark.parametrize("change", NIGHTS)
async def test_a_digest_each_two_hours_misses_nothing(tmp_path: Path, change: datetime) -> None:
    async with a_night(tmp_path, change, {"digest": "every 2h"}) as (desk, stories):
        assert [title for message in told(desk) for title in message] == stories
        pauses = [later - earlier for earlier, later in pairwise(desk.at)]
        assert max(pauses) <= timedelta(hours=3)


def test_there_are_stories_enough() -> None:
    assert timedelta(hours=14) / STORY_EVERY <= COUNT
