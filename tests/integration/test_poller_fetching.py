"""The poller with the real fetcher against a real server, on the real clock."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

from feed_server import Answer, FeedServer
from poll_values import fetcher_of, hear_nothing, say_nothing

from watcher.config.settings import FeedTable, PollingTable
from watcher.feeds.parsed import ParsedFeed
from watcher.feeds.schedule import PollState
from watcher.service.polling.poller import Poller
from watcher.service.polling.visit import PolledFeed, PollOutcome

LOCAL = (ip_network("127.0.0.0/8"),)


async def parse(
    _body: bytes, _type: str | None, _url: str, _now: datetime, _memory: bytes = b"", /
) -> ParsedFeed:
    return ParsedFeed("", "", None, (), ())


async def poll(
    feeds: list[PolledFeed], per_host_delay: timedelta = timedelta()
) -> dict[int, PollOutcome]:
    settings = PollingTable().model_copy(update={"per_host_delay": per_host_delay})
    kept = []

    async def finish(outcome: PollOutcome) -> PollState:
        kept.append(outcome)
        return outcome.state

    async with fetcher_of(allow_private=LOCAL, concurrency=settings.concurrency) as fetcher:
        poller = Poller(
            fetcher.fetch,
            parse,
            finish,
            settings=settings,
            clock=lambda: datetime.now(UTC),
            hear=hear_nothing,
            announce=say_nothing,
        )
        await poller.poll_due(feeds)
    return {outcome.feed.id: outcome for outcome in kept}


def feed(number: int, url: str, state: PollState | None = None) -> PolledFeed:
    return PolledFeed(number, FeedTable.model_validate({"url": url}), state or PollState())


async def test_validators_travel_from_answer_to_state_to_request() -> None:
    async with FeedServer() as server:
        url = server.put("/rss", b"<rss/>", etag='W/"1"', last_modified="yesterday")
        first = await poll([feed(1, url)])
        second = await poll([feed(1, url, first[1].state)])
        headers = server.requests[1].headers

    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('W/"1"', "yesterday")
    assert second[1].fetched is not None
    assert second[1].fetched.status == 304
    assert second[1].state.etag == 'W/"1"'


async def test_new_validators_replace_old_ones_even_when_the_body_is_equal() -> None:
    async with FeedServer() as server:
        url = server.in_turn("/rss", [Answer(b"<rss/>", etag='"1"'), Answer(b"<rss/>", etag='"2"')])
        first = await poll([feed(1, url)])
        second = await poll([feed(1, url, first[1].state)])

    assert second[1].parsed is None
    assert second[1].state.etag == '"2"'


async def test_validators_that_vanish_are_not_sent_any_more() -> None:
    async with FeedServer() as server:
        url = server.in_turn("/rss", [Answer(b"<rss/>", etag='"1"'), Answer(b"<rss></rss>")])
        first = await poll([feed(1, url)])
        second = await poll([feed(1, url, first[1].state)])
        await poll([feed(1, url, second[1].state)])

    assert "if-none-match" not in server.requests[2].names


async def test_starts_at_one_host_are_apart_and_other_hosts_do_not_wait() -> None:
    async with FeedServer() as one, FeedServer(host="127.0.0.2") as other:
        for path in ("/1", "/2", "/3"):
            one.put(path, b"<rss/>")
        other.put("/4", b"<rss/>")
        feeds = [feed(number, one.url(f"/{number}")) for number in (1, 2, 3)]

        outcomes = await poll([*feeds, feed(4, other.url("/4"))], timedelta(seconds=0.2))
        times = [request.at for request in one.requests]

    assert len(outcomes) == 4
    assert times[1] - times[0] > 0.15
    assert times[2] - times[1] > 0.15
    assert other.requests[0].at < times[2]


async def test_a_host_that_asks_for_patience_is_not_asked_for_its_other_feeds() -> None:
    async with FeedServer() as server:
        busy = server.put("/1", status=429, headers={"Retry-After": "3600"})
        other = server.put("/2", b"<rss/>")

        outcomes = await poll([feed(1, busy), feed(2, other)])

    assert len(server.requests) == 1
    due = outcomes[2].state.next_due
    assert due is not None
    assert due >= outcomes[1].at + timedelta(hours=1)


async def test_every_kind_of_trouble_ends_as_an_outcome_of_its_own_feed() -> None:
    async with FeedServer() as server:
        urls = [
            server.put("/good", b"<rss/>"),
            server.put("/cut", b"x", mode="cut"),
            server.put("/hang-up", mode="hang_up"),
            server.put("/bomb", encoding="gzip", bomb_bytes=50_000_000),
            server.put("/loop", redirect_to="/loop"),
            "http://127.0.0.1:1/refused",
            "http://10.0.0.1/private",
        ]
        polls = [await poll([feed(number, url)]) for number, url in enumerate(urls)]

    assert [outcomes[number].error is None for number, outcomes in enumerate(polls)] == [True] + [
        False
    ] * 6
