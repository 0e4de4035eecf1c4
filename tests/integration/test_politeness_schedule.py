"""When feeds are asked, over hours and days: each test is one scenario of a site owner."""

from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from clockwork import DAY, MINUTE, START, Town, changing, document
from feed_documents import Story, rss
from feed_server import Answer, FeedServer


async def test_a_fixed_interval_is_kept_whatever_the_feed_does(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss", interval="10m")
        server.put("/rss", document(3), headers={"Cache-Control": "max-age=3000"})
        await town.live(hours=5)

    assert all(10 * MINUTE <= wait <= 11.1 * MINUTE for wait in town.waits("/rss"))


async def test_a_restart_polls_nothing_early(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss", interval="30m")
        server.put("/rss", document(3))
        for _ in range(20):
            await town.live(minutes=6)

    assert 3 <= len(town.times("/rss")) <= 5
    assert all(wait >= 30 * MINUTE for wait in town.waits("/rss"))


async def test_a_hundred_feeds_added_at_once_are_no_herd_at_their_second_poll(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path, per_host_delay="0s", interval="60m", max_interval="24h")
    with FeedServer() as server:
        for number in range(60):
            town.feed(server, f"/{number}")
            server.put(f"/{number}", document(3))
        await town.live(minutes=3)
        assert len(town.visits) == 60
        await town.live(hours=2)

    seconds = [town.times(f"/{number}")[1] for number in range(60)]
    fullest = max(sum(at <= other < at + 5 * MINUTE for other in seconds) for at in seconds)
    assert fullest < 30


async def test_a_feed_that_brings_more_is_polled_more_often_within_one_budget(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path, interval="60m", min_interval="5m", max_interval="24h")
    with FeedServer() as server, FeedServer(host="127.0.0.2") as other:
        town.feed(server, "/busy")
        town.feed(other, "/quiet")
        other.put("/quiet", document(8))
        town.before_poll = changing(server, "/busy", 20 * MINUTE)
        await town.live(days=4)

    busy, quiet = len(town.times("/busy")), len(town.times("/quiet"))
    assert busy > 3 * quiet
    assert busy + quiet < 1.25 * 2 * 4 * 24  # as many as two feeds polled every hour


async def test_weight_gives_a_feed_more_of_the_polls(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="60m", max_interval="24h")
    with FeedServer() as server, FeedServer(host="127.0.0.2") as other:
        town.feed(server, "/heavy", weight=9)
        town.feed(other, "/light")
        for one, path in ((server, "/heavy"), (other, "/light")):
            one.put(path, document(8))
        await town.live(days=2)

    assert len(town.times("/heavy")) > 2 * len(town.times("/light"))


async def test_who_was_first_on_a_watched_story_is_remembered(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.watch(
        entities={"ferry": {"names": ["ferry"]}},
        topics=[{"id": "ferries", "match": "ferry"}],
        channels={"screen": {"console": True}},
    )
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", rss("Harbour Times", [Story("Ferry line reopens")], now=START))
        await town.live(minutes=1)

    assert town.state(url).firsts == 1


@pytest.mark.parametrize(
    ("headers", "extra"),
    [
        pytest.param({"Cache-Control": "public, max-age=2400"}, "", id="max-age"),
        pytest.param({}, "<ttl>40</ttl>", id="ttl"),
        pytest.param(
            {},
            '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly'
            '</sy:updatePeriod><sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/'
            'syndication/">1</sy:updateFrequency>',
            id="updatePeriod",
        ),
    ],
)
async def test_what_the_publisher_asks_for_is_a_floor(
    tmp_path: Path, headers: dict[str, str], extra: str
) -> None:
    town = Town(tmp_path, interval="5m")
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", document(3, extra=extra), headers=headers)
        await town.live(hours=8)

    assert min(town.waits("/rss")) >= 40 * MINUTE
    assert max(town.waits("/rss")) <= 66.1 * MINUTE


async def test_a_304_that_is_silent_about_it_leaves_the_floor_as_it_was(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        fresh = {"Cache-Control": "max-age=2400"}
        whole = Answer(document(3).encode(), etag='"1"', headers=fresh)
        server.in_turn("/rss", [whole, Answer(status=304)])
        await town.live(hours=4)

    assert len(town.waits("/rss")) >= 3
    assert min(town.waits("/rss")) >= 40 * MINUTE


async def test_expires_is_a_floor(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="5m")
    with FeedServer() as server:
        town.feed(server, "/rss")

        def put(now: datetime) -> None:
            expires = format_datetime(now + 40 * MINUTE, usegmt=True)
            server.put("/rss", document(3), headers={"Expires": expires})

        town.before_poll = put
        await town.live(hours=8)

    assert min(town.waits("/rss")) >= 38 * MINUTE


async def test_a_wrong_ttl_cannot_silence_a_feed_and_the_conflict_is_kept(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", document(3, extra="<ttl>36000</ttl>"))
        await town.live(hours=10)

    assert all(60 * MINUTE <= wait <= 66.1 * MINUTE for wait in town.waits("/rss"))
    wish = town.state(url).wish
    assert wish is not None
    assert (wish.word, wish.interval) == ("ttl/updatePeriod", 7 * DAY)


async def test_hours_of_rest_are_kept_as_far_as_the_longest_interval(tmp_path: Path) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(18, 24))
    town = Town(tmp_path, max_interval="12h")
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", document(3, extra=f"<skipHours>{hours}</skipHours>"))
        await town.live(days=2)

    assert len(town.times("/rss")) > 50
    assert not [at for at in town.times("/rss") if at.hour >= 18]


async def test_days_of_rest_are_kept(tmp_path: Path) -> None:
    town = Town(tmp_path, max_interval="2d", interval="60m")
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", document(3, extra="<skipDays><day>Tuesday</day></skipDays>"))
        await town.live(days=3)

    assert not [at for at in town.times("/rss") if at.weekday() == 1]
