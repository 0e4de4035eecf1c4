"""HTTP for the fake of the Bot API: it answers as a server does, or fails as networks do."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

#: A server thread that hangs on purpose gives up after this, should a test forget to stop it.
HANG_LIMIT_S = 60.0
DRIP_PAUSE_S = 0.05

Json = dict[str, Any]


class Fault(StrEnum):
    """A way to fail."""

    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    FLOOD = "429"
    BAD_MARKUP = "bad markup"
    NO_EDIT = "no edit"
    GARBAGE = "garbage"
    HANG = "hang"
    DRIP = "drip"
    CLOSE_BEFORE = "close before"
    DELIVER_THEN_CLOSE = "deliver then close"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request is answered with, and how that fails on its way."""

    status: int
    content: Json
    fault: Fault | None


class DroppedError(Exception):
    """The connection ends without an answer."""


class Api(Protocol):
    """What answers requests."""

    @property
    def stopped(self) -> threading.Event:
        """Whether no more is answered."""

    def reply(self, bot: str, method: str, parameters: Json) -> Reply:
        """Return the answer to a request.

        Raises:
            DroppedError: there is none.
        """


class Server(ThreadingHTTPServer):
    """Serves an API on a port of 127.0.0.1, a free one for 0."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, api: Api) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.api = api
        self.connections: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection, and remember it."""
        connection, address = super().get_request()
        self.connections.append(connection)
        return connection, address

    def server_close(self) -> None:
        """End the connections too, as the death of a process would."""
        super().server_close()
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: clients that vanish are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    #: Headers and body leave in two writes; with Nagle's algorithm the second waits 40 ms.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        bot, _, method = urlsplit(self.path).path.removeprefix("/").partition("/")
        try:
            self._answer(self.server.api.reply(bot, method, self._parameters()))
        except DroppedError:
            self.close_connection = True

    do_GET = do_POST  # noqa: N815 - stdlib's name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - stdlib's signature
        """Stay quiet."""

    def _parameters(self) -> Json:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fields = _last_of(parse_qs(urlsplit(self.path).query))
        if "json" in self.headers.get("Content-Type", ""):
            return {**fields, **json.loads(body or b"{}")}
        form = parse_qs(body.decode(), keep_blank_values=True, errors="strict")
        return {**fields, **_last_of(form)}

    def _answer(self, reply: Reply) -> None:
        if reply.fault is Fault.DELIVER_THEN_CLOSE:
            raise DroppedError
        body = json.dumps(reply.content).encode()
        if reply.fault is Fault.GARBAGE:
            body = b"<html>not what you expect</html>"
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if reply.fault is Fault.DRIP:
            self._drip(body)
        else:
            self.wfile.write(body)

    def _drip(self, body: bytes) -> None:
        for byte in _forever_after(body):
            if self.server.api.stopped.wait(DRIP_PAUSE_S):
                raise DroppedError
            self.wfile.write(byte)


def _last_of(fields: dict[str, list[str]]) -> Json:
    return {key: values[-1] for key, values in fields.items()}


def _forever_after(body: bytes) -> Iterator[bytes]:
    """Yield all bytes but the last one by one, then nothing, again and again."""
    deadline = time.monotonic() + HANG_LIMIT_S
    for index in range(len(body) - 1):
        yield body[index : index + 1]
    while time.monotonic() < deadline:
        yield b""
