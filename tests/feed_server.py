"""A feed server on 127.0.0.1 that does as it is told, well behaved or not.

    with FeedServer() as server:                       # or `async with`; runs in a thread
        url = server.put("/rss", b"<rss>...", etag='"1"')
        server.put("/old", redirect_to="/rss", status=301)
        server.put("/busy", status=429, headers={"Retry-After": "60"})
        server.put("/slow", mode="drip")
        ...
        server.wait_for("/rss", 2)                      # blocks until two requests came
        assert server.requests_for("/rss")[1].headers["If-None-Match"] == '"1"'

A route may be changed at any time by another `put`; several answers in turn by `in_turn`. An ETag
or Last-Modified given is also honoured: equal validators get a 304. `FeedServer(tls=True)` has a
certificate for localhost and 127.0.0.1; its authority is `server.ca_pem` (see SSL_CERT_FILE).
`clock` is what its Date field goes by: whose daemon lives in another time, shares it.
Hosts for politeness are addresses: `FeedServer(host="127.0.0.2")` is another one.
"""

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

import brotli
import trustme
from multidict import CIMultiDict

#: How an answer is given: whole; header, then a byte now and then for ever; never; half of the
#: body and then a hang-up; a hang-up without any answer; bytes as they are, instead of HTTP.
Mode = Literal["whole", "drip", "hang", "cut", "hang_up", "raw"]

RSS = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route says; see the module."""

    body: bytes = b""
    status: int = 200
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = RSS
    headers: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    mode: Mode = "whole"
    bomb_bytes: int = 0
    declared_length: int | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A request that came; `headers` are looked up without regard to case, values are Latin-1."""

    path: str  # the whole URL, where the server is asked as a proxy
    headers: Mapping[str, str]
    at: float

    @property
    def names(self) -> set[str]:
        return {name.lower() for name in self.headers}


class FeedServer:
    """Serves what `put` says; see the module."""

    def __init__(self, *, host: str = "127.0.0.1", tls: bool = False) -> None:
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.requests: list[Received] = []
        self._routes: dict[str, list[Answer]] = {}
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._context: ssl.SSLContext | None = None
        self.ca_pem = b""
        if tls:
            self._context, self.ca_pem = _certified(host)
        self._server = _Server((host, 0), self)
        self.host, self.port = host, self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def go_away(self) -> None:
        """Listen no more: connections are refused, as when a network is gone."""
        self.__exit__()

    def come_back(self) -> None:
        """Listen again, at the same address."""
        self._released.clear()
        self._server = _Server((self.host, self.port), self)
        self.__enter__()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()

    def url(self, path: str = "/", host: str | None = None) -> str:
        """Return the address of a path, by another name of this machine if `host` is given."""
        scheme = "https" if self._context else "http"
        return f"{scheme}://{host or self.host}:{self.port}{path}"

    def put(
        self, path: str, body: bytes | str = b"", *, redirect_to: str | None = None, **how: Any
    ) -> str:
        """Say what a path answers from now on; return its URL. `how` are the fields of `Answer`."""
        content = body.encode() if isinstance(body, str) else body
        if redirect_to is not None:
            how.setdefault("status", 302)
            how["headers"] = {**how.get("headers", {}), "Location": redirect_to}
        return self.in_turn(path, [Answer(content, **how)])

    def in_turn(self, path: str, answers: Sequence[Answer]) -> str:
        """Say what a path answers, one after the other; the last one stays."""
        with self._changed:
            self._routes[path] = list(answers)
        return self.url(path)

    def requests_for(self, path: str) -> list[Received]:
        """Return the requests that came for a path so far."""
        with self._changed:
            return [request for request in self.requests if request.path == path]

    def count(self, path: str) -> int:
        """Return how many requests came for a path so far."""
        return len(self.requests_for(path))

    def wait_for(self, path: str, count: int = 1, timeout_s: float = 60) -> None:
        """Block until so many requests came for a path; fail the test after `timeout_s`."""
        with self._changed:
            enough = self._changed.wait_for(lambda: self.count(path) >= count, timeout_s)
        assert enough, f"{self.count(path)} of {count} requests for {path} came in {timeout_s} s"

    def _receive(self, request: Received) -> Answer:
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            answers = self._routes.get(request.path, [Answer(b"no such path", 404)])
            return answers.pop(0) if len(answers) > 1 else answers[0]


class _Server(ThreadingHTTPServer):
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], owner: FeedServer) -> None:
        self.owner = owner
        super().__init__(address, _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread, so that none holds up the others."""
        context = self.owner._context
        if context is None:
            super().finish_request(request, client_address)
            return
        with context.wrap_socket(request, server_side=True) as secure:
            super().finish_request(secure, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up in the middle all the time here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date field, by the server's own clock."""
        return super().date_time_string(timestamp or self.server.owner.clock().timestamp())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        answer = self.server.owner._receive(self._received())
        getattr(self, f"_{answer.mode}")(answer)

    def do_CONNECT(self) -> None:
        self.send_error(self.server.owner._receive(self._received()).status)

    def _received(self) -> Received:
        return Received(self.path, CIMultiDict(self.headers.items()), time.monotonic())

    def _whole(self, answer: Answer) -> None:
        if self._is_unchanged(answer):
            self._head(answer, 304, None)
            return
        body = b"" if answer.bomb_bytes else _encoded(answer.body, answer.encoding)
        length = len(body) if answer.declared_length is None else answer.declared_length
        self._head(answer, answer.status, None if answer.bomb_bytes else length)
        self.wfile.write(body)
        for piece in _bomb(answer):
            self.wfile.write(piece)

    def _drip(self, answer: Answer) -> None:
        self._head(answer, answer.status, None)
        while not self.server.owner._released.wait(0.02):
            self.wfile.write(b" ")

    def _hang(self, _answer: Answer) -> None:
        self.close_connection = True
        self.server.owner._released.wait()

    def _cut(self, answer: Answer) -> None:
        self._head(answer, answer.status, len(answer.body))
        self.wfile.write(answer.body[: len(answer.body) // 2])
        self.close_connection = True

    def _hang_up(self, _answer: Answer) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _raw(self, answer: Answer) -> None:
        self.close_connection = True
        self.wfile.write(answer.body)

    def _is_unchanged(self, answer: Answer) -> bool:
        if answer.status != 200:
            return False
        if answer.etag is not None and "If-None-Match" in self.headers:
            return self.headers["If-None-Match"] == answer.etag
        wanted = self.headers["If-Modified-Since"]
        return answer.last_modified is not None and wanted == answer.last_modified

    def _head(self, answer: Answer, status: int, length: int | None) -> None:
        self.send_response(status)
        fields = {
            "ETag": answer.etag,
            "Last-Modified": answer.last_modified,
            "Content-Type": answer.content_type,
            "Content-Encoding": answer.encoding,
            "Content-Length": None if length is None else str(length),
            **answer.headers,
        }
        for name, value in fields.items():
            if value is not None:
                self.send_header(name, value)
        if length is None and status != 304:
            self.send_header("Connection", "close")
        self.end_headers()


def _certified(host: str) -> tuple[ssl.SSLContext, bytes]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", host).configure_cert(context)
    return context, authority.cert_pem.bytes()


_ENCODERS: dict[str | None, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
}


def _encoded(body: bytes, encoding: str | None) -> bytes:
    encode = _ENCODERS.get(encoding)
    return encode(body) if encode else body


def _bomb(answer: Answer) -> Iterator[bytes]:
    """Yield a body of so many blanks, compressed as the answer says, without ever holding it."""
    if not answer.bomb_bytes:
        return
    piece = b" " * 1_000_000
    compress: Any = (
        brotli.Compressor(quality=5) if answer.encoding == "br" else zlib.compressobj(wbits=31)
    )
    add = compress.process if answer.encoding == "br" else compress.compress
    for _ in range(answer.bomb_bytes // len(piece)):
        yield add(piece)
    yield compress.finish() if answer.encoding == "br" else compress.flush()
