import gc
import sys
from dataclasses import replace
from datetime import datetime

from poll_values import URL, hear_nothing
from watchlists import NOON

from watcher.config.settings import FeedTable
from watcher.errors import FeedError
from watcher.feeds.fetch import Fetched, Request
from watcher.feeds.parsed import ParsedFeed
from watcher.feeds.schedule import PollState
from watcher.service.polling.network import exact_stand_in_of, stand_in_of
from watcher.service.polling.visit import PolledFeed, PollOutcome, visit


async def met(page: bytes, url: str = URL) -> PollOutcome:
    """Return what comes of a visit that is answered by a page."""

    async def fetch(_request: Request) -> Fetched:
        return Fetched(200, page, None, None, "text/html", url, None, None)

    async def parse(*_what: object) -> ParsedFeed:
        raise FeedError("a web page", host="news.example") from ValueError("no XML")

    async def admit(_host: str) -> bool:
        return True

    def clock() -> datetime:
        return NOON

    feed = PolledFeed(1, FeedTable(url=url), PollState())
    return await visit(feed, fetch=fetch, parse=parse, clock=clock, hear=hear_nothing, admit=admit)


async def test_what_failed_does_not_hold_the_page_that_it_failed_at() -> None:
    page = b"<html>" + bytes(1000)
    held = sys.getrefcount(page)

    error = (await met(page)).error
    gc.collect()

    assert sys.getrefcount(page) == held
    assert error is not None
    assert (str(error), error.host) == ("a web page", "news.example")


async def test_a_login_page_with_a_token_in_it_is_the_same_at_every_host_and_time() -> None:
    page = "<title>Login</title><p>To read {url} log in as guest 7{token}</p>{token}"
    urls = ["http://a.example/rss", "http://b.example/feed?full=1", "http://a.example/rss"]
    bodies = [page.format(url=url, token=f"8f{n}e") for n, url in enumerate(urls)]

    marks = {stand_in_of(await met(b.encode(), u)) for b, u in zip(bodies, urls, strict=True)}

    (mark,) = marks
    assert mark
    assert stand_in_of(await met(b"We are rebuilding the site")) not in ("", mark)
    assert stand_in_of(await met(b"<html></html>")) not in ("", mark)


async def test_of_pages_alike_only_the_very_same_are_exactly_the_same() -> None:
    pages = [await met(page, "http://a.example/rss") for page in (b"id 1", b"id 2", b"id 1")]

    first, other, again = map(exact_stand_in_of, pages)
    assert first
    assert (other == first, again == first) == (False, True)


async def test_where_a_request_was_led_to_is_exactly_what_came() -> None:
    outcome = await met(b"Sign in", "http://a.example/rss")
    assert outcome.fetched is not None
    led = outcome._replace(fetched=replace(outcome.fetched, url="http://portal.example/"))

    assert stand_in_of(led) == exact_stand_in_of(led) == "portal.example"
