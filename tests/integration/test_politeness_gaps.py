"""Gaps between two polls: what makes one, and the older pages that close it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from clockwork import HOUR, MINUTE, SECOND, START, Town, changing, document
from feed_server import Answer, FeedServer

from watcher.storage.database import Database


async def polled_town(folder: Path, server: FeedServer, interval: str = "60m") -> tuple[Town, str]:
    """Return a town whose feed, of five entries, was polled once, and its URL."""
    town = Town(folder, interval=interval)
    url = town.feed(server, "/rss")
    server.put("/rss", document(5))
    await town.live(minutes=5)
    return town, url


async def test_nothing_left_of_the_last_poll_is_a_gap_and_the_next_poll_comes_sooner(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path, interval="60m")
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.in_turn(
            "/rss", [Answer(document(5).encode()), Answer(document(5, start=100).encode())]
        )
        await town.live(hours=4)

    assert town.logged("possible gap") == 1
    _, second, *_ = town.waits("/rss")
    assert second < 0.75 * 60 * MINUTE


async def test_old_entries_that_come_up_again_are_no_news_and_no_gap(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="60m", max_interval="24h")
    with FeedServer() as server, FeedServer(host="127.0.0.2") as other:
        url = town.feed(server, "/most-read")
        town.feed(other, "/steady")
        other.put("/steady", document(8))
        turns = [document(10, start=1 + 10 * turn) for turn in range(4)]

        def put(now: datetime) -> None:
            server.put("/most-read", turns[now.hour % 4])

        town.before_poll = put
        put(START)
        await town.live(days=8)

    read, steady = (len(town.times(path)) for path in ("/most-read", "/steady"))
    assert read < 3 * steady  # it was new as a whole in the beginning
    assert town.logged("possible gap") <= 4
    assert f"feed {url} is stale" in " ".join(town.notices)


@pytest.mark.parametrize("link", ["steady", "new"])
async def test_ids_that_are_new_at_every_fetch_make_no_feed_busy_and_no_gap(
    tmp_path: Path, link: str
) -> None:
    town = Town(tmp_path, interval="60m", max_interval="24h")
    with FeedServer() as server, FeedServer(host="127.0.0.2") as other:
        feeds = {server: "/random", other: "/steady"}
        for one, path in feeds.items():
            town.feed(one, path)

        def put(now: datetime) -> None:
            quiet = document(8)
            other.put("/steady", quiet)
            random = quiet.replace("<guid>", f"<guid>{now:%d%H%M%S}-")
            if link == "new":
                random = random.replace("org/report", f"org/{now:%d%H%M%S}/report")
            server.put("/random", random)

        town.before_poll = put
        put(town.now)
        await town.live(days=3)

    assert town.logged("possible gap") == 0
    random, steady = (len(town.times(path)) for path in feeds.values())
    assert random < 1.5 * steady
    assert sum(line.get("new", 0) for line in town.logs if line["event"] == "feed polled") <= 16


@pytest.mark.parametrize("kind", ["json", "damaged"])
async def test_ids_that_are_new_at_every_fetch_make_no_gap_in_any_format(
    tmp_path: Path, kind: str
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/feed")

        def put(now: datetime) -> None:
            plain = document(5).replace("<guid>", f"<guid>{now:%d%H%M%S}-")
            damaged = plain.replace("</channel>", "<b></channel>")
            server.put("/feed", _as_json(now) if kind == "json" else damaged)

        town.before_poll = put
        await town.live(hours=6)

    assert town.logged("possible gap") == 0
    assert len(town.visits) < 30


def _as_json(now: datetime) -> str:
    items = [
        {
            "id": f"{now:%d%H%M%S}-{number}",
            "title": f"Report {number} of the harbour office",
            "url": f"https://harbour.example.org/report-{number}-of-the-harbour-office",
            "date_published": (START - number * HOUR).isoformat(),
        }
        for number in range(5)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})


async def test_a_document_that_is_empty_for_once_takes_no_rhythm_away(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="60m", max_interval="2h")
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        put = changing(server, "/rss", 2 * HOUR)
        town.before_poll = put
        await town.live(days=3)
        learned = town.state(url)
        town.before_poll = lambda _now: None
        server.put("/rss", document(0))
        await town.live(hours=2.5)
        assert town.logged("possible gap") == 0
        assert town.state(url).read_at != learned.read_at
        assert town.state(url).emptied
        town.before_poll = put
        await town.live(hours=2.5)

    assert not town.state(url).emptied
    assert learned.rhythm.entries > 20
    assert town.state(url).rhythm.entries > 0.9 * learned.rhythm.entries


async def test_older_pages_are_read_until_the_gap_is_closed(
    tmp_path: Path, server: FeedServer
) -> None:
    town, url = await polled_town(tmp_path, server)
    server.put("/rss", document(5, start=14, page="/page2"))
    server.put("/page2", document(5, start=9, page="/page3"))
    server.put("/page3", document(5, start=4, page="/page4"))
    await town.live(hours=2)

    assert [len(town.times(f"/page{number}")) for number in (2, 3, 4)] == [1, 1, 0]
    assert town.times("/page3")[0] - town.times("/page2")[0] >= 5 * SECOND  # as any two requests
    assert "if-none-match" not in town.of("/page2")[0].request.names
    assert town.state(url).page is None
    entries = sum(line.get("new", 0) for line in town.logs if line["event"] == "feed polled")
    assert entries == 18  # 1 to 18, none missing


@pytest.mark.parametrize("last_leads_to", ["/page3", "/page2", "/rss"])
async def test_pages_that_lead_in_a_circle_are_read_once_for_a_gap(
    tmp_path: Path, server: FeedServer, last_leads_to: str
) -> None:
    town, url = await polled_town(tmp_path, server)
    before = town.state(url).rhythm.entries
    server.put("/rss", document(5, start=120, page="/page2"))
    server.put("/page2", document(5, start=110, page="/page3"))
    server.put("/page3", document(5, start=100, page=last_leads_to))
    await town.live(hours=2)

    assert len(town.times("/page3")) == 1
    assert len(town.times("/page2")) == 1 + (last_leads_to == "/page2")
    assert town.state(url).page is None
    assert town.state(url).rhythm.entries - before <= 15


async def test_a_page_that_was_read_for_an_earlier_gap_is_no_news(
    tmp_path: Path, server: FeedServer
) -> None:
    town, url = await polled_town(tmp_path, server)
    server.put("/page2", document(5, start=100, page="/page2"))
    server.put("/rss", document(5, start=120, page="/page2"))
    await town.live(hours=2)
    before = town.state(url).rhythm.entries
    server.put("/rss", document(5, start=140, page="/page2"))
    await town.live(hours=2)

    assert len(town.times("/page2")) == 2
    assert town.state(url).rhythm.entries - before <= 5


async def test_a_feed_whose_first_page_is_itself_is_not_asked_twice(
    tmp_path: Path, server: FeedServer
) -> None:
    town, _ = await polled_town(tmp_path, server)
    server.put("/rss", document(5, start=100, page="/rss"))
    await town.live(hours=2)

    assert min(town.waits("/rss")) > 5 * MINUTE


async def test_pages_that_fail_or_never_end_are_given_up(
    tmp_path: Path, server: FeedServer
) -> None:
    town, url = await polled_town(tmp_path, server)
    server.put("/rss", document(5, start=100, page="/p"))
    server.put("/p", status=500)
    await town.live(hours=2)

    assert len(town.times("/p")) == 1
    assert (town.state(url).page, town.state(url).failures) == (None, 0)
    assert len(town.times("/rss")) > 2


@pytest.mark.parametrize("answer", [{"status": 404}, {"body": "<html><p>Archive</p></html>"}])
async def test_a_page_that_cannot_be_read_is_told_by_its_own_name_and_no_trouble_of_the_feed(
    tmp_path: Path, server: FeedServer, answer: dict[str, Any]
) -> None:
    town, url = await polled_town(tmp_path, server)
    server.put("/rss", document(5, start=100, page="/p"))
    page = server.put("/p", **answer)
    for _ in range(24):
        if not town.times("/p"):  # nothing must follow it
            await town.live(minutes=5)

    with Database.open(tmp_path / "watcher.db") as database, database.read() as tx:
        assert [row.last_error for row in tx.feeds.all()] == [None]
    [told] = [line for line in town.logs if line["log_level"] == "warning" and "page" in line]
    assert (told["event"], told["url"], told["page"]) == (
        "an older page of the feed cannot be read",
        url,
        page,
    )
    assert town.logged("poll failed") == 0


async def test_a_page_that_sends_us_away_holds_for_its_feed_too(
    tmp_path: Path, server: FeedServer
) -> None:
    town, url = await polled_town(tmp_path, server, interval="30m")
    server.put("/rss", document(5, start=100, page="/p"))
    server.put("/p", status=429, headers={"Retry-After": "7200"})
    await town.live(hours=4)

    (refused,) = town.times("/p")
    assert not [at for at in town.times("/rss") if refused < at < refused + 2 * HOUR]
    assert len(town.times("/rss")) > 2
    assert (town.state(url).page, town.state(url).failures) == (None, 0)
