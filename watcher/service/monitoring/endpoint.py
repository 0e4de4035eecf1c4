"""/health and /metrics over HTTP, for monitors on this machine.

Nothing can be changed here, but topics and channels can be read: a page in somebody's browser must
not get at them through a host name that leads to 127.0.0.1 (DNS rebinding), so requests for other
hosts are refused.
"""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_address
from typing import Final

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from prometheus_client import CONTENT_TYPE_LATEST
from yarl import URL

from watcher.config.http import split_listen
from watcher.errors import StorageError
from watcher.service.log import get_logger

log = get_logger(__name__)

#: Requests under way when we stop have this long.
_SHUTDOWN_S: Final = 2.0
_OK, _MISDIRECTED, _UNAVAILABLE = 200, 421, 503

Health = Mapping[str, object]


def _is_our_fault(record: logging.LogRecord) -> bool:
    """Whether a line of the server's tells more than that somebody does not speak HTTP."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_faults = logging.getLogger(__name__)
_faults.addFilter(_is_our_fault)


class Endpoint:
    """Answers at one address, which a reload may change.

    Args:
        health: returns what /health shows; its `ready` decides between 200 and 503.
        metrics: returns what /metrics shows.
    """

    def __init__(
        self, health: Callable[[], Awaitable[Health]], metrics: Callable[[], Awaitable[bytes]]
    ) -> None:
        self._health = health
        self._metrics = metrics
        self._runner: web.AppRunner | None = None
        self.listen: str | None = None

    async def use(self, listen: str | None) -> str | None:
        """Answer at an address from now on, or nowhere; return what is wrong with it, if anything.

        An address that is taken stops nothing else.
        """
        if listen == self.listen:
            return None
        await self.close()
        if listen is None:
            return None
        host, port = split_listen(listen)
        self._runner = web.AppRunner(
            self._application(),
            access_log=None,
            logger=_faults,
            handle_signals=False,
            shutdown_timeout=_SHUTDOWN_S,
        )
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.close()
            return f"nobody can ask for health and metrics at {listen}: {error.strerror}"
        self.listen = listen
        log.info("health and metrics", listen=listen)
        return None

    async def close(self) -> None:
        """Answer no more."""
        self.listen = None
        if self._runner is not None:
            runner, self._runner = self._runner, None
            with contextlib.suppress(OSError):
                await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[_own_hosts_only], client_max_size=1)
        application.add_routes(
            [web.get("/health", self._answer_health), web.get("/metrics", self._answer_metrics)]
        )
        return application

    async def _answer_health(self, _: web.Request) -> web.Response:
        try:
            found = await self._health()
        except StorageError as error:
            found = {"ready": False, "reasons": [str(error)], "warnings": []}
        return web.json_response(found, status=_OK if found["ready"] else _UNAVAILABLE)

    async def _answer_metrics(self, _: web.Request) -> web.Response:
        try:
            body = await self._metrics()
        except StorageError as error:
            return web.Response(text=f"{error}\n", status=_UNAVAILABLE)
        return web.Response(body=body, headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST})


@web.middleware
async def _own_hosts_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    if not is_own_host(request.headers.get(hdrs.HOST, "")):
        return web.Response(text="this is Watcher, and not that host\n", status=_MISDIRECTED)
    response = await handler(request)
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def is_own_host(host: str) -> bool:
    """Whether a Host header names an address, or this machine: names of others can lead anywhere.

    A page that reaches us through a name of its own sends that name; only a reader who meant this
    machine sends an address.
    """
    try:
        name = URL(f"http://{host}").host or ""
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False
