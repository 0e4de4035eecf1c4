"""Letting go of what is old: at what rate, and what that is good for."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from stored import DAY, HOUR, NOW, UNREAD, an_entry, open_in, store
from watchlists import settings

from watcher.service.care.housekeeping import MOST_AT_LEAST, most_in_an_hour, tidy
from watcher.service.writer import Writer
from watcher.storage.database import Database

NINETY_DAYS = settings("", watcher={"retention": "90d"})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_in(tmp_path) as database:
        yield database


def fill(database: Database, count: int, seen: datetime) -> None:
    with database.begin() as tx:
        for number in range(count):
            store(tx, an_entry(f"{seen:%Y-%j}-{number}", seen=seen), reading=UNREAD)


async def left_after_an_hour(database: Database, now: datetime) -> int:
    writer = Writer(database)
    await tidy(writer, NINETY_DAYS, now, lambda: False)
    count = await writer.run(lambda tx: tx.retention.entries())
    writer.close()
    return count


async def test_a_clock_a_year_ahead_for_an_hour_costs_a_part_of_the_past(
    database: Database,
) -> None:
    fill(database, 600, NOW)
    fill(database, 10, NOW + 365 * DAY)

    assert await left_after_an_hour(database, NOW + 365 * DAY) == 549
    assert await left_after_an_hour(database, NOW) == 549


@pytest.mark.parametrize("days", [-20_000, 0, 365], ids=["in 1970", "today", "in a year"])
async def test_nothing_is_old_because_of_the_clock_alone(database: Database, days: int) -> None:
    fill(database, 600, NOW)

    assert await left_after_an_hour(database, NOW + days * DAY) == 600


async def test_in_the_end_all_that_is_old_goes(database: Database) -> None:
    fill(database, 120, NOW - 91 * DAY)
    fill(database, 30, NOW)

    left = [await left_after_an_hour(database, NOW + hour * HOUR) for hour in range(4)]

    assert left == [100, 50, 30, 30]


@pytest.mark.parametrize("retention", [timedelta(days=1), timedelta(days=90)])
def test_more_may_go_than_comes(retention: timedelta) -> None:
    an_hour = 1_000
    kept = an_hour * (retention // HOUR)

    assert most_in_an_hour(kept) > 2 * an_hour
    assert most_in_an_hour(0) == MOST_AT_LEAST
