"""Answers that come out the same however TCP cuts them.

aiohttp drops an answer whose head arrived in one piece with something that breaks HTTP: a 304
that has a body, bytes behind the Content-Length, a chunk without a size. The same bytes a moment
later do no harm. So the parser gets each head by itself, and then what stands behind it.
"""

import re
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage

from watcher.feeds.failures import not_http

#: An empty line, with all of those that follow it; or the end of one that the last piece began.
_EMPTY_LINE = re.compile(rb"(?:^|\n)[\r\n]*\n")


class HeadFirst(ResponseHandler):
    """Reads one answer, its head before all else; see the module."""

    _is_answered = False
    _body: aiohttp.StreamReader = aiohttp.EMPTY_PAYLOAD

    def data_received(self, data: bytes) -> None:
        """Take what came in; called by the event loop."""
        for piece in self._pieces(data):
            super().data_received(piece)
        if self.exception() is not None and not self._body.is_eof():
            self._body.set_exception(not_http())  # else its reader waits for the timeout

    def feed_data(
        self, data: tuple[RawResponseMessage, aiohttp.StreamReader], size: int = 0
    ) -> None:
        """Take a head that was read, and the body to come; called by the parser's user."""
        message, body = data
        if not self._is_answered:  # behind it may stand what looks like another one
            self._is_answered = message.code >= HTTPStatus.OK  # before it may be some of 1xx
            self._body = body
        super().feed_data(data, size)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Let go of the body, which knows us: no circle is left to be collected."""
        super().connection_lost(exc)
        self._body = aiohttp.EMPTY_PAYLOAD

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        """Cut behind each empty line until the answer's own head was read."""
        begin = 0
        while not self._is_answered and (found := _EMPTY_LINE.search(data, begin)):
            yield data[begin : found.end()]
            begin = found.end()
        if begin < len(data) or not begin:
            yield data[begin:]


class HeadFirstConnector(aiohttp.TCPConnector):
    """Makes connections that are read so, and that are to be used once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        reader: type[ResponseHandler] = HeadFirst
        self._factory = partial(reader, self._loop)
