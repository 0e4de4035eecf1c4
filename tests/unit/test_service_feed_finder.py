"""At what pace feeds are looked up before they are added."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest
from feed_documents import rss
from feed_server import FeedServer

from watcher.config.settings import Settings
from watcher.errors import FeedError
from watcher.feeds.fetch import Fetched, Fetcher, NotItsTurnError, Request
from watcher.service.polling.feed_finder import Finder, Found, finding

if TYPE_CHECKING:
    from watcher.feeds.workers import ParsePool

DELAY = timedelta(seconds=5)


class Town:
    """A clock that sleeping moves, outlets that take a second to answer, and who was asked when."""

    def __init__(self, status: int = 404, led_to: str | None = None) -> None:
        self.start = self.now = datetime(2026, 11, 29, 12, tzinfo=UTC)
        self.status, self.led_to = status, led_to
        self.asked: list[tuple[str, float]] = []

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def fetch(self, request: Request) -> Fetched:
        self.asked.append((request.url, (self.now - self.start).total_seconds()))
        self.now += timedelta(seconds=1)
        raise FeedError("no", status=self.status, host=self.led_to)

    def look(self, *urls: str) -> list[Found]:
        fetcher = cast("Fetcher", self)
        pool = cast("ParsePool", None)  # nothing comes that could be read
        finder = Finder(fetcher, pool, self.clock, (), delay=DELAY, sleep=self.sleep)
        return asyncio.run(finder.look_at_all(urls))


async def test_feeds_are_looked_up_by_way_of_the_proxy_of_all_feeds() -> None:
    async with FeedServer() as proxy:
        proxy.put("http://feeds.example/rss", rss("Port Times", []))
        settings = Settings.model_validate({"polling": {"proxy": proxy.url()}})
        async with finding(settings) as finder:
            found = await finder.look("http://feeds.example/rss")

    assert found.feed is not None
    assert found.feed.title == "Port Times"


def test_a_host_is_asked_at_its_pace() -> None:
    town = Town()
    urls = [f"https://{name}.outlet.example/rss" for name in ("www", "feeds", "m")]

    town.look(*urls)

    assert town.asked == [(urls[0], 0), (urls[1], 5), (urls[2], 10)]


def test_hosts_do_not_wait_for_each_other() -> None:
    town = Town()
    urls = ["https://one.example/rss", "https://two.example/rss"]

    town.look(*urls)

    assert town.asked == [(urls[0], 0), (urls[1], 1)]


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_sends_us_away_is_asked_nothing_more(status: int) -> None:
    town = Town(status)

    found = town.look("https://one.example/a", "https://one.example/b", "https://two.example/c")

    assert [url for url, _ in town.asked] == ["https://one.example/a", "https://two.example/c"]
    assert all(one.is_open for one in found)
    assert found[1].error == "not asked, for its host wants to be left alone: no"


def test_a_feed_that_is_not_there_says_nothing_of_the_others() -> None:
    town = Town(404)

    found = town.look("https://one.example/a", "https://one.example/b")

    assert len(town.asked) == 2
    assert not any(one.is_open for one in found)


def test_a_host_that_another_leads_to_is_asked_at_its_pace_too() -> None:
    town = Town(led_to="feeds.example")
    urls = ["https://one.example/a", "https://feeds.example/b", "https://one.example/c"]

    town.look(*urls)

    assert town.asked == [(urls[0], 0), (urls[1], 6), (urls[2], 11)]


def test_a_host_that_another_leads_to_and_that_sends_us_away_is_asked_nothing_more() -> None:
    town = Town(429, led_to="feeds.example")
    urls = ["https://one.example/a", "https://feeds.example/b", "https://one.example/c"]

    found = town.look(*urls)

    assert town.asked == [(urls[0], 0)]
    assert all(one.is_open for one in found)


def test_hosts_that_lead_to_each_other_do_not_wait_in_a_circle() -> None:
    class Circle(Town):
        async def fetch(self, request: Request) -> Fetched:
            await asyncio.sleep(0)
            is_one = "one" in request.url
            self.led_to = "two.example" if is_one else "one.example"
            return await super().fetch(request)

    town = Circle()

    town.look(*(f"https://{host}.example/{path}" for path in "abc" for host in ("one", "two")))

    assert len(town.asked) == 6


class Led(Town):
    """Outlets that lead by way of one host to another, in no time."""

    def __init__(self, *way: str) -> None:
        super().__init__()
        self.way = way

    async def fetch(self, request: Request) -> Fetched:
        self.asked.append((request.url, (self.now - self.start).total_seconds()))
        assert request.admit is not None
        for host in self.way:
            await asyncio.sleep(0)
            if not await request.admit(host):
                raise NotItsTurnError(host)
            self.asked.append((host, (self.now - self.start).total_seconds()))
            await asyncio.sleep(0)
        raise FeedError("no", status=404, host=self.way[-1])


@pytest.mark.parametrize("way", [("feeds.example",), ("via.example", "feeds.example")])
def test_a_host_that_many_lead_to_is_asked_one_thing_at_a_time_at_its_pace(
    way: tuple[str, ...],
) -> None:
    town = Led(*way)

    found = town.look(*(f"https://{number}.one{number}.example/rss" for number in range(6)))

    assert [one.error for one in found] == ["no"] * 6
    for host in way:
        asked = [at for name, at in town.asked if name == host]
        assert len(asked) >= 6
        assert all(later - earlier >= 5 for earlier, later in pairwise(asked))
    assert len(town.asked) <= 6 * 2 + 2 * len(asked) + 6
