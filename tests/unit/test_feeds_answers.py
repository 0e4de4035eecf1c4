"""What an answer is must not hang on how TCP cuts it."""

import asyncio

import aiohttp
import pytest
from aiohttp.client_proto import ResponseHandler

from watcher.errors import FeedError
from watcher.feeds.answers import HeadFirst, HeadFirstConnector

CHUNKED = b"Transfer-Encoding: chunked\r\n"


class _Transport(asyncio.Transport):
    """A connection that nothing is written to."""

    def close(self) -> None:
        """Hang up; nobody is told, as nothing is left to read."""


async def read(*segments: bytes) -> tuple[int, bytes | str]:
    """Return status and body, or what is said of them, of an answer that comes in segments."""
    protocol = HeadFirst(asyncio.get_running_loop())
    protocol.connection_made(_Transport())
    protocol.set_response_params(read_until_eof=True, auto_decompress=False)
    for segment in segments:
        protocol.data_received(segment)
    message, body = await protocol.read()
    while message.code < 200:
        message, body = await protocol.read()
    try:
        return message.code, await asyncio.wait_for(body.read(), 5)
    except FeedError as error:
        return message.code, str(error)


ANSWERS = [
    pytest.param(b"304 Not Modified\r\n\r\n<html>", 304, b"", id="304 with a body"),
    pytest.param(
        b"304 Not Modified\r\n" + CHUNKED + b"\r\n0\r\n\r\n", 304, b"", id="304 with a last chunk"
    ),
    pytest.param(b"304 Not Modified\nEtag: 1\n\nx", 304, b"", id="bare line feeds"),
    pytest.param(b"304 Not Modified\r\n\r\n\r\n\r\n", 304, b"", id="empty lines behind it"),
    pytest.param(b"200 OK\r\nContent-Length: 5\r\n\r\nhello, dear", 200, b"hello", id="too long"),
    pytest.param(
        b"200 OK\r\nContent-Length: 6\r\n\r\n\n\nhello, dear", 200, b"\n\nhell", id="newlines first"
    ),
    pytest.param(
        b"200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 103 Early Hints\r\n\r\nzz",
        200,
        b"hi",
        id="another answer behind it",
    ),
    pytest.param(b"302 Found\r\nContent-Length: 1\r\n\r\nmore", 302, b"m", id="redirect"),
    pytest.param(
        b"100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\nToo many",
        429,
        b"",
        id="behind early answers",
    ),
    pytest.param(
        b"503 Busy\r\n" + CHUNKED + b"\r\nzz", 503, "the answer is not valid HTTP", id="no chunk"
    ),
    pytest.param(
        b"200 OK\r\n" + CHUNKED + b"\r\n5\r\nhello\r\nzz\r\n",
        200,
        "the answer is not valid HTTP",
        id="a broken chunk in a good body",
    ),
    pytest.param(
        b"200 OK\r\n" + CHUNKED + b"\r\n2\r\n\n\n\r\n0\r\n\r\n", 200, b"\n\n", id="well-formed"
    ),
]


@pytest.mark.parametrize(("answer", "status", "body"), ANSWERS)
async def test_an_answer_is_the_same_wherever_it_is_cut(
    answer: bytes, status: int, body: bytes | str
) -> None:
    answer = b"\r\nHTTP/1.1 " + answer
    cuts = [await read(answer[:cut], answer[cut:]) for cut in range(len(answer) + 1)]

    assert set(cuts) == {(status, body)}


@pytest.mark.parametrize(("answer", "status", "body"), ANSWERS)
async def test_an_answer_is_the_same_byte_by_byte(
    answer: bytes, status: int, body: bytes | str
) -> None:
    answer = b"HTTP/1.1 " + answer

    assert await read(*(answer[at : at + 1] for at in range(len(answer)))) == (status, body)


async def test_what_is_no_answer_stays_none() -> None:
    with pytest.raises(aiohttp.http_exceptions.HttpProcessingError):
        await read(b"SSH-2.0-x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")


async def test_nothing_but_newlines_goes_to_the_parser_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pieces: list[bytes] = []
    monkeypatch.setattr(ResponseHandler, "data_received", lambda _, data: pieces.append(data))
    HeadFirst(asyncio.get_running_loop()).data_received(b"\r\n" * 100_000)

    assert pieces == [b"\r\n" * 100_000]


async def test_the_library_still_makes_its_readers_where_we_put_ours() -> None:
    async with aiohttp.TCPConnector() as theirs, HeadFirstConnector() as ours:
        made = [type(connector._factory()) for connector in (theirs, ours)]

    assert made == [ResponseHandler, HeadFirst]


async def test_the_library_still_drops_what_we_read_heads_first_for() -> None:
    """When this fails, aiohttp does it by itself, and this module can go."""
    protocol = ResponseHandler(asyncio.get_running_loop())
    protocol.connection_made(_Transport())
    protocol.set_response_params(read_until_eof=True)
    protocol.data_received(b"HTTP/1.1 304 Not Modified\r\n\r\n<html>")

    with pytest.raises(aiohttp.http_exceptions.HttpProcessingError):
        await protocol.read()
