import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from feed_server import Answer, FeedServer
from poll_values import fetcher_of
from watchlists import NOON

from watcher.errors import FeedError
from watcher.feeds.fetch import Fetched, Fetcher, Request

LOCAL = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
BODY = b"<rss version='2.0'><channel><title>Kim \xd0\x9f</title></channel></rss>"
MAX_BODY = 1_000_000


@asynccontextmanager
async def fetching(timeout_s: float = 20, **options: Any) -> AsyncIterator[Fetcher]:
    given = {"allow_private": LOCAL, "timeout": timedelta(seconds=timeout_s), **options}
    async with fetcher_of(**given) as fetcher:
        yield fetcher


async def fetch(url: str, timeout_s: float = 20, **fields: Any) -> Fetched:
    async with fetching(timeout_s) as fetcher:
        return await fetcher.fetch(Request(url, **fields))


async def failure(url: str, timeout_s: float = 20, **fields: Any) -> FeedError:
    with pytest.raises(FeedError) as caught:
        await fetch(url, timeout_s, **fields)
    return caught.value


async def test_a_feed_comes_with_all_that_is_kept_of_it() -> None:
    async with FeedServer() as server:
        server.clock = lambda: NOON
        url = server.put(
            "/rss",
            BODY,
            etag='W/"x-1"',
            last_modified="Sun, 22 Nov 2026 12:00:00 GMT",
            headers={"Cache-Control": "max-age=300"},
        )
        fetched = await fetch(url)

    assert fetched == Fetched(
        status=200,
        body=BODY,
        etag='W/"x-1"',
        last_modified="Sun, 22 Nov 2026 12:00:00 GMT",
        content_type="application/rss+xml; charset=utf-8",
        url=url,
        moved_to=None,
        max_age=timedelta(minutes=5),
        date=NOON,
    )


async def test_the_request_says_who_asks_and_nothing_else() -> None:
    async with FeedServer() as server:
        url = server.put("/rss", BODY, headers={"Set-Cookie": "track=me; Path=/"})
        async with fetching() as fetcher:
            await fetcher.fetch(Request(url))
            await fetcher.fetch(Request(url))
        request = server.requests[1]

    assert request.names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert request.headers["User-Agent"] == "watcher/test"


@pytest.mark.parametrize(
    "etag",
    [
        pytest.param('"abc"', id="strong"),
        pytest.param('W/"abc"', id="weak"),
        pytest.param("no-quotes", id="without quotes"),
        pytest.param('"a\\"b, c"', id="odd signs"),
        pytest.param('"abc-gzip"', id="mark of a compressor"),
        pytest.param('"Ким"'.encode().decode("latin-1"), id="UTF-8 bytes"),
    ],
)
async def test_validators_go_back_byte_for_byte(etag: str) -> None:
    changed = "sun, 22 nov 2026 12:00:00 +0000"
    async with FeedServer() as server:
        url = server.put("/rss", BODY, etag=etag, last_modified=changed)
        first = await fetch(url)
        second = await fetch(url, etag=first.etag, last_modified=first.last_modified)
        headers = server.requests[1].headers

    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == (etag, changed)
    assert (second.status, second.body) == (304, None)
    assert (second.etag, second.last_modified) == (etag, changed)


async def test_a_validator_that_cannot_be_sent_unaltered_is_not_sent() -> None:
    async with FeedServer() as server:
        url = server.put("/rss", BODY, etag='"caf\xe9"')
        etag = (await fetch(url)).etag
        again = await fetch(url, etag=etag)

    assert etag == '"caf\xe9"'
    assert again.status == 200
    assert "if-none-match" not in server.requests[1].names


async def test_an_answer_may_have_hundreds_of_header_fields() -> None:
    async with FeedServer() as server:
        fields = {f"X-Shop-{number}": "1" for number in range(500)}
        fetched = await fetch(server.put("/rss", BODY, headers=fields))

    assert fetched.body == BODY


async def test_a_network_that_wants_a_login_is_our_own_trouble() -> None:
    async with FeedServer() as server:
        error = await failure(server.put("/rss", b"log in", status=511))

    assert (error.network, str(error)) == (
        True,
        "this network wants a login before it lets us out (511)",
    )


async def test_a_304_may_bring_new_validators_and_keeps_the_others() -> None:
    async with FeedServer() as server:
        url = server.put("/rss", status=304, headers={"Etag": '"2"'})
        fetched = await fetch(url, etag='"1"', last_modified="yesterday")

    assert (fetched.etag, fetched.last_modified) == ('"2"', "yesterday")


async def test_a_304_to_an_unconditional_request_is_no_answer() -> None:
    async with FeedServer() as server:
        error = await failure(server.put("/rss", status=304))

    assert error.status == 304


@pytest.mark.parametrize("encoding", [None, "gzip", "br", "deflate"])
async def test_bodies_are_decompressed(encoding: str | None) -> None:
    async with FeedServer() as server:
        fetched = await fetch(server.put("/rss", BODY * 500, encoding=encoding))
        accepted = server.requests[0].headers["Accept-Encoding"]

    assert fetched.body == BODY * 500
    assert encoding is None or encoding in accepted


@pytest.mark.parametrize("stray", [b"\n", b"\0" * 512, b"<!-- cached -->"])
@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)]
)
async def test_bytes_behind_a_compressed_body_cost_nothing(
    encoding: str, pack: Callable[[bytes], bytes], stray: bytes
) -> None:
    async with FeedServer() as server:
        headers = {"Content-Encoding": encoding}
        fetched = await fetch(server.put("/rss", pack(BODY) + stray, headers=headers))

    assert fetched.body == BODY


async def test_while_a_large_body_is_inflated_others_have_their_turn() -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with FeedServer() as server, fetching(max_body=50_000_000) as fetcher:
        url = server.put("/rss", bytes(40_000_000), encoding="gzip")
        counting = asyncio.create_task(count_turns())
        fetched = await fetcher.fetch(Request(url))
        counting.cancel()

    assert len(fetched.body or b"") == 40_000_000
    assert turns > 150


@pytest.mark.parametrize("encoding", ["gzip", "br"])
async def test_a_bomb_of_a_gigabyte_is_stopped_at_the_limit(encoding: str) -> None:
    async with FeedServer() as server:
        url = server.put("/bomb", encoding=encoding, bomb_bytes=1_000_000_000)
        tracemalloc.start()
        error = await failure(url)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert str(error) == "the answer is larger than 1 MB; raise max_body"
    assert peak < 20 * MAX_BODY


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        pytest.param({"body": b"x" * (MAX_BODY + 1)}, "larger than 1 MB", id="too large"),
        pytest.param({"body": b""}, "is empty", id="empty"),
        pytest.param({"status": 204}, "is empty", id="no content"),
        pytest.param(
            {"body": b"plain", "headers": {"Content-Encoding": "gzip"}},
            "compressed in a way we do not read, or not as it says",
            id="not gzip",
        ),
        pytest.param(
            {"body": BODY, "headers": {"Content-Encoding": "br"}},
            "compressed in a way we do not read, or not as it says",
            id="not brotli",
        ),
        pytest.param({"body": b"x", "mode": "cut"}, "broke off after 0 bytes", id="cut"),
        pytest.param({"mode": "hang_up"}, "broke the connection off", id="hang up"),
        pytest.param({"body": b"SSH-2.0-x\r\n", "mode": "raw"}, "not valid HTTP", id="not HTTP"),
    ],
)
async def test_answers_that_are_no_feed(answer: dict[str, Any], sentence: str) -> None:
    async with FeedServer() as server:
        error = await failure(server.put("/rss", **answer))
        asked = server.count("/rss")

    assert sentence in str(error)
    assert not error.network
    assert error.unanswered is (answer.get("mode") == "hang_up")
    assert asked == 1  # nothing is asked again at once: that is the schedule's to say


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"", id="a body"),
        pytest.param(b"Content-Length: 5\r\n", id="a length"),
        pytest.param(b"Connection: close\r\n", id="the end"),
    ],
)
async def test_a_304_that_has_a_body_is_one(head: bytes) -> None:
    raw = b'HTTP/1.1 304 Not Modified\r\nETag: "2"\r\n' + head + b"\r\nhello, dear"
    async with FeedServer() as server:
        fetched = await fetch(server.put("/rss", raw, mode="raw"), etag='"1"')

    assert (fetched.status, fetched.body, fetched.etag) == (304, None, '"2"')


async def test_a_304_that_ends_its_chunks_is_one() -> None:
    raw = b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    async with FeedServer(tls=True) as server:
        url = server.put("/rss", raw, mode="raw")
        fetched = await fetch(url, etag='"1"', tls_verify=False)

    assert (fetched.status, fetched.etag) == (304, '"1"')


async def test_bytes_behind_the_declared_length_do_no_harm() -> None:
    more = b"<!-- cached -->"
    async with FeedServer() as server:
        server.put("/rss", BODY + more, declared_length=len(BODY))
        raw = b"HTTP/1.1 302 Found\r\nLocation: /rss\r\nContent-Length: 1\r\n\r\nmoved"
        fetched = await fetch(server.put("/old", raw, mode="raw"))

    assert fetched.body == BODY


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"Content-Length: 0\r\n\r\nToo many", id="length"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\nToo many", id="chunk"),
    ],
)
async def test_a_pause_asked_for_counts_whatever_stands_behind_it(body: bytes) -> None:
    raw = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\n" + body
    async with FeedServer() as server:
        error = await failure(server.put("/rss", raw, mode="raw"))

    assert (error.status, error.retry_after) == (429, timedelta(hours=1))


async def test_a_broken_chunk_in_a_good_body_fails_at_once() -> None:
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\nzz\r\n"
    async with FeedServer() as server:
        error = await failure(server.put("/rss", raw, mode="raw"))

    assert str(error) == "the answer is not valid HTTP"


async def test_a_length_declared_too_large_is_refused_unread() -> None:
    async with FeedServer() as server:
        error = await failure(server.put("/rss", BODY, declared_length=10**12))

    assert "larger than 1 MB" in str(error)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        pytest.param(400, "the server gives no feed (400 Bad Request)", id="bad request"),
        pytest.param(401, "the outlet wants a login (401); set basic_auth_file", id="login"),
        pytest.param(
            403,
            "the outlet refuses us (403): if it blocks our User-Agent, set user_agent; "
            "if it wants a login, set basic_auth_file",
            id="forbidden",
        ),
        pytest.param(404, "there is no feed at this address (404)", id="not found"),
        pytest.param(410, "the feed is gone for good, the server says (410)", id="gone"),
        pytest.param(418, "the server gives no feed (418 I'm a Teapot)", id="teapot"),
        pytest.param(429, "the server says that we ask too often (429)", id="too often"),
        pytest.param(500, "the server is in trouble (500)", id="trouble"),
        pytest.param(503, "the server is not available for the moment (503)", id="away"),
        pytest.param(599, "the server is in trouble (599)", id="unknown"),
        pytest.param(300, "the server gives no feed (300 Multiple Choices)", id="choices"),
    ],
)
async def test_each_status_has_its_sentence(status: int, sentence: str) -> None:
    async with FeedServer() as server:
        error = await failure(server.put("/rss", b"<html>", status=status))

    assert str(error) == sentence
    assert (error.status, error.network) == (status, False)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        pytest.param({"Retry-After": "90"}, timedelta(seconds=90), id="seconds"),
        pytest.param({"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}, None, id="date"),
        pytest.param({}, None, id="unsaid"),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_handed_on(
    status: int, headers: dict[str, str], wait: timedelta | None
) -> None:
    async with FeedServer() as server:
        error = await failure(server.put("/rss", status=status, headers=headers))

    if headers and wait is None:
        assert error.retry_after is not None
        assert error.retry_after > timedelta(days=300)
    else:
        assert error.retry_after == wait


@pytest.mark.parametrize(
    ("mode", "timeout_s", "sentence"),
    [
        pytest.param("hang", 0.5, "waiting for the answer took too long", id="no answer"),
        pytest.param("drip", 3, "reading the answer took too long", id="slow drip"),
    ],
)
async def test_one_deadline_covers_everything(mode: str, timeout_s: float, sentence: str) -> None:
    async with FeedServer() as server:
        error = await failure(server.put("/rss", BODY, mode=mode), timeout_s=timeout_s)

    assert str(error) == sentence + "; raise timeout if this outlet is always slow"
    assert not error.network
    assert error.unanswered is (mode == "hang")


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n"


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        pytest.param({"body": BODY, "declared_length": 9999}, BODY, id="too large a length"),
        pytest.param({"body": BODY * 2, "mode": "cut"}, BODY, id="cut"),
        pytest.param(
            {"body": CHUNKED % (len(BODY), BODY), "mode": "raw"}, BODY, id="no last chunk"
        ),
    ],
)
async def test_what_came_of_an_answer_that_broke_off_is_there_to_be_read(
    answer: dict[str, Any], came: bytes
) -> None:
    async with FeedServer() as server:
        fetched = await fetch(server.put("/rss", **answer))

    assert fetched.body == came
    assert str(fetched.broken).startswith(f"the answer broke off after {len(came)} bytes")


async def test_an_answer_that_came_to_its_end_is_not_broken() -> None:
    async with FeedServer() as server:
        assert (await fetch(server.put("/rss", BODY))).broken is None


@pytest.mark.parametrize("encoding", [None, "gzip"])
async def test_the_page_of_a_failure_marks_who_wrote_it(encoding: str | None) -> None:
    page = "<p>No way to 127.0.0.1{}</p>" + "x " * 20_000
    async with FeedServer() as server:
        first = await failure(server.put("/a", page.format("/a"), status=503, encoding=encoding))
        second = await failure(server.put("/b", page.format("/b"), status=503, encoding=encoding))
        missing = await failure(server.put("/c", page, status=404))

    assert first.stand_in == second.stand_in
    assert (bool(first.stand_in), missing.stand_in) == (True, "")


async def test_a_page_that_does_not_come_changes_nothing_about_the_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("watcher.feeds.fetch.PAGE_PATIENCE", timedelta(milliseconds=50))
    async with FeedServer() as server:
        url = server.put("/rss", status=503, mode="drip", headers={"Retry-After": "60"})
        error = await failure(url)

    assert (error.status, error.retry_after) == (503, timedelta(minutes=1))


async def test_the_deadline_covers_redirects_too() -> None:
    async with FeedServer() as server:
        server.put("/slow", mode="hang")
        error = await failure(server.put("/rss", redirect_to="/slow"), timeout_s=0.5)

    assert "took too long" in str(error)


async def test_a_server_that_refuses_connections_may_be_our_network() -> None:
    async with FeedServer() as server:
        url = server.url("/rss")

    error = await failure(url)

    assert str(error) == "the server refuses connections"
    assert error.network


async def test_a_login_goes_along_and_is_named_when_refused() -> None:
    async with FeedServer() as server:
        await fetch(server.put("/rss", BODY), basic_auth="ada:geheim")
        error = await failure(server.put("/rss", status=401), basic_auth="ada:falsch")

    assert server.requests[0].headers["Authorization"] == "Basic YWRhOmdlaGVpbQ=="
    assert str(error) == "the outlet does not take our login (401); check basic_auth_file"


async def test_a_feeds_own_headers_go_along_and_win() -> None:
    async with FeedServer() as server:
        url = server.put("/rss", BODY)
        await fetch(url, headers={"X-Key": "k", "user-agent": "me", "Accept": "text/xml"})
        headers = server.requests[0].headers

    assert (headers["X-Key"], headers["User-Agent"], headers["Accept"]) == ("k", "me", "text/xml")


async def test_a_header_that_http_forbids_is_a_sentence() -> None:
    async with FeedServer() as server:
        error = await failure(server.put("/rss", BODY), headers={"X-Key": "a\r\nHost: evil"})

    assert str(error).startswith("the request cannot be made")
    assert not server.requests


async def test_tls_by_a_known_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FeedServer(tls=True) as server:
        authority = tmp_path / "ca.pem"
        authority.write_bytes(server.ca_pem)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))

        fetched = await fetch(server.put("/rss", BODY))

    assert fetched.body == BODY


async def test_an_unknown_certificate_is_refused_unless_the_feed_says_so() -> None:
    async with FeedServer(tls=True) as server:
        url = server.put("/rss", BODY)
        error = await failure(url)
        accepted = await fetch(url, tls_verify=False)

    assert str(error).startswith("the TLS certificate is not valid: ")
    assert "tls_verify = false" in str(error)
    assert error.network
    assert accepted.body == BODY


async def test_tls_where_none_is_spoken() -> None:
    async with FeedServer() as server:
        error = await failure(f"https://127.0.0.1:{server.port}/rss")

    assert str(error).startswith("no secure connection can be made (")


async def test_at_most_so_many_fetches_run_at_once_and_waiting_costs_no_time() -> None:
    async with FeedServer() as server, fetching(concurrency=1, timeout_s=0.5) as fetcher:
        hanging = server.put("/hang", mode="hang")
        url = server.put("/rss", BODY)
        first = asyncio.create_task(fetcher.fetch(Request(hanging)))
        second = asyncio.create_task(fetcher.fetch(Request(url)))
        await asyncio.sleep(0)
        # Who waits has these limits when his turn comes, and not the half second of before.
        fetcher.use(replace(fetcher._limits, timeout=timedelta(seconds=20)))

        assert (await second).body == BODY
        assert isinstance(first.exception(), FeedError)


async def test_a_cancelled_fetch_leaves_nothing_behind() -> None:
    async with FeedServer() as server, fetching() as fetcher:
        task = asyncio.create_task(fetcher.fetch(Request(server.put("/hang", mode="hang"))))
        await asyncio.to_thread(server.wait_for, "/hang")

        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task


async def test_the_server_of_the_tests_answers_in_turn() -> None:
    async with FeedServer() as server:
        url = server.in_turn("/rss", [Answer(b"one"), Answer(b"two")])
        bodies = [(await fetch(url)).body for _ in range(3)]

    assert bodies == [b"one", b"two", b"two"]
