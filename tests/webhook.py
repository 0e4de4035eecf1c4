"""A web service on 127.0.0.1 that takes JSON, or does as it is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

#: Stands in the address twice: as a password and in the path.
SECRET = "canarysecret"


class Webhook:
    """The service; a context manager.

    Attributes:
        behaviour: what a request meets: a status with its words, "200 late" or "hang" until
            `released` is set, "drop", or "echo", an error that repeats what was sent.
        in_turn: what the next ones meet before.
        bodies: the JSON that came.
        asked: method and path of each request.
    """

    def __init__(self) -> None:
        self.behaviour = "200"
        self.in_turn: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.webhook = self

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """What a configuration gives as an Apprise URL."""
        return f"json://watcher:{SECRET}@{self.place}/hook/{SECRET}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    webhook: Webhook

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients give up in the middle all the time here."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.webhook.asked.append(f"GET {self.path}")
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        webhook = self.server.webhook
        webhook.asked.append(f"POST {self.path}")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        behaviour = webhook.in_turn.pop(0) if webhook.in_turn else webhook.behaviour
        if self.headers["Content-Type"].startswith("application/json"):
            webhook.bodies.append(json.loads(body))
        if behaviour in {"hang", "200 late"}:
            webhook.released.wait(60)
        if behaviour in {"hang", "drop"}:
            return
        answer, status = (body, "500") if behaviour == "echo" else (b"", behaviour)
        self.send_response(int(status.split()[0]), status)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    do_PUT = do_POST  # noqa: N815 - stdlib's name

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
