"""Servers and feeds in trouble, over hours and days: who is spared, who is told, what is stale."""

from datetime import datetime
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from clockwork import DAY, HOUR, MINUTE, START, Town, changing, document
from feed_server import FeedServer


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_holds_for_all_feeds_of_the_host(
    tmp_path: Path, status: int, form: str
) -> None:
    town = Town(tmp_path)
    until = format_datetime(START + 30 * MINUTE + 5 * HOUR, usegmt=True)
    with FeedServer() as server:
        for number in range(4):
            town.feed(server, f"/{number}", interval="5m")
            server.put(f"/{number}", document(3))
        await town.live(minutes=30)
        wait = "18000" if form == "seconds" else until
        server.put("/0", status=status, headers={"Retry-After": wait})
        await town.live(hours=5)
        before = len(town.visits)
        told = town.times("/0")[-1]
        await town.live(hours=2)

    late = [visit.at for visit in town.visits if told < visit.at]
    assert min(late) >= told + 4.9 * HOUR
    assert len(town.visits) > before


@pytest.mark.parametrize("wait", ["0", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-1"])
async def test_too_many_requests_with_a_retry_after_that_says_nothing_spares_the_host(
    tmp_path: Path, wait: str
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        for number in range(20):
            town.feed(server, f"/{number}")
            server.put(f"/{number}", status=429, headers={"Retry-After": wait})
        await town.live(hours=2)

    assert len(town.visits) < 8


async def test_a_feed_added_to_a_host_that_rests_waits_with_its_neighbours(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/old")
        server.put("/old", status=429, headers={"Retry-After": "7200"})
        await town.live(minutes=10)
        new = town.feed(server, "/new")
        server.put("/new", document(3))
        await town.live(minutes=1)
        assert town.state(new).next_due == START + 2 * HOUR  # as `feeds list` says
        await town.live(hours=6)

    assert town.times("/new")[0] - town.times("/old")[0] >= 2 * HOUR


async def test_a_host_keeps_its_rest_when_its_only_feed_gets_another_address(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        old = town.feed(server, "/old")
        server.put("/old", status=429, headers={"Retry-After": "7200"})
        await town.live(minutes=10)
        town.drop(old)
        town.feed(server, "/new")
        server.put("/new", document(3))
        await town.live(hours=3)

    assert town.times("/new")[0] - town.times("/old")[0] >= 2 * HOUR


async def test_a_feed_that_returns_to_the_configuration_waits_for_its_host(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        once = town.feed(server, "/once")
        server.put("/once", document(3))
        await town.live(minutes=5)
        town.drop(once)
        town.feed(server, "/busy")
        server.put("/busy", status=429, headers={"Retry-After": "7200"})
        await town.live(minutes=90)
        town.feed(server, "/once")
        await town.live(hours=3)

    assert town.times("/once")[1] - town.times("/busy")[0] >= 2 * HOUR


async def test_one_feed_that_is_always_sent_away_does_not_silence_its_neighbours(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        for path in ("/unwelcome", "/one", "/two"):
            town.feed(server, path)
            server.put(path, document(3))
        server.put("/unwelcome", status=429, headers={"Retry-After": "36000"})
        await town.live(days=4)

    for path in ("/one", "/two"):
        assert len(town.times(path)) >= 8
        assert max(town.waits(path)) < 12 * HOUR


async def test_a_retry_after_of_a_month_counts_for_a_day(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", status=429, headers={"Retry-After": "2592000"})
        await town.live(days=2.9)

    assert all(DAY <= wait < 1.3 * DAY for wait in town.waits("/rss"))
    assert len(town.times("/rss")) == 3


async def test_a_dead_server_is_asked_ever_less_for_all_its_feeds_together(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        for number in range(12):
            town.feed(server, f"/{number}")
            server.put(f"/{number}", document(3))
        await town.live(hours=1)
        healthy = len(town.visits)
        for number in range(12):
            server.put(f"/{number}", status=500)
        await town.live(days=2)

    dead = town.visits[healthy:]
    assert len(dead) < 60  # 12 feeds on their own would ask 130 times
    waits = [later.at - earlier.at for earlier, later in pairwise(dead)]
    assert max(waits) > 3 * HOUR


async def test_feeds_that_failed_together_return_one_by_one(tmp_path: Path) -> None:
    town = Town(tmp_path, per_host_delay="0s")
    with FeedServer() as server:
        for number in range(10):
            town.feed(server, f"/{number}", interval="60m")
            server.put(f"/{number}", status=429, headers={"Retry-After": "7200"})
        await town.live(minutes=1)
        assert len(town.visits) == 1
        for number in range(10):
            server.put(f"/{number}", document(3))
        await town.live(hours=3)

    back = sorted(town.times(f"/{number}")[0] for number in range(1, 10))
    assert back[0] >= START + 2 * HOUR
    assert len(set(back)) == 9
    assert back[-1] - back[0] > MINUTE


async def test_one_broken_feed_does_not_silence_its_neighbours(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        for path in ("/well", "/broken"):
            town.feed(server, path, interval="15m")
        server.put("/well", document(3))
        server.put("/broken", status=503)
        await town.live(days=1)

    assert len(town.times("/well")) > 80
    assert len(town.times("/broken")) < 15


@pytest.mark.parametrize(
    ("status", "words"),
    [(410, "gone for good"), (404, "there is no feed at this address (404)")],
)
async def test_a_feed_that_is_gone_is_asked_daily_for_ever_and_told_once(
    tmp_path: Path, status: int, words: str
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", status=status)
        for _ in range(6):
            await town.live(days=5)

    assert len(town.notices) == 1
    assert words in town.notices[0]
    assert all(0.7 * DAY <= wait <= 1.3 * DAY for wait in town.waits("/rss")[-20:])


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "set basic_auth_file"), (403, "if it blocks our User-Agent, set user_agent")],
)
async def test_a_refusal_tells_what_to_set(tmp_path: Path, status: int, words: str) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", status=status)
        await town.live(days=2)

    (notice,) = town.notices
    assert words in notice
    assert len(town.times("/rss")) < 20


async def test_a_feed_is_sick_once_and_well_once_over_any_number_of_restarts(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss", interval="15m")
        server.put("/rss", document(3))
        await town.live(hours=1)
        server.put("/rss", status=500)
        await town.live(minutes=40)
        assert town.notices == []  # not for three intervals yet
        for _ in range(12):
            await town.live(hours=1)
        server.put("/rss", document(3))
        for _ in range(4):
            await town.live(hours=6)

    sick, well = town.notices
    assert "is sick" in sick
    assert "in trouble (500)" in sick
    assert "is well again" in well


async def test_no_feed_is_ever_given_up(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", status=500)
        await town.live(days=60)

    last_week = [at for at in town.times("/rss") if at > town.now - 7 * DAY]
    assert 7 * 4 <= len(last_week) <= 7 * 6


async def test_a_feed_that_answers_and_brings_nothing_is_told_as_stale_once(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss", interval="6h")
        put = changing(server, "/rss", 2 * HOUR)
        town.before_poll = lambda now: put(min(now, START + 3 * DAY))
        await town.live(days=6)
        assert town.notices == []
        for _ in range(3):
            await town.live(days=3)

    (notice,) = town.notices
    assert "is stale: it answers, but had nothing new for 3 days" in notice


async def test_time_in_which_nobody_looked_counts_neither_as_silence_nor_as_watched(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        url = town.feed(server, "/rss")

        def put(now: datetime) -> None:
            hours = (now - START) // HOUR
            server.put("/rss", document(8, start=hours + 1, now=START + hours * HOUR))

        town.before_poll = put
        put(START)
        await town.live(days=4)
        learned = town.state(url).rhythm
        town.now += 14 * DAY
        await town.live(hours=4)

    kept = town.state(url).rhythm
    assert kept.longest_silence
    assert kept.longest_silence < 3 * HOUR
    assert kept.entries >= 0.9 * learned.entries


async def test_a_feed_without_dates_can_be_stale_too(tmp_path: Path) -> None:
    town = Town(tmp_path)
    items = "".join(f"<item><title>Ferry line {n}</title><guid>{n}</guid></item>" for n in (1, 2))
    with FeedServer() as server:
        url = town.feed(server, "/rss", interval="6h")
        server.put("/rss", f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>')
        await town.live(days=27)
        assert town.notices == []
        await town.live(days=10)

    assert town.notices == [f"feed {url} is stale: it answers, but had nothing new for 28 days"]
