from ipaddress import ip_network
from typing import Any

import pytest
from feed_server import FeedServer
from poll_values import fetcher_of

from watcher.errors import FeedError
from watcher.feeds.fetch import Fetched, Request

LOCAL = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
BODY = b"<rss/>"


async def fetch(url: str, **fields: Any) -> Fetched:
    async with fetcher_of(allow_private=LOCAL) as fetcher:
        return await fetcher.fetch(Request(url, **fields))


@pytest.mark.parametrize(
    ("statuses", "is_moved"),
    [
        pytest.param([301], True, id="301"),
        pytest.param([308, 301], True, id="permanent chain"),
        pytest.param([302], False, id="302"),
        pytest.param([301, 307], False, id="mixed chain"),
        pytest.param([301] * 5, True, id="five hops"),
    ],
)
async def test_redirects_are_followed_and_permanent_moves_told(
    statuses: list[int], is_moved: bool
) -> None:
    async with FeedServer() as server:
        for number, status in enumerate(statuses):
            server.put(f"/{number}", redirect_to=f"/{number + 1}", status=status)
        final = server.put(f"/{len(statuses)}", BODY, etag='"1"')

        fetched = await fetch(server.url("/0"))

    assert (fetched.url, fetched.body, fetched.etag) == (final, BODY, '"1"')
    assert fetched.moved_to == (final if is_moved else None)


async def test_a_304_behind_a_redirect_still_tells_the_move() -> None:
    async with FeedServer() as server:
        final = server.put("/new", BODY, etag='"1"')
        old = server.put("/old", redirect_to="/new", status=301)

        fetched = await fetch(old, etag='"1"')

    assert (fetched.status, fetched.moved_to) == (304, final)


@pytest.mark.parametrize(
    ("redirect_to", "sentence"),
    [
        pytest.param("/rss", "in a circle", id="to itself"),
        pytest.param("/other", "in a circle", id="to and fro"),
        pytest.param("ftp://127.0.0.1/", "does not begin with http", id="ftp"),
        pytest.param("file:///etc/passwd", "does not begin with http", id="file"),
        pytest.param("", "without saying where", id="nowhere"),
        pytest.param("http://[::1/", "no URL", id="no URL"),
        pytest.param(
            "http://169.254.169.254/latest/",
            "the server redirects to the address 169.254.169.254, which is private",
            id="closed",
        ),
        pytest.param("http://127.1/", "not spelt", id="odd spelling"),
        pytest.param("/1", "more than 5 times", id="too many"),
    ],
)
async def test_redirects_that_are_not_followed(redirect_to: str, sentence: str) -> None:
    async with FeedServer() as server:
        url = server.put("/rss", redirect_to=redirect_to)
        server.put("/other", redirect_to="/rss")
        for number in range(1, 6):
            server.put(f"/{number}", redirect_to=f"/{number + 1}")

        with pytest.raises(FeedError, match=sentence):
            await fetch(url)


async def test_secrets_stay_behind_when_the_host_changes() -> None:
    async with FeedServer() as server:
        server.put("/new", BODY)
        server.put("/there", redirect_to=server.url("/new", host="localhost"))
        url = server.put("/rss", redirect_to="/there")

        await fetch(url, basic_auth="ada:geheim", headers={"X-Key": "k"})
        names = [request.names for request in server.requests]

    secrets = {"authorization", "x-key"}
    assert secrets <= names[0]
    assert secrets <= names[1]
    assert not secrets & names[2]


async def test_a_location_in_raw_bytes_is_followed() -> None:
    async with FeedServer() as server:
        server.put("/caf%E9", BODY)

        fetched = await fetch(server.put("/rss", redirect_to="/caf\xe9"))

    assert fetched.body == BODY
