import socket
import threading
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from feed_server import FeedServer
from poll_values import fetcher_of, limits

from watcher.errors import FeedError
from watcher.feeds.fetch import Fetched, Request

LOCAL = (ip_network("127.0.0.0/8"),)
BODY = b"<rss/>"
PROXY_LOGIN = "the proxy wants a login (407); write it into the proxy's URL"


async def fetch(url: str, **fields: Any) -> Fetched:
    async with fetcher_of() as fetcher:
        return await fetcher.fetch(Request(url, **fields))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Stand in for the name server: host -> addresses."""
    known: dict[str, list[str]] = {}

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                socket.IPPROTO_TCP,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in known[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.2",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[::127.0.0.1]",
        "[fe80::1]",
        "[fec0::1]",
        "0.0.0.0",
        "[::]",
        "0x7f000001",
        "0x7f.0.0.1",
        "１２７.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.168.1.1",
        "224.0.0.1",
    ],
)
async def test_closed_addresses_are_never_connected(host: str) -> None:
    async with FeedServer() as server:
        server.put("/rss", BODY)

        with pytest.raises(FeedError, match=r"the address \S+ is private") as no:
            await fetch(f"http://{host}:{server.port}/rss")

    assert not server.requests
    assert not no.value.network


@pytest.mark.parametrize("host", ["2130706433", "127.1", "127.0.1", "0177.0.0.1"])
async def test_addresses_in_legacy_spelling_are_no_host(host: str) -> None:
    async with FeedServer() as server:
        with pytest.raises(FeedError, match="not spelt as a name or full address"):
            await fetch(f"http://{host}:{server.port}/rss")

    assert not server.requests


async def test_a_name_is_judged_by_what_it_leads_to(names: dict[str, list[str]]) -> None:
    names["feeds.example"] = ["127.0.0.1"]
    async with FeedServer() as server:
        with pytest.raises(FeedError, match=r"the address 127\.0\.0\.1 is private"):
            await fetch(server.url("/rss", host="feeds.example"))


async def test_no_address_of_a_name_with_several_closed_ones_is_connected(
    names: dict[str, list[str]],
) -> None:
    names["feeds.example"] = ["::1", "127.0.0.1", "10.0.0.1"]
    async with FeedServer() as server:
        with pytest.raises(FeedError, match="is private; set allow_private"):
            await fetch(server.url("/rss", host="feeds.example"))

    assert not server.requests


async def test_the_permitted_address_of_a_mixed_name_is_used(names: dict[str, list[str]]) -> None:
    names["feeds.example"] = ["10.0.0.1", "127.0.0.1"]
    async with FeedServer() as server:
        server.put("/rss", BODY)
        fetched = await fetch(server.url("/rss", host="feeds.example"), allow_private=LOCAL)

    assert fetched.body == BODY


async def test_a_name_rebound_between_two_hops_is_judged_again(
    names: dict[str, list[str]],
) -> None:
    names["feeds.example"] = ["127.0.0.1"]
    names["rebound.example"] = ["127.0.0.9"]
    only_one = (ip_network("127.0.0.1/32"),)
    async with FeedServer() as server:
        target = f"http://rebound.example:{server.port}/inside"
        server.put("/rss", redirect_to=target)
        with pytest.raises(FeedError, match=r"redirects to the address 127\.0\.0\.9, which is pri"):
            await fetch(server.url("/rss", host="feeds.example"), allow_private=only_one)

    assert [request.path for request in server.requests] == ["/rss"]


async def test_the_turn_of_a_closed_address_is_not_waited_for() -> None:
    asked: list[str] = []

    async def admit(host: str) -> bool:
        asked.append(host)
        return False

    async with FeedServer() as server:
        url = server.put("/rss", redirect_to="http://192.168.1.1/login")
        with pytest.raises(FeedError, match=r"is private$") as no:
            await fetch(url, allow_private=LOCAL, admit=admit)

    assert (no.value.refused, no.value.host) == ("192.168.1.1", "127.0.0.1")
    assert not asked


async def test_an_address_that_was_refused_at_one_hop_is_not_blamed_at_the_next(
    names: dict[str, list[str]],
) -> None:
    names["feeds.example"] = ["10.0.0.1", "127.0.0.1"]
    async with FeedServer() as server:
        server.put("/rss", redirect_to="http://lost.example/rss")
        with pytest.raises(FeedError, match="the host name cannot be found") as lost:
            await fetch(server.url("/rss", host="feeds.example"), allow_private=LOCAL)

    assert lost.value.network
    assert lost.value.refused is None


async def test_an_address_that_is_private_is_not_blamed_where_another_was_tried(
    names: dict[str, list[str]],
) -> None:
    names["feeds.example"] = ["10.0.0.1", "127.0.0.1"]
    async with FeedServer() as server:
        url = server.url("/rss", host="feeds.example")
    with pytest.raises(FeedError) as refused:  # nobody listens there any more
        await fetch(url, allow_private=LOCAL)

    assert "private" not in str(refused.value)
    assert refused.value.network


async def test_what_one_feed_is_allowed_another_is_not_even_on_the_same_session() -> None:
    async with FeedServer() as server, fetcher_of() as fetcher:
        url = server.put("/rss", BODY)
        allowed = await fetcher.fetch(Request(url, allow_private=LOCAL))
        with pytest.raises(FeedError, match="is private"):
            await fetcher.fetch(Request(url))

    assert allowed.body == BODY


async def test_an_unknown_name_is_said_to_be_one(names: dict[str, list[str]]) -> None:
    assert not names
    with pytest.raises(FeedError, match="the host name cannot be found") as unknown:
        await fetch("https://feeds.example/rss")

    assert unknown.value.network


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        pytest.param(
            socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
            "the host name cannot be looked up now: the name server is silent, or fails on it",
            id="no answer",
        ),
        pytest.param(
            UnicodeError("label too long"), "the host name cannot be found", id="unspeakable"
        ),
    ],
)
async def test_lookups_that_fail_have_their_sentence(
    error: Exception, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def getaddrinfo(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    with pytest.raises(FeedError, match=sentence) as failed:
        await fetch("https://feeds.example/rss")

    assert failed.value.network


async def test_a_name_server_that_hangs_costs_only_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released = threading.Event()

    def getaddrinfo(*_: Any, **__: Any) -> None:
        released.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    try:
        async with fetcher_of(timeout=timedelta(seconds=0.3)) as fetcher:
            with pytest.raises(FeedError, match="looking up the host name took too long") as slow:
                await fetcher.fetch(Request("http://feeds.example/rss"))
    finally:
        released.set()

    assert slow.value.network


async def test_a_proxy_may_be_at_a_private_address_for_it_is_the_users_own_word() -> None:
    async with FeedServer() as proxy:
        proxy.put("http://feeds.example/rss", BODY)
        fetched = await fetch("http://feeds.example/rss", proxy=proxy.url())

    assert fetched.body == BODY
    assert fetched.url == "http://feeds.example/rss"


async def test_the_proxy_of_all_feeds_is_asked_unless_a_feed_says_otherwise() -> None:
    async with FeedServer() as proxy, FeedServer(host="127.0.0.2") as outlet:
        proxy.put("http://feeds.example/rss", BODY)
        async with fetcher_of(allow_private=LOCAL, proxy=proxy.url()) as fetcher:
            await fetcher.fetch(Request("http://feeds.example/rss"))
            await fetcher.fetch(Request(outlet.put("/rss", BODY), proxy=""))
            fetcher.use(limits(allow_private=LOCAL))
            await fetcher.fetch(Request(outlet.put("/rss", BODY)))

    assert [one.path for one in proxy.requests] == ["http://feeds.example/rss"]
    assert outlet.count("/rss") == 2


@pytest.mark.parametrize("host", ["10.0.0.1", "localhost", "[::1]", "0x0a000001", "2852039166"])
async def test_a_proxy_is_not_sent_to_closed_addresses(host: str) -> None:
    async with FeedServer(host="127.0.0.2") as proxy:
        url = "http://feeds.example/rss"
        proxy.put(url, redirect_to=f"http://{host}/inside")
        with pytest.raises(FeedError, match="is private"):
            await fetch(url, proxy=proxy.url())

    assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    ("proxy", "sentence"),
    [
        pytest.param("socks5://127.0.0.1:1080", "does not begin with http", id="socks"),
        pytest.param("http://", "does not begin with http", id="no host"),
        pytest.param("http://[::1", "cannot be made", id="no URL"),
    ],
)
async def test_proxies_are_http(proxy: str, sentence: str) -> None:
    with pytest.raises(FeedError, match=sentence):
        await fetch("http://feeds.example/rss", proxy=proxy)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        pytest.param(403, "the proxy refuses to connect us (403)", id="refusal"),
        pytest.param(407, PROXY_LOGIN, id="login"),
        pytest.param(503, "the proxy does not reach the outlet (503)", id="no way on"),
    ],
)
async def test_a_proxy_that_refuses_tunnels_is_named(status: int, sentence: str) -> None:
    async with FeedServer() as proxy:
        proxy.put("feeds.example:443", status=status)
        with pytest.raises(FeedError) as refused:
            await fetch("https://feeds.example/rss", proxy=proxy.url(), allow_private=LOCAL)

    assert (str(refused.value), refused.value.status) == (sentence, status)
    assert refused.value.network is (status == 503)


async def test_a_gateways_status_that_comes_by_a_proxy_may_be_either_ones() -> None:
    async with FeedServer() as server:
        server.put("http://feeds.example/rss", status=503)
        with pytest.raises(FeedError, match=r"^the proxy or the outlet is in trouble \(503\)$"):
            await fetch("http://feeds.example/rss", proxy=server.url(), allow_private=LOCAL)


async def test_a_login_is_the_proxys_only_where_there_is_one() -> None:
    async with FeedServer() as server:
        server.put("http://feeds.example/rss", status=407)
        with pytest.raises(FeedError) as by_proxy:
            await fetch("http://feeds.example/rss", proxy=server.url(), allow_private=LOCAL)
        url = server.put("/rss", status=407)
        with pytest.raises(FeedError) as by_outlet:
            await fetch(url, allow_private=LOCAL)

    assert str(by_proxy.value) == PROXY_LOGIN
    assert "the server gives no feed (407" in str(by_outlet.value)


async def test_a_proxy_is_told_who_asks_and_nothing_else() -> None:
    own = {"User-Agent": "for the outlet", "X-Key": "secret"}
    async with FeedServer() as proxy:
        proxy.put("feeds.example:443", status=403)
        with pytest.raises(FeedError):
            await fetch(
                "https://feeds.example/rss", proxy=proxy.url(), allow_private=LOCAL, headers=own
            )
        request = proxy.requests[0]

    assert request.headers["User-Agent"] == "watcher/test"
    assert request.names == {"host", "user-agent", "accept", "accept-encoding", "connection"}


async def test_an_outlet_is_told_nothing_meant_for_the_proxy() -> None:
    async with FeedServer() as proxy:
        proxy.put("http://feeds.example/rss", BODY)
        own = {"User-Agent": "for the outlet"}
        await fetch("http://feeds.example/rss", proxy=proxy.url(), allow_private=LOCAL, headers=own)
        request = proxy.requests[0]

    assert request.headers["User-Agent"] == "for the outlet"
    assert request.names == {"host", "user-agent", "accept", "accept-encoding", "connection"}


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_whose_name_is_unknown_is_named(
    scheme: str, names: dict[str, list[str]]
) -> None:
    assert not names
    with pytest.raises(FeedError) as unknown:
        await fetch(f"{scheme}://feeds.example/rss", proxy="http://proxy.example:9080")

    assert str(unknown.value) == "the proxy cannot be reached: the host name cannot be found"
    assert unknown.value.network
