"""Our own network over hours: gone, or one that answers in the outlets' place."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from clockwork import HOUR, MINUTE, Town, document
from feed_server import FeedServer

from watcher.storage.database import Database

FEEDS = 5
CLOSED = "192.168.1.1"


class Names:
    """A name server: the outlets by name, or this one closed address for all of them."""

    def __init__(self) -> None:
        self.answers_all: str | None = None
        self._own = {f"outlet-{number}.example": f"127.0.0.{2 + number}" for number in range(FEEDS)}

    def look_up(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        address = self.answers_all or self._own.get(host, CLOSED)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    known = Names()
    monkeypatch.setattr(socket, "getaddrinfo", known.look_up)
    return known


@pytest.fixture
def servers() -> Iterator[list[FeedServer]]:
    with ExitStack() as stack:
        made = [FeedServer(host=f"127.0.0.{2 + number}") for number in range(FEEDS)]
        yield [stack.enter_context(server) for server in made]


def town_of(folder: Path, servers: list[FeedServer], **polling: str) -> tuple[Town, list[str]]:
    town = Town(folder, **polling)
    for server in servers:
        server.put("/rss", document(5))
    named = enumerate(servers)
    urls = [
        town.add(server.url("/rss", host=f"outlet-{number}.example"), server)
        for number, server in named
    ]
    return town, urls


@pytest.mark.parametrize("is_router", [True, False])
async def test_a_private_address_in_place_of_all_outlets_is_our_network_and_none_is_blamed(
    tmp_path: Path, names: Names, servers: list[FeedServer], is_router: bool
) -> None:
    town, urls = town_of(tmp_path, servers)
    await town.live(hours=3)
    names.answers_all = CLOSED if is_router else None
    for server in servers:
        server.put("/rss", redirect_to=f"http://{CLOSED}/login")
    await town.live(hours=8)
    assert [town.state(url).failures for url in urls] == [0] * FEEDS
    assert {town.state(url).host for url in urls} == {None}

    names.answers_all = None
    for server in servers:
        server.put("/rss", document(6))
    began = town.now
    await town.live(minutes=20)

    assert [text for text in town.notices if "no feed could be reached" not in text] == []
    back = [visit for visit in town.visits if visit.at >= began]
    assert len({visit.request.headers["Host"] for visit in back}) == FEEDS


async def test_certificates_refused_at_all_outlets_are_told_to_the_operator_and_in_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.service.polling.network.is_near", lambda _host: False)
    town = Town(tmp_path)
    with ExitStack() as stack:
        for number in range(3):
            server = stack.enter_context(FeedServer(host=f"127.0.0.{2 + number}", tls=True))
            server.put("/rss", document(5))
            town.feed(server, "/rss")
        monkeypatch.setattr("watcher.service.monitoring.poll_log.LONG_OUTAGE", timedelta(0))
        await town.live(minutes=30)

    with Database.open(tmp_path / "watcher.db") as database, database.read() as tx:
        noted = tx.notices.outage()
    (told,) = town.notices
    assert "no outlet can be trusted from here: at 3 of 3 hosts: the TLS certificate" in told
    assert noted is not None
    assert "at 3 of 3 hosts: the TLS certificate is not valid" in noted.why
    assert "ca-certificates" in noted.why


async def test_a_login_page_that_is_gone_leaves_no_line_in_which_feeds_stand(
    tmp_path: Path, names: Names, servers: list[FeedServer]
) -> None:
    town, _ = town_of(tmp_path, servers, per_host_delay="10m")
    await town.live(hours=3)
    for server in servers:
        server.put("/rss", redirect_to="http://portal.example/login")
    gone = town.now + 2 * HOUR

    def leave(now: datetime) -> None:
        if now >= gone:
            for server in servers:
                server.put("/rss", document(6))

    town.before_poll = leave
    await town.live(hours=4)

    assert names.answers_all is None
    back = [visit for visit in town.visits if gone <= visit.at < gone + 25 * MINUTE]
    assert len({visit.request.headers["Host"] for visit in back}) == FEEDS


async def test_a_feed_that_moves_into_the_local_network_is_told_what_to_set(
    tmp_path: Path, names: Names, servers: list[FeedServer]
) -> None:
    town, urls = town_of(tmp_path, servers)
    await town.live(hours=3)
    servers[0].put("/rss", redirect_to=f"http://{CLOSED}/login")
    await town.live(hours=8)

    assert names.answers_all is None
    states = [town.state(url) for url in urls]
    assert (states[0].sick, states[0].host) == (True, None)
    assert [state.failures for state in states[1:]] == [0] * (FEEDS - 1)


@pytest.mark.parametrize("public", [1, 0])
async def test_feeds_in_the_local_network_that_were_never_read_are_told_what_to_set(
    tmp_path: Path, names: Names, servers: list[FeedServer], public: int
) -> None:
    town, urls = town_of(tmp_path, servers)
    for url in urls[public:]:
        town.drop(url)
    boxes = [town.add(f"http://box-{number}.example/rss") for number in range(4)]
    await town.live(days=2)

    assert names.answers_all is None
    assert town.logged("we seem to be offline") == 0
    assert all(town.state(url).sick for url in boxes)
    assert [town.state(url).failures for url in urls[:public]] == [0] * public


async def test_where_all_feeds_lead_to_one_local_address_it_is_named(
    tmp_path: Path, names: Names, servers: list[FeedServer]
) -> None:
    town, _ = town_of(tmp_path, servers)
    await town.live(hours=3)
    names.answers_all = CLOSED
    await town.live(hours=3)

    (line,) = (one for one in town.logs if one["event"].startswith("we seem to be offline"))
    assert line["error"].endswith(f"the address {CLOSED} is private")
    assert line["advice"] == f"they lead to {CLOSED}; set allow_private if it is yours"


async def test_while_we_are_offline_nothing_is_blamed_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_name_server(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", no_name_server)
    town = Town(tmp_path)
    urls = [town.add(f"http://outlet-{number}.invalid/rss") for number in range(6)]
    await town.live(minutes=1)
    database = tmp_path / "watcher.db"
    sizes = []
    town.before_poll = lambda _now: sizes.append(_bytes_of(database))
    await town.live(minutes=10)

    states = [town.state(url) for url in urls]
    assert [state.failures for state in states] == [0] * 6
    assert town.logged("we seem to be offline") == 2  # once a run
    assert len(sizes) > 20
    assert len(set(sizes[12:])) == 1


PORTAL = "<!DOCTYPE html><html><head><title>Hotel</title></head><body>log in</body></html>"


HANG_UP = {"body": "", "mode": "hang_up"}


@pytest.mark.parametrize(
    ("feeds", "portal"),
    [
        pytest.param(2, None, id="refused, two"),
        pytest.param(2, {"body": PORTAL}, id="a login page, two"),
        pytest.param(5, {"body": PORTAL}, id="a login page, five"),
        pytest.param(3, HANG_UP, id="closed without a byte"),
    ],
)
async def test_few_feeds_are_not_blamed_for_a_network_that_is_gone_or_a_login_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, feeds: int, portal: dict[str, Any] | None
) -> None:
    monkeypatch.setattr("watcher.service.polling.network.is_near", lambda _host: False)
    town = Town(tmp_path)
    servers = [FeedServer(host=f"127.0.0.{2 + number}") for number in range(feeds)]
    urls = [town.feed(server, "/rss") for server in servers]
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(server)
            server.put("/rss", document(5))
        await town.live(hours=3)
        for server in servers:
            server.put("/rss", **portal) if portal else server.go_away()
        await town.live(hours=8)
        assert [town.state(url).failures for url in urls] == [0] * feeds
        for server in servers:
            if not portal:
                server.come_back()
            server.put("/rss", document(6))
        await town.live(minutes=20)

    assert [text for text in town.notices if "no feed could be reached" not in text] == []
    assert len([visit for visit in town.visits if visit.at >= town.now - 20 * MINUTE]) >= feeds


def _bytes_of(database: Path) -> Sequence[int]:
    files = (database, database.with_name(f"{database.name}-wal"))
    return tuple(file.stat().st_size for file in files if file.exists())
